"""Named models (mô hình): names that a cue word announces, in quotation marks or with clear edges.

A cue ("mô hình", "cách làm", "phong trào", "câu lạc bộ") opens a list of names; words that announce
something else ("cuộc thi", "phương châm") close it. Quotations without a cue are never models.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

from pipeline import lexicon
from pipeline.annotate import adopters, quotes
from pipeline.annotate.adopters import Named
from pipeline.annotate.quotes import Quote
from pipeline.annotate.reading import Reading
from pipeline.gazetteer import Gazetteer
from pipeline.records import Block, ModelMention, UnitMention
from pipeline.vietnamese import match_key

_LONGEST_NAME: Final = 120  # characters: a longer quotation is somebody's words
_LONGEST_GAP: Final = 160  # between a cue and the first name, with an opener before the name
# Between two names of a list: separators, an adopter, the cue again.
_LISTED: Final = re.compile(
    r"""
    [\s…]* (?:\.{2,} \s*)?
    (?: \( [^()]{1,80} \) | (?: của | ở | tại | do | thuộc | vào ) \s [^,;:.()"]{1,90} )?
    [\s.…]* (?: [,;+&/-] | \b (?: và | hay | hoặc | cùng | cùng \s+ với ) \b | (?<=[…)]) ) [\s,]*
    (?: (?: và | cùng | với | các | những | có | cả | nhất \s+ là | rồi | đến ) \s+ )*
    """,
    re.VERBOSE,
)
_CLAUSE: Final = 80  # characters before a cue in which its verb stands
_SENTENCE_END: Final = re.compile(r"(?<![.…])[.!?]\s")
_WORD: Final = re.compile(r"\w+")
# “A” là mô hình ...; “A” - cách làm hay
_IS_A: Final = re.compile(
    r"\s*(?:,?\s*là\s+(?:một\s+)?(?:trong\s+những\s+)?|-\s*|:\s*)(?:những\s+|các\s+)?"
)
# A name without marks begins with a capital and ends before one of these.
_UNQUOTED: Final = re.compile(r"[^\W\d_][^\n,;:.!?…()\"']{3,70}")
_EDGE: Final = re.compile(
    r"\s(?:của|ở|tại|do|được|đã|đang|sẽ|với|cho|trong|là|nhằm|để|tiếp|góp|giúp|có|trên|từ|này|mang|ra"
    r"|hoạt|thu|bước|tạo|theo|vào|không chỉ|và|đến|nên|thì|về|khi|hiện|phát huy|thực hiện|đạt"
    r"|ấp|khóm|thôn|bản|xã|phường|huyện|quận|tỉnh|thị trấn|khu phố)(?:\s|\Z)"
)
_START: Final = re.compile(
    r"""
    (?: từ | thành \s+ lập | ra \s+ mắt | ra \s+ đời | triển \s+ khai | bắt \s+ đầu )
    (?: \s+ \w+ ){0,2}? \s+
    (?: ngày \s+ (?P<day>\d{1,2}) [/-] (?P<month>\d{1,2}) [/-] (?P<year>20\d\d)
          | tháng \s+ (?P<month_>\d{1,2}) \s* (?: [/-] | năm ) \s* (?P<year_>20\d\d) )
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Cue:
    type: str
    phrases: tuple[str, ...]
    examples: tuple[str, ...]
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Other:
    phrases: tuple[str, ...]
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Never:
    phrases: tuple[str, ...]
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Opener:
    phrases: tuple[str, ...]
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Quality:
    phrases: tuple[str, ...]
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Status:
    status: str
    phrases: tuple[str, ...]
    examples: tuple[str, ...]


def find(reading: Reading, units: tuple[UnitMention, ...]) -> tuple[ModelMention, ...]:
    """The mentions of named models, in the order of the text."""
    named = [name for block in reading.blocks for name in _announced(reading, block)]
    named += _named_again(reading, named)
    named.sort()
    return tuple(
        ModelMention(
            reading.article_id,
            reading.sentence_at(name.start).sentence_id,
            reading.text[name.start : name.end],
            name.start,
            name.end,
            " ".join(reading.text[name.start : name.end].split()),
            name.model_type,
            adopter,
            _status(reading, name),
            _started_on(reading, name),
            name.rule,
        )
        for name, adopter in zip(named, adopters.of(reading, units, named), strict=True)
    )


def _announced(reading: Reading, block: Block) -> Iterator[Named]:
    """The names of a paragraph that a cue announces."""
    folded = reading.folded
    start, end = block.start_char or 0, block.end_char or 0
    hits = [
        h._replace(start=start + h.start, end=start + h.end)
        for h in _words().find(folded[start:end])
    ]
    last: Named | None = None  # the name before, while its list goes on
    n = 0
    for quote in quotes.find(folded, start, end):
        if not _is_name(reading, quote):
            continue
        while n < len(hits) and hits[n].end <= quote.start:
            n += 1
        before = hits[n - 1] if n and (last is None or hits[n - 1].start >= last.end) else None
        after = _IS_A.match(folded, quote.end)
        is_a = _words().at(folded, after.end()) if after else None
        if before and before.value and _announces(folded[before.end : quote.start], before.value):
            last = _name(quote, before.start, before.value, "models/cue", before.start)
        elif last and _LISTED.fullmatch(folded, last.end + 1, quote.start):
            last = _name(quote, last.cue_start, last.model_type, "models/list", last.list_no)
        elif is_a and is_a.value and not (before and not before.value):
            last = _name(quote, quote.start, is_a.value, "models/is-a", quote.start)
        else:
            last = None
        if last:
            yield last
    for hit in hits:
        if hit.value == "mo_hinh" and (name := _without_marks(reading, hit.end, end)):
            yield Named(*name, hit.start, hit.value, "models/unquoted", hit.start)


def _is_name(reading: Reading, quote: Quote) -> bool:
    """Whether quoted words can be a name: capital or figure first, or at least four syllables."""
    words = reading.text[quote.start + 1 : quote.end - 1].split()
    if (
        not words
        or quote.end - quote.start > _LONGEST_NAME
        or match_key(" ".join(words)) in _never()
    ):
        return False
    return words[0][0].isupper() or words[0][0].isdigit() or len(words) >= 4


def _name(quote: Quote, cue_start: int, model_type: str, rule: str, list_no: int) -> Named:
    return Named(quote.start + 1, quote.end - 1, cue_start, model_type, rule, list_no)


def _announces(gap: str, model_type: str) -> bool:
    """Whether the words between a cue and a quotation make it the name of what the cue says."""
    if len(gap) > _LONGEST_GAP or _SENTENCE_END.search(gap):
        return False
    words = _WORD.findall(gap)
    opens = gap.rstrip().endswith(":") or any(
        " ".join(words[-size:]) in _openers() for size in range(1, min(5, len(words)) + 1)
    )
    if opens and model_type != "cau_lac_bo":
        return True
    covered = sum(len(gap[h.start : h.end].split()) for h in _qualities().find(gap))
    return covered == len(words)


def _without_marks(reading: Reading, at: int, end: int) -> tuple[int, int] | None:
    """A name without marks right after a cue that ends at `at`: mô hình Tủ sách đầu ấp."""
    match = _UNQUOTED.match(reading.text, at + 1, end)
    if match is None or not match[0][0].isupper() or match[0].isupper():
        return None
    edge = _EDGE.search(reading.folded, match.start(), match.end() + 1)
    stop = edge.start() if edge else match.end()
    if edge is None and match.end() - match.start() > 70:
        return None  # no clear edge
    name = reading.text[match.start() : stop].rstrip()
    if not 2 <= len(name.split()) <= 10 or name.isupper():
        return None
    return match.start(), match.start() + len(name)


def _named_again(reading: Reading, named: list[Named]) -> Iterator[Named]:
    """Quotations of a name that the article announced elsewhere."""
    known = {match_key(reading.text[n.start : n.end]): n for n in reversed(named)}
    taken = {n.start for n in named}
    for block in reading.blocks:
        for quote in quotes.find(reading.folded, block.start_char or 0, block.end_char or 0):
            name = known.get(match_key(reading.text[quote.start + 1 : quote.end - 1]))
            if name and quote.start + 1 not in taken:
                yield _name(quote, quote.start, name.model_type, "models/named-before", quote.start)


def _status(reading: Reading, name: Named) -> str | None:
    """How far the model has come, by the verb of its clause before the cue."""
    sentence = reading.sentence_at(name.cue_start)
    clause = reading.folded[sentence.start_char : name.cue_start][-_CLAUSE:]
    hits = _statuses().find(clause.rsplit(";", 1)[-1])
    return hits[-1].value if hits else None


def _started_on(reading: Reading, name: Named) -> date | None:
    """When the model began, if its sentence says so to the month."""
    sentence = reading.sentence_at(name.start)
    match = _START.search(reading.folded, sentence.start_char, sentence.end_char)
    if match is None:
        return None
    year, month = match["year"] or match["year_"], match["month"] or match["month_"]
    try:
        return date(int(year), int(month), int(match["day"] or 1))
    except ValueError:
        return None


@cache
def _words() -> Gazetteer[str | None]:
    """Cues with their type, and with None what announces something else."""
    cues = {p: cue.type for cue in lexicon.read("models", Cue) for p in cue.phrases}
    others = {p: None for other in lexicon.read("models", Other) for p in other.phrases}
    return Gazetteer({**others, **cues})


@cache
def _never() -> frozenset[str]:
    return frozenset(match_key(p) for n in lexicon.read("models", Never) for p in n.phrases)


@cache
def _openers() -> frozenset[str]:
    return frozenset(match_key(p) for o in lexicon.read("models", Opener) for p in o.phrases)


@cache
def _qualities() -> Gazetteer[None]:
    return Gazetteer({p: None for q in lexicon.read("models", Quality) for p in q.phrases})


@cache
def _statuses() -> Gazetteer[str]:
    return Gazetteer({p: s.status for s in lexicon.read("models", Status) for p in s.phrases})
