"""Sentences: the phrase table, the lexicon's own proofs, and what holds for every text."""

from __future__ import annotations

import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import lexicon
from pipeline.annotate.sentences import (
    Abbreviation,
    Heading,
    Label,
    Opener,
    bounds,
    split,
)
from pipeline.records import Block
from tests import reference
from tests.linear import assert_linear, repeated

TABLE = Path(__file__).parent / "phrases" / "sentences.toml"
CASES: list[dict[str, Any]] = tomllib.loads(TABLE.read_text("utf-8"))["case"]


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in bounds(text, 0, len(text))]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["sentences"][0])
def test_a_phrase_is_split_as_the_table_says(case: dict[str, Any]) -> None:
    assert sentences(case.get("joined", " ").join(case["sentences"])) == case["sentences"]


@pytest.mark.parametrize(
    "entry",
    [e for kind in (Abbreviation, Label, Opener, Heading) for e in lexicon.read("sentences", kind)],
    ids=lambda entry: entry.examples[0],
)
def test_an_entry_proves_itself(entry: Abbreviation | Label | Opener | Heading) -> None:
    assert all(len(sentences(example)) == 1 for example in entry.examples)
    assert all(len(sentences(example)) == 2 for example in entry.excluded)


FRAGMENTS = st.sampled_from(
    [
        *("Xã", "xã", "Ông", "TP.", "GS.", "v.v.", "T.Ư", "K.XII", "A.", "X.", "5", "71,33"),
        *("2022.", "www.a.vn", "Điều", "nói:", "1.", "I.", "a)", "\n", "..."),
        *'.!?…;:,-“”"()• ',
    ]
)


@given(st.lists(FRAGMENTS, max_size=40), st.sampled_from(["", " ", "  "]))
def test_every_character_but_space_lies_in_one_sentence(parts: list[str], joined: str) -> None:
    text = joined.join(parts)
    found = list(bounds(text, 0, len(text)))
    assert "".join("".join(text[a:b].split()) for a, b in found) == "".join(text.split())
    assert all(text[a:b] == text[a:b].strip() and a < b for a, b in found)
    assert all(before[1] <= after[0] for before, after in pairwise(found))


def test_no_sentence_crosses_a_block() -> None:
    text = "Học Bác từ việc nhỏ\nở TP.\nHòa Lạc"
    starts = (0, 20, 26)
    blocks = tuple(
        Block("a", n, "paragraph", True, s, s + len(line), None, None, line, "test")
        for n, (s, line) in enumerate(zip(starts, text.split("\n"), strict=True))
    )
    removed = Block("a", 3, "author", False, None, None, None, None, "LÊ MẪN", "test")
    found = split("a", text, (*blocks, removed))
    assert [(s.sentence_id, s.block_no, text[s.start_char : s.end_char]) for s in found] == [
        (0, 0, "Học Bác từ việc nhỏ"),
        (1, 1, "ở TP."),
        (2, 2, "Hòa Lạc"),
    ]


@pytest.mark.parametrize(
    "piece", ["“", "(", " ", ". ", ".", "A.", "“A! ", "(A. ", "\n ", "... ", "v.v. ", "a", "1. "]
)
def test_time_grows_no_faster_than_the_text(piece: str) -> None:
    def work(text: str) -> None:
        for _ in bounds(text, 0, len(text)):
            pass

    assert_linear(work, repeated(piece), 10_000)


@pytest.mark.skipif(not reference.GOLD.exists(), reason="the reference captures are not at hand")
def test_no_sentence_of_the_reference_articles_begins_in_lower_case() -> None:
    for capture in reference.captures():
        for piece in capture.draft.pieces:
            after_the_first = sentences(piece.text)[1:]
            assert not [s for s in after_the_first if s.lstrip('“"(-').strip()[:1].islower()]
