"""An HTML page cut up. Trafilatura finds the main text; what it misses is added around it.

The page becomes blocks, each marked with its number, and trafilatura's answer says by these marks
which of them are the main text. The element that holds them is the article; of it every block is
labelled as the lines of a text are, with the markup's hints. All other text goes to the ledger.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from copy import deepcopy
from typing import Final

import lxml.html
import trafilatura
from lxml import etree
from trafilatura.settings import Extractor

from pipeline import php_dump
from pipeline.clean import roles
from pipeline.clean.blocks import UNSEEN, Block, blocks
from pipeline.clean.bylines import apart, signature
from pipeline.clean.draft import Draft, NotAnArticle, Piece
from pipeline.clean.lines import Line, date_line, dump, line, names_paper
from pipeline.clean.markup import Element, tags, titles
from pipeline.clean.text import dumped_titles, piece
from pipeline.php_dump import Dump
from pipeline.records import Role
from pipeline.vietnamese import match_key

# Made once, as it reads a configuration; "txt" only spares a text of its own that we do not use.
_OPTIONS: Final = Extractor(output_format="txt", fast=True, recall=True, comments=False)
# All elements are of one class: lxml.html would ask a function of Python for that of each.
_PARSER: Final = etree.HTMLParser(huge_tree=True)
_PARSER.set_element_class_lookup(etree.ElementDefaultClassLookup(element=lxml.html.HtmlElement))
_XML_DECLARATION: Final = re.compile(r"\s*<\?xml[^>]{0,200}\?>")
_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufdd0-\ufdef\ufffe\uffff]")
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_TAG: Final = re.compile(r"<[^<>]{0,300}>")
_KEY: Final = re.compile(r"\]\s*=(?:>|&gt;)")
_NUMBER: Final = re.compile(r"⟦(\d{1,7})⟧")
_PROSE: Final = 80  # characters from which a block counts for where the article is
_DEEP: Final = 200  # elements within each other; beyond it no page is sane, and all is slow
_MOST: Final = 0.85  # of the main text is held by the article's element
_ABOVE: Final = 30  # blocks between the title and the article's element
_BELOW: Final = 8  # blocks below it among which may be its byline
_SHORT: Final = 120  # a longer text is no byline and no dateline, whatever its class is named
_REMOVED: Final = ("boilerplate", "related")
_MASTHEAD: Final = re.compile(r"(?:trang chủ|home|báo (?!cáo)[^:]{0,40}(?:điện tử|online)?\Z)")


def draft_of_html(source: str) -> Draft:
    """The pieces of a page; only leaked dumps have raw offsets. A page without text keeps nothing.

    Raises NotAnArticle for what cannot be read as HTML.
    """
    dumps = _dumps(source)
    body, said = _parsed(_with_marks(source, dumps))
    page, depth = blocks(body, {match_key(title) for title in titles(said)})
    for number, block in enumerate(page):
        if block.at is not None:
            element, slot = block.at
            text = _CONTROL.sub(" ", getattr(element, slot))  # such as &#1;, which lxml refuses
            setattr(element, slot, f"⟦{number}⟧{text}")
    chosen = _chosen(body) if depth <= _DEEP else set()
    method = "trafilatura"
    if sum(len(page[n].raw) for n in chosen if n < len(page)) < _PROSE:
        chosen, method = _longest(page), "paragraphs"
    if not chosen:
        return Draft(tuple(_ledger(page, {}, body, source, dumps)), said, tuple(dumps), method)
    return _draft(page, chosen, said, source, dumps, method)


# --- reading the page ---------------------------------------------------------------------


def _dumps(source: str) -> list[Dump]:
    """The dumps of a page, those among them whose lines became elements of their own."""
    found = php_dump.find(source)
    if source.count("[") < 2 or "Array" not in source or not _KEY.search(source):
        return found
    blanked = _TAG.sub(lambda tag: "\n" + " " * (len(tag[0]) - 1), source)
    spread = [
        one
        for one in php_dump.find(blanked)
        if all(one.end <= other.start or other.end <= one.start for other in found)
    ]
    return sorted([*found, *spread], key=lambda one: one.start)


def _with_marks(source: str, dumps: Sequence[Dump]) -> str:
    """The page without its dumps, a mark in the place of each."""
    source = _NOT_XML.sub(" ", source)
    parts: list[str] = []
    position = 0
    for number, one in enumerate(dumps):
        parts += [source[position : one.start], f"\ufdd0{number}\ufdd1"]
        position = one.end
    marked = "".join([*parts, source[position:]])
    return _XML_DECLARATION.sub("", marked, count=1) if "<?xml" in marked else marked


def _parsed(source: str) -> tuple[Element, dict[str, tuple[str, ...]]]:
    """The page's body without what is not seen, and what its tags say."""
    try:
        tree = lxml.html.document_fromstring(source, parser=_PARSER)
    except (etree.LxmlError, ValueError) as error:
        raise NotAnArticle("no_text", f"the page cannot be read as HTML: {error}") from error
    said = tags(tree)
    etree.strip_elements(tree, *UNSEEN, etree.Comment, with_tail=False)
    etree.strip_elements(tree, etree.ProcessingInstruction, with_tail=False)
    body = tree.find("body")
    if body is None:
        raise NotAnArticle("no_text", "the page has no body")
    return body, said


def _chosen(body: Element) -> set[int]:
    """The numbers of the blocks that trafilatura takes for the main text."""
    page = _PARSER.makeelement("html")
    page.append(deepcopy(body))
    try:
        found = trafilatura.bare_extraction(page, options=_OPTIONS)
    except (etree.LxmlError, RecursionError, ValueError):
        return set()
    text = "" if found is None or found.body is None else "".join(found.body.itertext())
    return {int(number[1]) for number in _NUMBER.finditer(text)}


def _longest(page: Sequence[Block]) -> set[int]:
    """The paragraphs of the element that has most text in paragraphs of its own."""
    held: dict[Element, list[int]] = defaultdict(list)
    for number, block in enumerate(page):
        if len(block.raw) >= _PROSE and not block.linked and block.hint in (None, "lead"):
            parent = block.element.getparent() if block.element.tag == "p" else block.element
            held[block.element if parent is None else parent].append(number)
    best = max(held.values(), key=lambda own: sum(len(page[n].raw) for n in own), default=[])
    return set(best)


# --- the article among the blocks ---------------------------------------------------------


def _draft(
    page: list[Block],
    chosen: set[int],
    said: dict[str, tuple[str, ...]],
    source: str,
    dumps: Sequence[Dump],
    method: str,
) -> Draft:
    holder = _holder(page, chosen)
    inside = _inside(page, holder)
    title = _title(page, said, inside)
    window = _window(page, inside, title)
    lines: list[tuple[int, Line]] = []
    if title is None and (stated := _stated_title(said)):
        lines.append((-1, line(stated, hint="title")))
    for n, hint in zip(window, _hints(page, window, title), strict=True):
        lines += [(n, ln) for ln in apart([_line(page[n], source, dumps, hint)])]
    labels = roles.assign([ln for _, ln in lines], dumped_titles(dumps))
    own: dict[int, list[Piece]] = defaultdict(list)
    for (n, ln), label in zip(lines, labels, strict=True):
        own[n].append(piece(ln, label))
    return Draft(tuple(_ledger(page, own, holder, source, dumps)), said, tuple(dumps), method)


def _holder(page: Sequence[Block], chosen: set[int]) -> Element:
    """The innermost element that holds most of the chosen text."""
    weights: dict[Element, int] = defaultdict(int)
    prose = [n for n in sorted(chosen) if n < len(page) and len(page[n].raw) >= _PROSE]
    for block in (page[n] for n in prose or sorted(chosen)):
        for element in (block.element, *block.element.iterancestors()):
            weights[element] += len(block.raw)
    enough = _MOST * max(weights.values())
    heavy = [element for element, weight in weights.items() if weight >= enough]
    return max(heavy, key=lambda element: sum(1 for _ in element.iterancestors()))


def _inside(page: Sequence[Block], holder: Element) -> list[int]:
    held = set(holder.iter())
    return [n for n, block in enumerate(page) if block.element in held]


def _title(
    page: Sequence[Block], said: dict[str, tuple[str, ...]], inside: Sequence[int]
) -> int | None:
    """The block that prints the title: what the tags call so, else the heading nearest the text."""
    upto = [n for n in range(inside[-1] + 1) if page[n].hint not in ("boilerplate", "related")]
    headed = [n for n in upto if page[n].hint == "title" and not _is_site(page[n].raw, said)]
    stated = {match_key(title) for title in titles(said)}

    def named(among: list[int]) -> list[int]:
        return [n for n in among if len(page[n].raw) < 500 and match_key(page[n].raw) in stated]

    unlinked = [n for n in headed if not page[n].linked]
    if found := named(headed) or unlinked or named(upto):
        above = [n for n in found if n <= inside[0]]
        return above[-1] if above else found[0]
    return None


def _stated_title(said: dict[str, tuple[str, ...]]) -> str | None:
    """The title in the page's tags, unless that is the site's own name."""
    return next((t for t in titles(said) if len(t.split()) >= 3 and not _is_site(t, said)), None)


def _is_site(title: str, said: dict[str, tuple[str, ...]]) -> bool:
    """Whether it names the newspaper and no article."""
    key = match_key(title).strip(":-–|. ")
    sites = map(match_key, said.get("og:site_name", ()))
    return names_paper(title) or bool(_MASTHEAD.match(key)) or key in sites


def _window(page: Sequence[Block], inside: list[int], title: int | None) -> list[int]:
    """The blocks that are read as the article's lines: its element's, those between it and the
    title, and a byline or dateline right below it."""
    first, last = inside[0], inside[-1]
    if title is not None and title < first:
        above = range(title + 1, first) if first - title <= _ABOVE else range(0)
        inside = [title, *(n for n in above if page[n].hint not in _REMOVED), *inside]
    while title is None and first > 0 and _leads_in(page[first - 1]):
        first -= 1
        inside = [first, *inside]
    for n in range(last + 1, min(last + 1 + _BELOW, len(page))):
        if page[n].hint in _REMOVED:
            continue
        if page[n].linked or not (page[n].hint in ("author", "dateline") or _signs(page[n])):
            break
        inside.append(n)
    return inside


def _leads_in(block: Block) -> bool:
    named = block.hint in ("lead", "dateline", "author")
    return not block.linked and (named or date_line(line(block.raw)) is not None)


def _signs(block: Block) -> bool:
    below = line(block.raw)
    return signature(below) is not None or date_line(below) is not None


def _hints(
    page: Sequence[Block], window: Sequence[int], title: int | None
) -> Iterator[Role | None]:
    """The markup's hints, where they can be true of such a text."""
    led = False  # a paragraph that is no lead has been seen
    for n in window:
        block = page[n]
        hint, size = block.hint, len(block.raw)
        if n == title:
            yield "title"
        elif hint == "lead":
            yield None if led else hint
        elif hint == "title" or (hint in ("author", "dateline") and size > _SHORT):
            yield None
        else:
            led = led or (hint is None and size >= _PROSE and not block.linked)
            yield hint


def _line(block: Block, source: str, dumps: Sequence[Dump], hint: Role | None) -> Line:
    if block.dump is not None and block.dump < len(dumps):
        one = dumps[block.dump]
        return dump(source[one.start : one.end], one.start, one.end)
    return line(block.raw, hint=hint, linked=block.linked)


# --- the ledger ---------------------------------------------------------------------------


def _ledger(
    page: Sequence[Block],
    own: dict[int, list[Piece]],
    holder: Element,
    source: str,
    dumps: Sequence[Dump],
) -> Iterator[Piece]:
    """All pieces in the order of the page; text outside the article by the element it stands in."""
    yield from own.get(-1, ())
    tops: dict[Element, Element] = {e: e for e in (holder, *holder.iterancestors())}
    group: list[Block] = []
    container: Element | None = None
    for n, block in enumerate(page):
        if n not in own and block.dump is None:
            top = _top(block.element, tops)
            if group and (top is not container or _removal(group[0]) != _removal(block)):
                yield _outside(group)
                group = []
            container = top
            group.append(block)
            continue
        if group:
            yield _outside(group)
            group = []
        if n in own:
            yield from own[n]
        else:
            yield piece(_line(block, source, dumps, None), roles.DUMP)
    if group:
        yield _outside(group)


def _top(element: Element, tops: dict[Element, Element]) -> Element:
    """The outermost element above a block that does not hold the article; `tops` remembers."""
    path = []
    while element not in tops:
        path.append(element)
        parent = element.getparent()
        if parent is None or tops.get(parent) is parent:
            tops[element] = element
            break
        element = parent
    for passed in path:
        tops[passed] = tops[element]
    return tops[element]


def _removal(block: Block) -> tuple[Role, str]:
    if block.hint == "related":
        return "related", "clean/html-markup"
    named = block.hint == "boilerplate"
    return "boilerplate", "clean/html-markup" if named else "clean/html-outside-main"


def _outside(group: Sequence[Block]) -> Piece:
    role, rule = _removal(group[0])
    text = "\n".join(block.raw for block in group)
    return Piece(role, False, None, None, text, "", rule)
