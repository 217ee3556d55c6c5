"""What was done or measured, in the words of the clause around a number."""

from __future__ import annotations

from typing import Final

from pipeline.facts.pieces import Line
from pipeline.facts.vocabulary import FILLERS, LEVEL_BEFORE, PREDICATES, TRAILING, VERBS

_LONGEST: Final = 14  # words
_AUXILIARIES: Final = frozenset(("đã", "đang", "được", "cũng", "đều", "sẽ", "có", "phải", "đạt"))


def measured(line: Line, since: int, first: int) -> str | None:
    """What a measure, a sum or a rate is of: `tỷ lệ hộ nghèo` before `giảm còn 2%`."""
    begin, end = _before(line, since, first)
    while end > begin and (level := line.before(end, LEVEL_BEFORE)):
        end = level[0]
    return _words(line, max(begin, end - _LONGEST), end)


def done_before(line: Line, since: int, first: int) -> str | None:
    """The last run of verbs before a counted thing, with its object: `kết nạp`, `giúp đỡ`."""
    begin, end = _before(line, since, first)
    verb = _last_verbs(line, begin, end)
    return None if verb is None else _words(line, max(verb, end - _LONGEST), end)


def named_before(line: Line, since: int, first: int) -> str | None:
    """The words right before a counted thing where no verb stands: `tái cử`, `cán bộ nữ`."""
    begin, end = _before(line, since, first)
    at = end
    while at > begin and line.kind(at - 1) == "word":
        at -= 1
    while at < end and PREDICATES.at(line.folded, line.pieces[at].start) is not None:
        at += 1
    return _words(line, max(at, end - _LONGEST), end)


def done_behind(line: Line, after: int, until: int) -> str | None:
    """What a counted thing did: from the first verb behind it on."""
    end = after
    while end < min(until, after + _LONGEST) and line.kind(end) in ("word", "percent"):
        end += 1
    begin = after
    while begin < end and (
        line.word(begin) in _AUXILIARIES or VERBS.at(line.folded, line.pieces[begin].start) is None
    ):
        begin += 1
    while begin < end and line.word(end - 1) in TRAILING:
        end -= 1
    return _words(line, begin, end)


def _before(line: Line, since: int, first: int) -> tuple[int, int]:
    """The words of the clause before piece `first`, not before `since`, without filler."""
    begin, end = max(line.clause_start(first), since), first
    while begin < end and (line.word(begin) in FILLERS or line.kind(begin) != "word"):
        begin += 1
    while begin < end and (line.word(end - 1) in TRAILING or line.kind(end - 1) != "word"):
        end -= 1
    return begin, end


def _last_verbs(line: Line, begin: int, end: int) -> int | None:
    """Where the last run of verbs in [begin, end) begins: `cam kết không vi phạm`."""
    run: int | None = None  # where the run of verbs and function words at hand begins
    found: int | None = None
    index = begin
    while index < end:
        offset = line.pieces[index].start
        verb = VERBS.at(line.folded, offset)
        hit = verb or PREDICATES.at(line.folded, offset)
        if hit is None:
            run = None
            index += 1
            continue
        if run is None and line.word(index) not in FILLERS:
            run = index
        if verb is not None and run is not None:
            found = run
        index = max(line.index_at(hit.end, index), index + 1)
    return found


def _words(line: Line, begin: int, end: int) -> str | None:
    return line.phrase(begin, end) if begin < end else None
