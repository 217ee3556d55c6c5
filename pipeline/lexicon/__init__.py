"""What the pipeline knows, as data: one TOML file a subject, and this one reader.

An entry is a table of the file, named as its class in lower case (`[[outlet]]` for `Outlet`), and
becomes a frozen dataclass of the room that uses it. Every entry proves itself: it has `examples`
that it must match and, where it is easily confused, `not` lines (field `excluded`) that it must
not. Bad knowledge stops the start, naming file and entry.
"""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import MISSING, fields
from functools import cache
from importlib.resources import files
from typing import Any, Protocol, TypeVar

from pipeline.vietnamese import nfc

T = TypeVar("T")


class LexiconError(ValueError):
    """An entry that cannot be used: which file, which entry, and what to do."""


def read(name: str, entry: type[T]) -> tuple[T, ...]:
    """All entries of kind `entry` in `<name>.toml`, in the file's order.

    Arrays become tuples. Raises LexiconError for an unknown or a missing key.
    """
    table = entry.__name__.lower()
    rows = _load(name).get(table)
    if not rows:
        raise LexiconError(f"{name}.toml has no [[{table}]]; add one or correct its name")
    return tuple(
        _entry(f"{name}.toml, [[{table}]] no. {n}", entry, r) for n, r in enumerate(rows, 1)
    )


class _Worded(Protocol):
    @property
    def phrases(self) -> tuple[str, ...]: ...


def phrases(name: str, entry: type[_Worded]) -> tuple[str, ...]:
    """The phrases of all entries of kind `entry` in `<name>.toml`, in the file's order."""
    return tuple(phrase for row in read(name, entry) for phrase in row.phrases)


def content_hash() -> str:
    """SHA-256 over all lexicon files: two runs with the same hash knew the same things."""
    digest = hashlib.sha256()
    for path in sorted(files(__package__).iterdir(), key=lambda p: p.name):
        if path.name.endswith(".toml"):
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


@cache
def _load(name: str) -> dict[str, list[dict[str, Any]]]:
    raw = files(__package__).joinpath(f"{name}.toml").read_text("utf-8")
    if raw != nfc(raw):
        raise LexiconError(f"{name}.toml is not in Unicode form NFC; save it composed")
    try:
        return tomllib.loads(raw)
    except tomllib.TOMLDecodeError as error:
        raise LexiconError(f"{name}.toml is not TOML: {error}") from error


def _entry(where: str, entry: type[T], row: dict[str, Any]) -> T:
    values = {"excluded" if key == "not" else key: value for key, value in row.items()}
    known = {f.name: f for f in fields(entry)}  # type: ignore[arg-type]  # a dataclass by contract
    if unknown := values.keys() - known.keys():
        raise LexiconError(f"{where}: unknown key {min(unknown)!r}; known are {', '.join(known)}")
    needed = {n for n, f in known.items() if f.default is MISSING and f.default_factory is MISSING}
    if missing := needed - values.keys():
        raise LexiconError(f"{where}: {min(missing)!r} is missing")
    return entry(**{k: tuple(v) if isinstance(v, list) else v for k, v in values.items()})
