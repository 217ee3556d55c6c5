"""The `units` layer: party, state and mass organisations named in an article.

`unit_grammar` reads a name, `unit_names` completes it; this module finds where names stand, lets
the members of a list share what is said once (`HĐND, UBND tỉnh`), and drops what names no unit in
particular (`các chi bộ`, `UBND các xã`).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import cache
from operator import attrgetter
from typing import Final

from pipeline.annotate import abbreviations, places, unit_grammar, unit_names
from pipeline.annotate.abbreviations import Spelled
from pipeline.annotate.places import Place
from pipeline.annotate.reading import Reading
from pipeline.annotate.unit_grammar import Body, Kind
from pipeline.records import Abbreviation, UnitMention
from pipeline.vietnamese import slug

# What joins the members of a list: `HĐND, UBND`, `Đảng ủy - UBND`, `Hội Nông dân và Hội Phụ nữ`
_JOINT: Final = re.compile(
    r"(?:[ ]\([^()]{1,16}\))?[ ]{0,2}(?:,|/|-|&|và|cùng|hoặc)[ ]{0,2}(?:và[ ])?"
)
# Each alternative begins with its letter, which is then searched for first.
_COMMUNE: Final = re.compile(
    r"(?:x(?<!\w.)ã|p(?<!\w.)(?:hường|\.)|t(?<!\w.)hị trấn|đ(?<!\w.)ặc khu)[ ]?(?=\S)"
)
# Where a commune acts: `của xã A`, `; Phường 2 có`, `(Phường 3)`
_ACTOR_BEFORE: Final = re.compile(r"(?:\b(?:của|do|như|gồm|cùng)[ ]|[(])$")
_SUBJECT_BEFORE: Final = re.compile(r"(?:[.;:][ ]{1,2}|\n)$")
_BEFORE: Final = 12
_LONGEST_JOINT: Final = 32  # characters: more than _JOINT has room for
_START: Final = attrgetter("start")


def find(reading: Reading, declared: Iterable[Abbreviation] = ()) -> tuple[UnitMention, ...]:
    """The units named in an article, in text order, the longest of overlapping names."""
    page = abbreviations.spell_out(reading.text, declared, folded=reading.folded)
    bodies = [b for b in _shared(page, _bodies(page)) if _is_mention(page, b)]
    known = unit_names.context(reading, bodies)
    rows = (_mention(reading, page, body, known) for body in bodies)
    return tuple(row for row in rows if row is not None)


def at(mentions: Sequence[UnitMention], offset: int) -> UnitMention | None:
    """The mention that holds the character at `offset`, of mentions in text order."""
    index = bisect_right(mentions, offset, key=lambda m: m.start_char) - 1
    return mentions[index] if index >= 0 and offset < mentions[index].end_char else None


# --- where names stand --------------------------------------------------------------------


def _bodies(page: Spelled) -> list[Body]:
    """Every unit and acting commune, left to right; names that lack something are among them."""
    found: list[Body] = []
    position = 0
    while body := unit_grammar.first(page, position):
        found.append(body)
        position = body.end
    communes = _communes(page, found)
    return sorted([*found, *communes], key=_START) if communes else found


def _communes(page: Spelled, units: Sequence[Body]) -> list[Body]:
    """Communes and wards that act, or stand in brackets as whose something is."""
    found: list[Body] = []
    index, end = 0, -1  # of the unit that begins next, and where the one before it ends
    for match in _COMMUNE.finditer(page.folded):
        start = match.start()
        while index < len(units) and units[index].start <= start:
            end = units[index].end
            index += 1
        if start < end or (end >= 0 and page.text[end : min(start, end + 3)] == " ("):
            continue  # a part of a unit's name, or where that unit is
        before = page.folded[max(0, start - _BEFORE) : start]
        actor = _ACTOR_BEFORE.search(before) is not None
        if not actor and before and not _SUBJECT_BEFORE.search(before):
            continue  # as most are: no place need be read
        place = places.at(page, start)
        if place and index < len(units) and units[index].start < place.end:
            continue  # what looks like its name begins a unit
        if place and place.name and place.level == "commune" and (actor or _acts(page, place)):
            found.append(Body(_commune(place.division), start, place.end, head="", place=place))
    return found


def _acts(page: Spelled, place: Place) -> bool:
    """Whether a commune that begins a clause is its subject."""
    end = max(outer.end for outer in places.outward(place))
    after = page.text[end : end + 3].lstrip(" ")[:1]
    return after.islower() or after == ":"


@cache
def _commune(division: str | None) -> Kind:
    """A commune as a unit: its type is its division's name, and all its name is its place."""
    return Kind(slug(division or "").replace("-", "_"), "", (), (), ("place",), level="commune")


# --- lists --------------------------------------------------------------------------------


def _shared(page: Spelled, bodies: Sequence[Body]) -> list[Body]:
    """`bodies` with what a list says once given to each of its members, nearest last one first.

    `HĐND, UBND tỉnh` are two of the province, `Ban Thường vụ, Thường trực Tỉnh ủy` two of the
    committee; after `các Huyện ủy, Thành ủy` neither is one in particular.
    """
    found = list(bodies)
    for i in range(len(found) - 2, -1, -1):
        if _listed(page, found[i], found[i + 1]):
            found[i] = _with_rest(found[i], found[i + 1])
    for i, body in enumerate(found):
        after_plural = i and found[i - 1].generic and _listed(page, found[i - 1], body)
        if not body.named and (after_plural or _plural(page, body.start)):
            found[i] = body._replace(generic=True)
    return found


def _listed(page: Spelled, body: Body, other: Body) -> bool:
    near = other.start - body.end <= _LONGEST_JOINT
    return near and _JOINT.fullmatch(page.folded, body.end, other.start) is not None


def _plural(page: Spelled, start: int) -> bool:
    before = page.folded[max(0, start - _BEFORE) : start]
    counted = before.endswith(" ") and before.rstrip()[-1:].isdigit()
    return counted or unit_grammar.follows(page, places.names("many"), start)


def _with_rest(body: Body, other: Body) -> Body:
    """`body` completed by what the next member of its list has and it lacks."""
    if body.unit is not None:
        unit = _with_rest(body.unit, other)
        return body if unit is body.unit else body._replace(unit=unit, generic=unit.generic)
    if body.own_is in ("number", "name") or body.place is not None or body.level == "central":
        return body
    if other.generic and body.empty:
        return body._replace(generic=True)
    takes = unit_grammar.slots(body.kind)
    alike = body.kind.takes == other.kind.takes or body.kind.takes == ("unit",)
    if not body.complete and other.unit is not None and other.complete and alike:
        return body._replace(unit=other.unit, complete=True)
    place = other.territory
    fits = body.kind.level is None or (place is not None and body.kind.level == place.level)
    wanted = [slot for slot, required in takes if body.complete or required]
    if place and fits and body.kind.division is None and any("place" in slot for slot in wanted):
        return body._replace(place=place, complete=True)
    return body


# --- rows ---------------------------------------------------------------------------------


def _is_mention(page: Spelled, body: Body) -> bool:
    """Whether a body is one unit, and written as a name."""
    if not body.complete or body.generic or (body.block and body.place is None):
        return False
    empty = body.empty
    if empty and body.kind.takes and not body.kind.alone:
        return False  # only a head
    lone = empty or (" " not in body.head and body.own_is != "sector")
    if lone and body.head:
        return body.head[0].isupper()
    written = page.text[body.start : body.end] if body.named else body.head
    return any(c.isupper() or c.isdigit() for c in written)


def _mention(
    reading: Reading, page: Spelled, body: Body, known: unit_names.Context
) -> UnitMention | None:
    start, end = page.source(body.start), page.source(body.end)
    if start is None or end is None:  # part of a short form only: the Quốc hội of ĐBQH
        return None
    said = unit_names.said(unit_names.completed(body, known), known)
    return UnitMention(
        reading.article_id,
        reading.sentence_at(start).sentence_id,
        reading.text[start:end],
        start,
        end,
        said.name,
        said.unit_id,
        body.kind.id,
        said.level,
        said.territory,
        said.parent,
        "units/commune" if not body.head else "units/grammar",
    )
