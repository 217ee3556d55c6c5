"""Which document a citation means: the authority file, and the steps that narrow it to one.

A step either leaves exactly one document or is followed by the next; where none does, the answer
is None with the reason, never the likeliest. The steps, as `DirectiveMention.resolution` names
them:

1. who issued it: a local or state issuer is never the Party's centre ("local issuer");
2. what the citation states: number, suffix, issuer, term, day or year ("term", "date", "year"),
   plenum ("plenum by common use", "plenum and subject"), congress ("congress");
3. the subject named right after it ("subject");
4. for a short form, the fuller mention of the same number in the article ("inherited");
5. the words of the whole article ("article's subject"), the only one that fits among documents of
   the term in force at publication and the one before it, or the one of the former: what is
   cited with a full number and nothing else is the paper of the day ("date of the article"); and
   of papers on one subject the latest ("superseding").

A short form without issuer, such as a bare `Chỉ thị 05`, needs step 3, 4 or the words of step 5,
or to be coordinated with a resolved paper of one term ("beside a central paper"): provinces and
the government number theirs alike.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Final, NamedTuple

from pipeline import lexicon
from pipeline.annotate.citations import ANAPHORA, Citation
from pipeline.annotate.documents import KINDS
from pipeline.annotate.reading import Reading
from pipeline.records import DirectiveMention, DocType
from pipeline.vietnamese import fold

_WORD: Final = re.compile(r"\w+")
_STOCK: Final = 6  # pairs of syllables in so many titles, such as "tăng cường", say nothing
_HELD: Final = 50  # percent of a title's pairs: less than half of a subject proves nothing
_HELD_BY_SHORT: Final = 75  # for a number without suffix and issuer
_SHARED_BY_SHORT: Final = 3  # pairs its topic shares with a title
_AHEAD: Final = 1.5  # times the next best
_WAYS: Final = 30  # a number cited in more ways than these is not told apart any better
_GAP: Final = 40  # characters between two coordinated papers
_COORDINATED: Final = re.compile(
    r"\s*(?:,|;|và|cùng|cùng với|gắn với)\s+(?:việc\s+)?(?:thực hiện\s+|các\s+)?"
)
_TOPIC: Final = 4  # syllables: a shorter topic ("về học Bác") can confirm, never contradict


@dataclass(frozen=True, slots=True)
class Directive:
    """A central document of the authority file."""

    suffix: str
    term: str
    doc_type: DocType
    issuer: str
    examples: tuple[str, ...]
    number: str | None = None
    issued_on: date | None = None
    title: str | None = None
    plenum: int | None = None
    keywords: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()

    @property
    def directive_id(self) -> str:
        """`05-CT/TW@XII`, and `NQ-DH@XIII` for the resolution of a congress."""
        return "-".join(filter(None, (self.number, self.suffix))) + "@" + self.term


@dataclass(frozen=True, slots=True)
class Term:
    """A term of the Party's congress, from the day its congress closed."""

    term: str
    starts: date
    examples: tuple[str, ...]
    excluded: tuple[str, ...] = ()


class _Verdict(NamedTuple):
    directive: Directive | None
    how: str
    final: bool  # nothing else in the article can change it


class _Known(NamedTuple):
    """A document and what tells it from others."""

    directive: Directive
    every_pair: frozenset[tuple[str, str]]  # of neighbouring syllables in title and keywords
    pairs: frozenset[tuple[str, str]]  # those that few other documents have
    keywords: tuple[str, ...]  # " kinh tế tập thể "
    byword: bool  # what its plenum and term alone mean by common use

    def since(self) -> date:
        return self.directive.issued_on or terms()[self.directive.term]


# --- the authority file -------------------------------------------------------------------


@cache
def directives() -> tuple[Directive, ...]:
    """The authority file, in its order."""
    return lexicon.read("directives", Directive)


@cache
def terms() -> dict[str, date]:
    """Each term and the day it began, in order."""
    return {t.term: t.starts for t in lexicon.read("directives", Term)}


def term_on(day: date) -> str | None:
    """The term in force on a day; None before the first one known.

    >>> term_on(date(2018, 4, 12))
    'XII'
    """
    begun = [term for term, starts in terms().items() if starts <= day]
    return begun[-1] if begun else None


@cache
def _index() -> dict[tuple[str, str], tuple[_Known, ...]]:
    pairs = {
        d: set[tuple[str, str]]().union(
            *(_pairs(_plain(fold(text)).split()) for text in (d.title or "", *d.keywords))
        )
        for d in directives()
    }
    names = {kind.doc_type: kind.names[0] for kind in KINDS}
    shared = Counter(pair for of_one in pairs.values() for pair in of_one)
    index: dict[tuple[str, str], list[_Known]] = defaultdict(list)
    for d in directives():
        byword = _plain(fold(f"{names[d.doc_type]} Trung ương {d.plenum} khóa {d.term}"))
        known = _Known(
            d,
            frozenset(pairs[d]),
            frozenset(pair for pair in pairs[d] if shared[pair] < _STOCK),
            tuple(_plain(fold(k)) for k in d.keywords),
            any(_plain(fold(e)) == byword for e in d.examples),
        )
        if d.number:
            index[d.doc_type, d.number].append(known)
        else:
            index[d.doc_type, "congress"].append(known)
        if d.plenum:
            index[d.doc_type, f"plenum {d.plenum}"].append(known)
    return {key: tuple(of_key) for key, of_key in index.items()}


def _plain(folded: str) -> str:
    """The syllables of folded text alone: `" phòng chống tham nhũng "`."""
    return f" {' '.join(_WORD.findall(folded))} "


def _pairs(syllables: Sequence[str]) -> set[tuple[str, str]]:
    return set(itertools.pairwise(syllables))


def _keys(c: Citation) -> tuple[tuple[str, str], ...]:
    """Under what a citation's document and its other mentions in the article are looked for."""
    if c.number:
        return ((c.doc_type, c.number),)
    return ((c.doc_type, f"plenum {c.plenum}"),) if c.plenum else ()


# --- the steps ----------------------------------------------------------------------------


def resolve(reading: Reading, citations: Sequence[Citation]) -> tuple[DirectiveMention, ...]:
    """A mention for every citation, each with the document it means or the reason for none."""
    article = _Article(reading)
    verdicts = [article.verdict(c) for c in citations]
    verdicts = [article.beside(n, citations, verdicts) for n in range(len(citations))]
    earlier, everywhere = _Anchors(), _Anchors()
    for citation, verdict in zip(citations, verdicts, strict=True):
        everywhere.add(citation, verdict)
    mentions: list[DirectiveMention] = []
    named: dict[DocType, set[str | None]] = defaultdict(set)
    for citation, verdict in zip(citations, verdicts, strict=True):
        if citation.rule == ANAPHORA:
            if len(named[citation.doc_type]) == 1:
                mentions += _just_named(reading, citation, mentions[-1])
            continue
        if not verdict.final:
            citation, verdict = (
                earlier.inherit(citation) or everywhere.inherit(citation) or (citation, verdict)
            )
        earlier.add(citation, verdict)
        mentions.append(_mention(reading, citation, verdict))
        named[citation.doc_type].add(mentions[-1].directive_id)
    return tuple(mentions)


class _Article:
    """What the article as a whole says about documents."""

    def __init__(self, reading: Reading) -> None:
        self._published = reading.published_on
        self._folded = reading.folded
        self._plain = ""
        self._shares: dict[Directive, int] = {}

    def verdict(self, c: Citation) -> _Verdict:
        if c.level in ("local", "other"):
            return _Verdict(None, f"{c.level} issuer", True)
        if c.unsaid and not c.suffix:
            return _Verdict(None, "issuer unsaid", True)
        known = [k for k in _candidates(c) if self._issued_by_now(k)]
        if c.congress:
            return self._congress(c, known)
        if not known:
            return _Verdict(None, "not in the authority file", False)
        known, said = _as_stated(c, known)
        if not known:
            return _Verdict(None, "nothing known fits what is stated", True)
        if c.plenum and not c.number:
            return self._plenum(c, known)
        if len(known) == 1 and said:
            return _Verdict(known[0].directive, said, True)
        known, best = _by_subject(c, known)
        if best or not known:
            return _Verdict(best, "subject" if best else "subject of none known", best is not None)
        return self._by_article(c, known)

    def _issued_by_now(self, known: _Known) -> bool:
        return self._published is None or known.since() <= self._published

    def _congress(self, c: Citation, known: list[_Known]) -> _Verdict:
        found = [k.directive for k in known if k.directive.term == c.term]
        # "Nghị quyết Đại hội XIII" alone may be the province's own thirteenth congress.
        sure = c.level == "central" or (self._published and term_on(self._published) == c.term)
        if found and sure:
            return _Verdict(found[0], "congress", True)
        return _Verdict(None, "whose congress is unsaid" if found else "no such congress", True)

    def _plenum(self, c: Citation, known: list[_Known]) -> _Verdict:
        if not c.term and self._published:  # "Nghị quyết Trung ương 5": of the term in force
            now = term_on(self._published)
            known = [k for k in known if k.directive.term == now]
        known, best = _by_subject(c, known)
        if best:
            return _Verdict(best, "plenum and subject", True)
        if meant := [k.directive for k in known if k.byword]:
            return _Verdict(meant[0], "plenum by common use", bool(c.term))
        # The plenum may have passed papers that the authority file does not list.
        if len(known) == 1 and self._told(known[0]):
            return _Verdict(known[0].directive, "plenum and article's subject", bool(c.term))
        return _Verdict(None, _ambiguous(known), bool(c.term))

    def _by_article(self, c: Citation, known: list[_Known]) -> _Verdict:
        recent = [k for k in known if self._recent(k)]
        if told := _best(((self._told(k), k) for k in known), _AHEAD):
            sure = c.signed or self._told(told) >= _HELD_BY_SHORT
            if sure and (not recent or told in recent):
                return _Verdict(told.directive, "article's subject", c.signed)
        elif recent and c.signed:
            latest = max(recent, key=_Known.since)
            if len(recent) == 1:
                how = "date of the article" if self._published else "only one known"
                return _Verdict(latest.directive, how, True)
            if self._published and all(_same_subject(k, latest) for k in recent):
                return _Verdict(latest.directive, "superseding", True)
            if self._published and latest.directive.term == term_on(self._published):
                return _Verdict(latest.directive, "date of the article", True)
        return _Verdict(None, _ambiguous(known), False)

    def beside(
        self, n: int, citations: Sequence[Citation], verdicts: Sequence[_Verdict]
    ) -> _Verdict:
        """The verdict on a short form, also by the central paper it is coordinated with.

        In "Nghị quyết Trung ương 4 khóa XII và Chỉ thị 05" both are papers of one term's centre.
        """
        c, verdict = citations[n], verdicts[n]
        if verdict.final or c.signed or c.level or not c.number:
            return verdict
        for other in (n - 1, n + 1):
            if not 0 <= other < len(citations) or not (near := verdicts[other].directive):
                continue
            first, second = sorted((citations[other], c), key=lambda one: one.start_char)
            gap = self._folded[first.end_char : second.start_char]
            known = [k for k in _candidates(c) if self._issued_by_now(k)]
            of_term = [k for k in known if k.directive.term == near.term]
            named = [k for k in known if _names(near.title, k.directive)]
            if len(gap) <= _GAP and _COORDINATED.fullmatch(gap) and len(of_term) == 1:
                return _Verdict(of_term[0].directive, "beside a central paper", True)
            if len(gap) <= _GAP and len(named) == 1:
                return _Verdict(named[0].directive, "in the title of the paper beside it", True)
        return verdict

    def _recent(self, known: _Known) -> bool:
        now = term_on(self._published) if self._published else None
        order = list(terms())
        return now is None or order.index(now) - order.index(known.directive.term) <= 1

    def _told(self, known: _Known) -> int:
        """How much of a document's subject the article holds, in percent; little is nought."""
        d = known.directive
        if d not in self._shares:
            self._plain = self._plain or _plain(self._folded)
            # a look at the text for each pair: far fewer than the article's own pairs
            found = sum(f" {first} {second} " in self._plain for first, second in known.pairs)
            held = 100 * found // max(len(known.pairs), 1)
            named = any(keyword in self._plain for keyword in known.keywords)
            self._shares[d] = 100 if named else held if held >= _HELD else 0
        return self._shares[d]


def _candidates(c: Citation) -> tuple[_Known, ...]:
    keys = ((c.doc_type, "congress"),) if c.congress else _keys(c)
    return _index().get(keys[0], ()) if keys else ()


def _as_stated(c: Citation, known: list[_Known]) -> tuple[list[_Known], str | None]:
    """What is left of `known` by what the citation states, and which statement singles it out."""
    said = None
    if c.suffix:
        known = [k for k in known if _same_suffix(c.suffix, k.directive.suffix)]
    if c.term:
        known = [k for k in known if k.directive.term == c.term]
        said = "term"
    if day := c.issued_on:
        of_day = [k for k in known if k.directive.issued_on == day]
        # A wrong day does no harm to a full number: it runs through the term.
        of_term = [k for k in known if k.directive.term == term_on(day)] if c.signed else []
        known = of_day or of_term
        said = "date"
    if c.plenum:
        known = [k for k in known if k.directive.plenum in (None, c.plenum)]
        said = said or "plenum"
    if c.year and (of_year := [k for k in known if k.since().year == c.year]):
        known = of_year
        said = said or ("year" if c.signed else None)
    if c.issuer and not c.general and not c.plenum:
        known = [k for k in known if c.issuer in k.directive.issuer]
    return known, said


def _by_subject(c: Citation, known: list[_Known]) -> tuple[list[_Known], Directive | None]:
    """The documents the topic does not speak against, and the one it speaks for."""
    topic = _pairs(c.topic)
    if not topic:
        return known, None
    if len(c.topic) >= _TOPIC:
        # "Nghị quyết Trung ương 4 về xây dựng Đảng" names its subject loosely: any pair will do.
        known = [k for k in known if (k.every_pair if c.plenum else k.pairs) & topic or not k.pairs]
    best = _best((len(k.pairs & topic), k) for k in known)
    enough = 1 if c.signed else _SHARED_BY_SHORT
    if best is None or len(best.pairs & topic) < min(enough, len(best.pairs)):
        return known, None
    return known, best.directive


def _best(scored: Iterable[tuple[int, _Known]], ahead: float = 1) -> _Known | None:
    """The one with the highest score, if all others times `ahead` stay below it."""
    first, second, *_ = *sorted(scored, key=lambda s: -s[0]), (0, None), (0, None)
    return first[1] if first[0] > ahead * second[0] else None


def _names(title: str | None, paper: Directive) -> bool:
    """Whether a title names another paper: "Về tiếp tục thực hiện Chỉ thị số 05-CT/TW"."""
    return bool(title and paper.number and f" {paper.number}-{paper.suffix} " in title)


def _same_subject(one: _Known, other: _Known) -> bool:
    """Titles alike by half their pairs: the preparation of one congress and of the next."""
    smaller = min(len(one.pairs), len(other.pairs))
    return smaller > 0 and 2 * len(one.pairs & other.pairs) >= smaller


def _same_suffix(one: str, other: str) -> bool:
    """QĐi/TW is how some regulations are numbered that papers also cite as QĐ/TW."""
    return one.casefold().replace("qđi", "qđ") == other.casefold().replace("qđi", "qđ")


def _ambiguous(known: list[_Known]) -> str:
    return f"ambiguous: {len(known)} candidates" if len(known) > 1 else "unconfirmed"


# --- other mentions of the same document in the article -----------------------------------


class _Anchors:
    """The fuller mentions of an article, by type and number."""

    def __init__(self) -> None:
        self._by_key: dict[tuple[str, str], dict[object, tuple[Citation, _Verdict]]] = {}

    def add(self, c: Citation, verdict: _Verdict) -> None:
        d = verdict.directive
        if not (d or c.signed):
            return
        keys = {*_keys(c)} | ({(d.doc_type, d.number)} if d and d.number else set())
        for key in keys:
            ways = self._by_key.setdefault(key, {})
            if len(ways) < _WAYS:
                ways.setdefault((d, c.level, c.suffix, c.term), (c, verdict))

    def inherit(self, c: Citation) -> tuple[Citation, _Verdict] | None:
        """The citation as its fuller mentions complete it; None where there are none."""
        ways = [way for key in _keys(c) for way in self._by_key.get(key, {}).values()]
        fuller = [(anchor, verdict) for anchor, verdict in ways if _agree(c, anchor)]
        if not fuller:
            return None
        if len({verdict.directive for _, verdict in fuller}) > 1:
            return c, _Verdict(None, f"ambiguous: {len(fuller)} fuller mentions", True)
        anchor, verdict = fuller[0]
        whole = replace(
            c,
            suffix=c.suffix or anchor.suffix,
            issuer=c.issuer or anchor.issuer,
            level=anchor.level,
        )
        how = "inherited" if verdict.directive else f"inherited: {verdict.how}"
        return whole, _Verdict(verdict.directive, how, True)


def _agree(c: Citation, anchor: Citation) -> bool:
    return (
        anchor.start_char != c.start_char
        and (not c.suffix or not anchor.suffix or _same_suffix(c.suffix, anchor.suffix))
        and (not c.term or not anchor.term or c.term == anchor.term)
        and (not c.level or not anchor.level or c.level == anchor.level)
    )


def _just_named(reading: Reading, c: Citation, before: DirectiveMention) -> list[DirectiveMention]:
    """`Chỉ thị này` as the resolved paper of its kind named right before it."""
    sentence = reading.sentence_at(c.start_char)
    named = reading.sentences[before.sentence_id]
    near = named.block_no == sentence.block_no and sentence.sentence_id - named.sentence_id <= 1
    if not near or before.directive_id is None or before.doc_type != c.doc_type:
        return []
    return [
        replace(
            before,
            sentence_id=sentence.sentence_id,
            surface=reading.text[c.start_char : c.end_char],
            start_char=c.start_char,
            end_char=c.end_char,
            resolution="the paper just named",
            rule=c.rule,
        )
    ]


def _mention(reading: Reading, c: Citation, verdict: _Verdict) -> DirectiveMention:
    d = verdict.directive
    dated = c.level in ("local", "other") or (d and d.issued_on and d.issued_on.year == c.year)
    return DirectiveMention(
        article_id=reading.article_id,
        sentence_id=reading.sentence_at(c.start_char).sentence_id,
        surface=reading.text[c.start_char : c.end_char],
        start_char=c.start_char,
        end_char=c.end_char,
        doc_type=c.doc_type,
        number=d.number if d else c.number,
        suffix=(d.suffix if d.number else None) if d else c.suffix,
        term=d.term if d else c.term,
        issuer=d.issuer if d else c.issuer,
        year=c.issued_on.year if c.issued_on else c.year if dated else None,
        issued_on=c.issued_on,
        directive_id=d.directive_id if d else None,
        resolution=verdict.how,
        rule=c.rule,
    )
