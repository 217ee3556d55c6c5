from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline import lexicon
from pipeline.clean.edits import Compound, Edit, Mended, apply, mend

# The domain's words, and what goes wrong between and within them.
FRAGMENTS = [
    "Đảng bộ", "Đảng bộkhối", "khối", "đảngviên", "xây dựngnông thôn", "khoá XII", "thuỷ",
    " ", "  ", "\u00a0", "\n", "\t", "\u200b", "\u00ad", "\ufeff", "\u034f",
    ".", "…", "q", ".q", "n", "“", "”",
    unicodedata.normalize("NFD", "Đảng ủy"), "e\u200b\u0302\u0301", "\u0301", "71,33%", "ﬁ", "Å",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(FRAGMENTS), max_size=25).map("".join)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Toàn Đảng bộkhối có 25 chi bộ", "Toàn Đảng bộ khối có 25 chi bộ"),
        ("lòng dân tin theo Đảng.q", "lòng dân tin theo Đảng."),
        ("Chi\u00a0bộ\u200b  thôn Đông ", "Chi bộ thôn Đông"),
        (unicodedata.normalize("NFD", "Nghị quyết số 05"), "Nghị quyết số 05"),
        ("e\u200b\u0302\u0301", "ế"),
        ("hợp tác\u00ad xã", "hợp tác xã"),
    ],
)
def test_mends(written: str, meant: str) -> None:
    assert mend(written).text == meant


@pytest.mark.parametrize(
    "text",
    [
        "Đảng uỷ khoá XII họp ở Hoà An",  # where a tone mark stands is the newspaper's choice
        "bí thư cấp ủy, v.v",
        "xem website, làm việc online",
        "Đồng chí nói: “Tốt!”",
        "Becamex IDC, VietinBank và MobiFone",
        "mục 3.a",
    ],
)
def test_leaves_alone(text: str) -> None:
    assert mend(text) == Mended(text, (), ())


@pytest.mark.parametrize("entry", lexicon.read("layout", Compound), ids=lambda entry: entry.id)
def test_compounds_prove_themselves(entry: Compound) -> None:
    for text in entry.examples:
        assert any(r.rule == "clean/glued-words" for r in mend(text).repairs), text
    for text in entry.excluded:
        assert mend(text).text == text


@given(TEXTS)
@example("Đảng bộkhối.q")
@example("Đảng bộĐảng bộĐảng bộĐảng bộ")
@example("a\u200b \u200b b")
def test_mending_twice_mends_nothing_more(text: str) -> None:
    once = mend(text)
    assert mend(once.text) == Mended(once.text, (), ())


@given(TEXTS)
def test_every_repair_shows_what_stands_where_it_says(text: str) -> None:
    mended = mend(text)
    for repair in mended.repairs:
        if not any(r is not repair and r.start_char < repair.end_char for r in mended.repairs):
            assert mended.text[repair.start_char : repair.end_char] == repair.after
        assert 0 <= repair.start_char <= repair.end_char <= len(mended.text)


@given(TEXTS)
def test_every_surviving_character_knows_where_it_came_from(text: str) -> None:
    mended = mend(text)
    origins = [mended.origin(offset) for offset in range(len(mended.text))]
    assert origins == sorted(origins)
    replaced = {
        offset for repair in mended.repairs for offset in range(repair.start_char, repair.end_char)
    }
    for offset, character in enumerate(mended.text):
        if offset not in replaced:
            assert text[origins[offset]] == character


@st.composite
def edited(draw: st.DrawFn) -> tuple[str, list[Edit]]:
    text = draw(st.text(st.sampled_from("abcdefgh"), max_size=40))
    marks = sorted(draw(st.sets(st.integers(0, len(text)), max_size=6)))
    pairs = list(zip(marks[::2], marks[1::2], strict=False))
    return text, [Edit(a, b, draw(st.sampled_from(["", "_", "__"])), "t") for a, b in pairs]


@given(edited())
def test_applied_edits_keep_the_rest(case: tuple[str, list[Edit]]) -> None:
    text, edits = case
    mended = mend(text, [lambda _: edits])
    assert mended.text == apply(text, edits)
    for offset, character in enumerate(mended.text):
        if character != "_":
            assert text[mended.origin(offset)] == character


def test_overlapping_edits_are_a_bug() -> None:
    with pytest.raises(ValueError, match="overlaps"):
        apply("abcdef", [Edit(0, 3, "", "t"), Edit(2, 4, "", "t")])
