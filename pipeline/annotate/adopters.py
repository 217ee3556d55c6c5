"""Who runs a named model: the unit in brackets, after "của", or the subject of the clause."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from typing import Final, NamedTuple

from pipeline.annotate.reading import Reading
from pipeline.records import UnitMention
from pipeline.vietnamese import match_key

# After the closing mark: “A”… (Phường 3)
_BRACKET: Final = re.compile(r"[\"'\s.…]*\((?P<who>[^()]{2,80})\)")
_OF: Final = re.compile(r"[\"']?\s*(?:của|ở|tại|do)\s+(?P<who>[^,;:.()\n\"]{2,90})")
# "Với mô hình “A”, Hội Phụ nữ xã ..."
_FRONTED: Final = re.compile(r"[\"']?\s*,\s*(?:toàn\s+|các\s+)?")
_FRONT: Final = re.compile(r"(?:thực hiện|với|đối với|từ|qua|thông qua|hưởng ứng|triển khai)\s*\Z")
# What an adopter begins with if it is not a unit that is known as one.
_PLACE: Final = re.compile(
    r"(?:phường|xã|thị trấn|huyện|quận|thị xã|thành phố|tp|ấp|khóm|thôn|bản|buôn|làng|xóm|khu phố"
    r"|khu dân cư|tổ dân phố|tổ|chi bộ|đảng bộ|đảng ủy|chi đoàn|đoàn|hội|chi hội|công an|trường"
    r"|trạm|ban|sở|phòng|ubnd|mttq|mặt trận|công ty|bệnh viện|liên đoàn|công đoàn|đồn"
    r"|hợp tác xã|htx)\b"
)
_DOES: Final = re.compile(
    r"\s(?:thực hiện|triển khai|xây dựng|đã|đang|được|phát động|tổ chức|làm|duy trì|là|có"
    r"|khởi xướng|ra mắt|thành lập|đảm nhận|quản lý|vận động|phối hợp|giúp|với)(?:\s|\Z)"
)
# Right before a unit that is not the clause's subject.
_NOT_SUBJECT: Final = re.compile(
    r"(?:của|với|theo|cùng|cho|từ|trong|bởi|về|do|giúp|giao|vào|đến)\s+(?:các\s+|toàn\s+)?\Z"
)


class Named(NamedTuple):
    """A model's name at [start, end) of the text, marks excluded, and the cue that announced it."""

    start: int
    end: int
    cue_start: int
    model_type: str
    rule: str
    list_no: int  # names of one list share it


def of(
    reading: Reading, units: tuple[UnitMention, ...], named: Sequence[Named]
) -> list[str | None]:
    """The adopter of each name as written, None where the text does not say one.

    A name without one takes over what the article says of it elsewhere, or of the names in the
    same list, as long as that is one adopter.
    """
    starts = [unit.start_char for unit in units]
    found = _from_brackets(reading, named)
    for n, name in enumerate(named):
        if found[n] is None:
            found[n] = _after(reading, units, starts, name) or _subject(
                reading, units, starts, name
            )
    keys = [match_key(reading.text[name.start : name.end]) for name in named]
    for grouping in (keys, [name.list_no for name in named], keys):
        said: dict[object, set[str]] = defaultdict(set)
        for key, adopter in zip(grouping, found, strict=True):
            if adopter:
                said[key].add(adopter)
        found = [
            adopter or (next(iter(said[key])) if len(said[key]) == 1 else None)
            for key, adopter in zip(grouping, found, strict=True)
        ]
    return found


def _from_brackets(reading: Reading, named: Sequence[Named]) -> list[str | None]:
    """Adopters in brackets; one at the end of a run of names holds for the whole run."""
    found: list[str | None] = [None] * len(named)
    for n in range(len(named) - 1, -1, -1):
        name = named[n]
        match = _BRACKET.match(reading.folded, name.end)
        if match and _is_body(reading, match.start("who")):
            found[n] = reading.text[match.start("who") : match.end("who")].strip()
        elif n + 1 < len(named) and found[n + 1] and named[n + 1].list_no == name.list_no:
            between = reading.folded[name.end : named[n + 1].start]
            if ";" not in between and "(" not in between:
                found[n] = found[n + 1]
    return found


def _is_body(reading: Reading, at: int) -> bool:
    return _PLACE.match(reading.folded, at) is not None


def _after(
    reading: Reading, units: tuple[UnitMention, ...], starts: list[int], name: Named
) -> str | None:
    """The body after "của" or, where the name is fronted, after the comma."""
    of = _OF.match(reading.folded, name.end)
    if of:
        at = of.start("who")
        unit = _unit_at(units, starts, at)
        if unit:
            return unit.surface
        if _is_body(reading, at):
            does = _DOES.search(reading.folded, at, of.end())
            return reading.text[at : does.start() if does else of.end()].strip() or None
    fronted = _FRONTED.match(reading.folded, name.end)
    if fronted and _FRONT.search(reading.folded[max(0, name.cue_start - 20) : name.cue_start]):
        unit = _unit_at(units, starts, fronted.end())
        return unit.surface if unit else None
    return None


def _subject(
    reading: Reading, units: tuple[UnitMention, ...], starts: list[int], name: Named
) -> str | None:
    """The first unit of the clause before the cue that nothing makes an object."""
    sentence = reading.sentence_at(name.cue_start)
    clause = reading.folded.rfind(";", sentence.start_char, name.cue_start) + 1
    begin = max(sentence.start_char, clause)
    for unit in units[bisect_left(starts, begin) :]:
        if unit.end_char > name.cue_start:
            return None
        if not _NOT_SUBJECT.search(
            reading.folded[max(begin, unit.start_char - 20) : unit.start_char]
        ):
            return unit.surface
    return None


def _unit_at(units: tuple[UnitMention, ...], starts: list[int], at: int) -> UnitMention | None:
    n = bisect_left(starts, at)
    return units[n] if n < len(units) and units[n].start_char == at else None
