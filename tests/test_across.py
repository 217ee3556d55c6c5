from __future__ import annotations

import random
import tomllib
from datetime import datetime
from itertools import combinations
from pathlib import Path

import pytest

from pipeline.across import copies, models
from pipeline.across.copies import Version
from pipeline.across.models import ModelsFileError

PAIRS = tomllib.loads((Path(__file__).parent / "phrases" / "model_pairs.toml").read_text("utf-8"))
SAME = [tuple(pair) for row in PAIRS["same"] for pair in row["pairs"]]
DIFFERENT = [tuple(pair) for row in PAIRS["different"] for pair in row["pairs"]]


def joined(one: str, other: str) -> bool:
    """Whether two names are one model, among all names of the table."""
    names = {name for pair in (*SAME, *DIFFERENT) for name in pair}
    ids = {v.name: v.model_id for v in models.variants(dict.fromkeys(names, 1))}
    return ids[one] == ids[other]


def test_there_are_enough_pairs() -> None:
    assert len(SAME) + len(DIFFERENT) >= 60


@pytest.mark.parametrize(("one", "other"), DIFFERENT, ids=" / ".join)
def test_different_models_stay_apart(one: str, other: str) -> None:
    assert not joined(one, other)


def test_variants_of_one_name_are_found() -> None:
    missed = [pair for pair in SAME if not joined(*pair)]
    assert 1 - len(missed) / len(SAME) >= 0.85, missed


def test_models_do_not_depend_on_the_order_of_names() -> None:
    names = sorted({name for pair in (*SAME, *DIFFERENT) for name in pair})
    first = models.variants(dict.fromkeys(names, 1))
    random.Random(7).shuffle(names)
    assert models.variants(dict.fromkeys(names, 1)) == first


def test_a_model_is_named_after_its_most_written_name() -> None:
    found = models.variants({"Gian hàng không đồng": 5, "Gian hàng 0 đồng": 2})
    assert {v.model_id for v in found} == {"gian-hang-0-dong"}
    assert all(v.similarity == 1 and v.reason == "same key" for v in found)


def test_the_researcher_always_wins(tmp_path: Path) -> None:
    file = tmp_path / "models.toml"
    file.write_text(
        '"Kẻng an ninh" = ["Tiếng kẻng an ninh"]\n"Gian hàng xã" = ["Gian hàng 0 đồng"]'
    )
    decided = models.read_decisions(file)
    names = ("Kẻng an ninh", "TIẾNG KẺNG AN NINH", "Gian hàng 0 đồng", "Gian hàng không đồng")
    ids = {v.name: v.model_id for v in models.variants(dict.fromkeys(names, 1), decided)}
    assert ids["Kẻng an ninh"] == ids["TIẾNG KẺNG AN NINH"] == "keng-an-ninh"
    assert ids["Gian hàng 0 đồng"] == "gian-hang-xa"
    assert ids["Gian hàng không đồng"] != "gian-hang-xa"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('"A" = "B"', "must be a list of names"),
        ("A B = 1", "is not TOML"),
        ('"A" = ["C"]\n"B" = ["C"]', "stands under two models"),
    ],
)
def test_a_wrong_models_toml_is_said(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "models.toml").write_text(text)
    with pytest.raises(ModelsFileError, match=says):
        models.read_decisions(tmp_path / "models.toml")


# --- copies -------------------------------------------------------------------------------

WORDS = [f"{a}{b}" for a in "bcdghklmnpqrstvx" for b in ("a", "an", "anh", "e", "en", "oi", "u")]


def prose(seed: int, length: int = 300) -> list[str]:
    return random.Random(seed).choices(WORDS, k=length)


def find(*texts: tuple[str, datetime | None, list[str]]) -> dict[str, copies.Copy]:
    given = [(Version(key, at), " ".join(words)) for key, at, words in texts]
    by_key = {version.article_id: text for version, text in given}
    found = copies.find(given, lambda keys: {key: by_key[key] for key in keys})
    return {copy.article_id: copy for copy in found}


def test_an_edited_copy_is_found_and_the_dates_tell_which_is_the_original() -> None:
    text = prose(1)
    edited = [*text[:40], "mới", *text[41:200], *text[205:]]
    found = find(("b", datetime(2022, 5, 3), text), ("a", datetime(2022, 5, 9), edited))
    assert (found["b"].direction, found["a"].direction) == ("original", "copy")
    assert found["a"].parent_article_id == "b"
    assert found["a"].cluster_id == found["b"].cluster_id == "a"
    assert 0.8 < found["a"].similarity < 1


def test_a_shortened_copy_is_found() -> None:
    text = prose(2)
    assert set(find(("a", None, text), ("b", None, text[:150]))) == {"a", "b"}


def test_without_dates_the_direction_is_unknown() -> None:
    text, day = prose(3), datetime(2022, 5, 3)
    for one, other in ((None, None), (day, None), (day, day)):
        found = find(("a", one, text), ("b", other, text))
        assert {copy.direction for copy in found.values()} == {"unknown"}
        assert {copy.parent_article_id for copy in found.values()} == {None}


def test_two_articles_on_one_event_stay_apart() -> None:
    shared = prose(4, 40)
    assert find(("a", None, shared + prose(5)), ("b", None, shared + prose(6))) == {}


def test_clusters_do_not_depend_on_the_order_of_articles() -> None:
    text = prose(8)
    articles = [(f"{n}", datetime(2022, 5, n + 1), [*text[:n], *text[n + 2 :]]) for n in range(5)]
    first = find(*articles)
    assert len(first) == 5
    assert find(*reversed(articles)) == first


def test_short_texts_are_no_copies() -> None:
    assert find(("a", None, ["xã"]), ("b", None, ["xã"])) == {}


def test_nothing_is_similar_to_itself_alone() -> None:
    texts = [(f"{n}", None, prose(100 + n)) for n in range(30)]
    assert find(*texts) == {}
    assert len(list(combinations(texts, 2))) == 435
