"""The decoder against crfsuite itself, on small models that crfsuite trained."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pycrfsuite
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.annotate import crf
from pipeline.annotate.crf import Tagger
from pipeline.annotate.crfsuite import Model, ModelError, Template, Traits, read_model

TEMPLATES = [
    *("T[-2]", "T[-1]", "T[0]", "T[1]", "T[0].lower", "T[-1].istitle", "T[0].istitle"),
    *("T[0].isdigit", "T[0].is_in_dict", "T[-1,0]", "T[0,1]", "T[-1,0].lower", "T[0,1].istitle"),
    *("T[0,1].is_in_dict", "T[-1,1]", "T[0,2].is_in_dict"),
    *("T[-1][1]", "T[0][1]", "T[0,1][1]", "T[-2][2]", "T[-1,0][2]"),
]
WORDS = [
    *("chi", "bộ", "Chi bộ", "bộ chi", "CHI", "xã", "Xã", "chi bộ xã", "lạ", "Lạ"),
    *("7", "12", "BOS"),
]
TAGS = ["N", "V"]
TRAITS = Traits(
    lambda text: all(part[:1].isupper() for part in text.split(" ")),
    str.isdigit,
    {"chi", "chi bộ", "chi bộ xã", "xã 7", "bộ chi chi"},
)

Tagged = list[tuple[str, str]]  # words with the tags of an earlier layer


def features(sequence: Tagged) -> list[list[str]]:
    """What crfsuite is given: each template's value at each token."""
    columns = [[w for w, _ in sequence], [t for _, t in sequence], ["X"] * len(sequence)]

    def value(t: Template, at: int) -> str:
        if at + t.first < 0:
            return "BOS"
        if at + t.last >= len(sequence):
            return "EOS"
        return TRAITS.value(t.function, " ".join(columns[t.column][at + t.first : at + t.last + 1]))

    templates = [Template.parse(name) for name in TEMPLATES]
    return [[f"{t.name}={value(t, at)}" for t in templates] for at in range(len(sequence))]


def drawn(draw: random.Random) -> Tagged:
    return [(draw.choice(WORDS), draw.choice(TAGS)) for _ in range(draw.randint(1, 8))]


def trained(path: Path, labels: Sequence[str], *, twins: bool = False) -> Path:
    """A model of random sequences; with `twins` every sequence is seen with its labels swapped."""
    trainer: Any = pycrfsuite.Trainer(verbose=False)
    trainer.set_params({"max_iterations": 30, "c2": 0.1})
    draw = random.Random(7)
    for _ in range(60):
        sequence = drawn(draw)
        tags = [draw.choice(labels) for _ in sequence]
        trainer.append(features(sequence), tags)
        if twins:
            trainer.append(features(sequence), [labels[1 - labels.index(tag)] for tag in tags])
    trainer.train(str(path))
    return path


@pytest.fixture(scope="module", params=["four labels", "twin labels"])
def both(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The same model decoded by crfsuite and by us."""
    twins = request.param == "twin labels"
    labels = ["B-W", "I-W"] if twins else ["O", "A", "B", "C"]
    path = trained(tmp_path_factory.mktemp("crf") / "model", labels, twins=twins)
    theirs: Any = pycrfsuite.Tagger()
    theirs.open(str(path))
    return theirs, Tagger(read_model(path), TEMPLATES, TRAITS, constant={2: "X"})


def tag(tagger: Tagger, sequences: Sequence[Tagged]) -> list[str]:
    tokens = list(chain.from_iterable(sequences))
    columns = [[w for w, _ in tokens], [t for _, t in tokens]]
    return tagger.tag(columns, np.array([len(s) for s in sequences]))


TOKEN = st.tuples(
    st.sampled_from([*WORDS, "khác", "Khác", "99", "chi bộ khác"]), st.sampled_from(TAGS)
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(TOKEN, min_size=1, max_size=12), min_size=1, max_size=6))
def test_labels_are_crfsuites_own(both: Any, sequences: list[Tagged]) -> None:
    theirs, ours = both
    expected = [label for s in sequences for label in theirs.tag(features(s))]
    assert tag(ours, sequences) == expected


def test_blocks_of_many_sequences_are_decoded_alike(both: Any, monkeypatch: Any) -> None:
    theirs, ours = both
    draw = random.Random(11)
    sequences = [drawn(draw) for _ in range(150)]
    monkeypatch.setattr(crf, "_BLOCK", 40)
    expected = [label for s in sequences for label in theirs.tag(features(s))]
    assert tag(ours, sequences) == expected


def test_scores_equal_but_for_rounding_are_decided_in_crfsuites_order() -> None:
    """0.7 + 0.1 + 0.3 is less than 1.1, but 0.7 + 0.3 + 0.1 is not."""
    attributes = {"T[0]=a": 0, "T[1]=b": 1, "T[0].lower=a": 2}
    weights = np.array([[0.7, 1.1], [0.1, 0.0], [0.3, 0.0]])
    model = Model(("by offsets", "by templates"), attributes, weights, np.zeros((2, 2)))
    tagger = Tagger(model, ["T[0]", "T[1]", "T[0].lower"], TRAITS)
    assert tagger.tag([["a", "b"]], np.array([2]))[0] == "by templates"


def test_strings_never_seen_share_codes(both: Any) -> None:
    """However long the text, codes are as many as the model can tell apart."""
    _, ours = both
    column = ours._columns[0]
    few = {column.encode([f"lạ{n}x"])[0] for n in range(500)}
    assert len(few) == 1
    known = column.encode(WORDS)
    assert len(set(known.tolist())) == len(WORDS)


@given(st.dictionaries(st.integers(0, 2**40), st.integers(1, 99), max_size=60), st.data())
def test_a_table_finds_what_is_in_it(numbers: dict[int, int], data: st.DataObject) -> None:
    keys, values = (np.array(list(side), dtype=np.int64) for side in (numbers, numbers.values()))
    asked = data.draw(st.lists(st.sampled_from([*numbers, 5, 2**41]), max_size=20))
    found = crf._Table(keys, values).find(np.array(asked, dtype=np.int64))
    assert found.tolist() == [numbers.get(key, 0) for key in asked]


# --- what cannot be read ------------------------------------------------------------------------


def test_a_missing_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="there is no CRF model at"):
        read_model(tmp_path / "nowhere")


@pytest.mark.parametrize("size", [0, 3, 47, 60, 2000, -1])
def test_a_part_of_a_model_is_refused(tmp_path: Path, size: int) -> None:
    data = trained(tmp_path / "model", ["A", "B"]).read_bytes()
    (tmp_path / "part").write_bytes(data[:size] if size >= 0 else b"CRF?" + data[4:])
    with pytest.raises(ModelError, match=r"no.* crfsuite model"):
        read_model(tmp_path / "part")


def test_an_attribute_of_no_template_is_refused(tmp_path: Path) -> None:
    model = read_model(trained(tmp_path / "model", ["A", "B"]))
    with pytest.raises(ModelError, match="belongs to no template"):
        Tagger(model, TEMPLATES[1:], TRAITS)


def test_templates_that_are_not_understood_are_refused() -> None:
    model = Model(("A",), {}, np.zeros((0, 1)), np.zeros((1, 1)))
    with pytest.raises(ModelError, match="no feature template"):
        Tagger(model, ["U[0]"], TRAITS)
    with pytest.raises(ModelError, match="only single strings"):
        Tagger(model, ["T[0,1].isdigit"], TRAITS)
    with pytest.raises(ModelError, match="unknown function 'isupper'"):
        TRAITS.value("isupper", "A")
