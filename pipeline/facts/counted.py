"""The unit after a number: a counted noun with what stays with it, a measure, money, a rate."""

from __future__ import annotations

from typing import Final, NamedTuple

from pipeline.facts.pieces import Line
from pipeline.facts.vocabulary import (
    ACTIVITIES,
    HEADS,
    MODIFIERS,
    PER,
    PREDICATES,
    SLOGANS,
    VERBS,
    Counted,
    Head,
)
from pipeline.vietnamese import slug

_MOST_MODIFIERS: Final = 3
_MOST_COORDINATED: Final = 4
_LONGEST_ABBREVIATION: Final = 8  # TCCSĐ, GRDP: capitals that are a noun
# Between a share and its noun: 95% [tổng số] hộ.
_OF_ALL: Final = frozenset(("số", "lượng", "tổng", "các", "toàn", "bộ", "thể", "trong", "của"))


class Unit(NamedTuple):
    """The unit at [start, end) of the text; `after` is the index of the piece behind it."""

    start: int
    end: int
    after: int
    head: Head
    known: bool  # from the lexicon, not by the default rule
    rate: bool = False  # đồng/căn, đảng viên/1.000 dân


def read(line: Line, index: int, *, share: bool = False) -> Unit | None:
    """The unit whose first word is piece `index`; None if no noun can begin there.

    With `share`, words that only say "of all" are skipped: `95% tổng số hộ` is of hộ.
    """
    while share and line.word(index) in _OF_ALL and line.kind(index + 1) == "word":
        index += 1
    if line.kind(index) != "word":
        return None
    hit = HEADS.at(line.folded, line.pieces[index].start)
    if hit is not None:
        verb = VERBS.at(line.folded, hit.start)
        if verb is not None and verb.end > hit.end:
            return None  # giải ngân is no giải
    if hit is not None and hit.end <= line.end:
        if _verb_here(line, hit.value, line.index_at(hit.end, index)):
            return None
        unit: Unit | None = _known(line, index, hit.end, hit.value)
    else:
        unit = _unknown(line, index)
    return _with_rate(line, unit) if unit else None


def _verb_here(line: Line, head: Head, after: int) -> bool:
    """Whether a noun that is also a verb has another noun behind it: `tổ chức` in `tổ chức lễ`."""
    if head.counted is None or not head.counted.verbal:
        return False
    return line.kind(after) == "word" and _nominal(line, after)


def _known(line: Line, index: int, end: int, head: Head) -> Unit:
    start = line.pieces[index].start
    group = head.counted
    if group is not None:
        if group.activity and (longer := _with_activity(line, end, index)) > end:
            end = longer
            head = head._replace(id=slug(line.text[start:end]))
        if group.classifier:
            after = line.index_at(end, index)
            if _follows(line, end, after) and _nominal(line, after):
                end = _noun_end(line, after)
                head = head._replace(id=slug(line.text[start:end]))
        end = _with_modifiers(line, end, index)
        if group.coordinated:
            end = _with_coordinated(line, end, index, group)
    return Unit(start, end, line.index_at(end, index), head, True)


def _unknown(line: Line, index: int) -> Unit | None:
    """The next word or two that are neither verbs, function words nor names."""
    if not _nominal(line, index) or SLOGANS.at(line.folded, line.pieces[index].start):
        return None
    first = line.pieces[index]
    end = first.end
    capital = line.capital(index)
    if capital and not _abbreviation(line.text[first.start : first.end]):
        return None
    if not capital and _follows(line, end, index + 1) and not line.capital(index + 1):
        second = line.pieces[index + 1]
        if _nominal(line, index + 1) and not MODIFIERS.at(line.folded, second.start):
            end = second.end
    end = _with_modifiers(line, end, index)
    head = Head("count", slug(line.text[first.start : end]))
    return Unit(first.start, end, line.index_at(end, index), head, False)


def _noun_end(line: Line, index: int) -> int:
    """Where a noun ends that begins at a piece: a known one, or one or two syllables."""
    hit = HEADS.at(line.folded, line.pieces[index].start)
    if hit is not None and hit.end <= line.end:
        return hit.end
    end = line.pieces[index].end
    if _follows(line, end, index + 1) and _nominal(line, index + 1) and not line.capital(index + 1):
        return line.pieces[index + 1].end
    return end


def _nominal(line: Line, index: int) -> bool:
    piece = line.pieces[index]
    return piece.kind == "word" and PREDICATES.at(line.folded, piece.start) is None


def _abbreviation(word: str) -> bool:
    return 2 <= len(word) <= _LONGEST_ABBREVIATION and word.isupper()


def _follows(line: Line, end: int, index: int) -> bool:
    """Whether piece `index` is a word with nothing but a space before it."""
    return line.kind(index) == "word" and line.pieces[index].start <= end + 1


# --- what stays with a noun -------------------------------------------------------------------


def _with_activity(line: Line, end: int, index: int) -> int:
    """`cuộc` takes `kiểm tra, giám sát`, `lượt` takes `tổ chức đảng`."""
    after = line.index_at(end, index)
    if not _follows(line, end, after):
        return end
    offset = line.pieces[after].start
    noun = HEADS.at(line.folded, offset)
    activity = ACTIVITIES.at(line.folded, offset)
    noun_end = noun.end if noun and noun.value.kind == "count" else end
    return min(max(end, noun_end, activity.end if activity else end), line.end)


def _with_modifiers(line: Line, end: int, index: int) -> int:
    for _ in range(_MOST_MODIFIERS):
        after = line.index_at(end, index)
        if not _follows(line, end, after):
            break
        hit = MODIFIERS.at(line.folded, line.pieces[after].start)
        if hit is None or hit.end > line.end:
            break
        end = hit.end
    return end


def _with_coordinated(line: Line, end: int, index: int, group: Counted) -> int:
    """`cán bộ` with `, công chức và viên chức`, all of one kind and under one number."""
    for _ in range(_MOST_COORDINATED):
        joint = line.index_at(end, index)
        if line.kind(joint) != "comma" and line.word(joint) != "và":
            break
        if line.kind(joint + 1) != "word":
            break
        hit = HEADS.at(line.folded, line.pieces[joint + 1].start)
        if hit is None or hit.end > line.end or not _alike(group, hit.value.counted):
            break
        if hit.value.counted is not group and " " not in line.folded[hit.start : hit.end]:
            break  # 28 học viên, người lớn tuổi nhất
        if line.capital(joint + 1) and not line.text[line.pieces[index].start].isupper():
            break  # kiểm tra 12 tổ chức đảng, Ủy ban Kiểm tra ...
        if line.word(line.index_at(hit.end, joint)) == "nào":
            break  # 9 tổ tự quản, tổ nào cũng ...
        end = _with_modifiers(line, hit.end, joint + 1)
    return end


def _alike(one: Counted, other: Counted | None) -> bool:
    if other is None or not other.coordinated:
        return False
    return one.subject == other.subject or (one.people and other.people)


# --- rates --------------------------------------------------------------------------------------


def _with_rate(line: Line, unit: Unit) -> Unit:
    """`đồng` with `/người/năm`, `đảng viên` with `/1.000 dân`."""
    end, after = unit.end, unit.after
    while line.kind(after) == "slash":
        base = after + 2 if _round(line, after + 1) else after + 1
        if line.kind(base) != "word":
            break
        offset = line.pieces[base].start
        hits = (PER.at(line.folded, offset), HEADS.at(line.folded, offset))
        longest = max((hit.end for hit in hits if hit), default=line.pieces[base].end)
        if longest > line.end:
            break
        end, after = longest, line.index_at(longest, base)
    if end == unit.end:
        return unit
    head = unit.head._replace(id=slug(unit.head.id + line.text[unit.end : end]))
    return unit._replace(end=end, after=after, head=head, rate=True)


def _round(line: Line, index: int) -> bool:
    """Whether piece `index` is what rates are taken over: 1, 100, 1.000, 1 vạn."""
    if line.kind(index) != "number":
        return False
    numeral = line.pieces[index].numeral
    return numeral is not None and f"{numeral.value:f}".strip("0") == "1"
