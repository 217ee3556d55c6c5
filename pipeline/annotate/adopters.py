"""Who runs a named model: the unit in brackets, after "của" or "do", or the subject of the clause.

None wherever the text does not say one in particular: "nhiều cơ quan" adopt nothing.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from pipeline.annotate import adopter_words, people, places
from pipeline.annotate.reading import Reading
from pipeline.records import UnitMention
from pipeline.vietnamese import match_key

# After the closing mark: “A”… (Phường 3), “B” (do xã C thực hiện)
_BRACKET: Final = re.compile(
    r"[\"'\s.…>]*\((?:(?:do|của|tại|ở)\s+)?(?P<who>(?:(?:các|một\s+số|toàn)\s+)?[^()\n]{2,80})\)"
)
# “A” của xã B; “A” do xã B; “A” - xã B; “A” được xã B thực hiện; “A” là sáng kiến của xã B
_BESIDE: Final = re.compile(
    r"""
    ["'>\s]* (?: ,\s* )?
    (?P<word>
        (?: (?: được\s+ )?
            (?: thí\s+điểm | làm\s+điểm | triển\s+khai | thực\s+hiện | ra\s+đời | ra\s+mắt ) \s+
        ){0,2} (?: ở | tại )
      | (?: (?: là | [,-] ) \s+
            (?: (?: mô\s+hình | sáng\s+kiến | cách\s+làm | sản\s+phẩm | ý\s+tưởng ) \s+ )?
        )? của
      | do | được | vừa\s+được | [-:] )
    \s+ (?:các\s+)? (?=(?P<who>\S))
    """,
    re.VERBOSE,
)
_PLURAL: Final = re.compile(r"(?:các|một số|toàn)\s+")
_SPACE: Final = re.compile(r"\s*")
_DO_LATER: Final = re.compile(r"[^,;:.()\n\"]{0,60}?\s(?:do|được)\s+(?=\S)")
_BODY: Final = re.compile(r"[^,;:.()\n\"]{2,90}")
_SHORT_FORM: Final = re.compile(r"\s\([^()\n]{1,16}\)\s")  # Hội Liên hiệp Phụ nữ (LHPN) huyện A
_ADVERB: Final = re.compile(r"\s(?:mỗi|hằng|hàng|đều|vẫn|thường|nay|hiện|các|những)\s")
_LONGEST_BODY: Final = 12  # words
# "Với mô hình “A”, Hội Phụ nữ xã ..."
_FRONTED: Final = re.compile(r"[\"'>\s]*,\s*(?:toàn\s+|các\s+)?")
_FRONT: Final = re.compile(r"(?:thực hiện|với|đối với|từ|qua|thông qua|hưởng ứng|triển khai)\s*\Z")
# Right before a unit that is not the subject of its clause.
_NOT_SUBJECT: Final = re.compile(
    r"(?:\b(?:của|với|theo|cùng|cho|từ|trong|bởi|về|đến|vào|qua|được|bị|giữa|như|cùng\s+với|nhờ|sau)\s+"
    r"(?:các\s+|toàn\s+)?|[\"'(])\Z"
)
# Before a place whose people are meant: "Tại xã A, ..."; "; riêng xã A ..."
_CLAUSE_START: Final = re.compile(
    r"(?:\A|[.,;:!?\n•–-]\s?|\b(?:thì|nhưng|và)\s)\s*"
    r"(?:(?:riêng|còn|lần\s+đầu\s+tiên|như|đơn\s+cử|đơn\s+cử\s+như|điển\s+hình\s+là|cũng|hay|nay|hiện|đến)\s+)?"
    r"(?P<at>(?:tại|ở|trên\s+địa\s+bàn)\s+)?\Z"
)
_STRAIGHT: Final = re.compile(r"[\s,]*(?:là\s+|[:–-]\s*[^:;.\"]{0,60})?\Z")
_CUE: Final = re.compile(
    r"(?:mô hình|cách làm|phong trào)(?: (?:này|trên|nêu trên))?"
)  # that tells of a name before it
_REACH: Final = 220  # characters from a subject to the cue
# "“A”, “B” và “C” lần lượt được xã D, xã E và xã G duy trì": the names and the bodies in order
_IN_ORDER: Final = re.compile(
    r"[\"'>\s]*,?\s*(?:lần\s+lượt|theo\s+thứ\s+tự)(?:\s+(?:là|được|do|của|ở|tại))+\s+(?=\S)"
)
_AND: Final = re.compile(r"\s*(?:,|\bvà\b)\s*(?:và\s+)?(?=\S)")
_LATER: Final = 400  # characters from a name to the sentence that tells who runs it


class Named(NamedTuple):
    """A model's name at [start, end) of the text, marks excluded, and the cue that announced it."""

    start: int
    end: int
    cue_start: int
    model_type: str
    rule: str
    list_no: int  # names of one list share it


class _Subject(NamedTuple):
    """A body at [start, end) that may be the subject of a clause."""

    start: int
    end: int
    text: str
    is_unit: bool


def of(
    reading: Reading, units: tuple[UnitMention, ...], named: Sequence[Named]
) -> list[str | None]:
    """The adopter of each name as written, None where the text does not say one.

    A name without one takes over what the article says of it elsewhere, or of the names in the
    same list, as long as that is one adopter.
    """
    page = _Page(reading, units)
    beside = _run_together(reading, named, [page.beside(name) for name in named])
    for n, body in page.in_order(named):
        beside[n] = body
    found = [adopter or page.subject(name) for name, adopter in zip(named, beside, strict=True)]
    for n, name in enumerate(named):
        if found[n] is None:
            found[n] = page.said_later(name, [*named[max(0, n - 1) : n], *named[n + 1 : n + 2]])
    keys: list[object] = [match_key(reading.text[name.start : name.end]) for name in named]
    # a list in which one name has an adopter of its own says nothing of the others
    apart = {name.list_no for name, adopter in zip(named, beside, strict=True) if adopter}
    lists: list[object] = [
        (name.list_no,) if name.list_no not in apart else (n, "alone")
        for n, name in enumerate(named)
    ]
    for grouping in (keys, lists, keys):
        said: dict[object, set[str]] = defaultdict(set)
        for key, adopter in zip(grouping, found, strict=True):
            if adopter:
                said[key].add(adopter)
        found = [
            adopter or (next(iter(said[key])) if len(said[key]) == 1 else None)
            for key, adopter in zip(grouping, found, strict=True)
        ]
    return found


def _run_together(
    reading: Reading, named: Sequence[Named], beside: Sequence[str | None]
) -> list[str | None]:
    """An adopter at the end of a run of names holds for the whole run: “A”, “B” (Phường 3)."""
    found = list(beside)
    for n in range(len(named) - 2, -1, -1):
        name, following = named[n], named[n + 1]
        if found[n] is None and found[n + 1] and following.list_no == name.list_no:
            between = reading.folded[name.end : following.start]
            near = 90 if _BRACKET.match(reading.folded, following.end) else 12
            if not any(mark in between for mark in ";(\n") and len(between) <= near:
                found[n] = found[n + 1]
    return found


class _Page:
    """An article's text and units, and who in it runs what."""

    def __init__(self, reading: Reading, units: tuple[UnitMention, ...]) -> None:
        self._reading, self._text, self._folded = reading, reading.text, reading.folded
        self._units = units
        self._starts = [unit.start_char for unit in units]

    # --- beside the name ------------------------------------------------------------------

    def beside(self, name: Named) -> str | None:
        """The body in brackets, after "của", "do", "được", or after a fronted name's comma."""
        bracket = _BRACKET.match(self._folded, name.end)
        if bracket and (who := self._in_bracket(bracket.start("who"), bracket.end("who"))):
            return who
        told = _CUE.match(self._folded, name.cue_start) if name.cue_start > name.end else None
        beside = _BESIDE.match(self._folded, told.end() if told else name.end)
        if beside and (body := self._body(beside.start("who"))):
            passive = beside["word"].endswith("được")
            if not passive or self._runs(body.end, body.end + 40):
                return body.text
        if name.rule == "models/unquoted":
            return None
        fronted = _FRONTED.match(self._folded, name.end)
        if fronted and _FRONT.search(self._folded, max(0, name.cue_start - 20), name.cue_start):
            unit = self._unit_at(fronted.end())
            return unit.surface if unit else None
        later = _DO_LATER.match(self._folded, name.end + 1)
        unit = self._unit_at(later.end()) if later else None
        return unit.surface if unit and self._runs(unit.end_char, unit.end_char + 40) else None

    def _in_bracket(self, start: int, end: int) -> str | None:
        """The body that brackets hold, without what is counted after it: (xã A, 245 thành viên)."""
        plural = _PLURAL.match(self._folded, start)
        head = plural.end() if plural else start
        if not (adopter_words.is_body(self._folded, head) or self._unit_at(head)):
            return None
        stop = start
        for part in self._text[start:end].split(","):
            word = part.strip()
            if stop > start and not (
                word[:1].isupper() or adopter_words.is_body(match_key(word), 0)
            ):
                break
            stop += len(part) + 1
        who = self._text[start : min(stop, end)].strip(" ,")
        return who if not plural or any(c.isupper() for c in who) else None

    def _body(self, at: int) -> _Subject | None:
        """The body whose name begins at `at`: a unit, a place, or what begins like one."""
        if unit := self._unit_at(at):
            short = _SHORT_FORM.match(self._folded, unit.end_char)
            place = adopter_words.territory().match(self._text, short.end()) if short else None
            end = place.end() if place else unit.end_char
            return _Subject(at, end, self._text[at:end], True)
        if place := adopter_words.territory().match(self._text, at):
            return _Subject(at, place.end(), place[0], False)
        words = _BODY.match(self._folded, at)
        if words is None or not adopter_words.is_body(self._folded, at):
            return None
        actions = [h.start for h in places.words("stop").find(words[0])]
        actions += [h.start for h in people.sayings().find(words[0])]
        actions += [h.start for h in adopter_words.verbs().find(words[0])]
        stops = [start for start in actions if start and self._text[at + start].islower()]
        stops += [m.start() for m in _ADVERB.finditer(words[0])]
        text = self._text[at : at + min([len(words[0]), *stops])].rstrip()
        named = any(c.isupper() or c.isdigit() for c in text[1:])
        whole = None if named else adopter_words.whole().at(self._folded, at)
        if whole and not self._folded.endswith("các ", 0, at):
            return _Subject(at, whole.end, self._text[at : whole.end], False)
        several = self._folded.startswith(" các cấp", at + len(text))
        if not named or several or len(text.split()) > _LONGEST_BODY:
            return None
        return _Subject(at, at + len(text), text, False)

    def _unit_at(self, at: int) -> UnitMention | None:
        n = bisect_left(self._starts, at)
        return self._units[n] if n < len(self._units) and self._starts[n] == at else None

    def _runs(self, start: int, end: int) -> bool:
        """Whether somebody does what adopters do, in the words of [start, end)."""
        clause = re.split(r"[,;:.\"]", self._folded[start:end], maxsplit=1)[0]
        watching = adopter_words.watching().find(clause)
        verbs = adopter_words.verbs().find(clause)
        return bool(verbs) and not (watching and watching[0].start <= verbs[0].start)

    def in_order(self, named: Sequence[Named]) -> Iterator[tuple[int, str]]:
        """The bodies that "lần lượt được" gives a list of names, as many as there are names."""
        for n, name in enumerate(named):
            opened = _IN_ORDER.match(self._folded, name.end)
            if opened is None:
                continue
            first = n
            while first and named[first - 1].list_no == name.list_no:
                first -= 1
            bodies = self._listed(opened.end())
            if first < n and len(bodies) == n + 1 - first:
                yield from enumerate((body.text for body in bodies), first)

    def _listed(self, at: int) -> list[_Subject]:
        """The bodies of a list that begins at `at`; none if one may be two."""
        found: list[_Subject] = []
        while body := self._body(at):
            if not body.is_unit and _AND.search(match_key(body.text)):
                return []
            found.append(body)
            following = _AND.match(self._folded, body.end)
            if following is None:
                return found
            at = following.end()
        return []

    def said_later(self, name: Named, beside: Sequence[Named]) -> str | None:
        """Who a later sentence says runs the only name before it: "Nơi làm đầu tiên là xã A"."""
        if any(other.list_no == name.list_no for other in beside):
            return None
        line = self._folded.find("\n", name.end, name.end + _LATER)
        end = line if line >= 0 else min(name.end + _LATER, len(self._folded))
        end = min([end, *(other.start for other in beside if other.start > name.start)])
        told = adopter_words.SAID_LATER.search(self._folded, name.end, end)
        if told is None:
            return None
        if told["name"]:
            who = self._text[told.start("name") : told.end("name")]
            words = who.split()  # "Đây là xã làm đầu tiên" names none
            return who if len(words) > 1 and all(word[0].isupper() for word in words) else None
        body = self._body(told.start("doer" if told["do"] else "body"))
        if body is None or (told["do"] and not self._runs(body.end, body.end + 40)):
            return None
        following = adopter_words.JOINED.match(self._folded, body.end)
        other = self._body(following.end()) if following else None
        return self._text[body.start : other.end] if other else body.text

    # --- the subject ----------------------------------------------------------------------

    def subject(self, name: Named) -> str | None:
        """The body that the clause before the cue is about, if it runs what the clause names."""
        sentence = self._reading.sentence_at(name.cue_start)
        begin = max(sentence.start_char, name.cue_start - 2 * _REACH)
        begin = max(begin, self._folded.rfind(";", begin, name.cue_start) + 1)
        subjects = sorted(self._subjects(begin, name.cue_start))
        for n in range(len(subjects) - 1, -1, -1):
            subject = subjects[n]
            if name.cue_start - subject.end > _REACH:
                return None
            if self._is_subject(subject, begin, name.cue_start):
                return self._joined(subjects, n)
        return None

    def _subjects(self, begin: int, end: int) -> Iterator[_Subject]:
        """Units, places and other bodies in [begin, end)."""
        opening = _SPACE.match(self._folded, begin, end)
        covered = begin
        if opening and adopter_words.is_body(self._folded, opening.end()):
            body = self._body(opening.end())  # "; tổ tự quản khu vực 3 duy trì “A”"
            if body and not body.is_unit and body.end <= end:
                yield body
                covered = body.end
        elif opening and (unit := self._stood_for(opening.end())):
            yield _Subject(opening.end(), opening.end() + 1, unit.surface, False)
        first, last = bisect_left(self._starts, begin), bisect_left(self._starts, end)
        for unit in self._units[first:last]:
            yield from self._places(covered, unit.start_char)
            if unit.end_char <= end and unit.level != "central":
                yield _Subject(unit.start_char, unit.end_char, unit.surface, True)
            covered = max(covered, unit.end_char)
        yield from self._places(covered, end)

    def _places(self, begin: int, end: int) -> Iterator[_Subject]:
        for match in adopter_words.territory().finditer(self._text, begin, end):
            yield _Subject(match.start(), match.end(), match[0], False)
        for match in adopter_words.lone_body().finditer(self._text, begin, end):
            body = self._body(match.start())
            if (
                body
                and body.end <= end
                and not adopter_words.territory().match(self._text, match.start())
            ):
                yield body
            elif body is None and (unit := self._meant(match[0], match.start())):
                yield _Subject(match.start(), match.end(), unit.surface, False)

    def _meant(self, head: str, before: int) -> UnitMention | None:
        """The last unit before that a bare head means: "Hội", after "Hội Nông dân xã A"."""
        key = match_key(head) + " "
        earlier = self._units[: bisect_left(self._starts, before)][-4:]
        meant = (u for u in reversed(earlier) if match_key(u.surface).startswith(key))
        return next(meant, None)

    def _stood_for(self, at: int) -> UnitMention | None:
        """What "Đơn vị" at a sentence's start means: the only unit of the sentence before."""
        if not adopter_words.stand_ins().begins(self._folded, at):
            return None
        sentence = self._reading.sentence_at(at)
        if at - sentence.start_char > 2 or sentence.start_char < 2:
            return None
        before = self._reading.sentence_at(sentence.start_char - 2)
        if "\n" in self._folded[before.end_char - 1 : sentence.start_char]:
            return None
        first = bisect_left(self._starts, before.start_char)
        last = bisect_left(self._starts, before.end_char)
        unit = self._units[first] if last == first + 1 else None
        begins = unit and self._folded[before.start_char : unit.start_char].strip()
        return unit if unit and not begins and unit.level != "central" else None

    def _is_subject(self, subject: _Subject, begin: int, cue: int) -> bool:
        before = self._folded[max(begin, subject.start - 32) : subject.start]
        if before and _NOT_SUBJECT.search(before):
            return False
        between = self._folded[subject.end : cue]
        starts = _CLAUSE_START.search(before)
        if not subject.is_unit and starts is None:
            return False
        apart = ":" in between or "-" in between
        if _STRAIGHT.fullmatch(between) and (apart or (starts and starts["at"])):
            return True
        runs = adopter_words.verbs().find(between) and not adopter_words.watching().find(between)
        return bool(runs) and not adopter_words.is_crowd(between)

    def _joined(self, subjects: Sequence[_Subject], n: int) -> str:
        """A subject with those it is joined to: "Đoàn xã, Hội Phụ nữ xã và Công an xã"."""
        last = subjects[n]
        while (
            n
            and subjects[n - 1].is_unit
            and adopter_words.JOINED.fullmatch(self._folded, subjects[n - 1].end, subjects[n].start)
        ):
            n -= 1
        return last.text if subjects[n] is last else self._text[subjects[n].start : last.end]
