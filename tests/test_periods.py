from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import periods
from pipeline.vietnamese import fold
from tests.linear import assert_linear, repeated
from tests.tables import Phrase, phrases

WORDS = st.sampled_from(
    ["từ", "đến", "hết", "cuối", "đầu", "năm", "nay", "tháng", "quý", "ngày", "2022", "2020-2025",
     "6", "31/2", "30/6", "iv", "giai đoạn", ",", "so với", "13", "nửa", "tính"]
)  # fmt: skip


@pytest.mark.parametrize("phrase", phrases("periods"))
def test_phrases(phrase: Phrase) -> None:
    found = periods.find(fold(phrase.text), phrase.published)
    stated = [
        {k: v for k in ("first", "last", "as_of") if (v := getattr(period, k))} for period in found
    ]
    assert stated == phrase.expect


@given(st.lists(WORDS).map(" ".join), st.none() | st.dates(date(1990, 1, 1), date(2050, 1, 1)))
def test_what_is_found_stands_in_order_and_has_a_time(text: str, published: date | None) -> None:
    found = periods.find(text, published)
    for before, after in pairwise(found):
        assert before.end_char <= after.start_char
    for period in found:
        assert 0 <= period.start_char < period.end_char <= len(text)
        assert (period.first is None) == (period.last is None) != (period.as_of is None)
        assert period.first is None or period.last is None or period.first <= period.last


@pytest.mark.parametrize("unit", ["từ năm 2016 ", "đến ", "năm 2022 ", "ngày 1/1/", "tháng " * 9])
def test_cost_grows_with_the_text(unit: str) -> None:
    assert_linear(lambda text: periods.find(text, date(2022, 8, 12)), repeated(unit), 2_000)
