"""The words the grammar of facts knows, read once from the lexicon."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Generic, Literal, NamedTuple, TypeVar

from pipeline import lexicon
from pipeline.gazetteer import Gazetteer
from pipeline.records import Change as Direction
from pipeline.records import Comparator as Code
from pipeline.vietnamese import match_key, slug

T = TypeVar("T")


# --- entries of the lexicon ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Counted:
    """A group of nouns that newspapers count; the flags are explained in counted.toml."""

    subject: str
    forms: tuple[str, ...]
    examples: tuple[str, ...]
    people: bool = False
    named: bool = False
    located: bool = False
    abstract: bool = False
    plan: bool = False
    activity: bool = False
    classifier: bool = False
    verbal: bool = False
    coordinated: bool = False
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Alias:
    of: str
    forms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Measure:
    id: str
    forms: tuple[str, ...]
    examples: tuple[str, ...]
    kind: Literal["measure", "score"] = "measure"
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Currency:
    code: str
    forms: tuple[str, ...]
    examples: tuple[str, ...]
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Label:
    subject: str
    forms: tuple[str, ...]
    examples: tuple[str, ...]
    unless: Literal["", "people", "unit"] = ""  # what makes the number a count after all
    up_to: int | None = None  # the largest number it carries
    verbal: bool = False  # a label only where capitalised
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparator:
    code: Code
    forms: tuple[str, ...]
    examples: tuple[str, ...]
    after: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    direction: Direction
    forms: tuple[str, ...]
    examples: tuple[str, ...]
    comparative: Code | None = None  # what it says where no base is named
    percent: bool = False  # but a percentage after it is a difference all the same
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Target:
    scope: Literal["clause", "sentence"]
    forms: tuple[str, ...]
    examples: tuple[str, ...]
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Words:
    """A plain list of words; each table of the lexicon that has no more is read as one."""

    forms: tuple[str, ...]
    examples: tuple[str, ...]
    excluded: tuple[str, ...] = ()


# --- as the grammar asks for them ----------------------------------------------------------


class Head(NamedTuple):
    """What a word or two right after a number says of it."""

    kind: Literal["count", "money", "measure", "score", "span"]
    id: str
    counted: Counted | None = None
    currency: str | None = None


class Suffixes(NamedTuple, Generic[T]):
    """Phrases looked for right before a place."""

    longest: int  # words of the longest
    lasts: frozenset[str]  # the last words of all
    phrases: dict[str, T]


def words(file: str, table: str) -> tuple[Words, ...]:
    """The entries of a table that is a plain list of words."""
    entry = type(table.capitalize(), (Words,), {"__slots__": ()})
    return lexicon.read(file, entry)


def _forms(file: str, table: str) -> tuple[str, ...]:
    return tuple(form for entry in words(file, table) for form in entry.forms)


def _gazetteer(forms: Iterable[str]) -> Gazetteer[str]:
    return Gazetteer({form: match_key(form) for form in forms})


def _suffixes(pairs: Iterable[tuple[str, T]]) -> Suffixes[T]:
    phrases = {match_key(form): value for form, value in pairs}
    longest = max(phrase.count(" ") + 1 for phrase in phrases)
    return Suffixes(longest, frozenset(phrase.split()[-1] for phrase in phrases), phrases)


def _heads() -> Iterator[tuple[str, Head]]:
    alias = {match_key(form): a.of for a in lexicon.read("counted", Alias) for form in a.forms}
    for group in COUNTED:
        for form in group.forms:
            yield form, Head("count", slug(alias.get(match_key(form), form)), group)
    for measure in MEASURES:
        for form in measure.forms:
            yield form, Head(measure.kind, measure.id)
    for currency in CURRENCIES:
        for form in currency.forms:
            yield form, Head("money", currency.code.lower(), None, currency.code)
    for form in _forms("measures", "span"):
        yield form, Head("span", slug(form))


def _alternatives(forms: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted({match_key(form) for form in forms}, key=lambda f: (-len(f), f))
    by_letter = defaultdict(list)  # most words begin none of the forms: a letter tells
    for form in longest_first:
        by_letter[form[0]].append(re.escape(form[1:]))
    branches = (f"{re.escape(letter)}(?:{'|'.join(ends)})" for letter, ends in by_letter.items())
    return re.compile(rf"(?<!\w)(?:{'|'.join(branches)})(?!\w)")


COUNTED: Final = lexicon.read("counted", Counted)
MEASURES: Final = lexicon.read("measures", Measure)
CURRENCIES: Final = lexicon.read("measures", Currency)
LABELS: Final = lexicon.read("numbered", Label)
COMPARATORS: Final = lexicon.read("cues", Comparator)
CHANGES: Final = lexicon.read("cues", Change)
TARGETS: Final = lexicon.read("cues", Target)

HEADS: Final = Gazetteer(dict(_heads()))
ACTIVITIES: Final = _gazetteer(_forms("counted", "activity"))
MODIFIERS: Final = _gazetteer(_forms("counted", "modifier"))
PER: Final = _gazetteer(_forms("measures", "per"))
VERBS: Final = _gazetteer(_forms("cues", "verb"))
PREDICATES: Final = _gazetteer((*_forms("cues", "verb"), *_forms("cues", "function")))
SLOGANS: Final = _gazetteer(_forms("numbered", "slogan"))
AFTER: Final = Gazetteer({f: c.code for c in COMPARATORS if c.after for f in c.forms})

LABEL_BEFORE: Final = _suffixes((form, label) for label in LABELS for form in label.forms)
NO_LABEL_BEFORE: Final = _suffixes((f, f) for f in _forms("numbered", "unlabel"))
NAMING_BEFORE: Final = _suffixes((f, f) for f in _forms("numbered", "naming"))
COMPARED_BEFORE: Final = _suffixes((f, c.code) for c in COMPARATORS if not c.after for f in c.forms)
CHANGED_BEFORE: Final = _suffixes((f, c) for c in CHANGES for f in c.forms)
SHARE_BEFORE: Final = _suffixes((f, f) for f in _forms("cues", "share"))
LEVEL_BEFORE: Final = _suffixes((f, f) for f in _forms("cues", "level"))
ITEM_BEFORE: Final = _suffixes((f, f) for f in _forms("cues", "item"))
ITEMS: Final = _gazetteer(_forms("cues", "item"))
RESULT_BEFORE: Final = _suffixes((f, f) for f in _forms("cues", "result"))
RESULTS: Final = _gazetteer(_forms("cues", "result"))
SUM: Final = _alternatives(_forms("cues", "sum"))
FILLERS: Final = frozenset(match_key(f) for f in _forms("cues", "filler"))
TRAILING: Final = frozenset(match_key(f) for f in _forms("cues", "trailing"))
NO_TARGETS: Final = frozenset(match_key(f) for f in _forms("cues", "no_target"))
TARGET_SENTENCE: Final = _alternatives(
    (*(f for t in TARGETS if t.scope == "sentence" for f in t.forms), *_forms("cues", "no_target"))
)
TARGET_CLAUSE: Final = _alternatives(
    (*(f for t in TARGETS if t.scope == "clause" for f in t.forms), *_forms("cues", "no_target"))
)
REPORTED: Final = _alternatives(_forms("cues", "reported"))
