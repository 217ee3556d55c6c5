"""How fast a corpus is ingested, beside the naive program: `make bench-ingest`.

    python -m tests.bench_ingest 20000

A generated corpus is ingested with all layers by 1 and by 2 workers, and a second time unchanged;
a quarter of it shows whether memory grows with the corpus. The naive program, timed in the same
run on the first captures, is trafilatura.extract and underthesea.ner sentence by sentence. Every
measurement is a process of its own. Our times include loading, the naive program's does not: on
its few captures that would count for much.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Final

from tests import generator

ROOT: Final = Path(__file__).parents[1]
NAIVE: Final = 40  # captures that the naive program reads


@dataclass(frozen=True)
class Measure:
    """What one program needed."""

    captures: int
    seconds: float
    busy: float  # seconds of the processor that the process itself took
    workers_busy: float  # and its workers together; both hardly change with other work around
    peak: float  # MB of the process itself
    worker_peak: float  # MB of the largest of its workers; 0 without

    @property
    def rate(self) -> float:
        return self.captures / self.seconds


def naive(count: int) -> None:
    """The first captures as a beginner would read them."""
    import trafilatura
    import underthesea

    for path, content in map(generator.capture, range(count)):
        text = trafilatura.extract(content) if path.endswith("html") else content
        for sentence in underthesea.sent_tokenize(text or ""):
            underthesea.ner(sentence)


def ingest(folder: Path, database: Path, workers: int) -> None:
    from pipeline import ingest as ingestion

    ingestion.ingest(folder, database, workers=workers)


def measure(program: str, folder: Path, count: int, *more: str | int | Path) -> Measure:
    """Run one program in a process of its own."""
    words = ["-m", "tests.bench_ingest", "--program", program, str(count), str(folder)]
    command = [sys.executable, *words, *map(str, more)]
    output = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return Measure(**json.loads(output.splitlines()[-1]))


def run(program: str, count: int, folder: Path, more: list[str]) -> Measure:
    if program == "naive":
        naive(1)  # loads what it needs
    begin, busy = perf_counter(), process_time()
    if program == "naive":
        naive(count)
    else:
        ingest(folder, Path(more[0]), int(more[1]))
    seconds, busy = perf_counter() - begin, process_time() - busy
    own, workers = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return Measure(
        count,
        seconds,
        busy,
        workers.ru_utime + workers.ru_stime,
        own.ru_maxrss / 1024,
        workers.ru_maxrss / 1024,
    )


def report(count: int, folder: Path) -> Iterator[str]:
    whole, quarter = folder / "whole", folder / "quarter"
    generator.write(count, whole)
    generator.write(count // 4, quarter)
    size = sum(path.stat().st_size for path in whole.rglob("*.*"))
    yield f"{count} generated captures, {size / count / 1000:.1f} kB each"
    slow = measure("naive", whole, min(count, NAIVE))
    yield (
        f"naive (trafilatura.extract, underthesea.ner), {slow.captures} captures: "
        f"{slow.rate:.2f} a second, {1000 / slow.rate:.0f} ms each"
    )
    one = measure("ingest", whole, count, folder / "one.duckdb", 1)
    yield (
        f"1 worker: {one.seconds:.0f} s, {one.rate:.1f} a second, {1000 / one.rate:.1f} ms each, "
        f"{one.rate / slow.rate:.1f} times the naive program "
        f"({slow.busy / slow.captures / (one.busy / count):.1f} times by the processor's time); "
        f"peak {one.peak:.0f} MB"
    )
    two = measure("ingest", whole, count, folder / "two.duckdb", 2)
    yield (
        f"2 workers: {two.seconds:.0f} s, {two.rate:.1f} a second, {two.rate / one.rate:.2f} times "
        f"1 worker (processor: workers {two.workers_busy:.0f} s, main process {two.busy:.0f} s); "
        f"peak {two.worker_peak:.0f} MB a worker, {two.peak:.0f} MB the main process"
    )
    less = measure("ingest", quarter, count // 4, folder / "less.duckdb", 2)
    yield (
        f"a quarter of it, 2 workers: {less.rate:.1f} a second; peak {less.worker_peak:.0f} MB "
        f"a worker, {less.peak:.0f} MB the main process"
    )
    again = measure("ingest", whole, count, folder / "two.duckdb", 2)
    yield f"again, unchanged: {again.seconds:.1f} s (aim: {5 + count / 10_000:.1f} s at most)"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("captures", type=int, nargs="?", default=20_000)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("more", nargs="*")
    parser.add_argument("--program", choices=["naive", "ingest"])
    chosen = parser.parse_args()
    if chosen.program:
        measured = run(chosen.program, chosen.captures, chosen.folder, chosen.more)
        sys.stdout.write(json.dumps(asdict(measured)) + "\n")
        return
    with TemporaryDirectory(prefix="baotinh-bench-") as folder:
        for line in report(chosen.captures, Path(folder)):
            sys.stdout.write(line + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
