"""What an amount is of: its own unit, one that the words before name, or one its list shares."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Final, NamedTuple, Protocol

from pipeline.facts import counted
from pipeline.facts.amounts import Amount
from pipeline.facts.counted import Unit
from pipeline.facts.pieces import Line
from pipeline.facts.surroundings import Comparison
from pipeline.facts.vocabulary import HEADS, ITEM_BEFORE, ITEMS, SUM
from pipeline.records import FactKind

_MILLION: Final = Decimal(10**6)
_BILLION: Final = Decimal(10**9)
_LONGEST_ITEM: Final = 10  # words
_LONGEST_LIST: Final = 20  # facts of a list whose head is looked for
_FARTHEST: Final = 40  # pieces
_FARTHEST_HEAD: Final = 300  # characters
_ENDS_ITEM: Final = frozenset(("comma", "semicolon", "open", "close", "stop", "note", ""))
_IS: Final = frozenset(("là", "có", "được", "gồm", ":"))  # nữ [có] 339, tái cử[:] 31
_LEVEL: Final = frozenset(("lên", "là", "còn"))  # nâng số tổ [lên] 272
_ENDS_RAISED: Final = frozenset(("với", "và", "trong", "so", "vào"))
_RATE: Final = ("tỷ lệ", "tỉ lệ")
_BEFORE_BODY: Final = frozenset(("", "số", "số lượng", "tổng số", "có", "các"))
_FARTHEST_WORDS: Final = 40  # characters
_AGE: Final = re.compile(
    r"(?<!\w)(?P<unit>tuổi)\s(?:đời\s)?(?:bình\squân|trung\sbình)(?:\s(?:là|đạt))?\s\Z"
)
_EACH: Final = re.compile(r"(?<!\w)mỗi(?:\s[^\W\d_]+){1,4}\s\Z")  # mỗi căn [50 triệu]
# "[640 triệu], cấp xã 1.222 triệu đồng"; "215 triệu đồng, trong đó cấp huyện [640 triệu]"
_MILLIONS_BEHIND: Final = re.compile(
    r"(?:[,;]?\s(?:và\s)?[^\d,;:().\"]{2,60}\d[\d.,]*\striệu){1,9}\sđồng(?!\w)"
)
_MILLIONS_BEFORE: Final = re.compile(
    r"(?:(?:tỷ|tỉ|triệu)\sđồng[,;:\s]{1,3}(?:trong\sđó|gồm|cụ\sthể)|triệu(?:[,;]|\svà))[^\d.]{0,60}\Z"
)


LIST_ITEM: Final = "facts/list-item"
LIST_ITEM_SHARE: Final = "facts/list-item-share"
LISTED: Final = frozenset((LIST_ITEM, LIST_ITEM_SHARE))


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
    @property
    def rule(self) -> str: ...


def said(
    line: Line,
    amount: Amount,
    share: Amount | None,
    compared: Comparison,
    earlier: Sequence[Read],
) -> Said | None:
    """What the amount counts or measures; None where it has no unit and no list to share one."""
    if amount.unit is not None:
        return _own(line, amount, amount.unit, compared)
    if amount.percent:
        return _of_plan(line, amount, compared) or _of_rate(line, amount)
    if amount.denominator is not None:
        return _of_share(line, amount, share) if share else None
    if amount.scale >= _MILLION and _sum_of_money(line, amount, earlier):
        return Said("money", amount.end, "đồng", "vnd", "VND")
    if named := _of_number(line, amount) or _age(line, amount):
        return named
    shared = share is not None or compared.base or _changed_alone(line, amount, compared)
    if shared or _item(line, amount) or _listed(line, amount, earlier):
        return _shared(line, amount, earlier)
    return None


def _own(line: Line, amount: Amount, unit: Unit, compared: Comparison) -> Said:
    head = unit.head
    kind: FactKind = "count" if head.kind in ("count", "span") else head.kind  # type: ignore[assignment]
    if head.kind == "span":
        kind = "measure"
    if head.id.split("-")[0] == "lan" and not amount.decimals and compared.change is None:
        kind = "count"
    if amount.percent:
        kind = "percent"
    elif amount.denominator is not None and kind != "score":
        kind = "ratio"
    plan = bool(head.counted and head.counted.plan)
    return Said(kind, unit.end, _text(line, unit), head.id, head.currency, plan)


def _of_plan(line: Line, amount: Amount, compared: Comparison) -> Said | None:
    """`đạt 59,9% so với dự toán`: a percentage of the plan, where it is no difference from it."""
    at = amount.after
    if compared.change or line.word(at) != "so":
        return None
    unit = counted.read(line, at + 2 if line.word(at + 1) == "với" else at + 1)
    if unit is None or unit.head.counted is None or not unit.head.counted.plan:
        return None
    return Said("percent", amount.end, _text(line, unit), unit.head.id, plan=True)


def _of_rate(line: Line, amount: Amount) -> Said:
    """`Tỷ lệ hộ nghèo giảm còn 1,91%`: a percentage of hộ nghèo."""
    for index in range(_words_since(line, amount.first), amount.first - 2):
        if f"{line.word(index)} {line.word(index + 1)}" in _RATE:
            unit = counted.read(line, index + 2)
            if unit and unit.known and unit.head.kind == "count" and unit.after <= amount.first:
                text = _text(line, unit)
                return Said("percent", amount.end, text, unit.head.id)
            break
    return Said("percent", amount.end)


def _of_share(line: Line, amount: Amount, share: Amount) -> Said:
    """The unit of a ratio that stands with its percentage, or behind the brackets of either.

    `44/62 = 70,97% chi bộ`, `100% (25/25) chi bộ`, `25/25 (100%) chi bộ`.
    """
    last = max(amount, share, key=lambda one: one.first)
    closed = line.kind(last.after) == "close"
    end = line.pieces[last.after].end if closed else last.end
    unit = share.unit or (counted.read(line, last.after + 1) if closed else None)
    unit = unit or _numbered(line, amount)
    if unit is None:
        return Said("ratio", end)
    plan = bool(unit.head.counted and unit.head.counted.plan)
    return Said("ratio", max(end, unit.end), _text(line, unit), unit.head.id, None, plan)


def _text(line: Line, unit: Unit) -> str:
    return line.text[unit.start : unit.end]


def _shared(line: Line, amount: Amount, earlier: Sequence[Read]) -> Said:
    """An item counts what it names, or what its list counts.

    `cán bộ nữ: 11` is of cán bộ nữ, `kỷ luật 74 đảng viên: khiển trách 39` of đảng viên.
    """
    start = _item_start(line, amount.first)
    if own := _body(line, start, amount.start, last=False):
        return own._replace(end=amount.end)
    for fact in reversed(earlier[-_LONGEST_LIST:]):
        if fact.kind in ("count", "ratio") and fact.unit and fact.rule not in LISTED:
            return Said("count", amount.end, fact.unit, fact.unit_id)
    whole = _body(line, max(line.start, start - _FARTHEST_HEAD), start, last=True)
    return whole._replace(end=amount.end) if whole else Said("count", amount.end)


def _item_start(line: Line, amount_first: int) -> int:
    """The offset where the list's item begins: `cán bộ trẻ (dưới 40 tuổi): 5` at cán bộ."""
    first = amount_first
    farthest = max(first - _FARTHEST, 0)
    while first > farthest and line.kind(first - 1) not in ("comma", "semicolon", "stop"):
        if line.kind(first - 1) == "colon" and first < amount_first:
            break  # kỷ luật đảng viên: khiển trách 28
        closing = line.closing.get(first - 1, -2)
        if line.kind(first - 1) == "open" and line.kind(closing + 1) != "colon":
            break
        first -= 1
    return line.pieces[first].start


def _words_since(line: Line, first: int) -> int:
    """The first piece of the clause before a number, not looked for too far back."""
    return max(line.clauses[first], first - _FARTHEST)


def _body(line: Line, start: int, end: int, *, last: bool) -> Said | None:
    """The first or last noun of people or bodies in [start, end) of the text."""
    found = [
        hit
        for hit in HEADS.find(line.folded[start:end])
        if hit.value.counted and (hit.value.counted.people or hit.value.counted.named)
    ]
    if not found:
        return None
    hit = found[-1 if last else 0]
    if not last and line.folded[start : start + hit.start].strip() not in _BEFORE_BODY:
        return None  # chính sách dân số, gia đình: 12
    return Said("count", end, line.text[start + hit.start : start + hit.end], hit.value.id)


def _item(line: Line, amount: Amount) -> bool:
    """`khiển trách 39,`, `tái cử: 31;`, `(3 khiển trách,`"""
    if line.kind(amount.core) == "word":
        behind = ITEMS.at(line.folded, line.pieces[amount.core].start)
        if behind and line.kind(line.index_at(behind.end, amount.core)) in _ENDS_ITEM:
            return True
    if line.kind(amount.core) not in _ENDS_ITEM and line.word(amount.core) != "và":
        return False
    first = amount.first
    while line.word(first - 1) in _IS:
        first -= 1
    return line.before(first, ITEM_BEFORE) is not None


def _changed_alone(line: Line, amount: Amount, compared: Comparison) -> bool:
    """`269 đảng bộ cơ sở (tăng 8)`, `giảm 6 sở (còn 14)`"""
    left = compared.change is None and line.word(compared.first - 1) == "còn"
    opens = line.kind(compared.first - 2 if left else compared.first - 1)
    changed = compared.change is not None or left
    return changed and opens == "open" and line.kind(amount.core) == "close"


def _listed(line: Line, amount: Amount, earlier: Sequence[Read]) -> bool:
    """An item of what a count falls into: `84 đảng viên: xóa tên 61, cho rút 14`.

    Behind a colon or `trong đó`.
    """
    if amount.decimals or not earlier or earlier[-1].unit is None:
        return False
    ends = line.kind(amount.core) in _ENDS_ITEM or line.word(amount.core) == "và"
    if not ends or line.kind(amount.first - 1) != "word":
        return False
    if line.capital(amount.first - 1):
        return False  # gồm: Tân Bình 1, Tân Bình 2
    for at in range(amount.first - 1, max(amount.first - _LONGEST_ITEM, 0), -1):
        before = line.kind(at - 1)
        if before == "colon" or (line.word(at - 2), line.word(at - 1)) == ("trong", "đó"):
            return earlier[-1].kind in ("count", "ratio")
        parts = before in ("comma", "semicolon") or line.word(at - 1) == "và"
        if parts and line.kind(at - 2) in ("number", "close"):
            return earlier[-1].rule in LISTED
        if before not in ("word", "dash", "comma"):
            return False
    return False


def _numbered(line: Line, amount: Amount) -> Unit | None:
    """`số phiếu 21/21 (100%)`, `số phiếu là 21/21`: the noun after `số`."""
    first = amount.first
    while line.word(first - 1) in _IS:
        first -= 1
    for index in range(max(_words_since(line, amount.first), first - _LONGEST_ITEM), first - 1):
        if line.word(index) == "số":
            unit = counted.read(line, index + 1)
            if unit is not None and unit.known and unit.after == first:
                return unit
    return None


def _of_number(line: Line, amount: Amount) -> Said | None:
    """`nâng tổng số tổ tiết kiệm lên 272`, `số cử tri của xã là: 4.120`: what `số` names."""
    first = amount.first - 1 if line.kind(amount.first - 1) == "colon" else amount.first
    goes_on = line.kind(amount.core) == "word" and line.word(amount.core) not in _ENDS_RAISED
    if line.word(first - 1) not in _LEVEL or goes_on or amount.decimals:
        return None
    for index in range(_words_since(line, first - 1), first - 2):
        if line.word(index) == "số":
            unit = counted.read(line, index + 1)
            if unit is not None and unit.known and unit.after < first:
                text = _text(line, unit)
                return Said("count", amount.end, text, unit.head.id)
    return None


def _age(line: Line, amount: Amount) -> Said | None:
    """`tuổi bình quân 58`"""
    since = max(line.start, amount.start - _FARTHEST_WORDS)
    said = _AGE.search(line.folded, since, amount.start)
    if said is None:
        return None
    return Said("measure", amount.end, line.text[said.start("unit") : said.end("unit")], "tuoi")


def _sum_of_money(line: Line, amount: Amount, earlier: Sequence[Read]) -> bool:
    """`kinh phí 3,5 tỷ`, `mỗi căn 50 triệu`, `120 triệu/ha`, `xã 640 triệu, ấp 122 triệu đồng`"""
    start = line.pieces[_words_since(line, amount.first)].start
    if line.kind(amount.core) == "slash" and line.kind(amount.core + 1) == "word":
        return True
    each = max(start, amount.start - _FARTHEST_WORDS)
    return bool(
        SUM.search(line.folded, start, amount.start)
        or _EACH.search(line.folded, each, amount.start)
        or _listed_sum(line, amount, earlier)
    )


def _listed_sum(line: Line, amount: Amount, earlier: Sequence[Read]) -> bool:
    """Whether a bare item shares đồng with its list: `58 tỷ đồng, trong đó xã 21 tỷ, ấp 37 tỷ`.

    What comes in billions is money; a million may be of something else: `dân số 1,2 triệu`.
    """
    if line.kind(amount.core) not in _ENDS_ITEM and line.word(amount.core) != "và":
        return False
    if amount.scale >= _BILLION or _MILLIONS_BEHIND.match(line.folded, amount.end, line.end):
        return True
    if not earlier or earlier[-1].kind != "money":
        return False
    since = max(line.start, amount.start - _FARTHEST_HEAD)
    return _MILLIONS_BEFORE.search(line.folded, since, amount.start) is not None
