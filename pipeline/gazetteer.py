"""Known phrases found in folded text, longest first, whole words only.

>>> names = Gazetteer({"Tỉnh ủy": "tinh_uy", "Ban Thường vụ Tỉnh uỷ": "ban_thuong_vu"})
>>> names.find("thường trực tỉnh ủy, ban thường vụ tỉnh ủy họp")  # doctest: +NORMALIZE_WHITESPACE
[Hit(start=12, end=19, value='tinh_uy'), Hit(start=21, end=42, value='ban_thuong_vu')]
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any, Final, Generic, NamedTuple, TypeVar

from pipeline.vietnamese import match_key

T = TypeVar("T")
BEGINNING: Final = 3  # characters
_WORD: Final = re.compile(r"\w+")
_END: Final = r"(?![^\W_])"  # after a phrase of several words
_END_OF_ONE: Final = r"(?!\w)"  # a lone word goes on after an underscore, as it does for \w+


class Hit(NamedTuple, Generic[T]):
    """A known phrase at [start, end) of the folded text, and what it means."""

    start: int
    end: int
    value: T


class Gazetteer(Generic[T]):
    """A dictionary of phrases. A phrase begins and ends at the edges of words.

    The phrases are one pattern that tells them apart letter by letter, so that most words of a
    text are passed over at their first: texts are scanned in linear time, however many phrases.
    """

    def __init__(self, phrases: Mapping[str, T]) -> None:
        self._values: dict[str, T] = {}
        for phrase, value in phrases.items():
            key = match_key(phrase)
            if _WORD.match(key) is None:
                raise ValueError(f"a phrase must begin with a letter or digit: {phrase!r}")
            self._values.setdefault(key, value)

    def at(self, folded: str, offset: int) -> Hit[T] | None:
        """The longest known phrase that begins exactly at `offset`, a word's first character."""
        match = self._here.match(folded, offset)
        return Hit(offset, match.end(), self._values[match[0]]) if match else None

    def begins(self, folded: str, offset: int) -> bool:
        """Whether a known phrase begins exactly at `offset`, a word's first character."""
        return self._here.match(folded, offset) is not None

    def find(self, folded: str) -> list[Hit[T]]:
        """All known phrases from left to right; of overlapping ones the first, then the longest."""
        values = self._values
        return [Hit(m.start(), m.end(), values[m[0]]) for m in self._anywhere.finditer(folded)]

    def first(self, folded: str, offset: int) -> Hit[T] | None:
        """The first known phrase that begins at `offset` or after it, the longest of its kind."""
        match = self._anywhere.search(folded, offset)
        return Hit(match.start(), match.end(), self._values[match[0]]) if match else None

    @cached_property
    def beginnings(self) -> frozenset[str]:
        """How the phrases begin, by which most texts are told not to begin with one."""
        return frozenset(key[:BEGINNING] for key in self._values)

    # Two patterns, each made when it is needed: one for an offset that is known to begin a word.
    @cached_property
    def _here(self) -> re.Pattern[str]:
        return re.compile(self._pattern)

    @cached_property
    def _anywhere(self) -> re.Pattern[str]:
        return re.compile(rf"\b{self._pattern}")

    @cached_property
    def _pattern(self) -> str:
        return one_of({k: _END_OF_ONE if _WORD.fullmatch(k) else _END for k in self._values})


def one_of(phrases: Mapping[str, str]) -> str:
    """A pattern for the longest of some phrases, each with the pattern of what must follow it.

    Alternatives share how they begin, so that no letter is looked at twice.

    >>> re.match(one_of({"bí thư": "", "bí thư đoàn": "(?= )", "bộ": ""}), "bí thư đoàn xã")[0]
    'bí thư đoàn'
    """
    root: dict[str, Any] = {}
    for phrase, after in phrases.items():
        node = root
        for character in phrase:
            node = node.setdefault(character, {})
        node[""] = after
    return _pattern(root)


def _pattern(node: Mapping[str, Any]) -> str:
    ways = [re.escape(c) + _pattern(below) for c, below in node.items() if c]
    ways += [node[""]] if "" in node else []
    return ways[0] if len(ways) == 1 else f"(?:{'|'.join(ways)})" if ways else "(?!)"
