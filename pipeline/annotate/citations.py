"""How one place of a text refers to one or more documents.

A citation is the name of a kind of document (`Chỉ thị`, `NQ`) and what tells one paper from the
others: a number, a plenum, a congress, or a year with an issuer. Where several numbers, plenums or
terms share one name (`các Quy định 96, 262`, `Nghị quyết Trung ương 4, khóa XI, XII`) each is a
citation, and all bear the whole surface. The surface of a local paper runs to its issuer, that of
any other to its number or term. A name without any of these is no citation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice, product
from typing import Final, NamedTuple

from pipeline.annotate import documents
from pipeline.annotate.documents import Kind, Number
from pipeline.annotate.issuers import (
    WORDS,
    Body,
    Level,
    any_of,
    body_at,
    of_organ,
    subject_of_issuing,
)
from pipeline.annotate.reading import Reading
from pipeline.records import DocType

ANAPHORA: Final = "directives/anaphora"

_CENTRAL_COMMITTEE: Final = "Ban Chấp hành Trung ương"
_CONGRESS: Final = "Đại hội đại biểu toàn quốc"
_NATIONAL: Final = re.compile(r"(?:\s(?:của\s)?đảng|\scộng\ssản\sviệt\snam|\stoàn\squốc)*")
_LAST_PLENUM: Final = 20  # "Trung ương 35" is a number, no plenum
_LIST_GAP: Final = 20  # characters between two papers of a list
_TOPIC_LENGTH: Final = 40  # syllables

_THIS: Final = re.compile(r"\snày(?!\w)")
_AND: Final = re.compile(r"(?:\s?,|\svà)(?=\s)")
_A_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_WORD: Final = re.compile(r"\s{1,2}(?P<word>\w+)")
_TOPIC: Final = re.compile(r"\s?[,:]?\s?(?:\"\s?(?:về\s)?|về\s(?:việc\s)?\"?)")
_OF_BODY: Final = re.compile(r"\s{1,2}(?:của\s{1,2})?")
_OF: Final = re.compile(
    r"""
    (?:\s?,)? \s{1,2} của \s{1,2}
  | \s? \( (?:của\s)?                        # Nghị quyết 35 (Bộ Chính trị)
  | \s{1,2} (?P<by> do | được ) \s{1,2}      # Chỉ thị 06 do Tỉnh ủy ban hành
  | (?P<bare> \s )                           # Nghị quyết 35 Bộ Chính trị
    """,
    re.VERBOSE,
)
_HAS_ISSUED: Final = re.compile(
    rf"\s(?:[^\W\d_]{{1,7}}\s){{0,2}}(?:{any_of(WORDS['issue'])})(?!\w)"
)


@dataclass(frozen=True, slots=True)
class Citation:
    """One document as one place of the text cites it, before anything is concluded from it."""

    start_char: int
    end_char: int
    doc_type: DocType
    rule: str
    number: str | None = None
    suffix: str | None = None
    term: str | None = None
    plenum: int | None = None
    congress: bool = False
    issuer: str | None = None
    level: Level | None = None
    general: bool = False  # the issuer is the centre as such: "của Trung ương"
    unsaid: bool = False  # somebody not named issues it here: "đã ban hành Chỉ thị 06"
    year: int | None = None
    issued_on: date | None = None
    topic: tuple[str, ...] = ()  # syllables of "về ..." right after it

    @property
    def signed(self) -> bool:
        """Whether the text says who issued it, by suffix or name."""
        return bool(self.suffix or self.level)


class _Issuer(NamedTuple):
    level: Level | None = None
    name: str | None = None
    general: bool = False


class _Tail(NamedTuple):
    """What follows a number or plenum and belongs to it."""

    end: int
    core: int  # where the surface of a central document ends
    terms: tuple[str, ...] = ()
    issued_on: date | None = None
    year: int | None = None
    plenum: int | None = None
    body: Body | None = None
    by: bool = False  # "do Tỉnh ủy ban hành": the surface stops before


def citations(reading: Reading, unit_ends: Mapping[int, int]) -> list[Citation]:
    """All citations in text order; those of one list share their surface.

    `unit_ends` maps where a unit is named to where its name ends.
    """
    reader = _Reader(reading, unit_ends)
    found: list[Citation] = []
    position = 0
    while head := documents.head(reading.folded, position):
        group = reader.group(head)
        position = max([head.end(), *(c.end_char for c in group)])
        found += reader.with_subject(group)
    return _with_common_issuer(reading.folded, found)


def _signed(number: Number | None, body: Body | None) -> _Issuer:
    """Who issued it by the suffix of its number, or else by the body named after it."""
    named = _Issuer(body.entry.level, body.name, body.entry.general) if body else _Issuer()
    if number is None or number.suffix is None:
        return named
    signs = [of_organ(code) for code in reversed(number.codes)]
    # Party papers are numbered 12-KH/BTG, those of the state 12/KH-BTG.
    unknown: tuple[Level, None] = ("local" if "/" in number.suffix else "other", None)
    level, name = next(filter(None, signs), unknown)
    fits = named.level and (named.level == "central") == (level == "central")
    return named._replace(level=level) if fits else _Issuer(level, name)


def _with_common_issuer(folded: str, found: list[Citation]) -> list[Citation]:
    """What the last of a list states, for the others too: `Chỉ thị 05, Kết luận 01 của BCT`.

    A local issuer only for those of its own kind: `Chỉ thị 05 và Kế hoạch 12 của Tỉnh ủy`.
    """
    whole: list[Citation] = []
    after: Citation | None = None
    for c in reversed(found):
        if whole and whole[-1].start_char != c.start_char:
            after = whole[-1]
        if (
            after
            and after.issuer
            and c.number
            and not (c.level or c.unsaid or c.term)
            and 0 < after.start_char - c.end_char < _LIST_GAP
            and documents.LISTED.fullmatch(folded, c.end_char, after.start_char)
        ):
            if after.doc_type == c.doc_type:
                c = replace(c, issuer=after.issuer, level=after.level, general=after.general)
            elif after.level == "central":
                c = replace(c, level="central", general=True)
        whole.append(c)
    return whole[::-1]


class _Reader:
    """The grammar over one article. Methods take where to read from and where the sentence ends."""

    def __init__(self, reading: Reading, unit_ends: Mapping[int, int]) -> None:
        self.reading = reading
        self.text = reading.text
        self.folded = reading.folded
        self.unit_ends = unit_ends
        self.issued: _Issuer | None = None  # the subject of the last "ban hành"
        self.issued_end = 0  # where the last citation it governs ends

    def group(self, head: re.Match[str]) -> list[Citation]:
        """The citations that begin with `head`; none if nothing tells which paper is meant."""
        kind = documents.kind_of(head)
        end = self.reading.sentence_at(head.start()).end_char
        lower = not self.text[head.start() : head.start() + 2].isupper()
        if head.end() > end or (head["short"] and lower):
            return []
        if kind.bare == "free":
            for read in (self._plenary, self._congress, self._yearly):
                if found := read(kind, head, end):
                    return found
        return self._numbered(kind, head, end) or self._anaphor(kind, head, end)

    # --- numbers

    def _numbered(self, kind: Kind, head: re.Match[str], end: int) -> list[Citation]:
        first = documents.number_at(self.reading, head.end(), end)
        if first is None:
            first = self._number_apart(kind, head.end(), end)
        if first is None or not self._names_paper(kind, head, first, end):
            return []
        numbers, tails = [first], [self._tail(kind, first.end, end, bare=not first.suffix)]
        while gap := documents.NEXT.match(self.folded, tails[-1].end, end):
            number = documents.number_at(self.reading, gap.end(), end)
            if number is None:
                break
            tail = self._tail(kind, number.end, end, bare=not number.suffix)
            alone = tails[-1].end == numbers[-1].end and len(number.number) > 1
            followed = tail.end > number.end or self._followed(number.end, end)
            if not (number.labelled or number.suffix or (alone and followed)):
                break
            numbers.append(number)
            tails.append(tail)
        return list(self._of_numbers(kind, head.start(), numbers, tails, end))

    def _of_numbers(
        self, kind: Kind, start: int, numbers: list[Number], tails: list[_Tail], end: int
    ) -> Iterator[Citation]:
        """One citation a number; what only the last one states holds for all."""
        last = tails[-1]
        topic = self._topic(last.end, end)
        for number, tail in zip(numbers, tails, strict=True):
            signed = number if number.suffix else numbers[-1]
            terms = tail.terms or last.terms
            issuer = _signed(signed, tail.body or last.body)
            if issuer.level is None and (kind.state or number.year):  # Nghị định 100/2019
                issuer = _Issuer("other")
            yield Citation(
                start,
                self._surface_end(last, issuer),
                kind.doc_type,
                "directives/number" if signed.suffix else "directives/short-number",
                number=number.number.zfill(2),
                suffix=signed.suffix,
                term=terms[0] if len(terms) == 1 else None,
                plenum=tail.plenum or last.plenum,
                issuer=issuer.name,
                level=issuer.level,
                general=issuer.general,
                year=number.year or tail.year,
                issued_on=tail.issued_on,
                topic=topic,
            )

    def _number_apart(self, kind: Kind, at: int, end: int) -> Number | None:
        """`Kế hoạch kiểm tra số 12-KH/TU`: the sign proves that the number is the kind's own."""
        gap = documents.APART.match(self.folded, at, end)
        if gap is None or documents.HEAD.search(self.folded, at, gap.end()):
            return None
        number = documents.number_at(self.reading, gap.end(), end)
        own = number and number.codes and number.codes[0] in map(str.upper, kind.codes)
        return number if own else None

    def _names_paper(self, kind: Kind, head: re.Match[str], number: Number, end: int) -> bool:
        """Whether the number is a document's; `Kế hoạch 6 tháng` counts months."""
        if number.suffix:
            return True
        if documents.PROGRAMMES.at(self.folded, head.start()) or self._counts(number.end, end):
            return False
        if number.labelled:
            return True
        if kind.bare == "never" or (kind.bare == "strict" and (head["short"] or number.year)):
            return False
        if _A_YEAR.fullmatch(number.number):  # Kế hoạch 2022 của Tỉnh ủy
            return False
        begins = self.reading.sentence_at(head.start()).start_char == head.start()
        strict = (
            kind.bare == "strict"
            or len(number.number) == 1
            or not self.text[head.start()].isupper()
            or (kind.verb and begins)
        )
        return not strict or self._followed(number.end, end)

    def _counts(self, at: int, end: int) -> bool:
        word = _WORD.match(self.folded, at, end)
        if word is None or documents.DATED.match(self.folded, at, end):
            return False
        return documents.COUNTED.at(self.folded, word.start("word")) is not None

    def _followed(self, at: int, end: int) -> bool:
        """Whether a sign, a date or a word that never follows a count comes next."""
        word = _WORD.match(self.folded, at, end)
        if word is None or word["word"] in documents.AFTER:
            return True
        return documents.DATED.match(self.folded, at, end) is not None

    # --- plenums, congresses, years, "this"

    def _plenary(self, kind: Kind, head: re.Match[str], end: int) -> list[Citation]:
        named: list[tuple[int, str | None]] = []
        tail = _Tail(head.end(), head.end())
        at = head.end()
        while m := documents.PLENUM.match(self.folded, at, end):
            plenums = [documents.plenum(m)]
            at = m.end()
            while m := documents.NEXT_PLENUM.match(self.folded, at, end):
                plenums.append(documents.plenum(m))
                at = m.end()
            following = self._tail(kind, at, end, bare=True)
            if max(plenums) > _LAST_PLENUM or (named and not following.terms):
                break
            tail = following
            named += product(plenums, tail.terms or (None,))
            gap = _AND.match(self.folded, tail.end, end)  # "và Trung ương 4 khóa XII"
            if gap is None:
                break
            at = gap.end()
        issuer = _signed(None, tail.body)
        if issuer.level != "local":
            issuer = _Issuer("central", _CENTRAL_COMMITTEE)
        return [
            Citation(
                head.start(),
                self._surface_end(tail, issuer),
                kind.doc_type,
                "directives/plenum",
                plenum=plenum,
                term=term,
                issuer=issuer.name,
                level=issuer.level,
                issued_on=tail.issued_on,
                topic=self._topic(tail.end, end),
            )
            for plenum, term in named
        ]

    def _congress(self, kind: Kind, head: re.Match[str], end: int) -> list[Citation]:
        m = documents.CONGRESS.match(self.folded, head.end(), end)
        if m is None:
            return []
        national = _NATIONAL.fullmatch(m["whose"]) is not None
        if not national and not (m["nth"] and self.text[m.start("whose") + 1].isupper()):
            return []
        stop, name = m.end(), _CONGRESS
        level: Level | None = "central" if m["whose"] or m["party"] else None
        body = self._body_after(m.end(), end)
        if body and body.entry.level == "local":  # Đại hội XV Đảng bộ tỉnh
            stop, level, name = body.end, "local", body.name or ""
        elif not national:
            level = "local" if "đảng bộ" in m["whose"] else "other"
            name = self.text[m.start("whose") : m.end("whose")].strip()
        return [
            Citation(
                head.start(),
                stop,
                kind.doc_type,
                "directives/congress",
                term=term,
                congress=level in ("central", None),
                issuer=name,
                level=level,
            )
            for term in documents.terms(m["terms"])
        ]

    def _yearly(self, kind: Kind, head: re.Match[str], end: int) -> list[Citation]:
        """`Nghị quyết năm 2022 của Tỉnh ủy`."""
        m = documents.YEAR.match(self.folded, head.end(), end)
        body = self._body_after(m.end(), end) if m else None
        if m is None or body is None or body.entry.level != "local":
            return []
        return [
            Citation(
                head.start(),
                body.end,
                kind.doc_type,
                "directives/year",
                issuer=body.name,
                level="local",
                year=int(m["year"]),
            )
        ]

    def _anaphor(self, kind: Kind, head: re.Match[str], end: int) -> list[Citation]:
        m = _THIS.match(self.folded, head.end(), end)
        return [Citation(head.start(), m.end(), kind.doc_type, ANAPHORA)] if m else []

    # --- what follows

    def _tail(self, kind: Kind, at: int, end: int, *, bare: bool) -> _Tail:
        """Terms, day, plenum, issuer and year in any order, each once."""
        tail = _Tail(at, at)
        while more := (
            self._with_terms(tail, end)
            or self._with_day(tail, end, bare)
            or self._with_plenum(tail, end)
            or self._with_body(kind, tail, end)
            or self._with_year(tail, end)
        ):
            tail = more
        return tail

    def _with_terms(self, tail: _Tail, end: int) -> _Tail | None:
        m = None if tail.terms else documents.TERM.match(self.folded, tail.end, end)
        terms = documents.terms(m["terms"]) if m else ()
        if m is None or not terms:
            return None
        core = m.end() if tail.core == tail.end else tail.core
        return tail._replace(end=m.end(), core=core, terms=terms)

    def _with_day(self, tail: _Tail, end: int, bare: bool) -> _Tail | None:
        m = None if tail.issued_on else documents.DATE.match(self.folded, tail.end, end)
        if m is None:
            return None
        # "Thực hiện Chỉ thị 05, ngày 12/6/2023 Đảng ủy đã họp" does not date the directive.
        if bare and m["comma"] and not m["open"] and self._body_after(m.end(), end) is None:
            return None
        try:
            day = date(int(m["year"]), int(m["month"]), int(m["day"]))
        except ValueError:
            return None
        return tail._replace(end=m.end(), issued_on=day)

    def _with_plenum(self, tail: _Tail, end: int) -> _Tail | None:
        m = None if tail.plenum else documents.PLENUM.match(self.folded, tail.end, end)
        plenum = documents.plenum(m) if m else 0
        if m is None or not 0 < plenum <= _LAST_PLENUM:
            return None
        core = m.end() if tail.core == tail.end else tail.core
        return tail._replace(end=m.end(), core=core, plenum=plenum)

    def _with_body(self, kind: Kind, tail: _Tail, end: int) -> _Tail | None:
        m = None if tail.body else _OF.match(self.folded, tail.end, end)
        body = body_at(self.reading, m.end(), end, self.unit_ends) if m else None
        if m is None or body is None:
            return None
        if body.entry.doc_types and kind.doc_type not in body.entry.doc_types:
            return None
        if m["bare"] and body.entry.level != "central":  # "Chỉ thị 05 Tỉnh ủy đã ..."
            return None
        if m["by"] and not _HAS_ISSUED.match(self.folded, body.end, end):
            return None
        return tail._replace(end=body.end, body=body, by=bool(m["by"]))

    def _with_year(self, tail: _Tail, end: int) -> _Tail | None:
        m = (
            None
            if tail.year or tail.issued_on
            else documents.YEAR.match(self.folded, tail.end, end)
        )
        return tail._replace(end=m.end(), year=int(m["year"])) if m else None

    def _body_after(self, at: int, end: int) -> Body | None:
        m = _OF_BODY.match(self.folded, at, end)
        return body_at(self.reading, m.end(), end, self.unit_ends) if m else None

    def _surface_end(self, tail: _Tail, issuer: _Issuer) -> int:
        body = tail.body if issuer.level == "local" and not tail.by else None
        return body.end if body and body.entry.level == "local" else tail.core

    def _topic(self, at: int, end: int) -> tuple[str, ...]:
        m = _TOPIC.match(self.folded, at, end)
        if m is None:
            return ()
        syllables = documents.SYLLABLE.finditer(self.folded, m.end(), end)
        return tuple(s[0] for s in islice(syllables, _TOPIC_LENGTH))

    # --- what stands before

    def with_subject(self, group: list[Citation]) -> list[Citation]:
        """The group with the subject of "ban hành" before it as issuer, if it states none."""
        if not group or group[0].rule == ANAPHORA:
            return group
        first = group[0]
        start = self.reading.sentence_at(first.start_char).start_char
        issuer = self.issued if self._goes_on(first, start) else None
        if issuer is None:
            said, body = subject_of_issuing(self.reading, start, first.start_char, self.unit_ends)
            issuer = _signed(None, body) if said else None
        if issuer is None:
            return group
        self.issued, self.issued_end = issuer, first.end_char
        level, name, general = issuer
        if first.level is None:
            group = [replace(c, level=level, general=general, unsaid=not level) for c in group]
        same = level == group[0].level
        return [replace(c, issuer=c.issuer or name) for c in group] if same else group

    def _goes_on(self, c: Citation, start: int) -> bool:
        """Whether `c` goes on a list: `đã ban hành Kế hoạch 12, Chỉ thị 06`."""
        if start > self.issued_end or not 0 < c.start_char - self.issued_end < _LIST_GAP:
            return False
        return documents.LISTED.fullmatch(self.folded, self.issued_end, c.start_char) is not None
