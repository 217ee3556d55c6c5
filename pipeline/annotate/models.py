"""Named models (mô hình): names that a cue word announces, in quotation marks or with clear edges.

A cue ("mô hình", "cách làm", "phong trào", "câu lạc bộ") opens a list of names; words that announce
something else ("cuộc thi", "phương châm") close it. A quotation without a cue is a model only where
a unit is said to run it, or where it is one that the whole country knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, NamedTuple

from pipeline import lexicon
from pipeline.annotate import adopters, people, progress, quotes
from pipeline.annotate.adopters import Named
from pipeline.annotate.quotes import Quote
from pipeline.annotate.reading import Reading
from pipeline.gazetteer import Gazetteer, Hit
from pipeline.records import Block, ModelMention, UnitMention
from pipeline.vietnamese import match_key

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
    (?: (?: và | cùng | với | các | những | có | cả | nhất \s+ là | rồi | đến ) \s+ )*
    """,
    re.VERBOSE,
)
# The last clause before a name in a list of clauses: "; xã A với “B”", "; còn xã C có “D”".
_CLAUSE: Final = re.compile(r"[^;:.!?\"]{0,90}:?\s*\Z")
_CLAUSE_VERB: Final = re.compile(
    r"(?:\A|:|\b(?:với|có|là|làm|lập|mở|chọn|xây\s+dựng|thực\s+hiện|triển\s+khai|duy\s+trì|ra\s+mắt|thành\s+lập))\s*\Z"
)
_SUBJECT: Final = re.compile(  # ": phường An Khê với “A”", "như xã B có “C”"
    r"(?:(?<=:)|\bnhư\b)[^:;.!?\"]{3,90}\s(?:với|có|là|thực\s+hiện|duy\s+trì|triển\s+khai|xây\s+dựng)\s*\Z"
)
_SENTENCE_END: Final = re.compile(r"(?<![.…])[.!?]\s")
_SENTENCES: Final = re.compile(r"[.?]\s+\S")  # inside a quotation: it is no name
_WORD: Final = re.compile(r"\w+")
_SEVERAL: Final = re.compile(r"(?:\b(?:các|những|nhiều|một số|số|hai|ba|bốn|năm)|\d)\s+\Z")
# Between a verb of saying and its colon: "cho biết thêm:", "nói với chúng tôi:"
_THAT: Final = re.compile(
    r"(?:\s+(?:rằng|thêm|là|lại|rõ|vui|ngay|như\s+sau|với\s+(?:chúng\s+tôi|tôi|phóng\s+viên)))*\s*"
)
_LIKENED: Final = re.compile(  # được ví như “A”, trở thành “B”
    r"\b(?:ví|coi|xem|mệnh\s+danh|đánh\s+giá|trở\s+thành|khẳng\s+định|xứng\s+đáng|thực\s+sự)\s+(?:là|như)?\s*\Z"
)
# “A” là mô hình ...; “A” tại xã B là mô hình; “A” - cách làm hay
_IS_A: Final = re.compile(
    r"""
    (?: \s (?:của|ở|tại) \s [^,;:.()"\n]{2,60}? )?
    (?: ,?\s* (?:cũng\s+|còn\s+|vốn\s+)? là \s+ (?:một\s+)? (?:trong\s+(?:những|các|số\s+các)\s+)? | \s*[-:]\s* )
    (?: những\s+ | các\s+ | một\s+ )?
    """,
    re.VERBOSE,
)
# A name without marks begins with a capital and ends at one of these, or at a clear [[edge]].
_UNQUOTED: Final = re.compile(r"[^\n,;:.!?…()\"']{4,71}")
# "“A” ... . Mô hình này do xã B khởi xướng" tells what “A” is.
_TOLD: Final = re.compile(
    r"(?<=[.!?\"]\s)(?P<cue>mô\s+hình|cách\s+làm|phong\s+trào)\s+(?:này|trên|nêu\s+trên|do|của|được|ra\s+đời|đã|thu\s+hút)\b"
)
_CUE_WORD: Final = "mô hình "
_BULLET: Final = re.compile(r"[\s\d.)+*•-]{0,6}\Z")


@dataclass(frozen=True, slots=True)
class Cue:
    type: str
    phrases: tuple[str, ...]
    examples: tuple[str, ...]
    weak: bool = False
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Other:
    phrases: tuple[str, ...]
    examples: tuple[str, ...]
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Never:
    phrases: tuple[str, ...]
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Known:
    phrases: tuple[str, ...]
    examples: tuple[str, ...]
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Opener:
    phrases: tuple[str, ...]
    examples: tuple[str, ...]
    naming: bool = False


@dataclass(frozen=True, slots=True)
class Quality:
    phrases: tuple[str, ...]
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Edge:
    phrases: tuple[str, ...]
    examples: tuple[str, ...]
    clear: bool = True


class _Word(NamedTuple):
    """What a noun before a quotation announces: a kind of model, or something else (None)."""

    model_type: str | None
    weak: bool


def find(reading: Reading, units: tuple[UnitMention, ...]) -> tuple[ModelMention, ...]:
    """The mentions of named models, in the order of the text."""
    paragraphs = [
        _Paragraph(reading, block)
        for block in reading.blocks
        if re.search(r"[\"']|mô hình", reading.folded[block.start_char : block.end_char])
    ]
    named = list(_announced(paragraphs))
    named += _named_again(reading, paragraphs, named)
    named += (name for p in paragraphs for name in p.without_marks(units, named))
    named.sort()
    rows = zip(named, adopters.of(reading, units, named), strict=True)
    return tuple(
        ModelMention(
            reading.article_id,
            reading.sentence_at(name.start).sentence_id,
            reading.text[name.start : name.end],
            name.start,
            name.end,
            " ".join(reading.text[name.start : name.end].split()),
            name.model_type,
            adopter,
            progress.status(reading, name),
            progress.started_on(reading, name),
            name.rule,
        )
        for name, adopter in rows
        if adopter or name.rule != "models/verb"
    )


def _announced(paragraphs: Sequence[_Paragraph]) -> Iterator[Named]:
    """The names that a cue announces; a list may go on in the paragraphs after its colon."""
    head: Hit[_Word] | None = None
    before: Hit[_Word] | None = None
    for paragraph in paragraphs:
        found = list(paragraph.names(head, before))
        yield from found
        yield from paragraph.told_after(found)
        before = paragraph.last_cue()
        if head is None or not any(name.rule == "models/list" for name in found):
            head = before if paragraph.is_left_open() else None


def _named_again(
    reading: Reading, paragraphs: Sequence[_Paragraph], named: Sequence[Named]
) -> Iterator[Named]:
    """Quotations of a name that the article announced elsewhere."""
    known = {match_key(reading.text[n.start : n.end]): n for n in reversed(named)}
    taken = {n.start for n in named}
    for paragraph in paragraphs:
        for quote in paragraph.quotes:
            name = known.get(match_key(reading.text[quote.first : quote.last]))
            again = paragraph.name(quote, None, "models/named-before")
            if name and again.start not in taken:
                yield again._replace(model_type=name.model_type)


class _Paragraph:
    """A paragraph that holds quotations or cues, and what its nouns announce."""

    def __init__(self, reading: Reading, block: Block) -> None:
        self._reading, self._folded = reading, reading.folded
        self._start, self._end = block.start_char or 0, block.end_char or 0
        self._before: Hit[_Word] | None = None
        self.quotes = quotes.find(self._folded, self._start, self._end)
        self._hits = [
            h._replace(start=self._start + h.start, end=self._start + h.end)
            for h in _words().find(self._folded[self._start : self._end])
        ]

    def names(self, head: Hit[_Word] | None, before: Hit[_Word] | None) -> Iterator[Named]:
        """The names that are announced here.

        `head` is the cue of a list left open, `before` the last cue of the paragraph before.
        """
        self._before = before
        last: Named | None = None  # the name before, while its list goes on
        open_head = head if head and self.quotes else None
        taken = self._start
        for quote in self.quotes:
            if quote.start < taken or not self._is_name(quote):
                continue
            floor = last.end if last else self._start
            near = self._nearest(quote, floor)
            cue, at = self._cue(quote, near, floor)
            if cue and self._is_likely(quote, cue):
                last = self.name(quote, cue, "models/cue")._replace(cue_start=at)
            elif near and near.value.model_type is None and self._covers(near, quote.start):
                last = None
            elif last and (at := self._goes_on(last, quote)) is not None:
                last = self.name(quote, None, "models/list")._replace(
                    cue_start=at, model_type=last.model_type, list_no=last.list_no
                )
            elif open_head and _BULLET.fullmatch(self._folded, self._start, quote.start):
                last = self.name(quote, open_head, "models/list")._replace(cue_start=self._start)
            else:
                last = self._uncued(quote)
            if last:
                taken = quote.end
                yield last

    def is_left_open(self) -> bool:
        """Whether a list goes on in the next paragraphs: "duy trì những phần việc:"."""
        return self._folded[self._start : self._end].rstrip().endswith(":")

    def last_cue(self) -> Hit[_Word] | None:
        cues = [h for h in self._hits if h.value.model_type and not h.value.weak]
        return cues[-1] if cues else None

    def told_after(self, found: Sequence[Named]) -> Iterator[Named]:
        """Names that a later sentence of the paragraph calls a model: "... “A”. Mô hình này"."""
        starts = {name.start for name in found}
        for told in _TOLD.finditer(self._folded, self._start, self._end):
            quoted = [q for q in self.quotes if q.end <= told.start() and self._is_titled(q)]
            if not quoted or self.name(quoted[-1], None, "").start in starts:
                continue
            near = self._nearest(quoted[-1], self._start)
            word = _words().at(self._folded, told.start())
            if word and not (near and self._covers(near, quoted[-1].start)):
                cue = Hit(told.start(), told.end(), word.value)
                yield self.name(quoted[-1], cue, "models/told-after")

    def without_marks(
        self, units: Sequence[UnitMention], named: Sequence[Named]
    ) -> Iterator[Named]:
        """Names without marks, right after "mô hình": mô hình Tủ sách đầu ấp."""
        at = self._folded.find(_CUE_WORD, self._start, self._end)
        while at >= 0:
            start = at + len(_CUE_WORD)
            end = self._unquoted_end(start)
            if end and not any(u.start_char == start for u in units):
                yield Named(start, end, at, "mo_hinh", "models/unquoted", at)
            at = self._folded.find(_CUE_WORD, start, self._end)

    def name(self, quote: Quote, cue: Hit[_Word] | None, rule: str) -> Named:
        """The name in a quotation, with the cue that announced it."""
        words = self._reading.text[quote.first : quote.last]
        start = quote.first + len(words) - len(words.lstrip())
        end = quote.first + len(words.rstrip())
        at = cue.start if cue else quote.start
        return Named(start, end, at, cue.value.model_type or "" if cue else "mo_hinh", rule, at)

    # --- what a quotation is --------------------------------------------------------------

    def _is_name(self, quote: Quote) -> bool:
        """Whether quoted words can be a name: short, not a sentence, not a phrase of the idiom."""
        words = self._reading.text[quote.first : quote.last].split()
        if not words or quote.end - quote.start > _LONGEST_NAME:
            return False
        text = " ".join(words)
        return match_key(text.rstrip(".,;…")) not in _never() and not _SENTENCES.search(text)

    def _is_likely(self, quote: Quote, cue: Hit[_Word]) -> bool:
        """Whether a name looks like one: a capital or figure first, or three syllables and more."""
        words = self._folded[quote.first : quote.last].split()
        if self._begins_as_name(quote):
            return True
        return len(words) >= (3 if cue.value.model_type == "mo_hinh" else 4)

    def _begins_as_name(self, quote: Quote) -> bool:
        first = self._reading.text[quote.first : quote.last].lstrip()[:1]
        return first.isupper() or first.isdigit()

    def _is_titled(self, quote: Quote) -> bool:
        """Whether a quotation without a cue has the look of a name."""
        words = self._folded[quote.first : quote.last].split()
        spoken = self._folded[quote.start - 2 : quote.start].strip() == ":"
        return (
            self._is_name(quote)
            and self._begins_as_name(quote)
            and not self._is_said(quote)
            and not spoken
            and 3 <= len(words) <= 12
        )

    def _is_said(self, quote: Quote) -> bool:
        return self._folded[quote.first : quote.last].rstrip()[-1:] in ".!?"

    # --- what announces it ----------------------------------------------------------------

    def _nearest(self, quote: Quote, floor: int) -> Hit[_Word] | None:
        before = [h for h in self._hits if floor <= h.start and h.end <= quote.start]
        return before[-1] if before else None

    def _covers(self, hit: Hit[_Word], end: int) -> bool:
        """Whether a noun stands right before `end`, but for praise: "mô hình hay “A”"."""
        gap = self._folded[hit.end : end]
        if len(gap) > _LONGEST_GAP or _SENTENCE_END.search(gap) or ";" in gap or '"' in gap:
            return False
        words = _WORD.findall(gap)
        size = _opening(words, _naming())
        praise = sum(len(gap[h.start : h.end].split()) for h in _qualities().find(gap))
        return praise >= len(words) - size

    def _cue(
        self, quote: Quote, near: Hit[_Word] | None, floor: int
    ) -> tuple[Hit[_Word] | None, int]:
        """The cue that announces a quotation, if one does, and before where its subject stands."""
        if near and self._covers(near, quote.start):
            near = self._outer(near)
            return (near if near.value.model_type else None), near.start
        if self._is_said(quote):
            return None, 0
        if near and near.value.model_type and self._is_phrase(near, quote):
            return near, near.start
        opening = self._opening(quote, floor)
        head = self._head(floor, opening) if opening is not None else None
        if head is None or opening is None:
            return None, 0
        # ": phường An Khê với “A”" says whose it is after the cue
        own = quote.start - opening > 40 or self._folded[quote.start - 2] != ":"
        return head, quote.start if own else max(head.start, self._start)

    def _outer(self, near: Hit[_Word]) -> Hit[_Word]:
        """The cue that a weak one belongs to: "mô hình tổ tiết kiệm “A”" is a mô hình."""
        earlier = [h for h in self._hits if h.end <= near.start and near.start - h.end < 24]
        if near.value.weak and earlier and earlier[-1].value.model_type:
            gap = self._folded[earlier[-1].end : near.start]
            if not _edges().find(gap) and not re.search(r"[^\w\s]", gap):
                return earlier[-1]
        return near

    def _is_phrase(self, cue: Hit[_Word], quote: Quote) -> bool:
        """Whether only a noun phrase stands between: "mô hình tổ tiết kiệm “Ống tre”"."""
        gap = self._folded[cue.end : quote.start]
        if cue.value.weak or not self._begins_as_name(quote) or not _UNQUOTED.fullmatch(gap.strip()):
            return False
        edges = [h for h in _edges().find(gap) if gap[h.start : h.end] != "và"]
        return len(gap.split()) <= _LONGEST_PHRASE and not edges

    def _opening(self, quote: Quote, floor: int) -> int | None:
        """Where the words begin that open a list right before a quotation: "tiêu biểu như:"."""
        begin = max(floor, quote.start - _LONGEST_GAP)
        before = self._folded[begin : quote.start].rstrip()
        if before.endswith(":"):
            return None if self._speaks(before[:-1]) else begin + len(before) - 1
        words = _WORD.findall(before[-60:])
        size = _opening(words, _openers())
        if size and self._begins_as_name(quote) and not _LIKENED.search(before):
            return begin + before.rfind(words[-size])
        subject = _SUBJECT.search(before) if self._begins_as_name(quote) else None
        if subject and not self._speaks(before[: subject.start() - 1]):
            return begin + subject.start()
        return None

    def _speaks(self, before: str) -> bool:
        """Whether words before a colon say that somebody speaks."""
        tail = before[-60:]
        said = people.sayings().find(tail)
        return bool(said) and _THAT.fullmatch(tail, said[-1].end) is not None

    def _head(self, floor: int, end: int) -> Hit[_Word] | None:
        """The noun that a list before `end` is of: the last in the plural, or else the last."""
        ends = [m.end() for m in _SENTENCE_END.finditer(self._folded, floor, end)]
        begin = max([floor, *ends])
        heads = [h for h in self._hits if begin <= h.start < end and not h.value.weak]
        if not heads and len(self._folded[begin:end].split()) <= _LONGEST_PHRASE:
            # "... 58 mô hình. Nổi bật có thể kể đến: “A”"
            earlier = [h for h in self._hits if floor <= h.start < begin and h.value.model_type]
            heads = [h for h in (earlier or [self._before])[-1:] if h]
        several = [h for h in heads if self._is_several(h)]
        head = (several or heads or [None])[-1]
        return head if head and head.value.model_type else None

    def _is_several(self, hit: Hit[_Word]) -> bool:
        before = self._folded[max(self._start, hit.start - 12) : hit.start]
        return _SEVERAL.search(before) is not None

    def _goes_on(self, last: Named, quote: Quote) -> int | None:
        """Before where the subject of a quotation stands, if a list goes on to it."""
        last_first = self._reading.text[last.start]
        if (last_first.isupper() or last_first.isdigit()) and not self._begins_as_name(quote):
            return None
        after = last.end + 1
        if _LISTED.fullmatch(self._folded, after, quote.start):
            return last.cue_start
        between = self._folded[after : quote.start]
        clause = _CLAUSE.search(between)
        if len(between) > _LONGEST_ITEM or clause is None or between[clause.start() - 1] != ";":
            return None
        said = clause[0].strip()
        begin = after + clause.start()
        others = (h for h in self._hits if begin <= h.start < quote.start)
        if any(h.value.model_type is None for h in others) or self._speaks(said.rstrip(":")):
            return None
        return quote.start if _CLAUSE_VERB.search(said + " ") else None

    def _uncued(self, quote: Quote) -> Named | None:
        """A name that says itself what it is, that is known, or that a unit is said to run."""
        after = _IS_A.match(self._folded, quote.end)
        is_a = _words().at(self._folded, after.end()) if after else None
        if is_a and is_a.value.model_type and self._begins_as_name(quote):
            return self.name(quote, Hit(quote.start, quote.start, is_a.value), "models/is-a")
        words = self._reading.text[quote.first : quote.last]
        if match_key(words) in _known():
            return self.name(quote, None, "models/known")
        before = _WORD.findall(self._folded[max(self._start, quote.start - 40) : quote.start])
        adjacent = self._folded[quote.start - 1 : quote.start] == " "
        announced = adjacent and _opening(before, adopters.announcing())
        if announced and self._is_titled(quote):
            return self.name(quote, None, "models/verb")
        return None

    def _unquoted_end(self, start: int) -> int | None:
        """Where a name without marks that begins at `start` ends; None if no edge is clear."""
        match = _UNQUOTED.match(self._reading.text, start, self._end)
        if match is None or not match[0][0].isupper():
            return None
        stretch = match[0]
        edges = _edges().find(stretch_folded := self._folded[start : match.end()])
        clear = next((h.start for h in edges if h.value), None)
        if clear is None and len(stretch) > 70:
            return None
        end = len(stretch) if clear is None else clear
        words = stretch[:end].split()
        unclear = any(h.start < end for h in edges if not h.value)
        if unclear or not 2 <= len(words) <= 10 or len(words[0]) > 1 and words[0].isupper():
            return None
        is_post = any(h.start == 0 for h in people.titles(stretch_folded[:30]))
        return None if is_post else start + len(stretch[:end].rstrip())


def _opening(words: Sequence[str], phrases: frozenset[str]) -> int:
    """How many of the last words are the longest of `phrases`; 0 if none."""
    sizes = (s for s in range(min(5, len(words)), 0, -1) if " ".join(words[-s:]) in phrases)
    return next(sizes, 0)


@cache
def _words() -> Gazetteer[_Word]:
    """Cues with their type, and what announces something else."""
    found = {p: _Word(None, False) for other in lexicon.read("models", Other) for p in other.phrases}
    for cue in lexicon.read("models", Cue):
        found |= {p: _Word(cue.type, cue.weak) for p in cue.phrases}
    return Gazetteer(found)


@cache
def _never() -> frozenset[str]:
    return frozenset(match_key(p) for n in lexicon.read("models", Never) for p in n.phrases)


@cache
def _known() -> frozenset[str]:
    return frozenset(match_key(p) for n in lexicon.read("models", Known) for p in n.phrases)


@cache
def _openers() -> frozenset[str]:
    return frozenset(match_key(p) for o in lexicon.read("models", Opener) for p in o.phrases)


@cache
def _naming() -> frozenset[str]:
    known = lexicon.read("models", Opener)
    return frozenset(match_key(p) for o in known if o.naming for p in o.phrases)


@cache
def _qualities() -> Gazetteer[None]:
    return Gazetteer({p: None for q in lexicon.read("models", Quality) for p in q.phrases})


@cache
def _edges() -> Gazetteer[bool]:
    return Gazetteer({p: e.clear for e in lexicon.read("models", Edge) for p in e.phrases})
