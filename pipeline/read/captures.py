"""One capture, from bytes or from a string of a container, to a Page or to the Failure it is."""

from __future__ import annotations

import hashlib
import re
from typing import Final, Literal

from pipeline.read import encodings
from pipeline.records import Failure, Page

Fields = tuple[tuple[str, str], ...]
Kind = Literal["html", "text"]

_HTML_PAGE: Final = re.compile(
    r"(?:\A|\n)[^\S\n]{0,40}<(?:!doctype\s{1,9}html|html|head|body)\b", re.IGNORECASE
)
_HTML_PIECE: Final = re.compile(r"</(?:p|div|span|article|section|table|ul|h[1-6])\s{0,9}>", re.I)
_TAG: Final = re.compile(r"<[a-z!/][^<>]*>", re.IGNORECASE)


def from_bytes(
    path: str,
    raw: bytes,
    kind: Kind,
    *,
    charset: str | None = None,
    url: str | None = None,
    fields: Fields = (),
) -> Page | Failure:
    """The page in `raw`, which claims to be of `kind`; `charset` is what HTTP says it is in.

    >>> from_bytes("tin.txt", "Tỉnh ủy họp.".encode(), "text").content
    'Tỉnh ủy họp.'
    >>> from_bytes("tin.txt", b"%PDF-1.7", "text").code
    'binary'
    """
    try:
        decoded = encodings.decode(raw, charset)
    except encodings.UndecodableError as error:
        return failure(path, error.code, str(error))
    return _page(path, decoded, kind, raw, url, fields)


def from_string(
    path: str, text: str, kind: Kind, *, payload: bytes, url: str | None, fields: Fields
) -> Page | Failure:
    """The page in a string of a container; `payload` is the record's own bytes, to be hashed."""
    try:
        decoded = encodings.clean_string(text)
    except encodings.UndecodableError as error:
        return failure(path, error.code, str(error))
    if kind == "text" and _HTML_PIECE.search(decoded.text):
        kind = "html"  # sets that call the page's HTML its content
    return _page(path, decoded, kind, payload, url, fields)


def failure(path: str, code: str, detail: str) -> Failure:
    return Failure(path, "read", code, detail)


def too_large(path: str, limit: int) -> Failure:
    return failure(
        path,
        "too_large",
        f"it has more than {limit:,} bytes, where an article has some ten thousand; "
        "split it if it holds many articles, or leave it out",
    )


def _page(
    path: str,
    decoded: encodings.Decoded,
    kind: Kind,
    payload: bytes,
    url: str | None,
    fields: Fields,
) -> Page:
    return Page(
        source_path=path,
        kind=_kind(decoded.text, kind),
        content=decoded.text,
        content_hash=hashlib.sha256(payload).hexdigest(),
        encoding=decoded.encoding,
        repairs=decoded.repairs,
        url=url,
        fields=fields,
    )


def _kind(text: str, claimed: Kind) -> Kind:
    """A page saved as .txt is still a page, and a text saved as .html still a text."""
    if claimed == "text":
        return "html" if _HTML_PAGE.search(text, 0, 4096) else "text"
    return "html" if _TAG.search(text) else "text"
