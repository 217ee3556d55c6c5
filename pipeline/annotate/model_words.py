"""The words around the names of models, as lexicon/models.toml knows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from pipeline import lexicon
from pipeline.gazetteer import Gazetteer, Hit
from pipeline.vietnamese import match_key


@dataclass(frozen=True, slots=True)
class Cue:
    type: str
    phrases: tuple[str, ...]
    examples: tuple[str, ...]
    weak: bool = False
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Other:
    phrases: tuple[str, ...]
    examples: tuple[str, ...]
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Never:
    phrases: tuple[str, ...]
    examples: tuple[str, ...]
    local: bool = False  # but for "mô hình “A” của": a unit's own model by a known name
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    phrases: tuple[str, ...]
    examples: tuple[str, ...]
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Opener:
    phrases: tuple[str, ...]
    examples: tuple[str, ...]
    naming: bool = False


@dataclass(frozen=True, slots=True)
class Quality:
    phrases: tuple[str, ...]
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Edge:
    kind: str
    phrases: tuple[str, ...]
    examples: tuple[str, ...]
    excluded: tuple[str, ...] = ()


class Word(NamedTuple):
    """What a noun before a quotation announces: a kind of model, or something else (None)."""

    model_type: str | None
    weak: bool


def opening(words: Sequence[str], phrases: frozenset[str]) -> int:
    """How many of the last words are the longest of `phrases`; 0 if none."""
    sizes = (s for s in range(min(5, len(words)), 0, -1) if " ".join(words[-s:]) in phrases)
    return next(sizes, 0)


@cache
def words() -> Gazetteer[Word]:
    """Cues with their type, and what announces something else."""
    found = dict.fromkeys(lexicon.phrases("models", Other), Word(None, False))
    for cue in lexicon.read("models", Cue):
        found |= {p: Word(cue.type, cue.weak) for p in cue.phrases}
    return Gazetteer(found)


@cache
def never() -> frozenset[str]:
    return frozenset(map(match_key, lexicon.phrases("models", Never)))


@cache
def local() -> frozenset[str]:
    entries = lexicon.read("models", Never)
    return frozenset(match_key(p) for n in entries if n.local for p in n.phrases)


@cache
def known() -> frozenset[str]:
    return frozenset(map(match_key, lexicon.phrases("models", Known)))


@cache
def openers() -> frozenset[str]:
    return frozenset(map(match_key, lexicon.phrases("models", Opener)))


@cache
def naming() -> frozenset[str]:
    known = lexicon.read("models", Opener)
    return frozenset(match_key(p) for o in known if o.naming for p in o.phrases)


@cache
def qualities() -> Gazetteer[None]:
    return Gazetteer(dict.fromkeys(lexicon.phrases("models", Quality)))


def edges(words: str) -> list[Hit[str]]:
    """Words that end, or may end, a name without marks."""
    return [hit for hit in _edge_words().find(words) if hit.value != "goes on"]


@cache
def _edge_words() -> Gazetteer[str]:
    return Gazetteer({p: e.kind for e in lexicon.read("models", Edge) for p in e.phrases})
