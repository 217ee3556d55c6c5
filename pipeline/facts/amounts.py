"""Amounts: a number with its sign, range, ratio or unit, read from typed pieces.

Reading stops at what the pieces say; whether the amount is a fact at all is for `refusals`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final

from pipeline.facts import counted
from pipeline.facts.counted import Unit
from pipeline.facts.pieces import Line
from pipeline.numerals import Numeral

_TO: Final = frozenset(("đến", "tới"))


@dataclass(frozen=True, slots=True)
class Amount:
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
    return _with_unit(line, amount)


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
    return _ended(
        line, amount, joint + 3 if percent else joint + 2, value=low, value_max=upper.value,
        percent=percent, decimals=upper.decimals if percent else amount.decimals,
    )  # fmt: skip


def _over(line: Line, amount: Amount) -> Amount | None:
    """`229/321`, `229/tổng số 321`, `18 trên tổng số 20`, `18 xã/20 xã`."""
    unit = counted.read(line, amount.after)
    whole = _whole(line, unit.after if unit else amount.after)
    if whole is None:
        return None
    if unit is not None:
        second = counted.read(line, whole + 1)
        if second is None or not _alike(line, unit, second):
            return None
    if line.kind(whole + 1) == "slash" and line.kind(whole + 2) == "number":
        return None  # 3/7/21
    return _ended(line, amount, whole + 1, denominator=_numeral(line, whole).value)


def _alike(line: Line, part: Unit, whole: Unit) -> bool:
    """`18 xã/20 xã`, `121 đảng viên nữ/147 đảng viên kết nạp`: one noun, more or less narrow."""
    one, other = line.folded[part.start : part.end], line.folded[whole.start : whole.end]
    return one.startswith(other) or other.startswith(one)


def _whole(line: Line, joint: int) -> int | None:
    """The index of the number that a slash, or `trên tổng số`, puts under the one before it."""
    slash = line.kind(joint) == "slash"
    at = joint + 1
    while line.word(at) in ("tổng", "số"):
        at += 1
    total = at > joint + 1
    if line.kind(at) == "number" and (slash or (total and line.word(joint) == "trên")):
        return at
    return None


def _upper(line: Line, index: int) -> Numeral | None:
    return line.pieces[index].numeral if line.kind(index) == "number" else None


def _ended(line: Line, amount: Amount, after: int, **changes: Any) -> Amount:
    return replace(amount, core=after, after=after, end=line.pieces[after - 1].end, **changes)


# --- units ------------------------------------------------------------------------------------


def _with_unit(line: Line, amount: Amount) -> Amount:
    after = amount.after + 1 if line.kind(amount.after) == "note" else amount.after
    quoted = line.kind(after) == "quote"  # 47 “chi bộ nhạt”
    share = amount.percent or amount.denominator is not None
    unit = counted.read(line, after + 1 if quoted else after, share=share)
    if unit is None or (quoted and not unit.known):
        return amount
    if amount.percent and unit.head.kind not in ("count", "money"):
        return amount  # 100% ký cam kết is of no kilogram
    return replace(amount, after=unit.after, end=unit.end, unit=unit)
