"""A page in, an article with its blocks out: what was kept, what was removed, and why."""

from __future__ import annotations

import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Any

from pipeline.clean import bylines, furniture, places, published, quality, related
from pipeline.clean.cut import cut
from pipeline.clean.draft import Draft, NotAnArticle, Piece
from pipeline.read.corpus import Corpus
from pipeline.records import (
    Article,
    Block,
    DateCandidate,
    Page,
    QualityFlag,
    RelatedNews,
    Repair,
)
from pipeline.vietnamese import nfc

__all__ = ["Cleaned", "NotAnArticle", "clean", "without_lines"]


@dataclass(frozen=True, slots=True)
class Cleaned:
    """An article and all that cleaning knows of it."""

    article: Article
    blocks: tuple[Block, ...]
    repairs: tuple[Repair, ...]
    related_news: tuple[RelatedNews, ...] = ()
    date_candidates: tuple[DateCandidate, ...] = ()
    quality_flags: tuple[QualityFlag, ...] = ()

    def rows(self) -> dict[type, list[Any]]:
        """The rows by record class."""
        return {
            Article: [self.article],
            Block: list(self.blocks),
            Repair: list(self.repairs),
            RelatedNews: list(self.related_news),
            DateCandidate: list(self.date_candidates),
            QualityFlag: list(self.quality_flags),
        }


def article_id(corpus: str, source_path: str) -> str:
    """The same on every ingest of the same source: 16 hexadecimal digits.

    >>> article_id("sample", "a.txt") == article_id("sample", "a.txt")
    True
    """
    return hashlib.sha256(f"{corpus}\0{source_path}".encode()).hexdigest()[:16]


def clean(page: Page, corpus: Corpus) -> Cleaned:
    """The article of a page. Raises NotAnArticle where it holds none."""
    draft = _with_stated_title(page, cut(page))
    if not published.addresses(page, draft):  # what the page itself says goes first
        page = replace(page, url=corpus.url_for(page.source_path))
    key = article_id(corpus.name, page.source_path)
    stated = corpus.facts_for(page.source_path)
    dates = published.candidates(page, draft)
    date = published.choose(dates)
    outlet, outlet_evidence = places.outlet(page, draft, stated.outlet)
    text, blocks, repairs = _assembled(key, draft.pieces)
    day = date.value if date else None
    place = places.province(text, outlet, stated.province, day)
    flags = quality.flags(page, draft, day, place.province)
    news = related.rows(key, page, draft)
    title, lead = draft.first("title"), draft.first("lead")
    return Cleaned(
        Article(
            article_id=key,
            corpus=corpus.name,
            source_path=page.source_path,
            url=page.url or next(iter(published.addresses(page, draft)), None),
            outlet=outlet,
            outlet_evidence=outlet_evidence,
            province=place.province,
            province_2025=place.province_2025,
            province_evidence=place.evidence,
            title=title.text if title else None,
            lead=lead.text if lead else None,
            author=bylines.author(draft),
            published_at=day,
            published_evidence=date.evidence if date else None,
            cms_news_id=next((n.news_id for n in news if n.is_self and n.news_id), None),
            text=text,
            content_hash=page.content_hash,
            quality=tuple(flag.name for flag in flags),
            extraction_method=draft.method,
        ),
        blocks,
        repairs,
        news,
        published.rows(key, dates, date),
        tuple(QualityFlag(key, flag.name, flag.evidence) for flag in flags),
    )


def without_lines(whole: Cleaned, repeated: AbstractSet[str]) -> Cleaned:
    """The article without those lines (match keys) that its outlet repeats across articles."""
    if not repeated:
        return whole
    pieces = _pieces(whole)
    kept = furniture.drop(pieces, repeated)
    if kept == pieces:
        return whole
    text, blocks, repairs = _assembled(whole.article.article_id, kept)
    roles = {piece.role for piece in kept if piece.kept}
    article = replace(
        whole.article,
        text=text,
        title=whole.article.title if "title" in roles else None,
        lead=whole.article.lead if "lead" in roles else None,
    )
    return replace(whole, article=article, blocks=blocks, repairs=repairs)


def _assembled(
    key: str, pieces: Sequence[Piece]
) -> tuple[str, tuple[Block, ...], tuple[Repair, ...]]:
    """The text that kept pieces make, every piece as a block, and the repairs in the text."""
    blocks: list[Block] = []
    repairs: list[Repair] = []
    texts: list[str] = []
    at = 0
    for number, piece in enumerate(pieces):
        start = end = None
        if piece.kept:
            start, end = at, at + len(piece.text)
            at = end + 1  # the newline between blocks
            texts.append(piece.text)
            repairs += (
                replace(
                    r,
                    article_id=key,
                    start_char=start + r.start_char,
                    end_char=start + r.end_char,
                )
                for r in piece.repairs
            )
        blocks.append(
            Block(
                key,
                number,
                piece.role,
                piece.kept,
                start,
                end,
                piece.raw_start,
                piece.raw_end,
                piece.raw_text,
                piece.rule,
            )
        )
    return "\n".join(texts), tuple(blocks), tuple(repairs)


def _pieces(whole: Cleaned) -> tuple[Piece, ...]:
    """The inverse of `_assembled`."""
    pieces = []
    places_of_repairs = [repair.start_char for repair in whole.repairs]
    for block in whole.blocks:
        start, end = block.start_char or 0, block.end_char or 0
        first = bisect_left(places_of_repairs, start)
        repairs = whole.repairs[first : bisect_right(places_of_repairs, end)] if block.kept else ()
        pieces.append(
            Piece(
                block.role,
                block.kept,
                block.raw_start,
                block.raw_end,
                block.raw_text,
                whole.article.text[start:end] if block.kept else "",
                block.rule,
                tuple(
                    replace(r, start_char=r.start_char - start, end_char=r.end_char - start)
                    for r in repairs
                ),
            )
        )
    return tuple(pieces)


def _with_stated_title(page: Page, draft: Draft) -> Draft:
    """The draft, headed by the title that the page's container states if the page shows none."""
    title = dict(page.fields).get("title", "").strip()
    if not title or draft.first("title"):
        return draft
    text = " ".join(nfc(title).split())
    piece = Piece("title", True, None, None, title, text, "clean/container-title")
    return replace(draft, pieces=(piece, *draft.pieces))
