"""What one article may cost: so much time, and so much memory beyond what its process has.

And what a batch of them need not cost.
"""

from __future__ import annotations

import ctypes
import gc
import resource
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Final

_SIZES: Final = Path("/proc/self/statm")  # its first number: pages of address space in use


class OverTimeError(BaseException):
    """An article took longer than it may.

    No Exception, so that no library's `except Exception` takes it for a fault of its own.
    """


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Raise OverTimeError in the block once it has run for `seconds`."""
    here = threading.current_thread() is threading.main_thread()
    try:
        with _alarm(seconds) if here else _interruption(seconds):
            yield
    except OverTimeError:
        raise OverTimeError(f"it took longer than {seconds:g} seconds") from None


@contextmanager
def memory(size: int) -> Iterator[None]:
    """Let the block take `size` bytes of address space more; past that, MemoryError.

    Holds in a process's main thread and where the system tells its sizes. In other threads (those
    of a Dask worker) the limit would be everybody's; there Dask's own limit holds.
    """
    if threading.current_thread() is not threading.main_thread() or not _SIZES.exists():
        yield
        return
    in_use = int(_SIZES.read_text("ascii").split()[0]) * resource.getpagesize()
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    limits = [n for n in (in_use + size, soft, hard) if n != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_AS, (min(limits), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


@contextmanager
def no_collections() -> Iterator[None]:
    """No search for garbage in the block but one at its end, among what the block made.

    For a batch, which leaves hardly any that is not freed at once: searches would go through all
    that the program knows, some hundred thousand objects, again and again.
    """
    searches = gc.isenabled()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.collect()
        gc.unfreeze()
        if searches:
            gc.enable()


@contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    """By a signal, which arrives in the main thread only; it also ends a long regex search."""

    def stop(signum: int, frame: FrameType | None) -> None:
        raise OverTimeError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def _interruption(seconds: float) -> Iterator[None]:
    """By another thread, for threads such as those of a Dask worker."""
    thread = ctypes.c_ulong(threading.get_ident())
    lock = threading.Lock()
    running = True

    def stop() -> None:
        with lock:
            if running:
                ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, ctypes.py_object(OverTimeError))

    timer = threading.Timer(seconds, stop)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        with lock:
            running = False
        timer.cancel()
