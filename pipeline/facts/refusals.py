"""Numbers that count nothing: dates, names, ranks, documents, slogans, stretches of time."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from pipeline.facts.amounts import Amount, reached
from pipeline.facts.pieces import Line
from pipeline.facts.vocabulary import (
    CHANGED_BEFORE,
    ITEM_BEFORE,
    LABEL_BEFORE,
    NO_LABEL_BEFORE,
    RESULT_BEFORE,
    RESULTS,
)

_ROMAN: Final = re.compile(r"[IVX]+")
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
# Before a year: `từ năm 2020 đến 2022`, `so với 2021`.
_DATING: Final = frozenset(("năm", "đến", "từ", "với", "tháng", "cuối", "đầu", "quý", "giữa", "và"))
# Before a day and month without `ngày`: `đến 30/6`, `hết 15/12`.
_UNTIL: Final = frozenset(("đến", "từ", "trước", "sau", "hết", "tới"))
_JOINTS: Final = frozenset(("và", "hoặc", "hay", "đến", "tới"))
_AVERAGE: Final = re.compile(r"(?<!\w)(?:bình\squân|trung\sbình)(?!\w)")
_FARTHEST_AVERAGE: Final = 100  # characters
# Behind a stretch of time that places something: `giảm 3 năm [qua]`
_UNDERGOES: Final = frozenset(("được", "bị"))
_SHORTENED: Final = frozenset(("xuống", "lên"))
_PLACED: Final = frozenset(("qua", "trước", "sau", "đầu", "cuối", "liền", "liên", "gần", "tới"))


def reason(line: Line, amount: Amount) -> str | None:
    """Why the amount states no fact, or None if it may."""
    for name, test in _TESTS.items():
        if test(line, amount):
            return name
    return None


def goes_on(line: Line, amount: Amount, after: int) -> bool:
    """Whether a refused label's number, which ended before piece `after`, goes on with this one.

    `Nghị quyết 18, 19`, `Phường 2, 3 và 7 tổ chức`; not `theo Nghị quyết 18, 25 chi bộ ...`.
    """
    if amount.first != after + 1 or amount.percent:
        return False
    if line.word(after) in _JOINTS or line.kind(after) == "dash":
        return not (_is_measured(amount) or _counts_after_all(amount, unless="people"))
    return line.kind(after) == "comma" and (amount.unit is None or not amount.unit.known)


# --- tests ------------------------------------------------------------------------------------


def _in_name(line: Line, amount: Amount) -> bool:
    """“Gian hàng 0 đồng”, “5 không, 3 sạch”."""
    return amount.first in line.named


def _glued(line: Line, amount: Amount) -> bool:
    """`35A`, `5G`, `a/12`, `19-5`: part of a code or a date."""
    first = amount.first
    before = line.kind(first - 1)
    if before == "slash":
        return line.glued(first) and not (amount.unit and amount.unit.known)
    if before == "code":
        return line.glued(first)
    if before == "dash" and line.glued(first) and line.glued(first - 1):
        return line.kind(first - 2) in ("word", "number", "code", "date")
    behind = amount.core
    if amount.percent or not line.glued(behind) or line.kind(behind) not in ("word", "code"):
        return False
    unit = amount.unit
    return unit is None or unit.head.kind == "count" or line.text[unit.start : unit.end].isupper()


def _year(line: Line, amount: Amount) -> bool:
    """`năm 2022`, `so với 2021`; `có 2.015 hộ` and `có 2015 hộ` are counts."""
    if amount.percent or not _YEAR.fullmatch(line.word(amount.first)):
        return False
    return amount.unit is None or not amount.unit.known or line.word(amount.first - 1) in _DATING


def _label(line: Line, amount: Amount) -> bool:
    """`Nghị quyết 18`, `Phường 2`, `lần thứ 4`, `ngày 19/5`; not `tổ dân phố 141/264 tổ`."""
    if amount.percent or _is_measured(amount) or amount.scale > 1:
        return False  # làm đường 28 tỷ
    if {".", ","} & set(line.word(amount.first)):
        return False  # a label's number has neither points nor decimals
    found = line.before(amount.first, LABEL_BEFORE)
    if found is None:
        return False
    first, label = found
    for phrases in (NO_LABEL_BEFORE, ITEM_BEFORE):  # hoàn thành tốt nhiệm vụ 47
        free = line.before(amount.first, phrases)
        if free is not None and free[0] < first:
            return False
    if label.up_to is not None and max(amount.value, amount.denominator or 0) > label.up_to:
        return False
    if label.verbal and line.capital(first):
        return True
    if label.unless and _part_of_units(line, amount):
        return False
    return not _counts_after_all(amount, unless=label.unless)


def _part_of_units(line: Line, amount: Amount) -> bool:
    """`tổ dân phố 141/264 tổ`, a part of known units; not `kiệt 15/124 đường Lê Lợi`."""
    unit, whole = amount.unit, amount.denominator
    if unit is None or not unit.known or whole is None or amount.value > whole:
        return False
    return line.kind(unit.after) != "word" or not line.capital(unit.after)


def _is_measured(amount: Amount) -> bool:
    return amount.unit is not None and amount.unit.head.kind in ("money", "measure", "score")


def _labels_next(line: Line, amount: Amount) -> bool:
    """`7 khóa XII`, `4 khóa 12`: the noun behind carries a number of its own."""
    if amount.unit is None or amount.unit.after >= len(line.pieces):
        return False
    unit, behind = amount.unit, line.pieces[amount.unit.after]
    if line.folded[unit.start : unit.end] not in LABEL_BEFORE.phrases:
        return False
    if behind.numeral is not None:
        return not behind.numeral.spelled  # 8/131 chi bộ ba năm liền chưa ...
    return bool(_ROMAN.fullmatch(line.text[behind.start : behind.end]))


def _counts_after_all(amount: Amount, unless: str) -> bool:
    """Whether the unit overrules a label: people nearly always, any known noun sometimes."""
    if amount.unit is None or not amount.unit.known or not unless:
        return False
    counted = amount.unit.head.counted
    if counted is None:
        return False
    return unless == "unit" or counted.people


def _calendar(line: Line, amount: Amount) -> bool:
    """A day and a month before a noun: `đến 30/6 chi bộ hoàn thành`."""
    if amount.denominator is None or amount.denominator > 12 or amount.value > 31:
        return False
    if line.word(amount.first - 1) in _UNTIL:
        return True
    plan = amount.unit and amount.unit.head.counted and amount.unit.head.counted.plan
    return amount.value > amount.denominator and not plan


def _time(line: Line, amount: Amount) -> bool:
    """`3 năm qua`, `24/24 giờ`, `dưới 35 tuổi`; `rút ngắn 5 ngày` and an average age measure."""
    if amount.unit is None or amount.unit.head.kind != "span":
        return False
    if amount.denominator is not None or amount.unit.rate:
        return True
    if {line.word(amount.after), line.word(amount.after - 1)} & _PLACED:
        return True  # 3 năm qua
    if line.before(amount.first, CHANGED_BEFORE) or reached(line, amount):
        return False  # rút từ 3 ngày xuống 1 ngày
    if line.word(amount.first - 1) in _SHORTENED or line.word(amount.first - 2) == "xuống":
        return False
    clause = line.pieces[line.clauses[amount.first]].start
    since = max(clause, amount.start - _FARTHEST_AVERAGE)
    return _AVERAGE.search(line.folded, since, amount.start) is None


def _free_of_charge(line: Line, amount: Amount) -> bool:
    """`phiên chợ 0 đồng`"""
    return not amount.value and amount.unit is not None and amount.unit.head.kind == "money"


def _rank(line: Line, amount: Amount) -> bool:
    """`1 trong 5 tỉnh dẫn đầu`; `một trong 37 quần chúng được kết nạp` counts what is there."""
    if line.word(amount.first - 1) != "trong" or line.kind(amount.first - 2) != "number":
        return False
    counted = amount.unit.head.counted if amount.unit else None
    return counted is None or counted.named


def _scale(line: Line, amount: Amount) -> bool:
    """`chấm theo thang 100 điểm`"""
    return line.word(amount.first - 1) == "thang"


def _once(line: Line, amount: Amount) -> bool:
    """`3 tháng 1 lần`, `mỗi quý 1 lần`"""
    unit = amount.unit
    return amount.value == 1 and unit is not None and unit.head.id == "lan"


def _named(line: Line, amount: Amount) -> bool:
    """A number that belongs to a name before it: `Binh đoàn Hương Giang 12 tỉnh`."""
    first = amount.first
    if first < 2 or line.kind(first - 1) != "word" or amount.percent or amount.unit is None:
        return False
    name = line.text[line.pieces[first - 1].start : line.pieces[first - 1].end]
    if not (name[0].isupper() and name[1:].islower()) or line.kind(first - 2) != "word":
        return False
    counted = amount.unit.head.counted
    capital = line.text[amount.unit.start].isupper()
    return not amount.unit.known or capital or bool(counted and counted.named)


def _spelled(line: Line, amount: Amount) -> bool:
    """Numbers in words state a result where they are long, or a verb of result stands before."""
    if not amount.spelled or amount.percent:
        return False
    unit = amount.unit
    if unit is None or not unit.known or amount.value == 1:
        return True
    if unit.head.counted and unit.head.counted.abstract:
        return True
    if amount.bare or " " in line.word(amount.first):
        return False
    return line.before(amount.first, RESULT_BEFORE) is None and not _undergone(line, unit.after)


def _undergone(line: Line, index: int) -> bool:
    """`ba chi bộ được Huyện ủy tặng giấy khen`: a result said behind the noun."""
    if line.word(index) not in _UNDERGOES:
        return False
    until = index
    while line.kind(until) == "word":
        until += 1
    return bool(RESULTS.find(line.folded[line.pieces[index].end : line.pieces[until - 1].end]))


_TESTS: Final[dict[str, Callable[[Line, Amount], bool]]] = {
    "name": _in_name,
    "code": _glued,
    "year": _year,
    "label": _label,
    "label of the next": _labels_next,
    "calendar": _calendar,
    "time": _time,
    "free": _free_of_charge,
    "rank": _rank,
    "scale": _scale,
    "once": _once,
    "named": _named,
    "spelled": _spelled,
}
