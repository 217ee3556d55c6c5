from __future__ import annotations

import pytest

from pipeline import annotate, facts, lexicon
from pipeline.annotate.people import Saying
from pipeline.annotate.reading import Reading
from pipeline.facts import checks
from tests.linear import assert_linear, repeated
from tests.tables import Phrase, check, phrases, read_text


@pytest.mark.parametrize("phrase", phrases("scope"))
def test_phrases(phrase: Phrase) -> None:
    reading = phrase.reading()
    found, _ = facts.find(reading, annotate.find(reading))
    check(phrase, found)


@pytest.mark.parametrize("verb", lexicon.phrases("speech", Saying))
def test_every_verb_of_saying_says_who(verb: str) -> None:
    reading = read_text(f"Ông Lê Văn Tám, Bí thư Đảng ủy xã Hòa An, {verb}, xã có 12 chi bộ.")
    (fact,) = facts.find(reading, annotate.find(reading))[0]
    assert fact.speaker == "Lê Văn Tám"


def sums(text: str) -> list[tuple[int, int, bool]]:
    reading = read_text(text)
    found = facts.find(reading, annotate.find(reading))[1]
    return [(int(row.whole), int(row.parts_sum), row.holds) for row in found]


def test_a_complete_list_is_held_against_its_whole() -> None:
    assert sums("Tỉnh có 58 đơn vị, gồm 41 xã và 17 phường.") == [(58, 58, True)]
    assert sums("Xã có 9 chi bộ (gồm 6 chi bộ ấp, 2 chi bộ trường học).") == [(9, 8, False)]


@pytest.mark.parametrize(
    "text",
    [
        "Tỉnh có 58 đơn vị, trong đó có 41 xã và 17 phường.",  # "trong đó" names some
        "Tỉnh có hơn 58 đơn vị, gồm 41 xã và 17 phường.",  # a bound is no whole
        "Tỉnh có 58 đơn vị. Gồm 41 xã.",
    ],
)
def test_what_is_no_complete_list_is_not_checked(text: str) -> None:
    assert sums(text) == []


@pytest.mark.parametrize(
    "unit",
    ["Ông Lê Văn Tám, Bí thư Đảng ủy xã, cho biết, ", "“a”, ông Lê Văn Tám nói. ", "12 xã và ",
     "“", "Năm 2021, có 5 hộ. ", "Huyện ủy Hòa An; "],
)  # fmt: skip
def test_cost_grows_with_the_text(unit: str) -> None:
    def work(reading: Reading) -> None:
        facts.find(reading, annotate.find(reading))

    assert_linear(work, lambda size: read_text(repeated(unit)(size)), 3_000)


def test_checks_need_facts() -> None:
    assert checks.sums(read_text("Không có số nào."), ()) == []
