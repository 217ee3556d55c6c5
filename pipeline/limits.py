"""What one article may cost: a time limit, and a bound on the memory of a worker process."""

from __future__ import annotations

import resource
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class OverTimeError(Exception):
    """An article took longer than it may."""


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Raise OverTimeError in the block once it has run for `seconds`.

    Works in a process's main thread, where workers run their articles; elsewhere (a thread of
    somebody else's server) no signal can arrive, and the block runs without a limit.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(signum: int, frame: FrameType | None) -> None:
        raise OverTimeError(f"it took longer than {seconds:g} seconds")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def bound_memory(size: int) -> None:
    """Let this process take `size` bytes of address space at most; past that, MemoryError."""
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (size, hard))
