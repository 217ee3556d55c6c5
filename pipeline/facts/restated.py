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
_RATE_WORDS: Final = ("tỷ lệ", "tỉ lệ", "chiếm", "tỷ trọng", "tương đương", "tương ứng")
_TOTAL: Final = frozenset(("tổng", "số"))  # 31 chi bộ, bằng 57,4% [tổng số] chi bộ
_BARELY: Final = frozenset(("mới", "chỉ", "cũng", "vẫn"))  # tiến độ ở 3 xã [mới] đạt 30%
_MOSTLY: Final = frozenset(("open", "comma", "word"))


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


def _host(line: Line, amounts: Sequence[Amount], at: int, pairs: dict[int, int]) -> int | None:
    percent = amounts[at]
    cue, first = _cue(line, percent)
    before, behind = at - 1, at + 1
    alone = before >= 0 and before not in pairs
    if changed := line.before(first, CHANGED_BEFORE) if not cue else None:
        again = alone and _changes_again(line, amounts[before], percent, changed[0])
        return before if again else None
    said = bool(cue) or line.kind(first - 1) == "open"
    part = amounts[before - 1] if said and alone and before and before - 1 not in pairs else None
    if part is not None and _is_part(line, part, amounts[before], percent):
        return before - 1
    if alone and _restates(line, amounts[before], percent, cue, first):
        with_it = line.word(amounts[before].first - 1) == "với" and before - 1 not in pairs
        part_of = with_it and before > 0 and amounts[before - 1].denominator
        if part_of and amounts[before].denominator is None:
            return before - 1  # 17/19 xã tham gia với 342 hội viên, đạt 91,5%
        return before
    if cue and (far := _far_ratio(line, amounts, at, first, pairs)) is not None:
        return far
    if behind < len(amounts) and _in_brackets_behind(line, percent, amounts[behind]):
        return behind
    return None


def _far_ratio(
    line: Line, amounts: Sequence[Amount], at: int, first: int, pairs: dict[int, int]
) -> int | None:
    """27/34 trường đạt từ 80 điểm trở lên, đạt 79,41%: other numbers stand between."""
    for far in range(at - 2, max(at - 2 - _FARTHEST_RATIO, -1), -1):
        ratio = amounts[far]
        between = {piece.kind for piece in line.pieces[ratio.after : first]}
        if far in pairs or _APART & between or line.kind(first - 1) != "comma":
            break
        if ratio.value != ratio.denominator and _agrees(ratio, amounts[at]):
            return far
    return None


def _changes_again(line: Line, ratio: Amount, percent: Amount, first: int) -> bool:
    """giảm 4/12 phòng (giảm 33,3%); giảm được 7/9 điểm phức tạp, tức giảm 77,7%"""
    between = line.pieces[ratio.after : first]
    near = len(between) <= _LONGEST_GAP and {piece.kind for piece in between} <= _MOSTLY
    return near and line.before(ratio.first, CHANGED_BEFORE) is not None and _agrees(ratio, percent)


def _is_part(line: Line, part: Amount, whole: Amount, percent: Amount) -> bool:
    """31 đảng viên trong tổng số 142 công nhân (chiếm 21,8%): the percentage is the first's."""
    between = line.pieces[part.after : whole.first]
    if "trong" not in [piece.text for piece in between] or part.denominator or whole.denominator:
        return False
    if _APART & {piece.kind for piece in between}:
        return False
    return _agrees(part._replace(denominator=whole.value), percent)


def _agrees(ratio: Amount, percent: Amount) -> bool:
    """Whether the percentage can be that of the ratio, rounded or cut."""
    if ratio.denominator is None:
        return False
    return agreement(ratio.value, ratio.denominator, percent.value, percent.decimals) is not None


def _in_brackets_behind(line: Line, percent: Amount, ratio: Amount) -> bool:
    """94% (47/50 chi bộ); 86,27% chi bộ đạt trong sạch, vững mạnh (44/51)"""
    if ratio.denominator is None or line.kind(ratio.first - 1) != "open":
        return False
    kinds = {piece.kind for piece in line.pieces[percent.after : ratio.first - 1]}
    if ratio.first - percent.after > _LONGEST_GAP or kinds - {"word", "comma"}:
        return False
    return _agrees(ratio, percent) or (not kinds and not of_plan(percent))


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


def _restates(line: Line, host: Amount, percent: Amount, cue: str, first: int) -> bool:
    """Whether the percentage says the host again: in brackets, after `=`, or after `chiếm`."""
    if host.percent or _bare_age(line, host):
        return False
    kinds = [piece.kind for piece in line.pieces[host.after : first]]
    if cue == "=" and not kinds:
        return True
    said = any(word in cue for word in _RATE_WORDS)
    if kinds and kinds[-1] == "open" and len(kinds) <= _LONGEST_GAP:
        apart = _APART if said or _agrees(host, percent) else _APART | {"comma"}
        return not apart & set(kinds[:-1])
    if not cue or _APART & set(kinds) or ("comma" in kinds and kinds[-1] != "comma"):
        return False
    if host.denominator is None:
        of_all = host.unit is not None and line.word(percent.core) in _TOTAL
        bare = cue.split()[0] not in _BARELY and _bare_share(line, host, percent)
        share = said or of_all or bare
        return share and not of_plan(percent) and len(kinds) <= _LONGEST_GAP
    if (kinds == ["comma"] or (said and not kinds)) and not of_plan(percent):
        return True
    # Far from its ratio, or of a plan, it must be the ratio's own percentage.
    return _agrees(host, percent)


def _bare_age(line: Line, host: Amount) -> bool:
    """`tuổi trẻ dưới 35 chiếm 34,7%`: a number that bounds and counts nothing."""
    bare = host.unit is None and host.denominator is None
    return bare and line.before(host.first, COMPARED_BEFORE) is not None


def _bare_share(line: Line, host: Amount, percent: Amount) -> bool:
    """`52 hộ thoát nghèo, đạt 70,27%;`: a part of them, if nothing says of what else."""
    counted = host.unit.head.counted if host.unit else None
    ends = line.kind(percent.after) in ("comma", "semicolon", "stop", "close", "")
    return bool(counted) and ends and percent.unit is None and percent.value < 100


def of_plan(percent: Amount | None) -> bool:
    """Whether it is a percentage of a plan, which may be passed."""
    counted = percent.unit.head.counted if percent and percent.unit else None
    return counted is not None and counted.plan


def passed(line: Line, percent: Amount) -> bool:
    """`vượt 12,4% kế hoạch`: by how much a plan was passed."""
    return of_plan(percent) and line.before(percent.first, CHANGED_BEFORE) is not None
