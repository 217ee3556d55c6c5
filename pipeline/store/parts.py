"""Finished work on disk: a part is a folder of Parquet files that appears whole or not at all.

    <root>/<stage>/<part id>/articles.parquet, facts.parquet, ..., manifest.json

A part is written under a temporary name, synced and renamed, so a process killed at any moment
leaves only finished parts and rubbish that `sweep` removes. A part's name says all that its rows
depend on, so of two that are written under one name either will do. The manifest holds each
file's SHA-256: a part whose bytes have changed since is no part, and its work is done again.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

MANIFEST: Final = "manifest.json"
_UNFINISHED: Final = ".unfinished-"
# Files of some hundred rows, read whole and soon: fast to write matters more than small.
_WRITING: Final[dict[str, Any]] = {
    "compression": "lz4",
    "use_dictionary": False,
    "write_statistics": False,
}


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of one stage of work."""

    folder: Path

    def ids(self) -> list[str]:
        """The finished parts, in order of their names."""
        if not self.folder.is_dir():
            return []
        return sorted(
            path.name
            for path in self.folder.iterdir()
            if not path.name.startswith(_UNFINISHED) and (path / MANIFEST).is_file()
        )

    def holds(self, part_id: str) -> bool:
        return (self.folder / part_id / MANIFEST).is_file()

    def write(self, part_id: str, tables: Mapping[str, pa.Table]) -> None:
        """Make `tables` (name -> rows; empty ones are left out) the part of that name.

        Raises OSError, such as for a full disk, and then leaves nothing behind.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        unfinished = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=self.folder))
        try:
            digests = {}
            for name in sorted(tables):
                if tables[name].num_rows:
                    path = unfinished / f"{name}.parquet"
                    pq.write_table(tables[name], path, **_WRITING)
                    digests[path.name] = _synced_digest(path)
            manifest = unfinished / MANIFEST
            manifest.write_text(json.dumps(digests, indent=1, sort_keys=True), "utf-8")
            _synced_digest(manifest)
            unfinished.rename(self.folder / part_id)
        except OSError:
            if not self.is_sound(part_id):
                raise
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)

    def read(self, part_id: str, table: str) -> pa.Table | None:
        """One table of a part; None where the part has no rows of it."""
        path = self.path(part_id, table)
        return pq.read_table(path) if path.is_file() else None

    def path(self, part_id: str, table: str) -> Path:
        return self.folder / part_id / f"{table}.parquet"

    def is_sound(self, part_id: str) -> bool:
        """Whether every file of the part still is what was written."""
        part = self.folder / part_id
        try:
            digests = json.loads((part / MANIFEST).read_text("utf-8"))
            return bool(
                {p.name for p in part.iterdir()} == {*digests, MANIFEST}
                and all(_digest(part / name) == digest for name, digest in digests.items())
            )
        except (OSError, ValueError):
            return False

    def remove(self, part_ids: Collection[str]) -> None:
        for part_id in part_ids:
            # Renamed first: a removal that is cut short must not look like a part.
            rubbish = self.folder / f"{_UNFINISHED}{part_id}"
            shutil.rmtree(rubbish, ignore_errors=True)
            (self.folder / part_id).rename(rubbish)
            shutil.rmtree(rubbish)

    def sweep(self) -> None:
        """Remove what killed runs left behind, and parts whose bytes are no longer as written.

        Only for the one process that holds the lock; a worker of a killed run may still write.
        """
        if self.folder.is_dir():
            for path in self.folder.iterdir():
                if path.name.startswith(_UNFINISHED):
                    shutil.rmtree(path, ignore_errors=True)
                elif not self.is_sound(path.name):
                    self.remove([path.name])


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _synced_digest(path: Path) -> str:
    with path.open("rb") as file:
        os.fsync(file.fileno())
        return hashlib.file_digest(file, "sha256").hexdigest()
