"""What the words around an amount say of it: how exact, against what, reached or aimed at."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Final, NamedTuple

from pipeline.facts import amounts, vocabulary
from pipeline.facts.amounts import Amount
from pipeline.facts.pieces import Line
from pipeline.facts.vocabulary import (
    AFTER,
    CHANGED_BEFORE,
    COMPARED_BEFORE,
    NO_TARGETS,
    PER,
    PREDICATES,
    REPORTED,
    TARGET_CLAUSE,
    TARGET_SENTENCE,
)
from pipeline.records import Change, Comparator, Modality

# tăng so với cùng kỳ [12 vụ], nhiều hơn cùng kỳ [9], cao hơn chỉ tiêu Quốc hội đề ra [12,32%]
_BASE_BETWEEN: Final = re.compile(
    r"""(?<!\w)(?: (?P<up> tăng | nhiều\shơn | cao\shơn | vượt )
                 | (?: giảm | ít\shơn | thấp\shơn ) )
        \s (?:so\s(?:với\s)?)?
        (?P<base> (?:cùng\skỳ | năm\strước | năm\sngoái | năm\s\d{4} | nhiệm\skỳ
                  | đầu\snhiệm\skỳ | kế\shoạch | chỉ\stiêu | mục\stiêu | nghị\squyết | quy\sđịnh)
                  (?:\s[^\W_]+){0,6} )
        \s $""",
    re.VERBOSE,
)
# [251 mô hình] so với năm 2020, [12 vụ] phát sinh so với năm 2021
_BASE_BEHIND: Final = re.compile(
    r"(?:\s[^\W\d_]+){0,3}?\s{0,2}\)?,?\s{0,2}(?:so\s(?:với\s)?|hơn\s)(?P<base>[^,;:.…()\[\]]{2,70})"
)
# So với cùng kỳ năm trước, [... giảm 12%]
_BASE_BEFORE: Final = re.compile(
    r"(?<!\w)so\s(?:với\s)?(?P<base>[^,;:.…()\[\]]{2,70}?)(?=,|\s(?:đã\s)?(?:tăng|giảm|vượt)\s)"
)
_BASE_ENDS: Final = re.compile(r"\s(?:và|nhưng|trong đó|tăng|giảm|là|thì|đạt)\s.*$")
_THEREBY: Final = re.compile(  # tăng thu nhập thêm [7 triệu đồng]
    r"(?<!\w)(?:(?P<up>tăng)|giảm)(?:\s[^\W\d_]+){1,4}\s(?:thêm|bớt)\s$"
)
_MORE: Final = frozenset(("thêm", "bớt"))
_FARTHEST_BASE: Final = 90  # characters before the number
_FARTHEST_HEADING: Final = 300
# đến năm [2030], not in a title: tầm nhìn đến năm 2045
_YEAR: Final = re.compile(  # its word first, which is looked for fast
    r"năm(?<!\wnăm)(?<!hướng đến năm)(?<!nhìn đến năm)\s(20\d\d)(?!\s?-|\d)"
)
_HABITUAL: Final = frozenset(("cũng", "vẫn"))  # vắng [cũng] không quá 4 người


class Comparison(NamedTuple):
    """How exact a number is, and whether it is a difference."""

    code: Comparator | None
    start: int  # where the surface begins, with `hơn`, `ít nhất`
    end: int  # where it ends, with `trở lên`
    first: int  # the first piece of the phrase, its verb of change included
    demanded: bool  # said as a bound: ít nhất, tối thiểu, không quá
    change: Change | None
    base: str | None  # what the difference is from


def read(line: Line, amount: Amount) -> Comparison:
    """The comparator and the change said right before the amount, or right behind it."""
    code: Comparator | None = None
    first, start, end = amount.first, amount.start, amount.end
    bound = _bound_behind(line, amount)
    if line.word(first - 1) == "từ" and (bound or amount.value_max is not None):
        first -= 1  # giảm [từ] 4 đến 5%, tăng [từ] 3% trở lên
    compared = line.before(first, COMPARED_BEFORE)
    changed = line.before(first, CHANGED_BEFORE)
    inside = compared and changed and changed[0] < compared[0]  # nhiều [hơn]
    if compared and not inside and not _located(line, amount, compared[0]):
        first, code = compared
        start = line.pieces[first].start
        changed = line.before(first, CHANGED_BEFORE)
    demanded = code in ("ge", "le")
    change, base = _change(line, amount, first, changed[1] if changed else None)
    if changed is not None:
        first = changed[0]
        # tỷ lệ nữ cao hơn 15%; but vượt 15/17 chỉ tiêu
        if change is None and code is None and amount.denominator is None:
            code, start = changed[1].comparative, line.pieces[first].start
    if bound is not None:
        code, end = bound[0], max(end, bound[1])
        # từ 90 điểm trở lên mới được xét: a rule
        demanded = demanded or line.word(line.index_at(end, amount.first)) == "mới"
    return Comparison(code, start, end, first, demanded, change, base)


def _bound_behind(line: Line, amount: Amount) -> tuple[Comparator, int] | None:
    """`7% trở lên`, `3%/năm trở lên`, `70% trở lên số ấp`: the code, and where it ends."""
    after = amount.after
    if line.kind(after) == "slash" and line.kind(after + 1) == "word":
        per = PER.at(line.folded, line.pieces[after + 1].start)
        after = line.index_at(per.end, after) if per else after
    for index in (after, amount.core):
        if line.kind(index) == "word":
            hit = AFTER.at(line.folded, line.pieces[index].start)
            if hit is not None and hit.end <= line.end:
                return hit.value, hit.end
    return None


def _located(line: Line, amount: Amount, first: int) -> bool:
    """`trên 3 lĩnh vực`, `lắp đèn trên 5 tuyến` say where; `sửa trên 5 tuyến` how many."""
    counted = amount.unit.head.counted if amount.unit else None
    if counted is None or not counted.located or line.word(first) != "trên":
        return False
    return counted.abstract or not _verb_before(line, first)


def _verb_before(line: Line, index: int) -> bool:
    """Whether a verb or a function word (`có`, `được`) ends right before a piece."""
    for first in range(max(index - 3, 0), index):
        hit = PREDICATES.at(line.folded, line.pieces[first].start)
        if hit is not None and line.index_at(hit.end, first) == index:
            return True
    return index == 0 or line.kind(index - 1) != "word"


# --- change -----------------------------------------------------------------------------------


def _change(
    line: Line, amount: Amount, first: int, said: vocabulary.Change | None
) -> tuple[Change | None, str | None]:
    """The direction of a difference and its base; a comparative without a base is none."""
    start = line.pieces[first].start
    if said is not None:
        base = base_behind(line, amount) or _base_before(line, start)
        compares = said.comparative and base is None and not (said.percent and amount.percent)
        return (None, None) if compares else (said.direction, base)
    since = max(line.pieces[line.clauses[first]].start, start - _FARTHEST_BASE)
    more = line.word(first - 1) in _MORE
    if more and (thereby := _THEREBY.search(line.folded, since, start)):
        return ("increase" if thereby["up"] else "decrease"), base_behind(line, amount)
    since = max(line.start, start - _FARTHEST_BASE)
    if between := _BASE_BETWEEN.search(line.folded, since, start):
        base = line.text[between.start("base") : between.end("base")]
        return ("increase" if between["up"] else "decrease"), base
    if line.kind(first - 1) == "dash" and line.kind(first - 2) == "open":  # (-24,25%)
        return "decrease", _base_before(line, start)
    return None, None


def base_behind(line: Line, amount: Amount) -> str | None:
    """What a difference is from, where the words behind it say so: `so với năm 2020`."""
    match = _BASE_BEHIND.match(line.folded, amount.end, line.end)
    return _base(line, match) if match else None


def _base_before(line: Line, start: int) -> str | None:
    last = None
    since = max(line.start, start - _FARTHEST_HEADING)
    for match in _BASE_BEFORE.finditer(line.folded, since, start):
        last = match
    return _base(line, last) if last else None


def _base(line: Line, match: re.Match[str]) -> str | None:
    start, end = match.span("base")
    words = _BASE_ENDS.sub("", line.folded[start:end]).rstrip()
    return line.text[start : start + len(words)] or None


# --- modality ---------------------------------------------------------------------------------


class Aims(NamedTuple):
    """Where a sentence says that numbers are aimed at, and where that they were reached."""

    sentence: list[int]  # ends of cues that reach to the sentence's end
    clause: list[int]  # ends of cues that reach to the clause's end
    reported: list[int]  # starts of cues of what has happened


def aims(line: Line, year: int | None) -> Aims:
    """What a sentence of `year` says of its numbers; later years are aimed at."""

    def spans(pattern: re.Pattern[str]) -> list[re.Match[str]]:
        return list(pattern.finditer(line.folded, line.start, line.end))

    aimed = [match.end() for match in spans(TARGET_SENTENCE) if _aims(line, match)]
    if year is not None:
        aimed += [match.end() for match in spans(_YEAR) if int(match[1]) > year]
    return Aims(
        sorted(aimed),
        [match.end() for match in spans(TARGET_CLAUSE) if _aims(line, match)],
        [match.start() for match in spans(REPORTED)],
    )


def _aims(line: Line, cue: re.Match[str]) -> bool:
    """Not in `chương trình mục tiêu`, nor where it is counted: `đạt 9/12 chỉ tiêu`."""
    counted = line.folded[max(cue.start() - 2, line.start) : cue.start()].rstrip()[-1:].isdigit()
    return cue[0] not in NO_TARGETS and not counted


def modality(line: Line, amount: Amount, said: Comparison, aims: Aims) -> Modality:
    """Whether the number is aimed at (`phấn đấu`, `ít nhất` in a rule) or reported."""
    start = amount.start
    clause = line.pieces[line.clauses[said.first]].start
    aimed = _last(aims.sentence, start, -1)
    of_base = said.change is not None and said.base is not None  # cao hơn [chỉ tiêu] 12%
    if not of_base and (nearer := _last(aims.clause, start, -1)) >= clause:
        aimed = max(aimed, nearer)
    if amounts.reached(line, amount) is not None:
        return "reported"  # từ 28 triệu lên 45 triệu: where it rises from
    nearest = {piece.text for piece in line.pieces[max(said.first - 3, 0) : said.first]}
    if said.demanded and not nearest & _HABITUAL:
        aimed = max(aimed, clause)
    if aimed < 0 or _last(aims.reported, start - 1, -1) >= aimed:
        return "reported"
    return "target"


def _last(places: list[int], limit: int, otherwise: int) -> int:
    """The last of the rising `places` up to `limit`."""
    at = bisect_right(places, limit)
    return places[at - 1] if at else otherwise
