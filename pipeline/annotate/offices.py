"""Offices: one or several posts as written, and the body of the last one.

"Ủy viên Ban Thường vụ Tỉnh ủy, Bí thư Đảng ủy Khối các cơ quan tỉnh" is one office: what stands
before the last body is its role. This module finds where offices stand and what they belong to;
`officials` says whose they are.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, NamedTuple

from pipeline import lexicon
from pipeline.annotate import people, places, unit_grammar
from pipeline.annotate.people import LEGAL_FORM, Name, People
from pipeline.annotate.reading import Reading
from pipeline.clean import territories
from pipeline.gazetteer import Gazetteer
from pipeline.records import UnitMention
from pipeline.vietnamese import match_key

# From a name to its first post.
_TO_POST: Final = re.compile(
    r"""
    \s* [,(] \s* (?: (?: (?:hiện|nay|vừa|đồng\s+thời|cũng) \s+ )?
                     (?: là | giữ\s+chức | đương\s+chức ) \s+ )?       # ông A, (hiện là) Bí thư
    | \s* - \s*                                                       # ông A - Bí thư
    | \s+ (?: hiện | vừa | đang | nguyên )? \s* là \s+                # ông A là Bí thư
    | \s+ (?: (?: khi | vừa | mới | đã | từng | sau \s khi ) \s ){0,2}
      (?: được \s (?:[^\W\d_]+\s){0,4} | trúng \s cử \s | tái \s cử \s | giữ \s
        | đảm \s nhiệm \s | đảm \s nhận \s )?                         # ông A được tín nhiệm bầu làm
      (?: làm | giữ | chức \s vụ | chức \s danh | chức | cương \s vị | vai \s trò ) \s+
      (?: chức \s vụ \s+ | chức \s danh \s+ | chức \s+ )?
    """,
    re.VERBOSE,
)
# What may stand between a name and the comma before its post.
_ASIDE: Final = re.compile(
    r"""
    \s* \( [^()\n]{1,60} \)                                           # (sinh năm 1970), (bìa trái)
    | , \s* (?: \d{2} \s+ tuổi (?:\s+đảng)?                           # , 54 tuổi, Bí thư
             | sinh \s+ năm \s+ \d{4}
             | (?:là\s+)? (?:người\s+)? dân \s+ tộc \s \w+ (?:\s\w+)?
             | (?: ở | ngụ | trú | quê | thường \s trú ) \s [^,;:.()\n]{2,60} )
      (?= \s* [,(-] )
    """,
    re.VERBOSE,
)
# From one post to the next.
_NEXT_POST: Final = re.compile(
    r"""
    \s* , \s* (?: kiêm \s+ | vừa \s+ là \s+ | đồng \s+ thời \s+ là \s+ | hiện \s+ là \s+ )?
    | \s* [-/] \s*                                                    # Bí thư - Chủ tịch
    | \s+ (?: kiêm (?:\s(?:nhiệm|chức))? | (?:và|vừa|đồng\s+thời|cũng) \s+ là | đồng \s+ thời ) \s+
    | \s+ (?P<and> và ) \s+                                           # not before two names
    """,
    re.VERBOSE,
)
# A body that the unit layer does not know, or what a post is in charge of: up to a comma.
_OTHER_BODY: Final = re.compile(r"\s+(?P<body>[^,;:.()\n\"]{1,90})")
# What joins such a body and the next post: "Chi bộ kiêm Trưởng thôn".
_LINK: Final = re.compile(
    r"(?:\s*[-/]\s*|\s+(?:kiêm|và|vừa|đồng\s+thời|cũng)(?:\s+(?:là|nhiệm|chức))?\s+)\Z"
)
_LONGEST_BODY: Final = 12  # syllables
_BARE: Final = ("trưởng", "phó trưởng")  # posts only with what follows: Trưởng Ban Dân vận
# After "Theo ông A, Bí thư Chi bộ": these make the post the subject of what he says.
_CLAUSE: Final = re.compile(r"\s+(?:là|đã|đang|phải|cần|có|sẽ|luôn|cũng|được|thì|nào)\b")
_BY: Final = re.compile(r"\btheo\s+\Z")
# Before a post whose holder is no part of what follows the comma: "của Bí thư Tỉnh ủy, ông A".
_OBJECT: Final = re.compile(r"\b(?:của|cho|với|bởi|do|từ|đến|về|cùng|tới)\s+(?:đồng\s+chí\s+)?\Z")
_FORMER: Final = re.compile(r"nguyên\b|cựu\b", re.IGNORECASE)
_BESIDE: Final = re.compile(r"[ \u00a0,:-]{1,3}")
_ASIDE_BEFORE: Final = re.compile(r"[ ]?\([^()\n]{1,60}\)[ ,:-]{1,3}")  # (tỉnh Hậu Giang)
_FARTHEST: Final = 90  # characters to the name: ", huyện Phú Tân, tỉnh An Giang "


@dataclass(frozen=True, slots=True)
class Rank:
    """Words after a post that belong to it."""

    phrases: tuple[str, ...]
    examples: tuple[str, ...]


class Office(NamedTuple):
    """One or several posts as written at [start, end), and the body of the last one."""

    start: int
    end: int
    role: str
    organisation: str | None
    unit_id: str | None
    surface: str
    held: bool = True  # not by somebody who died: "cố Bí thư"


def joined(before: Office, after: Office) -> Office:
    """The office of somebody who has one before the name and another, or a former, after it."""
    if _FORMER.match(after.role):
        return before
    return after._replace(role=f"{before.surface}, {after.role}")


class _Body(NamedTuple):
    """The body of a post: where the post's own words and where the body's end, and its name."""

    role_end: int
    end: int
    organisation: str | None
    unit_id: str | None


class Offices:
    """The offices of one article, where they stand."""

    def __init__(self, reading: Reading, units: Sequence[UnitMention], named: People) -> None:
        self._reading = reading
        self._text, self._folded = reading.text, reading.folded
        self._titles = {hit.start: hit for hit in named.titles if hit.value.kind != "address"}
        self._words_end = {hit.end for hit in named.titles if hit.value.kind == "post"}
        self._words_end |= {unit.end_char for unit in units}
        self._units = units
        self._starts = [unit.start_char for unit in units]
        self._ids = {unit.name: unit.unit_id for unit in units}
        self._names = sorted(name.begin for name in named.names)
        self._post_starts = sorted(self._titles)
        self._found: list[Office] = []
        position = 0
        for start in self._post_starts:
            if start >= position and (office := self._read(start)) is not None:
                position = office.end
                if office.held:
                    self._found.append(office)
        self._ends = [office.end for office in self._found]

    def after(self, name: Name) -> Office | None:
        """The office that a name introduces: "ông A, Phó Bí thư X"."""
        end = name.end
        for _ in range(3):
            link = _TO_POST.match(self._folded, end)
            office = self._read(link.end(), introduced=True) if link else None
            if office is not None and office.held:
                named = self._folded[office.end : office.end + 1].isspace() and self.is_next(office)
                about = _BY.search(self._folded, max(0, name.begin - 8), name.begin)
                is_subject = about and _CLAUSE.match(self._folded, office.end)
                return None if named or is_subject else office
            aside = _ASIDE.match(self._folded, end)
            if aside is None:
                break
            end = aside.end()
        return None

    def before(self, name: Name) -> Office | None:
        """The office right before a name: "Bí thư Tỉnh ủy A", "Phó Bí thư, ông A,"."""
        at = bisect_right(self._ends, name.begin) - 1
        if at < 0:
            return None
        office = self._found[at]
        if name.begin - office.end > _FARTHEST:  # as most are
            return None
        between = self._folded[office.end : name.begin]
        if "," in between[:2] and _OBJECT.search(
            self._folded, max(0, office.start - 20), office.start
        ):
            return None
        if LEGAL_FORM.search(self._folded, office.start, office.end):
            return None
        beside = _BESIDE.fullmatch(between) or _ASIDE_BEFORE.fullmatch(between)
        return office if beside or self._are_places(office.end, between) else None

    def ends_before(self, name: Name) -> bool:
        """Whether a post or a body ends right before a name: "Trưởng bản Mùa A Páo"."""
        return name.begin - 1 in self._words_end

    def is_next(self, office: Office) -> bool:
        """Whether a name follows an office at once, without a comma."""
        at = bisect_right(self._names, office.end)
        return at < len(self._names) and self._names[at] == office.end + 1

    def _are_places(self, start: int, between: str) -> bool:
        """Whether a stretch lists places: ", huyện Phú Tân, An Giang "."""
        parts = [part.strip() for part in between.split(",")]
        if len(parts) < 2 or parts[0]:
            return False
        return all(not part or _is_place(part) for part in parts)

    def _read(self, start: int, *, introduced: bool = False) -> Office | None:
        """The sequence of posts that begins at `start`: "TUV, Bí thư Huyện ủy, Chủ tịch HĐND"."""
        at = start
        body: _Body | None = None
        lost = False
        while True:
            before = self._titles.get(at)
            if before and before.value.kind != "post":
                lost = lost or before.value.kind == "lost"
                at = before.end + 1
            hit = self._titles.get(at)
            if hit is None or hit.value.kind != "post":
                break
            body = self._body(hit.start, self._with_rank(hit.end))
            link = _NEXT_POST.match(self._folded, body.end)
            if link is None or (link["and"] and not introduced):
                break
            at = link.end()
        if body is None:
            return None
        role = " ".join(self._text[start : body.role_end].split())
        surface = " ".join(self._text[start : body.end].split())
        return Office(start, body.end, role, body.organisation, body.unit_id, surface, not lost)

    def _with_rank(self, end: int) -> int:
        """Where a post ends with the words that belong to it: "Phó Trưởng đoàn chuyên trách"."""
        rank = _ranks().at(self._folded, end + 1)
        return rank.end if rank and not self._unit_at(end + 1) else end

    def _unit_at(self, start: int) -> UnitMention | None:
        at = bisect_right(self._starts, start) - 1
        return self._units[at] if at >= 0 and self._starts[at] == start else None

    def _body(self, start: int, end: int) -> _Body:
        """The body that the post at [start, end) is held in."""
        unit = self._unit_at(end + 1)
        if unit is None:  # "Trưởng Ban Dân vận": the body begins within the post
            at = bisect_right(self._starts, end) - 1
            within = at >= 0 and start < self._starts[at] and self._units[at].end_char > end
            unit = self._units[at] if within else None
        if unit is None:
            return self._other_body(end)
        if unit.unit_type == "thuong_truc":  # "Phó Bí thư Thường trực Tỉnh ủy"
            rank = max(end, self._with_rank_of(unit))
            return _Body(rank, unit.end_char, unit.parent, self._ids.get(unit.parent or ""))
        at = bisect_right(self._names, unit.start_char)
        if at < len(self._names) and self._names[at] < unit.end_char:  # Tổng công ty Lê Văn An
            stop = len(self._text[: self._names[at]].rstrip())
            return _Body(end, stop, self._text[unit.start_char : stop], None)
        # Heads of units make a role of "Trưởng": Ban Dân vận, Công an, Phòng.
        says_little = unit.start_char < end or self._folded[start:end] in _BARE
        head = unit_grammar.heads().at(self._folded, unit.start_char) if says_little else None
        role_end = max(end, head.end) if head else end
        return _Body(role_end, unit.end_char, unit.name, unit.unit_id)

    def _with_rank_of(self, unit: UnitMention) -> int:
        rank = _ranks().at(self._folded, unit.start_char)
        return rank.end if rank else unit.start_char

    def _other_body(self, end: int) -> _Body:
        """A body that is no known unit, after a post that ends at `end`."""
        other = _OTHER_BODY.match(self._folded, end)
        if other is None:
            return _Body(end, end, None, None)
        stop = self._before_next(end, other.end())
        words = self._folded[end:stop]
        actions = [h.start for h in places.words("stop").find(words)]
        actions += [h.start for h in people.sayings().find(words)]
        stop = min([stop, *(end + at for at in actions if self._text[end + at].islower())])
        at = bisect_right(self._starts, end)
        inner = None
        if at < len(self._units) and self._starts[at] < stop:
            inner = self._units[at]  # "Trưởng nhóm nghiên cứu Trường Đại học Bình Tân"
            stop = inner.end_char
        body = self._text[end:stop].split()
        if not body or (len(body) > _LONGEST_BODY and inner is None):
            return _Body(end, end, None, None)
        stop = end + len(self._text[end:stop].rstrip())
        return _Body(end, stop, " ".join(body), inner.unit_id if inner else None)

    def _before_next(self, start: int, stop: int) -> int:
        """Where a stretch ends before a name, or before what joins it to a next post."""
        at = bisect_right(self._names, start)
        stop = min([stop, *self._names[at : at + 1]])
        at = bisect_right(self._post_starts, start)
        if at < len(self._post_starts) and self._post_starts[at] < stop:
            link = _LINK.search(self._folded, start, self._post_starts[at])
            stop = link.start() if link else stop
        return stop


def _is_place(part: str) -> bool:
    return _divisions().at(part, 0) is not None or part in _territories()


@cache
def _ranks() -> Gazetteer[None]:
    return Gazetteer(dict.fromkeys(lexicon.phrases("posts", Rank)))


@cache
def _divisions() -> Gazetteer[None]:
    known = places.divisions().values()
    return Gazetteer({f: None for d in known for f in (d.name, *d.forms, *d.short)})


@cache
def _territories() -> frozenset[str]:
    return frozenset(match_key(row.name) for row in territories.territories())
