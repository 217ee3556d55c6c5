"""underthesea's syllables, each with its place in the unchanged text.

Its tokenizer is one large regular expression over the whole normalised sentence, and the largest
cost of all. But no match of it crosses white space (save the one named at `_CHUNKS`), and what it
finds in a chunk between spaces depends on that chunk alone and on whether the text ends there. So
a chunk's tokens are found once and remembered.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.annotate.memory import Memory
from pipeline.vietnamese import nfc

Ints = NDArray[np.int64]

# Chunks remembered: 30 MB at most.
_BOUND: Final = 100_000
# The expression is quadratic in a chunk's length: a longer one (no text, but a hostile input) is
# cut before it is matched, and only there may tokens differ from underthesea's.
_LONGEST: Final = 200
# Its abbreviation `Th.S`, whose dot stands for any character, also matches "Th S": such chunks
# stay together.
_CHUNKS: Final = re.compile(r"\S+(?:(?<=Th)[^\S\n](?=[Ss])\S+)*")
_TH_S: Final = re.compile(r"Th\s[Ss]")


class Syllables(NamedTuple):
    """The tokens of several sentences, end to end."""

    texts: list[str]  # as underthesea normalises them: ủy for uỷ
    starts: Ints  # in their sentence, as given
    ends: Ints
    counts: list[int]  # tokens of each sentence


class _Chunk(NamedTuple):
    texts: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]


class Tokenizer:
    """Cuts sentences as `expression` does in their normalised form.

    `characters` are replaced one for one after composing; `normalise` gives each token its
    normal form.
    """

    def __init__(
        self,
        expression: re.Pattern[str],
        characters: Mapping[str, str],
        normalise: Callable[[str], str],
    ) -> None:
        self._expression, self._normalise = expression, normalise
        self._characters = str.maketrans(dict(characters))
        self._within = Memory(lambda chunk: self._cut(chunk, at_end=False), _BOUND)
        self._at_end = Memory(lambda chunk: self._cut(chunk, at_end=True), _BOUND)

    def split(self, sentences: Sequence[str]) -> Syllables:
        """The tokens of all sentences."""
        chunks: list[str] = []
        begins: list[int] = []  # of the chunks, in their sentences
        of_sentence = [0]  # how many chunks stand before each sentence
        last: list[int] = []  # chunks that end with a dot where the text ends
        for sentence in sentences:
            pieces = sentence.split()
            spaced = len(sentence) == sum(map(len, pieces)) + len(pieces) - 1
            if spaced and max(map(len, pieces)) <= _LONGEST and not _TH_S.search(sentence):
                begins.extend(_running(pieces))
                ends = True
            else:
                places = list(_places_of_chunks(sentence))
                pieces = [sentence[start:end] for start, end in places]
                begins.extend(start for start, _ in places)
                ends = bool(places) and sentence[places[-1][1] :] in ("", "\n")
            chunks += pieces
            of_sentence.append(len(chunks))
            if ends and pieces[-1].endswith("."):
                last.append(len(chunks) - 1)
        cut = list(map(self._within.__getitem__, chunks))
        for n in last:  # "HĐND." is one token but at the end, where it is two
            cut[n] = self._at_end[chunks[n]]

        tokens = np.fromiter(map(len, (c.texts for c in cut)), np.int64, len(cut))
        total = int(tokens.sum())
        offset = np.repeat(np.array(begins, dtype=np.int64), tokens)
        before = np.concatenate([[0], np.cumsum(tokens)])
        return Syllables(
            list(chain.from_iterable(c.texts for c in cut)),
            offset + np.fromiter(chain.from_iterable(c.starts for c in cut), np.int64, total),
            offset + np.fromiter(chain.from_iterable(c.ends for c in cut), np.int64, total),
            np.diff(before[of_sentence]).tolist(),
        )

    def _cut(self, chunk: str, *, at_end: bool) -> _Chunk:
        composed = nfc(chunk)
        origin = origins(chunk, composed)
        # What is not at the end is followed by a space, as every chunk is.
        text = composed.translate(self._characters) + ("" if at_end else " ")
        found = list(self._expression.finditer(text))
        return _Chunk(
            tuple(self._normalise(match[0]) for match in found),
            tuple(origin[match.start()][0] for match in found),
            tuple(origin[match.end() - 1][1] for match in found),
        )


def _places_of_chunks(sentence: str) -> Iterator[tuple[int, int]]:
    for match in _CHUNKS.finditer(sentence):
        for start in range(match.start(), match.end(), _LONGEST):
            yield start, min(start + _LONGEST, match.end())


def _running(pieces: Sequence[str]) -> Iterator[int]:
    """Where pieces begin that a single space parts."""
    at = 0
    for piece in pieces:
        yield at
        at += len(piece) + 1


def origins(text: str, composed: str) -> list[tuple[int, int]]:
    """For each character of the composed text, the part of the text that it stands for.

    >>> origins("ủy", "ủy")
    [(0, 1), (1, 2)]
    >>> decomposed = unicodedata.normalize("NFD", "ủy")
    >>> origins(decomposed, "ủy")
    [(0, 2), (2, 3)]
    """
    if text == composed:
        return [(n, n + 1) for n in range(len(text))]
    clusters: list[str] = []
    for character in text:
        joins = clusters and (
            unicodedata.combining(character)
            or nfc(clusters[-1][-1] + character) != nfc(clusters[-1][-1]) + nfc(character)
        )
        if joins:
            clusters[-1] += character
        else:
            clusters.append(character)
    if nfc(text) != "".join(map(nfc, clusters)):
        clusters = [text]
    places: list[tuple[int, int]] = []
    at = 0
    for cluster in clusters:
        size, new = len(cluster), len(nfc(cluster))
        for n in range(new):  # the first character takes what was composed into it
            start = min(n, size - 1) if new >= size else n and size - new + n
            end = min(n, size - 1) + 1 if new >= size else size - new + n + 1
            places.append((at + start, at + end))
        at += size
    return places
