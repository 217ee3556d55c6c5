"""How fast an analyst's questions are answered on two million facts: `make bench-views`.

Some generated articles are ingested and then multiplied in the warehouse: other identifiers, days,
provinces, organisations and values, the same shapes. Every view is asked as analysts ask it: those
that aggregate as a whole, those that list rows for one province or one thing. Fails if any question
takes a second.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Final

import duckdb

from pipeline import ingest as ingestion
from pipeline.batch import Options
from pipeline.store import warehouse as store
from pipeline.store.warehouse import Warehouse
from tests import generator

ARTICLES: Final = 400
LIMIT: Final = 1.0  # seconds

# What an article's copy has of its own; the rest is as in the article.
_OF_COPY: Final[Mapping[str, str]] = {
    "article_id": "substring(md5(article_id || copy), 1, 16)",
    "fact_id": "substring(md5(article_id || copy), 1, 16) || split_part(fact_id, ':', 2)",
    "source_path": "copy || '/' || source_path",
    "published_at": "published_at + to_days(7 * copy)",
    # one copy in fifty is about the same body as the one before, and contradicts it
    "organisation": "organisation || ' ' || copy - (copy % 50 = 0)::integer",
    "value": "value * (1 + copy % 5)",
}
_COPIED: Final = (
    "articles", "sentences", "facts", "unit_mentions", "directive_mentions", "official_mentions",
    "model_mentions", "captures", "quality_flags",
)  # fmt: skip
_QUESTIONS: Final[Mapping[str, str]] = {
    "coverage": "select * from coverage",
    "independent_articles": "select count(*) from independent_articles",
    "facts_in_context, one thing in one province": """
        select * from facts_in_context
        where province = 'Hậu Giang' and unit_id = (select mode(unit_id) from facts)
    """,
    "indicator_by_province": "select * from indicator_by_province",
    "indicator_by_province, one thing": """
        select * from indicator_by_province where unit_id = (select mode(unit_id) from facts)
    """,
    "contradictions": "select * from contradictions",
    "house_style": "select * from house_style",
    "directive_citations": "select * from directive_citations",
    "directive_cascade": "select * from directive_cascade",
    "model_adoptions": "select * from model_adoptions",
    "adoption_panel, one model": """
        select * from adoption_panel
        where model_id = (select mode(model_id) from model_mentions)
    """,
    "adoption_panel_2025, one model": """
        select * from adoption_panel_2025
        where model_id = (select mode(model_id) from model_mentions)
    """,
    "facts by kind and year": """
        select kind, year(published_at) as year, count(*), median(value)
        from facts join articles using (article_id) group by all order by all
    """,
    "impossible ratios with their sentences": """
        select surface, sentence, outlet from facts_in_context
        where verdict = 'impossible' order by published_at, fact_id limit 100
    """,
    "the models of most provinces": """
        select model_id, count(distinct province) as provinces, min(published_at) as first
        from model_mentions join articles using (article_id)
        group by all order by provinces desc, model_id limit 50
    """,
    "who speaks most": """
        select speaker, count(*) as facts from facts where speaker is not null
        group by all order by facts desc, speaker limit 50
    """,
    "money by province and half-year": """
        select province, date_trunc('quarter', published_at) as quarter, sum(value)
        from facts join articles using (article_id)
        where kind = 'money' and currency = 'VND' and modality = 'reported'
        group by all order by all
    """,
    "words in texts": "select count(*) from articles where contains(text, 'ân vận khéo')",
}


def enlarge(database: Path, facts: int) -> int:
    """Multiply the articles until there are so many facts; the number of articles then."""
    with duckdb.connect(str(database)) as connection:

        def number(sql: str) -> int:
            row = connection.execute(sql).fetchone()
            assert row is not None
            return int(row[0])

        copies = facts // number("select count(*) from facts")
        for table in _COPIED:
            described = connection.execute(f"describe {table}").fetchall()
            columns = [column for column, *_ in described]
            values = ", ".join(
                f"({_OF_COPY[column]}) as {column}" if column in _OF_COPY else column
                for column in columns
            )
            connection.execute(
                f"insert into {table} by name select {values} "
                f"from {table}, range(1, {copies} + 1) copies(copy) order by copy, {table}.rowid"
            )
        return number("select count(*) from articles")


def seconds(warehouse: Warehouse, sql: str) -> tuple[float, int]:
    """The best time of three, and the rows of the answer."""
    best = float("inf")
    for _ in range(3):
        begin = perf_counter()
        rows = warehouse.arrow(sql).num_rows
        best = min(best, perf_counter() - begin)
    return best, rows


def report(folder: Path, facts: int) -> Iterator[tuple[str, bool]]:
    generator.write(ARTICLES, folder / "corpus")
    database = folder / "w.duckdb"
    ingestion.ingest(folder / "corpus", database, options=Options(words=False))
    count = enlarge(database, facts)
    with store.connect(database) as warehouse:
        [[stored]] = warehouse.query("select count(*) from facts")
        yield f"{stored:,} facts of {count:,} articles", True
        asked = " ".join(_QUESTIONS.values())
        for relation in warehouse.relations():
            if relation.kind == "view" and relation.name not in asked:
                yield f"the view {relation.name} is not asked for", False
        for name, sql in _QUESTIONS.items():
            took, rows = seconds(warehouse, sql)
            yield f"{took:7.3f} s  {rows:9,} rows  {name}", took < LIMIT


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("facts", type=int, nargs="?", default=2_000_000)
    chosen = parser.parse_args()
    fine = True
    with TemporaryDirectory(prefix="baotinh-bench-") as folder:
        for line, kept in report(Path(folder), chosen.facts):
            sys.stdout.write(line + ("\n" if kept else "  <- too slow\n"))
            sys.stdout.flush()
            fine = fine and kept
    sys.exit(0 if fine else 1)


if __name__ == "__main__":
    main()
