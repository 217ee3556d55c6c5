"""Units: the phrase table, the lexicon's own proofs, and what holds for every text."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import lexicon
from pipeline.annotate import abbreviations, units
from pipeline.annotate.places import Division, Names
from pipeline.annotate.reading import Reading
from pipeline.annotate.unit_grammar import Kind, Sector, kinds
from pipeline.clean import territories
from pipeline.records import UnitMention
from pipeline.vietnamese import match_key
from tests import reference
from tests.linear import assert_linear, repeated
from tests.tables import Phrase, check, phrases, read_text

SLOTS = {"unit", "sector", "number", "place", "name"}


def found(text: str, province: str | None = None) -> tuple[UnitMention, ...]:
    return mentions(read_text(text, province=province))


def mentions(reading: Reading) -> tuple[UnitMention, ...]:
    return units.find(reading, abbreviations.find(reading))


@pytest.mark.parametrize("phrase", phrases("units"))
def test_a_phrase_is_read_as_the_table_says(phrase: Phrase) -> None:
    check(phrase, mentions(phrase.reading()))


# --- the lexicon --------------------------------------------------------------------------


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.forms[0])
def test_a_kind_proves_itself(kind: Kind) -> None:
    assert kind.examples
    for example in kind.examples:
        assert kind.id in {m.unit_type for m in found(example)}, example
    for example in kind.excluded:
        assert kind.id not in {m.unit_type for m in found(example)}, example


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.forms[0])
def test_a_kind_takes_what_the_grammar_knows(kind: Kind) -> None:
    assert {part for slot in kind.takes for part in slot.rstrip("?").split("|")} <= SLOTS


def test_no_form_is_of_two_kinds() -> None:
    forms = [match_key(form) for kind in kinds() for form in kind.forms]
    assert len(forms) == len(set(forms))


@pytest.mark.parametrize("sector", lexicon.read("units", Sector), ids=lambda s: s.examples[0])
def test_a_sector_proves_itself(sector: Sector) -> None:
    assert set(sector.kinds) <= {kind.id for kind in kinds()}
    assert all(any(sector.name in m.name for m in found(example)) for example in sector.examples)


@pytest.mark.parametrize("division", lexicon.read("units", Division), ids=lambda d: d.name)
def test_a_division_proves_itself(division: Division) -> None:
    for example in division.examples:
        (mention,) = found(example)
        assert mention.territory is not None, example
        assert mention.territory.startswith(division.name), example
        assert (
            example.removesuffix(".").endswith(mention.surface) or f"{mention.surface} " in example
        )
    assert not any(found(example) for example in division.excluded)


@pytest.mark.parametrize("names", lexicon.read("units", Names), ids=lambda names: names.role)
def test_names_end_where_they_should(names: Names) -> None:
    """An example begins or ends with its one unit, which the words of the entry do not lengthen."""
    for example in names.examples:
        (mention,) = found(example)
        assert mention.name in ENDS_AT[names.role], mention.name


ENDS_AT = {
    "post": {"Văn phòng Huyện ủy"},
    "many": {"Đảng ủy xã Tân Long"},
    "plural": {"Đảng ủy xã Tân Long"},
    "start": {"Đảng bộ xã Tân Long"},
    "stop": {"Công ty Cao Su Tân Long", "Công ty Vissan"},
    "branch": {"Ngân hàng Công thương Việt Nam chi nhánh Cà Mau"},
    "trade": {"Công ty Cổ phần Cấp thoát nước và môi trường đô thị Tân Long"},
}


@pytest.mark.parametrize("province", territories.provinces(), ids=lambda p: p.name)
def test_every_province_and_district_is_known_to_its_end(province: territories.Province) -> None:
    for name in (f"{province.kind} {province.name}", *province.districts, *province.former):
        (mention,) = found(f"Chủ tịch UBND {name} Nguyễn Văn Tám dự.", province.name)
        assert mention.surface == f"UBND {name}"
        assert mention.territory == name
        assert mention.unit_id is not None


@pytest.mark.parametrize(
    ("published", "name"),
    [(date(2025, 6, 30), "Tỉnh ủy Bạc Liêu"), (date(2025, 7, 1), "Tỉnh ủy Cà Mau")],
)
def test_from_the_merger_on_the_province_is_the_new_one(published: date, name: str) -> None:
    reading = read_text("Tỉnh ủy họp.", published, "Bạc Liêu")
    (mention,) = mentions(replace(reading, province_2025="Cà Mau"))
    assert mention.name == name


def test_a_province_merged_into_a_city_has_a_city_committee() -> None:
    reading = read_text("Thành ủy họp.", date(2025, 9, 2), "Hậu Giang")
    (mention,) = mentions(replace(reading, province_2025="Thành phố Cần Thơ"))
    assert (mention.name, mention.level) == ("Thành ủy Cần Thơ", "province")


# --- every text ---------------------------------------------------------------------------

FRAGMENTS = st.sampled_from(
    [
        *("Ban Thường vụ", "Đảng ủy", "Khối", "các cơ quan", "và doanh nghiệp", "tỉnh", "Tỉnh ủy"),
        *("UBND", "HĐND", "MTTQ", "BTV", "(BTV)", "TP.", "TP. Bạc Liêu", "huyện", "Phú Tân", "xã"),
        *(
            "Chi bộ",
            "số",
            "3",
            "ấp",
            "Công ty",
            "Cổ phần",
            "Nước sạch",
            "Minh",
            "Trường",
            "Đại học",
        ),
        *("Sở", "Y tế", "Nguyễn Văn A", "Bí thư", "các", "đã", "chi nhánh", "Phường", "(Phường 3)"),
        *(
            "ĐBQH",
            "Ⓐ",
            "Ⅳ",
            "ß",
            "ĐẢNG BỘ HUYỆN",
            "của",
            "Ban",
            "Hội",
            "Báo",
            "Văn phòng",
            "cơ quan",
        ),
        *",.;:()-&/\n",
    ]
)
PROVINCES = st.sampled_from([None, "Hậu Giang", "Hải Phòng", "Thừa Thiên Huế", "Thành phố Huế"])


@given(st.lists(FRAGMENTS, max_size=40), st.sampled_from([" ", "", "  "]), PROVINCES)
def test_mentions_hold_their_places(parts: list[str], joined: str, province: str | None) -> None:
    reading = read_text(joined.join(parts), province=province)
    rows = mentions(reading)
    for row in rows:
        assert reading.text[row.start_char : row.end_char] == row.surface
        assert row.surface
        assert "\n" not in row.surface
        assert row.name.strip() == row.name != ""
        assert row.unit_id != ""
        assert units.at(rows, row.start_char) == units.at(rows, row.end_char - 1) == row
    assert all(a.end_char <= b.start_char for a, b in pairwise(rows))


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    reading = read_text(text.replace("\r", " "))
    for row in mentions(reading):
        assert reading.text[row.start_char : row.end_char] == row.surface


def test_between_mentions_there_is_none() -> None:
    rows = found("Hôm qua, Tỉnh ủy và UBND tỉnh họp.")
    assert [units.at(rows, offset) for offset in (0, 17, 33)] == [None, None, None]
    assert units.at(rows, 9) == rows[0]


@pytest.mark.parametrize(
    "hostile",
    [
        *("Ban Thường vụ ", "Đảng ủy Khối ", "A ", "Công ty A ", "Công ty a ", "UBND ", "UBND, "),
        *("xã Tân An, ", "TP. ", "Sở Y tế và ", "Chi bộ (AB) ", " ", "Phường 2 ", "Văn phòng "),
        *("Huyện ủy Nguyễn ", "các ", "Khối các cơ quan, ", "Hội ", "("),
    ],
)
def test_cost_grows_with_the_text(hostile: str) -> None:
    assert_linear(mentions, lambda size: read_text(repeated(hostile)(size)))


@pytest.mark.parametrize("capture", reference.captures(), ids=lambda c: c.id)
def test_the_units_of_the_reference_captures_are_found(capture: reference.Reference) -> None:
    text = "\n".join(piece.text for piece in capture.draft.pieces if piece.kept)
    rows = found(text, capture.gold["province"])
    known = {match_key(form) for row in rows for form in (row.surface, row.name)}
    missed = [unit for unit in capture.gold["units"] if match_key(unit) not in known]
    assert not missed
