"""What a statement is about: when, whose, said by whom, under which directive. None if unsaid."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

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
# A stretch at the head of a sentence holds on for the sentences after it in the paragraph.
_HEAD: Final = 30


@dataclass(frozen=True, slots=True)
class Scope:
    period_start: date | None
    period_end: date | None
    as_of: date | None
    speaker: str | None
    organisation: str | None
    directive_id: str | None


class Scopes:
    """The scopes of one article's statements."""

    def __init__(self, reading: Reading, findings: Findings) -> None:
        self._reading = reading
        self._findings = findings
        self._said = attributions(reading, findings.officials, findings.units)
        self._periods = [self._named_in(sentence) for sentence in reading.sentences]
        self._inherited = self._carried()

    def of(self, sentence_id: int, start: int) -> Scope:
        """The scope of a statement that begins at `start` in that sentence."""
        sentence = self._reading.sentences[sentence_id]
        named = self._periods[sentence_id]
        stretch = _nearest([p for p in named if p.first], start) or self._inherited[sentence_id]
        as_of = _nearest([p for p in named if p.as_of], start)
        return Scope(
            stretch.first if stretch else None,
            stretch.last if stretch else None,
            as_of.as_of if as_of else None,
            _speaker(self._said, start),
            self._organisation(sentence, start),
            self._directive(sentence),
        )

    def _named_in(self, sentence: Sentence) -> list[Period]:
        """The stretches of time that a sentence names, but not the days of its documents."""
        at = sentence.start_char
        text = self._reading.folded[at : sentence.end_char]
        named = [
            replace(p, start_char=at + p.start_char, end_char=at + p.end_char)
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
            if self._reading.folded.startswith("trong năm,", sentence.start_char):
                held = year
            carried.append(held)
            year = next((p for p in reversed(named) if p.rule == "periods/year"), year)
            if named:
                at_head = named[0].start_char - sentence.start_char <= _HEAD
                held = named[0] if len(named) == 1 and named[0].first and at_head else None
        return carried

    def _is_of_a_document(self, period: Period) -> bool:
        """Whether a stretch stands in, or as a day right behind, a document: KL 01, ngày 18/5."""
        behind = 2 if period.rule == "periods/day" else 0
        return any(
            m.start_char <= period.start_char < m.end_char + behind + 1
            for m in self._findings.directives
        )

    def _organisation(self, sentence: Sentence, start: int) -> str | None:
        """The body that is the subject of the statement's clause."""
        folded = self._reading.folded
        edges = [m.end() for m in _CLAUSE.finditer(folded, sentence.start_char, start)]
        edges += [s.start for s in self._said if sentence.start_char < s.start <= start]
        for edge in sorted({sentence.start_char, *edges}, reverse=True):
            unit = next(
                (u for u in self._findings.units if edge <= u.start_char and u.end_char <= start),
                None,
            )
            if unit and self._opens_clause(sentence, edge, unit):
                return unit.name
        return None

    def _opens_clause(self, sentence: Sentence, edge: int, unit: UnitMention) -> bool:
        """Whether only a stretch of time and connecting words stand before the body."""
        at = edge
        for period in self._periods[sentence.sentence_id]:
            if edge <= period.start_char and period.end_char <= unit.start_char:
                at = period.end_char
        before = self._reading.folded[at : unit.start_char].strip(' ,:.-"')
        return len(before) <= 60 and _OPENING.match(f"{before} " if before else "") is not None

    def _directive(self, sentence: Sentence) -> str | None:
        """The one document that the sentence says is carried out."""
        found = {
            m.directive_id
            for m in self._findings.directives
            if m.sentence_id == sentence.sentence_id and self._is_carried_out(sentence, m)
        }
        return found.pop() if len(found) == 1 else None

    def _is_carried_out(self, sentence: Sentence, mention: DirectiveMention) -> bool:
        before = self._reading.folded[sentence.start_char : mention.start_char]
        return _CARRIED_OUT.search(before[-80:]) is not None


def _nearest(stretches: list[Period], start: int) -> Period | None:
    """The last stretch before a statement, else the first after it."""
    before = [p for p in stretches if p.end_char <= start]
    return before[-1] if before else stretches[0] if stretches else None


def _speaker(said: list[Said], start: int) -> str | None:
    """Who says what stands at `start`: of several the one whose words begin last."""
    at = bisect_right(said, start, key=lambda s: s.start)
    for stretch in reversed(said[:at]):
        if start < stretch.end:
            return stretch.name
    return None
