"""Where the work runs: in this process, in a pool of processes, or on a Dask cluster."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor
from dataclasses import dataclass
from typing import Final

from pipeline.limits import bound_memory
from pipeline.schedule import InProcess

# Address space of a worker process. It keeps about 0.5 GiB resident; shared libraries and
# Arrow's arenas reserve several times that without using it.
WORKER_MEMORY: Final = 6 * 1024**3


@dataclass(frozen=True, slots=True)
class Here:
    """This process: the default for small work."""

    workers: int = 1

    def open(self) -> Executor:
        return InProcess()

    def is_loss(self, error: BaseException) -> bool:
        return False


@dataclass(frozen=True, slots=True)
class Processes:
    """A pool of processes of this machine: the default for large work."""

    workers: int

    def open(self) -> Executor:
        return ProcessPoolExecutor(
            self.workers,
            # Forking a process that has threads (Arrow's, DuckDB's) is not safe.
            mp_context=multiprocessing.get_context("spawn"),
            initializer=bound_memory,
            initargs=(WORKER_MEMORY,),
        )

    def is_loss(self, error: BaseException) -> bool:
        return isinstance(error, BrokenExecutor)


@dataclass(frozen=True, slots=True)
class Cluster:
    """A Dask scheduler, such as tcp://10.0.0.1:8786; inputs and parts on a shared path."""

    address: str
    workers: int = 1

    def open(self) -> Executor:
        from distributed import Client

        client = Client(self.address, set_as_default=False)
        executor: Executor = client.get_executor(retries=0)
        return executor

    def is_loss(self, error: BaseException) -> bool:
        from distributed import KilledWorker

        return isinstance(error, KilledWorker | BrokenExecutor)


def connect(address: str) -> Cluster:
    """The cluster behind a scheduler's address, with as many workers as it has."""
    from distributed import Client

    with Client(address, set_as_default=False) as client:
        return Cluster(address, max(1, len(client.scheduler_info(n_workers=-1)["workers"])))
