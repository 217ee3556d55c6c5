"""A line of a page as the rules see it, and what it can be taken for on its own.

Nothing here looks at a line's neighbours; `roles` does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from pipeline import lexicon
from pipeline.clean.edits import Mended, mend
from pipeline.records import Role
from pipeline.vietnamese import fold

PROSE: Final = 60  # characters from which a line that ends a sentence is a paragraph
LONG: Final = 200  # from which any line is one
CAPTION: Final = 100  # from which a line without a full stop is no heading
TEASER: Final = 200  # to which a sentence cut by "…" may be another article's first words

PUNCTUATION: Final = " \t|,;:.()[]-–—•·/@>"  # around names and dates
_PAPERS: Final = ("báo ", "đài ", "tạp chí ")
_IN_PAPERS: Final = frozenset(("điện", "tử", "online", "tỉnh", "thành", "phố"))
_CHEVRONS: Final = str.maketrans("»›", ">>")


@dataclass(frozen=True, slots=True)
class Line:
    """A stretch of the source without line breaks; `folded` is as long as `text`."""

    raw: str
    start: int | None
    end: int | None
    mended: Mended
    folded: str  # with » and › as >
    hint: Role | None = None  # what the markup says it is
    linked: bool = False  # the most of it is a link
    dump: bool = False
    spaced: bool = False  # an empty line stands above it

    @property
    def text(self) -> str:
        return self.mended.text

    def __len__(self) -> int:
        return len(self.mended.text)


def line(
    raw: str,
    start: int | None = None,
    *,
    hint: Role | None = None,
    linked: bool = False,
    spaced: bool = False,
) -> Line:
    """A line read: mended, folded, with its place in the source if it has one."""
    mended = mend(raw)
    end = None if start is None else start + len(raw)
    text = mended.text
    if "»" in text or "›" in text:
        text = text.translate(_CHEVRONS)
    return Line(raw, start, end, mended, fold(text), hint, linked, spaced=spaced)


def dump(raw: str, start: int, end: int) -> Line:
    return Line(raw, start, end, Mended("", (), ()), "", "php_dump", dump=True)


# --- the words ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Caption:
    id: str
    part: Literal["scene", "actor", "action", "narration"]
    words: tuple[str, ...]
    examples: tuple[str, ...]
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dateline:
    id: str
    words: tuple[str, ...]
    examples: tuple[str, ...]
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rubric:
    id: str
    words: tuple[str, ...]
    examples: tuple[str, ...]
    excluded: tuple[str, ...] = ()


def any_of(words: Iterable[str]) -> str:
    """A regular expression for the words, the longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=lambda w: (-len(w), w)))


# --- shapes -------------------------------------------------------------------------------

_ENDS_SENTENCE: Final = re.compile(r"[.!?…][\"')\]]*[.,]?\Z|[.!?…:;][ ]?\Z")
_BULLET: Final = re.compile(r"[-–+*•●▪◦♦■□✓]|\(?[a-zđ][).]\s|\d{1,2}[)/]\s")
_CUT: Final = re.compile(r"\w[ ]?(?:…|\.\.\.)[\"')\]]?\Z")  # not where it ends a list: “A”, “B”…
_CREDIT: Final = re.compile(
    r"""
      \bảnh\s?[:/]                                    # Ảnh: K.T
    | \(\s?ảnh\b                                      # (Ảnh tư liệu)
    | \bảnh\ (?:minh\ họa|tư\ liệu|internet|tl|ttxvn|cttđt|chụp)\b\W*\Z
    | \bảnh\ (?:do|của)\ [^.]{2,40}\Z                   # Ảnh do nhân vật cung cấp
    """,
    re.VERBOSE,
)


def ends_sentence(ln: Line) -> bool:
    return _ENDS_SENTENCE.search(ln.folded, max(0, len(ln) - 6)) is not None


def is_prose(ln: Line) -> bool:
    """Long enough and closed like a sentence, or too long to be anything else."""
    return len(ln) > LONG or (len(ln) >= PROSE and ends_sentence(ln))


def is_prose_text(text: str) -> bool:
    """`is_prose` of a text that is mended already."""
    return len(text) > LONG or (
        len(text) >= PROSE and _ENDS_SENTENCE.search(fold(text[-6:])) is not None
    )


def is_teaser(ln: Line) -> bool:
    """The first words of some article, cut."""
    return len(ln) <= TEASER and _CUT.search(ln.folded, max(0, len(ln) - 6)) is not None


def is_separator(ln: Line) -> bool:
    """Nothing that could be read, like ------ or * * *."""
    return not any(map(str.isalnum, ln.text))


def is_bullet(ln: Line) -> bool:
    return _BULLET.match(ln.text) is not None


def is_bracketed(ln: Line) -> bool:
    """All in brackets, such as the attribution below a quotation."""
    return ln.text.startswith("(") and ln.text.rstrip(".").endswith(")")


def is_upper(ln: Line) -> bool:
    return ln.text.isupper() and sum(map(str.isalpha, ln.text[:80])) >= 4


def is_rubric(ln: Line) -> bool:
    return ln.folded.strip(" :.-") in _rubrics()


@cache
def _rubrics() -> frozenset[str]:
    return frozenset(word for entry in lexicon.read("layout", Rubric) for word in entry.words)


# --- captions -----------------------------------------------------------------------------


def has_credit(ln: Line) -> bool:
    """Whether it ends by saying whose photograph it is."""
    return (
        len(ln) <= 450
        and "ảnh" in ln.folded
        and _CREDIT.search(ln.folded, max(0, len(ln) - 70)) is not None
    )


@cache
def _caption_words(part: str) -> tuple[str, ...]:
    return tuple(w for e in lexicon.read("layout", Caption) if e.part == part for w in e.words)


@cache
def _caption_pattern(part: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{any_of(_caption_words(part))})(?!\w)")


def shows_scene(ln: Line) -> bool:
    """Whether it opens as only a caption does: "Quang cảnh hội nghị"."""
    return ln.folded.startswith(_caption_words("scene"))


def shows_action(ln: Line) -> bool:
    """Whether somebody is seen doing something in it."""
    actor = _caption_pattern("actor").match(ln.folded)
    return (
        actor is not None
        and _caption_pattern("action").search(ln.folded, actor.end(), actor.end() + 250) is not None
    )


_IN_HEADINGS: Final = ("Hồ Chí Minh", "Việt Nam")  # names that headings have too


def names_somebody(ln: Line) -> bool:
    """Whether it has a proper name of two words or more, as captions do and headings seldom.

    >>> names_somebody(line("Bà con xóm Bưa Rồng thu hái su su"))
    True
    >>> names_somebody(line("Học tập và làm theo tư tưởng Hồ Chí Minh"))
    False
    """
    name: list[str] = []
    for word in [*ln.text[:300].split()[1:], ""]:
        if word[:1].isupper():
            name.append(word)
        else:
            if len(name) > 1 and " ".join(name).strip(PUNCTUATION) not in _IN_HEADINGS:
                return True
            name = []
    return False


def names_paper(text: str) -> bool:
    """Whether a line is a newspaper's name: "BÁO VẠN XUÂN", "Báo điện tử tỉnh Vạn Xuân"."""
    words = text.strip(PUNCTUATION).split()
    named = fold(" ".join(words))
    if not 2 <= len(words) <= 9 or not named.startswith(_PAPERS):
        return False
    own = [word for word in words if fold(word) not in _IN_PAPERS and word[0].isalpha()]
    return len(own) <= 7 and all(word[0].isupper() for word in own)


def narrates(ln: Line) -> bool:
    """Whether it tells what was and will be, as paragraphs do and captions do not."""
    return _caption_pattern("narration").search(ln.folded, 0, 400) is not None


# --- dates --------------------------------------------------------------------------------

_DATE: Final = r"""
    (?<![\d/.-])\d{1,2}\ ?[-/.]\ ?\d{1,2}\ ?[-/.]\ ?(?:(?:19|20)\d\d|\d\d)(?![\d/])  # 25-04-2022
  | (?<!\d)(?:19|20)\d\d[-/]\d{1,2}[-/]\d{1,2}(?!\d)  # 2022-04-25
  | (?:ngày\ )?\d{1,2}\ tháng\ \d{1,2},?\ (?:năm\ )?(?:19|20)\d\d  # ngày 5 tháng 3 năm 2021
  | tháng\ (?:\d{1,2}|một|hai|ba|tư|năm|sáu|bảy|tám|chín|mười(?:\ (?:một|hai))?)
    \ \d{1,2},?\ (?:19|20)\d\d                                  # Tháng Mười Một 3, 2022
"""
_TIME: Final = r"""
    (?<![\d:])\d{1,2}\ ?(?::|h|g|giờ)\ ?\d{2}(?P<seconds>\ ?:\ ?\d{2})?(?!\d)  # 08:58:24, 15h30
    \ ?(?:phút|'|[ap]m\b|sa\b|ch\b|sáng\b|trưa\b|chiều\b|tối\b)?
"""
_WEEKDAY: Final = r"\b(?:thứ\ (?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ\ nhật|cn(?=,))"
_BESIDE: Final = r"""
    \d[\d.,]*\ ?(?:lượt\ (?:xem|đọc|truy\ cập)|views?\b)    # 5.060 lượt xem
  | \d{1,2}:\d\d\ ?/\ ?\d{1,2}:\d\d | nghe\ (?:audio|đọc\ bài|bài\ viết|tin) | giọng\ (?:nữ|nam)
"""
_ZONE: Final = r"\(?\b(?:gmt|utc)(?:\ ?\+\ ?0?7(?::00)?)?\)?"


@cache
def _date_pattern() -> re.Pattern[str]:
    labels = any_of(w for entry in lexicon.read("layout", Dateline) for w in entry.words)
    labels = labels.replace("\\ ", " ").replace(" ", "\\ ")
    return re.compile(
        rf"(?P<beside>{_BESIDE})|(?P<date>{_DATE})|(?P<time>{_TIME})|(?P<weekday>{_WEEKDAY})|(?P<zone>{_ZONE})"
        rf"|(?P<label>(?<!\w)(?:{labels})(?!\w))",
        re.VERBOSE,
    )


@dataclass(frozen=True, slots=True)
class DateLine:
    """A line that states a point in time and hardly anything else."""

    parts: frozenset[str]  # date, time, seconds, weekday, zone, label, beside
    rest: str  # what else it says: an author, a newspaper

    @property
    def is_clock(self) -> bool:
        """Whether a masthead's clock looks so: weekday, seconds and all."""
        return {"weekday", "seconds"} <= self.parts and "label" not in self.parts

    @property
    def names_paper(self) -> bool:
        return fold(self.rest).startswith(_PAPERS)


def _may_stand_by_date(text: str) -> bool:
    """An author or a newspaper, and not a title with a date in it."""
    words = text.split()
    names = all(not word[0].isalpha() or word[0].isupper() for word in words)
    return (names and len(words) <= 6) or fold(text).startswith((*_PAPERS, "admin"))


_DATE_HINT: Final = re.compile(r"\d[:/.\-hg]\d|\btháng .*\d|\d ?[:/.-] \d| giờ ")


def date_line(ln: Line) -> DateLine | None:
    """The dateline that a line is.

    >>> date_line(line("Thứ Tư, 08/11/2023 | 15:30")).rest
    ''
    >>> date_line(line("Thu Hà - 10:56, 18/12/2020")).rest
    'Thu Hà'
    >>> date_line(line("Sáng 12/5/2021, xã An Bình tổ chức lễ ra quân")) is None
    True
    >>> date_line(line("Thứ Sáu, 10/7/2025, 09:52:10 GMT+7")).is_clock
    True
    """
    if len(ln) > 120 or not _DATE_HINT.search(ln.folded):
        return None
    parts: set[str] = set()
    rest: list[str] = []
    position = 0
    for match in _date_pattern().finditer(ln.folded):
        kind = match.lastgroup or ""
        parts.add("time" if kind == "seconds" else kind)
        if match["seconds"]:
            parts.add("seconds")
        rest.append(ln.text[position : match.start()])
        position = match.end()
    left = " ".join(" ".join([*rest, ln.text[position:]]).strip(PUNCTUATION).split())
    if not parts & {"date", "time"} or len(left) > 45 or sum(map(str.isdigit, left)) > 6:
        return None
    if left and not ("date" in parts and _may_stand_by_date(left)):
        return None
    return DateLine(frozenset(parts), left)
