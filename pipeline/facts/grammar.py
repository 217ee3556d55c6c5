"""Statements: what each number of an article counts, measures or shares out.

A sentence is cut into typed pieces once; an amount is read around each numeral; what counts
nothing is refused; a percentage that restates a ratio or a count joins it; and the words around
say how exact it is, against what, and whether it was reached.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final, NamedTuple

from pipeline.annotate.reading import Reading
from pipeline.facts import (
    amounts,
    indicators,
    pieces,
    refusals,
    restated,
    shares,
    surroundings,
    units,
)
from pipeline.facts.amounts import Amount
from pipeline.facts.pieces import Line
from pipeline.facts.surroundings import Comparison
from pipeline.facts.units import Said
from pipeline.records import Change, Comparator, FactKind, Modality, Verdict

_JOINT: Final = re.compile(r"[\s,;]*(?:và|cùng|trong đó)?\s*")
_AMONG: Final = re.compile(r"trong (?:đó|số (?:này|đó))(?!\w)")
_LONGEST_LIST: Final = 20  # statements before a sentence that its list may be part of
_LISTED: Final = re.compile(r"\s*(?:và|,)\s*")


class Statement(NamedTuple):
    """A fact as the grammar reads it, before its period, speaker and organisation are known."""

    sentence_id: int
    surface: str
    start_char: int
    end_char: int
    kind: FactKind
    value: Decimal
    value_max: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    percent: Decimal | None
    percent_computed: Decimal | None
    verdict: Verdict | None
    comparator: Comparator | None
    unit: str | None
    unit_id: str | None
    currency: str | None
    modality: Modality
    change: Change | None
    change_base: str | None
    indicator: str | None
    rule: str


def read(reading: Reading) -> tuple[Statement, ...]:
    """The statements of an article, in order."""
    found: list[Statement] = []
    year = reading.published_on.year if reading.published_on else None
    for sentence in reading.sentences:
        line = pieces.line(reading.text, reading.folded, sentence.start_char, sentence.end_char)
        if line is not None:
            before = found[-_LONGEST_LIST:] if _AMONG.match(line.folded, line.start) else []
            found.extend(_statements(line, sentence.sentence_id, year, before))
    return tuple(found)


def _statements(
    line: Line, sentence_id: int, year: int | None, before: list[Statement]
) -> list[Statement]:
    """The statements of a sentence; those `before` it are what its bare numbers are part of."""
    kept = _amounts(line)
    pairs = restated.pair(line, kept)
    found: list[Statement] = []
    if not kept:
        return []
    aims = surroundings.aims(line, year)
    restating = set(pairs.values())
    own = [at for at in range(len(kept)) if at not in restating]
    firsts = [*(kept[at].first for at in own[1:]), len(line.pieces)]
    since = 0
    for at, until in zip(own, firsts, strict=False):
        amount = kept[at]
        share = kept[pairs[at]] if at in pairs else None
        compared = surroundings.read(line, amount)
        unit = units.said(line, amount, share, compared, [*before, *found[-_LONGEST_LIST:]])
        if unit is not None:
            modality = surroundings.modality(line, amount, compared, aims)
            plan = at + 1 < len(kept) and restated.passed(line, kept[at + 1])
            read = _Read(line, amount, share, compared, unit, modality, since, until, plan)
            _add(found, read, sentence_id)
        since = amount.after
    return found


def _amounts(line: Line) -> list[Amount]:
    """The amounts of a sentence that may state a fact, in order."""
    kept: list[Amount] = []
    index, labelled = 0, None
    while index < len(line.pieces):
        if line.kind(index) != "number":
            index += 1
            continue
        amount = amounts.read(line, index)
        why = refusals.reason(line, amount)
        if why is None and labelled is not None and refusals.goes_on(line, amount, labelled):
            why = "label"
        if why is None:
            kept.append(amount)
            index, labelled = amount.after, None
        else:
            index = amount.core
            labelled = amount.core if why == "label" else None
    return kept


class _Read(NamedTuple):
    """An amount with all that was read of it; its words stand between pieces since and until."""

    line: Line
    amount: Amount
    share: Amount | None
    compared: Comparison
    unit: Said
    modality: Modality
    since: int
    until: int
    plan: bool  # the amount behind it says by how much a plan was passed


def _add(found: list[Statement], read: _Read, sentence_id: int) -> None:
    """Append the statement; listed behind a difference it is one too, from the same base.

    `tăng 60 tổ chức đảng và 2.359 đảng viên`, `giảm 5 đầu mối, 31 biên chế`.
    """
    new = _statement(read, sentence_id)
    if found:
        last, joint = found[-1], read.line.folded[found[-1].end_char : new.start_char]
        if _JOINT.fullmatch(joint) and new.indicator is None:
            new = new._replace(indicator=last.indicator)
        alike = new.kind == last.kind and new.unit_id != last.unit_id
        if _LISTED.fullmatch(joint) and last.change and not new.change and alike:
            base = last.change_base or surroundings.base_behind(read.line, read.amount)
            found[-1] = last._replace(change_base=base)
            new = new._replace(change=last.change, change_base=base)
    found.append(new)


def _statement(read: _Read, sentence_id: int) -> Statement:
    amount, share, compared, unit = read.amount, read.share, read.compared, read.unit
    start, end = _surface(amount, share, unit, compared)
    percent = amount.value if amount.percent else share.value if share else None
    computed = verdict = None
    if amount.denominator is not None:
        computed = shares.percent_computed(amount.value, amount.denominator)
        decimals = share.decimals if share else 0
        plan = unit.plan or read.plan or (share is not None and restated.of_plan(share))
        verdict = shares.verdict(amount.value, amount.denominator, percent, decimals, plan=plan)
    return Statement(
        sentence_id=sentence_id,
        surface=read.line.text[start:end],
        start_char=start,
        end_char=end,
        kind=unit.kind,
        value=amount.value,
        value_max=amount.value_max,
        numerator=None if amount.denominator is None else amount.value,
        denominator=amount.denominator,
        percent=percent,
        percent_computed=computed,
        verdict=verdict,
        comparator=compared.code,
        unit=unit.text,
        unit_id=unit.id,
        currency=unit.currency,
        modality=read.modality,
        change=compared.change,
        change_base=compared.base,
        indicator=_indicator(read),
        rule=_rule(amount, share, unit, compared.change),
    )


def _surface(
    amount: Amount, share: Amount | None, unit: Said, compared: Comparison
) -> tuple[int, int]:
    """From the comparator to the unit; over the percentage where that carries the unit."""
    if share is None or amount.unit is not None:
        return compared.start, compared.end
    if share.start < amount.start:  # 100% (25/25) chi bộ
        return share.start, unit.end
    return compared.start, max(compared.end, unit.end)


def _rule(amount: Amount, share: Amount | None, unit: Said, change: Change | None) -> str:
    if share is not None and amount.denominator is not None:
        return "facts/ratio-restated"
    if amount.unit is None and unit.kind == "count":
        return units.LIST_ITEM_SHARE if share else units.LIST_ITEM
    if share is not None:
        return f"facts/{unit.kind}-share"
    if amount.unit is None and unit.kind == "money":
        return "facts/sum"
    if amount.spelled:
        return "facts/spelled"
    if amount.unit is not None and not amount.unit.known:
        return f"facts/{unit.kind}-of-unlisted"
    if amount.unit is not None and amount.unit.rate:
        return "facts/rate"
    return f"facts/{unit.kind}-change" if change else f"facts/{unit.kind}"


def _indicator(read: _Read) -> str | None:
    line, amount, unit = read.line, read.amount, read.unit
    first, since = read.compared.first, read.since
    after = _past_share(read)
    if unit.kind not in ("count", "ratio"):
        measured = indicators.measured(line, since, first)
        of_rate = not amount.unit or unit.plan or _names_a_rate(measured)
        if unit.kind != "percent" or of_rate:
            return measured
    before = indicators.done_before(line, since, first)
    if unit.kind == "count" and before:
        return before
    behind = indicators.done_behind(line, after, read.until)
    return behind or before or indicators.named_before(line, since, first)


def _names_a_rate(words: str | None) -> bool:
    """`tỷ trọng chăn nuôi` chiếm 53% giá trị"""
    return words is not None and words[:3].lower() in ("tỷ ", "tỉ ")


def _past_share(read: _Read) -> int:
    """The piece behind the amount, and behind the brackets that restate it."""
    share = read.share
    if share is None or share.first < read.amount.first:
        return read.amount.after
    closed = read.line.kind(share.after) == "close"
    return share.after + 1 if closed else read.amount.after
