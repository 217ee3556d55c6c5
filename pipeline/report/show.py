"""What a terminal shows: an article with its cuts and findings, scores, concordance lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from pipeline.annotate import terms
from pipeline.annotate.segmenters import engine
from pipeline.evaluate import Finding, Report
from pipeline.report import corpus_formats
from pipeline.report.concordance import Line
from pipeline.store.warehouse import Warehouse, WarehouseError

# Table of mentions -> how it looks. Later ones are drawn over earlier ones.
STYLES: Final = {
    "unit_mentions": "blue",
    "official_mentions": "magenta",
    "directive_mentions": "bold yellow",
    "model_mentions": "bold cyan",
    "facts": "bold green",
}
REMOVED: Final = "dim strike"
# Removed blocks are shown up to this length; a leaked dump can be pages long.
_SHOWN: Final = 240


def article(warehouse: Warehouse, wanted: str) -> Iterator[RenderableType]:
    """An article in the order of its page: what was kept, removed and found.

    `wanted` is an article_id or a part of a source path. Raises WarehouseError unless it fits
    exactly one article.
    """
    rows = warehouse.query(
        "select * from articles where article_id = $wanted or contains(source_path, $wanted) "
        "order by article_id <> $wanted, source_path",
        {"wanted": wanted},
    )
    columns = [c for c, *_ in warehouse.query("describe articles")]
    found = [dict(zip(columns, row, strict=True)) for row in rows]
    if not found:
        raise WarehouseError(f"no article {wanted!r}: name an article_id or a part of a path")
    if len(found) > 1 and found[0]["article_id"] != wanted:
        paths = ", ".join(row["source_path"] for row in found[:5])
        raise WarehouseError(f"{wanted!r} fits {len(found)} articles ({paths} ...); say more of it")
    yield _metadata(found[0])
    yield _legend()
    yield from _blocks(warehouse, found[0])
    yield from _findings(warehouse, found[0]["article_id"])


def _metadata(row: dict[str, Any]) -> Table:
    table = Table(show_header=False, title=row["source_path"])
    for column, value in row.items():
        if column not in ("text", "lead", "source_path") and value not in (None, []):
            table.add_row(column, str(value))
    return table


def _legend() -> Text:
    legend = Text()
    for table, style in STYLES.items():
        legend.append(table.removesuffix("_mentions").replace("facts", "fact"), style)
        legend.append("  ")
    return legend.append("removed", REMOVED)


def _blocks(warehouse: Warehouse, row: dict[str, Any]) -> Iterator[Text]:
    text = Text(row["text"])
    for table, style in STYLES.items():
        for start, end in warehouse.query(
            f"select start_char, end_char from {table} where article_id = ?", [row["article_id"]]
        ):
            text.stylize(style, start, end)
    for role, rule, start, end, raw in warehouse.query(
        "select role, rule, start_char, end_char, raw_text from blocks where article_id = ? "
        "order by block_no",
        [row["article_id"]],
    ):
        label = Text(f"{role:<12}", "dim")
        if start is not None:
            yield label + text[start:end]
        else:
            cut = raw if len(raw) <= _SHOWN else f"{raw[:_SHOWN]} … ({len(raw):,} characters)"
            yield label + Text(" ".join(cut.split()), REMOVED) + Text(f"  {rule}", "dim")


def _findings(warehouse: Warehouse, article_id: str) -> Iterator[Table]:
    for title, sql in (
        ("Facts", "select surface, kind, value, unit, percent, verdict, speaker, rule from facts"),
        (
            "Directives",
            "select surface, directive_id, issuer, resolution, rule from directive_mentions",
        ),
        ("Officials", "select name, role, organisation, rule from official_mentions"),
        ("Models", "select name, adopter, status, rule from model_mentions"),
        ("Units", "select surface, name, unit_type, level, rule from unit_mentions"),
    ):
        rows = warehouse.arrow(f"{sql} where article_id = '{article_id}' order by start_char")
        if rows.num_rows:
            table = Table(*rows.column_names, title=title)
            for found in rows.to_pylist():
                table.add_row(*("" if v is None else plain(v) for v in found.values()))
            yield table


def plain(value: Any) -> str:
    """A value as a person writes it: decimals without empty places.

    >>> from decimal import Decimal
    >>> plain(Decimal("229.000000")), plain(Decimal("71.330000"))
    ('229', '71.33')
    """
    shown = str(value)
    return shown.rstrip("0").rstrip(".") if "." in shown and hasattr(value, "quantize") else shown


def scores(report: Report) -> Table:
    """Precision, recall and F1, layer by layer."""
    table = Table("layer", "precision", "recall", "F1", "right", "false alarms", "missed")
    for layer, score in report.scores.items():
        table.add_row(
            layer,
            f"{score.precision:.4f}",
            f"{score.recall:.4f}",
            f"{score.f1:.4f}",
            *(str(n) for n in (score.right, score.false_alarms, score.missed)),
        )
    if report.missing:
        table.caption = f"Not in the warehouse: {', '.join(report.missing)}"
    return table


def finding(found: Finding) -> Text:
    style = {"right": "green", "missed": "yellow", "false alarm": "red"}[found.outcome]
    return Text.assemble(
        (f"{found.outcome:<12}", style), f"{found.layer:<24}", f"{found.article:<24}", found.item
    )


def segmenters(warehouse: Warehouse) -> Iterator[RenderableType]:
    """The terms of the domain on which the two word segmenters differ, in the warehouse's texts."""
    texts = [
        reading.text[s.start_char : s.end_char]
        for batch in corpus_formats.readings(warehouse)
        for _, reading in batch
        for s in reading.sentences
    ]
    table = Table("term", "occurrences", "differ", "underthesea splits", "pyvi splits")
    for found in terms.disagreements(texts, engine("underthesea"), engine("pyvi")):
        numbers = (found.count, found.differ, found.first_splits, found.second_splits)
        table.add_row(found.term, *(f"{n:,}" for n in numbers))
    yield table


def keyword_in_context(line: Line, width: int) -> Text:
    return Text.assemble(
        (f"{line.source_path[-24:]:<24} ", "dim"),
        f"{line.left:>{width}}",
        (line.keyword, "bold red"),
        line.right,
    )
