"""Statements: what each number of an article counts, measures or shares out.

A sentence is cut into typed pieces once; an amount is read around each numeral; what counts
nothing is refused; a percentage that restates a ratio or a count joins it; and the words around
say how exact it is, against what, and whether it was reached.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from pipeline.annotate.reading import Reading
from pipeline.facts import amounts, context, pieces, refusals, restated, shares, units
from pipeline.facts.amounts import Amount
from pipeline.facts.context import Comparison
from pipeline.facts.pieces import Line
from pipeline.facts.units import Said
from pipeline.records import Change, Comparator, FactKind, Modality, Verdict

_LONGEST_INDICATOR: Final = 14  # words
_MEASURED: Final = frozenset(("percent", "money", "measure", "score"))
_JOINT: Final = re.compile(r"[\s,;]*(?:và|cùng|trong đó)?\s*")


@dataclass(frozen=True, slots=True)
class Statement:
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
    for sentence in reading.sentences:
        line = pieces.line(reading.text, reading.folded, sentence.start_char, sentence.end_char)
        if line is not None:
            found.extend(_statements(line, sentence.sentence_id))
    return tuple(found)


def _statements(line: Line, sentence_id: int) -> list[Statement]:
    kept = _amounts(line)
    pairs = restated.pair(line, kept)
    found: list[Statement] = []
    since = 0
    for at, amount in enumerate(kept):
        if at in pairs.values():
            continue
        share = kept[pairs[at]] if at in pairs else None
        until = kept[at + 1].first if at + 1 < len(kept) else len(line.pieces)
        said = units.said(line, amount, share, found)
        if said is not None:
            found.append(_statement(line, sentence_id, amount, share, said, (since, until), found))
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

def _statement(
    line: Line,
    sentence_id: int,
    amount: Amount,
    share: Amount | None,
    unit: Said,
    bounds: tuple[int, int],
    earlier: Sequence[Statement],
) -> Statement:
    """The fact that an amount states; its words stand between the pieces `bounds`."""
    compared = context.comparison(line, amount)
    change, base = context.change(line, amount, compared.first)
    start, end = _surface(amount, share, unit, compared)
    percent = amount.value if amount.percent else share.value if share else None
    computed = verdict = None
    if amount.denominator is not None:
        computed = shares.percent_computed(amount.value, amount.denominator)
        decimals = share.decimals if share else 0
        plan = unit.plan or (share is not None and restated.of_plan(share))
        verdict = shares.verdict(amount.value, amount.denominator, percent, decimals, plan=plan)
    return Statement(
        sentence_id=sentence_id,
        surface=line.text[start:end],
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
        modality=context.modality(line, compared.first, demanded=compared.demanded),
        change=change,
        change_base=base,
        indicator=_indicator(line, amount, compared, unit, bounds, earlier),
        rule=_rule(amount, share, unit, change),
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
    if share is not None:
        return "facts/ratio-restated" if amount.denominator is not None else "facts/count-share"
    if amount.unit is None and not amount.percent:
        return "facts/list-item"
    if amount.spelled:
        return "facts/spelled"
    if amount.unit is not None and not amount.unit.known:
        return f"facts/{unit.kind}-of-unlisted"
    if amount.unit is not None and amount.unit.rate:
        return "facts/rate"
    return f"facts/{unit.kind}-change" if change else f"facts/{unit.kind}"


def _indicator(
    line: Line,
    amount: Amount,
    compared: Comparison,
    unit: Said,
    bounds: tuple[int, int],
    earlier: Sequence[Statement],
) -> str | None:
    """What was done or measured, in the words of the clause."""
    since, until = bounds
    begin, end = context.done_before(line, compared.first, since)
    behind = context.done_behind(line, amount.after, until)
    if unit.kind in _MEASURED and amount.unit is None or unit.kind in ("money", "measure"):
        begin, end = context.without_level(line, begin, end)
    elif unit.kind != "count" and behind[0] < behind[1]:
        begin, end = behind
    elif (verb := context.from_last_verb(line, begin, end)) is not None:
        begin = verb
    elif behind[0] < behind[1]:
        begin, end = behind
    if begin < end:
        begin = max(begin, end - _LONGEST_INDICATOR)
        return line.text[line.pieces[begin].start : line.pieces[end - 1].end]
    return earlier[-1].indicator if earlier and _same_list(line, earlier[-1], compared) else None


def _same_list(line: Line, last: Statement, compared: Comparison) -> bool:
    """Whether nothing but a joint stands between the last fact and this one."""
    between = line.folded[last.end_char : compared.start]
    return _JOINT.fullmatch(between) is not None
