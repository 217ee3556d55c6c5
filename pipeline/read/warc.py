"""WARC archives: the HTML pages a crawler was sent, one record at a time."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from typing import IO, Any, Final

from fastwarc.stream_io import BrotliReader, ChunkedReader
from fastwarc.warc import ArchiveIterator, WarcRecordType

from pipeline.read import captures, gzipped
from pipeline.records import Failure, Page

_CHUNK: Final = 1 << 20
_FALSE_STARTS: Final = 1000  # in a row; what has more is no archive
_HTML: Final = ("text/html", "application/xhtml+xml")


def pages(stream: IO[bytes], path: str, limit: int) -> Iterator[Page | Failure]:
    """The HTML responses with status 200, under their record's number; others are passed over."""
    for number, (record, body, damage) in enumerate(_records(stream, limit), 1):
        here = f"{path}#{number}"
        if damage is not None:
            yield captures.failure(
                here,
                "damaged",
                f"the archive is damaged or breaks off at this record ({damage}); the others "
                "were read, capture or copy this one again",
            )
        elif _is_page(record):
            yield _page(record, body, here, limit)


def _records(stream: IO[bytes], limit: int) -> Iterator[tuple[Any, bytes, str | None]]:
    """Each record, its body (cut after `limit` + 1 bytes) and what is wrong with it, if anything.

    Behind a damaged record reading goes on at the next one that begins whole.
    """
    start: int | None = 0
    false_starts = 0
    while start is not None and false_starts < _FALSE_STARTS:
        stream.seek(start)
        archive = iter(ArchiveIterator(stream, parse_http=False))
        position = start
        whole = 0
        damage: str | None = None
        while damage is None:
            record = _next(archive)
            if record is None:
                return
            if isinstance(record, OSError):
                damage, body = str(record), b""
            else:
                position = record.stream_pos
                body, damage = _body(record, limit)
                whole += 1
            if whole or start == 0:
                yield record, body, damage
        false_starts = 0 if whole else false_starts + 1
        start = _next_start(stream, position + 1)


def _next(archive: Iterator[Any]) -> Any:
    """The next record, None at the end, or the OSError that it is instead."""
    try:
        return next(archive, None)
    except OSError as error:
        return error


def _body(record: Any, limit: int) -> tuple[bytes, str | None]:
    try:
        if record.record_type == WarcRecordType.response and record.is_http:
            record.parse_http()
        length = record.content_length
        body = record.reader.read(limit + 1)
        size = len(body)
        while chunk := record.reader.read(_CHUNK):
            size += len(chunk)
    except OSError as error:
        return b"", str(error)
    if size < length:
        return body, f"{size:,} of {length:,} bytes"
    if "Content-Length" not in record.headers:
        return body, "its header is cut"
    return body, None


def _is_page(record: Any) -> bool:
    return (
        record.record_type == WarcRecordType.response
        and record.http_headers is not None
        and record.http_headers.status_code == 200
        and (record.http_content_type or "").lower() in _HTML
    )


def _page(record: Any, body: bytes, path: str, limit: int) -> Page | Failure:
    if len(body) > limit:
        return captures.too_large(path, limit)
    try:
        content = _unpacked(record.http_headers, body, limit)
    except (OSError, zlib.error, gzipped.DamagedError) as error:
        return captures.failure(
            path, "damaged", f"its HTTP body cannot be unpacked ({error}); capture it again"
        )
    if len(content) > limit:
        return captures.too_large(path, limit)
    fields = (("id", record.record_id), ("captured_at", record.headers.get("WARC-Date")))
    return captures.from_bytes(
        path,
        content,
        "html",
        charset=record.http_charset,
        url=record.headers.get("WARC-Target-URI"),
        fields=tuple((name, value) for name, value in fields if value),
    )


def _unpacked(headers: Any, body: bytes, limit: int) -> bytes:
    """The body without its HTTP codings; crawlers often undo one and keep the header."""
    if "chunked" in (headers.get("Transfer-Encoding") or "").lower() and _is_chunked(body):
        body = ChunkedReader(io.BytesIO(body)).read(limit + 1)
    if body.startswith(gzipped.MAGIC):
        return gzipped.decompress(body, limit)
    coding = (headers.get("Content-Encoding") or "").lower()
    if coding == "deflate" and not body.lstrip().startswith(b"<"):
        bits = zlib.MAX_WBITS if body[0] & 0x0F == 8 else -zlib.MAX_WBITS
        return zlib.decompressobj(bits).decompress(body, limit + 1)
    if coding == "br" and not body.lstrip().startswith(b"<"):
        return bytes(BrotliReader(io.BytesIO(body)).read(limit + 1))
    return body


def _is_chunked(body: bytes) -> bool:
    size = body[:20].partition(b"\n")[0].partition(b";")[0].strip()
    return bool(size) and not size.strip(b"0123456789abcdefABCDEF")


def _next_start(stream: IO[bytes], position: int) -> int | None:
    """Where, from `position` on, a record seems to begin: a gzip member or a WARC header."""
    stream.seek(0)
    is_gzip = stream.read(2) == gzipped.MAGIC[:2]
    mark = gzipped.MAGIC + b"\x08" if is_gzip else b"\nWARC/1."
    position = max(0, position - 1)
    stream.seek(position)
    kept = b""
    while chunk := stream.read(_CHUNK):
        window = kept + chunk
        if (found := window.find(mark)) >= 0:
            return position - len(kept) + found + (0 if is_gzip else 1)
        position += len(chunk)
        kept = window[-len(mark) + 1 :]
    return None
