"""Percentages that restate the ratio or the count they stand beside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pipeline.facts.amounts import Amount
from pipeline.facts.pieces import Line
from pipeline.facts.shares import agreement
from pipeline.facts.vocabulary import CHANGED_BEFORE, COMPARED_BEFORE, SHARE_BEFORE

_FARTHEST_RATIO: Final = 3  # amounts back
_LONGEST_GAP: Final = 16  # pieces between a count and `chiếm 21,6%`
_APART: Final = frozenset(("semicolon", "colon", "open", "close"))
_RATE_WORDS: Final = ("tỷ lệ", "tỉ lệ", "chiếm", "tỷ trọng")


def pair(line: Line, amounts: Sequence[Amount]) -> dict[int, int]:
    """Of each amount that a percentage restates, the index of that percentage.

    Keys and values are indices of `amounts`; no percentage restates two.
    """
    pairs: dict[int, int] = {}
    for at, percent in enumerate(amounts):
        if not percent.percent or percent.value_max is not None:
            continue
        host = _host(line, amounts, at, pairs)
        if host is not None:
            pairs[host] = at
    return pairs


def _host(
    line: Line, amounts: Sequence[Amount], at: int, pairs: dict[int, int]
) -> int | None:
    percent = amounts[at]
    cue, first = _cue(line, percent)
    if line.before(first, CHANGED_BEFORE) and not cue:
        return None
    before = at - 1
    if before >= 0 and before not in pairs and not amounts[before].percent:
        if _beside(line, amounts[before], percent, cue, first):
            return before
    if cue:
        for far in range(before, max(before - _FARTHEST_RATIO, -1), -1):
            if far not in pairs and _agrees(amounts[far], percent):
                return far
    behind = at + 1
    if behind < len(amounts) and amounts[behind].denominator is not None:
        if line.kind(percent.after) == "open" and amounts[behind].first == percent.after + 1:
            return behind  # 94% (47/50 chi bộ)
    return None


def _cue(line: Line, percent: Amount) -> tuple[str, int]:
    """What says that the percentage is a share (`đạt`, `chiếm`, `=`), and where that begins."""
    first, cue = percent.first, ""
    if line.kind(first - 1) == "dash":  # (-24,25%)
        first -= 1
    if compared := line.before(first, COMPARED_BEFORE):
        first = compared[0]
    if line.kind(first - 1) == "equals":
        return "=", first - 1
    while share := line.before(first, SHARE_BEFORE):
        first, cue = share[0], f"{share[1]} {cue}"
    return cue, first


def _beside(line: Line, host: Amount, percent: Amount, cue: str, first: int) -> bool:
    """Whether the percentage follows its host in brackets, after `=`, or after `chiếm`."""
    gap = line.pieces[host.after : first]
    kinds = [piece.kind for piece in gap]
    if cue == "=" and not gap:
        return True
    said = any(word in cue for word in _RATE_WORDS)
    if kinds and kinds[-1] == "open" and len(gap) <= _LONGEST_GAP:
        between = _APART if said else _APART | {"comma"}
        return not between & set(kinds[:-1])
    if not cue or len(gap) > _LONGEST_GAP:
        return False
    if host.denominator is not None:
        return kinds in ([], ["comma"]) and not of_plan(percent)
    inner = kinds[:-1] if kinds and kinds[-1] == "comma" else kinds
    return said and not of_plan(percent) and set(inner) <= {"word", "number", "note"}


def _agrees(host: Amount, percent: Amount) -> bool:
    if host.denominator is None:
        return False
    return agreement(host.value, host.denominator, percent.value, percent.decimals) is not None


def of_plan(percent: Amount | None) -> bool:
    """Whether it is a percentage of a plan, which may be passed."""
    counted = percent.unit.head.counted if percent and percent.unit else None
    return counted is not None and counted.plan
