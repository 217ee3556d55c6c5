"""Whether a scanner's cost grows with its text, and not with the text's square."""

from __future__ import annotations

import gc
from collections.abc import Callable
from time import process_time
from typing import Final, TypeVar

T = TypeVar("T")

# Ten times the text may cost twenty times the time: room for caches and growing lists, while a
# quadratic scanner takes a hundred times. Below the floor a clock measures itself.
TIMES: Final = 10
LIMIT: Final = 20
_FLOOR: Final = 0.002  # seconds of processor time
_TRIES: Final = 4


def assert_linear(
    work: Callable[[T], object], of_size: Callable[[int], T], size: int = 4_000
) -> None:
    """Fail unless `work` costs at most LIMIT times as much on TIMES times the text.

    `of_size(n)` makes an input of about n characters. A busy machine can only make a measurement
    larger, so the smallest of several counts, and a quadratic scanner fails in all of them.
    """
    small, large = of_size(size), of_size(TIMES * size)
    base = max(min(_seconds(work, small) for _ in range(3)), _FLOOR)
    ratios: list[float] = []
    while len(ratios) < _TRIES:
        ratios.append(_seconds(work, large) / base)
        if ratios[-1] <= LIMIT:
            return
    raise AssertionError(f"{TIMES}x the text cost {min(ratios):.0f}x the time")


def repeated(unit: str) -> Callable[[int], str]:
    """Texts of any size made of one hostile unit."""
    return lambda size: unit * (size // len(unit))


def _seconds(work: Callable[[T], object], given: T) -> float:
    gc.collect()
    begin = process_time()
    work(given)
    return process_time() - begin
