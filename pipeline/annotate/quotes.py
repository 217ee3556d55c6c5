"""Quoted stretches of folded text, whichever way round the marks were typed, and nested ones."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_MARK: Final = re.compile(r"[\"']")
_DEPTH: Final = 8  # quotations within quotations; older marks that never close are forgotten


class Quote(NamedTuple):
    """A quotation: marks at [start, end), the words between them at [start + 1, end - 1)."""

    start: int
    end: int


def find(folded: str, start: int, end: int) -> list[Quote]:
    """The quotations of a paragraph [start, end), by their start; inner ones after outer ones.

    A mark opens if a word begins right after it and none ends right before it, else it closes.
    A quotation that is never closed is none; so is an apostrophe.

    >>> text = 'nói: "mô hình "bếp ấm" rất hay", "sạch nhà'
    >>> [text[q.start : q.end] for q in find(text, 0, len(text))]
    ['"mô hình "bếp ấm" rất hay"', '"bếp ấm"']
    """
    opened: list[int] = []
    found: list[Quote] = []
    for mark in _MARK.finditer(folded, start, end):
        at = mark.start()
        word_before = at > start and (folded[at - 1].isalnum() or folded[at - 1] in '.!?…,;)%"')
        word_after = at + 1 < end and (folded[at + 1].isalnum() or folded[at + 1] in "(\"'…")
        same = [i for i in opened if folded[i] == mark[0]]
        if word_before and same and not (word_after and folded[at - 1] == '"'):
            # what was opened inside and never closed is no quotation
            del opened[opened.index(same[-1]) + 1 :]
            found.append(Quote(opened.pop(), at + 1))
        elif word_after and not (word_before and mark[0] == "'"):
            opened = [*opened, at][-_DEPTH:]
        elif same:  # a closing mark after a space: “ A ”
            del opened[opened.index(same[-1]) + 1 :]
            found.append(Quote(opened.pop(), at + 1))
    return sorted(found, key=lambda q: (q.start, -q.end))
