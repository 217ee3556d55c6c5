"""The words and signs a citation is made of: kinds of documents, numbers, suffixes, terms, dates.

Patterns match on folded text (`vietnamese.fold`), that of the suffix on the text itself. Each is
tried at one place and bounded in length, so reading an article stays linear.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from pipeline import lexicon
from pipeline.annotate.issuers import WORDS, any_of, of_organ
from pipeline.annotate.reading import Reading
from pipeline.gazetteer import Gazetteer
from pipeline.records import DocType
from pipeline.vietnamese import fold


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of document: its names, and when a bare number after them names one."""

    doc_type: DocType
    names: tuple[str, ...]
    codes: tuple[str, ...]
    bare: Literal["free", "strict", "never"]
    examples: tuple[str, ...]
    short: tuple[str, ...] = ()
    verb: bool = False
    state: bool = False
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ordinal:
    """A spelled-out number."""

    value: int
    words: tuple[str, ...]
    examples: tuple[str, ...]


class Number(NamedTuple):
    """A document's number up to `end`: `số 05-CT/TW`, `111/2015/QH13`, `35`."""

    end: int
    number: str
    labelled: bool  # "số"
    year: int | None
    suffix: str | None
    codes: tuple[str, ...]  # the parts of the suffix, upper case: CT, TW


KINDS: Final = lexicon.read("documents", Kind)
ORDINALS: Final = lexicon.read("documents", Ordinal)
COUNTED: Final = Gazetteer(dict.fromkeys(WORDS["counted"], True))
PROGRAMMES: Final = Gazetteer(dict.fromkeys(WORDS["named"], True))
AFTER: Final = frozenset(WORDS["after"])

_NAMED: Final = {fold(name): kind for kind in KINDS for name in kind.names}
_SHORT: Final = {fold(short): kind for kind in KINDS for short in kind.short}
_CODES: Final = {code.upper() for kind in KINDS for code in kind.codes}
_SPELLED: Final = {word: o.value for o in ORDINALS for word in o.words}

# --- patterns -----------------------------------------------------------------------------

_TW: Final = r"(?: trung\sương | t\.?\s?w | t\.?\s?ư )"  # Trung ương  TW  T.Ư  TƯ
_PARTY: Final = r"(?:\sđảng)? (?:\scộng\ssản\sviệt\snam)?"
_COMMITTEE: Final = rf"(?: (?:ban\schấp\shành|bch)\s? )? {_TW} {_PARTY}"
_FIGURE: Final = r"(?: \d{1,2} (?![\w%]|\s?[./-]\s?\d) | [ivx]{1,4} (?!\w) )"  # 4  IV
_NTH: Final = rf"lần\s(?:thứ\s)? (?: {_FIGURE} | (?:{any_of(_SPELLED)})(?!\w) )"  # lần thứ tư
_TERM: Final = r"(?: [ivx]{1,6} | \d{1,2} ) (?!\w|[.,]\d|%)"  # XII  12
_TERMS: Final = rf"""
    {_TERM} (?: \s?(?:,|;|và|&)\s?                               # XI, XII và khóa XIII
        (?: khóa\s(?:[ivx]{{1,6}}|\d{{1,2}}) | [ivx]{{1,6}} | \d{{1,2}}(?=\s?\)) ) (?!\w) ){{0,8}}
"""
_DASH: Final = "-‐‑‒–—―−"

HEAD: Final = re.compile(
    rf"""
    (?<![\w/-]) (?:
        (?P<name> {any_of(_NAMED)} ) (?![^\W\d_])                # Chỉ thị  Nghị quyết
      | (?P<short> {any_of(_SHORT)} )                            # NQ 35  NQTW4  NQ ĐH XIII
            (?= [\s.-]?(?:số\s?)?\d | \s?{_TW} | \s(?:đh|đại\shội) )
    )""",
    re.VERBOSE,
)
_WORDS_OF_HEAD: Final = re.compile(any_of((*_NAMED, *_SHORT)))
_NUMBER: Final = re.compile(
    r"""
    \s{0,2} (?P<label> số \s{0,2} :? \s{0,2} )?                  # số  số:
    (?P<number> \d{1,5} (?: [a-c] (?!\w) )? ) (?!\d)             # 05  214  1374  30a
    (?: \s?/\s? (?P<year> (?:19|20)\d\d ) (?!\d)                 # 15/2020
      | (?! \s?% | \s?[./-]\s?\d | ,\d ) )                       # never 12/8  71,3%  30 - 40%
    """,
    re.VERBOSE,
)
_SUFFIX: Final = re.compile(  # on the text itself: capitals tell a sign from a word
    rf"""
    (?P<gap> \s{{0,2}} [{_DASH}/] \s{{0,2}} | \s? )              # 05-CT  05 – CT  05CT
    (?P<code> [A-ZĐÐ]{{1,8}} [a-zđð]{{0,2}} ) (?P<session> \d{{0,2}} )   # CT  QĐi  QH13
    (?: \s{{0,2}} (?P<mark> [{_DASH}/] ) \s{{0,2}}
        (?P<organ> T\.?Ư | [A-ZĐÐ][A-Za-zĐÐđð]{{0,11}} \d{{0,2}} (?:-[A-ZĐÐ]{{2,10}})? ) )?  # /TW
    (?! \w )
    """,
    re.VERBOSE,
)
# Another number of a list: "Quy định 96, 262", "số 18 và số 19"
NEXT: Final = re.compile(r"(?:\s?[,;]|\svà|\s&)\s{1,2}(?:các\s|hoặc\s|và\s)?(?=số\s?\d|\d)")
# "Kế hoạch kiểm tra số 12-KH/TU"
APART: Final = re.compile(r"(?:,?\s[^\W\d_]{1,10}){1,5}(?=\ssố\s?:?\s?\d)")
TERM: Final = re.compile(
    rf"""
    \s{{0,2}} [,-]? \s{{0,2}} (?P<open>\()? (?:nhiệm\skỳ\s)? (?:khóa|k\.?) \s{{0,2}}  # , khóa  (K.
    (?P<terms> {_TERMS} ) (?(open) \s?\)? )
    """,
    re.VERBOSE,
)
DATE: Final = re.compile(
    r"""
    \s{0,2} (?P<comma>,)? \s{0,2} (?P<open>\()? (?:ban\shành\s|ra\s|ký\s)? ngày \s{1,2}
    (?P<day>\d{1,2}) (?: \s?[/.-]\s? | \stháng\s ) (?P<month>\d{1,2})        # 18/5  18 tháng 5
    (?: \s?[/.-]\s? | ,?\snăm\s ) (?P<year>(?:19|20)\d\d) (?!\d)
    (?(open) \s?\)? )
    """,
    re.VERBOSE,
)
YEAR: Final = re.compile(r"\s{1,2}(?:ban\shành\s)?năm\s(?P<year>(?:19|20)\d\d)(?!\d|\s?[-/])")
# Whether a day or a year follows; "05 ngày" and "05 năm" count.
DATED: Final = re.compile(
    r"\s{0,2} ,? \s{0,2} (?: ngày\s\d{1,2}\s?(?:[/.-]|tháng) | năm\s(?:19|20)\d\d )", re.VERBOSE
)
PLENUM: Final = re.compile(
    rf"""
    \s? (?:của\s)? (?:
        (?:hội\snghị\s|hn\s?)? {_COMMITTEE} \s? (?P<first> {_FIGURE} | {_NTH} )  # Trung ương 4
      | (?:hội\snghị\s|hn\s?)? (?P<second>{_NTH}) ,? \s (?:của\s)? {_COMMITTEE} (?!\w)
      | hội\snghị\s (?P<third>{_NTH}) (?= \s?[,(]?\s?khóa\s )    # Hội nghị lần thứ 4 khóa XII
    )""",
    re.VERBOSE,
)
NEXT_PLENUM: Final = re.compile(
    rf"(?:\s?,|\svà)\s (?P<first>{_FIGURE}) (?= \s?[,(]?\s?(?:khóa|k\.) | (?:\s?,|\svà)\s\d )",
    re.VERBOSE,
)
CONGRESS: Final = re.compile(
    rf"""
    \s? (?:của\s)? (?:đại\shội|đh) (?:đb|\sđại\sbiểu)?
    (?P<whose> (?: \s                                            # Đảng bộ tỉnh, toàn quốc
        (?! các\scấp | (?:và|nghị|lần|khóa)\s | [ivx]{{1,6}}(?!\w) | \d ) [\w.-]{{1,20}} ){{0,12}} )
    ,? \s (?P<nth> lần\s(?:thứ\s)? | khóa\s )? (?P<terms> {_TERMS} )   # lần thứ XIII
    (?P<party> \s (?:của\s)? đảng (?!\s?bộ|\sủy|\sviên) (?:\scộng\ssản\sviệt\snam)? )?
    """,
    re.VERBOSE,
)
# Between two papers of a list: "Chỉ thị 05, các Kết luận 01"
LISTED: Final = re.compile(r"\s*,?\s*(?:và|cùng\svới|cùng)?\s*(?:các|những)?\s*")
SYLLABLE: Final = re.compile(r"\w+")

_PLAIN: Final = str.maketrans(dict.fromkeys(_DASH, "-") | {"Ð": "Đ", "ð": "đ"})


# --- reading the parts --------------------------------------------------------------------


def head(folded: str, offset: int) -> re.Match[str] | None:
    """The first match of HEAD at `offset` or after it.

    Its words are looked for first, by their first letters: that is faster than to ask everywhere
    whether a word begins.
    """
    while words := _WORDS_OF_HEAD.search(folded, offset):
        if found := HEAD.match(folded, words.start()):
            return found
        offset = words.start() + 1
    return None


def kind_of(head: re.Match[str]) -> Kind:
    """The kind of document that a match of HEAD names."""
    return _SHORT[head["short"]] if head["short"] else _NAMED[" ".join(head["name"].split())]


def number_at(reading: Reading, at: int, end: int) -> Number | None:
    """The number that stands at `at`, with its suffix, before `end`."""
    m = _NUMBER.match(reading.folded, at, end)
    if m is None:
        return None
    sign = _SUFFIX.match(reading.text, m.end(), end)
    suffix = _suffix(sign) if sign else None
    if suffix is None and reading.folded[m.end() : m.end() + 1].isalpha():  # 24h
        return None
    return Number(
        end=sign.end() if sign and suffix else m.end(),
        number=m["number"],
        labelled=bool(m["label"]),
        year=int(m["year"]) if m["year"] else None,
        suffix=suffix,
        codes=tuple(re.findall(r"[^\W\d_]+", suffix.upper())) if suffix else (),
    )


def _suffix(m: re.Match[str]) -> str | None:
    """The sign in its usual spelling, `CT/TW` or `CT-TTg`; None if those capitals are none."""
    code, organ, gap = ((m[part] or "").translate(_PLAIN) for part in ("code", "organ", "gap"))
    if not organ:  # Đề án 06/CP, 111/2015/QH13
        return code + m["session"] if gap == "/" and len(code) > 1 else None
    if code.upper() not in _CODES and gap not in ("-", "/"):
        return None
    if organ.upper().replace("Ư", "W").replace(".", "") == "TW":
        organ = "TW"
    signer = of_organ(organ)
    party = gap.strip() != "/" or (signer is not None and signer[0] == "central")
    return code + ("/" if party else m["mark"].translate(_PLAIN)) + organ


def ordinal(text: str) -> int | None:
    """A figure, a Roman numeral or a spelled-out ordinal of folded text; None if it is none.

    >>> ordinal("12"), ordinal("xii"), ordinal("tư"), ordinal("iixx")
    (12, 12, 4, None)
    """
    return int(text) if text.isdigit() else _SPELLED.get(text, _ROMANS.get(text))


def roman(number: int) -> str:
    """A number below 40 in Roman numerals."""
    tens, ones = divmod(number, 10)
    return "X" * tens + ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")[ones]


_ROMANS: Final = {roman(n).lower(): n for n in range(1, 40)}


def terms(listed: str) -> tuple[str, ...]:
    """The terms of a list, Roman; nothing if one of them is no term.

    >>> terms("xi, xii và khóa 13")
    ('XI', 'XII', 'XIII')
    """
    numbers = [ordinal(w) for w in SYLLABLE.findall(listed) if w not in ("khóa", "và")]
    return tuple(roman(n) for n in numbers if n) if all(n and n < 40 for n in numbers) else ()


def plenum(m: re.Match[str]) -> int:
    """The number in a match of PLENUM or NEXT_PLENUM, the last word of its group; 0 for none."""
    found = next(filter(None, m.groups()))
    return ordinal(SYLLABLE.findall(found)[-1]) or 0
