"""What each rule layer costs on the sample corpus, in processor time: `make bench-layers`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

from pipeline import annotate, facts
from pipeline import ingest as ingestion
from pipeline.annotate import abbreviations, directives, models, officials, units
from pipeline.annotate.reading import Reading
from pipeline.batch import Options
from pipeline.report import corpus_formats
from pipeline.store import warehouse as store

SAMPLE = Path(__file__).parents[1] / "corpora" / "sample"
ROUNDS = 5


def main() -> None:
    with TemporaryDirectory() as folder:
        database = Path(folder) / "w.duckdb"
        ingestion.ingest(SAMPLE, database, options=Options(words=False))
        with store.connect(database) as warehouse:
            readings = [r for batch in corpus_formats.readings(warehouse) for _, r in batch]
    named = {r.article_id: units.find(r, abbreviations.find(r)) for r in readings}
    found = {r.article_id: annotate.find(r) for r in readings}
    layers: dict[str, Callable[[Reading], object]] = {
        "abbreviations": abbreviations.find,
        "units": lambda r: units.find(r, ()),
        "directives": lambda r: directives.find(r, named[r.article_id]),
        "officials": lambda r: officials.find(r, named[r.article_id]),
        "models": lambda r: models.find(r, named[r.article_id]),
        "facts": lambda r: facts.find(r, found[r.article_id]),
    }
    characters = sum(len(r.text) for r in readings)
    print(f"{len(readings)} articles, {characters / len(readings):,.0f} characters each")  # noqa: T201
    for name, layer in layers.items():
        begin = process_time()
        for _ in range(ROUNDS):
            for reading in readings:
                layer(reading)
        each = (process_time() - begin) / ROUNDS / len(readings)
        print(f"{name:<14}{1000 * each:6.2f} ms an article  {1 / each:8,.0f} articles a second")  # noqa: T201


if __name__ == "__main__":
    main()
