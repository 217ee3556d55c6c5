"""Names of people in running text: capitals, family names and forms of address."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, NamedTuple

from pipeline import lexicon
from pipeline.annotate.reading import Reading
from pipeline.clean import territories
from pipeline.gazetteer import Gazetteer, Hit
from pipeline.records import UnitMention
from pipeline.vietnamese import match_key

_CAPITALS: Final = "".join(c for c in map(chr, range(0x41, 0x1F00)) if c.isupper())
_AFTER_CAPITAL: Final = (
    rf"(?:['’‘`´](?=[ ][{_CAPITALS}])"  # K’ Brởi
    r"|[^\W\d_]*(?:['’‘`´][^\W\d_]+)*)"
)
SYLLABLE: Final = rf"[{_CAPITALS}]{_AFTER_CAPITAL}"
# Capitalised syllables, one space apart: Nguyễn Văn An, H’Yim Niê, ĐOÀN THỊ BA, Phú Tân Lê Văn An
# The capital is looked for first, then what stands before it; a group tells a run from a lone one.
_RUN: Final = re.compile(rf"[{_CAPITALS}](?<!\w.){_AFTER_CAPITAL}(?P<more>[ \u00a0]{SYLLABLE})*")
_NEXT: Final = re.compile(SYLLABLE)
_LONGEST: Final = 5  # syllables; Công Tằng Tôn Nữ names are cut, Rơ Mah H'Bé Nét are not
_MOST_FORMS: Final = 8  # of address in a row, so that no text is read again for each of them
_TO_POST: Final = re.compile(r"\s*[-,(]\s*")
# A capital that begins a sentence or a quotation says nothing.
_STARTS: Final = frozenset('.!?…:;"\n*-–•+')

_FIRM: Final = "cong_ty"  # a type of unit; some are called after people
# After these comes the name of a firm: Công ty TNHH Hoàng Gia
LEGAL_FORM: Final = re.compile(
    r"\b(?:tnhh|cổ phần|cp|mtv|một thành viên|trách nhiệm hữu hạn|tư nhân)\s*\Z"
)


class Name(NamedTuple):
    """A name at [start, end), with its form of address from `begin` on if it has one."""

    begin: int
    start: int
    end: int
    honorific: str | None
    gender: str | None  # that the form of address says: male, female
    is_known: bool  # it begins with a family name
    syllables: int


class Title(NamedTuple):
    """What a word before or after a name says: `post`, `before` (a post), `lost` or `address`."""

    kind: str
    gender: str | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """Posts of one kind of body."""

    kind: str
    phrases: tuple[str, ...]
    examples: tuple[str, ...]
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Before:
    """Words before a post; after those that do not hold there is none."""

    phrases: tuple[str, ...]
    examples: tuple[str, ...]
    holds: bool = True


@dataclass(frozen=True, slots=True)
class Honorific:
    phrases: tuple[str, ...]
    examples: tuple[str, ...]
    gender: str | None = None
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Surname:
    phrases: tuple[str, ...]
    examples: tuple[str, ...]
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Thing:
    """Words before names that are not a person's."""

    phrases: tuple[str, ...]
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Never:
    phrases: tuple[str, ...]
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Saying:
    """Verbs that introduce somebody's words."""

    phrases: tuple[str, ...]
    examples: tuple[str, ...]
    excluded: tuple[str, ...] = ()


class People(NamedTuple):
    """Who is named in an article, and the words beside names that say what somebody is."""

    names: list[Name]
    titles: list[Hit[Title]]


def find(reading: Reading, units: Sequence[UnitMention]) -> People:
    """The people whom an article names, officials or not, and its titles; both in order.

    A name follows a form of address or begins with a family name. Within the name of a unit there
    is none, nor in a line that is all capitals, where nobody can tell where a name ends.
    """
    said = titles(reading.folded)
    scan = _Scan(reading, units, said)
    names: list[Name] = []
    for run in _RUN.finditer(reading.text):
        # most are a lone capital, a name only beside a form of address
        if (run["more"] or run.start() in scan.beside_address) and not scan.is_of_a_unit(run):
            for name in scan.names(run):
                while names and name.begin < names[-1].end:
                    names.pop()  # an address before this name, no name itself: Ông Ông TRẦN AN
                names.append(name)
    return People(names, said)


def titles(folded: str) -> list[Hit[Title]]:
    """Every post and form of address in folded text, in order."""
    return _titles().find(folded)


class _Address(NamedTuple):
    """One or several forms of address in a row: where they begin, and what gender they say."""

    begin: int
    gender: str | None
    forms: int


class _Scan:
    """What is known about an article while its capitalised words are read."""

    def __init__(
        self, reading: Reading, units: Sequence[UnitMention], said: list[Hit[Title]]
    ) -> None:
        self._text, self._folded = reading.text, reading.folded
        self._units = units
        self._unit_starts = [unit.start_char for unit in units]
        self._addressed: dict[int, _Address] = {}  # by their ends
        self._addresses: set[int] = set()
        self.beside_address: set[int] = set()
        for hit in said:
            if hit.value.kind == "address":
                self._addressed[hit.end] = self._after_others(hit)
                self._addresses.add(hit.start)
                self.beside_address.update((hit.end, hit.end + 1, hit.end + 2))
        self._post_starts = {hit.start for hit in said if hit.value.kind in ("post", "before")}
        self._post_ends = {hit.end for hit in said if hit.value.kind == "post"}
        # "Bí thư" ends a name that it follows without a comma; "Trưởng" may be one
        posts = (hit for hit in said if hit.value.kind == "post")
        self._ends = {h.start for h in posts if " " in self._folded[h.start : h.end]}
        self._ends.update(self._unit_starts)
        self._blocks = reading.blocks
        self._loud: dict[int, bool] = {}
        self._block_starts = [block.start_char or 0 for block in reading.blocks]

    def is_of_a_unit(self, run: re.Match[str]) -> bool:
        """Whether a run is but a part of a unit's name, without a form of address."""
        start = run.start()
        unit = self._unit_at(start)
        if unit is None or unit.unit_type == _FIRM or run.end() > unit.end_char:
            return False
        return start not in self.beside_address and start not in self._addresses

    def names(self, run: re.Match[str]) -> Iterator[Name]:
        """The names in a run of capitalised syllables; more than one if a place stands before."""
        syllables = [m.span() for m in _NEXT.finditer(self._text, *run.span())]
        index = 0
        while index < len(syllables):
            start, first_end = syllables[index]
            address = self._address(start)
            known = self._is_surname(start, first_end)
            skip = 0 if address else self._skipped(syllables, index)
            if skip:
                index += skip
            elif not address and not known and not self._is_listed(syllables, index):
                if not self._may_follow(syllables, index):
                    return
                index += 1
            else:
                end, count = self._extent(syllables[index : index + _LONGEST])
                index += count
                begin, gender = (address.begin, address.gender) if address else (start, None)
                if (address or count > 1) and self._is_persons(begin, start, end):
                    honorific = self._text[begin:start].strip(" ,.") or None
                    yield Name(begin, start, end, honorific, gender, known, count)

    def _skipped(self, syllables: list[tuple[int, int]], index: int) -> int:
        """How many syllables from `index` on are a unit's or a place's name, or an address."""
        start = syllables[index][0]
        if start in self._addresses:
            return 1  # Ông is a form of address here, though some are called so
        unit = self._unit_at(start)
        hit = _places().at(self._folded, start) if unit is None and index == 0 else None
        end = unit.end_char if unit else hit.end if hit else start
        following = index
        while following < len(syllables) and syllables[following][0] < end:
            following += 1
        if unit and following == len(syllables) and self._heads(unit, syllables, index):
            return 0
        rest = syllables[following : following + 2]
        if hit and rest and (len(rest) < 2 or not self._is_surname(*rest[0])):
            return 0  # Hà Giang Nam is a person
        return following - index

    def _unit_at(self, start: int) -> UnitMention | None:
        """The unit in whose name a syllable begins."""
        at = bisect_right(self._unit_starts, start) - 1
        return self._units[at] if at >= 0 and self._units[at].end_char > start else None

    def _heads(self, unit: UnitMention, syllables: list[tuple[int, int]], index: int) -> bool:
        """Whether a firm's name is that of the person in the post before it.

        "Giám đốc Công ty Lê Văn An" heads a firm; it is not likely to be called after him.
        """
        start = syllables[index][0]
        return (
            unit.unit_type == _FIRM
            and len(syllables) - index >= 3
            and self._is_surname(*syllables[index])
            and self._text[start - 2 : start - 1].islower()
            and LEGAL_FORM.search(self._folded, unit.start_char, start) is None
            and unit.start_char - 1 in self._post_ends
        )

    def _may_follow(self, syllables: list[tuple[int, int]], index: int) -> bool:
        """Whether a name may begin after a syllable that is no part of it: "Theo Lê Văn An"."""
        start, end = syllables[index]
        if end - start > 1 and self._text[start:end].isupper():
            return True  # UBND Lê Văn An
        before = self._text[max(0, start - 2) : start].strip(" \u00a0")
        return index == 0 and (not before or before in _STARTS)

    def _is_listed(self, syllables: list[tuple[int, int]], index: int) -> bool:
        """Whether a run is a name for standing in a list of people with posts.

        "; Mấu Thị Thanh - Phó Giám đốc Sở Nội vụ": what opens the item is a person's name,
        whatever the family is called.
        """
        if index > 0 or not 2 <= len(syllables) <= _LONGEST:
            return False
        start, end = syllables[0][0], syllables[-1][1]
        before = self._text[max(0, start - 2) : start].strip(" \u00a0")
        opens = not before or before in ";:\n"
        link = _TO_POST.match(self._folded, end) if opens else None
        return bool(
            link
            and link.end() in self._post_starts
            and _places().at(self._folded, start) is None
            and self._folded[slice(*syllables[0])] not in things()
        )

    def _is_surname(self, start: int, end: int) -> bool:
        return self._folded[start:end].split("'")[0] in _surnames()

    def _extent(self, syllables: list[tuple[int, int]]) -> tuple[int, int]:
        """Where a name of these syllables ends, and how many of them it has.

        A name keeps to one case: after "Trần Văn AN" or "TRẦN VĂN An" something else begins.
        """
        upper: bool | None = None
        for count, (start, end) in enumerate(syllables):
            if count and start in self._ends:
                return syllables[count - 1][1], count
            if self._text[start + 1 : end][:1].isalpha():
                is_upper = self._text[start:end].isupper()
                if upper is not None and is_upper != upper:
                    return syllables[count - 1][1], count
                upper = is_upper
        return syllables[-1][1], len(syllables)

    def _is_persons(self, begin: int, start: int, end: int) -> bool:
        if start in self._ends or _never().at(self._folded, start):
            return False
        if begin < start and _never().at(self._folded, begin):
            return False
        return not self._text[start:end].isupper() or not self._is_loud(start)

    def _is_loud(self, start: int) -> bool:
        """Whether the line at `start` is all capitals, so that they tell nothing."""
        at = max(0, bisect_right(self._block_starts, start) - 1)
        if at not in self._loud:  # asked once a block: it may hold as many names as it is long
            block = self._blocks[at]
            self._loud[at] = self._text[block.start_char : block.end_char].isupper()
        return self._loud[at]

    def _after_others(self, hit: Hit[Title]) -> _Address:
        """A form of address with those right before it, which have been read."""
        others = self._address(hit.start)
        if others is None or others.forms == _MOST_FORMS:
            return _Address(hit.start, hit.value.gender, 1)
        return _Address(others.begin, hit.value.gender or others.gender, others.forms + 1)

    def _address(self, start: int) -> _Address | None:
        """The forms of address right before `start`, if any."""
        if start not in self.beside_address:
            return None
        back = start
        while back > 0 and start - back < 3 and self._folded[back - 1] in " .,":
            back -= 1
        return self._addressed.get(back) if 0 < start - back < 3 else None


@cache
def _titles() -> Gazetteer[Title]:
    found = dict.fromkeys(lexicon.phrases("posts", Post), Title("post"))
    for before in lexicon.read("posts", Before):
        found |= {p: Title("before" if before.holds else "lost") for p in before.phrases}
    for entry in lexicon.read("posts", Honorific):
        found |= {p: Title("address", entry.gender) for p in entry.phrases}
    return Gazetteer(found)


@cache
def _surnames() -> frozenset[str]:
    names = map(match_key, lexicon.phrases("posts", Surname))
    return frozenset(name.split()[0].split("'")[0] for name in names)


@cache
def _places() -> Gazetteer[None]:
    return Gazetteer({row.name: None for row in territories.territories() if row.name[0].isalpha()})


@cache
def _never() -> Gazetteer[None]:
    return Gazetteer(dict.fromkeys(lexicon.phrases("posts", Never)))


@cache
def sayings() -> Gazetteer[None]:
    """Verbs of saying: what follows them, or a colon after them, is somebody's words."""
    return Gazetteer(dict.fromkeys(lexicon.phrases("speech", Saying)))


@cache
def things() -> frozenset[str]:
    """Words after which a name is not a person's: street, school, fund."""
    return frozenset(map(match_key, lexicon.phrases("posts", Thing)))
