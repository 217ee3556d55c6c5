"""What a statement is about: when, whose, said by whom, under which directive. None if unsaid."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final, NamedTuple, Protocol, TypeVar

from pipeline import periods
from pipeline.annotate import Findings
from pipeline.annotate.reading import Reading
from pipeline.facts.speech import Said, attributions
from pipeline.periods import Period
from pipeline.records import DirectiveMention, Sentence, UnitMention

# What may stand between a clause's beginning and the body that is its subject.
_OPENING: Final = re.compile(
    r"""
    (?: (?: theo \s+ đó | đồng \s+ thời | trong \s+ đó | bên \s+ cạnh \s+ đó | cùng \s+ với \s+ đó
          | ngoài \s+ ra | đặc \s+ biệt | riêng | tại | ở | toàn | hiện (?:\s+nay)? | cả
          | nhất \s+ là | cũng | qua \s+ đó | từ \s+ đó | đến \s+ nay | kết \s+ quả | như | các
        ) [\s,:]* )*
    \Z
    """,
    re.VERBOSE,
)
_CLAUSE: Final = re.compile(r"[;:]|,\s(?=(?:trong đó|riêng|còn|đồng thời)\b)")
# A document that the sentence says is carried out stands after one of these.
_CARRIED_OUT: Final = re.compile(
    r"(?:thực hiện|triển khai|quán triệt|học tập|theo|tuyên truyền|sơ kết|tổng kết|cụ thể hóa)"
    r"\s(?:[^.;:]{0,60}\s)?\Z"
)
_YEAR_BEHIND: Final = re.compile(
    r"\s(?:vào\s)?năm\s(?P<year>(?:19|20)\d\d)(?!\s*-|\w)|\s?\(năm\s(?P<noted>(?:19|20)\d\d)\)"
)
# A stretch at the head of a sentence holds on for the sentences after it in the paragraph.
_HEAD: Final = 30
_OPENING_LENGTH: Final = 70  # characters before a subject, at most
_NESTED: Final = 20  # stretches of speech that may hold a statement, at most


class Scope(NamedTuple):
    period_start: date | None
    period_end: date | None
    as_of: date | None
    speaker: str | None
    organisation: str | None
    directive_id: str | None


class _Setting(NamedTuple):
    """What one sentence says about all of its statements; everything in the order of the text."""

    stretches: list[Period]
    days: list[Period]  # as of which
    subjects: list[UnitMention]  # bodies that open a clause
    directive_id: str | None


class Scopes:
    """The scopes of one article's statements, which stand in the sentences `stating`.

    Of the paragraphs without a statement, often most of an article, nothing is read.
    """

    def __init__(self, reading: Reading, findings: Findings, stating: Iterable[int]) -> None:
        self._reading = reading
        self._findings = findings
        stated = {reading.sentences[sentence_id].block_no for sentence_id in stating}
        blocks = [block for block in reading.blocks if block.block_no in stated]
        self._said = attributions(reading, findings.officials, findings.people, blocks)
        # A year that is taken up may be named in any paragraph.
        everywhere = any(map(self._takes_up_year, reading.sentences))
        self._periods = [
            self._named_in(sentence) if everywhere or sentence.block_no in stated else []
            for sentence in reading.sentences
        ]
        self._inherited = self._carried()
        self._settings: dict[int, _Setting] = {}

    def of(self, sentence_id: int, start: int, end: int) -> Scope:
        """The scope of the statement at [start, end) in that sentence."""
        if sentence_id not in self._settings:
            self._settings[sentence_id] = self._setting(self._reading.sentences[sentence_id])
        setting = self._settings[sentence_id]
        stretch = (
            self._year_behind(end)
            or _nearest(setting.stretches, start)
            or self._inherited[sentence_id]
        )
        day = _nearest(setting.days, start)
        subject = _last_before(setting.subjects, start)
        return Scope(
            stretch.first if stretch else None,
            stretch.last if stretch else None,
            day.as_of if day else None,
            _speaker(self._said, start),
            subject.name if subject else None,
            setting.directive_id,
        )

    def _year_behind(self, end: int) -> Period | None:
        """The year right behind a statement: "từ 16,2 triệu đồng năm 2010", "12% (năm 2010)"."""
        match = _YEAR_BEHIND.match(self._reading.folded, end)
        if match is None:
            return None
        year = int(match["year"] or match["noted"])
        first, last = date(year, 1, 1), date(year, 12, 31)
        return Period(match.start(), match.end(), first, last, None, "scope/year-behind")

    def _setting(self, sentence: Sentence) -> _Setting:
        named = self._periods[sentence.sentence_id]
        papers = _within(self._findings.directives, sentence.start_char, sentence.end_char)
        carried_out = {m.directive_id for m in papers if self._is_carried_out(sentence, m)}
        return _Setting(
            [p for p in named if p.first],
            [p for p in named if p.as_of],
            self._subjects(sentence),
            carried_out.pop() if len(carried_out) == 1 else None,
        )

    def _named_in(self, sentence: Sentence) -> list[Period]:
        """The stretches of time that a sentence names, but not the days of its documents."""
        at = sentence.start_char
        text = self._reading.folded[at : sentence.end_char]
        named = [
            p._replace(start_char=at + p.start_char, end_char=at + p.end_char)
            for p in periods.find(text, self._reading.published_on)
        ]
        return [p for p in named if not self._is_of_a_document(p)]

    def _carried(self) -> list[Period | None]:
        """For each sentence the stretch at the head of an earlier one of its paragraph.

        It holds until a sentence names another time.
        """
        carried: list[Period | None] = []
        held: Period | None = None
        year: Period | None = None  # the last one named: what "Trong năm, ..." takes up
        block_no = None
        for sentence, named in zip(self._reading.sentences, self._periods, strict=True):
            if sentence.block_no != block_no:
                block_no, held = sentence.block_no, None
            if self._takes_up_year(sentence):
                held = year
            carried.append(held)
            year = next((p for p in reversed(named) if p.rule == "periods/year"), year)
            if named:
                at_head = named[0].start_char - sentence.start_char <= _HEAD
                held = named[0] if len(named) == 1 and named[0].first and at_head else None
        return carried

    def _takes_up_year(self, sentence: Sentence) -> bool:
        return self._reading.folded.startswith("trong năm,", sentence.start_char)

    def _is_of_a_document(self, period: Period) -> bool:
        """Whether a stretch stands in, or as a day right behind, a document: KL 01, ngày 18/5."""
        paper = _last_begun(self._findings.directives, period.start_char)
        behind = 2 if period.rule == "periods/day" else 0
        return paper is not None and period.start_char <= paper.end_char + behind

    def _subjects(self, sentence: Sentence) -> list[UnitMention]:
        """The bodies that are subjects of the sentence's clauses."""
        start, end = sentence.start_char, sentence.end_char
        clauses = [m.end() for m in _CLAUSE.finditer(self._reading.folded, start, end)]
        first = bisect_right(self._said, start, key=lambda said: said.start)
        last = bisect_right(self._said, end, key=lambda said: said.start)
        clauses += [said.start for said in self._said[first:last]]
        subjects = []
        for edge in sorted({start, *clauses}):
            unit = _first_from(self._findings.units, edge)
            if unit and unit.end_char <= end and self._opens_clause(sentence, edge, unit):
                subjects.append(unit)
        return subjects

    def _opens_clause(self, sentence: Sentence, edge: int, unit: UnitMention) -> bool:
        """Whether only a stretch of time and connecting words stand before the body."""
        named = self._periods[sentence.sentence_id]
        stretch = _last_before(named, unit.start_char)
        at = stretch.end_char if stretch and stretch.start_char >= edge else edge
        if unit.start_char - at > _OPENING_LENGTH:
            return False
        before = self._reading.folded[at : unit.start_char].strip(' ,:.-"')
        return _OPENING.match(f"{before} " if before else "") is not None

    def _is_carried_out(self, sentence: Sentence, mention: DirectiveMention) -> bool:
        first = max(sentence.start_char, mention.start_char - 80)
        return _CARRIED_OUT.search(self._reading.folded[first : mention.start_char]) is not None


class _Placed(Protocol):
    @property
    def start_char(self) -> int: ...

    @property
    def end_char(self) -> int: ...


P = TypeVar("P", bound=_Placed)


def _within(row: Sequence[P], start: int, end: int) -> Sequence[P]:
    """Those that begin in [start, end)."""
    first = bisect_left(row, start, key=lambda one: one.start_char)
    return row[first : bisect_left(row, end, key=lambda one: one.start_char)]


def _first_from(row: Sequence[P], start: int) -> P | None:
    at = bisect_left(row, start, key=lambda one: one.start_char)
    return row[at] if at < len(row) else None


def _last_begun(row: Sequence[P], at: int) -> P | None:
    n = bisect_right(row, at, key=lambda one: one.start_char)
    return row[n - 1] if n else None


def _last_before(row: Sequence[P], start: int) -> P | None:
    """The last one that ends at `start` or before."""
    n = bisect_right(row, start, key=lambda one: one.end_char)
    return row[n - 1] if n else None


def _nearest(row: Sequence[P], start: int) -> P | None:
    """The last one before a statement, else the first after it."""
    return _last_before(row, start) or (row[0] if row else None)


def _speaker(said: list[Said], start: int) -> str | None:
    """Who says what stands at `start`: of several the one whose words begin last."""
    at = bisect_right(said, start, key=lambda stretch: stretch.start)
    for stretch in reversed(said[max(0, at - _NESTED) : at]):
        if start < stretch.end:
            return stretch.name
    return None
