"""The map of 63 provinces and of 34, and where a text names them.

A name tells of a province only where it can be nothing else: not as a person, a street, a commune,
a list of provinces, a place told about from outside, or a district that several provinces have.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal, NamedTuple

from pipeline import lexicon
from pipeline.gazetteer import Gazetteer
from pipeline.vietnamese import fold, match_key

# --- what is known ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Province:
    """One of the 63; districts carry their kind: "huyện Bàu Bàng"."""

    name: str
    kind: Literal["tỉnh", "thành phố"]
    province_2025: str
    region: str
    districts: tuple[str, ...]
    examples: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    national: bool = False
    typed: bool = False
    former: tuple[str, ...] = ()
    unrelated: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Context:
    """Words right before a name that take its weight."""

    kind: Literal["person", "part", "elsewhere", "at"]
    words: tuple[str, ...]
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Surname:
    """Family names."""

    words: tuple[str, ...]
    examples: tuple[str, ...]


class Territory(NamedTuple):
    """A province or a district of the map of 63."""

    name: str
    kind: str  # tỉnh, thành phố, thị xã, quận, huyện
    province: str
    province_2025: str


@cache
def provinces() -> tuple[Province, ...]:
    """The 63 provinces and centrally run cities."""
    return lexicon.read("provinces", Province)


@cache
def find(name: str) -> Province | None:
    """The province of the 63 that goes by this name, with or without its kind before it."""
    key = match_key(name).removeprefix("tỉnh ").removeprefix("thành phố ")
    named = (p for p in provinces() if key in map(match_key, (p.name, *p.aliases)))
    return next(named, None)


@cache
def territories() -> tuple[Territory, ...]:
    """Provinces, then their districts, those merged away since 2016 among them.

    >>> [t for t in territories() if t.name == "Ngã Bảy"]  # doctest: +NORMALIZE_WHITESPACE
    [Territory(name='Ngã Bảy', kind='thành phố', province='Hậu Giang',
               province_2025='Thành phố Cần Thơ')]
    """
    tops = [Territory(p.name, p.kind, p.name, p.province_2025) for p in provinces()]
    parts = [
        Territory(m["name"], m["kind"], p.name, p.province_2025)
        for p in provinces()
        for district in (*p.districts, *p.former)
        if (m := _DISTRICT.fullmatch(district))
    ]
    return (*tops, *parts)


_DISTRICT: Final = re.compile(r"(?P<kind>thành phố|thị xã|quận|huyện) (?P<name>.+)")


# --- provinces named in a text ------------------------------------------------------------

# What stands right before a name: the kind of territory, perhaps as that of a committee.
_KIND: Final = re.compile(
    r"""(?<!\w) (?P<kind> tỉnh | thành | tp | thị | tx | huyện | h(?=\.) | quận | q(?=\.) )
        (?: \ (?:ủy|phố|xã) | \. )? \ ?$           # tỉnh ủy, thành phố, thị xã, tp.
    """,
    re.VERBOSE,
)
_KINDS: Final = {
    "thành": "thành phố", "tp": "thành phố", "thị": "thị xã", "tx": "thị xã", "h": "huyện",
    "q": "quận",
}  # fmt: skip
_BODY: Final = re.compile(
    r"""(?<!\w) (?: (?:tỉnh|thành|thị|huyện|quận)\ ủy | ubnd | hđnd | đảng\ bộ | ủy\ ban\ nhân\ dân
                   | hội\ đồng\ nhân\ dân )
        (?: \ (?:tỉnh|thành\ phố|thị\ xã|huyện|quận|tp\.?|tx\.?) )? \ ?$
    """,
    re.VERBOSE,
)
_BEFORE_MAX: Final = 40  # characters looked at before a name
_CAPITALISED: Final = re.compile(r"(?:[^\W\d_]+ ){1,4}$")
_LIST_GAP: Final = re.compile(r"[ ,;-]{1,3}(?:và |tỉnh |thành phố |tp\.? ?){0,2}")
_LIST_GAP_MAX: Final = 20
BODY_POINTS, KIND_POINTS, BARE_POINTS, FAINT_POINTS = 6, 4, 2, 1


class _Name(NamedTuple):
    """What a name may stand for: a province, districts, or neither (Thái Bình Dương)."""

    province: Province | None
    districts: tuple[Territory, ...]
    typed: bool = False


class Mention(NamedTuple):
    """A name that tells of a province, with the kind before it, and its weight in points."""

    start: int
    end: int
    surface: str
    province: str
    points: int


@cache
def _names() -> Gazetteer[_Name]:
    districts: dict[str, list[Territory]] = {}
    for territory in territories()[len(provinces()) :]:
        if not territory.name.isdecimal():
            districts.setdefault(match_key(territory.name), []).append(territory)
    names = {key: _Name(None, tuple(owners)) for key, owners in districts.items()}
    for province in provinces():
        key = match_key(province.name)
        names[key] = _Name(province, tuple(districts.get(key, ())), province.typed)
        names.update((match_key(alias), _Name(province, ())) for alias in province.aliases)
        for other in map(match_key, province.unrelated):
            names[other] = _Name(None, tuple(districts.get(other, ())), typed=True)
    return Gazetteer(names)


@cache
def _context(*kinds: str) -> re.Pattern[str]:
    rows = (c for c in lexicon.read("provinces", Context) if c.kind in kinds)
    words = sorted({match_key(w) for c in rows for w in c.words}, key=lambda w: (-len(w), w))
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, words)) + r") ?$")


@cache
def _surnames() -> frozenset[str]:
    return frozenset(match_key(w) for s in lexicon.read("provinces", Surname) for w in s.words)


def mentions(text: str) -> list[Mention]:
    """Where a text names provinces and districts that tell where it is from, left to right.

    >>> [(m.surface, m.province) for m in mentions("Thành ủy TP. Vị Thanh khen VNPT Hậu Giang.")]
    [('TP. Vị Thanh', 'Hậu Giang'), ('Hậu Giang', 'Hậu Giang')]
    >>> mentions("Ông Lê Thái Bình quê Hà Nam, sống ở huyện Châu Thành, vùng Đồng Tháp Mười.")
    []
    """
    folded = fold(text)
    found: list[Mention] = []
    for start, end, name in _names().find(folded):
        at = max(0, start - _BEFORE_MAX)
        before = folded[at:start]
        kind = _KIND.search(before)
        if not text[start:end].split()[-1][0].isupper() or _says_nothing(before, kind):
            continue  # "nền hòa bình"; "xã Bình Phước", "quê Hà Nam"
        if kind is None and _is_person(text[at:start]):
            continue
        province = _owner(name, _KINDS.get(kind["kind"], kind["kind"]) if kind else None)
        if province is not None:
            begin = at + kind.start() if kind else start
            surface = " ".join(text[begin:end].split())
            points = _points(name, before, kind)
            found.append(Mention(begin, end, surface, province, points))
    return _without_lists(folded, found)


def _says_nothing(before: str, kind: re.Match[str] | None) -> bool:
    """Whether what stands before a name makes it a person, a street, or a place elsewhere."""
    elsewhere = _context("elsewhere")
    if kind is None:
        return bool(elsewhere.search(before) or _context("person", "part").search(before))
    return bool(elsewhere.search(before) or elsewhere.search(before, 0, kind.start()))


def _is_person(written: str) -> bool:
    """Whether the words right before, written with capitals, begin a person's name: Lê Thái ..."""
    words = _CAPITALISED.search(written)
    if words is None:
        return False
    for word in reversed(words[0].split()):
        if not word[0].isupper():
            return False
        if match_key(word) in _surnames():
            return True
    return False


def _owner(name: _Name, kind: str | None) -> str | None:
    """The one province that a name after this kind of territory can speak for."""
    alike = {t.province for t in name.districts if t.kind == kind}
    anyone = {t.province for t in name.districts}
    if kind in ("huyện", "quận", "thị xã"):
        # A district may have been promoted since; a province's name says which it is.
        owners = alike if name.province or alike else anyone
    elif name.province is not None:
        owners = {name.province.name} if kind or not name.typed else set()
    elif kind == "thành phố":
        owners = alike or anyone
    else:
        cities = {t.province for t in name.districts if t.kind == "thành phố" and " " in t.name}
        bare = kind is None and not name.typed and cities == anyone
        owners = anyone if bare else set()
    return owners.pop() if len(owners) == 1 else None


def _points(name: _Name, before: str, kind: re.Match[str] | None) -> int:
    """A body of the place says most; "tại Cần Thơ" may be a visit, Hà Nội stands everywhere."""
    if _BODY.search(before):
        return BODY_POINTS
    visited = _context("at").search(before, 0, kind.start() if kind else len(before))
    if name.province is not None and (visited or name.province.national):
        return FAINT_POINTS
    return KIND_POINTS if kind else BARE_POINTS


def _without_lists(folded: str, found: list[Mention]) -> list[Mention]:
    """Leave out runs of three or more provinces: "Bắc Kạn, Cao Bằng và Hà Giang"."""
    runs: list[list[Mention]] = []
    for mention in found:
        last = runs[-1][-1] if runs else None
        if (
            last is not None
            and mention.start - last.end <= _LIST_GAP_MAX
            and _LIST_GAP.fullmatch(folded, last.end, mention.start)
        ):
            runs[-1].append(mention)
        else:
            runs.append([mention])
    return [m for run in runs if len({m.province for m in run}) < 3 for m in run]
