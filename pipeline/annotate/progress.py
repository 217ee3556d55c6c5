"""How far a named model has come, and since when, where its clause says so."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

from pipeline import lexicon
from pipeline.annotate import adopter_words
from pipeline.annotate.adopters import Named
from pipeline.annotate.reading import Reading
from pipeline.gazetteer import Gazetteer

_BEFORE: Final = 80  # characters before a cue in which its verb stands
_AFTER: Final = 120  # and after a name, up to the next one
# “A” được nhân rộng, “A” thí điểm tại: the words right after a name
_SAID_AFTER: Final = re.compile(
    r"[\"'>]*\s*(?:\([^()\n]{1,60}\)\s*)?(?P<words>[^,;:.\"()\n]{4,80})"
)
_SOON: Final = 8  # words from a name to the date on which it was launched
_PAPER: Final = 60  # characters before a date in which a paper of that date stands
# "Nghị quyết số 12-NQ/HU ngày 5/3/2020"; "đến ngày 5/3/2020"
_OF_ELSE: Final = re.compile(
    r"\b(?:nghị\s+quyết|chỉ\s+thị|kế\s+hoạch|quyết\s+định|kết\s+luận|quy\s+định|hướng\s+dẫn|công\s+văn)\b[^,;:]*\Z"
    r"|/\w[\w/-]*\s*,?\s*\Z|\b(?:đến|tới|hết|trước|sau|tính)\s+(?:cuối\s+|đầu\s+|hết\s+)?\Z"
)
_DATE: Final = re.compile(
    r"""
    (?P<from> \b từ \s+ )? (?: (?:(?<!bắt\s)đầu|giữa|cuối|khoảng|hồi) \s+ )?
    (?: (?:ngày \s+)? (?P<day>\d{1,2}) \s?[/.-]\s? (?P<month>\d{1,2}) \s?[/.-]\s? (?P<year>20\d\d)
      | tháng \s+ (?P<month_>\d{1,2}) \s* (?: [/.-] | ,?\s* năm ) \s* (?P<year_>20\d\d) )
    (?! \d | [/.-]\d )
    (?P<until> \s* (?: - | đến (?!\s+nay) | tới (?!\s+nay) ) )?
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Status:
    status: str
    phrases: tuple[str, ...]
    examples: tuple[str, ...]
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wish:
    phrases: tuple[str, ...]
    examples: tuple[str, ...]


def status(reading: Reading, name: Named) -> str | None:
    """How far the model has come, by the verb of its clause before the cue, or after the name."""
    sentence = reading.sentence_at(name.cue_start)
    before = reading.folded[max(sentence.start_char, name.cue_start - _BEFORE) : name.cue_start]
    found = _status(before.rsplit(";", 1)[-1], last=True)
    after = _SAID_AFTER.match(reading.folded, name.end)
    return found or (_status(after["words"], last=False) if after else None)


def _status(words: str, *, last: bool) -> str | None:
    hits = _statuses().find(words)
    if not hits:
        return None
    hit = hits[-1] if last else hits[0]
    if not last and len(words[: hit.start].split()) > 6:
        return None
    wished = any(w.end <= hit.start <= w.end + 24 for w in _wishes().find(words))
    return None if wished else hit.value


def started_on(reading: Reading, name: Named) -> date | None:
    """When the model began, if its clause says so to the month; the first of it then."""
    sentence = reading.sentence_at(name.start)
    folded = reading.folded
    stop = min(sentence.end_char, name.end + _AFTER)
    begin = max(sentence.start_char, name.cue_start - 2 * _AFTER)
    if folded.find("20", begin, stop) < 0:  # no year of ours
        return None
    after = re.split(r"[;\"]", folded[name.end + 1 : stop], maxsplit=1)[0]
    before = re.split(r"[;\"]", folded[begin : name.cue_start])[-1]
    first = _DATE.search(after)
    if first:
        said = after[: first.start()]
        lead = before[-24:] if len(said.split()) <= _SOON else ""
        if found := _began(first, f"{lead} {said}", bare=2 + len(lead.split())):
            return found
    dates = list(_DATE.finditer(before))
    if not dates:
        return None
    around = before[max(0, dates[-1].start() - 24) : dates[-1].start()]
    return _began(dates[-1], f"{around} {before[dates[-1].end() :]}", bare=0)


def _began(match: re.Match[str], words: str, bare: int) -> date | None:
    """The date, if the words between it and the model say that this is when it began.

    `bare`: as many words or fewer may be between without a verb ("“A” từ tháng 3/2020").
    """
    before = match.string[max(0, match.start() - _PAPER) : match.start()]
    if match["until"] or _OF_ELSE.search(before):
        return None
    verbs = [hit.value for hit in adopter_words.verbs().find(words)]
    if not any(verbs) and not (match["from"] and (verbs or len(words.split()) <= bare)):
        return None
    year, month = match["year"] or match["year_"], match["month"] or match["month_"]
    try:
        return date(int(year), int(month), int(match["day"] or 1))
    except ValueError:
        return None


@cache
def _statuses() -> Gazetteer[str]:
    return Gazetteer({p: s.status for s in lexicon.read("models", Status) for p in s.phrases})


@cache
def _wishes() -> Gazetteer[None]:
    return Gazetteer(dict.fromkeys(lexicon.phrases("models", Wish)))
