"""The work on a batch: pure functions, a batch in and Arrow tables out.

`clean` turns pages into articles; `annotate` turns articles into mentions and facts. Neither
knows where batches come from or where tables go, so both run in any process on any machine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final, TypeVar

import pyarrow as pa

from pipeline import annotate as layers
from pipeline import clean as cleaning
from pipeline import facts, read
from pipeline.annotate.crfsuite import ModelError
from pipeline.annotate.segmenters import Segmenter
from pipeline.annotate.words import WordsLayer
from pipeline.clean import furniture
from pipeline.lexicon import LexiconError
from pipeline.limits import OverTimeError, deadline, memory
from pipeline.read import Source
from pipeline.read.corpus import Corpus
from pipeline.records import (
    Article,
    Block,
    Capture,
    DateCandidate,
    EntityMention,
    Fact,
    FactCheck,
    Failure,
    Page,
    QualityFlag,
    RelatedNews,
    Repair,
)
from pipeline.store.tables import TABLES, from_arrow, to_arrow
from pipeline.vietnamese import match_key

T = TypeVar("T")
Tables = Mapping[str, pa.Table]
Rows = dict[type, list[Any]]
# What cleaning finds, and annotation hands on.
OF_ARTICLE: Final = (Block, Repair, RelatedNews, DateCandidate, QualityFlag)
CLEANED: Final = (Capture, Failure, Article, *OF_ARTICLE)

# What the plan of annotation needs of each article: a table that stays in the part.
OUTLINES: Final = "outlines"
_OUTLINE: Final = pa.schema(
    {"article_id": pa.string(), "outlet": pa.string(), "lines": pa.list_(pa.string())}
)

# Bytes that one article may take beyond what its process has. A sound page needs some 10 MB.
MEMORY_LIMIT: Final = 1 << 30
_FATAL: Final = "the process that worked on it died; it needs too much memory or time"


@dataclass(frozen=True, slots=True)
class Options:
    """What a run may choose; part of the name of its annotated parts."""

    words: bool = True
    segmenter: Segmenter = "underthesea"
    # Seconds that one article may take in one stage. The slowest sound pages (1 MB of prose) take
    # a few; what takes longer is a page made to be slow.
    time_limit: float = 30.0


@dataclass(frozen=True, slots=True)
class File:
    """A file of one page, to be read by whoever works on it."""

    source: Source
    content_hash: str  # "" where the file cannot be read
    size: int = 0  # bytes

    @property
    def source_path(self) -> str:
        return self.source.path


Item = File | Page | Failure


def clean(items: Iterable[Item], corpus: Corpus, options: Options) -> Tables:
    """Pages, or the files that hold them, as articles with their blocks.

    A page that cannot become an article becomes a row of `failures` instead.
    """
    rows: Rows = {record: [] for record in CLEANED}
    articles: list[Article] = []
    for item in items:
        for page in read.pages(item.source) if isinstance(item, File) else (item,):
            found: cleaning.Cleaned | Failure = (
                page
                if isinstance(page, Failure)
                else guarded(page.source_path, "clean", options, cleaning.clean, page, corpus)
            )
            key = None
            if isinstance(found, Failure):
                rows[Failure].append(found)
            else:
                key = found.article.article_id
                articles.append(found.article)
                for record, of_page in found.rows().items():
                    rows[record] += of_page
            rows[Capture].append(Capture(page.source_path, _settled_hash(item, found), key))
    return {**_tables(rows), OUTLINES: _outlines(articles)}


def _settled_hash(item: Item, found: cleaning.Cleaned | Failure) -> str:
    """The hash of the bytes that `found` is the outcome of; "" if it may be another next time."""
    if isinstance(item, Failure) or (isinstance(found, Failure) and found.code == "unreadable"):
        return ""
    return item.content_hash


def _outlines(articles: Iterable[Article]) -> pa.Table:
    """The match keys of the lines by which an outlet's own are found, where an outlet is known.

    Of the long lines, which are nobody's furniture, only the longest: it tells articles apart.
    """
    rows = []
    for article in articles:
        if not article.outlet:
            continue
        lines = article.text.split("\n")
        short = [line for line in lines if len(line) <= 2 * furniture.REPEATED_LENGTH]
        keys = dict.fromkeys(match_key(line) for line in (*short, max(lines, key=len)))
        rows.append(
            {"article_id": article.article_id, "outlet": article.outlet, "lines": list(keys)}
        )
    return pa.Table.from_pylist(rows, schema=_OUTLINE)


def annotate(cleaned: Tables, repeated: Mapping[str, frozenset[str]], options: Options) -> Tables:
    """What is found in the articles of a cleaned batch, beside the articles themselves.

    `repeated` has for each outlet the lines (match keys) that recur across its articles: they are
    site furniture and leave the text first.
    """
    rows: Rows = {record: [] for record in TABLES}
    rows[Failure] = _records(cleaned, Failure)
    failed: dict[str, Failure] = {}
    found: dict[str, tuple[layers.Reading, Rows]] = {}
    for whole in _articles(cleaned):
        article = whole.article
        lines = repeated.get(article.outlet or "", frozenset())
        result = guarded(article.source_path, "annotate", options, _annotated, whole, lines)
        if isinstance(result, Failure):
            failed[article.article_id] = result
        else:
            found[article.article_id] = result
    if options.words:
        for key, entities in _entities(found, options).items():
            if isinstance(entities, Failure):
                failed[key] = entities
            else:
                found[key][1][EntityMention] = list(entities)
    for key, (_, of_article) in found.items():
        if key not in failed:
            for record, more in of_article.items():
                rows[record] += more
    rows[Failure] += failed.values()
    rows[Capture] = [
        replace(c, article_id=None) if c.article_id in failed else c
        for c in _records(cleaned, Capture)
    ]
    return _tables(rows)


def given_up(item: Item) -> Tables:
    """What stands for a page that ended the process which cleaned it."""
    content_hash = "" if isinstance(item, Failure) else item.content_hash
    return _tables(
        {
            Failure: [Failure(item.source_path, "clean", "fatal", _FATAL)],
            Capture: [Capture(item.source_path, content_hash, None)],
        }
    )


def only(cleaned: Tables, keys: Sequence[str | None]) -> Tables:
    """The rows of a cleaned batch that belong to those articles; None for pages without one."""
    captures = [c for c in _records(cleaned, Capture) if c.article_id in keys]
    paths = {c.source_path for c in captures}
    kinds: tuple[Any, ...] = (Article, *OF_ARTICLE)
    rows: Rows = {
        record: [r for r in _records(cleaned, record) if r.article_id in keys] for record in kinds
    }
    rows[Capture] = captures
    rows[Failure] = [f for f in _records(cleaned, Failure) if f.source_path in paths]
    return _tables(rows)


def unannotated(cleaned: Tables) -> Tables:
    """What stands for articles that ended the process which annotated them."""
    return _tables(
        {
            Failure: [
                *_records(cleaned, Failure),
                *(
                    Failure(article.source_path, "annotate", "fatal", _FATAL)
                    for article in _records(cleaned, Article)
                ),
            ],
            Capture: [replace(c, article_id=None) for c in _records(cleaned, Capture)],
        }
    )


def guarded(
    source_path: str,
    stage: str,
    options: Options,
    work: Callable[..., T],
    *arguments: Any,
) -> T | Failure:
    """The result of `work`, or why this article has none: the one place that catches."""
    try:
        with deadline(options.time_limit), memory(MEMORY_LIMIT):
            return work(*arguments)
    except cleaning.NotAnArticle as reason:
        return Failure(source_path, stage, reason.code, reason.detail)
    except OverTimeError as error:
        return Failure(source_path, stage, "time_limit", f"given up: {error}")
    except (LexiconError, ModelError):
        raise  # what the program knows is broken, not the article
    except MemoryError:
        return Failure(source_path, stage, "memory_limit", "given up: it needs too much memory")
    except Exception as error:
        return Failure(
            source_path,
            stage,
            "error",
            f"{type(error).__name__} in {_place(error)}: {error}; this is a fault of baotinh, "
            "please report it with the page",
        )


def _place(error: Exception) -> str:
    """Where it was raised."""
    at = error.__traceback__
    while at is not None and at.tb_next is not None:
        at = at.tb_next
    return f"{at.tb_frame.f_code.co_name}, line {at.tb_lineno}" if at else "an unknown place"


def _annotated(whole: cleaning.Cleaned, lines: frozenset[str]) -> tuple[layers.Reading, Rows]:
    whole = cleaning.without_lines(whole, lines)
    reading = layers.read(whole.article, whole.blocks)
    findings = layers.find(reading)
    stated, checks = facts.find(reading, findings)
    rows = {**whole.rows(), **findings.rows(), Fact: list(stated), FactCheck: list(checks)}
    return reading, rows


def _entities(
    found: Mapping[str, tuple[layers.Reading, Rows]], options: Options
) -> dict[str, Sequence[EntityMention] | Failure]:
    """The entities of each article: of all at once, which is faster, else one by one."""
    layer = _words(options.segmenter)
    readings = [reading for reading, _ in found.values()]
    together = guarded("", "annotate", options, layer.entities, readings)
    if not isinstance(together, Failure):
        return dict(zip(found, together, strict=True))
    entities: dict[str, Sequence[EntityMention] | Failure] = {}
    for key, (reading, of_article) in found.items():
        (article,) = of_article[Article]
        alone = guarded(article.source_path, "annotate", options, layer.entities, [reading])
        entities[key] = alone if isinstance(alone, Failure) else alone[0]
    return entities


@cache
def _words(segmenter: Segmenter) -> WordsLayer:
    return WordsLayer(segmenter)


def _articles(cleaned: Tables) -> Iterable[cleaning.Cleaned]:
    """The articles of a cleaned batch, each with its rows."""
    by_article = [_by_article(_records(cleaned, kind)) for kind in OF_ARTICLE]
    for article in _records(cleaned, Article):
        yield cleaning.Cleaned(
            article, *(tuple(rows.get(article.article_id, ())) for rows in by_article)
        )


def _tables(rows: Mapping[type, list[Any]]) -> Tables:
    return {TABLES[record]: to_arrow(record, found) for record, found in rows.items()}


def _records(tables: Tables, record: type[T]) -> list[T]:
    table = tables.get(TABLES[record])
    return [] if table is None else from_arrow(record, table)


def _by_article(rows: Iterable[Any]) -> dict[str, list[Any]]:
    grouped: dict[str, list[Any]] = {}
    for row in rows:
        grouped.setdefault(row.article_id, []).append(row)
    return grouped
