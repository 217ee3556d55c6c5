"""What was done or measured, in the words of the clause around a number."""

from __future__ import annotations

from typing import Final

from pipeline.facts.pieces import Line
from pipeline.facts.vocabulary import FILLERS, HEADS, LEVEL_BEFORE, PREDICATES, TRAILING, VERBS

_LONGEST: Final = 14  # words
_FARTHEST: Final = 40  # pieces
# What stands behind these is nearer the number: hội viên đã [góp], hộ nghèo với [số tiền]
_NEARER: Final = frozenset(("đã", "được", "đang", "với"))
_SAYING: Final = frozenset(
    (("cho", "biết"), ("cho", "hay"), ("cho", "rằng"), ("cho", "thấy"), ("nêu", "rõ"))
)
_NEGATIONS: Final = frozenset(("không", "chưa", "chẳng"))
_AUXILIARIES: Final = frozenset(("đã", "đang", "được", "cũng", "đều", "sẽ", "có", "phải", "đạt"))


def measured(line: Line, since: int, first: int) -> str | None:
    """What a measure, a sum or a rate is of: `tỷ lệ hộ nghèo` before `giảm còn 2%`."""
    begin, end = _before(line, since, first)
    while end > begin and (level := line.before(end, LEVEL_BEFORE)):
        end = level[0]
    for at in range(begin, end - 1):
        if line.word(at) in _NEARER:
            begin = end if line.word(at - 1) == "so" else at + 1
    if end - begin == 1 and _function_word(line, begin):
        return None
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
    while at < end and _verb(line, at)[0] is not None:
        at = _verb(line, at)[1]
    return _words(line, max(at, end - _LONGEST), end)


def done_behind(line: Line, after: int, until: int) -> str | None:
    """What a counted thing did: from the first verb behind it on."""
    end = after
    while (
        end < min(until, after + _LONGEST)
        and line.kind(end) in ("word", "percent")
        and line.word(end) != "so"
    ):
        end += 1
    begin = after
    while begin < end:
        verb, next_word = _verb(line, begin)
        if verb and line.word(begin) not in _AUXILIARIES:
            break
        begin = next_word
    if begin > after and line.word(begin - 1) in _NEGATIONS:
        begin -= 1
    while begin < end and line.word(end - 1) in TRAILING:
        end -= 1
    return _words(line, begin, end)


def _before(line: Line, since: int, first: int) -> tuple[int, int]:
    """The words of the clause before piece `first`, not before `since`, without filler."""
    begin, end = max(line.clauses[first], since, first - _FARTHEST), first
    for at in range(begin, end - 1):
        if (line.word(at), line.word(at + 1)) in _SAYING:
            begin = at + 2
    while begin < end and (line.kind(begin) != "word" or _filler(line, begin)):
        begin += 1
    while begin < end and (line.word(end - 1) in TRAILING or line.kind(end - 1) != "word"):
        end -= 1
    return begin, end


def _function_word(line: Line, index: int) -> bool:
    offset = line.pieces[index].start
    return PREDICATES.at(line.folded, offset) is not None and not VERBS.at(line.folded, offset)


def _filler(line: Line, index: int) -> bool:
    """Whether a word is filler and does not begin a longer one: `chỉ` does in `chỉ tiêu`."""
    piece = line.pieces[index]
    if piece.text not in FILLERS:
        return False
    longer = HEADS.at(line.folded, piece.start)
    return longer is None or longer.end == piece.end


def _last_verbs(line: Line, begin: int, end: int) -> int | None:
    """Where the last run of verbs in [begin, end) begins: `cam kết không vi phạm`."""
    run: int | None = None  # where the run of verbs and function words at hand begins
    found: int | None = None
    index = begin
    while index < end:
        verb, next_word = _verb(line, index)
        if verb is None or line.word(index) in _NEARER:
            run = None
        else:
            if run is None and line.word(index) not in FILLERS:
                run = index
            if verb and run is not None:
                found = run
        index = next_word
    return found


def _verb(line: Line, index: int) -> tuple[bool | None, int]:
    """Whether a verb begins at a piece (None: neither a verb nor a function word), and its end."""
    offset = line.pieces[index].start
    word = PREDICATES.at(line.folded, offset)
    verb = VERBS.at(line.folded, offset) if word else None  # all verbs are predicates
    noun = HEADS.at(line.folded, offset)
    end = max((hit.end for hit in (verb, word, noun) if hit), default=offset)
    next_word = max(line.index_at(end, index), index + 1)
    if noun and noun.end == end and not (word and word.end == end):
        return None, next_word
    return (verb is not None and verb.end == end) if word else None, next_word


def _words(line: Line, begin: int, end: int) -> str | None:
    return line.phrase(begin, end) if begin < end else None
