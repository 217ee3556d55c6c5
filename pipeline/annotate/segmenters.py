"""underthesea and pyvi: text in, words with their tags and places out.

The one door to both libraries. underthesea's output comes word for word and tag for tag without
its taggers: the four models of the installed wheel are read and decoded by `crf`. Both engines
normalise inside (ủy for uỷ); offsets always point into the text as it was given.
"""

from __future__ import annotations

import hashlib
import pickle
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from itertools import chain, islice
from pathlib import Path
from types import ModuleType
from typing import Any, Final, Literal, NamedTuple, Protocol

import numpy as np

from pipeline.annotate.crf import Ints, Tagger
from pipeline.annotate.crfsuite import ModelError, Traits, read_model
from pipeline.annotate.syllables import Tokenizer, origins

Segmenter = Literal["underthesea", "pyvi"]

_BATCH: Final = 4000  # sentences tagged together, some 50 articles: bounds the memory in use
_SEGMENTER: Final = "word_tokenize/models/ws_crf_vlsp2013_20230727"
_POS: Final = "pos_tag/pos_crf_2017_10_11.bin"
_CHUNKS: Final = "chunking/chunk_crf_2017_10_12.bin"
_NER: Final = "ner/ner_crf_2017_10_12.bin"
# Their feature templates, in the order in which they are added up: words around a place, flags,
# words, pairs of words; then tags of the taggers before, where "X" is the tag to be found.
_AROUND: Final = """
    T[-2].lower T[-1].lower T[0].lower T[1].lower T[2].lower T[0].istitle T[-1].istitle T[1].istitle
"""
_WORDS: Final = "T[-2] T[-1] T[0] T[1] T[2] T[-2,-1] T[-1,0] T[0,1] T[1,2]"
_TAGS: Final = """
    T[-2][1] T[-1][1] T[0][1] T[1][1] T[2][1] T[-2,-1][1] T[-1,0][1] T[0,1][1] T[1,2][1]
"""
_TEMPLATES: Final = {
    _POS: f"{_AROUND} {_WORDS} T[-3][1] T[-2][1] T[-1][1] T[-3,-2][1] T[-2,-1][1]",
    _CHUNKS: f"{_AROUND} {_WORDS} {_TAGS} T[-3][2] T[-2][2] T[-1][2]",
    _NER: f"{_AROUND} T[-2].istitle T[2].istitle {_WORDS} {_TAGS} T[-3][3] T[-2][3] T[-1][3]",
}
# What underthesea 9.5 ships, by BLAKE2b of 8 bytes: another file might be decoded wrongly.
_FILES: Final = {
    f"{_SEGMENTER}/models.bin": "5194706fd09af873",
    f"{_SEGMENTER}/features.bin": "a8825809e83b7035",
    f"{_SEGMENTER}/dictionary.bin": "e1c0f99717fce3c7",
    _POS: "273cc18bb3769782",
    _CHUNKS: "26e1e93f4771b45a",
    _NER: "ecab6f7c5ac2837e",
}
_REMEDY: Final = (
    "Install the version this program was made for (pip install 'underthesea>=9.5,<9.6'), "
    "or leave the words out (--no-words)."
)


class Word(NamedTuple):
    """A word of a sentence, `sentence[start:end]`, with its tags."""

    text: str  # as the engine normalises it; its syllables joined by one space
    start: int
    end: int
    pos: str  # VLSP's tags: N, Np, V, A, ...
    chunk: str | None  # B-NP, I-NP, ... ; None from pyvi
    ner: str | None  # B-PER, ..., O; None from pyvi


class Labelled(NamedTuple):
    """What BIO tags put together at sentence[start:end]."""

    start: int
    end: int
    label: str


class Engine(Protocol):
    """Something that tags sentences; an empty one has no words."""

    def tag(self, sentences: Sequence[str]) -> list[list[Word]]: ...

    def entities(self, sentences: Sequence[str]) -> list[list[Labelled]]:
        """The entities of each sentence alone, which is faster; none from pyvi."""


def spans(tags: Iterable[tuple[int, int, str | None]]) -> Iterator[Labelled]:
    """What BIO tags put together.

    >>> tags = [(0, 4, "B-PER"), (5, 9, "I-PER"), (10, 12, "O"), (13, 15, "I-LOC")]
    >>> [tuple(span) for span in spans(tags)]
    [(0, 9, 'PER'), (13, 15, 'LOC')]
    """
    found: Labelled | None = None
    for start, end, tag in tags:
        if found and tag == f"I-{found.label}":
            found = found._replace(end=end)
            continue
        if found:
            yield found
        found = Labelled(start, end, tag[2:]) if tag and tag != "O" else None
    if found:
        yield found


@cache
def engine(segmenter: Segmenter = "underthesea") -> Engine:
    """The engine of that name, loaded once a process. Raises ModelError if it cannot be."""
    return Underthesea() if segmenter == "underthesea" else Pyvi()


# --- underthesea ------------------------------------------------------------------------------


class Underthesea:
    """`underthesea.ner`, sentence by sentence, without its taggers."""

    def __init__(self) -> None:
        root = _underthesea_files()
        try:
            with _their_warnings(), _without_the_rest("underthesea", root):
                from underthesea.pipeline.text_normalize import token_normalize
                from underthesea.pipeline.text_normalize.character_normalize import character_map
                from underthesea.pipeline.word_tokenize.regex_tokenize import patterns
                from underthesea_core import (
                    CRFFeaturizer,
                )
        except (ImportError, AttributeError) as error:
            seen = f"underthesea {version('underthesea')} keeps its parts elsewhere: {error}"
            raise ModelError(f"{seen}. {_REMEDY}") from error
        models = root / "pipeline"
        self._tokenizer = Tokenizer(patterns, character_map, token_normalize)
        self._segmenter = Tagger(
            read_model(models / _SEGMENTER / "models.bin"),
            _unpickled(models / _SEGMENTER / "features.bin"),
            Traits(
                # Its flags come from its own featurizer, in Rust, which knows a newer Unicode.
                _flag(CRFFeaturizer(["T[0].istitle"], set())),
                _flag(CRFFeaturizer(["T[0].isdigit"], set())),
                _unpickled(models / _SEGMENTER / "dictionary.bin"),
            ),
            spaced=False,  # but for "Th S", which no dictionary knows
        )
        traits = Traits(_is_title, str.isdigit, frozenset())
        self._pos, self._chunks, self._ner = (
            Tagger(read_model(models / name), templates.split(), traits, constant={column: "X"})
            for column, (name, templates) in enumerate(_TEMPLATES.items(), 1)
        )

    def tag(self, sentences: Sequence[str]) -> list[list[Word]]:
        """Exactly what `underthesea.ner` gives for each sentence, with its offsets."""
        return list(chain.from_iterable(map(self._tagged, _batches(sentences))))

    def entities(self, sentences: Sequence[str]) -> list[list[Labelled]]:
        """Those that the words of `tag` make; chunks, which they do not depend on, are left out."""
        return list(chain.from_iterable(map(self._named, _batches(sentences))))

    def _tagged(self, sentences: Sequence[str]) -> Iterator[list[Word]]:
        found = self._words(sentences)
        chunks = self._chunks.tag([found.texts, found.pos], found.sizes)
        ner = self._ner.tag([found.texts, found.pos], found.sizes)
        words = map(Word, found.texts, found.starts, found.ends, found.pos, chunks, ner)
        return (list(islice(words, size)) for size in found.of_sentence)

    def _named(self, sentences: Sequence[str]) -> Iterator[list[Labelled]]:
        found = self._words(sentences)
        ner = self._ner.tag([found.texts, found.pos], found.sizes)
        tags = zip(found.starts, found.ends, ner, strict=True)
        return (list(spans(islice(tags, size))) for size in found.of_sentence)

    def _words(self, sentences: Sequence[str]) -> _Words:
        syllables = self._tokenizer.split(sentences)
        counts = np.array(syllables.counts, dtype=np.int64)
        filled = counts > 0
        if not filled.any():
            return _Words([], [], [], [], counts[:0], syllables.counts)
        counts = counts[filled]
        begins = np.cumsum(counts) - counts  # of the sentences, among the syllables
        inside = self._segmenter.labels.index("I-W")
        opens = self._segmenter.decode([syllables.texts], counts) != inside
        opens[begins] = True
        first = np.flatnonzero(opens)
        last = np.append(first[1:], len(opens)) - 1
        texts = [syllables.texts[n] for n in first.tolist()]
        for n in np.flatnonzero(last > first).tolist():
            texts[n] = " ".join(syllables.texts[first[n] : last[n] + 1])
        sizes = np.add.reduceat(opens, begins, dtype=np.int64)
        of_sentence = np.zeros(len(sentences), dtype=np.int64)
        of_sentence[filled] = sizes
        return _Words(
            texts,
            syllables.starts[first].tolist(),
            syllables.ends[last].tolist(),
            self._pos.tag([texts], sizes),
            sizes,
            of_sentence.tolist(),
        )


class _Words(NamedTuple):
    """The words of several sentences, end to end."""

    texts: list[str]
    starts: list[int]  # in their sentence
    ends: list[int]
    pos: list[str]
    sizes: Ints  # words of each sentence that has any
    of_sentence: list[int]  # words of each sentence


def _batches(sentences: Sequence[str]) -> Iterator[Sequence[str]]:
    return (sentences[at : at + _BATCH] for at in range(0, len(sentences), _BATCH))


def _underthesea_files() -> Path:
    """Where underthesea lies. Raises ModelError if they are not those that we know."""
    try:
        installed = version("underthesea")
        spec = find_spec("underthesea")
    except PackageNotFoundError:
        spec = None
    if spec is None or not spec.submodule_search_locations:
        raise ModelError(f"underthesea is not installed. {_REMEDY}")
    root = Path(spec.submodule_search_locations[0])
    for name, known in _FILES.items():
        path = root / "pipeline" / name
        if not path.is_file():
            raise ModelError(f"underthesea {installed} has no {name}. {_REMEDY}")
        if hashlib.blake2b(path.read_bytes(), digest_size=8).hexdigest() != known:
            raise ModelError(f"underthesea {installed} has another {name} than 9.5. {_REMEDY}")
    return root


def _unpickled(path: Path) -> Any:
    return pickle.loads(path.read_bytes())  # a file whose fingerprint is known


def _flag(featurizer: Any) -> Callable[[str], bool]:
    def holds(text: str) -> bool:
        [[[feature]]] = featurizer.process([[[text]]])
        return bool(feature.endswith("=True"))

    return holds


def _is_title(text: str) -> bool:
    return all(part[:1].istitle() for part in text.split(" "))


@contextmanager
def _without_the_rest(package: str, root: Path) -> Iterator[None]:
    """Lets single modules of a package be imported without its `__init__`.

    underthesea's imports a classifier, a downloader and an agent: 0.3 s and 60 MB for nothing.
    """
    if package in sys.modules:
        yield
        return
    bare = ModuleType(package)
    bare.__path__ = [str(root)]
    sys.modules[package] = bare
    try:
        yield
    finally:
        for name in [n for n in sys.modules if n == package or n.startswith(f"{package}.")]:
            del sys.modules[name]


@contextmanager
def _their_warnings() -> Iterator[None]:
    """Both libraries write "\\d" in plain strings, which Python reports when it compiles them."""
    with warnings.catch_warnings():
        for category in (DeprecationWarning, SyntaxWarning):
            warnings.filterwarnings("ignore", "invalid escape sequence", category)
        yield


# --- pyvi -------------------------------------------------------------------------------------


class Pyvi:
    """pyvi's words and parts of speech."""

    def __init__(self) -> None:
        try:
            with _their_warnings():
                from pyvi.ViPosTagger import ViPosTagger
                from pyvi.ViTokenizer import ViTokenizer
        except ImportError as error:
            raise ModelError(f"pyvi is not installed: {error}") from error
        self._tokenizer, self._tagger = ViTokenizer, ViPosTagger

    def tag(self, sentences: Sequence[str]) -> list[list[Word]]:
        return [self._tag(sentence) for sentence in sentences]

    def entities(self, sentences: Sequence[str]) -> list[list[Labelled]]:
        return [[] for _ in sentences]

    def _tag(self, sentence: str) -> list[Word]:
        composed, syllables = self._tokenizer.sylabelize(sentence)
        if not syllables:
            return []
        origin = origins(sentence, composed)
        pieces = self._tokenizer.tokenize(sentence).split(" ")
        _, tags = self._tagger.postagging_tokens(pieces)
        words: list[Word] = []
        rest, end = iter(syllables), 0
        for piece, tag in zip(pieces, tags, strict=True):
            parts = [next(rest)]
            start = composed.index(parts[0], end)
            end = start + len(parts[0])
            while "_".join(parts) != piece:
                parts.append(next(rest))
                end = composed.index(parts[-1], end) + len(parts[-1])
            if not piece.isspace():
                place = origin[start][0], origin[end - 1][1]
                words.append(Word(" ".join(parts), *place, str(tag), None, None))
        return words
