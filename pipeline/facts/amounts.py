"""Amounts: a number with its sign, range, ratio or unit, read from typed pieces.

Reading stops at what the pieces say; whether the amount is a fact at all is for `refusals`.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final, NamedTuple

from pipeline.facts import counted
from pipeline.facts.counted import Unit
from pipeline.facts.pieces import Line
from pipeline.facts.vocabulary import AFTER, LABEL_BEFORE
from pipeline.numerals import Numeral

_TO: Final = frozenset(("đến", "tới"))
_REACHED: Final = frozenset(("lên", "xuống", "còn", "thành"))  # từ 612 [lên] 745
_OVER: Final = frozenset(("/", "trên", "trong"))
_FARTHEST_OVER: Final = 12  # pieces: 18 cấp ủy viên cơ sở/20
_FARTHEST_REACHED: Final = 8  # pieces: từ 255 đồng chí (năm 2005) [lên]
_FEW: Final = 4  # words: of a unit in quotation marks, of `lên tới khoảng`


class Amount(NamedTuple):
    """A number at the pieces [first, core) of a line, with its unit [first, after).

    `start` and `end` are offsets of the text; `end` is that of the unit, if there is one.
    """

    first: int
    core: int
    after: int
    start: int
    end: int
    value: Decimal
    value_max: Decimal | None = None
    denominator: Decimal | None = None
    percent: bool = False
    decimals: int = 0
    spelled: bool = False
    bare: bool = False
    scale: Decimal = Decimal(1)
    unit: Unit | None = None


def read(line: Line, index: int) -> Amount:
    """The amount whose number is piece `index`."""
    numeral = _numeral(line, index)
    amount = Amount(
        index, index + 1, index + 1, numeral.start, numeral.end, numeral.value,
        decimals=numeral.decimals, spelled=numeral.spelled, bare=numeral.bare, scale=numeral.scale,
    )  # fmt: skip
    for step in (_percent, _over, _to):
        longer = step(line, amount)
        if longer is not None:
            amount = longer
            break
    amount = _with_unit(line, amount)
    return amount if amount.unit or amount.percent else _with_unit_reached(line, amount)


def reached(line: Line, amount: Amount) -> int | None:
    """The piece that says what a number rises or falls to: `từ 612 [lên] 745 đồng chí`."""
    if line.word(amount.first - 1) != "từ":
        return None
    for index in range(amount.core, min(amount.core + _FARTHEST_REACHED, len(line.pieces))):
        if line.word(index) in _REACHED and line.word(index - 1) != "trở":
            return index
        if line.kind(index) in ("semicolon", "stop"):
            break
    return None


def _numeral(line: Line, index: int) -> Numeral:
    numeral = line.pieces[index].numeral
    assert numeral is not None, "an amount begins at a piece of kind number"
    return numeral


# --- %, ranges, ratios ----------------------------------------------------------------------


def _percent(line: Line, amount: Amount) -> Amount | None:
    """`71,33%`, `5 - 7%`, `từ 50% đến 60%`."""
    if line.kind(amount.after) != "percent":
        return None
    sign = line.pieces[amount.after]
    percent = Amount(
        amount.first, amount.core + 1, amount.core + 1, amount.start, sign.end, amount.value,
        percent=True, decimals=amount.decimals, spelled=amount.spelled,
    )  # fmt: skip
    joint = percent.after
    if line.kind(joint) == "dash" or line.word(joint) in _TO:
        upper = _upper(line, joint + 1)
        if upper and line.kind(joint + 2) == "percent" and upper.value > amount.value:
            return _ended(line, percent, joint + 3, value_max=upper.value)
    return percent


def _to(line: Line, amount: Amount) -> Amount | None:
    """`40 - 60 triệu`, `từ 5 đến 7`; the scale said last holds for both."""
    joint = amount.after
    if line.kind(joint) != "dash" and line.word(joint) not in _TO:
        return None
    upper = _upper(line, joint + 1)
    if upper is None or upper.spelled != amount.spelled:
        return None
    low = amount.value
    if amount.scale == 1 and upper.scale > 1 and low < upper.value / upper.scale:
        low *= upper.scale
    if low >= upper.value:
        return None
    percent = line.kind(joint + 2) == "percent"
    if percent and line.before(amount.first, LABEL_BEFORE):
        return None  # quán triệt Nghị quyết 18 đến 100% đảng viên
    return _ended(
        line, amount, joint + 3 if percent else joint + 2, value=low, value_max=upper.value,
        percent=percent, decimals=upper.decimals if percent else amount.decimals,
    )  # fmt: skip


def _over(line: Line, amount: Amount) -> Amount | None:
    """`229/321`, `229/tổng số 321`, `18 trên tổng số 20`, `18 xã/20 xã`, `312/421 tỷ`."""
    near = line.pieces[amount.after : amount.after + _FARTHEST_OVER]
    if _OVER.isdisjoint([piece.text for piece in near]):
        return None
    unit = counted.read(line, amount.after)
    whole = _whole(line, unit.after if unit else amount.after)
    if whole is None:
        return None
    if unit is not None:
        second = counted.read(line, whole + 1)
        if line.word(unit.after) == "trong":
            return None  # 11 tỷ đồng trong tổng số 15 tỷ đồng
        if second is None or not _alike(line, unit, second):
            return None
    if line.kind(whole + 1) == "slash" and line.kind(whole + 2) == "number":
        return None  # 3/7/21
    total = _numeral(line, whole)
    scaled = amount.scale == 1 and unit is None
    value = amount.value * total.scale if scaled else amount.value
    return _ended(line, amount, whole + 1, value=value, denominator=total.value)


def _alike(line: Line, part: Unit, whole: Unit) -> bool:
    """`18 xã/20 xã`, `121 đảng viên nữ/147 đảng viên kết nạp`: one noun, more or less narrow."""
    one, other = line.folded[part.start : part.end], line.folded[whole.start : whole.end]
    return one.startswith(other) or other.startswith(one)


def _whole(line: Line, joint: int) -> int | None:
    """The index of the number that a slash, or `trong tổng số`, puts under the one before it."""
    slash = line.kind(joint) == "slash"
    at = joint + 1
    while line.word(at) in ("tổng", "số"):
        at += 1
    total = at > joint + 1
    if line.kind(at) == "number" and (slash or (total and line.word(joint) in _OVER)):
        return at
    return None


def _upper(line: Line, index: int) -> Numeral | None:
    return line.pieces[index].numeral if line.kind(index) == "number" else None


def _ended(line: Line, amount: Amount, after: int, **changes: Any) -> Amount:
    return amount._replace(core=after, after=after, end=line.pieces[after - 1].end, **changes)


# --- units ------------------------------------------------------------------------------------


def _with_unit(line: Line, amount: Amount) -> Amount:
    after = amount.after + 1 if line.kind(amount.after) == "note" else amount.after
    share = amount.percent or amount.denominator is not None
    if share and line.kind(after) == "word":
        bound = AFTER.at(line.folded, line.pieces[after].start)
        after = line.index_at(bound.end, after) if bound else after  # 70% trở lên số ấp
    quoted = line.kind(after) == "quote"
    unit = counted.read(line, after + 1 if quoted else after, share=share)
    if unit is None or (quoted and not unit.known):
        return amount
    if amount.percent and unit.head.kind not in ("count", "money"):
        return amount  # 100% ký cam kết is of no kilogram
    if quoted:
        return _with_quoted(line, amount, unit)
    return amount._replace(after=unit.after, end=unit.end, unit=unit)


def _with_quoted(line: Line, amount: Amount, unit: Unit) -> Amount:
    """`47 “chi bộ nhạt”` ends at the closing mark, where that is near."""
    after = unit.after
    while line.kind(after) == "word" and after - unit.after < _FEW:
        after += 1
    if line.kind(after) != "quote":
        return amount._replace(after=unit.after, end=unit.end, unit=unit)
    return amount._replace(after=after + 1, end=line.pieces[after].end, unit=unit)


def _with_unit_reached(line: Line, amount: Amount) -> Amount:
    """`từ 612 lên 745 đồng chí`, `từ 20 lên 45 triệu đồng`: the unit said last holds for both."""
    joint = reached(line, amount)
    if joint != amount.after or amount.denominator is not None:
        return amount
    at = joint
    while line.kind(at) == "word" and at - joint < _FEW:
        at += 1
    upper = _upper(line, at)
    if upper is None or upper.spelled != amount.spelled:
        return amount
    if line.kind(at + 1) == "percent":
        return amount._replace(percent=True)
    unit = counted.read(line, at + 1)
    if unit is None or not unit.known:
        return amount
    scaled = amount.scale == 1 and upper.scale > 1 and amount.value < 1000
    value = amount.value * upper.scale if scaled else amount.value
    return amount._replace(value=value, unit=unit)
