"""What an amount is of: its own unit, one that the words before name, or one its list shares."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final, NamedTuple, Protocol

from pipeline.facts import context, counted
from pipeline.facts.amounts import Amount
from pipeline.facts.counted import Unit
from pipeline.facts.pieces import Line
from pipeline.facts.vocabulary import HEADS, ITEM_BEFORE, SUM
from pipeline.records import FactKind

_MILLION: Final = Decimal(10**6)
_ENDS_ITEM: Final = frozenset(("comma", "semicolon", "open", "close", "stop", "note", ""))
_IS: Final = frozenset(("là", "có", "được", "gồm", ":"))  # nữ [có] 339, tái cử[:] 31
_RATE: Final = ("tỷ lệ", "tỉ lệ")


class Said(NamedTuple):
    """The unit of a fact as it is stored; None is unsaid. `end` is where its text ends."""

    kind: FactKind
    end: int
    text: str | None = None
    id: str | None = None
    currency: str | None = None
    plan: bool = False


class Read(Protocol):
    """What an item of a list needs to know of the facts before it."""

    @property
    def unit(self) -> str | None: ...
    @property
    def unit_id(self) -> str | None: ...
    @property
    def kind(self) -> FactKind: ...


def said(
    line: Line, amount: Amount, share: Amount | None, earlier: Sequence[Read]
) -> Said | None:
    """What the amount counts or measures; None where it has no unit and no list to share one."""
    if amount.unit is not None:
        return _own(line, amount, amount.unit)
    if amount.percent:
        return _of_rate(line, amount)
    if amount.denominator is not None:
        return _of_share(line, amount, share) if share else None
    if amount.scale >= _MILLION and _sum_of_money(line, amount):
        return Said("money", amount.end, currency="VND", id="vnd")
    if share is not None or _item(line, amount) or _compared(line, amount):
        return _shared(line, amount, earlier)
    return None


def _own(line: Line, amount: Amount, unit: Unit) -> Said:
    head = unit.head
    kind: FactKind = "count" if head.kind in ("count", "span") else head.kind  # type: ignore[assignment]
    if head.kind == "span":
        kind = "measure"
    if head.id == "lan" and not amount.decimals and not context.change(line, amount, amount.first)[0]:
        kind = "count"
    if amount.percent:
        kind = "percent"
    elif amount.denominator is not None and kind != "score":
        kind = "ratio"
    plan = bool(head.counted and head.counted.plan)
    return Said(kind, unit.end, line.text[unit.start : unit.end], head.id, head.currency, plan)


def _of_rate(line: Line, amount: Amount) -> Said:
    """`Tỷ lệ hộ nghèo giảm còn 1,91%`: a percentage of hộ nghèo."""
    begin, end = context.done_before(line, amount.first, 0)
    if end - begin >= 3 and f"{line.word(begin)} {line.word(begin + 1)}" in _RATE:
        unit = counted.read(line, begin + 2)
        if unit is not None and unit.known and unit.head.kind == "count" and unit.after <= end:
            text = line.text[unit.start : unit.end]
            return Said("percent", amount.end, text, unit.head.id)
    return Said("percent", amount.end)


def _of_share(line: Line, amount: Amount, share: Amount) -> Said:
    """The unit that stands behind the percentage: `44/62 = 70,97% chi bộ`, `100% (25/25) chi bộ`."""
    unit = share.unit
    if unit is None and line.kind(amount.core) == "close":
        unit = counted.read(line, amount.core + 1)
    if unit is None:
        return Said("ratio", max(amount.end, share.end))
    plan = bool(unit.head.counted and unit.head.counted.plan)
    return Said("ratio", unit.end, line.text[unit.start : unit.end], unit.head.id, None, plan)


def _shared(line: Line, amount: Amount, earlier: Sequence[Read]) -> Said:
    """An item of a list counts what its list counts: `kỷ luật 74 đảng viên: khiển trách 39`."""
    for fact in reversed(earlier):
        if fact.kind in ("count", "ratio") and fact.unit:
            return Said("count", amount.end, fact.unit, fact.unit_id)
    people = [
        hit
        for hit in HEADS.find(line.folded[line.start : amount.start])
        if hit.value.counted and (hit.value.counted.people or hit.value.counted.named)
    ]
    if not people:
        return Said("count", amount.end)
    last = people[-1]
    text = line.text[line.start + last.start : line.start + last.end]
    return Said("count", amount.end, text, last.value.id)


def _item(line: Line, amount: Amount) -> bool:
    """`khiển trách 39,`, `tái cử: 31;`"""
    if line.kind(amount.core) not in _ENDS_ITEM and line.word(amount.core) != "và":
        return False
    first = amount.first
    while line.word(first - 1) in _IS:
        first -= 1
    return line.before(first, ITEM_BEFORE) is not None


def _compared(line: Line, amount: Amount) -> bool:
    """`nhiều hơn cùng kỳ 9`"""
    direction, base = context.change(line, amount, amount.first)
    return direction is not None and base is not None


def _sum_of_money(line: Line, amount: Amount) -> bool:
    start = line.pieces[context.clause_start(line, amount.first)].start
    return SUM.search(line.folded, start, amount.start) is not None
