"""What is already done: finished parts, the pages in them, and what a corpus holds that is new."""

from __future__ import annotations

import fcntl
import hashlib
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Final

import pyarrow as pa

from pipeline import lexicon, read
from pipeline.batch import File, Item, Options
from pipeline.read import Source
from pipeline.read.corpus import Corpus
from pipeline.records import Capture, Failure
from pipeline.store.parts import Parts
from pipeline.store.tables import from_arrow, to_arrow
from pipeline.store.warehouse import Contents

CAPTURES: Final = "captures"


class IngestError(Exception):
    """An ingest cannot go on; the message says why, and what to do."""


class BusyError(IngestError):
    """Another ingest into the same warehouse is under way."""


@dataclass(frozen=True, slots=True)
class Workplace:
    """Where a corpus's finished work is kept, named by what it depends on besides the sources."""

    database: Path
    folder: Path
    cleaned: Parts
    annotated: Parts
    containers: Parts  # one an archive read to its end: the pages it held

    @classmethod
    def of(cls, database: Path, corpus: Corpus, options: Options) -> Workplace:
        folder = database.with_suffix(".parts") / corpus.name
        limit = str(options.time_limit)
        knows = digest(code_version(), lexicon.content_hash(), repr(corpus), limit)
        return cls(
            database,
            folder,
            Parts(folder / f"cleaned-{knows}"),
            Parts(folder / f"annotated-{digest(knows, repr(options))}"),
            Parts(folder / f"containers-{knows}"),
        )

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the warehouse. Raises BusyError at once if another process does."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder.parent / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise BusyError(
                    f"another ingest is writing to {self.database}; wait until it has ended"
                ) from error
            yield

    def sweep(self) -> None:
        """Remove the rubbish of killed runs, and parts whose bytes are no longer as written."""
        for parts in self._stages():
            parts.sweep()

    def keep_only(self, cleaned: set[str], annotated: set[str], containers: set[str]) -> None:
        """Remove the parts that nothing listed comes from, and those of other versions."""
        for parts, wanted in zip(self._stages(), (cleaned, annotated, containers), strict=True):
            parts.remove(set(parts.ids()) - wanted)
        current = {parts.folder for parts in self._stages()}
        for folder in self.folder.iterdir():
            if folder.is_dir() and folder not in current:
                shutil.rmtree(folder)

    def _stages(self) -> tuple[Parts, Parts, Parts]:
        return self.cleaned, self.annotated, self.containers


@dataclass(frozen=True, slots=True)
class Finished:
    """Which cleaned part a page is in, and the article it became."""

    part_id: str
    article_id: str | None


@dataclass(slots=True)
class Survey:
    """What the corpus holds, page by page, and what of it is finished."""

    place: Workplace
    finished: dict[tuple[str, str], Finished] = field(default_factory=dict)
    listed: dict[str, str] = field(default_factory=dict)  # source_path -> content_hash
    containers: set[str] = field(default_factory=set)  # parts of place.containers still true
    _open: dict[str, list[str]] = field(default_factory=dict)  # listing -> its pages' paths

    @classmethod
    def of(cls, place: Workplace) -> Survey:
        """What earlier runs have finished; nothing is listed yet."""
        survey = cls(place)
        for part_id in place.cleaned.ids():
            for row in _captures(place.cleaned, part_id):
                survey._finish(part_id, row)
        return survey

    def new_items(self, root: Path | str, corpus: Corpus) -> Iterator[Item]:
        """List all that is at `root`; yield what is not finished yet."""
        for source in read.sources(root, corpus.columns):
            if corpus.skips(source.path):
                continue
            content_hash = read.content_hash(source) or ""
            if source.is_container:
                yield from self._new_in_container(source, content_hash)
            elif content_hash and (source.path, content_hash) in self.finished:
                self.listed[source.path] = content_hash
            else:
                yield File(source, content_hash, _size(source))

    def add(self, part_id: str, captures: Iterable[Capture]) -> None:
        """Note a batch that was cleaned just now."""
        for row in captures:
            self._finish(part_id, row)
            self.listed[row.source_path] = row.content_hash

    def close_containers(self) -> None:
        """Remember what each archive held, once all of its pages are finished."""
        for listing, paths in self._open.items():
            rows = [Capture(path, self.listed[path], None) for path in paths]
            self.place.containers.write(listing, {CAPTURES: to_arrow(Capture, rows)})
            self.containers.add(listing)
        self._open.clear()

    def pages(self) -> list[tuple[str, str, Finished]]:
        """Every page listed: its source path, its hash and its work; by source path."""
        return [
            (path, found, self.finished[path, found]) for path, found in sorted(self.listed.items())
        ]

    def contents(self) -> Contents:
        """The pages listed, in their cleaned parts."""
        pages = self.pages()
        columns = {
            "part_id": [finished.part_id for _, _, finished in pages],
            "source_path": [path for path, _, _ in pages],
            "article_id": [finished.article_id for _, _, finished in pages],
        }
        table = pa.table({name: pa.array(rows, pa.string()) for name, rows in columns.items()})
        return Contents(self.place.folder.name, self.place.cleaned, table)

    def _new_in_container(self, source: Source, content_hash: str) -> Iterator[Item]:
        listing = digest(source.path, content_hash)
        if self.place.containers.holds(listing):
            known = _captures(self.place.containers, listing)
            if all((row.source_path, row.content_hash) in self.finished for row in known):
                self.listed.update((row.source_path, row.content_hash) for row in known)
                self.containers.add(listing)
                return
        paths = self._open.setdefault(listing, [])
        for page in read.pages(source):
            paths.append(page.source_path)
            # A damaged record has no bytes to tell it by: it is looked at again.
            if isinstance(page, Failure) or (
                (page.source_path, page.content_hash) not in self.finished
            ):
                yield page
            else:
                self.listed[page.source_path] = page.content_hash
            if isinstance(page, Failure) and page.code == "unreadable":
                del self._open[listing]  # maybe there is more in it next time
                return

    def _finish(self, part_id: str, row: Capture) -> None:
        self.finished[row.source_path, row.content_hash] = Finished(part_id, row.article_id)


def digest(*parts: str) -> str:
    """A short name for what `parts` say together: 24 hexadecimal digits."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:24]


@cache
def code_version() -> str:
    """The program's version and a hash of its source: other code, other results."""
    source = hashlib.sha256()
    package = Path(__file__).parent
    for path in sorted(package.rglob("*.py")):
        source.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes())
    return f"{version('baotinh')}+{source.hexdigest()[:12]}"


def _captures(parts: Parts, part_id: str) -> list[Capture]:
    table = parts.read(part_id, CAPTURES)
    return [] if table is None else from_arrow(Capture, table)


def _size(source: Source) -> int:
    try:
        return Path(source.location).stat().st_size
    except OSError:
        return 0
