from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from pipeline import engines, schedule
from pipeline.limits import OverTimeError, deadline, memory


def doubled(batch: tuple[int, ...]) -> list[int]:
    return [2 * n for n in batch]


def doubled_unless_13(batch: tuple[int, ...]) -> list[int]:
    """Work that ends its process on one item."""
    if 13 in batch:
        os.kill(os.getpid(), signal.SIGKILL)
    return doubled(batch)


def failing(batch: tuple[int, ...]) -> list[int]:
    raise ValueError("a fault of the work")


def batches(n: int, size: int) -> list[tuple[int, ...]]:
    return [tuple(range(i, min(i + size, n))) for i in range(0, n, size)]


def lost(item: int) -> list[int]:
    return [-item]


@pytest.mark.parametrize("engine", [engines.Here(), engines.Processes(2)], ids=["here", "pool"])
def test_every_batch_is_done_once(engine: schedule.Engine) -> None:
    results = [n for r in schedule.run(engine, doubled, batches(20, 3), lost) for n in r]
    assert sorted(results) == [2 * n for n in range(20)]


def test_an_item_that_kills_its_worker_is_told_apart_from_its_neighbours() -> None:
    engine = engines.Processes(2)
    results = [n for r in schedule.run(engine, doubled_unless_13, batches(20, 4), lost) for n in r]
    assert sorted(results) == sorted([-13] + [2 * n for n in range(20) if n != 13])


def test_workers_that_cannot_start_are_no_fault_of_the_work(tmp_path: Path) -> None:
    script = tmp_path / "unguarded.py"
    script.write_text(
        "from pipeline import engines\n"
        "with engines.Processes(2).open() as executor:\n"
        "    print('never')\n",
        "utf-8",
    )
    ended = subprocess.run([sys.executable, str(script)], capture_output=True, text=True)
    assert ended.returncode == 1
    assert "OSError: worker processes end as they start" in ended.stderr
    assert not ended.stdout


def test_a_fault_of_the_work_is_raised() -> None:
    with pytest.raises(ValueError, match="a fault of the work"):
        list(schedule.run(engines.Here(), failing, batches(3, 1), lost))


def test_batches_are_read_no_faster_than_they_are_done() -> None:
    read: list[int] = []

    def source() -> Iterator[tuple[int, ...]]:
        for n in range(100):
            read.append(n)
            yield (n,)

    done = schedule.run(engines.Here(), doubled, source(), lost)
    next(done)
    assert len(read) <= schedule.IN_FLIGHT + 1


def test_a_deadline_stops_what_takes_too_long() -> None:
    def endless() -> None:
        while True:
            pass

    with pytest.raises(OverTimeError, match=r"0\.05 seconds"), deadline(0.05):
        endless()


def test_a_deadline_leaves_the_rest_alone() -> None:
    with deadline(30):
        pass
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_a_deadline_holds_in_any_thread() -> None:
    ended: list[BaseException] = []

    def work() -> None:
        try:
            with deadline(0.05):
                while True:
                    pass
        except OverTimeError as error:
            ended.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(30)
    assert [str(error) for error in ended] == ["it took longer than 0.05 seconds"]


def test_a_deadline_in_a_thread_leaves_the_rest_alone() -> None:
    def work() -> None:
        with deadline(0.05):
            pass
        time.sleep(0.2)
        ended.append("well")

    ended: list[str] = []
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert ended == ["well"]


def test_no_library_takes_a_deadline_for_a_fault_of_its_own() -> None:
    def forgiving() -> None:
        while True:
            with suppress(Exception):
                time.sleep(1)

    with pytest.raises(OverTimeError), deadline(0.05):
        forgiving()


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="no sizes to bound")
def test_a_bound_on_memory_holds_in_its_block_alone() -> None:
    before = resource.getrlimit(resource.RLIMIT_AS)
    with pytest.raises(MemoryError), memory(50 << 20):
        bytearray(200 << 20)
    assert resource.getrlimit(resource.RLIMIT_AS) == before
    assert len(bytearray(200 << 20))
