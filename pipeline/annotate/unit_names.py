"""A unit's completed name, and what follows from it: identifier, level, territory, parent.

`Đảng ủy Khối` is completed from the fuller mentions of the article, `Tỉnh ủy` from the article's
province. Where two answers fit, the name stays as written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final, NamedTuple

from pipeline.annotate import places
from pipeline.annotate.places import Place
from pipeline.annotate.reading import Reading
from pipeline.annotate.unit_grammar import Body
from pipeline.vietnamese import match_key, slug

_HUE_A_CITY: Final = date(2025, 1, 1)
_NEW_MAP: Final = date(2025, 7, 1)  # from this day on there are 34 provinces and no districts


@dataclass(frozen=True, slots=True)
class Context:
    """What an article says about the territories and blocks that its short names leave out."""

    province: str | None
    city: bool  # the province is a city run by the centre
    named: Mapping[str, str]  # division -> the one name the article gives it
    block: Body | None  # the one block named in full


def context(reading: Reading, bodies: Iterable[Body]) -> Context:
    """What completes the elliptical names among `bodies`."""
    province = reading.province
    if reading.published_on and reading.published_on >= _NEW_MAP:
        province = reading.province_2025 or province
    elif reading.published_on and reading.published_on >= _HUE_A_CITY:
        province = {"Thừa Thiên Huế": "Thành phố Huế"}.get(province or "", province)
    nodes = [node for body in bodies for node in _nodes(body)]
    seen: dict[str, set[str]] = {}
    for node in nodes:
        for place in places.outward(node.place):
            if place.division and place.name:
                seen.setdefault(place.division, set()).add(place.name)
    blocks = {match_key(n.own): n for n in nodes if n.block and n.own}
    return Context(
        province=places.short_name(province) if province else None,
        city=places.is_city(province),
        named={division: min(found) for division, found in seen.items() if len(found) == 1},
        block=next(iter(blocks.values())) if len(blocks) == 1 else None,
    )


def _nodes(body: Body) -> Iterator[Body]:
    node: Body | None = body
    while node is not None:
        yield node
        node = node.unit


# --- completing ---------------------------------------------------------------------------


def completed(body: Body, known: Context) -> Body:
    """`body` with the territories and the block it leaves out, where only one answer fits."""
    unit = completed(body.unit, known) if body.unit else None
    if unit is not body.unit:
        body = body._replace(unit=unit)
    if body.block and not body.own and known.block:
        place = body.place or known.block.place
        body = body._replace(own=known.block.own, own_is="sector", place=place)
    division = body.place.division if body.place else _understood(body, known)
    if division is None:
        return body
    place = body.place or Place(body.end, body.end, division, None, None)
    name = place.name or _name_of(division, known)
    level = _level_of(division, name, known)
    if (body.place is None and name is None) or (place.name, place.level) == (name, level):
        return body
    return body._replace(place=place._replace(name=name, level=level))


def _understood(body: Body, known: Context) -> str | None:
    """The division whose unit a head is without saying its name: a `Sở` is its province's."""
    if body.kind.division:
        return body.kind.division
    if body.kind.level == "province" and body.own_is != "name":
        return "thành phố" if known.city else "tỉnh"
    return None


def _name_of(division: str, known: Context) -> str | None:
    """The one territory of this division that the article can mean."""
    if known.province and division == ("thành phố" if known.city else "tỉnh"):
        return known.province
    return known.named.get(division)


def _level_of(division: str, name: str | None, known: Context) -> str:
    if division == "thành phố" and known.city and name == known.province:
        return "province"
    return places.level(division, name)


# --- what a completed body says -----------------------------------------------------------


class Said(NamedTuple):
    """What the completed name of a unit says."""

    name: str
    unit_id: str | None
    level: str | None
    territory: str | None
    parent: str | None  # the name of the body that this one is a part of


class _Written(NamedTuple):
    """A name in full, and with the divisions that it leaves out as well; spaces are as they come.

    Both are made in one go, for a unit's name is wanted in either way.
    """

    name: str
    with_divisions: str


def said(body: Body, known: Context) -> Said:
    """All that a body says; `body` is completed."""
    outer = _written(body.unit) if body.unit is not None else None
    own = _joined(body, outer)
    rank = level(body, known)
    return Said(
        name=_spaced(own.name),
        unit_id=_unit_id(body, own, rank, known),
        level=rank,
        territory=_stated(body.territory),
        parent=_spaced(outer.name) if outer and body.unit and not body.unit.block else None,
    )


def name(body: Body) -> str:
    """The name in full, in one way of writing.

    >>> from pipeline.annotate.abbreviations import spell_out
    >>> from pipeline.annotate.unit_grammar import parse
    >>> name(parse(spell_out("BTV THÀNH ỦY TP. BẠC LIÊU"), 0))
    'Ban Thường vụ Thành ủy Bạc Liêu'
    """
    return _spaced(_written(body).name)


def _written(body: Body) -> _Written:
    return _joined(body, _written(body.unit) if body.unit is not None else None)


def _joined(body: Body, unit: _Written | None) -> _Written:
    """The name of a body with that of the unit it is a part of."""
    kind, place = body.kind, body.place
    short = f"{kind.name or body.head[:1].upper() + body.head[1:]} {body.own}"
    full = f"{short} {unit.with_divisions}" if unit else short
    short = f"{short} {unit.name}" if unit else short
    if place is None:
        return _Written(short, full)
    unsaid = kind.division is not None
    understood = place.bare and (body.own_is == "name" or not kind.name)
    return _Written(
        f"{short} {_territory(place, bare=place.bare or unsaid)}",
        f"{full} {_territory(place, bare=understood or unsaid)}",
    )


def _spaced(text: str) -> str:
    return " ".join(text.split())


def _territory(place: Place, *, bare: bool = False) -> str:
    written = place.name or "" if bare else f"{place.division or ''} {place.name or ''}"
    if place.joined and place.within:
        return f"{written} {_territory(place.within)}"
    return written


def _stated(place: Place | None) -> str | None:
    """The territory of the unit or of the one it is a part of: `huyện Phú Tân`."""
    return _spaced(_territory(place)) if place and place.name else None


def level(body: Body, known: Context) -> str | None:
    """central, province, district, commune or base; None where the name does not say."""
    if body.kind.level:
        return body.kind.level
    place = body.territory
    if place is not None:
        return place.level
    levels = (node.level or node.kind.level for node in _nodes(body))
    stated = next((found for found in levels if found), None)
    if stated or body.kind.division is None:
        return stated
    unsure = body.kind.division == "thành phố" and known.province is None
    return None if unsure else places.level(body.kind.division, None)


def _unit_id(body: Body, written: _Written, rank: str | None, known: Context) -> str | None:
    """The slug of the name and the province; None unless both are known (or the unit is central).

    A province named alone counts as `tỉnh` or `thành phố`, so that `Sở Y tế Cà Mau` and
    `Sở Y tế tỉnh Cà Mau` are one unit.
    """
    leaf = body
    while leaf.unit is not None:
        leaf = leaf.unit
    full = _slug(written.with_divisions)
    if rank == "central" or leaf.kind.level == "central":
        return full
    if not _identified(leaf):
        return None
    province = _province(body.territory, known)
    if province is None:
        return None
    return full if _slug(province) in full else f"{full}-{_slug(province)}"


@lru_cache(4096)
def _slug(text: str) -> str:
    return slug(text)


def _identified(leaf: Body) -> bool:
    if leaf.place is not None:
        return leaf.place.name is not None
    return leaf.own_is == "name" or not leaf.kind.takes


def _province(place: Place | None, known: Context) -> str | None:
    """The province a unit lies in: its own, the one stated beside it, or its district's."""
    district: str | None = None
    while place is not None:
        if place.name and place.level == "province":
            return place.name
        if place.name and place.level == "district":
            district = district or place.name
        place = place.within
    those = places.owners(district) if district else frozenset[str]()
    if not those or known.province in those:
        return known.province
    return min(those) if len(those) == 1 else None
