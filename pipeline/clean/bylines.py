"""Bylines: who wrote an article, as the line after its last paragraph says."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import zip_longest
from typing import Final, Literal

from pipeline import lexicon
from pipeline.clean.draft import Draft
from pipeline.clean.edits import is_syllable
from pipeline.clean.lines import PUNCTUATION, Line, any_of, date_line, is_prose, line
from pipeline.vietnamese import fold


@dataclass(frozen=True, slots=True)
class Byline:
    id: str
    part: Literal["label", "credit", "signature", "degree", "surname"]
    words: tuple[str, ...]
    examples: tuple[str, ...]
    excluded: tuple[str, ...] = ()


@cache
def _words(part: str) -> frozenset[str]:
    entries = lexicon.read("layout", Byline)
    return frozenset(word for entry in entries if entry.part == part for word in entry.words)


@dataclass(frozen=True, slots=True)
class Signature:
    """A byline read: who wrote it, as printed; None where only a source or a photographer is."""

    name: str | None
    kind: Literal["label", "credit", "source", "upper", "name", "initials"]


@cache
def _label_pattern() -> re.Pattern[str]:
    label = f"(?:{any_of(_words('label') | _words('credit'))})"
    return re.compile(
        rf"[(\[]?(?P<labels>{label}(?:(?:[ ]?[,&/+-][ ]?|[ ]và[ ]){label}){{0,4}})"
        r"[ ]?:[ ]?(?P<name>[^:]{2,70}?)[)\].]*"
    )


@cache
def _source_pattern() -> re.Pattern[str]:
    return re.compile(
        r"[(\[](?:theo|nguồn)[ ]?:?[ ](?P<bracketed>[^:]{2,70}?)[)\].]*"  # (Theo TTXVN)
        r"|theo:?[ ](?P<name>[^:,.]{2,40})"
    )


@cache
def _part_pattern() -> re.Pattern[str]:
    label = f"(?:{any_of(_words('label') | _words('credit'))})"
    return re.compile(
        rf"(?:\A[(\[]?|[ ]?[;,/|.&+-][ ]?|[ ])"  # Tin: An Bình; ảnh: Hà My
        rf"(?P<labels>{label}(?:(?:[ ]?[,&/+-][ ]?|[ ]và[ ]){label}){{0,4}})[ ]?:[ ]?"
    )


_LABEL_BREAK: Final = re.compile(r" ?[,&/+-] ?| và ")
_NAME_BREAK: Final = re.compile(r"[ ]?[-–/&,+][ ]?|[ ]+(?:và|VÀ)[ ]+")
_INITIALS: Final = re.compile(r"(?:[A-ZĐ]\.[ ]?){1,4}(?:[A-ZĐ][^\W\d_]{0,8})?\.?|[A-ZĐ]{2,3}")
_SUFFIX: Final = re.compile(r"[ ]?\([^()]{2,60}\)\Z")


def signature(ln: Line) -> Signature | None:
    """The byline that a line can be; a name in capitals may as well be a heading.

    >>> signature(line("Bài, ảnh: TRẦN MẪU"))
    Signature(name='TRẦN MẪU', kind='label')
    >>> signature(line("Bài: TRẦN MẪU; Ảnh: HÀ MY"))
    Signature(name='TRẦN MẪU', kind='label')
    >>> signature(line("(Theo TTXVN)")).name is None
    True
    >>> signature(line("Thu Hà - Văn Nam"))
    Signature(name='Thu Hà - Văn Nam', kind='name')
    >>> signature(line("Nguyễn An - H'Mai")).kind
    'name'
    >>> signature(line("Phát huy vai trò")) is None
    True
    """
    if not 2 <= len(ln) <= 90:
        return None
    if ln.folded.count(":") > 1:
        return _of_parts(ln)
    if labelled := _label_pattern().fullmatch(ln.folded):
        name = ln.text[labelled.start("name") : labelled.end("name")].strip(PUNCTUATION)
        labels = set(_LABEL_BREAK.split(labelled["labels"]))
        if not _is_of_names(name):
            return None
        if labels <= _words("credit"):
            return Signature(None, "credit")
        return Signature(name, "label")
    if source := _source_pattern().fullmatch(ln.folded):
        at = source.start(source.lastgroup or 0)
        return Signature(None, "source") if ln.text[at : at + 1].isupper() else None
    text = ln.text.strip(PUNCTUATION)
    if fold(text) in _words("signature"):
        return Signature(text, "initials")
    return _named(ln.text)


def _of_parts(ln: Line) -> Signature | None:
    """A byline that names by labels of their own who wrote and who photographed."""
    parts = list(_part_pattern().finditer(ln.folded))
    if len(parts) != ln.folded.count(":") or parts[0].start() != 0:
        return None
    ends = [part.start() for part in parts[1:]] + [len(ln)]
    writers: list[str] = []
    for part, end in zip(parts, ends, strict=True):
        name = ln.text[part.end() : end].strip(PUNCTUATION)
        if not _is_of_names(name):
            return None
        if not set(_LABEL_BREAK.split(part["labels"])) <= _words("credit"):
            writers.append(name)
    if not writers:
        return Signature(None, "credit")
    return Signature(" - ".join(dict.fromkeys(writers)), "label")


def _is_of_names(text: str) -> bool:
    """Whether most of its words are written as names are, and it asks and exclaims nothing."""
    words = text.split()
    capitals = sum(word.strip(PUNCTUATION)[:1].isupper() for word in words)
    return 1 <= len(words) <= 12 and 2 * capitals > len(words) and not set("?!…") & set(text)


def _named(text: str) -> Signature | None:
    """A line of names only: "LÊ AN", "Lê An - Hà Bình", "ThS. Lê An (CTV)", "L.A"."""
    bare = _SUFFIX.sub("", text.strip("-–—_*• \t").rstrip(",;")).strip()
    bare = _degree_pattern().sub("", bare, count=1) or bare
    names = _NAME_BREAK.split(bare)
    if not 1 <= len(names) <= 4 or any(char.isdigit() for char in bare):
        return None
    kinds = {_name_kind(name) for name in names}
    if None in kinds:
        return None
    if kinds == {"initials"}:
        return Signature(bare, "initials")
    return Signature(bare, "upper" if kinds == {"upper"} else "name")


def _name_kind(name: str) -> Literal["initials", "upper", "name"] | None:
    words = name.split()
    if not words or len(words) > 5 or len(name) > 40:
        return None
    if _INITIALS.fullmatch(name):
        return "initials"
    if not all(_is_name_word(word) for word in words):
        return None
    if name.isupper():
        return "upper"
    return "name" if len(words) >= 2 or {"'", "’"} & set(name) else None  # H'Linh alone


def _is_name_word(word: str) -> bool:
    letters = word.strip(".")
    first, mark, rest = letters.replace("’", "'").partition("'")
    if mark:  # H'Linh, as in the highlands
        return len(first) == 1 and first.isupper() and rest.isalpha() and rest[0].isupper()
    return (
        letters.isalpha()
        and letters[0].isupper()
        and (letters.isupper() or letters[1:].islower())
        and (is_syllable(fold(letters)) or len(letters) == 1)
    )


@cache
def _degree_pattern() -> re.Pattern[str]:
    return re.compile(rf"\A(?:(?:{any_of(_words('degree'))})[., ]+)+", re.IGNORECASE)


def has_surname(name: str) -> bool:
    """Whether a name begins as Vietnamese names do.

    >>> has_surname("NGUYỄN AN"), has_surname("PHÁT HUY")
    (True, False)
    """
    return fold(name).split(" ")[0] in _words("surname")


def author(draft: Draft) -> str | None:
    """Who wrote the article: its byline, else the name beside its dateline, as printed."""
    for piece in draft.pieces:
        if piece.role == "author":
            signed = signature(line(piece.raw_text))
            if signed is not None and signed.name:
                return signed.name
            if signed is None and _is_of_names(name := piece.raw_text.strip(PUNCTUATION)):
                return name
    for piece in draft.pieces:
        if piece.role == "dateline" and (date := date_line(line(piece.raw_text))):
            signed = None if date.names_paper else signature(line(date.rest))
            if signed is not None and signed.name:
                return signed.name
    return None


# --- bylines at the end of a paragraph's line -----------------------------------------------

# Begins with the mark that it follows, to be found fast.
_LAST_SENTENCE: Final = re.compile(r"[.!?…](?<=[^\W\d_]{2}.)[\"”')]*\s+(?=[^\s.!?…][^!?…]{1,70}\Z)")


def apart(lines: Iterable[Line]) -> list[Line]:
    """The lines, with a byline that ends a paragraph's line on a line of its own.

    >>> [ln.raw for ln in apart([line("Phong trào đã lan tỏa tới mọi thôn, mọi xóm. LÊ MẪU")])]
    ['Phong trào đã lan tỏa tới mọi thôn, mọi xóm.', 'LÊ MẪU']
    """
    given = list(lines)
    apart: list[Line] = []
    for ln, below in zip_longest(given, given[1:]):
        cut = None if ln.dump or (below is not None and is_prose(below)) else _glued(ln.raw)
        if cut is None:
            apart.append(ln)
            continue
        for start, end in ((0, len(ln.raw[:cut].rstrip())), (cut, len(ln.raw))):
            at = None if ln.start is None else ln.start + start
            first = start == 0
            hint = ln.hint if first else None
            apart.append(line(ln.raw[start:end], at, hint=hint, spaced=first and ln.spaced))
    return apart


def _glued(raw: str) -> int | None:
    """Where in a paragraph the byline at its end begins."""
    stops = list(_LAST_SENTENCE.finditer(raw, max(0, len(raw) - 81)))
    if not stops or stops[-1].start() < 39:
        return None
    found = stops[-1]
    signed = signature(line(raw[found.end() :]))
    if signed is None or signed.kind in ("credit", "initials", "name"):
        return None
    return found.end() if signed.kind != "upper" or " " in raw[found.end() :] else None
