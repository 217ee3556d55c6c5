"""Entries of leaked dumps as rows of related news, whatever their system calls the fields."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from html import unescape
from typing import Final

from pipeline.clean import published
from pipeline.clean.draft import Draft
from pipeline.dates import stamps
from pipeline.php_dump import Entry
from pipeline.records import Page, RelatedNews
from pipeline.vietnamese import nfc

# How content systems name the fields of an entry; the first key that fits is taken.
_KEYS: Final = {
    "news_id": re.compile(r"(?:^|_)(?:news|post|article|item|bai|tin)?_?id$"),
    "title": re.compile(r"title|tieu_?de|headline"),
    "category_1": re.compile(
        r"cat\w*_?(?:code|id|name|slug)?_?1$|^cat(?:egory)?(?:_\w+)?$|chuyen_?muc"
    ),
    "category_2": re.compile(r"cat\w*_?(?:code|id|name|slug)?_?2$|sub_?cat"),
    "published_at": re.compile(r"publi(?:c|sh)|pubdate|post_date$|ngay_?dang"),
    "created_at": re.compile(r"creat|ngay_?tao"),
    "picture": re.compile(r"pict|image|img|thumb|avatar|hinh|anh"),
}


def rows(article_id: str, page: Page, draft: Draft) -> tuple[RelatedNews, ...]:
    """One row an entry of each dump, in order; what an entry does not say is None."""
    return tuple(_rows(article_id, page, draft))


def _rows(article_id: str, page: Page, draft: Draft) -> Iterator[RelatedNews]:
    for dump_no, dump in enumerate(draft.dumps):
        for entry_no, entry in enumerate(dump.entries):
            found = _fields(entry)
            number = found.get("news_id", "")
            yield RelatedNews(
                article_id,
                dump_no,
                entry_no,
                int(number) if number.isdecimal() and len(number) < 19 else None,
                found.get("title"),
                found.get("category_1"),
                found.get("category_2"),
                _time(found.get("published_at")),
                _time(found.get("created_at")),
                found.get("picture"),
                published.is_own(entry, page, draft),
            )


def _fields(entry: Entry) -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in entry:
        name = next((name for name in _named(key) if name not in found), None)
        if name is not None and value.strip():
            found[name] = nfc(unescape(value)).strip()
    return found


@lru_cache(maxsize=1 << 10)
def _named(key: str) -> tuple[str, ...]:
    """The fields that a key may name; a content system has the same few keys in every dump."""
    return tuple(name for name, pattern in _KEYS.items() if pattern.search(key.lower()))


def _time(value: str | None) -> datetime | None:
    found = stamps(value) if value else []
    return found[0].value if len(found) == 1 else None
