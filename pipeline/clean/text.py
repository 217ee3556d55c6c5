"""A plain-text dump cut up: every character of it that can be seen belongs to one piece."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from pipeline import php_dump
from pipeline.clean import bylines, roles
from pipeline.clean.draft import Draft, Piece
from pipeline.clean.lines import Line, dump, line
from pipeline.php_dump import Dump
from pipeline.records import TEXT_ROLES
from pipeline.vietnamese import match_key

_LINE: Final = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_WRAPPED: Final = 40  # a line so long without a stop goes on below, if that begins in lower case
_LONG_LINE: Final = re.compile(rf"[^\n\r]{{{_WRAPPED}}}")


def draft_of_text(text: str) -> Draft:
    """The pieces of a text; their raw offsets are exact and do not overlap.

    >>> text = "Học Bác ở Phú An\\n\\nChi bộ thôn Phú An có 25 đảng viên, mỗi người một việc."
    >>> [(p.role, p.raw_start, p.raw_end) for p in draft_of_text(text).pieces]
    [('title', 0, 16), ('lead', 18, 73)]
    """
    dumps = php_dump.find(text)
    lines = bylines.apart(_lines(text, dumps))
    labels = roles.assign(lines, dumped_titles(dumps))
    pieces = tuple(piece(ln, label) for ln, label in zip(lines, labels, strict=True))
    return Draft(pieces, {}, tuple(dumps), "lines")


def piece(ln: Line, label: roles.Label) -> Piece:
    kept = label.role in TEXT_ROLES
    return Piece(
        role=label.role,
        kept=kept,
        raw_start=ln.start,
        raw_end=ln.end,
        raw_text=ln.raw,
        text=ln.text if kept else "",
        rule=label.rule,
        repairs=ln.mended.repairs if kept else (),
    )


def dumped_titles(dumps: Iterable[Dump]) -> frozenset[str]:
    """Match keys of the titles of the entries, among which may be the article's own."""
    return frozenset(
        match_key(value)
        for one in dumps
        for entry in one.entries
        for key, value in entry
        if key.endswith("title") and value
    )


def _lines(text: str, dumps: list[Dump]) -> Iterator[Line]:
    position = 0
    for one in dumps:
        yield from _joined(text, position, one.start)
        yield dump(text[one.start : one.end], one.start, one.end)
        position = one.end
    yield from _joined(text, position, len(text))


def _joined(text: str, start: int, end: int) -> Iterator[Line]:
    """The lines in [start, end); those that a hard line break cuts in a sentence, put together."""
    first = last = start  # of the line being read
    spaced = False
    for span in _LINE.finditer(text, start, end):
        raw = span[0].strip()
        if not raw:
            continue
        begin = span.start() + span[0].index(raw)
        if first < last and not _goes_on(text, last, begin):
            yield line(text[first:last], first, spaced=spaced)
            first, spaced = begin, _breaks(text, last, begin) > 1
        elif first == last:
            first = begin
        last = begin + len(raw)
    if first < last:
        yield line(text[first:last], first, spaced=spaced)


def _breaks(text: str, start: int, end: int) -> int:
    """How many line breaks stand in [start, end), of one kind or the other."""
    return max(text.count("\n", start, end), text.count("\r", start, end))


def _goes_on(text: str, above: int, below: int) -> bool:
    """Whether the line from `below` on continues the one up to `above`."""
    return (
        text[below].islower()
        and text[above - 1].isalpha()
        and text[below + 1 : below + 2] not in (")", ".")
        and _breaks(text, above, below) <= 1
        and _LONG_LINE.search(text, max(0, above - _WRAPPED), above) is not None
    )
