"""Which written names are one model: by normalised key first, then by conservative similarity.

Similarity of character n-grams (TF-IDF, cosine) only proposes; what the names differ in decides.
Two names that differ in a number, or in any word that carries meaning, stay two models: a wrong
merger would make up a spread that never happened.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, zip_longest
from pathlib import Path
from typing import Final, NamedTuple

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.neighbors import NearestNeighbors

from pipeline import lexicon
from pipeline.annotate import abbreviations
from pipeline.gazetteer import Gazetteer
from pipeline.vietnamese import match_key, nfc, slug, unaccented

# Cosine similarity from which two keys are compared word by word. Names of one model lie above
# 0.6 in the pairs of tests/phrases/model_pairs.toml; below it nothing was one model.
PROPOSE: Final = 0.6
_NEIGHBOURS: Final = 12
_TYPO: Final = 5  # letters of the shortest word in which one may be wrong
_MISSPELLED: Final = 5  # words of the shortest name in which one may be misspelled
_WITHOUT_GROUP: Final = 4  # words of the shortest name that may do without its "tổ"
_WORD: Final = re.compile(r"\w+")
_SHORT_FORM: Final = re.compile(r"(?<!\w)[A-ZĐ]{3,8}(?!\w)")  # BVMT
# "Mỗi đảng viên đỡ đầu một hộ nghèo" says no more than "Đảng viên đỡ đầu hộ nghèo".
_EACH_ONE: Final = re.compile(r"\Amỗi (.+?) 1 (?=\w)")
_TILDE: Final = "\u0303"
_HOOK: Final = "\u0309"
_SAME_KEY: Final = "same key"
_SIMILAR: Final = "similar names"
_RESEARCHER: Final = "the researcher's models.toml"


class ModelsFileError(ValueError):
    """A models.toml that cannot be used: which file, and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Head:
    """Generic heads that may stand before a name."""

    phrases: tuple[str, ...]
    examples: tuple[str, ...]
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Heads that say who does it, which a long name may do without."""

    phrases: tuple[str, ...]
    examples: tuple[str, ...]
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Light:
    """Words of a name that may be there or not."""

    phrases: tuple[str, ...]
    examples: tuple[str, ...]
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Alike:
    """Words that say one thing; the first is the one kept."""

    phrases: tuple[str, ...]
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Variant:
    """One written name and the model it names."""

    model_id: str
    name: str
    similarity: float  # with the model's most written name
    reason: str


class _Model(NamedTuple):
    """The model that a key belongs to: its name or leading key, how similar, and why."""

    name: str
    similarity: float
    reason: str


def variants(counts: Mapping[str, int], decided: Mapping[str, str] | None = None) -> list[Variant]:
    """Every written name with its model, by model and name.

    `counts` says how often each name is written; a model is named after the most written one.
    `decided` (name -> the name of its model) always wins, also for what only is spelled otherwise.

    >>> found = variants({"Gian hàng 0 đồng": 3, "Gian hàng không đồng": 1, "Gian hàng xanh": 1})
    >>> [(v.model_id, v.name) for v in found]  # doctest: +NORMALIZE_WHITESPACE
    [('gian-hang-0-dong', 'Gian hàng 0 đồng'), ('gian-hang-0-dong', 'Gian hàng không đồng'),
     ('gian-hang-xanh', 'Gian hàng xanh')]
    """
    decided = {match_key(name): model for name, model in (decided or {}).items()}
    models = _decided_keys(decided)
    names = sorted(counts, key=lambda name: (-counts[name], name))
    keys = {name: key(name) for name in names}
    undecided = [name for name in names if match_key(name) not in decided]
    of_key = _leaders(dict.fromkeys(keys[name] for name in undecided if keys[name] not in models))
    ids = _ids([*decided.values()], [model.name for model in of_key.values()])
    found = []
    for name in names:
        stated = decided.get(match_key(name)) or models.get(keys[name])
        model = _Model(stated, 1.0, _RESEARCHER) if stated else of_key[keys[name]]
        found.append(Variant(ids[model.name], name, round(model.similarity, 4), model.reason))
    return sorted(found, key=lambda v: (v.model_id, v.name))


def key(name: str) -> str:
    """What all spellings of one name share: folded, numbers in figures, light words gone.

    >>> key("Mô hình “Gian hàng không đồng”") == key("GIAN HÀNG 0 ĐỒNG")
    True
    """
    if not name.isupper():
        name = _SHORT_FORM.sub(lambda m: abbreviations.expand(m[0]) or m[0], name)
    text = " ".join(_WORD.findall(match_key(name)))
    whole = _replaced(text, _alike())
    kept = _replaced(whole, _light())
    head = next((h for h in _heads() if f"{kept} ".startswith(f"{h} ")), "")
    return kept[len(head) :].lstrip() or whole or match_key(name)


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
            if not match_key(name):
                raise ModelsFileError(f'{path}: "{model}" has a name without a letter in it')
            if decided.setdefault(match_key(name), model) != model:
                raise ModelsFileError(f'{path}: "{name}" stands under two models')
    return decided


# --- which keys are one model -------------------------------------------------------------


def _decided_keys(decided: Mapping[str, str]) -> dict[str, str]:
    """The models of the keys that decided names have, where those agree."""
    models: dict[str, set[str]] = defaultdict(set)
    for name, model in decided.items():
        models[key(name)].add(model)
    return {k: next(iter(named)) for k, named in models.items() if len(named) == 1}


def _leaders(keys: Iterable[str]) -> dict[str, _Model]:
    """For each key, the most written first, that of its model: its own or an earlier one's."""
    keys = list(keys)
    leaders: dict[str, _Model] = {}
    for k, proposed in zip(keys, _proposals(keys), strict=True):
        leading = (
            _Model(p, similarity, _SIMILAR)
            for p, similarity in proposed
            if p in leaders and leaders[p].name == p and says_the_same(k, p)
        )
        leaders[k] = next(leading, _Model(k, 1.0, _SAME_KEY))
    return leaders


def _proposals(keys: Sequence[str]) -> Iterator[list[tuple[str, float]]]:
    """For each key the similar ones with their similarity, most similar first."""
    if len(keys) < 2:
        yield from ([] for _ in keys)
        return
    vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4))
    vectors = vectorizer.fit_transform(unaccented(k) for k in keys)
    search = NearestNeighbors(n_neighbors=min(_NEIGHBOURS, len(keys)), metric="cosine").fit(vectors)
    distances, indices = search.kneighbors(vectors)
    for i, (row, near) in enumerate(zip(distances, indices, strict=True)):
        yield [
            (keys[j], min(1.0, 1 - float(d)))
            for d, j in sorted(zip(row, near, strict=True))
            if 1 - d >= PROPOSE and j != i
        ]


def says_the_same(one: str, other: str) -> bool:
    """Whether two keys differ only in spelling: spaces, i and y, hook and tilde, one wrong letter.

    Other marks tell words apart (nhà sạch, nhà sách) unless one name was typed without any, or
    is long and all its other words are the same.

    >>> says_the_same("hẻm văn minh", "hẽm văn minh"), says_the_same("đội 3 nhanh", "đội 5 nhanh")
    (True, False)
    >>> says_the_same("nhà sạch", "nhà sách")
    False
    """
    if _spelled(one) == _spelled(other) or _spelled(_bared(one)) == _spelled(_bared(other)):
        return True
    typed_without = unaccented(one) == one or unaccented(other) == other
    if typed_without and _unmarked(one) == _unmarked(other):
        return True
    left, right = one.split(), other.split()
    if len(left) != len(right) or len(left) < _MISSPELLED:
        return False
    apart = [(a, b) for a, b in zip(left, right, strict=True) if _spelled(a) != _spelled(b)]
    if len(apart) != 1:
        return False
    a, b = (unaccented(word) for word in apart[0])
    return a == b or _one_letter_apart(a, b)


def _spelled(text: str) -> str:
    """A key without what is spelled now so, now so: spaces, y for i, a tilde for a hook."""
    marks = unicodedata.normalize("NFD", text.replace(" ", ""))
    return marks.replace("y", "i").replace(_TILDE, _HOOK)


def _unmarked(text: str) -> str:
    return unaccented(text).replace(" ", "").replace("y", "i")


def _bared(text: str) -> str:
    """A key without the group that does it, and without "mỗi ... một".

    >>> _bared("tổ tự quản bến đò"), _bared("mỗi đảng viên đỡ đầu 1 hộ nghèo"), _bared("tổ an ninh")
    ('tự quản bến đò', 'đảng viên đỡ đầu hộ nghèo', 'tổ an ninh')
    """
    group, _, rest = text.partition(" ")
    kept = rest if group in _groups() and len(rest.split()) >= _WITHOUT_GROUP else text
    return _EACH_ONE.sub(r"\1 ", kept)


def _one_letter_apart(one: str, other: str) -> bool:
    """Whether a long word is another one with a letter wrong, missing or doubled after the first.

    >>> _one_letter_apart("tuyen", "tuyn"), _one_letter_apart("duong", "luong")
    (True, False)
    """
    if max(len(one), len(other)) < _TYPO or not (one + other).isalpha() or one[0] != other[0]:
        return False
    if len(one) == len(other):
        return sum(a != b for a, b in zip(one, other, strict=True)) == 1
    short, long = sorted((one, other), key=len)
    at = next(i for i, (a, b) in enumerate(zip_longest(short, long)) if a != b)
    return len(long) - len(short) == 1 and short[at:] == long[at + 1 :]


# --- identifiers --------------------------------------------------------------------------


def _ids(decided: Sequence[str], leaders: Sequence[str]) -> dict[str, str]:
    """An identifier for each model; of two that unaccented are one, the later gets a suffix."""
    taken: dict[str, str] = {}
    ids: dict[str, str] = {}
    for model in dict.fromkeys(chain(sorted(set(decided)), leaders)):
        plain = slug(model) or "model"
        if taken.setdefault(plain, model) != model:
            plain = f"{plain}-{zlib.crc32(match_key(model).encode()):08x}"
        ids[model] = plain
    return ids


# --- knowledge ----------------------------------------------------------------------------


def _replaced(text: str, phrases: Gazetteer[str]) -> str:
    """A key with known phrases replaced by what they stand for."""
    parts, position = [], 0
    for hit in phrases.find(text):
        parts += [text[position : hit.start], hit.value]
        position = hit.end
    return " ".join("".join([*parts, text[position:]]).split())


@cache
def _heads() -> tuple[str, ...]:
    phrases = set(map(match_key, lexicon.phrases("names", Head)))
    return tuple(sorted(phrases, key=lambda p: (-len(p), p)))


@cache
def _groups() -> frozenset[str]:
    return frozenset(map(match_key, lexicon.phrases("names", Group)))


@cache
def _light() -> Gazetteer[str]:
    return Gazetteer(dict.fromkeys(lexicon.phrases("names", Light), ""))


@cache
def _alike() -> Gazetteer[str]:
    entries = lexicon.read("names", Alike)
    return Gazetteer({p: match_key(e.phrases[0]) for e in entries for p in e.phrases})
