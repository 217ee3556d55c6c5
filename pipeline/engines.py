"""Where the work runs: in this process, in a pool of processes, or on a Dask cluster."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, ProcessPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.schedule import InProcess

if TYPE_CHECKING:
    from distributed import Client


@dataclass(frozen=True, slots=True)
class Here:
    """This process: the default for small work."""

    workers: int = 1

    def open(self) -> AbstractContextManager[Executor]:
        return InProcess()

    def is_loss(self, error: BaseException) -> bool:
        return False


@dataclass(frozen=True, slots=True)
class Processes:
    """A pool of processes of this machine: the default for large work."""

    workers: int

    @contextmanager
    def open(self) -> Iterator[Executor]:
        """Raises OSError if no worker can start: not every page shall be taken for a killer."""
        with ProcessPoolExecutor(
            self.workers,
            # Forking a process that has threads (Arrow's, DuckDB's) is not safe.
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_end_with_parent,
        ) as executor:
            try:
                executor.submit(os.getpid).result()
            except BrokenExecutor as error:
                raise OSError(
                    "worker processes end as they start; a script that calls ingest must do so "
                    'under `if __name__ == "__main__":`, or ask for one worker'
                ) from error
            yield executor

    def is_loss(self, error: BaseException) -> bool:
        return isinstance(error, BrokenExecutor)


class Cluster:
    """A Dask scheduler, such as tcp://10.0.0.1:8786; inputs and parts on a shared path.

    Waits until the first worker is there, and gives work to those that come later too.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self._client: Client | None = None

    @property
    def workers(self) -> int:
        return max(1, sum(self._client.nthreads().values())) if self._client else 1

    @contextmanager
    def open(self) -> Iterator[Executor]:
        """Raises OSError if no scheduler answers, or if it is lost."""
        from distributed import Client
        from distributed.comm import CommClosedError

        with Client(self.address, set_as_default=False) as self._client:
            self._client.wait_for_workers(1)
            try:
                with self._client.get_executor(pure=False) as executor:
                    yield executor
            except (CancelledError, CommClosedError) as error:
                raise ConnectionError(f"the scheduler at {self.address} was lost") from error

    def is_loss(self, error: BaseException) -> bool:
        """A task is lost once several workers have died over it; until then Dask itself retries."""
        from distributed import KilledWorker

        return isinstance(error, KilledWorker)


def _end_with_parent() -> None:
    """End this worker once the process that started it is gone, even if that was killed."""
    parent = multiprocessing.parent_process()
    assert parent is not None

    def wait() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()
