"""The grammar of facts: its phrase table, the proofs of its lexicon, and what must always hold."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.facts import grammar, shares, vocabulary
from pipeline.facts.grammar import Statement
from pipeline.vietnamese import match_key
from tests import tables
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


def _excluded() -> list[tuple[str, str]]:
    heads = (*vocabulary.MEASURES, *vocabulary.CURRENCIES)
    pairs = [(t, match_key(form)) for e in heads for t in e.excluded for form in e.forms]
    return pairs + [(t, "") for g in vocabulary.COUNTED for t in g.excluded if g.subject != "schools-and-clinics"]


@pytest.mark.parametrize(("text", "unit"), _excluded())
def test_head_counterexample(text: str, unit: str) -> None:
    assert all(unit and match_key(s.unit or "") != unit for s in read(text))
