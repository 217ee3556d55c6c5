"""Dates in every form that pages print them, and what only looks like one."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.dates import stamps
from tests.linear import assert_linear, repeated

TIMED = [
    ("Cập nhật: 25-04-2022 | 08:58:24", "2022-04-25 08:58:24"),
    ("Thứ Tư, 08/11/2023 | 15:30", "2023-11-08 15:30:00"),
    ("12/08/2022 | 08:04 GMT+7", "2022-08-12 08:04:00"),
    ("Thứ Tư, 08/04/2015, 08:11 [GMT+7]", "2015-04-08 08:11:00"),
    ("05/03/2021 lúc 14h30", "2021-03-05 14:30:00"),
    ("14:30 | 05/03/2021", "2021-03-05 14:30:00"),
    ("14:30 ngày 5/3/2021", "2021-03-05 14:30:00"),
    ("14 giờ 30 phút, thứ Sáu, ngày 5 tháng 3 năm 2021", "2021-03-05 14:30:00"),
    ("8h 12/8/2022", "2022-08-12 08:00:00"),
    ("8h05-12/8/2022", "2022-08-12 08:05:00"),
    ("2022-08-12T08:04:00+07:00", "2022-08-12 08:04:00"),
    ("2022-08-12T01:04:00Z", "2022-08-12 08:04:00"),
    ("2022-08-11T23:04:00.250-0200", "2022-08-12 08:04:00"),
    ("Fri, 12 Aug 2022 01:04:00 GMT", "2022-08-12 08:04:00"),
    ("2022-08-12 08:11:31", "2022-08-12 08:11:31"),
    ("8:04 AM, 12/08/2022", "2022-08-12 08:04:00"),
    ("12:15 AM, 12/08/2022", "2022-08-12 00:15:00"),
    ("12/08/2022 3:30:05 CH", "2022-08-12 15:30:05"),
    ("12/08/2022 8:30:05 SA", "2022-08-12 08:30:05"),
    ("09:38 AM,25/01/2019", "2019-01-25 09:38:00"),
    ("25/01/2019,09:38", "2019-01-25 09:38:00"),
    ("Thứ sáu, 12 Tháng 8 2022 08:04", "2022-08-12 08:04:00"),
    ("12\u00a0/\u00a008\u00a0/\u00a02022 – 08:04", "2022-08-12 08:04:00"),
    ("12/08/22 08:04", "2022-08-12 08:04:00"),
    ("12/08/2022 08:04 GMT+", "2022-08-12 08:04:00"),
]
DAYS = [
    ("Ngày 5 tháng 3 năm 2021", "2021-03-05"),
    ("5 tháng 3, 2021", "2021-03-05"),
    ("12 Tháng Mười Một, 2022", "2022-11-12"),
    ("Tháng Tám 12, 2022", "2022-08-12"),
    ("12 thg 8, 2022", "2022-08-12"),
    ("August 12, 2022", "2022-08-12"),
    ("Đăng ngày 12/8/2022", "2022-08-12"),
    ("Báo Miền Biển 12.4.2018", "2018-04-12"),
    ("(12-4-2018).", "2018-04-12"),
    ("Thứ Tư, 08/11/23", "2023-11-08"),
    ("31/12/1999 24:00", "1999-12-31"),  # no such time of day
]
NONE = [
    "Chiều 22/11, tại hội trường",
    "ngày 31/2/2021",
    "29/02/2021",
    "13/13/2020",
    "Nghị quyết số 05/2021/NQ-HĐND",
    "Quyết định 12/08/2021/QĐ-UBND",
    "ngày 5-7/3/2021",
    "điện thoại 0274.3822.958",
    "phiên bản 1.2.3.2021",
    "nhiệm kỳ 2020-2025",
    "đạt 12/08/22 chỉ tiêu",
    "Thứ Hai, 08/11/23",  # it was a Wednesday
    "tháng 3 năm 2021",
    "lúc 14h30",
    "",
]


@pytest.mark.parametrize(("text", "value"), TIMED)
def test_a_day_is_read_with_its_time(text: str, value: str) -> None:
    [stamp] = stamps(text)
    assert (str(stamp.value), stamp.has_time) == (value, True)
    assert text[stamp.start : stamp.end] == stamp.surface


@pytest.mark.parametrize(("text", "day"), DAYS)
def test_a_day_alone_is_midnight(text: str, day: str) -> None:
    [stamp] = stamps(text)
    assert (str(stamp.value), stamp.has_time) == (f"{day} 00:00:00", False)


@pytest.mark.parametrize("text", NONE)
def test_what_is_no_date_is_none(text: str) -> None:
    assert stamps(text) == []


def test_each_time_of_day_belongs_to_one_day() -> None:
    found = stamps("08:04 12/08/2022 09:10 13/08/2022; Đăng: 14/08/2022 - Sửa: 15/08/2022 10:20")
    assert [str(s.value) for s in found] == [
        "2022-08-12 08:04:00",
        "2022-08-13 09:10:00",
        "2022-08-14 00:00:00",
        "2022-08-15 10:20:00",
    ]


FORMS = [
    "{d:02}-{m:02}-{y} | {H:02}:{M:02}:{S:02}",
    "Thứ Tư, {d}/{m}/{y} | {H}:{M:02}:{S:02}",
    "{H}:{M:02}:{S:02} | {d:02}/{m:02}/{y}",
    "{H:02}:{M:02}:{S:02} ngày {d}/{m}/{y}",
    "{d}.{m}.{y} lúc {H:02}:{M:02}:{S:02}",
    "Ngày {d} tháng {m} năm {y}, {H}:{M:02}:{S:02}",
    "{d:02} Tháng {m}, {y} {H}:{M:02}:{S:02}",
    "{y}-{m:02}-{d:02}T{H:02}:{M:02}:{S:02}+07:00",
    "{y}-{m:02}-{d:02} {H:02}:{M:02}:{S:02}",
    "{d:02}/{m:02}/{y} {H:02}:{M:02}:{S:02} (GMT+7)",
]
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2099, 12, 31)).map(
    lambda d: d.replace(microsecond=0)
)


@given(MOMENTS, st.sampled_from(FORMS), st.sampled_from(["", "Cập nhật: ", "(", "Đăng lúc "]))
def test_what_is_printed_is_read_back(moment: datetime, form: str, before: str) -> None:
    d = moment
    line = before + form.format(d=d.day, m=d.month, y=d.year, H=d.hour, M=d.minute, S=d.second)
    assert [s.value for s in stamps(line)] == [moment]


@given(MOMENTS, st.integers(-12, 14))
def test_an_offset_becomes_local_time(moment: datetime, hours: int) -> None:
    [stamp] = stamps(f"{moment.isoformat()}{hours:+03}:00")
    assert stamp.value == moment + timedelta(hours=7 - hours)


PARTS = st.sampled_from(
    ["12/8/2022", "08:04", "14h30", "ngày ", "tháng ", "năm ", "2022", "5", "/", "-", ".", " ", "T",
     "GMT+7", "+07:00", "thứ sáu", "\u00a0", "\n", "AM", "lúc", ":", "(", "É", "İ", "22/11"]
)  # fmt: skip


@given(st.one_of(st.text(), st.lists(PARTS, max_size=30).map("".join)))
def test_no_text_breaks_it(text: str) -> None:
    for stamp in stamps(text):
        assert text[stamp.start : stamp.end] == stamp.surface
        assert 1900 <= stamp.value.year <= 2100


@pytest.mark.parametrize(
    "unit", ["12/08/2022 ", "12/", "08:04 ", "8h ", "12 tháng ", "2022-", "(", "thứ ", "1"]
)
def test_cost_grows_with_the_text(unit: str) -> None:
    assert_linear(stamps, repeated(unit), 6_000)
