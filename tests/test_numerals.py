"""Numerals: the phrase table, the inverses, and what finding them must always keep."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import numerals
from pipeline.vietnamese import fold
from tests import tables
from tests.linear import assert_linear, repeated
from tests.tables import Phrase

# Pieces that numerals are made of, and some that only look like them.
FRAGMENTS = [
    "1", "02", "8.330", "71,33", "98.5", "2.500,5", "0", "007", "3.6", "12/3", "%", "tỷ", "triệu",
    "nghìn", "vạn", "trăm", "chục", "rưỡi", "linh", "mươi", "mười", "mốt", "lăm", "năm", "không",
    "một", "hai", "chín", "hơn", "gần", "mấy", "hàng", "tỷ lệ", "đồng", "đồng chí", ",", ".", "-",
]  # fmt: skip


@pytest.mark.parametrize("phrase", tables.phrases("numerals"))
def test_phrase(phrase: Phrase) -> None:
    value = numerals.parse(phrase.text)
    if phrase.expect:
        assert value == Decimal(phrase.expect[0]["value"])
    else:
        assert value is None


@given(st.integers(min_value=0, max_value=10**15 - 1))
def test_spelling_then_reading_is_identity(value: int) -> None:
    assert numerals.parse(numerals.spell(value)) == value


@given(st.decimals(min_value=0, max_value=10**12, places=3))
def test_writing_then_reading_is_identity(value: Decimal) -> None:
    assert numerals.parse(numerals.write(value)) == value


@given(st.integers(min_value=1, max_value=10**15 - 1))
def test_a_spelled_numeral_is_found_whole(value: int) -> None:
    text = f"có {numerals.spell(value)} hộ"
    if value == 5:  # năm alone is a year
        assert numerals.find(text) == []
    else:
        (found,) = numerals.find(text)
        assert (int(found.value), found.end) == (value, len(text) - len(" hộ"))


@given(st.lists(st.sampled_from(FRAGMENTS)).map(" ".join))
def test_what_is_found_stands_there(text: str) -> None:
    folded = fold(text)
    end = 0
    for numeral in numerals.find(folded):
        assert end <= numeral.start < numeral.end <= len(folded)
        assert not folded[numeral.start].isspace()
        assert not folded[numeral.end - 1].isspace()
        end = numeral.end


@given(st.text())
def test_any_text_is_read_without_error(text: str) -> None:
    numerals.parse(text)
    numerals.find(fold(text))


@pytest.mark.parametrize(
    "unit", ["một ", "1 tỷ ", "1.", "mười mười ", "hai trăm nghìn triệu tỷ ", "9", "1 tỷ 2 triệu "]
)
def test_finding_is_linear(unit: str) -> None:
    assert_linear(numerals.find, repeated(unit), 10_000)
