"""Who says what: the stretches of a text that are somebody's words, as its verbs of saying tell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final, NamedTuple

from pipeline import lexicon
from pipeline.annotate import quotes
from pipeline.annotate.quotes import Quote
from pipeline.annotate.reading import Reading
from pipeline.gazetteer import Gazetteer
from pipeline.records import OfficialMention

# Between a name and its verb stand posts and bodies; longer stretches are another clause.
_APPOSITION: Final = 220
_LOOK_BACK: Final = 80
# "theo", and perhaps a post, right before the name; "làm theo" is no such thing.
_SAYS_WHO: Final = re.compile(r"(?:^|[.,;:\"(]\s*|\bcũng\s+)theo\s(?:[^.,;:\"()]{0,60}\s)?\Z")
_CLOSES: Final = re.compile(r"\s*[,.(-][^;:\"]{0,80}\Z")
_PRONOUN: Final = re.compile(r"\s*[,.-]?\s*(?P<pronoun>ông|bà|anh|chị|đồng chí)\s+")


@dataclass(frozen=True, slots=True)
class Saying:
    """Verbs that introduce somebody's words."""

    phrases: tuple[str, ...]
    examples: tuple[str, ...]
    excluded: tuple[str, ...] = ()


class Said(NamedTuple):
    """The words at [start, end) are `name`'s."""

    start: int
    end: int
    name: str


def attributions(reading: Reading, officials: tuple[OfficialMention, ...]) -> list[Said]:
    """The stretches that are somebody's words, by their start.

    A stretch is the rest of the sentence after "ông A, Bí thư ..., cho biết", the sentence after
    "theo ông A", or a quotation: one that a name and a colon open ("ông A nhớ lại: “...”"), or
    that a name closes, whatever its verb (“...”, bà B cười), or a bare "ông khẳng định".
    """
    found: list[Said] = []
    for block in reading.blocks:
        start, end = block.start_char or 0, block.end_char or 0
        before = [m for m in officials if m.start_char < end]
        within = [m for m in before if m.start_char >= start]
        if before:
            quoted = quotes.find(reading.folded, start, end)
            found += _said(reading, quoted, within, end)
            found += _by_pronoun(reading, quoted, before, start, end)
    return sorted(found)


def _said(
    reading: Reading, quoted: list[Quote], officials: list[OfficialMention], end: int
) -> Iterator[Said]:
    folded = reading.folded
    for n, official in enumerate(officials):
        sentence = reading.sentence_at(official.start_char)
        following = officials[n + 1].start_char if n + 1 < len(officials) else end
        stop = min(sentence.end_char, official.end_char + _APPOSITION, following)
        before = folded[sentence.start_char : official.start_char][-_LOOK_BACK:]
        if closed := _closed_by(folded, quoted, official.start_char):
            yield Said(closed.start, closed.end, official.name)
        if _SAYS_WHO.search(before):
            yield Said(official.end_char, sentence.end_char, official.name)
        elif opened := _opened_after(folded, quoted, official.end_char, stop):
            yield Said(opened.start, opened.end, official.name)
        elif verb := _first_verb(folded, official.end_char, stop):
            yield Said(verb, sentence.end_char, official.name)
        elif (colon := folded.find(":", official.end_char, stop)) >= 0:
            yield Said(colon, sentence.end_char, official.name)


def _first_verb(folded: str, start: int, stop: int) -> int | None:
    """Where the first verb of saying in [start, stop) ends."""
    hits = _verbs().find(folded[start:stop])
    return start + hits[0].end if hits else None


def _opened_after(folded: str, quoted: list[Quote], start: int, stop: int) -> Quote | None:
    """The quotation that a colon opens in [start, stop + 3)."""
    for quote in quoted:
        if start < quote.start <= stop + 3:
            return quote if folded[start : quote.start].rstrip().endswith(":") else None
    return None


def _closed_by(folded: str, quoted: list[Quote], at: int) -> Quote | None:
    """The quotation that a name at `at` closes: “...”, ông A chia sẻ."""
    for quote in reversed(quoted):
        if quote.end <= at:
            return quote if _CLOSES.match(folded, quote.end, at) else None
    return None


def _by_pronoun(
    reading: Reading, quoted: list[Quote], before: list[OfficialMention], start: int, end: int
) -> Iterator[Said]:
    """What "ông khẳng định" closes, or "Ông nhắc lại, ..." opens: the last person addressed so."""
    for quote in quoted:
        match = _PRONOUN.match(reading.folded, quote.end)
        if match and (name := _meant(reading, match, quote.start, before)):
            yield Said(quote.start, quote.end, name)
    for sentence in reading.sentences_of(start, end):
        match = _PRONOUN.match(reading.folded, sentence.start_char)
        if match and (name := _meant(reading, match, sentence.start_char, before)):
            yield Said(match.end(), sentence.end_char, name)


def _meant(
    reading: Reading, match: re.Match[str], at: int, before: list[OfficialMention]
) -> str | None:
    """Whom a pronoun before a verb of saying means: the last official, if so addressed or not."""
    if _verbs().at(reading.folded, match.end()) is None:
        return None
    last = next((m for m in reversed(before) if m.end_char <= at), None)
    if last is None:
        return None
    addressed = (last.honorific or match["pronoun"]).lower()
    return last.name if match["pronoun"] in ("đồng chí", addressed) else None


@cache
def _verbs() -> Gazetteer[None]:
    entries = lexicon.read("speech", Saying)
    return Gazetteer({phrase: None for entry in entries for phrase in entry.phrases})
