"""One page into pieces, whatever it is made of."""

from __future__ import annotations

from pipeline.clean import pages
from pipeline.clean.draft import Draft
from pipeline.clean.html import draft_of_html
from pipeline.clean.text import draft_of_text
from pipeline.records import Page


def cut(page: Page) -> Draft:
    """The pieces of a page, kept and removed, in order.

    Raises NotAnArticle where the page holds no article.
    """
    draft = draft_of_html(page.content) if page.kind == "html" else draft_of_text(page.content)
    pages.check(page, draft)
    return draft
