"""Officials (cán bộ lãnh đạo): people whom an article names with a post.

A person is an official of an article if a post stands right after the name ("ông A, Phó Bí thư
X"; "A - Bí thư X") or right before it ("Bí thư Tỉnh ủy A"). Later bare mentions ("ông Khôi",
"Tống Hoàng Khôi") inherit the post, unless two officials could be meant.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import Final, NamedTuple

from pipeline import lexicon
from pipeline.annotate import people
from pipeline.annotate.people import Name
from pipeline.annotate.reading import Reading
from pipeline.gazetteer import Gazetteer
from pipeline.records import OfficialMention, UnitMention
from pipeline.vietnamese import match_key, slug

# From a name to its first post, and from one post to the next.
_TO_POST: Final = re.compile(
    r"""
    (?: \s* [,(] | \s* - ) \s* (?: (?: hiện | nay )? \s* là \s+ )?   # ông A, (hiện là) Bí thư
    | \s+ là \s+                                                      # ông A là Bí thư
    """,
    re.VERBOSE,
)
_NEXT_POST: Final = re.compile(
    r"""
    \s* , \s* (?: kiêm \s+ | đồng \s+ thời \s+ là \s+ )?    # Bí thư Đảng ủy, Hiệu trưởng
    | \s* - \s*                                             # Bí thư - Chủ tịch
    | \s+ (?: kiêm | và | đồng \s+ thời \s+ là ) \s+
    """,
    re.VERBOSE,
)
# A body that the unit layer does not know, or what a post is in charge of: up to a comma.
_OTHER_BODY: Final = re.compile(r"\s+(?P<body>[^,;:.()\n\"]{1,90})")
_LONGEST_BODY: Final = 12  # syllables
# Words that end such a body: what the person does.
_DOES: Final = re.compile(
    r"\s(?:đã|đang|cho|chia|nói|phát|khẳng|nhấn|thông|đánh|trao|chủ trì|dự|tham dự|yêu|đề|kết luận"
    r"|thay mặt|cùng|và|đến|làm|báo cáo|nêu|ghi|biểu|chúc|tặng|thăm|ký|vừa|cũng|là|có)(?:\s|\Z)"
)


@dataclass(frozen=True, slots=True)
class Post:
    """Posts of one kind of body."""

    kind: str
    phrases: tuple[str, ...]
    examples: tuple[str, ...]
    excluded: tuple[str, ...] = ()


class Office(NamedTuple):
    """One or several posts as written at [start, end), and the body of the last one."""

    start: int
    end: int
    role: str
    organisation: str | None
    unit_id: str | None


class _Sighting(NamedTuple):
    name: Name
    office: Office | None
    rule: str


def find(reading: Reading, units: tuple[UnitMention, ...]) -> tuple[OfficialMention, ...]:
    """The mentions of officials, in the order of the text."""
    names = people.find(reading)
    offices = _Offices(reading, units, names)
    sightings = [_sighting(offices, name) for name in names]
    known = _Register(reading, sightings)
    mentions = []
    for sighting in sightings:
        inherited = known.office_of(sighting)
        if inherited is not None:
            full_name, office, rule = inherited
            name = sighting.name
            mentions.append(
                OfficialMention(
                    reading.article_id,
                    reading.sentence_at(name.start).sentence_id,
                    reading.text[name.begin : name.end],
                    name.begin,
                    name.end,
                    full_name,
                    name.honorific,
                    office.role,
                    office.organisation,
                    f"{slug(full_name)}@{office.unit_id}" if office.unit_id else None,
                    rule,
                )
            )
    return tuple(mentions)


def _sighting(offices: _Offices, name: Name) -> _Sighting:
    """A name with the office that stands beside it, if one does."""
    after = offices.after(name.end)
    if after is not None and (name.honorific or name.is_known):
        return _Sighting(name, after, "officials/name-post")
    before = offices.ending_at(name.begin)
    if before is not None and (name.honorific or name.is_known):
        return _Sighting(name, before, "officials/post-name")
    return _Sighting(name, None, "officials/bare")


class _Register:
    """The officials of one article by name, to tell who a later mention is."""

    def __init__(self, reading: Reading, sightings: list[_Sighting]) -> None:
        self._text = reading.text
        self._offices: dict[str, tuple[str, Office]] = {}
        self._called: dict[str, set[str]] = defaultdict(set)
        for sighting in sightings:
            if sighting.office is not None and sighting.name.is_known:
                written = self._written(sighting.name)
                key = match_key(written)
                self._offices.setdefault(key, (_titled(written), sighting.office))
                self._called[key.split()[-1]].add(key)

    def office_of(self, sighting: _Sighting) -> tuple[str, Office, str] | None:
        """Full name, office and rule; None for people without a post or of unsure identity."""
        written = self._written(sighting.name)
        key = match_key(written)
        if sighting.office is not None:
            return _titled(written), sighting.office, sighting.rule
        if key in self._offices:
            full_name, office = self._offices[key]
            return full_name, office, "officials/same-name"
        called = self._called.get(key, set())
        if sighting.name.honorific and len(called) == 1:
            full_name, office = self._offices[next(iter(called))]
            return full_name, office, "officials/given-name"
        return None

    def _written(self, name: Name) -> str:
        return " ".join(self._text[name.start : name.end].split())


class _Offices:
    """The posts of one article, where they stand."""

    def __init__(self, reading: Reading, units: tuple[UnitMention, ...], names: list[Name]) -> None:
        self._text, self._folded = reading.text, reading.folded
        self._bodies = {unit.start_char: unit for unit in units}
        self._names = {name.begin for name in names if name.is_known or name.honorific}
        self._by_end: dict[int, Office] = {}
        position = 0
        for hit in _posts().find(reading.folded):
            if hit.start >= position:
                office = self._read(hit.start)
                if office is not None:
                    self._by_end[office.end] = office
                    position = office.end

    def after(self, offset: int) -> Office | None:
        """The office that a name ending at `offset` introduces: ", Phó Bí thư X"."""
        link = _TO_POST.match(self._folded, offset)
        return self._read(link.end()) if link else None

    def ending_at(self, offset: int) -> Office | None:
        """The office right before a name that begins at `offset`."""
        at = offset
        while at > 0 and self._folded[at - 1] in " ,:-":
            at -= 1
        return self._by_end.get(at) if offset - at <= 3 else None

    def _read(self, start: int) -> Office | None:
        """The sequence of posts that begins at `start`: "TUV, Bí thư Huyện ủy, Chủ tịch HĐND"."""
        role_end = end = at = start
        body: UnitMention | None = None
        organisation: str | None = None
        while hit := _posts().at(self._folded, at):
            role_end, body, organisation, end = self._body(hit.start, hit.end)
            link = _NEXT_POST.match(self._folded, end)
            if link is None:
                break
            at = link.end()
        if end == start:
            return None
        role = " ".join(self._text[start:role_end].split())
        return Office(start, end, role, organisation, body.unit_id if body else None)

    def _body(self, start: int, end: int) -> tuple[int, UnitMention | None, str | None, int]:
        """Where the post at [start, end) ends, the body it is held in, and where that ends."""
        unit = self._bodies.get(end + 1)
        if unit is not None:
            return end, unit, unit.name, unit.end_char
        for at in range(start + 1, end):  # "Trưởng Ban Dân vận": the body begins within the post
            unit = self._bodies.get(at)
            if unit is not None and unit.end_char > end:
                if unit.unit_type == "thuong_truc":  # "Phó Bí thư Thường trực Tỉnh ủy"
                    return end, None, unit.parent, unit.end_char
                return len(self._text[:at].rstrip()), unit, unit.name, unit.end_char
        other = _OTHER_BODY.match(self._folded, end)
        if other is None:
            return end, None, None, end
        stop = other.end()
        does = _DOES.search(self._folded, end, stop)
        stop = does.start() if does else stop
        inner = None
        for at in range(end + 1, stop):
            if at in self._names:
                stop = at
                break
            if at in self._bodies:  # "Trưởng phòng Nội vụ UBND huyện Bình Tân"
                inner = self._bodies[at]
                stop = inner.end_char
                break
        words = self._text[end:stop].split()
        if not 1 <= len(words) <= _LONGEST_BODY and inner is None:
            return end, None, None, end
        return end, inner, " ".join(words) or None, end + len(self._text[end:stop].rstrip())


def _titled(name: str) -> str:
    """A name in capitals as names are written.

    >>> _titled("TRẦN THỊ BÌNH")
    'Trần Thị Bình'
    """
    return " ".join(s.capitalize() for s in name.split()) if name.isupper() else name


@cache
def _posts() -> Gazetteer[str]:
    entries = lexicon.read("posts", Post)
    return Gazetteer({phrase: entry.kind for entry in entries for phrase in entry.phrases})
