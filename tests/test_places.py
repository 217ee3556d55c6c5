"""Outlets and provinces: what the lexicon knows, and how a page is told to be from one of them."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import lexicon
from pipeline.clean import places, territories
from pipeline.clean.draft import Draft
from pipeline.clean.territories import Context, Surname
from pipeline.records import Page, Role
from tests.linear import assert_linear, repeated
from tests.reference import Reference, captures
from tests.test_published import BODY, DATELINE, TITLE, draft, page

BEFORE, AFTER = date(2024, 5, 1), date(2025, 7, 1)


def named(text: str, published: date | None = None) -> str | None:
    return places.province(text, None, None, published).province


def paper(made: Draft, of: Page | None = None) -> str | None:
    return places.outlet(of or page(), made, None)[0]


# --- the lexicon proves itself ------------------------------------------------------------


@pytest.mark.parametrize("province", territories.provinces(), ids=lambda p: p.name)
def test_a_province_is_told_by_its_examples(province: territories.Province) -> None:
    assert [named(line) for line in province.examples] == [province.name] * len(province.examples)
    assert province.name not in [named(line) for line in province.excluded]


def test_contexts_and_surnames_silence_a_name() -> None:
    lines = [line for row in lexicon.read("provinces", Context) for line in row.examples]
    lines += [line for row in lexicon.read("provinces", Surname) for line in row.examples]
    assert [line for line in lines if named(line)] == []


def shown_as(line: str) -> Draft:
    """A page that shows a line once where it credits its source and once where its text opens."""
    return draft(("author", line), ("lead", line))


@pytest.mark.parametrize("outlet", places.outlets(), ids=lambda o: o.name)
def test_an_outlet_is_told_by_its_examples(outlet: places.Outlet) -> None:
    def told(line: str) -> str | None:
        by_address = line.startswith("http")
        return paper(draft(*BODY), page(line)) if by_address else paper(shown_as(line))

    assert [told(line) for line in outlet.examples] == [outlet.name] * len(outlet.examples)
    assert outlet.name not in [told(line) for line in outlet.excluded]


def test_mastheads_are_told_by_their_examples() -> None:
    lines = [line for row in lexicon.read("outlets", places.Masthead) for line in row.examples]
    assert {paper(shown_as(line)) for line in lines} == {"Báo Gia Lai"}


def test_every_province_has_one_party_newspaper() -> None:
    names = [p.name for p in territories.provinces()]
    assert len(names) == 63
    assert sorted(o.province for o in places.outlets()) == sorted(names)
    assert len({p.province_2025 for p in territories.provinces()}) == 34


def address_data() -> dict[str, Any] | None:
    """underthesea's map of both divisions, read without importing the library."""
    spec = find_spec("underthesea")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        path = Path(folder) / "address" / "data" / "mapping.json"
        if path.exists():
            data: dict[str, Any] = json.loads(path.read_text("utf-8"))
            return data
    return None


@pytest.mark.skipif(address_data() is None, reason="this underthesea brings no address data")
def test_the_maps_are_those_of_the_address_data() -> None:
    data = address_data() or {}
    short = {"Huế": "Thừa Thiên Huế"}  # renamed half a year before the merger
    merged = {
        short.get(old["short"], old["short"]): data["province_names"][data["province_mapping"][key]]
        for key, old in data["old_province_names"].items()
    }
    ours = {p.name: p.province_2025.removeprefix("Thành phố ") for p in territories.provinces()}
    assert ours == {name: new["short"] for name, new in merged.items()}
    theirs = Counter(
        (old["short"], row["old_district"].lower())
        for row in data["ward_mapping"]
        for old in [data["old_province_names"][row["old_province_key"]]]
    )
    districts = {
        (next((s for s, n in short.items() if n == p.name), p.name), d.lower())
        for p in territories.provinces()
        for d in p.districts
    }
    assert districts == set(theirs)


# --- the province -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "province"),
    [
        ("Kho bạc Nhà nước Bình Dương và Cục Hải quan Bình Dương ký kết.", "Bình Dương"),
        ("Thành ủy TP. Vị Thanh giao ban với VNPT Hậu Giang.", "Hậu Giang"),
        ("Đảng ủy TX. Giá Rai ra nghị quyết.", "Bạc Liêu"),
        ("Công nhân ở Thủ Dầu Một hưởng ứng.", "Bình Dương"),
        ("Hội Nông dân Thừa Thiên - Huế, rồi TT-Huế.", "Thừa Thiên Huế"),
        ("Tỉnh ủy Đắc Lắc sơ kết.", "Đắk Lắk"),
        ("UBND TP.HCM và Thành ủy Thành phố Hồ Chí Minh họp.", "Hồ Chí Minh"),
        ("Huyện Quảng Ninh và huyện Lệ Thủy gieo cấy xong.", "Quảng Bình"),
        ("Đảng bộ tỉnh Bắc Kạn họp; đoàn Thái Nguyên dự.", "Bắc Kạn"),
        ("Huyện Chơn Thành lên thị xã.", "Bình Phước"),
        ("TP. Điện Biên Phủ chỉnh trang đô thị.", "Điện Biên"),
        ("Tại Hậu Giang, nông dân vào vụ; lúa Hậu Giang được giá.", "Hậu Giang"),
    ],
)
def test_places_tell_the_province(text: str, province: str) -> None:
    assert named(text) == province


@pytest.mark.parametrize(
    "text",
    [
        "Đồng bằng sông Cửu Long, Đông Nam Bộ và Tây Nguyên phát triển.",
        "Huyện Châu Thành và huyện Phú Tân sơ kết.",  # of several provinces
        "Đoàn gồm các tỉnh Bắc Kạn, Cao Bằng, Hà Giang và Lạng Sơn.",
        "Học tập tư tưởng, đạo đức, phong cách Hồ Chí Minh.",
        "Hội nghị trực tuyến từ Hà Nội.",
        "Đoàn đi thực tế tại tỉnh Quảng Ninh.",
        "Kỷ niệm Chiến thắng lịch sử Điện Biên Phủ.",
        "Ông Nguyễn Văn Hà Giang, chị Thái Bình và bà Huế phát biểu.",
        "Vì hòa bình, vì thái bình muôn nơi.",
        "Xã Bình Phước, ấp Vĩnh Long, đường Điện Biên, cầu Bình Thuận.",
        "Bác sĩ tốt nghiệp Đại học Cần Thơ, quê ở Trà Vinh.",
        "Tỉnh ủy Bến Tre tiếp Tỉnh ủy Trà Vinh.",  # neither prevails
        "Tỉnh ủy, UBND tỉnh và Ngân hàng Nhà nước Việt Nam.",
        "",
    ],
)
def test_what_tells_no_province(text: str) -> None:
    assert named(text) is None


def test_the_corpus_then_the_newspaper_then_the_text() -> None:
    text = "Tỉnh ủy Bến Tre sơ kết."
    by_text = places.province(text, "Báo Miền Biển", None, BEFORE)
    assert by_text == ("Bến Tre", "Vĩnh Long", 'named in the text: "Tỉnh ủy Bến Tre"')
    assert places.province(text, "Báo Ấp Bắc", None, BEFORE).province == "Tiền Giang"
    assert places.province(text, "Báo Ấp Bắc", "Tỉnh Cà Mau", BEFORE).province == "Cà Mau"
    assert places.province(text, None, "Xứ Lạ", BEFORE) == (None, None, None)


def test_from_the_merger_on_the_new_map_is_in_force() -> None:
    both = "UBND tỉnh Bạc Liêu bàn giao cho UBND tỉnh Cà Mau."
    assert named(both, BEFORE) is None
    assert named(both, AFTER) == "Cà Mau"
    moved = places.province("Chi bộ họp.", "Báo Bình Dương", None, AFTER)
    assert moved[:2] == ("Hồ Chí Minh", "Thành phố Hồ Chí Minh")


def test_territories_are_known_with_their_provinces() -> None:
    known = {(t.kind, t.name, t.province) for t in territories.territories()}
    assert ("huyện", "Hòa Bình", "Bạc Liêu") in known
    assert ("tỉnh", "Hòa Bình", "Hòa Bình") in known
    assert ("huyện", "Hoành Bồ", "Quảng Ninh") in known
    assert len(known) == len(territories.territories())


# --- the newspaper ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "outlet"),
    [
        ("https://baobinhduong.vn/chinh-tri/a1.html", "Báo Bình Dương"),
        ("http://www.baobinhduong.org.vn/a1.html", "Báo Bình Dương"),
        ("https://m.baohaiphong.com.vn:8080/a1.html", "Báo Hải Phòng"),
        ("https://dongkhoi.baovinhlong.vn/a1.html", "Báo Đồng Khởi"),
        ("https://truyenhinh.baovinhlong.vn/a1.html", "Báo Vĩnh Long"),
        ("https://baobinhduong.example.com/a1.html", None),
        ("https://tinbaobinhduong.vn/a1.html", None),
        ("baobinhduong.vn/a1.html", None),
        ("http://[baobinhduong.vn", None),
    ],
)
def test_addresses(url: str, outlet: str | None) -> None:
    assert paper(draft(TITLE, *BODY), page(url)) == outlet
    assert paper(draft(TITLE, *BODY, tags={"canonical": (url,)})) == outlet


@pytest.mark.parametrize(
    ("role", "line", "outlet"),
    [
        ("dateline", "Báo Hải Phòng 12/04/2018", "Báo Hải Phòng"),
        ("author", "Theo Báo Ấp Bắc", "Báo Ấp Bắc"),
        ("boilerplate", "Bản quyền thuộc Báo và Phát thanh, Truyền hình Cà Mau", "Báo Cà Mau"),
        ("boilerplate", "Thư về toasoan@baolaichau.vn", "Báo Lai Châu"),
        ("boilerplate", "BDO chờ ý kiến bạn đọc; BDO không đăng lời thô tục.", "Báo Bình Dương"),
        ("boilerplate", "Liên kết: Báo Gia Lai, Báo Kon Tum", None),
        ("boilerplate", "Tuyển dụng CMO", None),
        ("boilerplate", "Thông báo Hòa Bình", None),
        ("paragraph", "Phóng viên Báo Gia Lai đã ghi lại.", None),
        ("related", "Báo Gia Lai đoạt giải", None),
        ("lead", "ABO - Sáng 5/3, chi bộ họp.", "Báo Ấp Bắc"),
        ("lead", "(Baonghean.vn) - Sáng 5/3, chi bộ họp.", "Báo Nghệ An"),
        ("lead", "ABO là tên một nhóm máu.", None),
    ],
)
def test_what_a_page_shows_of_its_paper(role: Role, line: str, outlet: str | None) -> None:
    assert paper(draft((role, line), ("paragraph", "Chi bộ họp."))) == outlet


def test_the_address_overrules_a_credit_and_the_corpus_all() -> None:
    credited = draft(TITLE, *BODY, ("author", "Theo Báo Hải Phòng"))
    at = page("https://baogialai.com.vn/a1.html")
    assert paper(credited, at) == "Báo Gia Lai"
    assert places.outlet(at, credited, "Báo Miền Biển")[0] == "Báo Miền Biển"


def test_a_paper_that_credits_another_is_still_the_outlet() -> None:
    masthead: tuple[Role, str] = ("boilerplate", "Báo Ấp Bắc điện tử")
    assert paper(draft(masthead, TITLE, *BODY, ("author", "Theo Báo An Giang"))) == "Báo Ấp Bắc"


def test_another_sites_furniture_names_no_outlet() -> None:
    linked = draft(TITLE, *BODY, ("boilerplate", "Báo Gia Lai"))
    assert paper(linked, page("https://blog.example.com/a1.html")) is None
    assert paper(linked) == "Báo Gia Lai"


HEADLINE: tuple[Role, str] = ("title", "TP. Vị Thanh: Sơ kết một năm đỡ đầu học sinh")
SIGNED: tuple[Role, str] = ("author", "MAI LAN")
AT_HOME: tuple[Role, str] = ("paragraph", "Theo chỉ đạo của Tỉnh ủy, TP. Vị Thanh đã kiểm tra.")


def test_a_signed_article_that_takes_its_province_for_granted_is_from_its_paper() -> None:
    at_home = draft(HEADLINE, DATELINE, *BODY, AT_HOME, SIGNED)
    name, evidence = places.outlet(page(), at_home, None)
    assert (name, evidence) == ("Báo Hậu Giang", 'headline: "TP. Vị Thanh:"')


@pytest.mark.parametrize(
    "lines",
    [
        (HEADLINE, *BODY, AT_HOME),  # unsigned
        (HEADLINE, *BODY, SIGNED),  # no body of the province
        (TITLE, *BODY, AT_HOME, SIGNED),  # the headline is from nowhere
        (HEADLINE, *BODY, AT_HOME, ("paragraph", "Tỉnh ủy Hậu Giang khen."), SIGNED),
        (HEADLINE, *BODY, AT_HOME, ("paragraph", "Đoàn tỉnh Cà Mau dự."), SIGNED),
        (("title", "TP. Vị Thanh sơ kết một năm"), *BODY, AT_HOME, SIGNED),
    ],
)
def test_anything_less_is_a_guess(lines: tuple[tuple[Role, str], ...]) -> None:
    assert paper(draft(*lines)) is None


# --- references, anything, cost -------------------------------------------------------------


@pytest.mark.skipif(not captures(), reason="the reference captures are not at hand")
@pytest.mark.parametrize("capture", captures(), ids=lambda c: c.id)
def test_reference_captures(capture: Reference) -> None:
    name = paper(capture.draft, capture.page)
    text = "\n".join(p.text for p in capture.draft.pieces if p.kept)
    place = places.province(text, name, None, BEFORE)
    assert (name, place.province) == (capture.gold["outlet"], capture.gold["province"])
    assert capture.gold["province_2025"] in (place.province_2025 or "")


WORDS = st.sampled_from(
    ["Bình Dương", "TP. ", "tỉnh ", "huyện ", "Châu Thành", "Nguyễn ", "Báo ", "Hà Nội", ", ",
     " - ", "ABO", "(", ")", "baogialai.com.vn", "http://", "Tỉnh ủy ", "TP.HCM", "\n", "İ",
     "Đắk R'Lấp"]
)  # fmt: skip


@given(st.one_of(st.text(), st.lists(WORDS, max_size=20).map("".join)))
def test_no_text_breaks_it(text: str) -> None:
    for found in territories.mentions(text):
        assert " ".join(text[found.start : found.end].split()) == found.surface
    shown = draft(
        ("title", text), ("dateline", text), ("lead", text), ("boilerplate", text), SIGNED
    )
    places.outlet(page(text), shown, None)
    places.province(text, text, text, None)


@pytest.mark.parametrize(
    "unit", ["Bình Dương ", "TP. ", "tỉnh ", "Hà Nội, ", "Báo ", "Báo Gia Lai ", "a.vn.", "ABO "]
)
def test_cost_grows_with_the_text(unit: str) -> None:
    def work(text: str) -> None:
        territories.mentions(text)
        places.outlet(page(), draft(("lead", text), ("boilerplate", text)), None)

    assert_linear(work, repeated(unit))
