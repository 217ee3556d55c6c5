"""A page cut up: every piece of it with its role, before outlet, date and province are known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.php_dump import Dump
from pipeline.records import Repair, Role


class NotAnArticle(ValueError):  # noqa: N818 - what it says, not that it failed
    """A page that holds no article: a home page, a listing, a login form, an error page ...

    `code` is one of home_page, listing, login, error_page, video and no_text; `detail` says to a
    person what was seen.
    """

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the source in its order on the page; kept pieces make the article's text."""

    role: Role
    kept: bool
    raw_start: int | None  # code points of the decoded source; None where HTML has none
    raw_end: int | None
    raw_text: str
    text: str  # NFC, mended: what the article's text shows of it; "" unless kept
    rule: str  # clean/<rule>
    repairs: tuple[Repair, ...] = ()  # offsets relative to `text`, article_id ""


@dataclass(frozen=True, slots=True)
class Draft:
    pieces: tuple[Piece, ...]
    tags: Mapping[
        str, tuple[str, ...]
    ]  # HTML's own words: "og:title", "article:published_time" ...
    dumps: tuple[Dump, ...]  # leaked PHP dumps, in order, offsets of the decoded source
    method: str  # how it was cut up: "lines" for text, "trafilatura" for HTML

    def first(self, role: Role) -> Piece | None:
        """The first piece with that role, such as the title."""
        return next((piece for piece in self.pieces if piece.role == role), None)
