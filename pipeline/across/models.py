"""Which written names are one model: by normalised key first, then by conservative similarity.

Similarity of character n-grams (TF-IDF, cosine) only proposes; what the names differ in decides.
Two names that differ in a number, or in any word that carries meaning, stay two models: a wrong
merger would make up a spread that never happened.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.neighbors import NearestNeighbors

from pipeline import lexicon
from pipeline.vietnamese import match_key, nfc, slug, unaccented

# Cosine similarity from which two keys are compared word by word. Names of one model lie above
# 0.6 in the pairs of tests/phrases/model_pairs.toml; below it nothing was one model.
PROPOSE: Final = 0.6
_NEIGHBOURS: Final = 12
_WORD: Final = re.compile(r"\w+")
_RESEARCHER: Final = "the researcher's models.toml"


class ModelsFileError(ValueError):
    """A models.toml that cannot be used: which file, and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Light:
    """Words of a name that may be there or not: generic heads and function words."""

    phrases: tuple[str, ...]
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Alike:
    """Words that are one word in a name; the first is the one kept."""

    phrases: tuple[str, ...]
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Variant:
    """One written name and the model it names."""

    model_id: str
    name: str
    similarity: float  # with the model's most written name
    reason: str


def variants(counts: Mapping[str, int], decided: Mapping[str, str] | None = None) -> list[Variant]:
    """Every written name with its model, by model and name.

    `counts` says how often each name is written; a model is named after the most written one.
    `decided` (name -> the name of its model) always wins.

    >>> found = variants({"Gian hàng 0 đồng": 3, "Gian hàng không đồng": 1, "Gian hàng xanh": 1})
    >>> [(v.model_id, v.name) for v in found]  # doctest: +NORMALIZE_WHITESPACE
    [('gian-hang-0-dong', 'Gian hàng 0 đồng'), ('gian-hang-0-dong', 'Gian hàng không đồng'),
     ('gian-hang-xanh', 'Gian hàng xanh')]
    """
    decided = {match_key(name): model for name, model in (decided or {}).items()}
    names = sorted(counts, key=lambda name: (-counts[name], name))
    by_key: dict[str, list[str]] = defaultdict(list)
    for name in names:
        if match_key(name) not in decided:
            by_key[key(name)].append(name)
    keys = list(by_key)  # the most written first
    leader = _leaders(keys)
    found = [
        Variant(slug(model), name, round(similarity, 4), reason)
        for k in keys
        for model, similarity, reason in [leader[k]]
        for name in by_key[k]
    ]
    for name in names:
        if model := decided.get(match_key(name)):
            found.append(Variant(slug(model), name, 1.0, _RESEARCHER))
    return sorted(found, key=lambda v: (v.model_id, v.name))


def key(name: str) -> str:
    """What all spellings of one name share: folded, numbers in figures, light words gone.

    >>> key("Mô hình “Gian hàng không đồng”") == key("GIAN HÀNG 0 ĐỒNG")
    True
    """
    words = _WORD.findall(match_key(name))
    text = " ".join(_alike().get(word, word) for word in words)
    kept = text
    for phrase in _light():
        kept = re.sub(rf"(?<!\w){re.escape(phrase)}(?!\w)", " ", kept)
    return " ".join(kept.split()) or text


def read_decisions(path: Path) -> dict[str, str]:
    """A researcher's models.toml: `"Name of the model" = ["written so", "or so"]`.

    An empty mapping if there is no such file. Raises ModelsFileError.
    """
    if not path.exists():
        return {}
    try:
        tables = tomllib.loads(nfc(path.read_text("utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ModelsFileError(f"{path} is not TOML in UTF-8: {error}") from error
    decided: dict[str, str] = {}
    for model, written in tables.items():
        if not isinstance(written, list) or not all(isinstance(name, str) for name in written):
            raise ModelsFileError(f'{path}: "{model}" must be a list of names as they are written')
        for name in [model, *written]:
            if decided.setdefault(name, model) != model:
                raise ModelsFileError(f'{path}: "{name}" stands under two models')
    return decided


def _leaders(keys: list[str]) -> dict[str, tuple[str, float, str]]:
    """For each key that of its model, its own or an earlier one's; how similar, and why."""
    leader: dict[str, tuple[str, float, str]] = {}
    for k, proposed in zip(keys, _proposals(keys), strict=True):
        leader[k] = next(
            (
                (p, similarity, "similar names")
                for p, similarity in proposed
                if p in leader and leader[p][0] == p and says_the_same(k, p)
            ),
            (k, 1.0, "same key"),
        )
    return leader


def _proposals(keys: list[str]) -> list[list[tuple[str, float]]]:
    """For each key the similar ones with their similarity, most similar first."""
    if len(keys) < 2:
        return [[] for _ in keys]
    vectors = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4)).fit_transform(
        unaccented(k) for k in keys
    )
    search = NearestNeighbors(n_neighbors=min(_NEIGHBOURS, len(keys)), metric="cosine").fit(vectors)
    distances, indices = search.kneighbors(vectors)
    return [
        [
            (keys[j], min(1.0, 1 - float(d)))
            for d, j in sorted(zip(row, near, strict=True))
            if 1 - d >= PROPOSE and j != i
        ]
        for i, (row, near) in enumerate(zip(distances, indices, strict=True))
    ]


def says_the_same(one: str, other: str) -> bool:
    """Whether two keys differ only in spelling: accents, spaces, one letter of a long word.

    >>> says_the_same("hẻm văn minh", "hẽm văn minh"), says_the_same("đội 3 nhanh", "đội 5 nhanh")
    (True, False)
    """
    bare = unaccented(one).replace(" ", ""), unaccented(other).replace(" ", "")
    if bare[0] == bare[1]:
        return True
    left = Counter(unaccented(one).split())
    right = Counter(unaccented(other).split())
    only_left, only_right = list((left - right).elements()), list((right - left).elements())
    return (
        len(only_left) == len(only_right) == 1
        and left.total() >= 3
        and _one_letter_apart(only_left[0], only_right[0])
    )


def _one_letter_apart(one: str, other: str) -> bool:
    """Whether a word of five letters or more is another one with a letter wrong or missing."""
    if min(len(one), len(other)) < 5 or one.isdigit() or other.isdigit():
        return False
    if len(one) == len(other):
        return sum(a != b for a, b in zip(one, other, strict=True)) == 1
    short, long = sorted((one, other), key=len)
    return len(long) - len(short) == 1 and any(
        long[:i] + long[i + 1 :] == short for i in range(len(long))
    )


@cache
def _light() -> tuple[str, ...]:
    phrases = {match_key(p) for entry in lexicon.read("names", Light) for p in entry.phrases}
    return tuple(sorted(phrases, key=lambda p: (-len(p), p)))


@cache
def _alike() -> dict[str, str]:
    return {
        match_key(p): match_key(entry.phrases[0])
        for entry in lexicon.read("names", Alike)
        for p in entry.phrases
    }
