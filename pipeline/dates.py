"""Calendar dates and times as Vietnamese pages print them: day first, local wall time.

Only a date with its year is a stamp: "chiều 22/11" is none. Impossible dates (31/2) are none, and
so are numbers of documents (05/2021/NQ-HĐND) and the days of an event (5-7/3/2021).

>>> [str(s.value) for s in stamps("Cập nhật: 25-04-2022 | 08:58:24")]
['2022-04-25 08:58:24']
>>> [(str(s.value), s.has_time) for s in stamps("Đăng ngày 5 tháng 3 năm 2021")]
[('2021-03-05 00:00:00', False)]
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from pipeline.vietnamese import fold


@dataclass(frozen=True, slots=True)
class Stamp:
    """A date, with the time of day joined to it, at [start, end) of the text."""

    value: datetime  # local wall time (UTC+7), no zone; midnight where no time is stated
    has_time: bool
    start: int
    end: int
    rule: str  # dates/<how the day is written>
    surface: str


_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "một|giêng|january|jan",
            "hai|february|feb",
            "ba|march|mar",
            "tư|bốn|april|apr",
            "năm|may",
            "sáu|june|jun",
            "bảy|july|jul",
            "tám|august|aug",
            "chín|september|sep",
            "mười|october|oct",
            "mười một|november|nov",
            "mười hai|chạp|december|dec",
        ),
        start=1,
    )
    for name in names.split("|")
}
_NAMES: Final = sorted(_MONTHS, key=len, reverse=True)
_ENGLISH: Final = "|".join(name for name in _NAMES if name.isascii())
_MONTH: Final = r"\d\d?|" + "|".join(name.replace(" ", r"\ ") for name in _NAMES if name != "may")
_YEAR: Final = r"(?:19|20)\d\d"

# Both are written for folded text: lower case, every dash a "-", every space a " ".
_DAY: Final = re.compile(
    rf"""
    (?<!\w) (?: (?<!\d[/.-]) | (?<=[:h]\d\d-) )         # not in 5-7/3/2021; in 08:04-12/8/2021
    (?:
      (?P<iso>        (?P<y1>{_YEAR}) (?P<sep1>[/-]) (?P<m1>\d\d?) (?P=sep1) (?P<d1>\d\d?) )
                                                                             # 2022-08-12
    | (?P<numeric>    (?P<d2>\d\d?) \ ?(?P<sep2>[/.-])\ ? (?P<m2>\d\d?) \ ?(?P=sep2)\ ?
                      (?P<y2>{_YEAR}|\d\d) )                                 # 25-04-2022, 5/3/22
    | (?P<worded>     (?P<d3>\d\d?) [ /-]{{1,3}} (?:tháng|thg|th) [ .]{{0,2}} (?P<m3>{_MONTH})
                      (?:,|\ ?[/-])? (?:\ {{0,2}}năm)? \ {{0,2}} (?<!\d) (?P<y3>{_YEAR}) )
                                                                             # 5 tháng 3 năm 2021
    | (?P<monthfirst> (?:tháng|thg|th) [ .]{{0,2}} (?P<m4>{_MONTH}) \ {{1,2}}
                      (?P<d4>\d\d?), \ {{0,2}} (?P<y4>{_YEAR}) )             # tháng tám 12, 2022
    | (?P<english>    (?P<d5>\d\d?) [ -]{{1,2}} (?P<m5>{_ENGLISH}) [.,]? [ -]{{1,2}}
                      (?P<y5>{_YEAR}) )                                      # 12 aug 2022
    | (?P<american>   (?P<m6>{_ENGLISH}) \.? \ {{1,2}} (?P<d6>\d\d?), \ {{0,2}}
                      (?P<y6>{_YEAR}) )                                      # august 12, 2022
    )
    (?! \d | [./]\w | -(?!\d\d?[:h])\w )                                 # not 12/08/2022/qđ-ubnd
    """,
    re.VERBOSE,
)
# How the groups of an alternative are numbered.
_NUMBER: Final = {
    "iso": 1, "numeric": 2, "worded": 3, "monthfirst": 4, "english": 5, "american": 6,
}  # fmt: skip
_CLOCK: Final = re.compile(
    r"""
    (?<!\d) (?<!\d[:.])
    (?: (?P<h1>\d\d?) : (?P<m1>\d\d) (?: :(?P<s>\d\d) (?:[.,]\d{1,9})? )?    # 08:58:24
      | (?P<h2>\d\d?) (?:\ ?giờ|[hg])
        (?: \ ?(?P<m2>\d\d) (?! /\d | [.-]\d\d?[.-] ) (?:\ ?phút|')? )? (?!\w) )  # 14h30, 14 giờ
    (?: \ ?(?P<half>am|pm|sa|ch) (?!\w) )?                                   # 8:04 am, 3:30 ch
    (?: \ ?[(\[]? (?:gmt|utc)\ ? (?P<sign1>[+-])\ ? (?P<zh1>\d\d?) (?: :?(?P<zm1>\d\d) )? [)\]]?
                                                                             # gmt+7, [utc+07:00]
      | \ ? (?P<sign2>[+-]) (?P<zh2>\d\d) :? (?P<zm2>\d\d) (?![\d/.-])       # +07:00, -0500
      | (?P<zulu>z) (?!\w)                                                   # 01:04:00z
      | \ ?[(\[]? (?P<gmt>gmt) \+? [)\]]?                                    # gmt, and a cut gmt+
    )?
    (?! :?\d )
    """,
    re.VERBOSE,
)
_DIGIT: Final = re.compile(r"\d")
# What may stand between a day and its time: "12/08/2022 | 08:04", "14h30, thứ sáu, ngày 5/3/2021".
_BETWEEN: Final = re.compile(
    r"""(?: [\s,;|/·•()\[\]:-] | ngày | vào | lúc | hồi | at | chủ\ nhật | cn
          | thứ\ (?:hai|ba|tư|năm|sáu|bảy|[2-7]) | t[2-7] | t ){0,16}""",
    re.VERBOSE,
)
_BETWEEN_MAX: Final = 32  # characters: " (chủ nhật), vào lúc " and the like
_WEEKDAY: Final = re.compile(
    r"(?:thứ (?:(hai|2)|(ba|3)|(tư|4)|(năm|5)|(sáu|6)|(bảy|7))|(chủ nhật|cn)),? ?(?:ngày )?$"
)
_WEEKDAY_MAX: Final = 20
_LOCAL: Final = timedelta(hours=7)
_FARTHEST_ZONE: Final = timedelta(hours=14)


def stamps(text: str) -> list[Stamp]:
    """Every date with its year in `text`, left to right, with the time of day joined to it.

    An explicit offset is turned into local wall time (+07:00); a time without one is local. A year
    of two digits counts only beside a time of day or the right day of the week.

    >>> [str(s.value) for s in stamps("8:04 AM, 12/08/2022; 2022-08-12T01:04:00Z")]
    ['2022-08-12 08:04:00', '2022-08-12 08:04:00']
    >>> stamps("Chiều 22/11, ngày 31/2/2021, số 12/08/2021/NQ-HĐND, ngày 5-7/3/2021, tổ 12/8/22")
    []
    """
    if _DIGIT.search(text) is None:
        return []
    folded = fold(text)
    days = list(_DAY.finditer(folded))
    clocks = [c for c in _CLOCK.finditer(folded) if _time(c) is not None] if days else []
    starts, ends = [c.start() for c in clocks], [c.end() for c in clocks]
    found: list[Stamp] = []
    free = 0  # clocks before this one belong to dates found already
    for day in days:
        before, after = bisect_right(ends, day.start()) - 1, bisect_left(starts, day.end())
        clock: re.Match[str] | None = None
        if before >= free and _joined(folded, ends[before], day.start()):
            clock, free = clocks[before], before + 1
        elif after < len(clocks) and _joined(folded, day.end(), starts[after]):
            clock, free = clocks[after], after + 1
        if (value := _value(folded, day, clock)) is not None:
            start = min(day.start(), clock.start()) if clock else day.start()
            end = max(day.end(), clock.end()) if clock else day.end()
            rule = f"dates/{day.lastgroup}"
            found.append(Stamp(value, clock is not None, start, end, rule, text[start:end]))
    return found


def _joined(folded: str, start: int, end: int) -> bool:
    return end - start <= _BETWEEN_MAX and _BETWEEN.fullmatch(folded, start, end) is not None


def _value(folded: str, day: re.Match[str], clock: re.Match[str] | None) -> datetime | None:
    on = _date(day)
    if on is None or (len(_parts(day)[0]) == 2 and not (clock or _right_weekday(folded, day))):
        return None
    value = datetime.combine(on, (_time(clock) if clock else None) or time())
    if clock and (offset := _offset(clock, day.lastgroup == "english")) is not None:
        value += _LOCAL - offset
    return value


def _parts(day: re.Match[str]) -> tuple[str, str, str]:
    """Year, month and day as written."""
    n = _NUMBER[day.lastgroup or ""]
    return day[f"y{n}"], day[f"m{n}"], day[f"d{n}"]


def _date(day: re.Match[str]) -> date | None:
    year, month, number = _parts(day)
    try:
        return date(
            int(year) + (2000 if len(year) == 2 else 0),
            int(month) if month.isdecimal() else _MONTHS[month],
            int(number),
        )
    except ValueError:
        return None


def _time(clock: re.Match[str]) -> time | None:
    hour, minute = int(clock["h1"] or clock["h2"]), int(clock["m1"] or clock["m2"] or 0)
    if clock["half"] in ("pm", "ch") and hour < 12:
        hour += 12
    elif clock["half"] in ("am", "sa") and hour == 12:
        hour = 0
    try:
        return time(hour, minute, int(clock["s"] or 0))
    except ValueError:
        return None


def _offset(clock: re.Match[str], is_header: bool) -> timedelta | None:
    """The offset from UTC that the clock states; a bare GMT only counts in an HTTP date."""
    for sign, hours, minutes in (("sign1", "zh1", "zm1"), ("sign2", "zh2", "zm2")):
        if clock[sign]:
            offset = timedelta(hours=int(clock[hours]), minutes=int(clock[minutes] or 0))
            if offset > _FARTHEST_ZONE:
                return None
            return -offset if clock[sign] == "-" else offset
    return timedelta() if clock["zulu"] or (clock["gmt"] and is_header) else None


def _right_weekday(folded: str, day: re.Match[str]) -> bool:
    """Whether the day of the week right before a date is that date's."""
    on = _date(day)
    named = _WEEKDAY.search(folded, max(0, day.start() - _WEEKDAY_MAX), day.start())
    return named is not None and on is not None and named.lastindex == on.isoweekday()
