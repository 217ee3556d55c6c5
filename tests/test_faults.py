"""What may go wrong while a corpus is ingested: after each fault a rerun ends as if there was none.

Small generated corpora, without words where words do not matter.
"""

from __future__ import annotations

import errno
import gzip
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from pipeline import cli, finish, read
from pipeline import ingest as ingestion
from pipeline.batch import Options
from pipeline.read.corpus import Corpus
from pipeline.resume import IngestError, Workplace
from pipeline.store import warehouse as store
from tests import generator
from tests.test_ingest import NO_WORDS, articles, exports

ROOT = Path(__file__).parents[1]
ARTICLES = 12

# An ingest in a process of its own, which kills itself when it does TURN for the TIMES-th time:
# os.fsync of a file, Path.rename of a part, Path.replace of the warehouse.
PROGRAM = """
import os, pathlib, signal, sys
from pipeline import ingest as ingestion
from tests.test_ingest import NO_WORDS

folder, database, workers, turn, times = sys.argv[1:]
left = int(times)

def counted(original):
    def call(*arguments):
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return original(*arguments)
    return call

if __name__ == "__main__":
    place = os if turn == "fsync" else pathlib.Path
    setattr(place, turn, counted(getattr(place, turn)))
    ingestion.ingest(folder, pathlib.Path(database), options=NO_WORDS,
                     workers=int(workers), batch_size=4)
"""


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some generated articles, and captures that are none."""
    root = tmp_path_factory.mktemp("faults") / "corpus"
    generator.write(ARTICLES, root)
    shutil.copytree(generator.SAMPLE / "khong-phai-bai", root / "khong-phai-bai")
    return root


@pytest.fixture(scope="module")
def undisturbed(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The exports of a run without faults."""
    folder = tmp_path_factory.mktemp("undisturbed")
    return ingested(corpus, folder)


@pytest.fixture
def folder(corpus: Path, tmp_path: Path) -> Path:
    """The corpus, to be changed."""
    return shutil.copytree(corpus, tmp_path / "corpus")


def ingested(corpus: Path, folder: Path, **more: Any) -> dict[str, str]:
    ingestion.ingest(corpus, folder / "w.duckdb", options=NO_WORDS, **more)
    return exports(folder / "w.duckdb", folder / "csv")


def start(
    corpus: Path, folder: Path, *, workers: int = 1, turn: str = "fsync", times: int = 0
) -> subprocess.Popen[bytes]:
    words = [str(corpus), str(folder / "w.duckdb"), str(workers), turn, str(times)]
    return subprocess.Popen([sys.executable, "-c", PROGRAM, *words], cwd=ROOT)


# --- killed -------------------------------------------------------------------------------


def test_a_run_that_is_killed_goes_on_where_it_was(
    corpus: Path, undisturbed: dict[str, str], tmp_path: Path
) -> None:
    # Six batches: while the second is written, then while the first is annotated, then stored.
    for turn, times in (("fsync", 15), ("rename", 6), ("replace", 1)):
        assert start(corpus, tmp_path, turn=turn, times=times).wait() == -signal.SIGKILL
    assert ingested(corpus, tmp_path) == undisturbed


@pytest.mark.slow
def test_twenty_runs_killed_at_random_moments(
    corpus: Path, undisturbed: dict[str, str], tmp_path: Path
) -> None:
    began = time.monotonic()
    assert start(corpus, tmp_path / "whole").wait() == 0
    duration = time.monotonic() - began
    draw = Random(20)
    killed = 0
    for n in range(20):
        running = start(corpus, tmp_path / str(n), workers=1 + n % 2)
        try:
            running.wait(timeout=draw.uniform(0.4, 1) * duration)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()
            killed += 1
        assert ingested(corpus, tmp_path / str(n)) == undisturbed
    assert killed > 10


def test_workers_end_when_their_parent_is_killed(corpus: Path, tmp_path: Path) -> None:
    running = start(corpus, tmp_path, workers=2)
    patiently(lambda: len(children(running.pid)) >= 3)  # with the tracker of multiprocessing
    workers = children(running.pid)
    running.kill()
    running.wait()
    patiently(lambda: not any(map(is_alive, workers)))


def children(pid: int) -> list[int]:
    return [int(n) for n in Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()]


def is_alive(pid: int) -> bool:
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text("ascii")
    except OSError:
        return False


def patiently(what: Callable[[], bool]) -> None:
    """Wait until something is so, at most half a minute."""
    for _ in range(600):
        if what():
            return
        time.sleep(0.05)
    raise AssertionError("it never came")


# --- a full disk --------------------------------------------------------------------------


@pytest.mark.parametrize("after", [0, 12], ids=["cleaning", "annotating"])
def test_a_full_disk_while_writing_a_part(
    corpus: Path,
    undisturbed: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    after: int,
) -> None:
    written = 0
    write_table = pq.write_table

    def write(*arguments: Any, **keywords: Any) -> None:
        nonlocal written
        written += 1
        if written > after:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write_table(*arguments, **keywords)

    with monkeypatch.context() as patch:
        patch.setattr(pq, "write_table", write)
        with pytest.raises(IngestError, match=r"No space left.*w\.duckdb is as it was.*run"):
            ingestion.ingest(corpus, tmp_path / "w.duckdb", options=NO_WORDS)
    assert not (tmp_path / "w.duckdb").exists()
    assert not list(tmp_path.rglob(".unfinished*"))
    assert ingested(corpus, tmp_path) == undisturbed


def test_a_full_disk_while_committing(
    folder: Path, undisturbed: dict[str, str], tmp_path: Path
) -> None:
    database = tmp_path / "w.duckdb"
    ingestion.ingest(folder, database, options=NO_WORDS)
    before = database.read_bytes()
    added = folder / "them.txt"
    added.write_text(generator.capture(ARTICLES)[1], "utf-8")

    def little_space() -> None:  # parts are smaller, a warehouse is larger
        resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, 500_000))

    command = [sys.executable, "-c", "from pipeline.cli import main; main()", "ingest"]
    ended = subprocess.run(
        [*command, str(folder), "--db", str(database), "--no-words"],
        cwd=ROOT,
        preexec_fn=little_space,
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 2
    assert "was left as it was; writing failed" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert database.read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["corpus", "w.duckdb", "w.parts"]
    added.unlink()
    assert ingested(folder, tmp_path) == undisturbed


# --- what is there cannot be read ---------------------------------------------------------


def test_an_unreadable_file_is_read_once_it_can_be(
    folder: Path, undisturbed: dict[str, str], tmp_path: Path
) -> None:
    [victim, *_] = sorted(folder.rglob("*.html"))
    content = victim.read_bytes()
    victim.unlink()
    victim.symlink_to(folder / "nowhere.html")
    summary = ingestion.ingest(folder, tmp_path / "w.duckdb", options=NO_WORDS)
    assert "unreadable" in summary.failures
    victim.unlink()
    victim.write_bytes(content)
    assert ingested(folder, tmp_path) == undisturbed


def test_a_file_that_fails_while_it_is_read_is_read_again(
    corpus: Path,
    undisturbed: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(source: read.Source) -> Any:
        return iter([read.captures.failure(source.path, "unreadable", "Input/output error")])

    with monkeypatch.context() as patch:
        patch.setattr(read, "pages", fail)
        summary = ingestion.ingest(corpus, tmp_path / "w.duckdb", options=NO_WORDS)
        assert summary.counts["articles"] == 0
    assert ingested(corpus, tmp_path) == undisturbed


def test_a_truncated_archive_gives_what_stands_before_the_cut(tmp_path: Path) -> None:
    root = tmp_path / "corpus"
    root.mkdir()
    archive = root / "a.warc.gz"
    records = [_record(generator.capture(n)[1]) for n in range(30) if _is_html(n)][:5]
    archive.write_bytes(b"".join(records))
    whole = ingested(root, tmp_path)
    shutil.rmtree(tmp_path / "w.parts")
    (tmp_path / "w.duckdb").unlink()

    archive.write_bytes(b"".join(records)[: -len(records[-1]) // 2])
    summary = ingestion.ingest(root, tmp_path / "w.duckdb", options=NO_WORDS)
    assert summary.counts["articles"] == 4
    assert summary.failures.keys() == {"damaged"}
    archive.write_bytes(b"".join(records))
    assert ingested(root, tmp_path) == whole


def _is_html(n: int) -> bool:
    return generator.capture(n)[0].endswith("html")


def _record(html: str) -> bytes:
    """A captured page as a record of a WARC file, a gzip member of its own."""
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + html.encode()
    head = (
        "WARC/1.0\r\nWARC-Type: response\r\nContent-Type: application/http; msgtype=response\r\n"
        f"WARC-Record-ID: <urn:uuid:{len(html):032d}>\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    return gzip.compress(head.encode() + http + b"\r\n\r\n", mtime=0)


@pytest.mark.parametrize("stage", ["cleaned", "annotated"])
def test_a_part_whose_bytes_have_changed_is_made_again(
    folder: Path, undisturbed: dict[str, str], tmp_path: Path, stage: str
) -> None:
    added = folder / "them.txt"
    added.write_text(generator.capture(ARTICLES)[1], "utf-8")
    ingestion.ingest(folder, tmp_path / "w.duckdb", options=NO_WORDS, batch_size=4)
    for path in (tmp_path / "w.parts").rglob(f"{stage}-*/*/articles.parquet"):
        raw = bytearray(path.read_bytes())
        raw[len(raw) // 2] ^= 0xFF
        path.write_bytes(raw)
    added.unlink()
    assert ingested(folder, tmp_path, prune=True) == undisturbed


# --- two at once, and pages made to be slow -----------------------------------------------


def test_a_second_ingest_is_told_to_wait(corpus: Path, tmp_path: Path) -> None:
    database = tmp_path / "w.duckdb"
    with Workplace.of(database, Corpus("corpus"), Options()).alone():
        result = CliRunner().invoke(cli.main, ["ingest", str(corpus), "--db", str(database)])
    assert result.exit_code == 2
    assert "another ingest is writing to" in result.output


def test_a_fault_across_articles_leaves_the_warehouse_as_it_was(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = ingested(folder, tmp_path)
    (folder / "them.txt").write_text(generator.capture(ARTICLES)[1], "utf-8")

    def fail(warehouse: store.Warehouse, **_: Any) -> None:
        warehouse.query("select * from nothing")

    monkeypatch.setattr(finish, "complete", fail)
    with pytest.raises(store.WarehouseError, match="was left as it was"):
        ingestion.ingest(folder, tmp_path / "w.duckdb", options=NO_WORDS)
    assert exports(tmp_path / "w.duckdb", tmp_path / "csv") == before


PATHOLOGICAL = {
    "dong-10-mb.txt": "Xã có 15 hộ nghèo. " * 550_000,
    "dong-5-mb.txt": "Tin xã\n\n12/08/2022\n\n" + "Xã có 15 hộ nghèo, giảm 3 hộ. " * 170_000,
    "the-long-nhau.html": "<div>" * 100_000 + "<p>Xã họp bàn việc làm đường.</p>",
    "doan-van.html": "<h1>Xã họp</h1>" + "<p>Xã có 15 hộ nghèo, giảm 3 hộ.</p>" * 100_000,
    "ngoac.txt": "Tin xã\n\nXã họp bàn việc làm đường.\n" + "(" * 1_000_000,
    "ngoac-chu.txt": "Tin xã\n\nXã họp bàn việc làm đường.\n" + "(a) " * 250_000,
    "array.txt": "Tin xã\n\nXã họp bàn việc làm đường.\n" + "Array (" * 150_000,
}


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2])
def test_a_pathological_page_costs_its_own_limits(
    folder: Path, tmp_path: Path, workers: int
) -> None:
    for name, content in PATHOLOGICAL.items():
        (folder / name).write_text(content, "utf-8")
    database = tmp_path / "w.duckdb"
    summary = ingestion.ingest(folder, database, options=Options(time_limit=4), workers=workers)
    found = articles(database)
    assert len([path for path in found if "/" in path]) == ARTICLES
    failed = {path for path in PATHOLOGICAL if path not in found}
    with store.connect(database) as warehouse:
        rows = warehouse.query(
            "select source_path, code from failures where source_path not like '%/%'"
        )
    assert {path for path, _ in rows} == failed
    assert {"too_large", "time_limit"} <= {code for _, code in rows}
    assert "error" not in summary.failures
