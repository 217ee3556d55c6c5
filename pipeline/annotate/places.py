"""Territories as a name states them: `tỉnh`, `TP. Bạc Liêu`, `Phường 2`, `ấp Tân Lập 1`.

A place is read at a given offset of spelled-out text (`abbreviations.Spelled`); it ends where its
name ends. Names are the known provinces and districts, a number where the division is numbered, or
a run of capitalised syllables.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final, NamedTuple

from pipeline import lexicon
from pipeline.annotate import people
from pipeline.annotate.abbreviations import Spelled
from pipeline.clean import territories
from pipeline.gazetteer import BEGINNING, Gazetteer
from pipeline.vietnamese import match_key

LEVELS: Final = ("central", "province", "district", "commune", "base")


@dataclass(frozen=True, slots=True)
class Division:
    """A kind of territory: its name, its level, how it is written."""

    name: str
    level: str
    examples: tuple[str, ...]
    forms: tuple[str, ...] = ()  # other full spellings
    short: tuple[str, ...] = ()  # abbreviations, with or without a full stop
    numbered: bool = False
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Names:
    """Syllables that decide where a capitalised name ends; `role` says how."""

    role: str
    words: tuple[str, ...]
    examples: tuple[str, ...]
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Post:
    """Posts, after which a person's name may follow that of the unit."""

    kind: str
    phrases: tuple[str, ...]
    examples: tuple[str, ...]
    excluded: tuple[str, ...] = ()


class Place(NamedTuple):
    """A territory in a text; without a name it is the one meant (`UBND huyện`)."""

    start: int
    end: int
    division: str | None
    level: str | None
    name: str | None
    bare: bool = False  # the division is understood, not written
    several: bool = False  # `UBND xã, phường`: no one territory
    within: Place | None = None  # `xã Tân An, huyện Phú Tân`
    joined: bool = False  # the outer one is written without a comma: part of the name


# --- what is known ------------------------------------------------------------------------


@cache
def divisions() -> dict[str, Division]:
    return {d.name: d for d in lexicon.read("units", Division)}


@lru_cache(1024)
def is_city(province: str | None) -> bool:
    """Whether a province is a city run by the centre.

    >>> is_city("Hải Phòng"), is_city("Thành phố Huế"), is_city("Hậu Giang")
    (True, True, False)
    """
    if province is None or province.startswith("Thành phố "):
        return province is not None
    row = territories.find(province)
    return row is not None and row.name == province and row.kind == "thành phố"


def level(division: str, name: str | None) -> str:
    """The level of a territory; a `thành phố` run by the centre is a province's equal.

    >>> level("thành phố", "Hải Phòng"), level("thành phố", "Bạc Liêu"), level("xã", "Tân An")
    ('province', 'district', 'commune')
    """
    if division == "thành phố" and is_city(name):
        return "province"
    return divisions()[division].level


def short_name(province: str) -> str:
    """`Thành phố Hồ Chí Minh` or `tỉnh Cà Mau` without what they are.

    >>> short_name("Thành phố Cần Thơ")
    'Cần Thơ'
    """
    return re.sub(r"^(?:thành phố|tỉnh) ", "", province, flags=re.IGNORECASE)


@lru_cache(4096)
def owners(district: str) -> frozenset[str]:
    """The provinces that have or had a district of this name."""
    return _districts().get(match_key(district), frozenset())


@cache
def _districts() -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for row in territories.territories():
        if row.kind != "tỉnh" and row.name != row.province and not row.name.isdigit():
            key = match_key(row.name)
            found[key] = found.get(key, frozenset()) | {row.province}
    return found


@cache
def _known_provinces() -> Gazetteer[str]:
    rows = territories.provinces()
    named = {alias: row.name for row in rows for alias in (row.name, *row.aliases)}
    return Gazetteer({k: v for k, v in named.items() if match_key(k) not in _districts() or k == v})


@cache
def _known_districts() -> Gazetteer[str]:
    rows = territories.territories()
    return Gazetteer({row.name: row.name for row in rows if match_key(row.name) in _districts()})


@cache
def names(role: str) -> frozenset[str]:
    """The words that play this role, folded: `surname`, `post`, or one of [[names]]."""
    rows = lexicon.read("units", Names)
    found = {w for row in rows if row.role == role for w in row.words}
    if role == "post":
        found |= set(lexicon.phrases("posts", Post))
    if role == "surname":
        found = {w for row in lexicon.read("provinces", territories.Surname) for w in row.words}
    if role == "any-surname":
        found = set(lexicon.phrases("posts", people.Surname))
    return frozenset(map(match_key, found))


@cache
def words(*roles: str) -> Gazetteer[str]:
    return Gazetteer({word: word for role in roles for word in names(role)})


@cache
def _forms() -> dict[str, Division]:
    return {
        match_key(form): division
        for division in divisions().values()
        for form in (division.name, *division.forms, *division.short)
    }


@cache
def beginnings() -> frozenset[str]:
    """How the words begin that say what a territory is."""
    return frozenset(form[:BEGINNING] for form in _forms())


@cache
def _division() -> re.Pattern[str]:
    """A division word and the space before its name: `thành phố `, `TP. `, `P.`, `p`."""
    full = [f for d in divisions().values() for f in (d.name, *d.forms)]
    short = [f for d in divisions().values() for f in d.short]
    ordered = [
        [re.escape(form) for form in sorted(map(match_key, forms), key=len, reverse=True)]
        for forms in (full, short)
    ]
    return re.compile(
        rf"(?:(?P<full>{'|'.join(ordered[0])})(?!\w|[ ](?:ủy|đoàn)\b)[ ]{{0,2}}"  # huyện Phú Tân
        rf"|(?P<short>{'|'.join(ordered[1])})"
        rf"(?:\.[ ]{{0,2}}|(?=\d)|(?<=\w\w)[ ]{{1,2}}))"  # TP. Bạc Liêu, P2
    )


# --- reading ------------------------------------------------------------------------------

_TOKEN: Final = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")  # Ea H'leo
_NUMBER: Final = re.compile(r"(?:số )?(\d{1,3}[a-z]?)(?![\w/]|[.,]\d)")  # Phường 2, ấp 3A
_COUNTED: Final = re.compile(r" (\d{1,2})(?![\w/%]|[.,]\d)")  # ấp Tân Lập 1
_WORD_AFTER: Final = re.compile(r" [^\W\d_]")
_OUTER: Final = re.compile(r"[ ]\(|[ ]{1,2}|,[ ]{0,2}")  # what may stand before an outer territory
_MORE: Final = re.compile(r"(?:,| và| hoặc|/| -)[ ]{0,2}")
_RUN: Final = 8  # syllables of the longest name, with a person's after it


def at(page: Spelled, offset: int, *, person: bool = False, depth: int = 2) -> Place | None:
    """The territory whose division word begins at `offset`; `person`: a name of one may follow.

    >>> from pipeline.annotate.abbreviations import spell_out
    >>> place = at(spell_out("TP. Bạc Liêu đã họp"), 0)
    >>> place.division, place.name, place.end
    ('thành phố', 'Bạc Liêu', 12)
    """
    match = _division().match(page.folded, offset)
    if match is None:
        return None
    division = _forms()[match["full"] or match["short"]]
    named = _name(page, division, match.end(), person) if match.end() > offset else None
    if named is None and match["short"]:
        return None  # `tt`, `h` alone are no territory
    end = named[0] if named else offset + len(match["full"])
    name = named[1] if named else None
    rank = level(division.name, name)
    several = named is None and _another(page, end, division)
    place = Place(offset, end, division.name, rank, name, several=several)
    if named is None:
        return place
    return _with_outer(page, place, depth) if depth else place


def outward(place: Place | None) -> Iterator[Place]:
    """A territory and those named around it, from the smallest."""
    while place is not None:
        yield place
        place = place.within


def bare(page: Spelled, offset: int, division: str | None, *, person: bool) -> Place | None:
    """A territory named without its division: `Hậu Giang` after `Sở Y tế`, `Phú Tân` after
    `Huyện ủy`.

    `division` is what the head says; without one only a known province or district is read.
    """
    if not page.text[offset : offset + 1].isupper():
        return None
    if division in (None, "tỉnh", "thành phố"):
        province = _known_provinces().at(page.folded, offset)
        if province and (division or province.value != "Hồ Chí Minh"):
            return _bare_province(offset, province.end, province.value, division)
    if division == "tỉnh":
        return None
    if hit := _known_districts().at(page.folded, offset):
        rank = level(division, hit.value) if division else "district"
        return Place(offset, hit.end, division, rank, hit.value, bare=True)
    end = 0
    if division and not person and not is_person(page, offset):
        end = _end_of_run(page, list(capitals(page, offset)), person=False)
    if not division or not end:
        return None
    name = _titled(page, offset, end)
    return Place(offset, end, division, level(division, name), name, bare=True)


def _bare_province(start: int, end: int, province: str, division: str | None) -> Place:
    city = is_city(province)
    named = division or ("thành phố" if city else "tỉnh")
    level = "province" if named == "tỉnh" or city else "district"
    return Place(start, end, named, level, province, bare=True)


def capitals(page: Spelled, offset: int) -> Iterator[tuple[int, int]]:
    """Capitalised syllables from `offset` on, one space apart, at most as many as a name has."""
    position = offset
    for _ in range(_RUN):
        token = _TOKEN.match(page.folded, position)
        if token is None or not page.text[position].isupper():
            return
        yield token.span()
        position = token.end() + 1
        if page.folded[token.end() : position] != " ":
            return


def cut_person(page: Spelled, run: list[tuple[int, int]], least: int = 1) -> list[tuple[int, int]]:
    """`run` without the person's name it ends with: `Phú Tân | Nguyễn Văn A`.

    A surname and at least one syllable after it; `least` syllables are kept before. A run that
    begins with a surname is a person from three syllables on: `phường Trần Phú` is a ward.
    """
    syllables = [page.folded[start:end] for start, end in run]
    begins_so = bool(syllables) and syllables[0] in names("surname")
    for index in range(max(least, 2 if begins_so else 1), len(run) - 1):
        if syllables[index] in names("surname"):
            return run[:index]
    if begins_so:
        return [] if least == 0 and len(run) > 2 else run
    rare = (i for i in range(max(least, 2), len(run) - 1) if syllables[i] in names("any-surname"))
    return run[: next(rare, len(run))]


def is_person(page: Spelled, offset: int) -> bool:
    """Whether capitalised syllables at `offset` look like a person's name."""
    run = list(capitals(page, offset))
    return len(run) > 1 and not cut_person(page, run, least=0)


def shouting(page: Spelled, start: int, end: int) -> bool:
    """Whether a stretch is written in capitals throughout, so that they tell nothing."""
    return page.text[start:end].isupper() and end - start > 1


def _name(page: Spelled, division: Division, start: int, person: bool) -> tuple[int, str] | None:
    """The end of a territory's name from `start` on, and the name."""
    if number := _NUMBER.match(page.folded, start):
        return (number.end(), number[1].upper()) if division.numbered else None
    if not page.text[start : start + 1].isupper():
        return None
    known = _known_provinces() if division.level == "province" else _known_districts()
    if division.level in ("province", "district") and (hit := known.at(page.folded, start)):
        return hit.end, hit.value
    if division.name == "thành phố" and (hit := _known_provinces().at(page.folded, start)):
        return hit.end, hit.value
    end = _end_of_run(page, list(capitals(page, start)), person=person)
    if not end:
        return None
    counted = _COUNTED.match(page.folded, end) if division.level == "base" else None
    if counted and (
        _WORD_AFTER.match(page.folded, counted.end()) is None
        or ends_a_name(page, counted.end() + 1)
    ):
        end = counted.end()
    return end, _titled(page, start, end)


def _end_of_run(page: Spelled, run: list[tuple[int, int]], *, person: bool) -> int:
    """Where the name in a run of capitalised syllables ends; 0 if there is none to be sure of."""
    if person:
        run = cut_person(page, run, least=0)
    ended = (index for index, (start, _) in enumerate(run) if ends_a_name(page, start))
    run = run[: next(ended, len(run))]
    if not run or (shouting(page, run[0][0], run[-1][1]) and len(run) > 3):
        return 0
    return run[-1][1]


def ends_a_name(page: Spelled, offset: int) -> bool:
    """Whether a word that no name holds begins at `offset`: a verb, a post, `Nghị quyết`.

    A capitalised `Cần` is no verb, a `CẦN` may be one.
    """
    capitalised = page.text[offset].isupper() and page.text[offset + 1 : offset + 2].islower()
    known = words("start", "post") if capitalised else words("start", "post", "stop")
    return known.begins(page.folded, offset)


def _titled(page: Spelled, start: int, end: int) -> str:
    name = page.text[start:end]
    return name.title() if shouting(page, start, end) and len(name) > 3 else name


def _another(page: Spelled, end: int, division: Division) -> bool:
    """Whether another unnamed division follows: `xã, phường`, `huyện và thành phố`."""
    more = _MORE.match(page.folded, end)
    if more is None:
        return False
    match = _division().match(page.folded, more.end())
    if match is None or match["short"]:
        return False
    other = _forms()[match["full"]]
    return other.name != division.name and _name(page, other, match.end(), False) is None


def _with_outer(page: Spelled, place: Place, depth: int) -> Place:
    """`place` with the larger one named after it; joined without a comma it lengthens it."""
    gap = _OUTER.match(page.folded, place.end)
    outer = at(page, gap.end(), depth=depth - 1) if gap else None
    if gap is None or outer is None or outer.name is None or outer.level is None:
        return place
    if LEVELS.index(outer.level) >= LEVELS.index(place.level or "base"):
        return place
    joined = gap[0].isspace()
    return place._replace(within=outer, joined=joined, end=outer.end if joined else place.end)
