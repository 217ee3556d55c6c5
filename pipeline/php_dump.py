"""Find and parse PHP `print_r` and `var_dump` output that a template leaked into an article."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Dump:
    """One leaked dump at [start, end) of the text; an entry is its (key, value) pairs in order."""

    start: int
    end: int
    entries: tuple[tuple[tuple[str, str], ...], ...]
    truncated: bool  # the capture ends before the dump does


def find(text: str) -> list[Dump]:
    """The outermost dumps, left to right."""
    raise NotImplementedError
