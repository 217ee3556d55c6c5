"""Known phrases found in folded text, longest first, whole words only.

>>> names = Gazetteer({"Tỉnh ủy": "tinh_uy", "Ban Thường vụ Tỉnh uỷ": "ban_thuong_vu"})
>>> names.find("thường trực tỉnh ủy, ban thường vụ tỉnh ủy họp")  # doctest: +NORMALIZE_WHITESPACE
[Hit(start=12, end=19, value='tinh_uy'), Hit(start=21, end=42, value='ban_thuong_vu')]
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Final, Generic, NamedTuple, TypeVar

from pipeline.vietnamese import match_key

T = TypeVar("T")
_WORD: Final = re.compile(r"\w+")


class Hit(NamedTuple, Generic[T]):
    """A known phrase at [start, end) of the folded text, and what it means."""

    start: int
    end: int
    value: T


class Gazetteer(Generic[T]):
    """A dictionary of phrases. A phrase begins and ends at the edges of words.

    Cost is one dictionary look-up a word, plus one comparison for each phrase that begins with
    the same word, so texts are scanned in linear time.
    """

    def __init__(self, phrases: Mapping[str, T]) -> None:
        by_first: dict[str, list[tuple[str, T]]] = defaultdict(list)
        for phrase, value in phrases.items():
            key = match_key(phrase)
            first = _WORD.match(key)
            if first is None:
                raise ValueError(f"a phrase must begin with a letter or digit: {phrase!r}")
            by_first[first[0]].append((key, value))
        self._by_first: dict[str, list[tuple[str, T]]] = {
            first: sorted(entries, key=lambda e: -len(e[0])) for first, entries in by_first.items()
        }

    def at(self, folded: str, offset: int) -> Hit[T] | None:
        """The longest known phrase that begins exactly at `offset`, a word's first character."""
        word = _WORD.match(folded, offset)
        return self._longest(folded, offset, word[0]) if word else None

    def find(self, folded: str) -> list[Hit[T]]:
        """All known phrases from left to right; of overlapping ones the first, then the longest."""
        hits: list[Hit[T]] = []
        position = 0
        for word in _WORD.finditer(folded):
            if word.start() >= position and (hit := self._longest(folded, word.start(), word[0])):
                hits.append(hit)
                position = hit.end
        return hits

    def _longest(self, folded: str, start: int, first: str) -> Hit[T] | None:
        for key, value in self._by_first.get(first, ()):
            end = start + len(key)
            if folded.startswith(key, start) and not folded[end : end + 1].isalnum():
                return Hit(start, end, value)
        return None
