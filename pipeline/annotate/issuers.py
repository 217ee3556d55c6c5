"""Who issues a document, as named beside its citation or in the last part of its suffix."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from pipeline import lexicon
from pipeline.annotate.reading import Reading
from pipeline.gazetteer import Gazetteer, one_of
from pipeline.records import DocType
from pipeline.vietnamese import fold

Level = Literal["central", "local", "other"]  # the Party's centre, below it, the central state


@dataclass(frozen=True, slots=True)
class Issuer:
    """A body that issues documents, or the first words of its name."""

    name: str
    level: Level
    forms: tuple[str, ...]
    examples: tuple[str, ...]
    place: Literal["none", "may", "must"] = "none"
    general: bool = False
    doc_types: tuple[DocType, ...] = ()
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Organ:
    """The last part of a suffix: TW, TU, TTg."""

    codes: tuple[str, ...]
    level: Level
    examples: tuple[str, ...]
    issuer: str | None = None
    ending: bool = False
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Words:
    """Small words that play one role around a citation."""

    role: str
    words: tuple[str, ...]
    examples: tuple[str, ...]
    excluded: tuple[str, ...] = ()


def any_of(words: Iterable[str]) -> str:
    """A pattern for one of `words`, longest first."""
    return one_of(dict.fromkeys(words, "")).replace(r"\ ", r"\s{1,3}")


class Body(NamedTuple):
    """A body named in the text, up to `end`."""

    end: int
    name: str | None  # None where only its kind is clear
    entry: Issuer


ISSUERS: Final = lexicon.read("documents", Issuer)
ORGANS: Final = lexicon.read("documents", Organ)
WORDS: Final = {w.role: tuple(map(fold, w.words)) for w in lexicon.read("documents", Words)}

_BODIES: Final = Gazetteer({form: issuer for issuer in ISSUERS for form in issuer.forms})
_ORGANS: Final = {code.upper(): organ for organ in ORGANS for code in organ.codes}
_ENDINGS: Final = tuple((c.upper(), o) for o in ORGANS if o.ending for c in o.codes)
_PLACES: Final = Gazetteer(dict.fromkeys(WORDS["place"], True))
_GAP: Final = re.compile(r"\s{1,3}")
_WORD: Final = re.compile(r"\s{1,2}(?P<word>[^\W_]+)")
# "đã kịp thời ban hành các" right before a citation; what stands before it is the subject.
_ISSUING: Final = re.compile(
    rf"(?<!\w)(?:{any_of(WORDS['issue'])})(?:\s(?:các|những|một số|nhiều))?\s{{1,2}}$"
)
_OBLIQUE: Final = re.compile(r"(?<!\w)(?:của|theo|với|từ|cho|bởi|tại)\s{1,2}$")
_LOOK_BACK: Final = 160
_SUBJECT_TO_VERB: Final = 70


def of_organ(code: str) -> tuple[Level, str | None] | None:
    """Level and name of who signs with `code`; None for a sign not known.

    >>> of_organ("TTg"), of_organ("BTGTU"), of_organ("BGDĐT")
    (('other', 'Thủ tướng Chính phủ'), ('local', None), None)
    """
    upper = code.upper()
    organ = _ORGANS.get(upper)
    if organ is None:
        organ = next((o for ending, o in _ENDINGS if upper.endswith(ending)), None)
    return (organ.level, organ.issuer) if organ else None


def body_at(reading: Reading, at: int, end: int, unit_ends: Mapping[int, int]) -> Body | None:
    """The body whose name begins at `at`, ending before `end`; a unit found there may be longer."""
    hit = _BODIES.at(reading.folded, at)
    if hit is None or hit.end > end:
        return None
    entry, stop, names = hit.value, hit.end, [hit.value.name]
    capital = reading.text[at].isupper()
    if not capital and (entry.general or entry.place == "must"):  # "của đảng viên", "của bộ phận"
        return None
    if entry.place == "none":
        return Body(stop, entry.name, entry)
    while entry.level == "local" and (gap := _GAP.match(reading.folded, stop, end)):
        more = _BODIES.at(reading.folded, gap.end())  # Ban Thường vụ | Thành ủy
        if more is None or more.end > end or more.value.level != "local":
            break
        stop = more.end
        names.append(more.value.name)
    whole = max(_name_end(reading, at, stop, end), min(unit_ends.get(at, 0), end))
    if entry.place == "may":
        return Body(whole, " ".join(names) + reading.text[stop:whole], entry)
    if whole == stop:
        return None
    return Body(whole, reading.text[at:whole] if at in unit_ends else None, entry)


def subject_of_issuing(
    reading: Reading, start: int, citation: int, unit_ends: Mapping[int, int]
) -> tuple[bool, Body | None]:
    """Whether "ban hành" or the like stands right before `citation`, and its subject if named.

    `start` is where the sentence begins.
    """
    start = max(start, citation - _LOOK_BACK)
    verb = _ISSUING.search(reading.folded, max(start, citation - 40), citation)
    if verb is None:
        return False, None
    subject, subject_at, position = None, 0, start
    for hit in _BODIES.find(reading.folded[start : verb.start()]):
        at = start + hit.start
        body = body_at(reading, at, verb.start(), unit_ends) if at >= position else None
        if body:
            subject, subject_at, position = body, at, body.end
    if (
        subject is None
        or verb.start() - subject.end > _SUBJECT_TO_VERB
        or _OBLIQUE.search(reading.folded, max(start, subject_at - 8), subject_at)
    ):
        return True, None
    return True, subject


def _name_end(reading: Reading, at: int, stop: int, end: int) -> int:
    """Where a local body's name ends: after words of place and words with a capital."""
    if reading.text[at:stop].isupper():  # a headline in capitals shows no end
        return stop
    for _ in range(8):
        word = _WORD.match(reading.text, stop, end)
        if word is None:
            break
        place = _PLACES.at(reading.folded, word.start("word"))
        if place and place.end <= end:
            dot = word["word"].casefold() == "tp" and reading.text.startswith(".", place.end)
            stop = place.end + dot
        elif word["word"][0].isupper():
            stop = word.end()
        else:
            break
    return stop
