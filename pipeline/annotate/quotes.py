"""Quoted stretches of folded text, whichever way round the marks were typed, and nested ones."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

# One mark, or two characters that stand for one: ''bếp ấm'', ,,bếp ấm", <<bếp ấm>>
_MARK: Final = re.compile(r"''|,,(?=\w)|<<|>>|\"|'")
_DEPTH: Final = 8  # quotations within quotations; older marks that never close are forgotten
_BEFORE: Final = '.!?…,;)%"'  # besides letters and digits, what a closing mark stands after
_AFTER: Final = "(\"'…"  # and an opening mark before


class Quote(NamedTuple):
    """A quotation: marks and all at [start, end), the words between them at [first, last)."""

    start: int
    end: int
    first: int
    last: int


def find(folded: str, start: int, end: int) -> list[Quote]:
    """The quotations of a paragraph [start, end), by their start; inner ones after outer ones.

    A mark opens if a word begins right after it and none ends right before it, else it closes.
    A quotation that is never closed is none; so is an apostrophe.

    >>> text = 'nói: "mô hình "bếp ấm" rất hay", "sạch nhà'
    >>> [text[q.start : q.end] for q in find(text, 0, len(text))]
    ['"mô hình "bếp ấm" rất hay"', '"bếp ấm"']
    """
    opened: list[re.Match[str]] = []
    found: list[Quote] = []
    for mark in _MARK.finditer(folded, start, end):
        at, after = mark.span()
        previous, following = folded[at - 1] if at > start else "", folded[after : after + 1]
        single = mark[0] == "'"
        same = [i for i, other in enumerate(opened) if (other[0] == "'") == single]
        word_before = bool(previous) and (previous.isalnum() or previous in _BEFORE)
        word_after = after < end and (following.isalnum() or following in _AFTER)
        closes = same and mark[0] not in (",,", "<<")
        if closes and word_before and not (word_after and previous == '"'):
            _close(opened, same[-1], mark, found)
        elif word_after and mark[0] != ">>" and not (word_before and single):
            opened = [*opened, mark][-_DEPTH:]
        elif closes:  # a closing mark after a space: “ A ”
            _close(opened, same[-1], mark, found)
        elif not single and following == " " and folded[after + 1 : after + 2].isalnum():
            opened = [*opened, mark][-_DEPTH:]
    return sorted(found, key=lambda q: (q.start, -q.end))


def _close(
    opened: list[re.Match[str]], index: int, mark: re.Match[str], found: list[Quote]
) -> None:
    """Close the quotation opened at `index`; one opened inside and never closed is none."""
    opening = opened[index]
    del opened[index:]
    found.append(Quote(opening.start(), mark.end(), opening.end(), mark.start()))
