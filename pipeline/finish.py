"""What the warehouse holds besides its articles' rows: what only shows across all of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

import pyarrow as pa

from pipeline.across import copies, models
from pipeline.across.copies import Version
from pipeline.annotate import resolution
from pipeline.store.warehouse import Warehouse


def complete(warehouse: Warehouse, decided: Mapping[str, str], run: Mapping[str, Any]) -> None:
    """Add the authority file, the models, the copies and the row of this run.

    `decided` is what the researcher's models.toml says; `run` lacks the counts of its corpus.
    """
    warehouse.insert("directives", pa.Table.from_pylist(list(_authority())))
    _add_models(warehouse, decided)
    _add_copies(warehouse)
    counts = {
        name: f"(select count(*) from {source} where corpus = $corpus)"
        for name, source in (
            ("pages", "captures"),
            ("articles", "articles"),
            ("failures", "failures"),
            ("facts", "facts join articles using (article_id)"),
        )
    }
    ((pages, articles, failures, facts),) = warehouse.query(
        f"select {', '.join(counts.values())}", {"corpus": run["corpus"]}
    )
    row = {**run, "pages": pages, "articles": articles, "failures": failures, "facts": facts}
    warehouse.insert("runs", pa.Table.from_pylist([row]))


def _authority() -> Iterator[dict[str, Any]]:
    columns = ("doc_type", "number", "suffix", "term", "issuer", "issued_on", "title", "plenum")
    for paper in resolution.directives():
        yield {"directive_id": paper.directive_id} | {c: getattr(paper, c) for c in columns}


def _add_models(warehouse: Warehouse, decided: Mapping[str, str]) -> None:
    counts: dict[str, int] = dict(
        warehouse.query("select name, count(*) from model_mentions group by name")
    )
    if not counts:
        return
    variants = models.variants(counts, decided)
    warehouse.insert("model_variants", pa.Table.from_pylist([asdict(v) for v in variants]))
    keys = pa.table({"key": [v.name for v in variants], "value": [v.model_id for v in variants]})
    warehouse.update("model_mentions", "model_id", "name", keys)
    warehouse.query(
        """
        insert into models
        select model_id, max_by(name, (mentions, name)), count(*)
        from model_variants
        join (select name, count(*) as mentions from model_mentions group by name) using (name)
        group by model_id order by model_id
        """
    )


def _add_copies(warehouse: Warehouse) -> None:
    found = copies.find(_versions(warehouse), lambda keys: _texts(warehouse, keys))
    if found:
        warehouse.insert("copies", pa.Table.from_pylist([asdict(copy) for copy in found]))


def _versions(warehouse: Warehouse) -> Iterable[tuple[Version, str]]:
    """Every article."""
    for article_id, published_at, text in warehouse.stream(
        "select article_id, published_at, text from articles"
    ):
        yield Version(article_id, published_at), text


def _texts(warehouse: Warehouse, keys: Collection[str]) -> dict[str, str]:
    rows = warehouse.query(
        "select article_id, text from articles where article_id in (select unnest($keys))",
        {"keys": list(keys)},
    )
    return dict(rows)
