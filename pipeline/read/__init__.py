"""Reading: a folder or a container of captures becomes Pages, one at a time.

    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     _ = (Path(folder) / "tin.txt").write_text("Tỉnh ủy họp.", "utf-8")
    ...     [page] = [page for source in sources(folder) for page in pages(source)]
    >>> page.source_path, page.kind, page.content
    ('tin.txt', 'text', 'Tỉnh ủy họp.')

Read are `.txt`, `.html`, `.htm` (each also gzipped), `.warc`, `.warc.gz`, `.jsonl`, `.jsonl.gz`,
`.jsonl.zst` and `.parquet`, in nested folders. Passed over are hidden files, `*.toml`, `*.md` and
READMEs. Whatever else is found, or cannot be read, is a Failure that says why: nothing that bytes
can hold raises.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, Literal

import fsspec

from pipeline.read import captures, containers, gzipped, warc
from pipeline.read.corpus import USUAL_COLUMNS, Columns
from pipeline.records import Failure, Page

__all__ = ["MAX_BYTES", "Source", "content_hash", "pages", "sources"]

MAX_BYTES: Final = 8 << 20  # of a page, unpacked; an article's HTML has some 100 kB

Format = Literal["text", "html", "warc", "jsonl", "parquet"]
_FORMATS: Final[dict[str, Format]] = {
    ".txt": "text", ".txt.gz": "text",
    ".html": "html", ".htm": "html", ".html.gz": "html", ".htm.gz": "html",
    ".warc": "warc", ".warc.gz": "warc",
    ".jsonl": "jsonl", ".jsonl.gz": "jsonl", ".jsonl.zst": "jsonl",
    ".parquet": "parquet",
}  # fmt: skip
_SKIPPED_SUFFIXES: Final = (".toml", ".md")


@dataclass(frozen=True, slots=True)
class Source:
    """A file to be read: one page, or a container of many."""

    path: str  # relative to the corpus root, POSIX
    location: str  # where it is: a file's path, or a URL
    columns: Columns = USUAL_COLUMNS

    @property
    def format(self) -> Format | None:
        """What its name says it is; None for what we do not read.

        >>> Source("a/tin.HTML.gz", "").format, Source("a/tin.pdf", "").format
        ('html', None)
        """
        name = self.path.rpartition("/")[2].lower()
        return next((f for suffix, f in _FORMATS.items() if name.endswith(suffix)), None)

    @property
    def is_container(self) -> bool:
        return self.format in ("warc", "jsonl", "parquet")


# --- what is to be read -------------------------------------------------------------------


def sources(root: Path | str, columns: Columns = USUAL_COLUMNS) -> Iterator[Source]:
    """All that is to be read under `root`, sorted by path: a folder, one file, or a URL of one.

    Raises OSError if `root` itself cannot be read.
    """
    if isinstance(root, str) and "://" in root:
        yield Source(root.rstrip("/").rpartition("/")[2], root, columns)
        return
    root = Path(root)
    if root.is_dir():
        for path, location in _files(root):
            yield Source(path, location, columns)
    elif root.exists():
        yield Source(_shown(root.name), str(root), columns)
    else:
        raise FileNotFoundError(f"there is no {root}; give a folder, a file or a URL")


def _files(root: Path) -> Iterator[tuple[str, str]]:
    """Files by relative path, in its order. A folder that cannot be listed stands for itself."""
    open_folders = [iter(_entries(str(root), ""))]
    while open_folders:
        for path, location, is_folder in open_folders[-1]:
            if is_folder:
                try:
                    open_folders.append(iter(_entries(location, path)))
                    break
                except OSError:
                    pass
            yield path.rstrip("/"), location
        else:
            open_folders.pop()


def _entries(folder: str, prefix: str) -> list[tuple[str, str, bool]]:
    """Path, location and whether it is a folder, whose path ends in `/` so that it sorts right."""
    found = []
    with os.scandir(folder) as entries:
        for entry in entries:
            name = entry.name.lower()
            is_folder = entry.is_dir(follow_symlinks=False)
            skipped = name.endswith(_SKIPPED_SUFFIXES) or name.startswith("readme")
            if not name.startswith(".") and (is_folder or not skipped):
                path = prefix + _shown(entry.name) + ("/" if is_folder else "")
                found.append((path, entry.path, is_folder))
    return sorted(found)


def _shown(name: str) -> str:
    """A file's name as text, whatever bytes it has."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


# --- reading it ---------------------------------------------------------------------------


def content_hash(source: Source) -> str | None:
    """SHA-256 of a source's raw bytes, hexadecimal; None where they cannot be read."""
    try:
        with _open(source.location) as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type]
    except (OSError, ValueError, ImportError):
        return None


def pages(source: Source, *, limit: int = MAX_BYTES) -> Iterator[Page | Failure]:
    """The pages of a source one at a time, and a Failure for each that cannot be had.

    A page of more than `limit` bytes when unpacked is a Failure, and never held in memory.
    """
    try:
        stream = _open(source.location)
    except (OSError, ValueError, ImportError) as error:
        yield _unreadable(source.path, error)
        return
    with stream:
        empty = True
        try:
            for item in _read(stream, source, limit):
                empty = False
                yield item
        except OSError as error:
            yield _unreadable(source.path, error)
        else:
            if empty:
                yield captures.failure(
                    source.path, "empty", "it holds no page at all; look how it was made"
                )


def _unreadable(path: str, error: Exception) -> Failure:
    reason = getattr(error, "strerror", None) or str(error)
    return captures.failure(
        path,
        "unreadable",
        f"it cannot be opened or read ({reason}); see that it is there and may be read",
    )


def _open(location: str) -> IO[bytes]:
    if "://" in location:
        return fsspec.open(location, "rb").open()  # type: ignore[no-any-return]
    mode = Path(location).stat().st_mode
    if stat.S_ISDIR(mode):
        raise OSError("the folder may not be listed, or it is a link, and these are not followed")
    if not stat.S_ISREG(mode):
        raise OSError("it is no file, but a device or the like")
    return Path(location).open("rb")


def _read(stream: IO[bytes], source: Source, limit: int) -> Iterator[Page | Failure]:
    match source.format:
        case "warc":
            yield from warc.pages(stream, source.path, limit)
        case "jsonl":
            yield from containers.jsonl(stream, source.path, source.columns, limit)
        case "parquet":
            yield from containers.parquet(stream, source.path, source.columns, limit)
        case "text" | "html" as kind:
            yield _page(stream, source.path, kind, limit)
        case None:
            known = ", ".join(_FORMATS)
            yield captures.failure(
                source.path,
                "unsupported",
                f"its name ends in none of {known}; convert it, or take it out of the corpus",
            )


def _page(stream: IO[bytes], path: str, kind: captures.Kind, limit: int) -> Page | Failure:
    raw = stream.read(limit + 1)
    if raw.startswith(gzipped.MAGIC) and len(raw) <= limit:
        try:
            raw = gzipped.decompress(raw, limit)
        except gzipped.DamagedError as error:
            return captures.failure(path, "damaged", f"it is {error}; copy or capture it again")
    if len(raw) > limit:
        return captures.too_large(path, limit)
    return captures.from_bytes(path, raw, kind)
