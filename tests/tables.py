"""The phrase tables, and a reading of a phrase as if it were an article of one paragraph."""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pipeline.annotate import sentences
from pipeline.annotate.reading import Reading
from pipeline.records import Block
from pipeline.vietnamese import fold, nfc

TABLES = Path(__file__).parent / "phrases"


@dataclasses.dataclass(frozen=True)
class Phrase:
    """One text of a table and what must be read in it; a list for `[[not]]` is empty."""

    text: str
    expect: list[dict[str, Any]]
    published: date | None = None
    province: str | None = None
    others: bool = False

    def reading(self) -> Reading:
        return read_text(self.text, self.published, self.province)


def read_text(text: str, published: date | None = None, province: str | None = None) -> Reading:
    """`text` as an article; each of its lines is a paragraph."""
    text = nfc(text)
    blocks: list[Block] = []
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        blocks.append(
            Block("a", len(blocks), "paragraph", True, start, end, start, end, line, "test")
        )
        start = end + 1
    return Reading(
        article_id="a",
        text=text,
        folded=fold(text),
        blocks=tuple(blocks),
        sentences=sentences.split("a", text, tuple(blocks)),
        published_on=published,
        province=province,
        province_2025=None,
    )


def phrases(table: str) -> list[Any]:
    """Every text of tests/phrases/<table>.toml as a pytest parameter of its own."""
    tables = tomllib.loads((TABLES / f"{table}.toml").read_text("utf-8"))
    return [
        pytest.param(
            Phrase(
                text,
                row.get("expect", []),
                row.get("published"),
                row.get("province"),
                row.get("others", False),
            ),
            id=text,
            marks=[pytest.mark.xfail(strict=True)] if kind == "wanted" else [],
        )
        for kind in ("case", "not", "wanted")
        for row in tables.get(kind, [])
        for text in row["texts"]
    ]


def check(phrase: Phrase, found: Sequence[Any]) -> None:
    """Fail unless `found` (records) is what the phrase expects, in order and no more."""
    for row in found:
        assert phrase.reading().text[row.start_char : row.end_char] == row.surface
    if phrase.others:
        missing = [e for e in phrase.expect if not any(agrees(row, e) for row in found)]
        assert not missing, f"{missing} not among {[_stated(r, None) for r in found]}"
    else:
        shown = [_stated(row, want) for row, want in zip(found, phrase.expect, strict=False)]
        shown += [_stated(row, None) for row in found[len(phrase.expect) :]]
        same = len(found) == len(phrase.expect) and all(map(agrees, found, phrase.expect))
        assert same, f"\n  want {phrase.expect}\n  got  {shown}"


def agrees(row: Any, expected: dict[str, Any]) -> bool:
    return all(_same(getattr(row, key), value) for key, value in expected.items())


def _same(got: Any, want: Any) -> bool:
    if want == "NULL":
        return got is None
    if isinstance(got, Decimal) and isinstance(want, int | float | str):
        return got == Decimal(str(want))
    if isinstance(want, list):
        return list(got) == want
    return bool(got == want)


def _stated(row: Any, expected: dict[str, Any] | None) -> dict[str, Any]:
    keys = expected or {
        f.name: 0 for f in dataclasses.fields(row) if getattr(row, f.name) is not None
    }
    return {key: getattr(row, key) for key in keys}
