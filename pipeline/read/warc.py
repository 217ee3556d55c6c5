"""WARC archives: the HTML pages a crawler was sent, one record at a time."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator, Mapping
from typing import IO, Any, Final

from fastwarc.stream_io import BrotliReader, ChunkedReader
from fastwarc.warc import ArchiveIterator, WarcRecordType

from pipeline.read import captures, gzipped
from pipeline.records import Failure, Page

_CHUNK: Final = 1 << 20
_FALSE_STARTS: Final = 1000  # in a row; what has more is no archive
_HTTP_HEAD: Final = 1 << 16  # bytes that are enough for any HTTP header
_HTML: Final = ("text/html", "application/xhtml+xml")
_STATUS: Final = re.compile(r"HTTP/[\d.]{1,5} (\d{3})\b")
_CHARSET: Final = re.compile(r";\s{0,9}charset\s{0,9}=\s{0,9}[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_END_OF_HEAD: Final = re.compile(rb"\r?\n\r?\n")


def pages(stream: IO[bytes], path: str, limit: int) -> Iterator[Page | Failure]:
    """The HTML responses with status 200, under their record's number; others are passed over."""
    for number, (record, block, damage) in enumerate(_records(stream, limit + _HTTP_HEAD), 1):
        here = f"{path}#{number}"
        if damage is not None:
            yield _damaged(here, damage)
        elif record.record_type == WarcRecordType.response and record.is_http:
            item = _page(record, block, here, limit)
            if item is not None:
                yield item


def _damaged(path: str, damage: str) -> Failure:
    return captures.failure(
        path,
        "damaged",
        f"the archive is damaged or breaks off at this record ({damage}); the others were read, "
        "capture or copy this one again",
    )


# --- records ------------------------------------------------------------------------------


def _records(stream: IO[bytes], most: int) -> Iterator[tuple[Any, bytes, str | None]]:
    """Each record, the first `most` bytes of its block, and what is wrong with it, if anything.

    Behind a damaged record reading goes on at the next one that begins whole. After an error
    fastwarc's iterator may loop for ever, so that it is never asked again.
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
                damage = "its header is cut"
                if whole and _next_start(stream, position + 1) is None:
                    return
            elif isinstance(record, OSError):
                damage = str(record)
            else:
                position = record.stream_pos
                block, damage = _block(record, most)
                whole += 1
                yield record, block, damage
                continue
            if whole or (start == 0 and stream.seek(0, io.SEEK_END)):
                yield None, b"", damage
            if whole and record is None:
                return
        false_starts = 0 if whole else false_starts + 1
        start = _next_start(stream, position + 1)


def _next(archive: Iterator[Any]) -> Any:
    """The next record, None at the end, or the OSError that it is instead."""
    try:
        return next(archive, None)
    except OSError as error:
        return error


def _block(record: Any, most: int) -> tuple[bytes, str | None]:
    try:
        block = record.reader.read(most)
        size = len(block)
        while chunk := record.reader.read(_CHUNK):
            size += len(chunk)
    except OSError as error:
        return b"", str(error)
    if "Content-Length" not in record.headers:
        return block, "its header is cut"
    if size < record.content_length:
        return block, f"{size:,} of {record.content_length:,} bytes are there"
    return block, None


def _next_start(stream: IO[bytes], position: int) -> int | None:
    """Where, from `position` on, a record seems to begin: a gzip member or a WARC header."""
    stream.seek(0)
    is_gzip = stream.read(2) == gzipped.MAGIC
    mark = gzipped.MAGIC + b"\x08" if is_gzip else b"\nWARC/1."
    position -= 0 if is_gzip else 1  # the newline before it
    stream.seek(position)
    kept = b""
    while chunk := stream.read(_CHUNK):
        window = kept + chunk
        if (found := window.find(mark)) >= 0:
            return position - len(kept) + found + (0 if is_gzip else 1)
        position += len(chunk)
        kept = window[1 - len(mark) :]
    return None


# --- HTTP ---------------------------------------------------------------------------------


def _page(record: Any, block: bytes, path: str, limit: int) -> Page | Failure | None:
    head, *rest = _END_OF_HEAD.split(block, maxsplit=1)
    first, *lines = head.decode("latin-1").splitlines() or [""]
    status = _STATUS.match(first)
    if status is None:
        return _damaged(path, "no HTTP header is there")
    named = (line.partition(":") for line in lines)
    headers = {name.strip().lower(): value.strip() for name, _, value in named}
    media_type = headers.get("content-type", "")
    if status[1] != "200" or media_type.partition(";")[0].strip().lower() not in _HTML:
        return None
    try:
        content = _unpacked(headers, rest[0] if rest else b"", limit)
    except (OSError, zlib.error, gzipped.DamagedError) as error:
        return captures.failure(
            path, "damaged", f"its HTTP body cannot be unpacked ({error}); capture it again"
        )
    if len(content) > limit:
        return captures.too_large(path, limit)
    charset = _CHARSET.search(media_type)
    fields = (("id", record.record_id), ("captured_at", record.headers.get("WARC-Date")))
    return captures.from_bytes(
        path,
        content,
        "html",
        charset=charset[1] if charset else None,
        url=record.headers.get("WARC-Target-URI"),
        fields=tuple((name, value) for name, value in fields if value),
    )


def _unpacked(headers: Mapping[str, str], body: bytes, limit: int) -> bytes:
    """The body without its HTTP codings; crawlers often undo one and keep the header."""
    if len(body) > limit:
        return body
    if "chunked" in headers.get("transfer-encoding", "").lower() and _is_chunked(body):
        body = ChunkedReader(io.BytesIO(body)).read(limit + 1)
    if body.startswith(gzipped.MAGIC):
        return gzipped.decompress(body, limit)
    coding = headers.get("content-encoding", "").lower()
    if body and coding == "deflate" and not body.lstrip().startswith(b"<"):
        bits = zlib.MAX_WBITS if body[0] & 0x0F == 8 else -zlib.MAX_WBITS
        return zlib.decompressobj(bits).decompress(body, limit + 1)
    if body and coding == "br" and not body.lstrip().startswith(b"<"):
        return bytes(BrotliReader(io.BytesIO(body)).read(limit + 1))
    return body


def _is_chunked(body: bytes) -> bool:
    size = body[:20].partition(b"\n")[0].partition(b";")[0].strip()
    return bool(size) and not size.strip(b"0123456789abcdefABCDEF")
