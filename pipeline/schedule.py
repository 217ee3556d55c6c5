"""Batches of work on any `concurrent.futures.Executor`, a few in flight, lost workers survived."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from contextlib import AbstractContextManager
from itertools import islice
from typing import Any, Final, Protocol, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class Engine(Protocol):
    """Where batches run."""

    @property
    def workers(self) -> int:
        """How many batches are worked on at once; may change while an executor is open."""
        ...

    def open(self) -> AbstractContextManager[Executor]:
        """A fresh executor; called again after workers were lost."""
        ...

    def is_loss(self, error: BaseException) -> bool:
        """Whether `error` says that a worker died, not that the work is wrong."""
        ...


class InProcess(Executor):
    """Runs each task at once, in this process: the simplest executor there is."""

    def submit(self, fn: Callable[..., R], /, *args: Any, **kwargs: Any) -> Future[R]:
        future: Future[R] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


# Batches in flight for each worker: one to work on, one waiting, so that none idles.
IN_FLIGHT: Final = 2


def run(
    engine: Engine,
    work: Callable[[tuple[T, ...]], R],
    batches: Iterable[tuple[T, ...]],
    lost: Callable[[T], R],
) -> Iterator[R]:
    """The results of `work` on each batch, as they are finished.

    A batch whose worker dies is tried again in halves, alone; an item that kills its worker even
    alone gives `lost(item)`. Memory is bounded: `batches` is read no faster than work is done.
    """
    todo = iter(batches)
    suspects: list[tuple[T, ...]] = []
    while True:
        with engine.open() as executor:
            suspects += yield from _until_a_loss(engine, executor, work, todo)
        if not suspects:
            return
        while suspects:
            batch = suspects.pop()
            with engine.open() as executor:
                if not (yield from _until_a_loss(engine, executor, work, iter([batch]))):
                    continue
            if len(batch) == 1:
                yield lost(batch[0])
            else:
                middle = len(batch) // 2
                suspects += [batch[middle:], batch[:middle]]


def _until_a_loss(
    engine: Engine,
    executor: Executor,
    work: Callable[[tuple[T, ...]], R],
    todo: Iterator[tuple[T, ...]],
) -> Generator[R, None, list[tuple[T, ...]]]:
    """Results until `todo` is done or a worker is lost; returns the batches then unfinished."""
    pending: dict[Future[R], tuple[T, ...]] = {}
    lost: list[tuple[T, ...]] = []
    while True:
        room = 0 if lost else max(0, IN_FLIGHT * engine.workers - len(pending))
        for batch in islice(todo, room):
            try:
                pending[executor.submit(work, batch)] = batch
            except Exception as error:  # a pool that broke while it was not looked at
                if not engine.is_loss(error):
                    raise
                lost.append(batch)
                break
        if not pending:
            return lost
        done, _ = wait(pending, return_when=FIRST_COMPLETED)
        for future in done:
            batch = pending.pop(future)
            failed = future.exception()
            if failed is None:
                yield future.result()
            elif engine.is_loss(failed):
                lost.append(batch)
            else:
                raise failed
