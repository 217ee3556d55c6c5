"""What the words around an amount say of it: how exact, against what, reached or aimed at."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

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

_CLAUSE_ENDS: Final = frozenset(("comma", "semicolon", "colon", "stop", "open", "close", "quote"))
# Without a base to differ from they only compare: `tỷ lệ nữ cao hơn 15%`.
_COMPARATIVES: Final[dict[str, Comparator]] = {
    "nhiều hơn": "gt", "cao hơn": "gt", "lớn hơn": "gt", "ít hơn": "lt", "thấp hơn": "lt",
}  # fmt: skip

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
# [251 mô hình] so với năm 2020
_BASE_BEHIND: Final = re.compile(
    r"\s{0,2}\)?,?\s{0,2}(?:so\s(?:với\s)?|hơn\s)(?P<base>[^,;:.…()\[\]]{2,70})"
)
# So với cùng kỳ năm trước, [... giảm 12%]
_BASE_BEFORE: Final = re.compile(
    r"(?<!\w)so\s(?:với\s)?(?P<base>[^,;:.…()\[\]]{2,70}?)(?=,|\s(?:tăng|giảm|vượt|đã\s(?:tăng|giảm))\s)"
)
_BASE_ENDS: Final = re.compile(r"\s(?:và|nhưng|trong đó|tăng|giảm|là|thì|đạt)\s.*$")
_FARTHEST_BASE: Final = 90  # characters before a number


class Comparison(NamedTuple):
    """How exact a number is, and whether it is a difference."""

    code: Comparator | None
    start: int  # where the surface begins, with `hơn`, `ít nhất`
    end: int  # where it ends, with `trở lên`
    first: int  # the first piece of the phrase, verbs of change included
    demanded: bool  # said as a bound: ít nhất, tối thiểu, không quá
    change: Change | None
    base: str | None  # what the difference is from


def read(line: Line, amount: Amount) -> Comparison:
    """The comparator and the change said right before the amount, or right behind it."""
    code: Comparator | None = None
    first, start, end = amount.first, amount.start, amount.end
    compared = line.before(first, COMPARED_BEFORE)
    changed = line.before(first, CHANGED_BEFORE)
    if compared and not (changed and changed[0] < compared[0]) and not _located(line, amount, compared[0]):
        first, code = compared[0], _code(compared[1])
        start = line.pieces[first].start
        changed = line.before(first, CHANGED_BEFORE)
    demanded = code in ("ge", "le")
    change, base = _change(line, amount, first, changed)
    if changed:
        first = changed[0]
        if change is None:
            code, start = _COMPARATIVES[line.phrase(first, amount.first)], line.pieces[first].start
    if line.kind(amount.after) == "word":
        behind = AFTER.at(line.folded, line.pieces[amount.after].start)
        if behind is not None and behind.end <= line.end:
            code, end = behind.value, behind.end
    return Comparison(code, start, end, first, demanded, change, base)


def _located(line: Line, amount: Amount, first: int) -> bool:
    """`trên 3 lĩnh vực` says where, not how many."""
    counted = amount.unit.head.counted if amount.unit else None
    return bool(counted and counted.located) and line.word(first) == "trên"
