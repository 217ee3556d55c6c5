"""Short forms: the phrase table, the stock ones' own proofs, and the way back to the text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import lexicon
from pipeline.annotate import abbreviations
from pipeline.annotate.abbreviations import Short, expand, spell_out
from pipeline.annotate.reading import Reading
from pipeline.vietnamese import fold
from tests import reference
from tests.linear import assert_linear, repeated
from tests.tables import Phrase, check, phrases, read_text

STOCK = lexicon.read("abbreviations", Short)


@pytest.mark.parametrize("phrase", phrases("abbreviations"))
def test_a_text_declares_what_the_table_says(phrase: Phrase) -> None:
    check(phrase, abbreviations.find(phrase.reading()))


@pytest.mark.parametrize("entry", STOCK, ids=lambda entry: entry.long)
def test_a_stock_form_proves_itself(entry: Short) -> None:
    assert entry.examples
    assert all(entry.long in spell_out(example).text for example in entry.examples)
    assert all(entry.long not in spell_out(example).text for example in entry.excluded)
    assert all(
        spell_out(f"Theo {form} xã.").text == f"Theo {entry.long} xã." for form in entry.forms
    )


def test_no_short_form_stands_for_two_things() -> None:
    forms = [form for entry in STOCK for form in entry.forms]
    assert len(forms) == len(set(forms))


def test_what_a_text_declares_goes_before_the_stock() -> None:
    reading = read_text("Biên tập viên (BTV) đài xã. Cả BTV cùng làm.")
    declared = abbreviations.find(reading)
    assert spell_out(reading.text, declared).text.endswith("Cả Biên tập viên cùng làm.")


def test_an_unknown_short_form_expands_to_nothing() -> None:
    assert expand("UBND") == "Ủy ban nhân dân"
    assert expand("ubnd") is None


@pytest.mark.parametrize("capture", reference.captures(), ids=lambda c: c.id)
def test_the_reference_captures_declare_what_their_gold_says(capture: reference.Reference) -> None:
    text = "\n".join(piece.text for piece in capture.draft.pieces if piece.kept)
    found = {a.short: a.long for a in abbreviations.find(read_text(text))}
    assert found == capture.gold["abbreviations"]


FRAGMENTS = st.sampled_from(
    [
        *("UBND", "HĐND", "BTV", "Ban Thường vụ", "cán bộ, đảng viên", "CB, ĐV", "MTTQ", "UB MTTQ"),
        *("gọi tắt là", "sau đây", "05-CT/TW", "Đảng bộ khối", "T.Ư", "TP.", "Ⓐ", "É", "GD&ĐT"),
        *'()“”",.;:/&- \n',
    ]
)


@given(st.lists(FRAGMENTS, max_size=30), st.sampled_from(["", " "]))
def test_declarations_hold_their_places(parts: list[str], joined: str) -> None:
    reading = read_text(joined.join(parts))
    found = abbreviations.find(reading)
    starts = [a.start_char for a in found]
    assert starts == sorted(set(starts))
    for a in found:
        assert reading.text[a.start_char : a.end_char] == a.surface == a.short
        assert a.long in reading.text


@given(st.lists(FRAGMENTS, max_size=30), st.sampled_from(["", " "]))
def test_every_copied_character_leads_back_to_itself(parts: list[str], joined: str) -> None:
    reading = read_text(joined.join(parts))
    page = spell_out(reading.text, abbreviations.find(reading))
    assert page.folded == fold(page.text)
    sources = [page.source(offset) for offset in range(len(page.text) + 1)]
    known = [source for source in sources if source is not None]
    assert known == sorted(known)
    assert (sources[0], sources[-1]) == (0, len(reading.text))


@pytest.mark.parametrize(
    "hostile",
    ["(BTV) ", "Ban Thường vụ (BTV) ", "gọi tắt là ", "UBND", "A.", "(((", "A & ", "9/UBND-", "Đ "],
)
def test_cost_grows_with_the_text(hostile: str) -> None:
    def work(reading: Reading) -> None:
        spell_out(reading.text, abbreviations.find(reading))

    assert_linear(work, lambda size: read_text(repeated(hostile)(size)))
