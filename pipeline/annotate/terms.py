"""The domain's terms, which no segmenter may split, and where the segmenters would.

Both engines learned from other texts: one makes `Đảng | ủy Khối` of Đảng ủy Khối. The words layer
mends that; what the engines say themselves stays as it is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from pipeline import lexicon
from pipeline.annotate.segmenters import Engine, Word
from pipeline.gazetteer import Gazetteer, Hit
from pipeline.vietnamese import fold

_NEXT_WORD: Final = re.compile(r"\s+(\w+)")


@dataclass(frozen=True, slots=True)
class Term:
    """Phrases that are one word each."""

    phrases: tuple[str, ...]
    pos: str
    examples: tuple[str, ...]
    excluded: tuple[str, ...] = ()
    unless_before: tuple[str, ...] = ()  # "tỉnh ủy" is no term in "tỉnh ủy quyền"


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A term that two engines segment differently somewhere, and how often."""

    term: str
    count: int  # how often the term stands in the text
    differ: int  # how often the engines differ on it
    first_splits: int  # how often the first makes no word of its own of it
    second_splits: int
    first_form: str  # what each makes of it most often where they differ: "Đảng | ủy Khối"
    second_form: str


@cache
def _gazetteer() -> Gazetteer[tuple[str, Term]]:
    return Gazetteer(
        {phrase: (phrase, term) for term in lexicon.read("terms", Term) for phrase in term.phrases}
    )


def find(text: str) -> list[Hit[tuple[str, Term]]]:
    """The terms in a text, from left to right.

    >>> [text[hit.start:hit.end] for text in ["Đảng uỷ Khối và chi bộ"] for hit in find(text)]
    ['Đảng uỷ', 'chi bộ']
    """
    folded = fold(text)
    hits: list[Hit[tuple[str, Term]]] = []
    for hit in _gazetteer().find(folded):
        after = _NEXT_WORD.match(folded, hit.end)
        if after is None or after[1] not in hit.value[1].unless_before:
            hits.append(hit)
    return hits


def keep_whole(sentence: str, words: Sequence[Word]) -> list[Word]:
    """The words of a sentence with every term as one word.

    A word that holds a term and more is cut at the term's edges. What is merged or cut is spelt
    as in the sentence; it keeps the chunk and entity tags of where it stood.

    >>> words = [Word("Đảng", 0, 4, "N", "B-NP", "B-ORG"), Word("ủy Khối", 5, 12, "N", "B-NP", "O")]
    >>> [(w.text, w.chunk, w.ner) for w in keep_whole("Đảng ủy Khối", words)]
    [('Đảng ủy', 'B-NP', 'B-ORG'), ('Khối', 'I-NP', 'O')]
    """
    kept: list[Word] = []
    rest = list(reversed(words))
    for start, end, (_, term) in find(sentence):
        while rest and rest[-1].end <= start:
            kept.append(rest.pop())
        held: list[Word] = []
        while rest and rest[-1].start < end:
            held.append(rest.pop())
        if not held or [(w.start, w.end) for w in held] == [(start, end)]:
            kept += held
            continue
        first, last = held[0], held[-1]
        whole = _part(sentence, first, start, end)._replace(pos=term.pos)
        if first.start < start:
            left = _part(sentence, first, first.start, start)
            kept.append(left)
            whole = _behind(left, whole)
        kept.append(whole)
        if end < last.end:
            rest.append(_behind(whole, _part(sentence, last, end, last.end)))
    return kept + rest[::-1]


def _part(sentence: str, word: Word, start: int, end: int) -> Word:
    """The word that sentence[start:end] is, without the space around it, tagged as `word`."""
    text = sentence[start:end]
    start += len(text) - len(text.lstrip())
    return word._replace(text=" ".join(text.split()), start=start, end=start + len(text.strip()))


def _behind(before: Word, word: Word) -> Word:
    """What was cut off a word: inside the chunk and entity before it, or the first of its own."""
    return word._replace(
        chunk=_continued(before.chunk, word.chunk), ner=_continued(before.ner, word.ner)
    )


def _continued(before: str | None, tag: str | None) -> str | None:
    """
    >>> _continued("B-NP", "B-NP"), _continued("B-NP", "I-VP"), _continued("B-ORG", "O")
    ('I-NP', 'B-VP', 'O')
    """
    if tag is None or tag == "O":
        return tag
    return f"{'I' if before and before[2:] == tag[2:] else 'B'}-{tag[2:]}"


def disagreements(sentences: Sequence[str], first: Engine, second: Engine) -> list[Disagreement]:
    """The terms that two engines segment differently, the most frequent disagreement first."""
    count: Counter[str] = Counter()
    splits: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
    forms: dict[str, Counter[tuple[str, str]]] = {}
    for sentence, *both in zip(sentences, first.tag(sentences), second.tag(sentences), strict=True):
        for start, end, (phrase, _) in find(sentence):
            count[phrase] += 1
            pieces = [_pieces(words, start, end) for words in both]
            for split, spans in zip(splits, pieces, strict=True):
                split[phrase] += spans != [(start, end)]
            if pieces[0] != pieces[1]:
                shown = [" | ".join(sentence[a:b] for a, b in spans) for spans in pieces]
                forms.setdefault(phrase, Counter())[shown[0], shown[1]] += 1
    rows = [
        Disagreement(
            phrase, count[phrase], pairs.total(), splits[0][phrase], splits[1][phrase],
            *min(pairs, key=lambda pair: (-pairs[pair], pair)),
        )
        for phrase, pairs in forms.items()
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (-row.differ, row.term))


def _pieces(words: Sequence[Word], start: int, end: int) -> list[tuple[int, int]]:
    return [(w.start, w.end) for w in words if w.start < end and w.end > start]
