from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from pipeline import ingest as ingestion
from pipeline import read
from pipeline.batch import Options
from pipeline.read.corpus import Corpus, CorpusError
from pipeline.records import Page
from pipeline.report.export import export
from pipeline.resume import BusyError, Workplace
from pipeline.store import warehouse as store
from tests import generator

SAMPLE = Path(__file__).parents[1] / "corpora" / "sample"
# Small and of every kind: text, HTML, gzip, what is no article, what cannot be read.
CHOSEN = ("dong-thap", "ben-tre", "quang-ninh", "khong-phai-bai", "hau-giang")
NO_WORDS = Options(words=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small corpus to ingest."""
    root = tmp_path / "corpus"
    for name in CHOSEN:
        shutil.copytree(SAMPLE / name, root / name)
    return root


def exports(database: Path, to: Path) -> dict[str, str]:
    """Checksums of all exported files but those that tell when a run was."""
    with store.connect(database) as warehouse:
        files = export(warehouse, to)
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
        if path.name not in ("runs.csv", "datapackage.json")
    }


def articles(database: Path) -> list[str]:
    with store.connect(database) as warehouse:
        return [path for (path,) in warehouse.query("select source_path from articles order by 1")]


def test_nothing_depends_on_batches_workers_or_restarts(folder: Path, tmp_path: Path) -> None:
    results = []
    for n, arguments in enumerate(({"batch_size": 3}, {"batch_size": 50, "workers": 2})):
        database = tmp_path / f"{n}.duckdb"
        ingestion.ingest(folder, database, options=NO_WORDS, **arguments)  # type: ignore[arg-type]
        results.append(exports(database, tmp_path / f"csv{n}"))
    assert results[0] == results[1]


def test_ingesting_twice_does_nothing_the_second_time(folder: Path, tmp_path: Path) -> None:
    database = tmp_path / "w.duckdb"
    first = ingestion.ingest(folder, database, options=NO_WORDS)
    before = database.stat()
    second = ingestion.ingest(folder, database, options=NO_WORDS)
    assert second == first
    assert database.stat().st_mtime_ns == before.st_mtime_ns


def test_a_changed_source_replaces_its_article(folder: Path, tmp_path: Path) -> None:
    database = tmp_path / "w.duckdb"
    ingestion.ingest(folder, database, options=NO_WORDS)
    changed = folder / "dong-thap" / "2019" / "ket-nap-dang-vien.txt"
    text = changed.read_text("utf-8-sig")
    changed.write_text(text + "\nXã có 777 hộ nghèo được giúp đỡ.\n", "utf-8")
    ingestion.ingest(folder, database, options=NO_WORDS)
    fresh = tmp_path / "fresh.duckdb"
    ingestion.ingest(folder, fresh, options=NO_WORDS)
    assert exports(database, tmp_path / "one") == exports(fresh, tmp_path / "other")


def test_a_vanished_source_stays_until_it_is_pruned(folder: Path, tmp_path: Path) -> None:
    database = tmp_path / "w.duckdb"
    ingestion.ingest(folder, database, options=NO_WORDS)
    before = articles(database)
    shutil.rmtree(folder / "quang-ninh")
    gone = [path for path in before if path.startswith("quang-ninh/")]
    kept = ingestion.ingest(folder, database, options=NO_WORDS)
    assert kept.vanished == gone
    assert articles(database) == before
    pruned = ingestion.ingest(folder, database, options=NO_WORDS, prune=True)
    assert pruned.vanished == gone
    assert articles(database) == [path for path in before if path not in gone]


def test_leaving_words_out_changes_nothing_else(folder: Path, tmp_path: Path) -> None:
    ingestion.ingest(folder, tmp_path / "with.duckdb")
    ingestion.ingest(folder, tmp_path / "without.duckdb", options=NO_WORDS)
    with_words = exports(tmp_path / "with.duckdb", tmp_path / "csv1")
    without = exports(tmp_path / "without.duckdb", tmp_path / "csv2")
    differ = {name for name in with_words if with_words[name] != without[name]}
    assert differ == {"entity_mentions.csv"}


def test_a_province_nobody_knows_is_refused(tmp_path: Path) -> None:
    (tmp_path / "corpus.toml").write_text('[[patterns]]\nglob = "*"\nprovince = "Bình Dinh Hải"')
    with pytest.raises(CorpusError, match=r'corpus.toml: no province is called "Bình Dinh Hải"'):
        ingestion.ingest(tmp_path, tmp_path / "w.duckdb")
    assert not (tmp_path / "w.duckdb").exists()


def test_an_archive_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = tmp_path / "tin.jsonl"
    records = [{"text": generator.capture(n)[1]} for n in range(7)]
    archive.write_text("".join(json.dumps(r) + "\n" for r in records) + "{broken\n", "utf-8")
    database = tmp_path / "w.duckdb"
    first = ingestion.ingest(archive, database, options=NO_WORDS, batch_size=3)
    assert first.counts["articles"] == 7
    assert first.failures.keys() == {"damaged"}

    def fail(source: read.Source) -> None:
        raise AssertionError(f"{source.path} was read again")

    monkeypatch.setattr(read, "pages", fail)
    assert ingestion.ingest(archive, database, options=NO_WORDS) == first


def test_a_batch_has_no_more_pages_and_bytes_than_it_may() -> None:
    def page(size: int) -> Page:
        return Page("a#1", "text", "x" * size, "", "utf-8")

    half = page(ingestion.BATCH_BYTES // 2)
    items = [page(1)] * 5 + [half] * 3 + [page(3 * ingestion.BATCH_BYTES)] + [page(1)]
    batches = list(ingestion._batches(items, 4))
    assert [len(batch) for batch in batches] == [4, 2, 2, 1, 1]
    assert [item for batch in batches for item in batch] == items


def test_a_second_ingest_at_once_says_so_and_stops(folder: Path, tmp_path: Path) -> None:
    database = tmp_path / "w.duckdb"
    other = Corpus("another corpus of the same warehouse")
    with (
        Workplace.of(database, other, NO_WORDS).alone(),
        pytest.raises(BusyError, match=r"another ingest is writing to .*w\.duckdb; wait"),
    ):
        ingestion.ingest(folder, database, options=NO_WORDS)
    assert not database.exists()


def test_what_yields_no_article_is_told_with_its_reason(folder: Path, tmp_path: Path) -> None:
    database = tmp_path / "w.duckdb"
    summary = ingestion.ingest(folder, database, options=NO_WORDS)
    assert {"binary", "empty", "error_page", "login"} <= summary.failures.keys()
    assert "error" not in summary.failures
    assert not any(path.startswith("khong-phai-bai/") for path in articles(database))


def test_every_offset_holds_and_every_key_is_unique(folder: Path, tmp_path: Path) -> None:
    database = tmp_path / "w.duckdb"
    ingestion.ingest(folder, database)
    with store.connect(database) as warehouse:
        for table in (
            "entity_mentions", "abbreviations", "unit_mentions", "directive_mentions",
            "official_mentions", "model_mentions", "facts",
        ):  # fmt: skip
            ((rows, wrong),) = warehouse.query(
                f"select count(*), count(*) filter (substring(text, start_char + 1, "
                f"end_char - start_char) <> surface) from {table} join articles using (article_id)"
            )
            assert rows, table
            assert not wrong, table
        for table, key in (
            ("articles", "article_id"),
            ("facts", "fact_id"),
            ("blocks", "article_id, block_no"),
            ("sentences", "article_id, sentence_id"),
            ("captures", "corpus, source_path"),
            ("directives", "directive_id"),
        ):
            assert not warehouse.query(
                f"select {key} from {table} group by all having count(*) > 1"
            ), table


def test_what_a_corpus_skips_is_not_read(folder: Path, tmp_path: Path) -> None:
    (folder / "corpus.toml").write_text('skip = ["quang-ninh/*", "khong-phai-bai/*"]', "utf-8")
    summary = ingestion.ingest(folder, tmp_path / "w.duckdb", options=NO_WORDS)
    assert not summary.failures
    assert not any(path.startswith("quang-ninh/") for path in articles(tmp_path / "w.duckdb"))
