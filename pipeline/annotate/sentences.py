"""Sentences of an article's text: where a dot ends one, and where it only shortens a word.

A sentence ends at one or more of `. ! ? …` (with the quotes and brackets that close there) where
what follows may begin another: a capital, a figure, an opening quote or a bullet. Abbreviations,
initials, numbered headings, and short names in quotes or brackets are what speaks against it;
`lexicon/sentences.toml` knows them. Semicolons never end a sentence.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from pipeline import lexicon
from pipeline.records import Block, Sentence

_STOP: Final = re.compile(
    r"""
    (?P<stop> [.!?…]+ (?:[ ][.!?…]+)* )   # "." "?!" "..." and ". ." as one
    (?P<close> [”"’'»)\]]* )
    (?P<gap> \s* )
    | (?P<line> \n \s* )                 # a line within a block
    """,
    re.VERBOSE,
)
_MAY_STOP: Final = re.compile(r"[.!?…\n]")
# What may begin a sentence: a bullet, opening quotes or brackets, then a capital or a figure.
_BEGIN: Final = re.compile(
    r"""
    (?P<bullet> [-–—•*+●▪►►✓] \s* )?
    (?P<open> [“„"‘'«”(\[]* [.…]* )       # “Tôi   ”Tôi   “...Tôi
    (?P<first> \w+ )
    """,
    re.VERBOSE,
)
# A name in quotes, or brackets, too short to hold sentences. What a person says is no name: it
# begins a sentence or follows a colon.
_NAME: Final = re.compile(  # all marks in one class, as the first thing: searched for fastest
    r"""
    [“„"«”(] (?: (?<=\() [^()\n]{1,120} \)                                    # (TP. Hòa Lạc)
      | (?: (?<=\w[ ][^(]) | (?<=[”"»][,;][ ][^(]) ) [^“”„"«»\n]{1,60} [”"»] (?!\w) )  # “Cần? Có!”
    """,
    re.VERBOSE,
)
_TOKEN: Final = re.compile(r"[^\s“”„\"«»‘’'(\[]+\Z")  # what stands right before a dot
_LAST_PART: Final = re.compile(r"\w+\Z")
_MARKER: Final = re.compile(r"\W*(?:\d{1,3}(?:\.\d{1,3})*|[IVXLC]+|[^\W\d_])\Z")  # 1  1.2  IV  a
_ROMAN: Final = re.compile(r"[IVXLC]+\Z")
_LOOK_BACK: Final = 40  # characters; no abbreviation and no heading is longer


@dataclass(frozen=True, slots=True)
class Abbreviation:
    """A shortened word, as written before its dot."""

    forms: tuple[str, ...]
    kind: Literal["title", "place", "number", "word"]
    examples: tuple[str, ...]
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Label:
    """Words that name a letter or a Roman numeral: khóa X, loại A."""

    words: tuple[str, ...]
    examples: tuple[str, ...]
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Opener:
    """Words that begin a sentence and never a name."""

    words: tuple[str, ...]
    examples: tuple[str, ...]
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Heading:
    """Words that number the text after them: Điều 5."""

    words: tuple[str, ...]
    examples: tuple[str, ...]
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Knowledge:
    """The entries of `sentences.toml`, ready to ask."""

    abbreviations: dict[str, str]  # form -> kind
    labels: frozenset[str]
    opener: re.Pattern[str]
    heading: re.Pattern[str]


@cache
def knowledge() -> Knowledge:
    def either(words: Iterator[str]) -> str:
        return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))

    headings = either(w for e in lexicon.read("sentences", Heading) for w in e.words)
    openers = either(w for e in lexicon.read("sentences", Opener) for w in e.words)
    return Knowledge(
        {f: e.kind for e in lexicon.read("sentences", Abbreviation) for f in e.forms},
        frozenset(w for e in lexicon.read("sentences", Label) for w in e.words),
        re.compile(rf"(?:{openers})\b"),
        re.compile(rf"\W*(?:{headings})[ ](?:\d+|[IVXLC]+|[A-Z])\Z"),
    )


def split(article_id: str, text: str, blocks: tuple[Block, ...]) -> tuple[Sentence, ...]:
    """The sentences of the kept blocks, in order; none crosses a block, none begins with a space.

    Every character of a block that is no space lies in exactly one of them.
    """
    found: list[Sentence] = []
    for block in blocks:
        if block.start_char is None or block.end_char is None:
            continue
        for start, end in bounds(text, block.start_char, block.end_char):
            found.append(Sentence(article_id, len(found), block.block_no, start, end))
    return tuple(found)


def bounds(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where the sentences of text[start:end] lie.

    >>> text = "PGS.TS. Mẫn về TP. Hòa Lạc. Ông nói: “Tốt!”"
    >>> [text[a:b] for a, b in bounds(text, 0, len(text))]
    ['PGS.TS. Mẫn về TP. Hòa Lạc.', 'Ông nói: “Tốt!”']
    """
    names = [m.span() for m in _NAME.finditer(text, start, end)]
    first = _skip_space(text, start, end)
    for match in _stops(text, start, end):
        cut = match.start("gap") if match["stop"] else match.start()
        if first < cut and match.end() < end and _ends(text, first, match, end, names):
            yield first, first + len(text[first:cut].rstrip())
            first = match.end()
    last = first + len(text[first:end].rstrip())
    if first < last:
        yield first, last


def _stops(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """Where a sentence may end; most of a text is passed over by a look at each character."""
    while (mark := _MAY_STOP.search(text, start, end)) and (
        match := _STOP.match(text, mark.start(), end)
    ):
        yield match
        start = match.end()


def _ends(
    text: str, first: int, match: re.Match[str], end: int, names: list[tuple[int, int]]
) -> bool:
    """Whether the sentence begun at `first` ends with `match`."""
    begin = _BEGIN.match(text, match.end(), end)
    if begin is None or not (begin["first"][0].isupper() or begin["first"][0].isdigit()):
        return bool(begin and match["line"] and begin["bullet"])
    if match["line"]:
        return True
    stop, at, known = match["stop"], match.start(), knowledge()
    opener = known.opener.match(text, begin.start("first"))
    within = names[n] if (n := bisect_right(names, (at, end)) - 1) >= 0 else (0, 0)
    if within[1] > match.end("close") or (within[1] > at and not opener and "." not in stop):
        return False  # “Bạn cần? Tôi giúp!” is a name; only a word like Sau ends it there
    before = text[max(first, at - _LOOK_BACK) : at]
    if not any(map(str.isalnum, before)):
        return False  # “... Tôi
    if "…" in stop or ".." in stop:
        listed = begin["open"][:1] == "(" or (before[-1] in '”"»' and begin["open"] != "")
        return not listed and _apart(match, before, begin)
    if stop[0] != "." or match["close"]:
        return _apart(match, before, begin)
    return _dot_ends(text, first, at, before, begin, opener is not None) and _apart(
        match, before, begin
    )


def _dot_ends(
    text: str, first: int, at: int, before: str, begin: re.Match[str], opener: bool
) -> bool:
    """Whether one dot at `at` ends a sentence: no marker, heading, abbreviation or initial."""
    known = knowledge()
    if at - first < _LOOK_BACK and (_MARKER.fullmatch(before) or known.heading.fullmatch(before)):
        return False
    token = _TOKEN.search(before)
    part = _LAST_PART.search(before)
    if token is None or part is None:
        return True  # after a closing quote or bracket
    digit_follows = begin["first"][0].isdigit() and not begin["bullet"] and not begin["open"]
    kind = known.abbreviations.get(token[0]) or known.abbreviations.get(part[0])
    words = before[: part.start()].split()
    letter = len(part[0]) == 1 and part[0].isupper()
    if letter and words and words[-1].lower() in known.labels:
        return True  # khóa X.
    if kind == "place" and words and words[-1][0].isupper() and words[-1].isalpha():
        kind = None  # Lê Văn H. is a person, H. Năm Căn a district
    if kind is not None:
        return kind == "word" or (kind == "number" and not digit_follows)
    if part[0].isdigit():
        return not digit_follows or len(part[0]) > 3  # "71. 33" is one number; "2022. 15 xã" not
    return opener or not letter


def _apart(match: re.Match[str], before: str, begin: re.Match[str]) -> bool:
    """Whether a space parts the two sentences, or two words show that it was forgotten.

    Forgotten: "nhân dân.Từ đó", "đứng đầu…Nhờ vậy"; not: "TP.HCM", "Th.S", "bao.vn/Tin".
    """
    if match["gap"] or begin["bullet"]:
        return True
    token = _TOKEN.search(before)
    word = begin["first"]
    capitalised = len(word) > 1 and word[0].isupper() and word[1:].islower()
    if match["close"]:
        return capitalised
    whole = token is not None and token[0].islower() and not set(token[0]) & set("/@.")
    return capitalised and whole and token is not None and len(token[0]) > 1


def _skip_space(text: str, start: int, end: int) -> int:
    return start + len(text[start:end]) - len(text[start:end].lstrip())
