"""Names of people in running text: capitals, family names and forms of address."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final, NamedTuple

from pipeline import lexicon
from pipeline.annotate.reading import Reading
from pipeline.gazetteer import Gazetteer
from pipeline.vietnamese import match_key

# A syllable of a name: Nguyễn, K'Ré, H’Yim, ĐOÀN
_SYLLABLE: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_LONGEST: Final = 5  # syllables; Công Tằng Tôn Nữ names are cut, Rơ Mah H'Bé Nét are not


class Name(NamedTuple):
    """A name at [start, end), with its form of address from `begin` on if it has one."""

    begin: int
    start: int
    end: int
    honorific: str | None
    is_known: bool  # its first syllable is a family name, and it has at least two


@dataclass(frozen=True, slots=True)
class Honorific:
    phrases: tuple[str, ...]
    examples: tuple[str, ...]
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Surname:
    phrases: tuple[str, ...]
    examples: tuple[str, ...]
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Never:
    phrases: tuple[str, ...]
    examples: tuple[str, ...]


def find(reading: Reading) -> list[Name]:
    """Every name with a form of address, and every other one that begins with a family name."""
    text, folded = reading.text, reading.folded
    names: list[Name] = []
    addressed = {hit.end: hit.start for hit in _honorifics().find(folded)}
    addresses = set(addressed.values())
    position = 0
    for match in _SYLLABLE.finditer(text):
        start = match.start()
        if start < position or not _is_capitalised(match[0]):
            continue
        begin = _address(folded, addressed, start)
        if begin is None and start in addresses:
            continue  # Ông is a form of address here, though some are called so
        is_known = match_key(match[0]) in _surnames()
        if begin is None and not is_known:
            continue
        end, syllables = _extent(text, start)
        if begin is None and syllables < 2:
            continue
        if _never().at(folded, start) is None:
            honorific = text[begin:start].strip(" ,.") if begin is not None else None
            names.append(
                Name(
                    start if begin is None else begin,
                    start,
                    end,
                    honorific,
                    is_known and syllables >= 2,
                )
            )
        position = end
    return names


def _extent(text: str, start: int) -> tuple[int, int]:
    """Where a name that begins at `start` ends, and how many syllables it has.

    A name keeps to one case: after "Trần Văn AN" or "TRẦN VĂN An" something else begins.
    """
    end, syllables = start, 0
    upper: bool | None = None
    while syllables < _LONGEST:
        at = end if syllables == 0 else end + 1
        if syllables and text[end : end + 1] not in (" ", "\u00a0"):
            break
        match = _SYLLABLE.match(text, at)
        if match is None or not _is_capitalised(match[0]):
            break
        if len(match[0]) > 1:
            if upper is not None and match[0].isupper() != upper:
                break
            upper = match[0].isupper()
        end, syllables = match.end(), syllables + 1
    return end, syllables


def _is_capitalised(syllable: str) -> bool:
    return syllable[0].isupper()


def _address(folded: str, addressed: dict[int, int], start: int) -> int | None:
    """Where the forms of address right before `start` begin; None if there are none."""
    begin = None
    at = start
    while True:
        back = at
        while back > 0 and folded[back - 1] in " .,":
            back -= 1
        if at - back > 2 or back not in addressed or back == at:
            return begin
        begin = at = addressed[back]


@cache
def _honorifics() -> Gazetteer[None]:
    entries = lexicon.read("posts", Honorific)
    return Gazetteer({phrase: None for entry in entries for phrase in entry.phrases})


@cache
def _surnames() -> frozenset[str]:
    entries = lexicon.read("posts", Surname)
    return frozenset(match_key(p).split()[0] for entry in entries for p in entry.phrases)


@cache
def _never() -> Gazetteer[None]:
    entries = lexicon.read("posts", Never)
    return Gazetteer({phrase: None for entry in entries for phrase in entry.phrases})
