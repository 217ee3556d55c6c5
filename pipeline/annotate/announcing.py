"""What the words before a quotation announce: a model, something else, or nothing.

A noun right before it decides ("mô hình hay “A”", "cuộc thi “B”"); an opener ("tiêu biểu như:")
hands it to the noun that the list is of; a name that was announced hands it on down its list.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cached_property
from typing import Final, NamedTuple

from pipeline.annotate import model_words, people
from pipeline.annotate.model_words import Word
from pipeline.annotate.quotes import Quote
from pipeline.annotate.reading import Reading
from pipeline.gazetteer import Hit

_LONGEST_NAME: Final = 120  # characters: a longer quotation is somebody's words
_LONGEST_GAP: Final = 200  # between a cue and the first name, with an opener before the name
_LONGEST_ITEM: Final = 260  # from a name to the next one of a list of clauses
_LONGEST_PHRASE: Final = 8  # words between "mô hình" and its name: mô hình tổ tiết kiệm “A”
# Between two names of a list: separators, an adopter, the cue again.
_LISTED: Final = re.compile(
    r"""
    [\s…]* (?:\.{2,} \s*)?
    (?: \( [^()\n]{1,80} \) | (?: của | ở | tại | do | thuộc | vào ) \s [^,;:.()"\n]{1,90} )?
    [\s.…]* (?: [,;+&/-] | \b (?: và | hay | hoặc | cùng | cùng \s+ với ) \b | (?<=[…)]) ) [\s,]*
    (?: (?: và | cùng | với | các | những | có | cả | nhất \s+ là | rồi | đến ) \s+ ){0,4}
    """,
    re.VERBOSE,
)
# The last clause before a name in a list of clauses: "; xã A với “B”", "; còn xã C có “D”".
_CLAUSE: Final = re.compile(r"[^;:.!?\"]{0,90}:?\s*\Z")
_RUNS: Final = (
    r"(?:với|có|là|làm|lập|mở|chọn|xây\s+dựng|thực\s+hiện|triển\s+khai|duy\s+trì|ra\s+mắt"
    r"|thành\s+lập)"
)
_CLAUSE_VERB: Final = re.compile(rf"(?:\A|:|\b{_RUNS})\s*\Z")
_SUBJECT: Final = re.compile(  # ": phường An Khê với “A”", "như xã B có “C”"
    rf"(?:(?<=:)|\bnhư\b)[^:;.!?\"]{{3,90}}\s{_RUNS}\s*\Z"
)
_TO_QUOTATION: Final = re.compile(r"[\w\s]{0,24}(?=:?\s?[\"'<]|,,)")
_SENTENCE_END: Final = re.compile(r"(?<![.…])[.!?]\s")
_SENTENCES: Final = re.compile(r"[.?]\s+\S")  # inside a quotation: it is no name
_WORD: Final = re.compile(r"\w+")
_PHRASE: Final = re.compile(r"[^\n,;:.!?…()\"']*")
_OF: Final = re.compile(r"\s(?:của|do)\s")
_SEVERAL: Final = re.compile(r"(?:\b(?:các|những|nhiều|một số|số|hai|ba|bốn|năm)|\d)\s+\Z")
# Between a verb of saying and its colon: "cho biết thêm:", "nói với chúng tôi:"
_THAT: Final = re.compile(
    r"(?:\s+(?:rằng|thêm|là|lại|rõ|vui|ngay|như\s+sau|với\s+\w+(?:\s+\w+)?)){0,3}\s*"
)
_LIKENED: Final = re.compile(  # được ví như “A”, trở thành “B”
    r"\b(?:ví|coi|xem|mệnh\s+danh|đánh\s+giá|trở\s+thành|khẳng\s+định|xứng\s+đáng|thực\s+sự)"
    r"(?:\s+(?:là|như))?\s*\Z"
)


class Announced(NamedTuple):
    """What announces a quotation, and before where the subject of its clause stands."""

    cue: Hit[Word] | None
    at: int = 0
    is_other: bool = False  # the noun right before it says that it is no model


_NOTHING: Final = Announced(None)


class Announcer:
    """The nouns of a paragraph that announce its quotations."""

    def __init__(
        self, reading: Reading, start: int, quotes: Sequence[Quote], before: Announcer | None
    ) -> None:
        """`quotes` are the paragraph's, `before` is the paragraph before, if it may hold a cue."""
        self._text, self._folded = reading.text, reading.folded
        self._start, self._before = start, before
        self._keys: dict[int, str] = {}
        if quotes:
            start = max(start, quotes[0].start - 2 * _LONGEST_GAP)
        self._hits = self._nouns(start, max((q.start for q in quotes), default=start))
        self._starts = [h.start for h in self._hits]

    @cached_property
    def last_cue(self) -> Hit[Word] | None:
        """The last noun of the paragraph that a list may be of."""
        end = self._folded.find("\n", self._start)
        nouns = self._nouns(self._start, end if end >= 0 else len(self._folded))
        cues = (h for h in reversed(nouns) if h.value.model_type and not h.value.weak)
        return next(cues, None)

    def _nouns(self, start: int, end: int) -> list[Hit[Word]]:
        hits = (
            h._replace(start=start + h.start, end=start + h.end)
            for h in model_words.words().find(self._folded[start:end])
        )
        return [h for h in hits if self._is_noun(h)]

    def announced(self, quote: Quote, floor: int) -> Announced:
        """The cue that announces a quotation, of the words from `floor` on."""
        near = self.nearest(quote, floor)
        if near and self.stands_before(near, quote.start):
            if near.value.model_type is None:
                return Announced(None, is_other=True)
            near = self._outer(near)
            return Announced(near, near.start)
        if self.is_said(quote):
            return _NOTHING
        if near and near.value.model_type and self._is_phrase(near, quote):
            return Announced(near, near.start)
        opening = self._opening(quote, floor)
        head = self._head(floor, opening) if opening is not None else None
        if head is None or opening is None:
            return _NOTHING
        told = people.sayings().find(self._folded[max(self._start, head.start - 40) : head.start])
        if told and not is_several(self._folded, head.start):
            return _NOTHING  # "kể về mô hình nuôi bò: “Hồi đầu ai cũng can”"
        # ": phường An Khê với “A”" says whose it is after the cue
        own = quote.start - opening > 40 or self._folded[quote.start - 2] != ":"
        return Announced(head, quote.start if own else max(head.start, self._start))

    def is_something_else(self, quote: Quote, floor: int) -> bool:
        """Whether a noun right before a quotation says that it is no model."""
        near = self.nearest(quote, floor)
        other = near and near.value.model_type is None
        return bool(near and other and self.stands_before(near, quote.start))

    def goes_on(self, end: int, quote: Quote) -> bool | None:
        """Whether a list goes on from a name that ends at `end` to a quotation.

        None if it does not, else whether the quotation has a clause of its own.
        """
        after = end + 1
        if quote.start - after > _LONGEST_ITEM:
            return None
        if _LISTED.fullmatch(self._folded, after, quote.start):
            return False
        between = self._folded[after : quote.start]
        clause = _CLAUSE.search(between)
        if clause is None or between[: clause.start()][-1:] != ";":
            return None
        said, begin = clause[0].strip(), after + clause.start()
        first, last = bisect_left(self._starts, begin), bisect_left(self._starts, quote.start)
        others = any(h.value.model_type is None for h in self._hits[first:last])
        if others or self._speaks(said.rstrip(":")):
            return None
        return True if _CLAUSE_VERB.search(said + " ") else None

    def nearest(self, quote: Quote, floor: int) -> Hit[Word] | None:
        """The last noun before a quotation."""
        at = bisect_right(self._starts, quote.start) - 1
        near = self._hits[at] if at >= 0 else None
        return near if near and floor <= near.start and near.end <= quote.start else None

    def stands_before(self, hit: Hit[Word], end: int) -> bool:
        """Whether a noun stands right before `end`, but for praise: "mô hình hay “A”"."""
        if end - hit.end > _LONGEST_GAP:
            return False
        gap = self._folded[hit.end : end]
        if _SENTENCE_END.search(gap) or ";" in gap or '"' in gap:
            return False
        words = _WORD.findall(gap)
        size = model_words.opening(words, model_words.naming())
        praise = sum(len(gap[h.start : h.end].split()) for h in model_words.qualities().find(gap))
        return praise >= len(words) - size

    # --- what a quotation looks like ------------------------------------------------------

    def is_name(self, quote: Quote) -> bool:
        """Whether quoted words can be a name: short, not a sentence, not a phrase of the idiom."""
        if quote.end - quote.start > _LONGEST_NAME:
            return False
        words = " ".join(self._text[quote.first : quote.last].split())
        key = self.key(quote).rstrip(".,;…")
        never = key in model_words.never() and not (
            key in model_words.local() and self._is_somebodys(quote)
        )
        return bool(words) and not never and not _SENTENCES.search(words)

    def _is_somebodys(self, quote: Quote) -> bool:
        """Whether a quotation is called the model of somebody: "mô hình “A” của xã B"."""
        cue = self._folded.startswith("mô hình ", max(0, quote.start - 8), quote.start)
        return cue and _OF.match(self._folded, quote.end) is not None

    def key(self, quote: Quote) -> str:
        """What all spellings of a quotation share."""
        key = self._keys.get(quote.first)
        if key is None:
            key = self._keys[quote.first] = " ".join(self._folded[quote.first : quote.last].split())
        return key

    def begins_as_name(self, quote: Quote) -> bool:
        first = self._text[quote.first : min(quote.last, quote.first + 8)].lstrip()[:1]
        return first.isupper() or first.isdigit()

    def is_likely(self, quote: Quote, cue: Hit[Word]) -> bool:
        """Whether an announced name begins as one, or has syllables enough to be one."""
        syllables = len(self._folded[quote.first : quote.last].split())
        return self.begins_as_name(quote) or syllables >= (
            3 if cue.value.model_type == "mo_hinh" else 4
        )

    def is_titled(self, quote: Quote) -> bool:
        """Whether a quotation that nothing announces has the look of a name."""
        if not self.is_name(quote) or not self.begins_as_name(quote) or self.is_said(quote):
            return False
        spoken = self._folded[quote.start - 2 : quote.start].strip() == ":"
        thing = model_words.words().at(self._folded, quote.first)  # “Tháng hành động vì trẻ em”
        other = thing is not None and thing.value.model_type is None
        return not spoken and not other and len(self._text[quote.first : quote.last].split()) >= 3

    def is_said(self, quote: Quote) -> bool:
        return self._folded[quote.first : quote.last].rstrip()[-1:] in ".!?"

    # --- cues -----------------------------------------------------------------------------

    def _is_noun(self, hit: Hit[Word]) -> bool:
        """Whether a hit is a word of its own: the "tập" of "học tập" is none."""
        if hit.value.model_type is not None or " " in self._folded[hit.start : hit.end]:
            return True
        gap = _TO_QUOTATION.match(self._folded, hit.end)
        words = gap[0].split() if gap else ["far"]
        return model_words.opening(words, model_words.naming()) == len(words)

    def _outer(self, near: Hit[Word]) -> Hit[Word]:
        """The cue that a weak one belongs to: "mô hình tổ tiết kiệm “A”" is a mô hình."""
        at = bisect_left(self._starts, near.start) - 1
        outer = self._hits[at] if at >= 0 else None
        if outer and near.value.weak and outer.value.model_type and near.start - outer.end < 24:
            gap = self._folded[outer.end : near.start]
            if _PHRASE.fullmatch(gap) and not model_words.edges(gap):
                return outer
        return near

    def _is_phrase(self, cue: Hit[Word], quote: Quote) -> bool:
        """Whether only a noun phrase stands between: "mô hình tổ tiết kiệm “Ống tre”"."""
        if cue.value.weak or quote.start - cue.end > _LONGEST_GAP or not self.begins_as_name(quote):
            return False
        gap = self._folded[cue.end : quote.start]
        edges = [h for h in model_words.edges(gap) if gap[h.start : h.end] != "và"]
        short = len(gap.split()) <= _LONGEST_PHRASE
        return short and not edges and _PHRASE.fullmatch(gap) is not None

    def _opening(self, quote: Quote, floor: int) -> int | None:
        """Where the words begin that open a list right before a quotation: "tiêu biểu như:"."""
        begin = max(floor, quote.start - _LONGEST_GAP)
        before = self._folded[begin : quote.start].rstrip()
        if before.endswith(":"):
            return None if self._speaks(before[:-1]) else begin + len(before) - 1
        if not self.begins_as_name(quote) or _LIKENED.search(before):
            return None
        words = _WORD.findall(before[-60:])
        if size := model_words.opening(words, model_words.openers()):
            return begin + before.rfind(words[-size])
        subject = _SUBJECT.search(before)
        if subject and not self._speaks(before[: subject.start() - 1]):
            return begin + subject.start()
        return None

    def _speaks(self, before: str) -> bool:
        """Whether words before a colon say that somebody speaks."""
        tail = before[-60:]
        said = people.sayings().find(tail)
        return bool(said) and _THAT.fullmatch(tail, said[-1].end) is not None

    def _head(self, floor: int, end: int) -> Hit[Word] | None:
        """The noun that a list before `end` is of: the last in the plural, or else the last."""
        floor = max(floor, end - _LONGEST_GAP)
        ends = [m.end() for m in _SENTENCE_END.finditer(self._folded, floor, end)]
        begin = max([floor, *ends])
        first, last = bisect_left(self._starts, begin), bisect_left(self._starts, end)
        heads = [h for h in self._hits[first:last] if not h.value.weak]
        lead = _WORD.findall(self._folded[begin:end])
        opens = len(lead) <= _LONGEST_PHRASE and model_words.opening(lead, model_words.openers())
        if not heads and opens:  # "... 58 mô hình. Nổi bật có thể kể đến: “A”"
            before = self._hits[bisect_left(self._starts, floor) : first]
            heads = [h for h in before if h.value.model_type][-1:]
            cue = self._before.last_cue if self._before and not heads else None
            heads = [cue] if cue else heads
        several = [h for h in heads if is_several(self._folded, h.start)] or heads
        return several[-1] if several and several[-1].value.model_type else None


def is_several(folded: str, at: int) -> bool:
    """Whether a noun at `at` is in the plural: "các mô hình", "3 mô hình"."""
    return _SEVERAL.search(folded, max(0, at - 12), at) is not None
