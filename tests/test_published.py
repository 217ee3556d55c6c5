"""Which date of a page is that of its publication, and which never."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import php_dump
from pipeline.clean import published
from pipeline.clean.draft import Draft, Piece
from pipeline.clean.published import Candidate
from pipeline.php_dump import Dump
from pipeline.records import TEXT_ROLES, Page, Role
from tests.reference import Reference, captures

BODY: list[tuple[Role, str]] = [
    ("lead", "Chi bộ ấp Hòa Tây vừa sơ kết một năm nhận đỡ đầu học sinh khó khăn."),
    ("paragraph", "Mỗi đảng viên góp 20.000 đồng một tháng, ngày 1/2/2020 bắt đầu."),
    ("paragraph", "Đến nay chi bộ đã nhận đỡ đầu sáu em."),
]
TITLE: tuple[Role, str] = ("title", "Chi bộ ấp Hòa Tây đỡ đầu sáu học sinh")
DATELINE: tuple[Role, str] = ("dateline", "Cập nhật: 25-04-2022 | 08:58")


def piece(role: Role, line: str) -> Piece:
    kept = role in TEXT_ROLES
    return Piece(role, kept, None, None, line, line if kept else "", "test")


def draft(
    *lines: tuple[Role, str],
    tags: Mapping[str, tuple[str, ...]] | None = None,
    dumps: tuple[Dump, ...] = (),
) -> Draft:
    return Draft(tuple(piece(*line) for line in lines), tags or {}, dumps, "lines")


def page(url: str | None = None, fields: tuple[tuple[str, str], ...] = ()) -> Page:
    return Page("a.txt", "text", "", "0" * 64, "utf-8", url=url, fields=fields)


def chosen(made: Draft, of: Page | None = None) -> Candidate | None:
    return published.choose(published.candidates(of or page(), made))


def day(made: Draft, of: Page | None = None) -> str | None:
    best = chosen(made, of)
    return str(best.value) if best else None


def dump(*entries: tuple[tuple[str, str], ...]) -> tuple[Dump, ...]:
    return (Dump(0, 1, entries, False),)


# --- datelines ----------------------------------------------------------------------------


def test_the_dateline_under_the_title_is_believed_and_quoted() -> None:
    best = chosen(draft(TITLE, DATELINE, *BODY))
    assert best is not None
    assert best.value == datetime(2022, 4, 25, 8, 58)
    assert best.evidence == 'dateline: "Cập nhật: 25-04-2022 | 08:58"'


CLOCK: tuple[Role, str] = ("dateline", "Thứ Sáu, 10/7/2025, 09:52:10 GMT+7")
TODAY: tuple[Role, str] = ("boilerplate", "Thứ Năm, ngày 10 tháng 7 năm 2025")
MENU: tuple[Role, str] = ("boilerplate", "Trang chủ | Chính trị | Kinh tế | Văn hóa | Tìm kiếm")


def test_a_masthead_clock_never_wins() -> None:
    assert day(draft(CLOCK, TITLE, *BODY)) is None
    assert day(draft(TODAY, TITLE, *BODY)) is None
    assert day(draft(CLOCK, *BODY)) is None
    assert day(draft(("title", "Báo Miền Biển"), CLOCK, MENU, *BODY)) is None
    assert day(draft(CLOCK, TITLE, DATELINE, *BODY)) == "2022-04-25 08:58:00"
    assert day(draft(TITLE, CLOCK, MENU, DATELINE, *BODY)) == "2022-04-25 08:58:00"


def test_what_looks_like_a_clock_counts_where_a_dateline_stands_and_nothing_better_is() -> None:
    assert day(draft(TITLE, CLOCK, *BODY)) == "2025-07-10 09:52:10"
    assert day(draft(TITLE, CLOCK, DATELINE, *BODY)) == "2022-04-25 08:58:00"


def test_a_line_that_is_but_a_date_counts_whatever_it_was_taken_for() -> None:
    views: tuple[Role, str] = ("heading", "Thứ sáu - 05/06/2020 19:12 | 50 lượt xem")
    report: tuple[Role, str] = ("boilerplate", "Sơ kết phong trào thi đua đến ngày 05/06/2020")
    assert day(draft(TITLE, views, *BODY)) == "2020-06-05 19:12:00"
    assert day(draft(TITLE, report, *BODY)) is None


def test_a_dateline_right_above_the_title_counts() -> None:
    above: tuple[Role, str] = ("dateline", "13/10/2020, 20:56")
    assert day(draft(above, ("rubric", "Chính trị"), TITLE, *BODY)) == "2020-10-13 20:56:00"
    assert day(draft(above, *BODY)) == "2020-10-13 20:56:00"
    assert day(draft(above, MENU, TITLE, *BODY)) is None


def test_a_credit_below_the_text_counts_where_nothing_foreign_comes_first() -> None:
    credit: tuple[Role, str] = ("dateline", "Báo Miền Biển 12/04/2018")
    teaser: tuple[Role, str] = ("related", "Hội nghị sơ kết quý I")
    assert day(draft(*BODY, credit, teaser)) == "2018-04-12 00:00:00"
    assert day(draft(*BODY, teaser, credit)) is None


def test_a_dateline_under_the_lead_of_an_untitled_page_counts() -> None:
    assert day(draft(BODY[0], DATELINE, *BODY[1:])) == "2022-04-25 08:58:00"


def test_prose_teasers_and_letters_are_no_datelines() -> None:
    letter: tuple[Role, str] = ("dateline", "Hòa Lạc, ngày 5 tháng 3 năm 2021")
    teasers: tuple[Role, str] = ("related", "Ngày 5/3/2021, UBND xã tổ chức hội nghị…")
    assert day(draft(TITLE, *BODY, letter)) is None
    assert (
        day(draft(TITLE, *BODY, teasers, ("boilerplate", "Chiều 22/11, tại hội trường…"))) is None
    )
    assert day(draft(TITLE, *BODY[:2], ("dateline", "01/02/2020"), *BODY[1:])) is None


def test_a_time_before_the_day_makes_a_dateline_and_no_letter() -> None:
    today: tuple[Role, str] = ("boilerplate", "Thứ Năm, 10/7/2025")
    line: tuple[Role, str] = ("dateline", "Cập nhật lúc 9 giờ 20, ngày 5/3/2021")
    assert day(draft(today, MENU, TITLE, line, *BODY)) == "2021-03-05 09:20:00"


def test_publication_is_believed_rather_than_a_later_update() -> None:
    both: tuple[Role, str] = (
        "dateline",
        "Đăng ngày: 12/08/2022 08:04 - Cập nhật: 15/08/2022 10:00",
    )
    assert day(draft(TITLE, both, *BODY)) == "2022-08-12 08:04:00"
    meta = {"article:published_time": ("2022-04-20T07:00:00+07:00",)}
    assert day(draft(TITLE, DATELINE, *BODY, tags=meta)) == "2022-04-20 07:00:00"


def test_datelines_that_disagree_are_settled_by_another_source_or_not_at_all() -> None:
    first: tuple[Role, str] = ("dateline", "12/08/2022 08:04")
    second: tuple[Role, str] = ("dateline", "20/08/2022 09:00")
    assert day(draft(TITLE, first, second, *BODY)) is None
    meta = {"pubdate": ("2022-08-20",)}
    assert day(draft(TITLE, first, second, *BODY, tags=meta)) == "2022-08-20 09:00:00"


# --- dumps, tags, containers, addresses -----------------------------------------------------

OWN = (("news_id", "4711"), ("news_title", TITLE[1]), ("news_publicdate", "2022-04-25 08:58:24"))
OTHER = (
    ("news_id", "5000"),
    ("news_title", "Tin khác"),
    ("news_publicdate", "2022-08-12 08:11:31"),
)


def test_only_the_own_entry_of_a_dump_counts() -> None:
    assert day(draft(TITLE, *BODY, dumps=dump(OTHER, OWN))) == "2022-04-25 08:58:24"
    assert day(draft(TITLE, *BODY, dumps=dump(OTHER))) is None


def test_an_entry_is_known_by_its_number_where_the_title_is_missing() -> None:
    untitled = draft(*BODY, dumps=dump(OTHER, OWN))
    assert day(untitled) is None
    assert day(untitled, page("https://x.vn/hop-a4711.html")) == "2022-04-25 08:58:24"


def test_the_newest_entry_refuses_weak_dates_after_it() -> None:
    above: tuple[Role, str] = ("dateline", "10/07/2025 09:52")
    assert day(draft(above, TITLE, *BODY)) == "2025-07-10 09:52:00"
    found = published.candidates(page(), draft(above, TITLE, *BODY, dumps=dump(OTHER)))
    assert [c.refused for c in found] == ["later than the newest item of the page"]
    assert published.choose(found) is None


def test_nothing_is_believed_after_the_capture() -> None:
    captured = page(fields=(("captured_at", "2022-04-01T00:00:00Z"),))
    assert day(draft(TITLE, DATELINE, *BODY), captured) is None


def test_a_bare_day_takes_its_time_from_another_source() -> None:
    bare: tuple[Role, str] = ("dateline", "Ngày 5 tháng 3 năm 2021")
    meta = {"article:published_time": ("2021-03-05T14:30:00+07:00",)}
    assert day(draft(TITLE, bare, *BODY, tags=meta)) == "2021-03-05 14:30:00"
    midnight = {"article:published_time": ("2021-03-05T00:00:00+00:00",)}
    assert day(draft(TITLE, bare, *BODY, tags=midnight)) == "2021-03-05 00:00:00"


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("article:published_time", "2022-08-12T08:04:00+07:00", "2022-08-12 08:04:00"),
        ("ld:datePublished", "2022-08-12T01:04:00Z", "2022-08-12 08:04:00"),
        ("dc.date.issued", "2022-08-12", "2022-08-12 00:00:00"),
        ("time", "2022-08-12 08:04", "2022-08-12 08:04:00"),
        ("pubdate", "8/12/2022 8:04:00 AM", None),  # August or December
        ("article:modified_time", "2022-08-12T08:04:00+07:00", None),
        ("expires", "2022-08-12", None),
    ],
)
def test_tags(key: str, value: str, expected: str | None) -> None:
    assert day(draft(TITLE, *BODY, tags={key: (value,)})) == expected


def test_time_elements_of_several_days_say_nothing() -> None:
    assert day(draft(TITLE, *BODY, tags={"time": ("2022-08-12", "2022-08-30")})) is None


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://x.vn/chinh-tri/2022/08/12/hop.html", "2022-08-12 00:00:00"),
        ("https://x.vn/hop-20220812080412345.htm", "2022-08-12 00:00:00"),
        ("https://x.vn/chinh-tri/202208/hop.html", None),
        ("https://x.vn/hop-20221399.htm", None),
        ("https://x.vn/ky-niem-20-11-2022.htm", None),
        ("http://[x", None),
    ],
)
def test_addresses(url: str, expected: str | None) -> None:
    assert day(draft(TITLE, *BODY), page(url)) == expected


def test_a_container_says_when_its_page_was_published() -> None:
    stated = page(fields=(("title", "Họp 12/12/2012"), ("published_at", "2022-08-12T08:04:00")))
    assert day(draft(TITLE, *BODY), stated) == "2022-08-12 08:04:00"


# --- rows, references, anything -------------------------------------------------------------


def test_all_candidates_become_rows_and_one_of_them_is_chosen() -> None:
    found = published.candidates(
        page("https://x.vn/2022/04/25/hop.html"), draft(TITLE, DATELINE, *BODY, dumps=dump(OWN))
    )
    rows = published.rows("a1", found, published.choose(found))
    assert [(r.rule, r.chosen) for r in rows] == [
        ("published/dateline-updated", True),
        ("published/own-entry", False),
        ("published/url", False),
    ]
    assert {r.article_id for r in rows} == {"a1"}


@pytest.mark.skipif(not captures(), reason="the reference captures are not at hand")
@pytest.mark.parametrize("capture", captures(), ids=lambda c: c.id)
def test_reference_captures(capture: Reference) -> None:
    gold = capture.gold["published_at"]
    expected = datetime.fromisoformat(gold).replace(tzinfo=None) if gold else None
    best = chosen(capture.draft, capture.page)
    assert (best.value if best else None) == expected


ROLES = st.sampled_from(["title", "dateline", "rubric", "lead", "paragraph", "author", "related"])
LINES = st.lists(
    st.tuples(ROLES, st.sampled_from(["12/08/2022 08:04", "Đăng: 5/3/2021", "31/2/2020", "Họp"])),
    max_size=8,
)


@given(LINES, st.text(max_size=60), st.text(max_size=40))
def test_any_page_has_one_date_or_none(lines: list[tuple[Role, str]], url: str, text: str) -> None:
    made = draft(*lines, ("dateline", text), tags={"canonical": (url,), "date": (text,)},
                 dumps=tuple(php_dump.find(text)))  # fmt: skip
    found = published.candidates(page(url, (("date", text),)), made)
    rows = published.rows("a", found, published.choose(found))
    assert sum(r.chosen for r in rows) <= 1
