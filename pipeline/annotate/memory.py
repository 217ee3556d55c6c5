"""Results remembered by string, up to a bound."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Memory(dict[str, T]):
    """What `compute` gave for each string; forgets everything when it holds `bound` strings.

    As fast as a dictionary where the string was seen, and as large at most as `bound` allows.

    >>> lengths = Memory(len, bound=2)
    >>> lengths["xã"], lengths["phường"], lengths["đặc khu"], len(lengths)
    (2, 6, 7, 1)
    """

    def __init__(self, compute: Callable[[str], T], bound: int) -> None:
        super().__init__()
        self._compute, self._bound = compute, bound

    def __missing__(self, text: str) -> T:
        if len(self) >= self._bound:
            self.clear()
        result = self[text] = self._compute(text)
        return result
