"""An ingest on a real Dask cluster: a scheduler and two workers, one of which is killed."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline import ingest as ingestion
from pipeline.batch import Options
from pipeline.resume import IngestError
from tests import generator
from tests.test_ingest import NO_WORDS, exports

pytest.importorskip("distributed")
import dask

pytestmark = pytest.mark.slow


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """Its address, and its processes: the scheduler and two workers."""
    contact = tmp_path / "scheduler.json"
    options = ["--scheduler-file", str(contact), "--no-dashboard"]
    started = [_dask("scheduler", "--host", "127.0.0.1", "--port", "0", *options)]
    try:
        while not (contact.exists() and contact.read_text("utf-8")):
            assert started[0].poll() is None
            time.sleep(0.05)
        started += [
            _dask("worker", "--nthreads", "1", "--no-nanny", "--host", "127.0.0.1", *options)
            for _ in range(2)
        ]
        yield json.loads(contact.read_text("utf-8"))["address"], started
    finally:
        for process in started:
            process.kill()
            process.wait()


def _dask(*words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "dask", *words], stderr=subprocess.DEVNULL)


def impatient() -> Any:
    """Dask with a time-out of a second instead of half a minute."""
    return dask.config.set({"distributed.comm.timeouts.connect": "1s"})


def test_a_cluster_that_loses_a_worker_gives_the_same(
    cluster: tuple[str, list[subprocess.Popen[bytes]]], tmp_path: Path
) -> None:
    address, (_, victim, _) = cluster
    corpus = tmp_path / "corpus"
    generator.write(60, corpus)
    shutil.copytree(generator.SAMPLE / "khong-phai-bai", corpus / "khong-phai-bai")
    ingestion.ingest(corpus, tmp_path / "here.duckdb", options=NO_WORDS)

    seen: list[str] = []

    def kill_one(stage: str, done: int, total: int | None) -> None:
        if stage == "Annotating" and stage not in seen:
            victim.kill()
        seen.append(stage)

    database = tmp_path / "there.duckdb"
    ingestion.ingest(
        corpus,
        database,
        options=NO_WORDS,
        scheduler=address,
        batch_size=4,
        progress=kill_one,
    )
    assert victim.poll() is not None
    assert seen.count("Annotating") > 4
    assert exports(database, tmp_path / "csv1") == exports(
        tmp_path / "here.duckdb", tmp_path / "csv2"
    )


def test_a_slow_page_costs_its_time_limit_on_a_cluster_too(
    cluster: tuple[str, list[subprocess.Popen[bytes]]], tmp_path: Path
) -> None:
    corpus = tmp_path / "corpus"
    generator.write(3, corpus)
    slow = "Tin xã\n\n12/08/2022\n\n" + "Xã có 15 hộ nghèo, giảm 3 hộ. " * 170_000
    (corpus / "cham.txt").write_text(slow, "utf-8")
    summary = ingestion.ingest(
        corpus,
        tmp_path / "w.duckdb",
        options=Options(words=False, time_limit=2),
        scheduler=cluster[0],
    )
    assert summary.counts["articles"] == 3
    assert summary.failures.keys() == {"time_limit"}


def test_a_scheduler_that_is_lost_is_said(
    cluster: tuple[str, list[subprocess.Popen[bytes]]], tmp_path: Path
) -> None:
    address, (scheduler, *_) = cluster
    corpus = tmp_path / "corpus"
    generator.write(60, corpus)

    def kill_it(stage: str, done: int, total: int | None) -> None:
        scheduler.kill()

    with (
        impatient(),
        pytest.raises(IngestError, match=r"the scheduler at .* was lost.*run the same again"),
    ):
        ingestion.ingest(
            corpus,
            tmp_path / "w.duckdb",
            options=NO_WORDS,
            scheduler=address,
            batch_size=4,
            progress=kill_it,
        )
    assert (
        ingestion.ingest(corpus, tmp_path / "w.duckdb", options=NO_WORDS).counts["articles"] == 60
    )


def test_no_scheduler_is_said(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    generator.write(1, corpus)
    with (
        impatient(),
        pytest.raises(IngestError, match=r"tcp://127\.0\.0\.1:9"),
    ):
        ingestion.ingest(corpus, tmp_path / "w.duckdb", scheduler="tcp://127.0.0.1:9")
