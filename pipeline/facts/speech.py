"""Who says what: the stretches of a text that are somebody's words, as its verbs of saying tell."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final, NamedTuple

from pipeline import lexicon
from pipeline.annotate import quotes
from pipeline.annotate.quotes import Quote
from pipeline.annotate.reading import Reading
from pipeline.gazetteer import Gazetteer
from pipeline.records import Block, OfficialMention

# Between a name and its verb stand posts and bodies; longer stretches are another clause.
_APPOSITION: Final = 220
_LOOK_BACK: Final = 80
# "theo", and perhaps a post, right before the name; "làm theo" is no such thing.
_SAYS_WHO: Final = re.compile(r"(?:^|[.,;:\"(]\s*|\bcũng\s+)theo\s(?:[^.,;:\"()]{0,60}\s)?\Z")
_CLOSES: Final = re.compile(r"\s*[,.(-][^;:\"]{0,80}\Z")
_COLON: Final = re.compile(r"\s*(?:thêm|rằng)?\s*[:,]?\s*")


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
    "theo ông A", or a quotation that one of these introduces or closes.
    """
    found: list[Said] = []
    for block in reading.blocks:
        start, end = block.start_char or 0, block.end_char or 0
        within = [m for m in officials if start <= m.start_char < end]
        if within:
            found += _in_block(reading, block, within)
    return sorted(found)


def _in_block(reading: Reading, block: Block, officials: list[OfficialMention]) -> list[Said]:
    folded = reading.folded
    start, end = block.start_char or 0, block.end_char or 0
    quoted = quotes.find(folded, start, end)
    found: list[Said] = []
    for n, official in enumerate(officials):
        sentence = reading.sentence_at(official.start_char)
        following = officials[n + 1].start_char if n + 1 < len(officials) else end
        stop = min(sentence.end_char, official.end_char + _APPOSITION, following)
        before = folded[sentence.start_char : official.start_char][-_LOOK_BACK:]
        says_who = _SAYS_WHO.search(before)
        verb = _first_verb(folded, official.end_char, stop)
        if says_who:
            found.append(Said(official.end_char, sentence.end_char, official.name))
        if says_who or verb:
            tail = _quote_before(folded, quoted, official.start_char)
            if tail:
                found.append(Said(tail.start, tail.end, official.name))
        if verb and not says_who:
            begin = _COLON.match(folded, verb)
            opens = begin.end() if begin else verb
            quote = next((q for q in quoted if q.start == opens), None)
            until = max(sentence.end_char, quote.end if quote else 0)
            found.append(Said(verb, until, official.name))
    return found


def _first_verb(folded: str, start: int, stop: int) -> int | None:
    """Where the first verb of saying in [start, stop) ends."""
    hits = _verbs().find(folded[start:stop])
    return start + hits[0].end if hits else None


def _quote_before(folded: str, quoted: list[Quote], at: int) -> Quote | None:
    """The quotation that a name at `at` closes: “...”, ông A chia sẻ."""
    for quote in reversed(quoted):
        if quote.end <= at:
            return quote if _CLOSES.match(folded, quote.end, at) else None
    return None


@cache
def _verbs() -> Gazetteer[None]:
    entries = lexicon.read("speech", Saying)
    return Gazetteer({phrase: None for entry in entries for phrase in entry.phrases})
