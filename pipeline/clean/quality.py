"""What a reader of an article should be warned of, each warning with its evidence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import pairwise
from typing import Final, Generic, NamedTuple, TypeVar

from pipeline import lexicon
from pipeline.clean.draft import Draft
from pipeline.gazetteer import Gazetteer, Hit
from pipeline.records import Page
from pipeline.vietnamese import fold, match_key, unaccented

T = TypeVar("T")


class Flag(NamedTuple):
    """A warning for `articles.quality`, and what it rests on, for a person."""

    name: str
    evidence: str


# --- marks of a rewriting machine, as the lexicon has them --------------------------------


@dataclass(frozen=True, slots=True)
class Formula:
    """A set phrase that no writer cuts with a full stop."""

    phrase: str
    examples: tuple[str, ...]
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Actor:
    """Names that software put where a party organisation's abbreviation stood."""

    kind: str
    names: tuple[str, ...]
    examples: tuple[str, ...]
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Deed:
    """What only a party organisation does."""

    phrases: tuple[str, ...]
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gloss:
    """What a provincial party organisation cannot be called."""

    names: tuple[str, ...]
    examples: tuple[str, ...]
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Misrendering:
    """How software renders a term of party work."""

    phrases: tuple[str, ...]
    means: str
    examples: tuple[str, ...]
    excluded: tuple[str, ...] = ()


_SHORT: Final = 400  # characters of body; a news brief of three sentences has more
_ENDED: Final = re.compile(r"""[.!?…:;"”’')\]*>]\s*$""")
_LAST_LEAST: Final = 8  # words of a last paragraph that is no name or signature

# A full stop with the rest of its sentence behind it: "đi vào nền nếp. và hiệu quả".
_FRAGMENT: Final = re.compile(r"(?<!\w)([^\W\d_]{2,12})\. ([^\W\d_]{2,12})(?!\w)")
_AFTER_STOP: Final = re.compile(r"\. ([^\W\d_])")
_VOWEL: Final = re.compile(r"[aeiouy]")
_FRAGMENTS_LEAST: Final = 3
_FRAGMENT_SHARE: Final = 20  # one sentence in so many
_STOP: Final = re.compile(r"[.!?…](?=\s|$)")
_STRAY_STOP: Final = re.compile(
    r"(?<![.…])\. \.(?! ?\.)(?=\s|$)"
)  # "phát triển. . Khối", not ". . ."
_SEAM: Final = re.compile(r"\.(?<=(\w)\.) (\w+)")  # begins with its full stop, to be found fast
_IN_BRACKETS: Final = re.compile(r"\(([^()\n]{2,60})\)")
_PARTY_BODY: Final = re.compile(
    r"""(?<!\w) (?:đảng\ bộ|đảng\ ủy|chi\ bộ|tỉnh\ ủy) (?!\ viên) ([^().;\n]{0,80})
        \( ([^()\n]{2,60}) \)""",
    re.VERBOSE,
)
_HEAD: Final = re.compile(r"(?:^|[\n.!?:;…“\"])\s{0,3}$")  # what stands before a clause
_DEED_WITHIN: Final = 120  # characters of a sentence after its actor
_IMPOSSIBLE: Final = frozenset(("region", "foreign"))  # never do party work; others may
_KINDS_LEAST: Final = 2
_CONTEXT: Final = 30  # characters quoted on either side of a mark


class _Rare(Generic[T]):
    """A gazetteer of few phrases that hardly any text has: to ask for each costs a tenth of it."""

    def __init__(self, phrases: Mapping[str, T]) -> None:
        self._gazetteer = Gazetteer(phrases)
        self._keys = tuple(map(match_key, phrases))

    def find(self, folded: str) -> list[Hit[T]]:
        """As a gazetteer finds them, from left to right."""
        hits: list[Hit[T]] = []
        position = 0
        for start in sorted(self._starts(folded)):
            hit = self._gazetteer.at(folded, start) if start >= position else None
            if hit is not None and not re.match(r"\w", folded[start - 1 : start]):
                hits.append(hit)
                position = hit.end
        return hits

    def _starts(self, folded: str) -> Iterator[int]:
        for key in self._keys:
            start = folded.find(key)
            while start >= 0:
                yield start
                start = folded.find(key, start + 1)


@cache
def _actors() -> _Rare[str]:
    return _Rare({n: a.kind for a in lexicon.read("rewritten", Actor) for n in a.names})


@cache
def _deeds() -> Gazetteer[bool]:
    return Gazetteer({p: True for d in lexicon.read("rewritten", Deed) for p in d.phrases})


@cache
def _glosses() -> frozenset[str]:
    return frozenset(match_key(n) for g in lexicon.read("rewritten", Gloss) for n in g.names)


@cache
def _misrenderings() -> _Rare[str]:
    rows = lexicon.read("rewritten", Misrendering)
    return _Rare({phrase: row.means for row in rows for phrase in row.phrases})


@cache
def _formula_words() -> tuple[list[str], ...]:
    formulas = lexicon.read("rewritten", Formula)
    return tuple(re.findall(r"\w+", match_key(formula.phrase)) for formula in formulas)


@cache
def _formulas() -> re.Pattern[str]:
    """Every set phrase, whatever punctuation stands at its seams."""
    phrases = "|".join(map("[.,]? ".join, _formula_words()))
    return re.compile(rf"(?<!\w)(?:{phrases})(?!\w)")


@cache
def _seams() -> frozenset[tuple[str, str]]:
    """The last letter of each word of a set phrase with the word after it, as `_SEAM` has them."""
    return frozenset((a[-1], b) for words in _formula_words() for a, b in pairwise(words))


# --- the warnings -------------------------------------------------------------------------


def flags(
    page: Page, draft: Draft, published: datetime | None, province: str | None
) -> tuple[Flag, ...]:
    """The warnings for an article, in a fixed order; none for a missing outlet or author."""
    return tuple(_flags(page, draft, published, province))


def _flags(
    page: Page, draft: Draft, published: datetime | None, province: str | None
) -> Iterator[Flag]:
    if draft.first("title") is None:
        yield Flag("missing_title", "no line of the page is a headline")
    if published is None:
        yield Flag("missing_date", "no date of the page can be trusted")
    if province is None:
        yield Flag("missing_province", "neither the newspaper nor the text tells the province")
    body = [p.text for p in draft.pieces if p.kept and p.role != "title"]
    if (length := sum(map(len, body))) < _SHORT:
        yield Flag("short_text", f"{length} characters")
    if cut := _cut_off(draft):
        yield Flag("truncated", f'ends with "{cut}"')
    if mended := [repair for repair in page.repairs if "encoded" in repair]:
        yield Flag("mojibake_repaired", ", ".join(mended))
    if marks := rewritten("\n".join(body)):
        yield Flag("machine_rewritten", "; ".join(marks))


def _cut_off(draft: Draft) -> str | None:
    """The end of a text that stops within a sentence because the capture stops there."""
    last = draft.pieces[-1] if draft.pieces else None
    if last is None or last.role != "paragraph" or not last.kept or _ENDED.search(last.text):
        return None
    words = last.text.split()
    return " ".join(words[-6:]) if len(words) >= _LAST_LEAST else None


def rewritten(text: str) -> tuple[str, ...]:
    """What shows that software rewrote a text, one line for each kind; empty below two kinds.

    >>> slips = "Chi bộ họp đều. . Tổ học tập tư tưởng, đạo đức, phong cách Hồ Chí Minh."
    >>> rewritten(slips)
    ()
    >>> for mark in rewritten(slips.replace("tưởng,", "tưởng.")):
    ...     print(mark)
    stray full stop: "Chi bộ họp đều. . Tổ học tập tư tưởng. đạo đức,"
    set phrase cut: "tư tưởng. đạo đức, phong cách Hồ Chí Minh"
    """
    folded = fold(text)
    marks = {
        "broken sentences": broken_sentences(text),
        "stray full stop": stray_stops(text),
        "set phrase cut": cut_formulas(text, folded),
        "acts like a party organisation": [],
        "glossed as what it cannot be": impossible_glosses(text, folded),
        "terms rendered by software": misrenderings(text, folded),
    }
    if any(marks.values()):  # one kind is none: what takes longest is only asked as a second
        marks["acts like a party organisation"] = misplaced_actors(text, folded)
    shown = [(name, quotes) for name, quotes in marks.items() if quotes]
    if len(shown) < _KINDS_LEAST:
        return ()
    return tuple(f"{name}: " + ", ".join(f'"{q}"' for q in quotes[:3]) for name, quotes in shown)


def broken_sentences(text: str) -> list[str]:
    """Where sentences go on in lower case behind a full stop, if that is no mere slip.

    >>> broken_sentences("Đi vào nền nếp. và hiệu quả. Thành ủy tp. Vinh họp, v.v.")
    []
    """
    after = _AFTER_STOP.findall(text)
    if len(after) - sum(map(str.isupper, after)) < _FRAGMENTS_LEAST:
        return []
    found = [
        m[0]
        for m in _FRAGMENT.finditer(text)
        if m[0].islower() and all(_VOWEL.search(unaccented(word)) for word in m.groups())
    ]
    sentences = len(_STOP.findall(text))
    enough = len(found) >= _FRAGMENTS_LEAST and len(found) * _FRAGMENT_SHARE >= sentences
    return found if enough else []


def stray_stops(text: str) -> list[str]:
    """Full stops that end nothing, each with what stands around it."""
    if ". ." not in text:
        return []
    return [_quoted(text, stop) for stop in _STRAY_STOP.finditer(text)]


def cut_formulas(text: str, folded: str) -> list[str]:
    """Set phrases with a full stop in them."""
    if _seams().isdisjoint(_SEAM.findall(folded)):
        return []
    found = _formulas().finditer(folded)
    return [text[slice(*m.span())] for m in found if "." in m[0]]


def misplaced_actors(text: str, folded: str) -> list[str]:
    """Regions, or bodies of two kinds, that do what only a party organisation does."""
    found: dict[str, str] = {}
    for start, end, kind in _actors().find(folded):
        if not _HEAD.search(folded, max(0, start - 4), start):
            continue
        clause = re.split(r"[.!?\n]", folded[end : end + _DEED_WITHIN], maxsplit=1)[0]
        if _deeds().find(clause):
            found.setdefault(kind, text[start:end])
    return list(found.values()) if _IMPOSSIBLE & found.keys() or len(found) >= _KINDS_LEAST else []


def impossible_glosses(text: str, folded: str) -> list[str]:
    """Names in brackets behind a party organisation that it can neither go by nor belong to."""
    if not any(
        match_key(inside) in _glosses() or _actors().find(inside)
        for inside in _IN_BRACKETS.findall(folded)
    ):
        return []
    return [
        text[slice(*m.span())]
        for m in _PARTY_BODY.finditer(folded)
        if (match_key(m[2]) in _glosses() and m[1].endswith(("tỉnh ", "khối ")))
        or any(kind in _IMPOSSIBLE for _, _, kind in _actors().find(m[2]))
    ]


def misrenderings(text: str, folded: str) -> list[str]:
    """Terms of party work as translating there and back, or a wrong expansion, leaves them."""
    return [text[start:end] for start, end, _ in _misrenderings().find(folded)]


def _quoted(text: str, match: re.Match[str]) -> str:
    """A match with some of the text around it, on one line."""
    around = text[max(0, match.start() - _CONTEXT) : match.end() + _CONTEXT]
    return " ".join(around.split())
