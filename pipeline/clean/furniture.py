"""What a site says around its articles: recognised by lexicon, and by how often a line repeats.

>>> found = find("ý kiến bạn đọc (0)")
>>> found.kind, found.opens
('comment', True)
>>> find("bình luận") is None, find("bình luận", tail=True).kind
(True, 'comment')
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import cache
from typing import Final, Literal

from pipeline import lexicon
from pipeline.clean.draft import Piece
from pipeline.vietnamese import match_key

LONGEST: Final = 500  # a longer line is somebody's prose, whatever it contains
LONGEST_ROW: Final = 120  # of several buttons or links in a line
# What a line that repeats across an outlet must be, to be the outlet's and not the articles'.
REPEATED_LENGTH: Final = 200
REPEATED_ARTICLES: Final = 3
REPEATED_SHARE: Final = 0.2


@dataclass(frozen=True, slots=True)
class Furniture:
    """A kind of line that belongs to the page and not to the article; see boilerplate.toml."""

    id: str
    kind: str
    where: Literal["anywhere", "tail"]
    examples: tuple[str, ...]
    phrases: tuple[str, ...] = ()
    contains: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    opens: bool = False
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Idiom:
    """Headings that an outlet's articles share because the genre does."""

    id: str
    patterns: tuple[str, ...]
    examples: tuple[str, ...]
    excluded: tuple[str, ...] = ()


# --- by lexicon ---------------------------------------------------------------------------

_BEFORE: Final = re.compile(r"[\W_]*")
_COUNT: Final = re.compile(r"[ ]?[(\[][ ]?\d{0,6}\Z")  # what is left of "(12)", of "[ ]"
_WORD: Final = re.compile(r"\w+")


def bare(folded: str) -> str:
    """A line without the arrows and colons around it and the count after it.

    >>> bare(">> tin cùng chuyên mục (12):")
    'tin cùng chuyên mục'
    """
    before = _BEFORE.match(folded)
    text = _without_end(folded[before.end() if before else 0 :])
    if text[-1:].isdecimal():
        text = _without_end(_COUNT.sub("", text))
    return text


def _without_end(text: str) -> str:
    end = len(text)
    while end and not text[end - 1].isalnum():
        end -= 1
    return text[:end]


class Lines:
    """Furniture entries made ready to look a line up in all of them at once."""

    def __init__(self, entries: Iterable[Furniture]) -> None:
        self._whole: dict[str, Furniture] = {}
        self._inside: dict[str, list[tuple[str, Furniture]]] = defaultdict(list)
        self._by_group: dict[str, Furniture] = {}
        patterns: list[str] = []
        for entry in entries:
            for phrase in entry.phrases:
                self._whole.setdefault(bare(phrase), entry)
            for phrase in entry.contains:
                self._inside[_WORD.findall(phrase)[0]].append((phrase, entry))
            for pattern in entry.patterns:
                self._by_group[f"p{len(patterns)}"] = entry
                patterns.append(f"(?P<p{len(patterns)}>{pattern})")
        self._phrases = [phrase for found in self._inside.values() for phrase, _ in found]
        self._pattern = re.compile("|".join(patterns) or r"(?!)")
        # Whether any fits, asked first: it takes two thirds of the time without the groups' names.
        self._unnamed = re.compile(re.sub(r"\(\?P<p\d+>", "(?:", self._pattern.pattern))

    def find(self, folded: str) -> Furniture | None:
        if entry := self._whole.get(bare(folded)):
            return entry
        if self._unnamed.fullmatch(folded) and (match := self._pattern.fullmatch(folded)):
            return self._by_group[match.lastgroup or ""]
        if len(folded) <= LONGEST_ROW and (entry := self._row(folded)):
            return entry
        if not any(map(folded.__contains__, self._phrases)):  # so it is with nearly every line
            return None
        for word in _WORD.finditer(folded):
            for phrase, entry in self._inside.get(word[0], ()):
                if folded.startswith(phrase, word.start()):
                    return entry
        return None

    def _row(self, folded: str) -> Furniture | None:
        """The first of several phrases that a line is made of: "In bài viết Gửi email Zalo"."""
        words = _WORD.findall(folded)
        first: Furniture | None = None
        position = 0
        while position < len(words):
            for size in range(min(6, len(words) - position), 0, -1):
                if entry := self._whole.get(" ".join(words[position : position + size])):
                    first = first or entry
                    position += size
                    break
            else:
                return None
        return first


@cache
def _lines(where: Literal["anywhere", "tail"]) -> Lines:
    return Lines(entry for entry in lexicon.read("boilerplate", Furniture) if entry.where == where)


def find(folded: str, *, tail: bool = False) -> Furniture | None:
    """The furniture that a folded line is; `tail` adds what is none between title and end."""
    if len(folded) > LONGEST:
        return None
    return _lines("anywhere").find(folded) or (_lines("tail").find(folded) if tail else None)


# --- by repetition ------------------------------------------------------------------------


@cache
def _idiom() -> re.Pattern[str]:
    return re.compile("|".join(p for e in lexicon.read("boilerplate", Idiom) for p in e.patterns))


def repeated(keys_by_article: Mapping[str, Iterable[str]]) -> frozenset[str]:
    """The lines that stand in so many of an outlet's articles that they are its own.

    Lines are given and told by their match keys. At least 3 articles and a fifth of them; captures
    of one and the same article count once. Headings the whole genre shares do not count.

    >>> own = "báo miền biển vì bạn đọc"
    >>> sorted(repeated({c: [own, f"đoạn văn riêng của bài báo {c}"] for c in "abc"}))
    ['báo miền biển vì bạn đọc']
    """
    keys = {name: set(lines) for name, lines in keys_by_article.items()}
    fingerprints = {name: frozenset(sorted(own, key=_length)[-3:]) for name, own in keys.items()}
    articles: dict[str, set[frozenset[str]]] = defaultdict(set)
    for name, own in keys.items():
        for key in own:
            articles[key].add(fingerprints[name])
    enough = max(REPEATED_ARTICLES, REPEATED_SHARE * len(set(fingerprints.values())))
    return frozenset(
        key
        for key, holders in articles.items()
        if len(holders) >= enough
        and 0 < len(key) <= REPEATED_LENGTH
        and not _idiom().fullmatch(key)
    )


def _length(key: str) -> tuple[int, str]:
    return len(key), key


def drop(pieces: Sequence[Piece], keys: AbstractSet[str]) -> tuple[Piece, ...]:
    """The pieces, with those kept ones removed whose line is among the repeated `keys`."""
    return tuple(
        replace(
            piece, role="boilerplate", kept=False, text="", repairs=(), rule="clean/repeated-line"
        )
        if piece.kept and len(piece.text) <= 2 * REPEATED_LENGTH and match_key(piece.text) in keys
        else piece
        for piece in pieces
    )
