"""How far a named model has come, and since when, where its clause says so."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

from pipeline import lexicon
from pipeline.annotate.adopters import Named, Verb
from pipeline.annotate.reading import Reading
from pipeline.gazetteer import Gazetteer
from pipeline.vietnamese import match_key

_BEFORE: Final = 80  # characters before a cue in which its verb stands
_AFTER: Final = 120  # and after a name, up to the next one
# “A” được nhân rộng, “A” thí điểm tại: the words right after a name
_SAID_AFTER: Final = re.compile(r"[\"'>]*\s*(?:\([^()\n]{1,60}\)\s*)?(?P<words>[^,;:.\"()\n]{4,80})")
_DATE: Final = re.compile(
    r"""
    (?P<from> \b từ \s+ )? (?: (?:đầu|giữa|cuối|khoảng|hồi) \s+ )?
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
    after = re.split(r"[;\"]", folded[name.end + 1 : stop], maxsplit=1)[0]
    first = _DATE.search(after)
    if first and (found := _began(first, after[: first.start()], bare=2)):
        return found
    begin = max(sentence.start_char, name.cue_start - 2 * _AFTER)
    before = re.split(r"[;\"]", folded[begin : name.cue_start])[-1]
    dates = list(_DATE.finditer(before))
    return _began(dates[-1], before[dates[-1].end() :], bare=0) if dates else None


def _began(match: re.Match[str], words: str, bare: int) -> date | None:
    """The date, if the words between it and the model say that this is when it began.

    `bare`: as many words or fewer may be between without a verb ("“A” từ tháng 3/2020").
    """
    if match["until"]:
        return None
    verbs = [hit.value for hit in _verbs().find(words)]
    began = any(verbs) or (match["from"] and (verbs or len(words.split()) <= bare))
    if not began or any(h for h in _other().find(words)):
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
    return Gazetteer({p: None for w in lexicon.read("models", Wish) for p in w.phrases})


@cache
def _verbs() -> Gazetteer[bool]:
    """Verbs of adopters, and whether one tells when a model began."""
    return Gazetteer({p: v.starts for v in lexicon.read("models", Verb) for p in v.phrases})


@cache
def _other() -> Gazetteer[None]:
    """Words after which a date is of something else: "Nghị quyết ngày 5/3/2020"."""
    return Gazetteer(
        {match_key(p): None for p in ("nghị quyết", "chỉ thị", "kế hoạch", "quyết định", "kết luận")}
    )
