"""gzip data unpacked within a bound, whatever it would unpack to.

>>> import gzip
>>> decompress(gzip.compress(b"Tin") + gzip.compress(b" hay"), 100)
b'Tin hay'
>>> len(decompress(gzip.compress(bytes(1_000_000)), 100))
101
"""

from __future__ import annotations

import zlib
from typing import Final

MAGIC: Final = b"\x1f\x8b"


class DamagedError(ValueError):
    """gzip data that is wrong or breaks off."""


def decompress(raw: bytes, limit: int) -> bytes:
    """All members of `raw`, at most `limit` + 1 bytes: one more tells that there was more."""
    parts: list[bytes] = []
    left = limit + 1
    while raw.startswith(MAGIC) and left > 0:
        member = zlib.decompressobj(zlib.MAX_WBITS | 16)
        try:
            part = member.decompress(raw, left)
        except zlib.error as error:
            raise DamagedError(f"gzip data that is wrong: {error}") from error
        parts.append(part)
        left -= len(part)
        if not member.eof and left > 0:
            raise DamagedError(f"gzip data that breaks off after {limit + 1 - left:,} bytes")
        raw = member.unused_data
    return b"".join(parts)
