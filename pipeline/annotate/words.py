"""The `words` layer: words, parts of speech, chunks and entities over an unchanged text.

A layer that can be left out: no rule reads it, and nothing is loaded before the first sentence
is tagged.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Final

from pipeline.annotate.reading import Reading
from pipeline.annotate.segmenters import Labelled, Segmenter, Word, engine, spans
from pipeline.annotate.terms import keep_whole
from pipeline.records import EntityMention

if TYPE_CHECKING:
    from spacy.tokens import Doc

_BASE_TOKEN: Final = re.compile(r"\w+|[^\w\s]|\s")


class WordsLayer:
    """Tags articles; the engine is loaded when the first sentence comes."""

    def __init__(self, segmenter: Segmenter = "underthesea") -> None:
        self.segmenter: Segmenter = segmenter

    def tag(self, sentences: Sequence[str]) -> list[list[Word]]:
        """The engine's own words of each sentence; many sentences at once are much faster."""
        return engine(self.segmenter).tag(sentences)

    def entities(self, readings: Sequence[Reading]) -> list[tuple[EntityMention, ...]]:
        """The entities of each article, as the engine sees them; none from pyvi."""
        found = iter(engine(self.segmenter).entities([t for r in readings for t in _texts(r)]))
        return [tuple(_mentions(r, islice(found, len(r.sentences)))) for r in readings]

    def docs(self, readings: Sequence[Reading]) -> Iterator[Doc]:
        """Each article in spaCy, its words corrected where the engine splits a term."""
        tagged = iter(self.tag([text for r in readings for text in _texts(r)]))
        for reading in readings:
            yield doc_of(reading, [keep_whole(text, next(tagged)) for text in _texts(reading)])


def _texts(reading: Reading) -> list[str]:
    return [reading.text[s.start_char : s.end_char] for s in reading.sentences]


def _mentions(reading: Reading, found: Iterable[Sequence[Labelled]]) -> Iterator[EntityMention]:
    for sentence, named in zip(reading.sentences, found, strict=True):
        for start, end, label in named:
            a, b = sentence.start_char + start, sentence.start_char + end
            yield EntityMention(
                article_id=reading.article_id,
                sentence_id=sentence.sentence_id,
                surface=reading.text[a:b],
                start_char=a,
                end_char=b,
                label=label,
                rule="entities/underthesea",
            )


def doc_of(reading: Reading, tagged: Sequence[Sequence[Word]]) -> Doc:
    """The article in spaCy: `doc.text` is its text, and what is known of it are span groups.

    Base tokens are syllables, punctuation and space. Over them lie "sentences" (label the block's
    role, kb_id its number, id the sentence's); "words" (label part of speech, kb_id chunk tag, id
    entity tag); "chunks" and "entities" (label their kind).
    """
    from spacy.tokens import Doc, Span
    from spacy.vocab import Vocab

    text = reading.text
    edges = {0, len(text)}
    for match in _BASE_TOKEN.finditer(text):
        edges.update(match.span())
    for sentence, words in zip(reading.sentences, tagged, strict=True):
        for word in words:  # "4Kb" is two words to underthesea
            edges.update((sentence.start_char + word.start, sentence.start_char + word.end))
    tokens: list[str] = []
    spaces: list[bool] = []
    begins: dict[int, int] = {}
    finishes: dict[int, int] = {}
    for start, end in pairwise(sorted(edges)):
        if text[start:end] == " " and tokens and not spaces[-1] and not tokens[-1].isspace():
            spaces[-1] = True
            continue
        begins[start], finishes[end] = len(tokens), len(tokens) + 1
        tokens.append(text[start:end])
        spaces.append(False)
    # A vocabulary of its own: one shared by all articles would grow with the corpus.
    doc = Doc(Vocab(), words=tokens, spaces=spaces)

    def span(start: int, end: int, label: str, kb: str = "", name: str = "") -> Span:
        return Span(doc, begins[start], finishes[end], label=label, kb_id=kb, span_id=name)

    roles = {block.block_no: block.role for block in reading.blocks}
    groups: dict[str, list[Span]] = {g: [] for g in ("sentences", "words", "chunks", "entities")}
    for sentence, words in zip(reading.sentences, tagged, strict=True):
        at = sentence.start_char
        block = str(sentence.block_no)
        groups["sentences"].append(
            span(at, sentence.end_char, roles[sentence.block_no], block, str(sentence.sentence_id))
        )
        groups["words"] += [
            span(at + w.start, at + w.end, w.pos, w.chunk or "", w.ner or "") for w in words
        ]
        for name, tags in (
            ("chunks", [w.chunk for w in words]),
            ("entities", [w.ner for w in words]),
        ):
            places = ((w.start, w.end, tag) for w, tag in zip(words, tags, strict=True))
            groups[name] += [span(at + a, at + b, label) for a, b, label in spans(places)]
    for name, members in groups.items():
        doc.spans[name] = members
    return doc
