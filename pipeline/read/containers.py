"""Containers of many captures, one record at a time: WARC, JSONL, Parquet.

A record is `archive.warc.gz#12`, counted from 1: the 12th record of an archive, line of a JSONL
file, row of a Parquet file. A damaged record is a Failure under its number, and reading goes on
behind it as far as the format allows.
"""

from __future__ import annotations

import gzip
import io
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import IO, Any, Final, cast

import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

from pipeline.read import captures
from pipeline.read.corpus import Columns
from pipeline.records import Failure, Page

_CHUNK: Final = 1 << 20
_BROKEN_STREAM: Final = (OSError, EOFError, zlib.error, zstandard.ZstdError)


# --- JSONL --------------------------------------------------------------------------------


def jsonl(stream: IO[bytes], path: str, columns: Columns, limit: int) -> Iterator[Page | Failure]:
    """The records of a JSONL file, plain or compressed with gzip or zstandard."""
    number = 0
    lines = _lines(_decompressed(stream), limit)
    while True:
        number += 1
        try:
            line = next(lines)
        except StopIteration:
            return
        except _BROKEN_STREAM as error:
            yield _broken_off(f"{path}#{number}", error)
            return
        if line is None:
            yield captures.too_large(f"{path}#{number}", limit)
        elif line.strip():
            yield _json_record(f"{path}#{number}", line.strip(), columns)


def _decompressed(stream: IO[bytes]) -> IO[bytes]:
    start = stream.read(4)
    stream.seek(0)
    if start.startswith(b"\x1f\x8b"):
        return cast(IO[bytes], gzip.GzipFile(fileobj=stream))
    if start == b"\x28\xb5\x2f\xfd":
        reader = zstandard.ZstdDecompressor().stream_reader(stream, read_across_frames=True)
        return io.BufferedReader(reader, _CHUNK)
    return stream


def _lines(stream: IO[bytes], limit: int) -> Iterator[bytes | None]:
    """The lines; None for one of more than `limit` bytes, of which no more than that is held."""
    while line := stream.readline(limit + 1):
        if len(line) <= limit:
            yield line.removeprefix(b"\xef\xbb\xbf")
            continue
        while line and not line.endswith(b"\n"):
            line = stream.readline(_CHUNK)
        yield None


def _json_record(path: str, line: bytes, columns: Columns) -> Page | Failure:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        return captures.failure(
            path, "damaged", f"the line is not JSON ({_brief(error)}); write the record again"
        )
    if not isinstance(record, dict):
        return captures.failure(
            path, "damaged", "the line is JSON, but no object with names; write {...}, one a line"
        )
    return _record(path, record, columns, line)


# --- Parquet ------------------------------------------------------------------------------


def parquet(stream: IO[bytes], path: str, columns: Columns, limit: int) -> Iterator[Page | Failure]:
    """The rows of a Parquet file, some at a time; a broken row group costs its own rows."""
    try:
        file = pq.ParquetFile(stream, page_checksum_verification=True, buffer_size=_CHUNK)
        names = [name for name in file.schema_arrow.names if name in columns.names()]
    except (OSError, ValueError, pa.ArrowException) as error:
        yield captures.failure(
            path, "damaged", f"it is no whole Parquet file ({_brief(error)}); copy it again"
        )
        return
    if not set(names) & {*columns.html, *columns.text}:
        yield captures.failure(path, "no_text", _no_text(file.schema_arrow.names, columns))
        return
    first = 1
    for group in range(file.num_row_groups):
        number = first
        first += file.metadata.row_group(group).num_rows
        try:
            for batch in file.iter_batches(16, row_groups=[group], columns=names):
                for row in range(batch.num_rows):
                    cells = {name: batch.column(name)[row] for name in names}
                    yield _row(f"{path}#{number}", cells, columns, limit)
                    number += 1
        except (OSError, ValueError, pa.ArrowException) as error:
            yield captures.failure(
                f"{path}#{number}",
                "damaged",
                f"rows {number} to {first - 1} cannot be read ({_brief(error)}); write them again",
            )


def _row(path: str, cells: Mapping[str, Any], columns: Columns, limit: int) -> Page | Failure:
    record = {name: _plain(cell) for name, cell in cells.items()}
    sizes = [len(value) for value in record.values() if isinstance(value, str | bytes)]
    if max(sizes, default=0) > limit:
        return captures.too_large(path, limit)
    return _record(path, record, columns, repr(sorted(record.items())).encode())


def _plain(cell: Any) -> object:
    """A cell's value; bytes where a column of text holds what is not UTF-8, None if unreadable."""
    try:
        return cell.as_py()
    except UnicodeDecodeError:
        return bytes(cell.as_buffer())
    except (ValueError, OverflowError):  # a date beyond what Python counts
        return None


# --- a record of either -------------------------------------------------------------------


def _record(
    path: str, record: Mapping[str, object], columns: Columns, payload: bytes
) -> Page | Failure:
    found = (
        ("title", _first(record, columns.title)),
        ("date", _first(record, columns.date)),
        ("id", _first(record, columns.id)),
    )
    fields = tuple((name, value) for name, value in found if value is not None)
    urls = (_text(record.get(name)) for name in columns.url)
    url = next((u for u in urls if u and "://" in u), None)
    wanted: tuple[tuple[captures.Kind, tuple[str, ...]], ...] = (
        ("html", columns.html),
        ("text", columns.text),
    )
    for kind, names in wanted:
        for name in names:
            content = record.get(name)
            if isinstance(content, bytes) and content.strip():
                return captures.from_bytes(path, content, kind, url=url, fields=fields)
            if isinstance(content, str) and content.strip():
                return captures.from_string(
                    path, content, kind, payload=payload, url=url, fields=fields
                )
    return captures.failure(path, "no_text", _no_text(record.keys(), columns))


def _first(record: Mapping[str, object], names: Sequence[str]) -> str | None:
    return next((text for name in names if (text := _text(record.get(name)))), None)


def _text(value: object) -> str | None:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        return None
    return value.encode("utf-8", "replace").decode().strip() or None


def _no_text(names: Iterable[str], columns: Columns) -> str:
    wanted = ", ".join((*columns.html, *columns.text))
    seen = ", ".join(sorted(names))[:200] or "none"
    return (
        f"it has no text under any of {wanted} (its names: {seen}); "
        "if another holds it, name that in corpus.toml under [columns]"
    )


def _broken_off(path: str, error: Exception) -> Failure:
    return captures.failure(
        path,
        "damaged",
        f"the container breaks off here ({_brief(error)}); what stands before it was read, "
        "copy it again for the rest",
    )


def _brief(error: BaseException) -> str:
    message = str(error).partition("\n")[0] or type(error).__name__
    return message if len(message) <= 120 else message[:119] + "…"
