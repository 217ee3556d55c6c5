"""What shows across articles: which names are one model, which articles are copies."""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Collection
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import lexicon
from pipeline.across import copies, models
from pipeline.across.copies import Version
from pipeline.across.models import Alike, Group, Head, Light, ModelsFileError
from tests.linear import assert_linear

PAIRS = tomllib.loads((Path(__file__).parent / "phrases" / "model_pairs.toml").read_text("utf-8"))
SAME = [tuple(pair) for row in PAIRS["same"] for pair in row["pairs"]]
DIFFERENT = [tuple(pair) for row in PAIRS["different"] for pair in row["pairs"]]


def joined(one: str, other: str) -> bool:
    """Whether two names are one model, among all names of the table."""
    names = {name for pair in (*SAME, *DIFFERENT) for name in pair}
    ids = {v.name: v.model_id for v in models.variants(dict.fromkeys(names, 1))}
    return ids[one] == ids[other]


def test_there_are_enough_pairs() -> None:
    assert len(SAME) + len(DIFFERENT) >= 95
    assert len(DIFFERENT) >= 40


@pytest.mark.parametrize(("one", "other"), DIFFERENT, ids=" / ".join)
def test_different_models_stay_apart(one: str, other: str) -> None:
    assert not joined(one, other)


def test_variants_of_one_name_are_found() -> None:
    missed = [pair for pair in SAME if not joined(*pair)]
    assert 1 - len(missed) / len(SAME) >= 0.85, missed


def test_models_do_not_depend_on_the_order_of_names() -> None:
    names = sorted({name for pair in (*SAME, *DIFFERENT) for name in pair})
    first = models.variants(dict.fromkeys(names, 1))
    for seed in range(5):
        random.Random(seed).shuffle(names)
        assert models.variants(dict.fromkeys(names, 1)) == first


def test_a_model_is_named_after_its_most_written_name() -> None:
    found = models.variants({"Gian hàng không đồng": 5, "Gian hàng 0 đồng": 2})
    assert {v.model_id for v in found} == {"gian-hang-0-dong"}
    assert all(v.similarity == 1 and v.reason == "same key" for v in found)


def test_what_is_similar_is_said_to_be() -> None:
    names = {"Hẻm văn minh sạch đẹp": 5, "Hẽm văn minh sạch đẹp": 2, "Hẻm xanh": 1}
    found = {v.name: v for v in models.variants(names)}
    mistyped = found["Hẽm văn minh sạch đẹp"]
    assert (mistyped.model_id, mistyped.reason) == ("hem-van-minh-sach-dep", "similar names")
    assert 0.6 <= mistyped.similarity < 1 or found["Hẻm văn minh sạch đẹp"].similarity == 1
    assert found["Hẻm xanh"].model_id == "hem-xanh"


def test_two_models_never_share_an_identifier() -> None:
    found = models.variants({"Nhà sạch": 3, "Nhà sách": 1, "Nhà sach": 1, "“”": 1, "Ⓐ": 1})
    ids = {v.name: v.model_id for v in found}
    assert ids["Nhà sạch"] == "nha-sach"
    assert ids["Nhà sách"].startswith("nha-sach-")
    assert len({ids["Nhà sạch"], ids["Nhà sách"], ids["“”"], ids["Ⓐ"]}) == 4
    assert all(ids.values())


@given(st.dictionaries(st.text(min_size=1, max_size=30), st.integers(1, 9), max_size=12))
def test_every_name_has_one_model(counts: dict[str, int]) -> None:
    found = models.variants(counts)
    assert sorted(v.name for v in found) == sorted(counts)
    assert all(v.model_id and 0 <= v.similarity <= 1 for v in found)
    assert models.variants(dict(reversed(counts.items()))) == found


# --- the lexicon --------------------------------------------------------------------------


@pytest.mark.parametrize("head", [p for e in lexicon.read("names", Head) for p in e.phrases])
def test_a_generic_head_is_no_part_of_a_name(head: str) -> None:
    assert models.key(f"{head} Ông bà cháu cùng vui") == models.key("Ông bà cháu cùng vui")
    assert models.key(f"Vui cùng {head}") != models.key("Vui cùng")
    assert models.key(head) == head


def test_only_generic_heads_go() -> None:
    for entry in lexicon.read("names", Head):
        assert all(len(models.key(e)) < len(e) for e in entry.examples)
        assert all(models.key(e) == e.lower() for e in entry.excluded)


@pytest.mark.parametrize("group", lexicon.read("names", Group)[0].phrases)
def test_a_group_may_be_missing_before_a_long_name(group: str) -> None:
    assert models.says_the_same(f"{group} tự quản bến đò", "tự quản bến đò")
    assert not models.says_the_same(f"{group} an ninh", "an ninh")


def test_the_examples_of_groups() -> None:
    for entry in lexicon.read("names", Group):
        for example in (*entry.examples, *entry.excluded):
            rest = example.split(" ", 1)[1]
            same = models.says_the_same(models.key(example), models.key(rest))
            assert same == (example in entry.examples)


@pytest.mark.parametrize("light", [p for e in lexicon.read("names", Light) for p in e.phrases])
def test_a_light_word_may_be_missing(light: str) -> None:
    assert models.key(f"Góc vui {light} em nhỏ") == models.key("Góc vui em nhỏ")
    assert models.key(light) == light


@pytest.mark.parametrize("entry", lexicon.read("names", Alike), ids=lambda e: e.phrases[0])
def test_words_alike_make_one_key(entry: Alike) -> None:
    for example in entry.examples:
        keys = {
            models.key(re.sub(rf"(?<!\w){said}(?!\w)", other, example.lower()))
            for said in entry.phrases
            for other in entry.phrases
        }
        assert len(keys - {models.key(example)}) == 0 or models.key(example) in keys
        assert len({models.key(f"bến {p} đò") for p in entry.phrases}) == 1


# --- the researcher -----------------------------------------------------------------------


def decide(tmp_path: Path, text: str) -> dict[str, str]:
    (tmp_path / "models.toml").write_text(text, "utf-8")
    return models.read_decisions(tmp_path / "models.toml")


def test_the_researcher_always_wins(tmp_path: Path) -> None:
    decided = decide(
        tmp_path,
        """
        "Kẻng an ninh" = ["Tiếng mõ an ninh"]
        "Gian hàng xã" = ["Gian hàng 0 đồng"]
        "Chi bộ 4 tốt" = []
        "Chi bộ bốn tốt vùng cao" = ["Chi bộ bốn tốt"]
        """,
    )
    names = ["Kẻng an ninh", "TIẾNG MÕ AN NINH", "Gian hàng 0 đồng", "Gian hàng không đồng"]
    names += ("Chi bộ 4 tốt", "“Chi bộ bốn tốt”", "Chi bộ bốn tốt", "Chi bộ  4 tốt")
    found = {v.name: v for v in models.variants(dict.fromkeys(names, 1), decided)}
    ids = {name: variant.model_id for name, variant in found.items()}
    assert ids["Kẻng an ninh"] == ids["TIẾNG MÕ AN NINH"] == "keng-an-ninh"
    assert ids["Gian hàng 0 đồng"] == "gian-hang-xa"
    assert ids["Gian hàng không đồng"] == "gian-hang-xa"  # the same name, spelled otherwise
    assert ids["Chi bộ 4 tốt"] == ids["Chi bộ  4 tốt"] == "chi-bo-4-tot"
    assert ids["Chi bộ bốn tốt"] == "chi-bo-bon-tot-vung-cao"
    # told apart by the researcher, so the key decides nothing about other spellings
    assert found["“Chi bộ bốn tốt”"].reason == "same key"
    assert found["TIẾNG MÕ AN NINH"].reason == "the researcher's models.toml"


def test_without_a_file_nothing_is_decided(tmp_path: Path) -> None:
    assert models.read_decisions(tmp_path / "models.toml") == {}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('"A" = "B"', "must be a list of names"),
        ("A B = 1", "is not TOML"),
        ('"A" = ["C"]\n"B" = ["C"]', "stands under two models"),
        ('"A" = ["C"]\n"B" = ["c "]', "stands under two models"),
        ('"A" = ["B"]\n"B" = []', "stands under two models"),
        ('"A" = [1]', "must be a list of names"),
        ('"A" = {b = 1}', "must be a list of names"),
        ('"A" = [" "]', "without a letter"),
    ],
)
def test_a_wrong_models_toml_is_said(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "models.toml").write_text(text)
    with pytest.raises(ModelsFileError, match=says):
        models.read_decisions(tmp_path / "models.toml")


def test_a_models_toml_in_another_encoding_is_said(tmp_path: Path) -> None:
    (tmp_path / "models.toml").write_bytes('"Gian hàng" = []'.encode("utf-16"))
    with pytest.raises(ModelsFileError, match="is not TOML in UTF-8"):
        models.read_decisions(tmp_path / "models.toml")


# --- copies -------------------------------------------------------------------------------

WORDS = [f"{a}{b}" for a in "bcdghklmnpqrstvx" for b in ("a", "an", "anh", "e", "en", "oi", "u")]
DAY = datetime(2022, 5, 3, 7, 30)


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
    assert found["b"].parent_article_id is None
    assert found["a"].cluster_id == found["b"].cluster_id == "a"
    assert 0.8 < found["a"].similarity < 1


def test_a_shortened_copy_is_found() -> None:
    text = prose(2)
    assert set(find(("a", None, text), ("b", None, text[:150]))) == {"a", "b"}


def spun(seed: int) -> list[str]:
    """Every other stretch of one text, with words of its own between."""
    text, own = prose(9, 600), prose(1000 + seed, 600)
    return [w for n in range(0, 600, 40) for w in (*text[n : n + 20], *own[n : n + 20])]


def test_spun_copies_that_share_half_their_words_are_found() -> None:
    pairs = [find(("a", None, spun(n)), ("b", None, spun(n + 100))) for n in range(40)]
    found = [pair for pair in pairs if pair]
    assert len(found) >= 30  # hashing proposes four of five such pairs
    assert all(copies.SAME <= pair["a"].similarity < 0.35 for pair in found)


def test_case_and_the_place_of_a_tone_mark_change_nothing() -> None:
    text = ["hòa", "thủy", *prose(12)]
    other = ["HOÀ", "Thuỷ", *(word.upper() for word in text[2:])]
    assert {c.similarity for c in find(("a", None, text), ("b", None, other)).values()} == {1.0}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (None, None),
        (DAY, None),
        (DAY, DAY),
        # midnight stands for a day whose hour is unknown
        (datetime(2022, 5, 3), DAY),
    ],
)
def test_where_no_date_tells_the_direction_is_unknown(
    one: datetime | None, other: datetime | None
) -> None:
    found = find(("a", one, prose(3)), ("b", other, prose(3)))
    assert {copy.direction for copy in found.values()} == {"unknown"}
    assert {copy.parent_article_id for copy in found.values()} == {None}


def test_of_one_day_the_hours_tell() -> None:
    found = find(("a", DAY.replace(hour=9), prose(3)), ("b", DAY, prose(3)))
    assert found["a"].parent_article_id == "b"


def test_two_articles_on_one_event_stay_apart() -> None:
    shared = prose(4, 40)
    assert find(("a", None, shared + prose(5)), ("b", None, shared + prose(6))) == {}


def test_clusters_do_not_depend_on_the_order_of_articles() -> None:
    text = prose(8)
    articles = [(f"{n}", datetime(2022, 5, n + 1), [*text[:n], *text[n + 2 :]]) for n in range(5)]
    articles += [(f"{n}", DAY, [*text[:60], *prose(n, 60)]) for n in range(5, 12)]
    first = find(*articles)
    assert len(first) >= 5
    for seed in range(4):
        random.Random(seed).shuffle(articles)
        again = find(*articles)
        assert list(again.items()) == list(first.items())


def test_short_texts_are_no_copies() -> None:
    assert find(("a", None, ["xã"]), ("b", None, ["xã"])) == {}
    assert find(("a", None, []), ("b", None, [])) == {}
    assert find() == {}


def test_nothing_is_similar_to_itself_alone() -> None:
    assert find(*((f"{n}", None, prose(100 + n)) for n in range(30))) == {}


def test_only_what_may_be_a_copy_is_fetched() -> None:
    text = prose(1)
    texts = [*((f"{n}", prose(100 + n)) for n in range(40)), ("x", text), ("y", text)]
    given = [(Version(key, None), " ".join(words)) for key, words in texts]
    fetched: set[str] = set()

    def fetch(keys: Collection[str]) -> dict[str, str]:
        fetched.update(keys)
        return {version.article_id: said for version, said in given if version.article_id in keys}

    assert {copy.article_id for copy in copies.find(given, fetch)} == {"x", "y"}
    assert fetched == {"x", "y"}


@pytest.mark.parametrize("near", [False, True])
def test_cost_grows_with_the_articles(near: bool) -> None:
    def articles(size: int) -> list[tuple[str, datetime | None, list[str]]]:
        texts = (prose(1 if near else n, 90) for n in range(size // 100))
        return [(f"{n}", DAY, [*text, f"{n}"]) for n, text in enumerate(texts)]

    assert_linear(lambda given: find(*given), articles)
