"""Names of models without quotation marks, alone or in a list: "các mô hình Tủ sách đầu ấp và ...".

A name begins with a capital right after "mô hình"; in a list, which only "các", "nhiều" or a number
before the cue opens, each name has its own. Where its end is not clear there is none, unless the
article says the name elsewhere with clear edges.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Final, NamedTuple

from pipeline.annotate import announcing, model_words, people
from pipeline.annotate.adopter_words import is_body
from pipeline.annotate.adopters import Named
from pipeline.annotate.reading import Reading

CUE: Final = "mô hình "
_LIST_CUE: Final = re.compile(r"mô\shình(?=[\s:])")
# A name begins with a capital and ends at one of these, or at a clear [[edge]].
_STRETCH: Final = re.compile(r"[^\n,;:.!?…()\"'“”<>]{4,71}")
_LONGEST: Final = 120  # characters of a name said elsewhere
_LONGEST_GAP: Final = 80  # from the cue to the colon of a list
_TO_COLON: Final = re.compile(rf"[^.;:!?…\"()\n]{{0,{_LONGEST_GAP}}}:\s*")
_OF_SOME: Final = re.compile(  # "Kết quả từ các mô hình: Thu nhập tăng, ..." lists no models
    r"\b(?:của|từ|nhờ|về|với)\s+(?:các|những|nhiều|hai|ba|bốn|năm|\d+)\s+\Z"
)
_MOST: Final = 40  # names in a list
_WORD: Final = re.compile(r"\w+")
_AND: Final = re.compile(r"\s(?:và|cùng)\s(?=[^\W\d_])")
_NEXT: Final = re.compile(r"\s*(?:[,;]\s*(?:và\s+)?|\s(?:và|cùng)\s+)")
_OWNER: Final = re.compile(r"\s*\([^()\n]{1,80}\)")
# The cue is the subject of its clause: what is done after the name is no part of it.
_SUBJECT: Final = re.compile(
    r"(?:\A|[.,;:!?\n\"–-]\s*|\b(?:nhờ|khi|nên|thì|và)\s+)(?:(?:các|những|hai|ba|bốn|\d+)\s+)?\Z"
)
# ... if nothing later may be what is done: "Mô hình Heo đất giúp bạn nghèo được nhân rộng"
_DONE_LATER: Final = re.compile(r"\b(?:được|do|của|đã|ra\s+đời|ra\s+mắt)\b")


class _Item(NamedTuple):
    """A part of a list: its name at [start, end), None where the end is unsure."""

    start: int
    end: int | None
    over: int  # where the part ends
    is_owned: bool  # words follow the name, or brackets: "A của xã B", "A (xã B)"


def find(
    reading: Reading, start: int, end: int, units: Collection[int], said: Collection[str]
) -> Iterator[Named]:
    """The names in [start, end) of the text.

    `units` are the starts of units; where one begins there is no name. `said` are the keys of the
    names with clear edges elsewhere in the article.
    """
    page = _Stretch(reading, end, units)
    taken = start
    for cue in _LIST_CUE.finditer(reading.folded, start, end):
        if cue.start() < taken:
            continue
        found = page.listed(cue.start(), cue.end()) or page.alone(cue.start(), said)
        for first, last in found:
            yield Named(first, last, cue.start(), "mo_hinh", "models/unquoted", cue.start())
            taken = last


class _Stretch:
    """A paragraph up to `end`, and the names without marks in it."""

    def __init__(self, reading: Reading, end: int, units: Collection[int]) -> None:
        self._text, self._folded = reading.text, reading.folded
        self._end, self._units = end, units

    def alone(self, cue: int, said: Collection[str]) -> list[tuple[int, int]]:
        """The name right after a cue, if its end is clear or the article says it elsewhere."""
        start = cue + len(CUE)
        begins = self._folded[start - 1] == " " and self._text[start : start + 1].isupper()
        if start in self._units or not begins:
            return []
        match = _STRETCH.match(self._text, start, self._end)
        clear = self._clear_end(start, match.end(), cue) if match else None
        known = self._said_elsewhere(start, said) if said else None
        end = max(clear or 0, known or 0)
        return [(start, end)] if end else []

    def _said_elsewhere(self, start: int, said: Collection[str]) -> int | None:
        """Where the longest of the names said elsewhere ends that stands at `start`."""
        window = self._folded[start : min(start + _LONGEST, self._end)]
        ends = [m.end() for m in _WORD.finditer(window)]
        known = (start + end for end in reversed(ends[1:]) if window[:end] in said)
        return next(known, None)

    def _clear_end(self, start: int, end: int, cue: int | None) -> int | None:
        """Where a name that begins at `start` ends, at the latest at `end`; None if unsure.

        `cue` is the one right before it, None for a name further down a list.
        """
        stretch = self._folded[start:end]
        stop = None
        for edge in model_words.edges(stretch):
            if edge.value == "unsure":
                return None
            if edge.value == "predicate":
                is_subject = cue is not None and _SUBJECT.search(
                    self._folded, max(0, cue - 16), cue
                )
                if not is_subject or _DONE_LATER.search(stretch, edge.end):
                    return None
            stop = edge.start
            break
        if stop is None and len(stretch) > 70:
            return None
        name = self._text[start : start + (len(stretch) if stop is None else stop)].rstrip()
        words = name.split()
        if not 2 <= len(words) <= 10 or (len(words[0]) > 1 and words[0].isupper()):
            return None
        folded = self._folded[start : start + len(name)]
        is_post = any(hit.start == 0 for hit in people.titles(stretch[:30]))
        if is_post or CUE in folded or " ".join(folded.split()) in model_words.never():
            return None
        return start + len(name)

    # --- lists ----------------------------------------------------------------------------

    def listed(self, cue: int, after: int) -> list[tuple[int, int]]:
        """The names of a list whose cue is at [cue, after); none if there are not two parts."""
        if not announcing.is_several(self._folded, cue):
            return []
        begin = after + 1
        if self._folded[after] != " " or not self._text[begin : begin + 1].isupper():
            colon = _TO_COLON.match(self._folded, after, self._end)
            if colon is None or not self._opens(cue, after, colon.end()):
                return []
            begin = colon.end()
        items = list(self._items(begin))
        if len(items) < 2:
            return []
        return [(item.start, item.end) for item in items if item.end is not None]

    def _opens(self, cue: int, after: int, end: int) -> bool:
        """Whether a colon comes right after the cue, or after "tiêu biểu như"."""
        words = _WORD.findall(self._folded[after:end])
        if words:
            return model_words.opening(words, model_words.openers()) > 0
        return _OF_SOME.search(self._folded, max(0, cue - 24), cue) is None

    def _items(self, at: int) -> Iterator[_Item]:
        """The parts of a list: once one says whose its name is, all that follow do."""
        owned = False
        for n in range(_MOST):
            item = self._item(at, first=n == 0)
            if item is None or (owned and not item.is_owned):
                return
            owned = item.is_owned
            yield item
            following = _NEXT.match(self._folded, item.over, self._end)
            if following is None:
                return
            at = following.end()

    def _item(self, start: int, *, first: bool) -> _Item | None:
        match = _STRETCH.match(self._text, start, self._end)
        if match is None or start in self._units or not match[0][0].isupper():
            return None
        over = match.end()
        joined = (
            m for m in _AND.finditer(self._text, start, over) if self._text[m.end()].isupper()
        )
        edges = model_words.edges(self._folded[start:over])
        ends = next((start + h.start for h in edges if h.value == "ends"), over)
        split = next((m.start() for m in joined if m.start() < ends), None)
        over = over if split is None else split
        end = self._clear_end(start, over, None)
        brackets = _OWNER.match(self._folded, over, self._end)
        owned = brackets is not None or ends < over or end is None
        if not first and self._is_else(start, owned):
            return None
        return _Item(start, end, brackets.end() if brackets else over, owned)

    def _is_else(self, start: int, owned: bool) -> bool:
        """Whether a body, a person or a place begins at `start`, or what is called otherwise."""
        noun = model_words.words().at(self._folded, start)
        if noun and noun.value.model_type is None:
            return True
        words = re.findall(r"[^\W\d_]+", self._text[start : start + 24])[:2]
        return all(w[0].isupper() for w in words) or (not owned and is_body(self._folded, start))
