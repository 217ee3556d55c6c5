"""Pages that hold no article, told by what is left of them once they are cut up.

A short article is an article: what has a paragraph of its own is turned away only on evidence that
the page is something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final
from urllib.parse import urlsplit

from pipeline import lexicon
from pipeline.clean import furniture
from pipeline.clean.draft import Draft, NotAnArticle, Piece
from pipeline.clean.lines import PROSE, date_line, is_prose_text, is_teaser, line
from pipeline.records import Page
from pipeline.vietnamese import fold, match_key, nfc

SHORT: Final = 300  # characters of prose up to which a page may be a message and no article
ITEMS: Final = 4  # titles, dates or teasers from which a page is a list
ITEM_LENGTH: Final = 350  # of a paragraph of a list, on average


@dataclass(frozen=True, slots=True)
class PageCue:
    """Lines that pages without an article show."""

    id: str
    code: str
    detail: str
    examples: tuple[str, ...]
    phrases: tuple[str, ...] = ()  # the whole line
    contains: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()


def check(page: Page, draft: Draft) -> None:
    """Raise NotAnArticle, saying what the page is, if it holds no article."""
    texts = [p for p in draft.pieces if p.kept and p.role not in ("title", "heading")]
    prose = [p for p in texts if is_prose_text(p.text)]
    size = sum(len(p.text) for p in prose)
    if size < PROSE:
        raise _nothing(page, draft, list(_shown(draft)))
    if (items := _list_of(draft, prose)) is not None:
        raise NotAnArticle("home_page" if _is_home(page, draft) else "listing", items)
    if size <= SHORT:
        _check_short(draft, prose)


def _check_short(draft: Draft, prose: list[Piece]) -> None:
    title = draft.first("title")
    own = [title.text] if title is not None else []
    for text in (*own, *(p.text for p in prose)):
        cue = cue_of(text)
        if cue is not None and (cue.code == "error_page" or text in own):
            raise NotAnArticle(cue.code, f"{cue.detail}: “{text[:120]}”")
    kinds = _kinds(draft)
    if any("video" in kind for kind in kinds) and not any("article" in kind for kind in kinds):
        raise NotAnArticle("video", "the page calls itself a video and has hardly any text")


def _nothing(page: Page, draft: Draft, shown: list[str]) -> NotAnArticle:
    """Why a page has no prose at all, as far as its lines say."""
    cues = [(cue, text) for text in shown if (cue := cue_of(text)) is not None]
    video = any("video" in kind for kind in _kinds(draft))
    titles = sum(len(text.split()) >= 5 for text in shown)
    for code in ("error_page", "login", "video"):
        for cue, text in cues:
            if cue.code == code and (code != "login" or _asks_password(shown)):
                return NotAnArticle(code, f"{cue.detail}: “{text[:120]}”")
    if video:
        return NotAnArticle("video", "the page calls itself a video and has no text")
    if _is_home(page, draft):
        return NotAnArticle("home_page", f"a home page of {len(shown)} lines and no paragraph")
    if titles >= ITEMS or any(cue.code == "listing" for cue, _ in cues):
        return NotAnArticle("listing", f"{titles} titles and no paragraph of text")
    return NotAnArticle("no_text", f"no paragraph of text among {len(shown)} lines")


def _asks_password(shown: list[str]) -> bool:
    return any("mật khẩu" in fold(text) or "password" in text.lower() for text in shown)


def _shown(draft: Draft) -> Iterator[str]:
    """Every line of the page but leaked dumps."""
    for piece in draft.pieces:
        if piece.role != "php_dump":
            yield from (text for part in piece.raw_text.split("\n") if (text := nfc(part).strip()))


# --- cues ---------------------------------------------------------------------------------


@cache
def _cues() -> tuple[dict[str, PageCue], tuple[tuple[str, PageCue], ...]]:
    entries = lexicon.read("boilerplate", PageCue)
    whole = {furniture.bare(phrase): entry for entry in entries for phrase in entry.phrases}
    return whole, tuple((phrase, entry) for entry in entries for phrase in entry.contains)


def cue_of(text: str) -> PageCue | None:
    """What a line of a page says that the page is.

    >>> cue_of("404 Not Found").code
    'error_page'
    """
    folded = fold(nfc(text[:400]))
    whole, inside = _cues()
    if cue := whole.get(furniture.bare(folded)):
        return cue
    return next((entry for phrase, entry in inside if phrase in folded), None)


# --- lists and home pages -----------------------------------------------------------------

_ROOT: Final = re.compile(
    r"/?(?:(?:index|default|home|trang-?chu)(?:\.(?:html?|php|aspx?|jsp))?)?/?", re.IGNORECASE
)

_FIRST_PAGE: Final = re.compile(r"(?:^|\W )(?:trang chủ|trang nhất|home(?: page)?)(?: \W|$)")


def _is_home(page: Page, draft: Draft) -> bool:
    """Whether the page's address, or its title, is that of its site's first page."""
    if any(_FIRST_PAGE.search(match_key(title)) for title in draft.tags.get("title", ())):
        return True
    stated = (*draft.tags.get("canonical", ()), *draft.tags.get("og:url", ()))
    for address in (page.url,) if page.url else stated:
        try:
            parts = urlsplit(address or "")
        except ValueError:  # such as an unclosed [ of an IPv6 host
            continue
        if parts.netloc and not parts.query and _ROOT.fullmatch(parts.path):
            return True
    return False


def _kinds(draft: Draft) -> set[str]:
    """What the tags call the page: article, website, newsarticle, videoobject ..."""
    values = (*draft.tags.get("og:type", ()), *draft.tags.get("ld:@type", ()))
    return {value.lower() for value in values}


def _list_of(draft: Draft, prose: list[Piece]) -> str | None:
    """Of what a page is a list, if its prose is but short items of one; None for an article.

    Other news may follow a short article in a row; a list has its items between its paragraphs,
    or items of two kinds.
    """
    if sum(len(p.text) for p in prose) > ITEM_LENGTH * len(prose) or draft.first("author"):
        return None
    items: dict[str, list[bool]] = {"linked titles": [], "dates": [], "cut teasers": []}
    first, last = prose[0], prose[-1]
    inside = False  # between two paragraphs
    for piece in _before_other_news(draft):
        inside = (inside or piece is first) and piece is not last
        if len(piece.raw_text) > 500:
            continue
        ln = line(piece.raw_text)
        if piece.rule == "clean/linked":
            items["linked titles"].append(inside)
        elif date_line(ln) is not None:
            items["dates"].append(inside)
        elif is_teaser(ln):
            items["cut teasers"].append(inside)
    for what, found in items.items():
        others = sum(len(other) for other in items.values()) - len(found)
        if len(found) >= max(ITEMS, 0.6 * len(prose)) and (sum(found) >= 3 or others >= 3):
            return f"{len(found)} {what} beside {len(prose)} short paragraphs"
    return None


def _before_other_news(draft: Draft) -> Iterator[Piece]:
    """The pieces that would be the article, up to its end or the furniture below it."""
    begun = False
    for piece in draft.pieces:
        if piece.rule in _ASIDE or piece.role == "php_dump":
            continue
        if begun and piece.rule == "clean/dateline-bottom":
            return
        found = None if piece.kept else furniture.find(line(piece.raw_text[:500]).folded)
        if begun and found is not None and found.opens:
            return
        begun = begun or piece.role in ("lead", "paragraph")
        yield piece


_ASIDE: Final = ("clean/html-outside-main", "clean/html-markup")
