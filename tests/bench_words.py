"""How much faster the words layer is than underthesea's own functions: `make bench`.

Three programs, a process each, tag the same invented articles: `naive` calls `underthesea.ner`
sentence by sentence (on the first articles only; its time for all is extrapolated and marked so),
`cold` is our engine with its loading, `warm` is the same once it has seen the articles. The
articles are those of the sample, repeated with other numbers, names and places.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import resource
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from time import process_time
from typing import Final

from pipeline import read
from pipeline.annotate.sentences import bounds
from pipeline.clean.cut import cut
from pipeline.clean.draft import NotAnArticle
from pipeline.records import Page

ROOT: Final = Path(__file__).parents[1]
SAMPLE: Final = ROOT / "corpora" / "sample"
FIRST: Final = 50  # the articles that all programs tag
TOGETHER: Final = 50  # articles tagged in one call, as a batch of an ingest is

_NUMBER: Final = re.compile(r"\d+")
_NAME: Final = re.compile(r"(?:[A-ZĐÀ-Ỹ][a-zà-ỹ]+ ){1,3}[A-ZĐÀ-Ỹ][a-zà-ỹ]+")
_INITIALS: Final = ("B", "C", "D", "Đ", "H", "L", "M", "N", "T", "V", "Kh", "Ng", "Ph", "Th", "Tr")
_RHYMES: Final = ("a", "ai", "an", "anh", "ắc", "âm", "ân", "ên", "inh", "oa", "oàng", "ông", "ơn")


@dataclass(frozen=True)
class Measure:
    """What one program needed; seconds of the processor, which other work does not change."""

    articles: int
    seconds: float
    first_seconds: float  # for the first articles
    loading: float
    peak: float  # MB


def texts() -> list[str]:
    """The articles of the sample, cut out of their pages."""
    found: list[str] = []
    for source in read.sources(SAMPLE):
        for page in read.pages(source):
            with suppress(NotAnArticle):
                if isinstance(page, Page):
                    found.append("\n".join(p.text for p in cut(page).pieces if p.kept))
    return found


def sentences(text: str) -> list[str]:
    """The sentences of a text, each of its lines a block."""
    return [line[a:b] for line in text.split("\n") for a, b in bounds(line, 0, len(line))]


def articles(count: int) -> Iterator[list[str]]:
    """The sentences of `count` articles: the sample's, again and again, never twice the same."""
    originals = texts()
    draw = random.Random(count)
    for n in range(count):
        yield sentences(_varied(originals[n % len(originals)], draw))


def _varied(text: str, draw: random.Random) -> str:
    """The text with other numbers, and with other syllables in half of its names."""
    text = _NUMBER.sub(lambda m: "".join(draw.choice("0123456789") for _ in m[0]), text)
    return _NAME.sub(lambda m: _renamed(m[0], draw) if draw.random() < 0.5 else m[0], text)


def _renamed(name: str, draw: random.Random) -> str:
    syllables = [draw.choice(_INITIALS) + draw.choice(_RHYMES) for _ in name.split()]
    return " ".join([name.split()[0], *syllables[1:]])


def naive(count: int) -> Measure:
    begin = process_time()
    import underthesea

    underthesea.ner("Xã họp.")
    loaded = process_time()
    for article in articles(count):
        for sentence in article:
            underthesea.ner(sentence)
    end = process_time()
    return Measure(count, end - begin, end - begin, loaded - begin, _peak())


def cold(count: int) -> Measure:
    return _ours(count, warm=False)


def warm(count: int) -> Measure:
    return _ours(count, warm=True)


def _ours(count: int, *, warm: bool) -> Measure:
    corpus = list(articles(count))
    begin = process_time()
    from pipeline.annotate.segmenters import engine

    words = engine()
    loading = process_time() - begin
    if warm:
        _tag_all(words.tag, corpus)
        begin = process_time()
    _tag_all(words.tag, corpus[:FIRST])
    first = process_time() - begin
    _tag_all(words.tag, corpus[FIRST:])
    return Measure(count, process_time() - begin, first, loading, _peak())


def _tag_all(tag: object, corpus: Sequence[Sequence[str]]) -> None:
    assert callable(tag)
    for at in range(0, len(corpus), TOGETHER):
        tag([sentence for article in corpus[at : at + TOGETHER] for sentence in article])


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


PROGRAMS: Final = {"naive": naive, "cold": cold, "warm": warm}


def measure(program: str, count: int) -> Measure:
    """Run one program in a process of its own."""
    command = [sys.executable, "-m", "tests.bench_words", "--program", program, str(count)]
    output = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return Measure(**json.loads(output))


def report(count: int) -> Iterator[str]:
    size = [len(article) for article in articles(count)]
    yield f"{count} invented articles, {sum(size) / count:.0f} sentences each"
    slow = measure("naive", FIRST)
    share = sum(size) / sum(size[:FIRST])
    expected = slow.loading + (slow.seconds - slow.loading) * share
    yield (
        f"naive: {FIRST} articles in {slow.seconds:.1f} s, "
        f"{(slow.seconds - slow.loading) / FIRST * 1000:.0f} ms each, peak {slow.peak:.0f} MB; "
        f"all {count} would take {expected:.0f} s (extrapolated by sentences)"
    )
    for name in ("cold", "warm"):
        fast = measure(name, count)
        yield (
            f"{name}: {count} articles in {fast.seconds:.1f} s, "
            f"{fast.seconds / count * 1000:.1f} ms each, peak {fast.peak:.0f} MB"
            f" (loading {fast.loading:.2f} s {'included' if name == 'cold' else 'left out'}): "
            f"{expected / fast.seconds:.0f} times faster; "
            f"{slow.seconds / fast.first_seconds:.0f} times on the first {FIRST}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles", type=int, nargs="?", default=1200)
    parser.add_argument("--program", choices=PROGRAMS)
    chosen = parser.parse_args()
    if chosen.program:
        sys.stdout.write(json.dumps(asdict(PROGRAMS[chosen.program](chosen.articles))) + "\n")
    else:
        for line in report(chosen.articles):
            sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
