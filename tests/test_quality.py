"""Warnings about an article: each with its evidence, none without."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import lexicon
from pipeline.clean import quality
from pipeline.clean.draft import Draft
from pipeline.clean.quality import Actor, Deed, Formula, Gloss, Misrendering
from pipeline.records import Page, Role
from pipeline.vietnamese import fold
from tests.linear import assert_linear, repeated
from tests.reference import Reference, captures
from tests.test_published import DATELINE, TITLE, draft, page

LONG = " ".join(["Chi bộ ấp Hòa Tây họp định kỳ, bàn việc đỡ đầu học sinh và sửa đường."] * 8)
BODY: tuple[tuple[Role, str], ...] = (("lead", LONG), ("paragraph", LONG))
DAY = datetime(2022, 8, 12)


def names(made: Draft, of: Page | None = None) -> list[str]:
    return [flag.name for flag in quality.flags(of or page(), made, DAY, "Cà Mau")]


# --- what is missing ----------------------------------------------------------------------


def test_a_complete_article_has_no_flag() -> None:
    assert quality.flags(page(), draft(TITLE, DATELINE, *BODY), DAY, "Cà Mau") == ()


def test_what_is_missing_is_said_in_order() -> None:
    flags = quality.flags(page(), draft(*BODY), None, None)
    assert [f.name for f in flags] == ["missing_title", "missing_date", "missing_province"]
    assert all(f.evidence for f in flags)


def test_a_short_text() -> None:
    brief = draft(TITLE, ("lead", "Chi bộ ấp Hòa Tây vừa họp."))
    assert quality.flags(page(), brief, DAY, "Cà Mau") == (("short_text", "26 characters"),)


def test_a_text_that_stops_within_a_sentence() -> None:
    cut: tuple[Role, str] = (
        "paragraph",
        "Trong sáu tháng qua chi bộ đã giúp được nhiều hộ nghèo và",
    )
    last: tuple[Role, str] = ("paragraph", "Chi bộ ấp Hòa Tây, xã An Phong, huyện Tân Lộc")
    assert names(draft(TITLE, *BODY, cut)) == ["truncated"]
    assert names(draft(TITLE, *BODY, cut, ("author", "MAI LAN"))) == []
    assert names(draft(TITLE, *BODY, last)) == ["truncated"]
    assert names(draft(TITLE, *BODY, ("paragraph", "Mai Lan – Hoàng Phúc"))) == []


def test_repaired_encoding_is_told() -> None:
    mended = replace(page(), repairs=("double-encoded-utf8",))
    assert names(draft(TITLE, *BODY), mended) == ["mojibake_repaired"]


# --- rewritten by software ----------------------------------------------------------------


@pytest.mark.parametrize("formula", lexicon.read("rewritten", Formula), ids=lambda f: f.phrase)
def test_formulas(formula: Formula) -> None:
    assert all(quality.cut_formulas(line, fold(line)) for line in formula.examples)
    assert not any(quality.cut_formulas(line, fold(line)) for line in formula.excluded)
    assert not quality.cut_formulas(formula.phrase, fold(formula.phrase))


@pytest.mark.parametrize("actor", lexicon.read("rewritten", Actor), ids=lambda a: a.kind)
def test_actors(actor: Actor) -> None:
    # a body may do party work of its own: only together with another kind it is out of place
    region = "" if actor.kind == "region" else "\nTây Nguyên đã kiện toàn cấp ủy các chi bộ."
    for line in actor.examples:
        assert len(quality.misplaced_actors(line + region, fold(line + region))) == 1 + bool(region)
    for line in actor.excluded:
        assert len(quality.misplaced_actors(line + region, fold(line + region))) == bool(region)


def test_deeds() -> None:
    lines = [line for deed in lexicon.read("rewritten", Deed) for line in deed.examples]
    assert all(quality.misplaced_actors(line, fold(line)) for line in lines)


@pytest.mark.parametrize("gloss", lexicon.read("rewritten", Gloss), ids=lambda g: g.names[0])
def test_glosses(gloss: Gloss) -> None:
    assert all(quality.impossible_glosses(line, fold(line)) for line in gloss.examples)
    assert not any(quality.impossible_glosses(line, fold(line)) for line in gloss.excluded)


@pytest.mark.parametrize("term", lexicon.read("rewritten", Misrendering), ids=lambda t: t.means)
def test_misrenderings(term: Misrendering) -> None:
    assert all(quality.misrenderings(line, fold(line)) for line in term.examples)
    assert not any(quality.misrenderings(line, fold(line)) for line in term.excluded)


SPUN = (
    "Qua ba năm, Đảng bộ Khối các cơ quan tỉnh (ĐBSCL) đã đổi mới lề lối. và phong cách. "
    "Tây Nguyên luôn coi trọng sinh hoạt chi bộ theo chuyên đề. . Các cấp ủy nắm chắc tình hình. "
    "tư tưởng của đảng viên trẻ và kịp thời. hỗ trợ những nơi khó khăn."
)
CLEAN = (
    "Qua ba năm, Đảng bộ Khối các cơ quan tỉnh (Đảng bộ Khối) đã đổi mới lề lối. và phong cách. "
    "Các tỉnh Tây Nguyên luôn coi trọng sinh hoạt chi bộ... Thành ủy TP. Hòa Lạc, ThS. Bùi Thị Na, "
    "v.v. đều dự. Bộ đội Biên phòng tỉnh kết nạp 12 đảng viên."
)


def test_a_spun_text_is_told_by_several_kinds_of_marks() -> None:
    marks = quality.rewritten(SPUN)
    assert [mark.split(":")[0] for mark in marks] == [
        "broken sentences",
        "stray full stop",
        "acts like a party organisation",
        "glossed as what it cannot be",
    ]
    assert names(draft(TITLE, *BODY, ("paragraph", SPUN))) == ["machine_rewritten"]


def test_prose_with_slips_is_not_rewritten() -> None:
    assert quality.rewritten(CLEAN) == ()
    assert quality.rewritten(CLEAN + " Chi bộ họp. . Tổ chức lại.") == ()


def test_three_slips_in_a_long_text_are_slips() -> None:
    slips = "Lề lối. và phong cách. Tình hình. tư tưởng. Kịp thời. hỗ trợ."
    assert len(quality.broken_sentences(slips)) == 3
    assert quality.broken_sentences(slips + " Chi bộ họp." * 60) == []


# --- references, anything, cost -------------------------------------------------------------


@pytest.mark.skipif(not captures(), reason="the reference captures are not at hand")
@pytest.mark.parametrize("capture", captures(), ids=lambda c: c.id)
def test_reference_captures(capture: Reference) -> None:
    published = DAY if capture.gold["published_at"] else None
    flags = quality.flags(capture.page, capture.draft, published, capture.gold["province"])
    assert [f.name for f in flags] == capture.gold["quality"]


PARTS = st.sampled_from(
    ["Đảng bộ khối tỉnh (ĐBQH)", ". ", "tư tưởng. ", "đạo đức, phong cách Hồ Chí Minh", "kết nạp",
     "Tây Nguyên ", "\n", "...", "và ", "TP. ", "chi nhánh Đảng", "(", ")", "\u00a0", "İ"]
)  # fmt: skip


@given(st.one_of(st.text(), st.lists(PARTS, max_size=20).map("".join)))
def test_no_text_breaks_it(text: str) -> None:
    marks = quality.rewritten(text)
    assert len(marks) != 1
    quality.flags(page(), draft(("paragraph", text)), None, None)


@pytest.mark.parametrize(
    "unit",
    ["an. em ", ". . ", "đảng bộ tỉnh (", "đảng bộ ", "tư tưởng. ", "Tây Nguyên ", "a", "\n"],
)
def test_cost_grows_with_the_text(unit: str) -> None:
    assert_linear(quality.rewritten, repeated(unit), 6_000)
