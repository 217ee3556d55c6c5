"""How a unit's name is built: a head and what follows it, read at one offset of a text.

`Ban Thường vụ` takes a unit, `Sở` a sector, `UBND` a place: each kind in `lexicon/units.toml` says
so in `takes`. What is read is a tree (`Body`), which `unit_names` completes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Final, Literal, NamedTuple, TypedDict

from pipeline import lexicon
from pipeline.annotate import places
from pipeline.annotate.abbreviations import Spelled
from pipeline.annotate.places import Place
from pipeline.gazetteer import BEGINNING, Gazetteer, Hit
from pipeline.vietnamese import match_key

Own = Literal["", "sector", "number", "name"]


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """A kind of unit: how it is called and what completes its name."""

    id: str
    name: str  # "" where each form is a name of its own (VNPT)
    forms: tuple[str, ...]
    examples: tuple[str, ...]
    takes: tuple[str, ...] = ()  # slots in order; alternatives by |, optional ones end in ?
    level: str | None = None
    division: str | None = None  # that the head says itself: huyện, in Huyện ủy
    alone: bool = False  # a mention without anything after it, too
    not_after: tuple[str, ...] = ()  # words before it that make it something else
    not_before: tuple[str, ...] = ()  # words after it that do
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sector:
    """What a department, a ministry or a block is for; parts may be joined in any way."""

    name: str
    kinds: tuple[str, ...]
    examples: tuple[str, ...]
    forms: tuple[str, ...] = ()
    level: str | None = None
    excluded: tuple[str, ...] = ()


class Body(NamedTuple):
    """A unit as the text names it: the head, and what stands after it."""

    kind: Kind
    start: int
    end: int
    head: str  # as written
    own: str = ""  # its sector, number or proper name
    own_is: Own = ""
    unit: Body | None = None
    place: Place | None = None
    level: str | None = None  # that its sector says
    complete: bool = True  # every slot that must be filled is
    generic: bool = False  # `UBND các xã`: no unit in particular

    @property
    def block(self) -> bool:
        """A block of units (`Khối các cơ quan tỉnh`): a body of its own only where it is placed."""
        return self.kind.id == "khoi"

    @property
    def territory(self) -> Place | None:
        """The place of this unit, or of the one it is a part of."""
        return self.place or (self.unit.territory if self.unit else None)

    @property
    def empty(self) -> bool:
        """Only a head."""
        return not self.own and self.unit is None and self.place is None

    @property
    def named(self) -> bool:
        """Whether it says by a name which unit it is."""
        if self.unit is not None:
            return self.unit.named
        return bool(self.own) or not self.kind.takes or bool(self.place and self.place.name)


class _Read(TypedDict, total=False):
    """What the slots of a head have been filled with, under the names that `Body` has for it."""

    own: str
    own_is: Own
    unit: Body
    place: Place
    level: str | None
    generic: bool


_Filled = tuple[int, _Read]  # where what fills a slot ends, and what it is


# --- what is known ------------------------------------------------------------------------


@cache
def kinds() -> tuple[Kind, ...]:
    return lexicon.read("units", Kind)


@cache
def heads() -> Gazetteer[Kind]:
    """The words that begin the name of a unit."""
    return Gazetteer({form: kind for kind in kinds() for form in kind.forms})


@cache
def _sectors(kind: str) -> Gazetteer[Sector]:
    rows = [s for s in lexicon.read("units", Sector) if kind in s.kinds]
    written = ((way, row) for row in rows for form in (row.name, *row.forms) for way in _ways(form))
    return Gazetteer(dict(written))


_JOINT: Final = re.compile(r"\s*(?:,| - | và )\s*")


def _ways(name: str) -> Iterator[str]:
    """The ways of joining the parts of a sector's name.

    >>> sorted(_ways("Kế hoạch và Đầu tư"))[:3]
    ['Kế hoạch & Đầu tư', 'Kế hoạch - Đầu tư', 'Kế hoạch và Đầu tư']
    """
    parts = _JOINT.split(name)
    for joints in product((" và ", ", ", " - ", "-", " & ", " "), repeat=len(parts) - 1):
        yield "".join(part + joint for part, joint in zip(parts, (*joints, ""), strict=True))


@cache
def slots(kind: Kind) -> tuple[tuple[tuple[str, ...], bool], ...]:
    """`takes` as (alternatives, required) pairs."""
    return tuple(
        (tuple(slot.rstrip("?").split("|")), not slot.endswith("?")) for slot in kind.takes
    )


# --- reading ------------------------------------------------------------------------------

_GAP: Final = re.compile(r"[ ]{1,2}")
_BRACKET: Final = re.compile(r"[ ]{1,2}\([A-ZĐƯ&,.\- ]{2,16}\)[ ]{1,2}")  # Ban Thường vụ (BTV) ...
_NUMBER: Final = re.compile(r"(?:số )?(\d{1,3})(?![\w/%]|[.,]\d)")  # Ban Chỉ đạo 35, Chi bộ số 2
_PHRASE: Final = re.compile(r"[^\w ]")  # what ends one
_BEFORE: Final = 36  # characters in which the words before a head are looked for
_ENDING: Final = 4  # letters and space, by which most texts are told not to end with a known word
_DEEPEST: Final = 5  # Bodies within one name


def first(page: Spelled, offset: int) -> Body | None:
    """The first unit whose head begins at `offset` or after it."""
    while head := heads().first(page.folded, offset):
        if body := _with_slots(page, head, None, _DEEPEST):
            return body
        offset = head.start + 1  # within it another may begin
    return None


def parse(page: Spelled, offset: int) -> Body | None:
    """The unit whose head begins at `offset`.

    >>> from pipeline.annotate.abbreviations import spell_out
    >>> body = parse(spell_out("BTV Thành ủy TP. Bạc Liêu họp"), 0)
    >>> body.kind.id, body.unit.kind.id, body.unit.place.name
    ('ban_thuong_vu', 'thanh_uy', 'Bạc Liêu')
    """
    return _at(page, offset, None, _DEEPEST)


def _at(page: Spelled, offset: int, person: bool | None, depth: int) -> Body | None:
    head = heads().at(page.folded, offset) if depth else None
    return _with_slots(page, head, person, depth) if head else None


def _with_slots(page: Spelled, head: Hit[Kind], person: bool | None, depth: int) -> Body | None:
    """The unit of a head, with what is read after it; None if the head is something else.

    `person` says whether an official's name may follow it; by default it may where a post stands
    before (`Bí thư Huyện ủy ...`).
    """
    if _is_something_else(page, head):
        return None
    read: _Read = {}
    end = position = head.end
    apart, complete = False, True
    for slot, required in slots(head.value):
        start, bracket = _after(page, position)
        filled = None
        if start and _may_begin(page, start, head.value, slot):
            if person is None:
                person = follows(page, places.names("post"), head.start)
            filled = _fill(page, head, read, start, slot, person, depth)
        if filled is not None:
            position, more = filled
            read |= more
            apart = apart or bracket
            end = end if apart else position  # Ban Thường vụ | (BTV) ...
        elif required:
            complete = False
            break
    written = page.text[head.start : head.end]
    body = Body(head.value, head.start, end, written, complete=complete, **read)
    if body.empty and precedes(page, places.words("plural"), end):
        return body._replace(generic=True)
    return body


def _may_begin(page: Spelled, start: int, kind: Kind, slot: tuple[str, ...]) -> bool:
    """Whether what stands at `start` may fill a slot: most heads are followed by a verb."""
    if not page.text[start : start + 1].islower():
        return True
    first = page.folded[start : start + BEGINNING]
    known = _beginnings(kind, slot)
    return first in known or first[:2] in known or not first[1:2].isalpha()  # xã, p.


@cache
def _beginnings(kind: Kind, slot: tuple[str, ...]) -> frozenset[str]:
    """How small letters begin that may fill a slot."""
    known = {
        "unit": heads().beginnings,
        "sector": _sectors(kind.id).beginnings,
        "number": {"số"},
        "place": places.beginnings(),
        "name": places.words("trade", "branch").beginnings,
    }
    return frozenset[str]().union(*(known[alternative] for alternative in slot))


def precedes(page: Spelled, known: Gazetteer[str], offset: int) -> bool:
    """Whether one of these words comes after `offset`: `UBND | các xã`."""
    gap = _GAP.match(page.folded, offset)
    return gap is not None and known.begins(page.folded, gap.end())


def follows(page: Spelled, known: frozenset[str], offset: int) -> bool:
    """Whether one of these words ends right before `offset`: `Bí thư | Huyện ủy`."""
    before = page.folded[max(0, offset - _BEFORE) : offset]
    endings = _endings(known)
    if before[-_ENDING:] not in endings and before[1 - _ENDING :] not in endings:
        return False
    words = _PHRASE.split(before)[-1].split()
    return not known.isdisjoint([" ".join(words[i:]) for i in range(len(words))])


@cache
def _endings(known: frozenset[str]) -> frozenset[str]:
    """How a text ends before which one of these words may stand; the shortest have two letters."""
    return frozenset(f"{word} "[-_ENDING:] for word in known)


def _is_something_else(page: Spelled, head: Hit[Kind]) -> bool:
    after, before = _neighbours(head.value)
    return (after is not None and precedes(page, after, head.end)) or (
        bool(before) and follows(page, before, head.start)
    )


@cache
def _neighbours(kind: Kind) -> tuple[Gazetteer[str] | None, frozenset[str]]:
    after = Gazetteer({word: word for word in kind.not_before}) if kind.not_before else None
    return after, frozenset(map(match_key, kind.not_after))


def _after(page: Spelled, position: int) -> tuple[int, bool]:
    """Where the next slot begins, 0 if nothing follows; true if a bracket stands between."""
    gap = _GAP.match(page.folded, position)
    if gap is None:
        return 0, False
    opens = page.folded.startswith("(", gap.end())
    bracket = _BRACKET.match(page.text, position) if opens else None
    return (bracket.end(), True) if bracket else (gap.end(), False)


def _fill(
    page: Spelled,
    head: Hit[Kind],
    read: _Read,
    start: int,
    slot: tuple[str, ...],
    person: bool,
    depth: int,
) -> _Filled | None:
    """The first alternative of the slot that can be read at `start`; None if none.

    `read` is what the slots before it hold.
    """
    filled: _Filled | None = None
    for alternative in slot:
        if alternative == "unit":
            filled = _unit(page, start, person, depth)
        elif alternative == "sector":
            filled = _sector(page, head.value, read, start)
        elif alternative == "number":
            filled = _number(page, head.value, start)
        elif alternative == "place":
            filled = _place(page, head.value, read, start, person)
        else:
            filled = _name(page, head, read, start, person)
        if filled is not None:
            break
    return filled


def _unit(page: Spelled, start: int, person: bool, depth: int) -> _Filled | None:
    unit = _at(page, start, person, depth - 1)
    if unit is None or not unit.complete or (unit.empty and not _enough(unit)):
        return None
    return unit.end, {"unit": unit, "generic": unit.generic}


def _enough(unit: Body) -> bool:
    """Whether a bare unit is enough in a longer name: `Đảng ủy Khối`, `Thường trực HĐND`."""
    return unit.kind.alone or not unit.kind.takes or unit.block


def _sector(page: Spelled, kind: Kind, read: _Read, start: int) -> _Filled | None:
    hit = _sectors(kind.id).at(page.folded, start)
    if hit is None:
        return None
    own = f"{read.get('own', '')} {hit.value.name}".strip()
    return hit.end, {"own": own, "own_is": "sector", "level": hit.value.level}


def _number(page: Spelled, kind: Kind, start: int) -> _Filled | None:
    number = _NUMBER.match(page.folded, start)
    only_a_number = kind.takes[0] == "number"
    if number is None or not (only_a_number or _closes(page, number.end())):
        return None
    return number.end(), {"own": number[1].lstrip("0"), "own_is": "number"}


def _closes(page: Spelled, end: int) -> bool:
    """Whether a name can end at `end`: no noun follows that the number before it would count."""
    gap = _GAP.match(page.folded, end)
    if gap is None or not page.text[gap.end() : gap.end() + 1].islower():
        return True
    if places.words("stop").begins(page.folded, gap.end()):
        return True
    if heads().begins(page.folded, gap.end()):
        return True
    return places.at(page, gap.end(), depth=0) is not None


def _place(page: Spelled, kind: Kind, read: _Read, start: int, person: bool) -> _Filled | None:
    unit = read.get("unit")
    if unit is not None and unit.territory is not None:
        return None
    place = places.at(page, start, person=person)
    if place is None:
        place = places.bare(page, start, kind.division, person=person)
    if place is None or (place.name is None and place.level == "base"):
        return None
    return place.end, {"place": place, "generic": place.several}


_SMALL: Final = re.compile(r"[ ]([^\W\d_]+)")
_FIGURE: Final = re.compile(r"\d{1,3}(?:/\d{1,2})?(?![\w/%]|[.,]\d)")  # Bệnh viện Quân y 121
_JOINED: Final = re.compile(r" (?:và|-|&) |, ?| ?- ?")
_ITEMS: Final = 12  # words of the longest proper name


def _name(page: Spelled, head: Hit[Kind], read: _Read, start: int, person: bool) -> _Filled | None:
    party = "unit" in head.value.takes[0].split("|")
    end = _name_end(page, start, person=person, party=party)
    own = page.text[start:end]
    if not any(c.isupper() or c.isdigit() for c in own):
        return None
    loud = places.shouting(page, head.start, start - 1)
    own = f"{read.get('own', '')} {own.title() if loud else own}".strip()
    return end, {"own": own, "own_is": "name"}


def _name_end(page: Spelled, start: int, *, person: bool, party: bool) -> int:
    """Where a proper name from `start` on ends; `start` if there is none.

    After a post, a party organisation's name of capitals alone is rather a person's.
    """
    position, end, fresh = start, start, True
    for _ in range(_ITEMS):
        word = _trade(page, position, fresh=fresh)
        first = end == start
        if person and not word and (party if first else places.is_person(page, position)):
            break
        if word:
            end, fresh = word, True
        elif item := _proper(page, position, first=first, fresh=fresh):
            end, fresh = item
        else:
            break
        position = _next_item(page, end)
    return end


def _trade(page: Spelled, position: int, *, fresh: bool) -> int:
    """The end of a word of the trade at `position`, 0 if there is none.

    A small one goes on a name only where a word has just ended (`Xổ số | kiến thiết`), for after
    `Minh Long` it is a verb (`phát triển`); a branch (`chi nhánh`) does anywhere.
    """
    if branch := places.words("branch").at(page.folded, position):
        return branch.end
    word = places.words("trade").at(page.folded, position)
    if word is None or page.text[position].isupper():
        return word.end if word else 0
    return word.end if fresh and word.value not in places.names("stop") else 0


def _proper(page: Spelled, position: int, *, first: bool, fresh: bool) -> tuple[int, bool] | None:
    """The end of a capitalised syllable or a figure at `position`, and whether a word ends there.

    A small syllable completes a capitalised one (`Nước sạch`), unless that goes on a name of
    capitals (`Minh Long tặng`): `fresh` says that a new word may begin.
    """
    if _ends_here(page, position, first=first):
        return None
    if figure := _FIGURE.match(page.folded, position):
        return (figure.end(), False) if _closes(page, figure.end()) else None
    token = next(places.capitals(page, position), None)
    if token is None:
        return None
    small = _SMALL.match(page.text, token[1])
    if fresh and small and _completes(page, small):
        return small.end(), True
    return token[1], False


def _ends_here(page: Spelled, position: int, *, first: bool) -> bool:
    """Whether a head, a place, a post or a word that no name holds begins at `position`."""
    if position >= len(page.text) or places.ends_a_name(page, position):
        return True
    head = heads().at(page.folded, position)
    if (head and " " in page.folded[head.start : head.end]) or places.at(page, position, depth=0):
        return True  # a head of one syllable may be a name's: Mầm non Hoa Ban
    place = None if first else places.bare(page, position, None, person=True)
    return place is not None and not page.text[place.end + 1 : place.end + 2].isupper()


def _completes(page: Spelled, small: re.Match[str]) -> bool:
    """Whether a small syllable belongs to the capitalised one before it, as in `Nước sạch`."""
    if not small[1].islower() or places.words("stop").begins(page.folded, small.start(1)):
        return False
    return places.at(page, small.start(1), depth=0) is None


def _next_item(page: Spelled, end: int) -> int:
    """Where the next word of a name may begin: after a space, or a joint before a word of trade."""
    joint = _JOINED.match(page.folded, end)
    if joint and _trade(page, joint.end(), fresh="," not in joint[0]):
        return joint.end()
    gap = _GAP.match(page.folded, end)
    return gap.end() if gap else end
