"""What the words around an amount say of it: how exact, against what, reached or aimed at."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Final, NamedTuple

from pipeline.facts import vocabulary
from pipeline.facts.amounts import Amount
from pipeline.facts.pieces import Line
from pipeline.facts.vocabulary import (
    AFTER,
    CHANGED_BEFORE,
    COMPARED_BEFORE,
    REPORTED,
    TARGET_CLAUSE,
    TARGET_SENTENCE,
)
from pipeline.records import Change, Comparator, Modality

# tăng so với cùng kỳ [12 vụ], nhiều hơn cùng kỳ [9], cao hơn chỉ tiêu Quốc hội đề ra [12,32%]
_BASE_BETWEEN: Final = re.compile(
    r"""(?<!\w)(?: (?P<up> tăng | nhiều\shơn | cao\shơn | vượt )
                 | (?: giảm | ít\shơn | thấp\shơn ) )
        \s (?:so\s(?:với\s)?)?
        (?P<base> (?:cùng\skỳ | năm\strước | năm\sngoái | năm\s\d{4} | nhiệm\skỳ
                  | đầu\snhiệm\skỳ | kế\shoạch | chỉ\stiêu | nghị\squyết | quy\sđịnh)
                  (?:\s[^\W_]+){0,6} )
        \s $""",
    re.VERBOSE,
)
# [251 mô hình] so với năm 2020, [12 vụ] phát sinh so với năm 2021
_BASE_BEHIND: Final = re.compile(
    r"(?:\s[^\W\d_]+){0,3}?\s{0,2}\)?,?\s{0,2}(?:so\s(?:với\s)?|hơn\s)(?P<base>[^,;:.…()\[\]]{2,70})"
)
# So với cùng kỳ năm trước, [... giảm 12%]
_BASE_BEFORE: Final = re.compile(
    r"(?<!\w)so\s(?:với\s)?(?P<base>[^,;:.…()\[\]]{2,70}?)(?=,|\s(?:đã\s)?(?:tăng|giảm|vượt)\s)"
)
_BASE_ENDS: Final = re.compile(r"\s(?:và|nhưng|trong đó|tăng|giảm|là|thì|đạt)\s.*$")
_FARTHEST_BASE: Final = 90  # characters before the number
_FARTHEST_HEADING: Final = 300


class Comparison(NamedTuple):
    """How exact a number is, and whether it is a difference."""

    code: Comparator | None
    start: int  # where the surface begins, with `hơn`, `ít nhất`
    end: int  # where it ends, with `trở lên`
    first: int  # the first piece of the phrase, its verb of change included
    demanded: bool  # said as a bound: ít nhất, tối thiểu, không quá
    change: Change | None
    base: str | None  # what the difference is from


def read(line: Line, amount: Amount) -> Comparison:
    """The comparator and the change said right before the amount, or right behind it."""
    code: Comparator | None = None
    first, start, end = amount.first, amount.start, amount.end
    compared = line.before(first, COMPARED_BEFORE)
    changed = line.before(first, CHANGED_BEFORE)
    inside = compared and changed and changed[0] < compared[0]  # nhiều [hơn]
    if compared and not inside and not _located(line, amount, compared[0]):
        first, code = compared
        start = line.pieces[first].start
        changed = line.before(first, CHANGED_BEFORE)
    demanded = code in ("ge", "le")
    change, base = _change(line, amount, first, changed[1] if changed else None)
    if changed is not None:
        first = changed[0]
        if change is None and code is None:  # tỷ lệ nữ cao hơn 15%
            code, start = changed[1].comparative, line.pieces[first].start
    if line.kind(amount.after) == "word":
        behind = AFTER.at(line.folded, line.pieces[amount.after].start)
        if behind is not None and behind.end <= line.end:
            code, end = behind.value, behind.end
    return Comparison(code, start, end, first, demanded, change, base)


def _located(line: Line, amount: Amount, first: int) -> bool:
    """`trên 3 lĩnh vực` says where, not how many."""
    counted = amount.unit.head.counted if amount.unit else None
    return bool(counted and counted.located) and line.word(first) == "trên"


# --- change -----------------------------------------------------------------------------------


def _change(
    line: Line, amount: Amount, first: int, said: vocabulary.Change | None
) -> tuple[Change | None, str | None]:
    """The direction of a difference and its base; a comparative without a base is none."""
    start = line.pieces[first].start
    if said is not None:
        base = base_behind(line, amount) or _base_before(line, start)
        return (None, None) if said.comparative and base is None else (said.direction, base)
    since = max(line.start, start - _FARTHEST_BASE)
    if between := _BASE_BETWEEN.search(line.folded, since, start):
        base = line.text[between.start("base") : between.end("base")]
        return ("increase" if between["up"] else "decrease"), base
    if line.kind(first - 1) == "dash" and line.kind(first - 2) == "open":  # (-24,25%)
        return "decrease", _base_before(line, start)
    return None, None


def base_behind(line: Line, amount: Amount) -> str | None:
    """What a difference is from, where the words behind it say so: `so với năm 2020`."""
    match = _BASE_BEHIND.match(line.folded, amount.end, line.end)
    return _base(line, match) if match else None


def _base_before(line: Line, start: int) -> str | None:
    last = None
    since = max(line.start, start - _FARTHEST_HEADING)
    for match in _BASE_BEFORE.finditer(line.folded, since, start):
        last = match
    return _base(line, last) if last else None


def _base(line: Line, match: re.Match[str]) -> str | None:
    start, end = match.span("base")
    words = _BASE_ENDS.sub("", line.folded[start:end]).rstrip()
    return line.text[start : start + len(words)] or None


# --- modality ---------------------------------------------------------------------------------


class Aims(NamedTuple):
    """Where a sentence says that numbers are aimed at, and where that they were reached."""

    sentence: list[int]  # ends of cues that reach to the sentence's end
    clause: list[int]  # ends of cues that reach to the clause's end
    reported: list[int]  # starts of cues of what has happened


def aims(line: Line) -> Aims:
    def spans(pattern: re.Pattern[str]) -> list[re.Match[str]]:
        return list(pattern.finditer(line.folded, line.start, line.end))

    return Aims(
        [match.end() for match in spans(TARGET_SENTENCE)],
        [match.end() for match in spans(TARGET_CLAUSE)],
        [match.start() for match in spans(REPORTED)],
    )


def modality(line: Line, said: Comparison, aims: Aims) -> Modality:
    """Whether the number is aimed at (`phấn đấu`, `ít nhất` in a rule) or reported."""
    start = line.pieces[said.first].start
    clause = line.pieces[line.clauses[said.first]].start
    aimed = _last(aims.sentence, start, -1)
    if (nearer := _last(aims.clause, start, -1)) >= clause:
        aimed = max(aimed, nearer)
    if said.demanded:
        aimed = max(aimed, clause)
    if aimed < 0 or _last(aims.reported, start - 1, -1) >= aimed:
        return "reported"
    return "target"


def _last(places: list[int], limit: int, otherwise: int) -> int:
    """The last of the rising `places` up to `limit`."""
    at = bisect_right(places, limit)
    return places[at - 1] if at else otherwise
