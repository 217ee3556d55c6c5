"""Who says what: the stretches of a text that are somebody's words, as its verbs of saying tell."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from pipeline.annotate import people, quotes
from pipeline.annotate.people import Name
from pipeline.annotate.quotes import Quote
from pipeline.annotate.reading import Reading
from pipeline.records import Block, OfficialMention

# Between a name and its verb stand posts and bodies; longer stretches are another clause.
_APPOSITION: Final = 220
_LOOK_BACK: Final = 80
_NESTED: Final = 8  # quotations that may still be open before a name, at most
# "theo", and perhaps a post, right before the name; "làm theo" is no such thing.
_SAYS_WHO: Final = re.compile(
    r"(?:^|[.,;:\"(]\s*|\b(?:cũng|vẫn)\s+)theo\s(?!chân|gương|sau|dõi|bước)(?:[^.,;:\"()]{0,60}\s)?\Z"
)
_CLOSES: Final = re.compile(r"\s*[,.(-][^;:\"]{0,80}\Z")
_PRONOUN: Final = re.compile(
    r"\s*(?P<mark>[,.-])?\s*(?P<pronoun>ông|bà|anh|chị|cô|thầy|đồng chí)\s+"
    r"(?:(?:cũng|còn|lại|vẫn)\s+)?"
)
_SAYS_PRONOUN: Final = re.compile(
    r"(?:(?:cũng|vẫn)\s)?theo\s(?P<pronoun>ông|bà|anh|chị|cô|thầy|đồng chí)\s?,"
)
_GENDERED: Final = frozenset(("ông", "bà", "anh", "chị", "cô", "thầy"))


class Said(NamedTuple):
    """The words at [start, end) are `name`'s."""

    start: int
    end: int
    name: str


class Person(NamedTuple):
    """Somebody named at [start, end), form of address included; `name` in full."""

    start: int
    end: int
    name: str
    honorific: str | None


def attributions(
    reading: Reading,
    officials: tuple[OfficialMention, ...],
    names: tuple[Name, ...],
    blocks: Iterable[Block],
) -> list[Said]:
    """The stretches of these blocks that are somebody's words, by their start.

    `names` are all the people named.

    A stretch is the rest of the sentence after "ông A, Bí thư ..., cho biết", the sentence after
    "theo ông A", or a quotation: one that a name and a colon open ("ông A nhớ lại: “...”"), or
    that a name closes, whatever its verb (“...”, bà B cười), or a bare "ông khẳng định".
    """
    persons = _persons(reading, officials, names)
    starts = [person.start for person in persons]
    found: list[Said] = []
    for block in blocks:
        start, end = block.start_char or 0, block.end_char or 0
        first, last = bisect_left(starts, start), bisect_left(starts, end)
        if last:
            quoted = quotes.find(reading.folded, start, end)
            found += _said(reading, quoted, persons[first:last], end)
            found += _by_pronoun(reading, quoted, persons, starts, (start, end))
    return sorted(found)


def _persons(
    reading: Reading, officials: tuple[OfficialMention, ...], names: tuple[Name, ...]
) -> list[Person]:
    """The officials, and everybody else whom the text addresses by a full name."""
    persons = [Person(o.start_char, o.end_char, o.name, o.honorific) for o in officials]
    taken = {person.start for person in persons}
    called: dict[str, str] = {}
    for name in names:
        if name.begin in taken or not name.honorific:
            continue
        written = " ".join(reading.text[name.start : name.end].split())
        full = written if name.is_known else called.get(written)  # "chị Lương": named before
        if full:
            called[full.split()[-1]] = full
            persons.append(Person(name.begin, name.end, full, name.honorific))
    return sorted(persons)


def _said(reading: Reading, quoted: list[Quote], persons: list[Person], end: int) -> Iterator[Said]:
    folded = reading.folded
    for n, person in enumerate(persons):
        sentence = reading.sentence_at(person.start)
        following = persons[n + 1].start if n + 1 < len(persons) else end
        stop = min(sentence.end_char, person.end + _APPOSITION, following)
        before = folded[max(sentence.start_char, person.start - _LOOK_BACK) : person.start]
        if closed := _closed_by(folded, quoted, person.start):
            yield Said(closed.start, closed.end, person.name)
        if _SAYS_WHO.search(before):
            yield Said(person.end, sentence.end_char, person.name)
        elif opened := _opened_after(folded, quoted, person.end, stop):
            yield Said(opened.start, opened.end, person.name)
        elif verb := _first_verb(folded, person.end, stop):
            yield Said(verb, sentence.end_char, person.name)
        elif (colon := folded.find(":", person.end, stop)) >= 0:
            yield Said(colon, sentence.end_char, person.name)


def _first_verb(folded: str, start: int, stop: int) -> int | None:
    """Where the first verb of saying in [start, stop) ends."""
    hits = people.sayings().find(folded[start:stop])
    return start + hits[0].end if hits else None


def _opened_after(folded: str, quoted: list[Quote], start: int, stop: int) -> Quote | None:
    """The quotation that a colon opens in [start, stop + 3)."""
    at = bisect_left(quoted, start, key=lambda quote: quote.start)
    if at == len(quoted) or quoted[at].start > stop + 3:
        return None
    return quoted[at] if folded[start : quoted[at].start].rstrip().endswith(":") else None


def _closed_by(folded: str, quoted: list[Quote], at: int) -> Quote | None:
    """The quotation that a name at `at` closes: “...”, ông A chia sẻ; not one a colon opens."""
    before = bisect_left(quoted, at, key=lambda quote: quote.start)
    for quote in reversed(quoted[max(0, before - _NESTED) : before]):
        if quote.end <= at:
            opened = folded[max(0, quote.start - 2) : quote.start].rstrip().endswith(":")
            return quote if not opened and _CLOSES.match(folded, quote.end, at) else None
    return None


def _by_pronoun(
    reading: Reading,
    quoted: list[Quote],
    persons: list[Person],
    starts: list[int],
    block: tuple[int, int],
) -> Iterator[Said]:
    """What "ông khẳng định" closes, or "Ông nhắc lại, ..." opens: the last person addressed so.

    Right behind a quotation its verb may be any: “...”, bà cười.
    """
    turns = [(quote.end, quote.start, quote.start, quote.end) for quote in quoted]
    for sentence in reading.sentences_of(*block):
        turns.append((sentence.start_char, sentence.start_char, -1, sentence.end_char))
    for at, before, start, end in turns:
        match = _PRONOUN.match(reading.folded, at)
        if match is None:
            match = _SAYS_PRONOUN.match(reading.folded, at) if start < 0 else None
            if match is None:
                continue
        elif not people.sayings().begins(reading.folded, match.end()):
            beside = start >= 0 and match["mark"] in (",", "-")
            if not beside or not reading.text[match.end() : match.end() + 1].islower():
                continue
        last = bisect_left(starts, before) - 1
        if last >= 0 and _may_mean(match["pronoun"], persons[last].honorific):
            yield Said(match.end() if start < 0 else start, end, persons[last].name)


def _may_mean(pronoun: str, honorific: str | None) -> bool:
    """Whether a pronoun may take up a form of address; only these tell men from women.

    >>> _may_mean("ông", "đồng chí"), _may_mean("ông", "Bà")
    (True, False)
    """
    addressed = (honorific or "").lower().split(" ")[0]
    return addressed == pronoun or not {addressed, pronoun} <= _GENDERED
