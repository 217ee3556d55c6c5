"""Papers of party and state in an article, and which local paper carries out which other one.

`citations` reads how the text refers to a document, `resolution` says which document it means.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from pipeline.annotate.citations import citations
from pipeline.annotate.documents import LISTED
from pipeline.annotate.issuers import WORDS, any_of, subject_of_issuing
from pipeline.annotate.reading import Reading
from pipeline.annotate.resolution import resolve
from pipeline.records import DirectiveLink, DirectiveMention, UnitMention

_Run = list[DirectiveMention]  # papers listed side by side in one sentence

# "về tiếp tục thực hiện nghiêm túc" right before a citation
_CARRIES_OUT: Final = re.compile(
    rf"(?<!\w)(?:{any_of(WORDS['carry_out'])})(?:\s[^\W\d_]{{1,7}}){{0,3}}\s{{1,2}}[\"(]?$"
)
_FINITE: Final = re.compile(rf"[;!?]|(?<!\w)(?:{any_of(WORDS['finite'])})(?!\w)")
_APART: Final = 200  # characters between two papers of one statement
_LOOK_BACK: Final = 50
_LISTED_MOST: Final = 12  # papers in one list; a longer list is no statement


def find(reading: Reading, units: tuple[UnitMention, ...] = ()) -> tuple[DirectiveMention, ...]:
    """Every document the article refers to, in text order; `units` lend issuers their full names.

    A mention is resolved where exactly one document of the authority file fits; its `resolution`
    says by which step, or why none does.
    """
    unit_ends: dict[int, int] = {}
    for unit in units:
        unit_ends[unit.start_char] = max(unit.end_char, unit_ends.get(unit.start_char, 0))
    return resolve(reading, citations(reading, unit_ends))


def links(reading: Reading, mentions: tuple[DirectiveMention, ...]) -> tuple[DirectiveLink, ...]:
    """Which local paper is said to carry out which other one, both in one sentence.

    `Chỉ thị 06 về thực hiện Kết luận 21`, or `Thực hiện Kết luận 21, Thành ủy đã ban hành Chỉ thị
    06`; of papers listed side by side each is linked.
    """
    found: list[DirectiveLink] = []
    for first, second in pairwise(_runs(reading, mentions)):
        if first[0].sentence_id != second[0].sentence_id:
            continue
        if _carries_out(reading, first[-1], second[0]):
            found += _linked(reading, first, second, "directives/carries-out")
        elif _is_carried_out(reading, first, second[0]):
            found += _linked(reading, second, first, "directives/is-carried-out")
    return tuple(found)


def _runs(reading: Reading, mentions: tuple[DirectiveMention, ...]) -> list[_Run]:
    runs: list[_Run] = []
    for m in mentions:
        last = runs[-1][-1] if runs else None
        if (
            last
            and last.sentence_id == m.sentence_id
            and (
                last.start_char == m.start_char
                or LISTED.fullmatch(reading.folded, last.end_char, m.start_char)
            )
        ):
            runs[-1].append(m)
        else:
            runs.append([m])
    return runs


def _carries_out(reading: Reading, local: DirectiveMention, other: DirectiveMention) -> bool:
    if other.start_char - local.end_char > _APART:
        return False
    between = reading.folded[local.end_char : other.start_char]
    verb = _CARRIES_OUT.search(between)
    return verb is not None and _FINITE.search(between, 0, verb.start()) is None


def _is_carried_out(reading: Reading, others: _Run, local: DirectiveMention) -> bool:
    start = reading.sentence_at(local.start_char).start_char
    begins = others[0].start_char
    if local.start_char - others[-1].end_char > _APART:
        return False
    carried = _CARRIES_OUT.search(reading.folded, max(start, begins - _LOOK_BACK), begins)
    return carried is not None and subject_of_issuing(reading, start, local.start_char, {})[0]


def _linked(reading: Reading, locals_: _Run, others: _Run, rule: str) -> list[DirectiveLink]:
    return [
        DirectiveLink(
            article_id=reading.article_id,
            sentence_id=local.sentence_id,
            start_char=local.start_char,
            implements_start_char=other.start_char,
            implements_directive_id=other.directive_id,
            surface=reading.text[
                min(local.start_char, other.start_char) : max(local.end_char, other.end_char)
            ],
            rule=rule,
        )
        for local in locals_[:_LISTED_MOST]
        if _is_local(local)
        for other in others[:_LISTED_MOST]
    ]


def _is_local(m: DirectiveMention) -> bool:
    """Of a local body, or of one unsaid and so not of the centre by its sign or its resolution."""
    how = m.resolution or ""
    central = m.directive_id or (m.suffix or "").endswith("TW") or "other issuer" in how
    return not central and m.rule != "directives/plenum"
