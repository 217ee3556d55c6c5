"""Officials (cán bộ lãnh đạo): people whom an article names with a post.

A person is an official of an article if a post stands right after the name ("ông A, Phó Bí thư
X"; "A - Bí thư X") or right before it ("Bí thư Tỉnh ủy A"). Later bare mentions ("ông Khôi",
"Tống Hoàng Khôi") inherit the post, unless two people could be meant.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final, NamedTuple

from pipeline import lexicon
from pipeline.annotate import offices, people, places
from pipeline.annotate.offices import Office, Offices
from pipeline.annotate.people import Name, People
from pipeline.annotate.reading import Reading
from pipeline.records import OfficialMention, UnitMention
from pipeline.vietnamese import match_key, slug

# Between names that share the post before them: "các Phó Chủ tịch UBND tỉnh A, B và C".
_SHARED: Final = re.compile(r"\s*(?:,|;|,?\s+và)\s*")
_SEVERAL: Final = re.compile(r"\b(?:các|những|hai|ba|\d)\s+(?:đồng\s+chí\s+|đ/c\s+)?\Z")
_BRACKET: Final = re.compile(r"\s?\(")  # ông Tư Đê (Lê Văn Đê)


@dataclass(frozen=True, slots=True)
class Nickname:
    """Orders of birth, by which people are called in the South."""

    phrases: tuple[str, ...]
    examples: tuple[str, ...]


class _Sighting(NamedTuple):
    name: Name
    full_name: str  # as written, of the bracket after it if that holds one
    office: Office | None
    rule: str


def find(
    reading: Reading, units: tuple[UnitMention, ...], named: People | None = None
) -> tuple[OfficialMention, ...]:
    """The mentions of officials, in the order of the text.

    `named` are the people of the article, if they are known (see `people.find`).
    """
    named = people.find(reading, units) if named is None else named
    if not any(hit.value.kind == "post" for hit in named.titles):
        return ()
    held = Offices(reading, units, named)
    sightings = list(_sightings(reading, held, named.names))
    known = _Register(reading, sightings)
    return tuple(row for s in sightings if (row := known.mention(s)) is not None)


def _sightings(reading: Reading, held: Offices, names: Sequence[Name]) -> Iterator[_Sighting]:
    """Every name with the office that stands beside it, if one does."""
    taken: set[int] = set()  # starts of the posts that are somebody's
    shared: Office | None = None  # that of several people, the last of them just before
    end = 0
    begins = {name.begin: name for name in names}
    for name in names:
        after, before = held.after(name), held.before(name)
        if not name.honorific and not held.ends_before(name):
            thing = _thing_before(reading, name.start)
            after = None if thing else after
            before = None if thing and not _is_of_place(thing, name) else before
        if before and before.start in taken:
            before = None
        if after and after.start in taken:
            after = None
        if shared and not (before or after) and _SHARED.fullmatch(reading.folded, end, name.begin):
            before = shared
        else:
            several = before and _SEVERAL.search(
                reading.folded, max(0, before.start - 20), before.start
            )
            shared = before if several else None
        taken |= {office.start for office in (before, after) if office}
        end = name.end
        full_name = _written(reading, _in_bracket(reading, name, begins) or name)
        if before and after:
            yield _Sighting(name, full_name, offices.joined(before, after), "officials/post-name")
        elif after:
            yield _Sighting(name, full_name, after, "officials/name-post")
        else:
            rule = "officials/post-name" if before else "officials/bare"
            yield _Sighting(name, full_name, before, rule)


def _thing_before(reading: Reading, start: int) -> str | None:
    """What the words before a name say that it is the name of: "đường", "quỹ", "thôn"."""
    words = reading.folded[max(0, start - 24) : start].split()
    sizes = (" ".join(words[-size:]) for size in (1, 2, 3))
    return next((thing for thing in sizes if thing in people.things()), None)


def _is_of_place(thing: str, name: Name) -> bool:
    """Whether a person may follow: "Bí thư Chi bộ thôn | Lê Văn An", but "thôn Lê Lợi"."""
    return thing in places.divisions() and name.is_known and name.syllables > 2


def _in_bracket(reading: Reading, name: Name, begins: dict[int, Name]) -> Name | None:
    bracket = _BRACKET.match(reading.folded, name.end)
    inner = begins.get(bracket.end()) if bracket else None
    fits = inner and inner.is_known and reading.folded[inner.end : inner.end + 1] == ")"
    return inner if fits else None


def _written(reading: Reading, name: Name) -> str:
    return " ".join(reading.text[name.start : name.end].split())


class _Register:
    """The people of one article by name, to tell who a later mention is."""

    def __init__(self, reading: Reading, sightings: list[_Sighting]) -> None:
        self._reading = reading
        self._offices: dict[str, tuple[str, Office]] = {}
        self._genders: dict[str, set[str]] = defaultdict(set)
        self._called: dict[str, set[str]] = defaultdict(set)
        for sighting in sightings:
            name, key = sighting.name, _key(sighting.full_name)
            if sighting.office is not None:
                known = (_titled(sighting.full_name), sighting.office)
                self._offices.setdefault(key, known)
                self._offices.setdefault(_key(_written(reading, name)), known)
            if name.gender:
                self._genders[key].add(name.gender)
            syllables = key.split()
            full = name.honorific and len(syllables) > 1 and syllables[0] not in _orders()
            if sighting.office is not None or full:
                for size in range(1, len(syllables)):
                    self._called[" ".join(syllables[-size:])].add(key)

    def mention(self, sighting: _Sighting) -> OfficialMention | None:
        """The mention of an official; None for people without a post or of unsure identity."""
        found = self._office_of(sighting)
        if found is None:
            return None
        full_name, office, rule = found
        name, reading = sighting.name, self._reading
        person = _slug(full_name) if office.unit_id else ""
        return OfficialMention(
            reading.article_id,
            reading.sentence_at(name.start).sentence_id,
            reading.text[name.begin : name.end],
            name.begin,
            name.end,
            full_name,
            name.honorific,
            office.role,
            office.organisation,
            f"{person}@{office.unit_id}" if person else None,
            rule,
        )

    def _office_of(self, sighting: _Sighting) -> tuple[str, Office, str] | None:
        """Full name, office and rule of whom a sighting is."""
        name, own = sighting.name, sighting.office
        if own is not None and name.syllables > 1:
            return _titled(sighting.full_name), own, sighting.rule
        key = _key(_written(self._reading, name))
        if name.syllables > 1 and key in self._offices:
            full_name, office = self._offices[key]
            return full_name, office, "officials/same-name"
        if name.honorific and not (name.is_known and name.syllables > 2):
            meant = self._meant(key, name.gender)
            if len(meant) == 1 and meant[0] in self._offices:
                full_name, office = self._offices[meant[0]]
                return full_name, own or office, "officials/given-name"
        if own is None:
            return None
        return _titled(sighting.full_name), own, sighting.rule

    def _meant(self, key: str, gender: str | None) -> list[str]:
        """The people whom a given name, or an order of birth before it, may mean."""
        first, _, rest = key.partition(" ")
        called = self._called.get(key) or (self._called.get(rest) if first in _orders() else None)
        other = {"male": "female", "female": "male"}.get(gender or "")
        return sorted(k for k in called or () if self._genders[k] != {other})


def _titled(name: str) -> str:
    """A name in capitals as names are written.

    >>> _titled("TRẦN THỊ BÌNH")
    'Trần Thị Bình'
    """
    return " ".join(s.capitalize() for s in name.split()) if name.isupper() else name


# The same few people are named again and again, in an article and across articles.
@lru_cache(4096)
def _key(name: str) -> str:
    return match_key(name)


@lru_cache(4096)
def _slug(name: str) -> str:
    return slug(name)


@cache
def _orders() -> frozenset[str]:
    return frozenset(map(match_key, lexicon.phrases("posts", Nickname)))
