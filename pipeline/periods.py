"""Stretches of time in folded prose: "6 tháng đầu năm nay", "tính đến cuối tháng 6", "năm 2022".

A stretch is resolved against the day of publication; without that day, only what states its own
year is read. What names a year without setting a time (`chuyên đề năm 2022`, `so với năm 2020`) is
not read.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Final, NamedTuple

_ROMAN: Final[Mapping[str, int]] = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_YEAR: Final = r"(?:19|20)\d\d"
# What may stand right before a bare year that sets the time of its clause ...
_CLAUSE_EDGE: Final = re.compile(
    r"(?:^|[,;:.(\"-]"
    r"|\b(?:trong|từ|riêng|tính|cả|suốt|vào|và|qua|là|phấn đấu|nếu|nếu như|thì"
    r"|rằng|cho hay|cho biết))\s*\Z"
)
# ... or right behind it: "thu nhập năm 2015 ước đạt ...", "chỉ số năm 2023 của tỉnh là ..."
_REACHED: Final = re.compile(
    r"\s+(?:của\s+(?:[^\W\d_]+\s+){1,4}?)?(?:ước\s+)?(?:đạt|là|có|còn|tăng|giảm|chỉ)\s"
)
# A day behind the words for an occasion is the occasion's: "phát biểu tại hội nghị ngày 7/10, ..."
_OCCASION: Final = re.compile(
    r"""
    (?<!\w) (?: tại | theo | trong | từ ) \s (?: [^\W\d_]+ \s ){0,3}?
    (?: hội \s nghị | đại \s hội | hội \s thảo | phiên \s họp | kỳ \s họp | cuộc \s họp | buổi | lễ
      | diễn \s đàn | tọa \s đàm | báo \s cáo | số \s liệu | thống \s kê | thông \s báo )
    (?: \s [^,;:.()"]{1,80} )? ,? \s* \Z
    """,
    re.VERBOSE,
)
# ... and what, before any stretch, makes it the name or the base of something else.
_NAMES_SOMETHING: Final = re.compile(
    r"""
    (?: so \s+ với (?: \s+ (?: cùng \s+ kỳ | cuối | đầu | thời \s+ điểm ) )*   # so với cùng kỳ năm
    | cùng \s+ kỳ | hơn | bằng                                               # cùng kỳ năm 2021
    | kế \s+ hoạch | nhiệm \s+ vụ | chỉ \s+ tiêu | phương \s+ hướng | chuyên \s+ đề | chủ \s+ đề
    | nghị \s+ quyết | chương \s+ trình | dự \s+ toán | công \s+ tác | số \s+ liệu | mục \s+ tiêu
    )
    \s* \Z
    """,
    re.VERBOSE,
)
_BEFORE: Final = 40  # characters looked at before a stretch
_BEFORE_DAY: Final = 120
_OF_YEAR: Final = rf"""
    (?: \s* (?: [/.-] | ,? \s+ năm ) \s* (?P<year>{_YEAR})
      | ,? \s+ năm \s+ (?P<this> nay | này ) \b )
"""
_THIS: Final = rf"(?: \s+ (?: (?P<this> nay | này ) | (?P<year>{_YEAR}) ) \b )?"


class Period(NamedTuple):
    """A stretch of time named at [start_char, end_char): first and last day, or one day as of."""

    start_char: int
    end_char: int
    first: date | None
    last: date | None
    as_of: date | None
    rule: str


# Each reader takes the match's named groups and the day of publication, and gives (first, last),
# or None where the words do not settle it.
Span = tuple[date, date]
Reader = Callable[[Mapping[str, str], date | None], Span | None]


def _month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _year_of(groups: Mapping[str, str], published: date | None) -> int | None:
    if groups.get("year"):
        return int(groups["year"])
    return published.year if published else None


def _first_months(groups: Mapping[str, str], published: date | None) -> Span | None:
    year, months = _year_of(groups, published), int(groups["months"])
    if year is None or not 1 <= months <= 12:
        return None
    span = date(year, 1, 1), _month_end(year, months)
    # "9 tháng đầu năm" in a paper of May can only be a plan, or another year's
    ahead = not groups.get("year") and published is not None and span[1] > published
    return None if ahead else span


def _months_so_far(groups: Mapping[str, str], published: date | None) -> Span | None:
    """ "7 tháng đạt ..." in a paper of August: the months of the year that are over."""
    months = int(groups["months"])
    if published is None or months != published.month - 1 or months < 3:
        return None
    return date(published.year, 1, 1), _month_end(published.year, months)


def _last_months(groups: Mapping[str, str], published: date | None) -> Span | None:
    year, months = _year_of(groups, published), int(groups["months"])
    if year is None or not 1 <= months <= 12:
        return None
    return date(year, 13 - months, 1), date(year, 12, 31)


def _half(groups: Mapping[str, str], published: date | None) -> Span | None:
    read = _first_months if groups["half"] == "đầu" else _last_months
    return read({**groups, "months": "6"}, published)


def _quarter(groups: Mapping[str, str], published: date | None) -> Span | None:
    year = _year_of(groups, published)
    quarter = _ROMAN.get(groups["quarter"]) or int(groups["quarter"])
    if year is None:
        return None
    span = date(year, 3 * quarter - 2, 1), _month_end(year, 3 * quarter)
    if groups.get("year") or published is None or span[0] <= published:
        return span
    return None


def _month(groups: Mapping[str, str], published: date | None) -> Span | None:
    month = int(groups["month"])
    if not 1 <= month <= 12:
        return None
    if groups.get("year"):
        year = int(groups["year"])
    elif published is None:
        return None
    else:  # the latest such month that has begun
        year = published.year if month <= published.month else published.year - 1
    return date(year, month, 1), _month_end(year, month)


def _year(groups: Mapping[str, str], published: date | None) -> Span | None:
    if groups.get("year"):
        year = int(groups["year"])
    elif published is None:
        return None
    else:
        year = published.year - (0 if groups.get("this") else 1)
    return date(year, 1, 1), date(year, 12, 31)


def _years(groups: Mapping[str, str], published: date | None) -> Span | None:
    first, last = int(groups["first"]), int(groups["last"])
    return (date(first, 1, 1), date(last, 12, 31)) if first <= last else None


def _months(groups: Mapping[str, str], published: date | None) -> Span | None:
    """From one month to another of the year of the second."""
    end = _month({**groups, "month": groups["end_month"]}, published)
    begin = int(groups["month"])
    if end is None or not 1 <= begin < end[0].month:
        return None
    return date(end[0].year, begin, 1), end[1]


def _from_to(groups: Mapping[str, str], published: date | None) -> Span | None:
    begin, end = int(groups.get("month", "1")), int(groups["end_month"])
    if not (1 <= begin <= 12 and 1 <= end <= 12):
        return None
    span = date(int(groups["first"]), begin, 1), _month_end(int(groups["last"]), end)
    return span if span[0] <= span[1] else None


def _until_now(groups: Mapping[str, str], published: date | None) -> Span | None:
    if published is None:
        return None
    if groups.get("month"):
        span = _month(groups, published)
        first = span[0] if span else None
    else:
        year = int(groups["year"]) if groups.get("year") else published.year
        first = date(year, 1, 1)
    return (first, published) if first and first <= published else None


def _day(groups: Mapping[str, str], published: date | None) -> Span | None:
    month, day = int(groups["month"]), int(groups["day"])
    if groups.get("year"):
        year = int(groups["year"])
    elif published is None:
        return None
    else:
        year = (
            published.year
            if (month, day) <= (published.month, published.day)
            else (published.year - 1)
        )
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found, found


def _as_of(groups: Mapping[str, str], published: date | None) -> Span | None:
    """The span that ends on the day as of which something stood; "đến tháng 6" names no day."""
    if groups.get("now"):
        return (published, published) if published else None
    if groups.get("day"):
        return _day(groups, published)
    if not groups.get("edge"):
        return None
    if groups.get("end_year"):
        return _year({"year": groups["end_year"]}, published)
    if groups.get("quarter"):
        return _quarter(groups, published)
    return _month({**groups, "month": groups["end_month"]}, published)


# What sets the time of a clause, or says as of which day a figure stood; more telling forms first,
# so that "đến hết tháng 6" is read before "tháng 6". With each stand the words that it may begin
# with, "#" for a number of months. A group that occurs again in a form is written with final
# underscores.
_FORMS: Final[tuple[tuple[str, frozenset[str], Reader, re.Pattern[str]], ...]] = tuple(
    (
        f"periods/{name}", frozenset(begins.split()), reader,
        re.compile(rf"(?:{form})(?!\w)", re.VERBOSE),
    )
    for name, begins, reader, form in (
        ("until-now", "kể từ đầu", _until_now, rf"""
            (?: kể \s+ )? từ \s+ (?:
                đầu \s+ năm (?: \s+ (?P<year>{_YEAR}) )?               # từ đầu năm (2022) đến nay
                | tháng \s+ (?P<month>\d{{1,2}}) (?: \s* [/.-] \s* (?P<year_>{_YEAR}) )?
                | năm \s+ (?P<year__>{_YEAR})                          # từ năm 2019 đến nay
            ) \s+ (?: cho \s+ )? (?: đến | tới ) \s+ nay
            | đầu \s+ năm \s+ (?: đến | tới ) \s+ nay                 # đầu năm đến nay
            """),
        ("years", "giai nhiệm năm từ", _years, rf"""
            (?: giai \s+ đoạn | nhiệm \s+ kỳ | năm ) \s+
                (?P<first>{_YEAR}) \s* - \s* (?P<last>{_YEAR})
            | từ \s+ (?: đầu \s+ )? năm \s+ (?P<first_>{_YEAR}) \s+ đến \s+ (?: hết \s+ )?
                (?: năm \s+ )? (?P<last_>{_YEAR})
            """),
        ("from-to", "từ", _from_to, rf"""
            từ \s+ (?: đầu \s+ )? (?: tháng \s+ (?P<month>\d{{1,2}}) \s* [/-] \s* | năm \s+ )
                (?P<first>{_YEAR})
            \s+ đến \s+ (?: hết \s+ | cuối \s+ )?
                tháng \s+ (?P<end_month>\d{{1,2}}) \s* [/-] \s* (?P<last>{_YEAR})
            """),
        ("months", "tháng từ", _months, rf"""
            (?: từ \s+ )? tháng \s+ (?P<month>\d{{1,2}}) \s* (?: và | đến | - )
            \s* (?: hết \s+ | cuối \s+ )? tháng \s+ (?P<end_month>\d{{1,2}})
            (?: {_OF_YEAR} | (?! \s* [/-] ) )
            """),
        ("as-of", "đến tới hết", _as_of, rf"""
            (?: (?: đến | tới ) \s+ | (?= hết \s ) ) (?: (?: hết \s+ )? thời \s+ điểm \s+ )? (?:
                (?P<now> nay | hiện \s+ nay | này | hiện \s+ tại )
                | (?: hết \s+ | cuối \s+ )? (?: ngày \s+ | (?<= tính \s đến \s ) )
                    (?P<day>\d{{1,2}}) [/.-] (?P<month>\d{{1,2}}) (?: [/.-] (?P<year>{_YEAR}) )?
                | (?: (?P<edge> hết | cuối ) \s+ | đầu \s+ | giữa \s+ )? (?:
                    tháng \s+ (?P<end_month>\d{{1,2}}) (?: \s* [/.-] \s* (?P<year_>{_YEAR})
                        | ,? \s+ năm \s+ (?P<year__>{_YEAR}) )?
                    | quý \s+ (?P<quarter> iv | i{{1,3}} | [1-4] ) (?: \s* [/.-] \s*
                        (?P<year___>{_YEAR}) | ,? \s+ năm \s+ (?P<year____>{_YEAR}) )?
                    | năm \s+ (?P<end_year>{_YEAR}) )
            )
            """),
        ("first-months", "#", _first_months, rf"""
            (?P<months>\d{{1,2}}) \s+ tháng \s+ (?:
                đầu \s+ năm {_THIS} | (?: của \s+ )? năm \s+ (?P<year_>{_YEAR}) )
            """),
        ("months-so-far", "#", _months_so_far, r"""
            (?<! sau \s ) (?<! hơn \s ) (?<! gần \s ) (?<! mỗi \s ) (?<! từ \s )
            (?P<months>\d{1,2}) \s+ tháng
            (?= ,? \s (?: đạt | được | ước | toàn | cả | đã | có | tăng | giảm ) \s )
            """),
        ("half", "nửa", _half, rf"nửa \s+ (?P<half> đầu | cuối ) \s+ năm {_THIS}"),
        ("last-months", "#", _last_months, rf"""
            (?P<months>\d{{1,2}}) \s+ tháng \s+ cuối \s+ năm {_THIS}
            """),
        ("quarter", "quý", _quarter, rf"quý \s+ (?P<quarter> iv | i{{1,3}} | [1-4] ) {_OF_YEAR}?"),
        ("day", "ngày", _day, rf"""
            ngày \s+ (?P<day>\d{{1,2}}) [/.-] (?P<month>\d{{1,2}}) (?: [/.-] (?P<year>{_YEAR}) )?
            (?! [/-] )
            """),
        ("month", "tháng", _month, rf"""
            tháng \s+ (?P<month>\d{{1,2}}) (?: {_OF_YEAR} | (?! \s* [/-] ) )
            """),
        ("year", "năm", _year, rf"""
            năm \s+ (?: (?P<year>{_YEAR}) | (?P<this> nay | này ) | (?P<past> ngoái ) )
            (?! \s* - \s* \d )
            """),
    )
)  # fmt: skip
# Where a form may begin: looked for in one pass, since forms tried at every character are slow.
_FIRST_WORDS: Final = sorted({word for _, begins, _, _ in _FORMS for word in begins} - {"#"})
_BEGINS: Final = re.compile(rf"(?<!\w)(?:{'|'.join(_FIRST_WORDS)}|\d{{1,2}}(?=\s+tháng))(?!\w)")


def find(folded: str, published: date | None) -> list[Period]:
    """The stretches named in a folded sentence, left to right, not overlapping.

    >>> found = find("tính đến cuối tháng 6, có 229 chi bộ", date(2022, 8, 12))
    >>> [str(p.as_of) for p in found]
    ['2022-06-30']
    >>> found = find("trong 6 tháng đầu năm nay, đảng ủy tổ chức", date(2022, 8, 12))
    >>> [(str(p.first), str(p.last)) for p in found]
    [('2022-01-01', '2022-06-30')]
    >>> find("chuyên đề năm 2022; so với năm 2020", date(2022, 8, 12))
    []
    """
    begun = [(_word(match[0]), match.start()) for match in _BEGINS.finditer(folded)]
    if not begun:
        return []
    taken = bytearray(len(folded))  # 1 where a more telling form has read the words
    found: list[Period] = []
    for rule, begins, reader, form in _FORMS:
        places = [at for word, at in begun if word in begins]
        for match in _matches(form, folded, places):
            start, end = match.span()
            if any(taken[start:end]):
                continue
            taken[start:end] = b"\1" * (end - start)
            span = reader(_groups(match), published)
            if span and rule == "periods/as-of":
                found.append(Period(start, end, None, None, span[1], rule))
            elif span and _sets_time(rule, folded, match):
                found.append(Period(start, end, *span, None, rule))
    return sorted(found, key=lambda p: p.start_char)


def _word(begun: str) -> str:
    return "#" if begun[0].isdigit() else begun


def _matches(form: re.Pattern[str], folded: str, places: list[int]) -> Iterator[re.Match[str]]:
    """What a form reads at these places, left to right, not overlapping."""
    end = 0
    for at in places:
        if at >= end and (match := form.match(folded, at)):
            yield match
            end = match.end()


def _groups(match: re.Match[str]) -> dict[str, str]:
    return {name.rstrip("_"): value for name, value in match.groupdict().items() if value}


def _sets_time(rule: str, folded: str, match: re.Match[str]) -> bool:
    before = folded[max(0, match.start() - _BEFORE) : match.start()]
    if _NAMES_SOMETHING.search(before):
        return False
    if rule == "periods/day":
        before = folded[max(0, match.start() - _BEFORE_DAY) : match.start()]
        return _OCCASION.search(before) is None
    if before.endswith("(") and folded.startswith(")", match.end()):
        return False  # 12,86% (năm 2015): of that figure alone
    if rule != "periods/year" or not match["year"]:  # "năm nay" and "năm ngoái" name nothing
        return True
    return bool(_CLAUSE_EDGE.search(before) or _REACHED.match(folded, match.end()))
