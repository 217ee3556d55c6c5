"""Keyword in context (KWIC): every place where a pattern stands, with the words around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Final

from pipeline.store.warehouse import Warehouse
from pipeline.vietnamese import fold, nfc, unaccented


class PatternError(ValueError):
    """A pattern that is no regular expression: what is wrong, and where."""


@dataclass(frozen=True, slots=True)
class Line:
    """One place, with where it is from."""

    source_path: str
    province: str | None
    published_on: str | None
    sentence_id: int
    left: str
    keyword: str
    right: str


COLUMNS: Final = tuple(f.name for f in fields(Line))


def find(
    warehouse: Warehouse, pattern: str, *, exact: bool = False, width: int = 40, sort: str = "text"
) -> list[Line]:
    """The lines of a concordance over all sentences.

    `pattern` is a word, a phrase or a regular expression, found at word edges. Unless `exact`,
    capitals, accents and đ do not count: `chi bo` finds "chi bộ" and "Chi bộ". Order is that of
    the texts, or of the words to the `left` (read from the keyword outwards) or the `right`.
    Raises PatternError.
    """
    plain = nfc if exact else _blind
    try:
        wanted = re.compile(rf"(?<!\w)(?:{plain(pattern)})(?!\w)")
    except re.error as error:
        raise PatternError(f"{pattern!r} is not a regular expression: {error}") from error
    lines = list(_lines(warehouse, wanted, exact, width))
    if sort == "left":
        lines.sort(key=lambda line: _blind(line.left).split()[::-1])
    elif sort == "right":
        lines.sort(key=lambda line: _blind(line.right).split())
    return lines


def _lines(
    warehouse: Warehouse, wanted: re.Pattern[str], exact: bool, width: int
) -> Iterator[Line]:
    sentences = warehouse.query(
        """
        select source_path, province, strftime(published_at, '%Y-%m-%d'), sentence_id, text,
            start_char, end_char
        from sentences join articles using (article_id)
        order by source_path, sentence_id
        """
    )
    for source_path, province, day, sentence_id, text, start, end in sentences:
        searched = text[start:end] if exact else _blind(text[start:end])
        for match in wanted.finditer(searched):
            first, last = start + match.start(), start + match.end()
            if first < last:
                yield Line(
                    source_path,
                    province,
                    day,
                    sentence_id,
                    " ".join(text[max(0, first - width) : first].split("\n")),
                    text[first:last],
                    " ".join(text[last : last + width].split("\n")),
                )


def _blind(text: str) -> str:
    """Without capitals, accents and đ; as long as the text, so that offsets carry over.

    >>> _blind("Đảng uỷ Khối")
    'dang uy khoi'
    """
    return unaccented(fold(text))
