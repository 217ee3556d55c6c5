"""The grammar of facts: its phrase table, the proofs of its lexicon, and what must always hold."""

from __future__ import annotations

import re
from decimal import Decimal
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.facts import grammar, shares, vocabulary
from pipeline.facts.grammar import Statement
from pipeline.vietnamese import match_key
from tests import tables
from tests.linear import assert_linear, repeated
from tests.tables import Phrase, read_text


@pytest.mark.parametrize("phrase", tables.phrases("facts"))
def test_phrase(phrase: Phrase) -> None:
    tables.check(phrase, grammar.read(phrase.reading()))


def test_the_table_is_wide() -> None:
    cases = [parameter.values[0] for parameter in tables.phrases("facts")]
    assert sum(1 for case in cases if case.expect) >= 300
    assert sum(1 for case in cases if not case.expect) >= 120


def read(text: str) -> tuple[Statement, ...]:
    return grammar.read(read_text(text))


# --- the lexicon proves itself ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("group", "text"), [(g, t) for g in vocabulary.COUNTED for t in g.examples]
)
def test_counted_example(group: vocabulary.Counted, text: str) -> None:
    heads = tuple(match_key(form) for form in group.forms)
    assert any(match_key(s.unit or "").startswith(heads) for s in read(text))


@pytest.mark.parametrize(
    ("entry", "text"), [(m, t) for m in vocabulary.MEASURES for t in m.examples]
)
def test_measure_example(entry: vocabulary.Measure, text: str) -> None:
    found = [s for s in read(text) if s.unit_id and s.unit_id.startswith(entry.id)]
    assert [s.kind for s in found] == [entry.kind]


@pytest.mark.parametrize(
    ("entry", "text"), [(c, t) for c in vocabulary.CURRENCIES for t in c.examples]
)
def test_currency_example(entry: vocabulary.Currency, text: str) -> None:
    assert [(s.kind, s.currency) for s in read(text)] == [("money", entry.code)]


@pytest.mark.parametrize("text", [t for e in vocabulary.LABELS for t in e.examples])
def test_a_label_carries_no_fact(text: str) -> None:
    assert read(text) == ()


@pytest.mark.parametrize("text", [t for e in vocabulary.LABELS for t in e.excluded])
def test_a_number_after_a_label_counts_after_all(text: str) -> None:
    assert len(read(text)) == 1


@pytest.mark.parametrize(
    ("entry", "text"), [(c, t) for c in vocabulary.COMPARATORS for t in c.examples]
)
def test_comparator_example(entry: vocabulary.Comparator, text: str) -> None:
    assert [s.comparator for s in read(text)] == [entry.code]


@pytest.mark.parametrize(
    ("entry", "text"), [(c, t) for c in vocabulary.CHANGES for t in c.examples]
)
def test_change_example(entry: vocabulary.Change, text: str) -> None:
    assert [s.change for s in read(text)] == [entry.direction]


@pytest.mark.parametrize("text", [t for e in vocabulary.CHANGES for t in e.excluded])
def test_change_counterexample(text: str) -> None:
    assert [s.change for s in read(text)] == [None]


@pytest.mark.parametrize("text", [t for e in vocabulary.TARGETS for t in e.examples])
def test_target_example(text: str) -> None:
    assert {s.modality for s in read(text)} == {"target"}


@pytest.mark.parametrize("text", [t for e in vocabulary.TARGETS for t in e.excluded])
def test_target_counterexample(text: str) -> None:
    assert {s.modality for s in read(text)} == {"reported"}


@pytest.mark.parametrize("text", [t for g in vocabulary.COUNTED for t in g.excluded])
def test_counted_counterexample(text: str) -> None:
    assert all(s.kind != "count" for s in read(text))


@pytest.mark.parametrize(
    ("forms", "text"),
    [
        *((m.forms, t) for m in vocabulary.MEASURES for t in m.excluded),
        *((c.forms, t) for c in vocabulary.CURRENCIES for t in c.excluded),
    ],
)
def test_measure_counterexample(forms: tuple[str, ...], text: str) -> None:
    units = {match_key(s.unit or "") for s in read(text)}
    assert units.isdisjoint(match_key(form) for form in forms)


NO_FACTS = [("measures", "span"), ("numbered", "slogan"), ("numbered", "naming")]
FACTS = [
    *(("counted", t) for t in ("activity", "modifier")),
    *(("measures", t) for t in ("per",)),
    *(("numbered", t) for t in ("unlabel",)),
    *(("cues", t) for t in ("share", "item", "function", "verb", "level", "filler", "trailing")),
    *(("cues", t) for t in ("no_target", "reported", "result", "sum")),
]  # fmt: skip


def _examples(tables: list[tuple[str, str]]) -> list[str]:
    return [t for file, table in tables for e in vocabulary.words(file, table) for t in e.examples]


@pytest.mark.parametrize("text", _examples(NO_FACTS))
def test_words_that_make_a_number_no_fact(text: str) -> None:
    assert read(text) == ()


@pytest.mark.parametrize("text", _examples(FACTS))
def test_words_that_stand_around_facts(text: str) -> None:
    found = read(text)
    assert found
    assert all(s.modality == "reported" for s in found)


# --- what must always hold ------------------------------------------------------------------------

FRAGMENTS = [
    "229/321", "chi bộ", "đạt 71,33%", "(chiếm 12,4%)", "(= 9,55 %)", "hơn", "gần", "ít nhất",
    "40 - 60", "triệu đồng", "/căn", "5", "02", "1.236", "đảng viên", "19/5", "ngày", "năm 2022",
    "2020-2025", "Phường 2", "Nghị quyết 18, 19", "số 05-CT/TW", "tăng", "giảm", "so với",
    "cùng kỳ", "“Gian hàng 0 đồng”", "“", "”", "(", ")", "[2]", ",", ";", ":", ".", "-", "/",
    "%", "và", "từ", "đến", "trở lên", "khiển trách 39", "lần", "tuổi", "hai mươi lăm", "tỷ",
    "ha", "m2", "xã", "18 xã/20 xã", "phấn đấu", "kế hoạch", "khóa XII", "lượt", "cuộc kiểm tra",
    "trên tổng số", "95/100 điểm", "1/0",
]  # fmt: skip
SENTENCES = st.lists(st.sampled_from(FRAGMENTS), max_size=30).map(" ".join)


@settings(deadline=None)
@given(SENTENCES)
def test_a_statement_stands_where_it_says(text: str) -> None:
    reading = read_text(text)
    end = 0
    for found in grammar.read(reading):
        assert reading.text[found.start_char : found.end_char] == found.surface
        assert found.surface == found.surface.strip() != ""
        assert found.start_char >= end, "two statements overlap"
        end = found.end_char
        sentence = reading.sentences[found.sentence_id]
        assert sentence.start_char <= found.start_char < found.end_char <= sentence.end_char
        assert found.unit is None or found.unit in reading.text
        assert "" not in (found.unit, found.indicator, found.change_base)
        assert found.value_max is None or found.value_max > found.value
        assert (found.denominator is None) == (found.numerator is None)


ONES = ["một", "một trên một", "phần trăm", *(f for f in FRAGMENTS if not re.search(r"\d", f))]


@settings(deadline=None)
@given(st.lists(st.sampled_from(ONES), max_size=12).map(" ".join))
def test_sentences_that_are_not_cut_state_nothing(text: str) -> None:
    found = read(f"một {text}")
    with patch("pipeline.facts.pieces._only_one", return_value=False):
        assert read(f"một {text}") == found


@settings(deadline=None)
@given(st.text())
def test_any_text_is_read_without_error(text: str) -> None:
    grammar.read(read_text(text))


@given(st.integers(1, 10**6), st.integers(1, 10**6), st.integers(0, 4))
def test_the_interval_rule(part: int, whole: int, decimals: int) -> None:
    exact = Decimal(part) * 100 / Decimal(whole)
    step = Decimal(1).scaleb(-decimals)
    cut = exact.quantize(step, "ROUND_DOWN")
    agreed = shares.agreement(Decimal(part), Decimal(whole), cut, decimals)
    assert agreed in ("exact", "rounded", "truncated")
    over = cut + 2 * step
    assert shares.agreement(Decimal(part), Decimal(whole), over, decimals) is None


@pytest.mark.parametrize(
    "unit",
    [
        "229/321 chi bộ, đạt 71,33%, ", "12 hộ và ", "1/", "Phường 2, ", "“0 đồng ", "((((12 hộ ",
        "từ 5 đến ", "so với 12 hộ ", "chiếm chiếm 5% ", "tỷ lệ hộ 5% ", "9", "một ", "mỗi tổ số ",
        "khiển trách 5, ", "phấn đấu 5 hộ ", "nâng số hộ lên 5 ", "xã, ", "5 cán bộ, công chức, ",
        "từ 5 lên ", "yêu cầu 5 hộ ", "12 hộ: bỏ 5, ", "bỏ, bỏ 5, ", "số phiếu 5/9 (5%), ",
        "2/5 xã với 5 hộ, đạt 5%, ", "giảm 2/5 xã, tức giảm 5%, ", "trong tổng số 5 ", "cho biết ",
        "mỗi căn 5 triệu, ", "tuổi bình quân 5, ", "5 “hộ “", "năm 2030 5 hộ ",
    ],
)  # fmt: skip
def test_reading_is_linear(unit: str) -> None:
    assert_linear(grammar.read, lambda size: read_text(repeated(unit)(size)), 3_000)
