"""An HTML page as a row of blocks: every stretch of text between two breaks, in reading order.

Walks the tree without recursion. Elements whose names say that they are furniture become one block
and are taken out of the tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from lxml import etree

from pipeline.clean.lines import CAPTION, LONG
from pipeline.clean.markup import Element, Markup, hints
from pipeline.records import Role
from pipeline.vietnamese import match_key

INLINE: Final = frozenset(
    ("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em",
     "font", "i", "img", "input", "ins", "kbd", "label", "mark", "picture", "q", "rp", "rt", "ruby",
     "s", "samp", "small", "source", "span", "strike", "strong", "sub", "sup", "time", "tt", "u",
     "var", "wbr")
)  # fmt: skip
UNSEEN: Final = (
    "script", "style", "noscript", "template", "iframe", "object", "embed", "svg", "select",
    "textarea", "button", "map", "canvas", "math", "head",
)  # fmt: skip
_PARTS: Final = ("nav", "footer")
_SPACE: Final = re.compile(r"[ \t\n\r\f]+")
_MARK: Final = re.compile("\ufdd0(\\d+)\ufdd1")  # where a dump was cut from the source
LONGEST_LEAD: Final = 1200
_WRAPPERS: Final = ("form", "main", "article")
_LINKS: Final = 5  # of which a list of links has so many
_PLAIN_PARAGRAPH: Final = 150
_FEW, _SOME = 2, 6  # paragraphs that make an article of what has a part's name
_SAYINGS: Final = ("title", "lead", "caption", "author", "dateline")
_HEADINGS: Final = frozenset(("h2", "h3", "h4", "h5", "h6"))
_HIDDEN: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_CENTRED: Final = re.compile(r"text-align\s*:\s*center", re.IGNORECASE)


@dataclass(slots=True)
class Block:
    """A stretch of text; `at` is the slot of its first character: an element's text or tail."""

    raw: str
    element: Element  # the innermost block element around it
    hint: Role | None
    linked: bool = False
    dump: int | None = None  # which of the page's dumps it is
    at: tuple[Element, str] | None = None


@dataclass(slots=True)
class _Run:
    """The text since the last break."""

    parts: list[str] = field(default_factory=list)
    at: tuple[Element, str] | None = None
    linked: int = 0  # characters within links, bold, italic
    bold: int = 0
    italic: int = 0
    size: int = 0
    named: dict[Role, int] = field(default_factory=dict)  # within inline elements of a role's name


def blocks(body: Element, titles: AbstractSet[str]) -> tuple[list[Block], int]:
    """The blocks of a page's body, and how deep elements are nested; takes furniture out of it.

    What has one of `titles` (match keys) in it is no furniture.
    """
    walk = _Walk(body, titles)
    found = walk.blocks()
    for element in walk.removed:
        element.drop_tree()
    return found, walk.deepest


class _Walk:
    def __init__(self, body: Element, titles: AbstractSet[str]) -> None:
        self.body = body
        self.titles = titles
        self.total = sum(map(len, body.itertext())) or 1
        self.budget = 20 * self.total  # characters to look at for the sake of elements' names
        self.removed: list[Element] = []
        self.found: list[Block] = []
        self.run = _Run()
        self.open: list[tuple[Element, Role | None]] = [(body, None)]  # block elements
        self.links = self.bolds = self.italics = self.pres = 0
        self.inline: list[tuple[Element, Role]] = []  # inline elements whose names give a role
        self.after_image = self.title_seen = False
        self.depth = self.deepest = 0

    def blocks(self) -> list[Block]:
        events = etree.iterwalk(self.body, events=("start", "end"))
        for event, element in events:
            if not isinstance(element.tag, str) or element is self.body:
                continue
            if event == "start":
                self.depth += 1
                self.deepest = max(self.deepest, self.depth)
                if self.starts(element):
                    events.skip_subtree()
                    continue
                self.add(element.text, element, "text")
            else:
                self.depth -= 1
                self.ends(element)
                self.add(element.tail, element, "tail")
        self.flush()
        return self.found

    def starts(self, element: Element) -> bool:
        """Whether the element goes as a whole."""
        tag = element.tag
        if _is_inline(tag):
            self.count(tag, 1)
            self.after_image = self.after_image or tag == "img"
            if named := next((e.role for e in hints(element) if e.role in _SAYINGS), None):
                self.inline.append((element, named))
            return False
        self.flush()
        if tag == "br":
            return False
        self.title_seen = self.title_seen or tag == "h1"
        entries = hints(element)
        if role := self.furniture(element, entries):
            self.removed.append(element)
            for raw, dump in _split("\n".join(_texts(element))):
                self.found.append(Block(raw, element, role, dump=dump))
            return True
        if tag == "table" and _is_data(element):
            self.found.extend(_rows(element))
            return True
        self.open.append((element, self.hint(element, entries)))
        self.pres += tag == "pre"
        return False

    def ends(self, element: Element) -> None:
        tag = element.tag
        if _is_inline(tag):
            self.count(tag, -1)
            if self.inline and self.inline[-1][0] is element:
                self.inline.pop()
            return
        self.flush()
        if self.open[-1][0] is element:
            self.open.pop()
            self.pres -= tag == "pre"

    def count(self, tag: str, step: int) -> None:
        self.links += step * (tag == "a")
        self.bolds += step * (tag in ("b", "strong"))
        self.italics += step * (tag in ("i", "em"))

    def add(self, text: str | None, element: Element, slot: str) -> None:
        if not text:
            return
        if self.pres and "\n" in text:
            for n, part in enumerate(text.split("\n")):
                if n:
                    self.flush()
                self.add(part, element, slot)
            return
        run, size = self.run, len(text.strip())
        if size and run.at is None:
            run.at = element, slot
        if run.parts and run.parts[-1][-1:].isdigit() and text[0].isdigit():
            run.parts.append(" ")  # two elements' numbers: 08:05 and 1319 views
        run.parts.append(text)
        run.size += size
        run.linked += size * (self.links > 0)
        run.bold += size * (self.bolds > 0)
        run.italic += size * (self.italics > 0)
        if self.inline:
            role = self.inline[-1][1]
            run.named[role] = run.named.get(role, 0) + size

    def flush(self) -> None:
        run = self.run
        if not run.parts:
            return
        self.run = _Run()
        if not run.size:
            return
        text = _on_one_line("".join(run.parts))
        element, hint = self.open[-1]
        hint = next((role for _, role in reversed(self.open[-4:]) if role), hint)
        hint = hint or next((r for r, n in run.named.items() if n > 0.9 * run.size), None)
        linked = run.linked > 0.7 * run.size
        for raw, dump in _split(text):
            role = "php_dump" if dump is not None else hint or self.by_look(raw, run, element)
            self.found.append(Block(raw, element, role, linked, dump, run.at))
        self.after_image = False

    # --- what names and looks tell --------------------------------------------------------

    def furniture(self, element: Element, entries: tuple[Markup, ...]) -> Role | None:
        """The role of an element that is furniture as a whole; None where it may hold the article.

        Below the title, names of the site's parts are also those of an article's own header: there
        they count only for what is made of links, as does every list of links.
        """
        entry = next((e for e in entries if e.role in ("boilerplate", "related")), None)
        unsure = entry is not None and entry.id == "site-parts" and self.title_seen
        unsure = unsure or (entry is None and element.tag in ("ul", "aside"))
        marked = element.tag in _PARTS or _HIDDEN.search(element.get("style") or "")
        if (entry is None and not marked and not unsure) or element.tag in _WRAPPERS:
            return None
        if self.budget < 0 or next(element.iter("h1"), None) is not None:
            return None
        size = self.size(element, self.total)
        if size > 0.6 * self.total or (unsure and not _is_of_links(element, size)):
            return None
        if not self.title_seen and any(match_key(t) in self.titles for t in _texts(element)):
            return None
        if _paragraphs(element) >= (_SOME if entry is not None and entry.sure else _FEW):
            return None
        if entry is not None:
            return entry.role
        return "related" if unsure and self.title_seen else "boilerplate"

    def hint(self, element: Element, entries: tuple[Markup, ...]) -> Role | None:
        tag = element.tag
        if tag == "h1":
            return "title"
        if tag == "figcaption":
            return "caption"
        if tag in ("li", "dd", "dt") and self.size(element, LONG) <= LONG:
            return "paragraph"
        says = [entry.role for entry in entries if entry.role in _SAYINGS]
        size = self.size(element, LONGEST_LEAD) if says else 0
        for role in says:
            if role == "lead" and CAPTION / 2 <= size <= LONGEST_LEAD:
                return "lead"
            if role != "lead" and size <= 2 * LONG:
                return role
        return None

    def size(self, element: Element, most: int) -> int:
        """How many characters it holds, counted until they are more than `most`."""
        size = 0
        for text in element.itertext():
            size += len(text)
            if size > most or size > self.budget:
                size = most + 1
                break
        self.budget -= size + 1
        return size

    def by_look(self, raw: str, run: _Run, element: Element) -> Role | None:
        """Headings in bold, captions below a picture."""
        tag = element.tag
        if len(raw) > 2 * LONG:
            return None
        if tag in _HEADINGS or run.bold > 0.9 * run.size:
            short = len(raw) <= 1.5 * CAPTION and not _stops(raw)
            if tag in _HEADINGS:
                return "heading" if short else None
            if short and not self.after_image:
                return "heading" if len(raw) <= CAPTION and not raw.isupper() else None
        centred = (
            tag == "center"
            or element.get("align") == "center"
            or _CENTRED.search(element.get("style") or "")
        )
        if self.after_image and (run.italic > 0.9 * run.size or centred) and len(raw) <= 300:
            return "caption"
        if self.after_image and 25 <= len(raw) <= 300 and not _stops(raw):
            return "caption"
        return None


def _stops(raw: str) -> bool:
    return raw.rstrip(" \"'”’)]").endswith((".", "!", "?", "…", ":", ";"))


def _is_inline(tag: str) -> bool:
    return tag in INLINE or ":" in tag  # o:p and its like, from a word processor


def _on_one_line(text: str) -> str:
    """A text with HTML's white space as single spaces, which it mostly has already."""
    if not text.isprintable() or "  " in text:
        text = _SPACE.sub(" ", text)
    return text.strip()


def _texts(element: Element) -> Iterator[str]:
    return (text for part in element.itertext() if (text := _on_one_line(part)))


def _is_of_links(element: Element, size: int) -> bool:
    links = [sum(map(len, link.itertext())) for link in element.iter("a")]
    return len(links) >= _LINKS and sum(links) >= 0.5 * size


def _paragraphs(element: Element) -> int:
    """How many paragraphs it holds that are no links."""
    plain = 0
    for paragraph in element.iter("p"):
        size = sum(map(len, paragraph.itertext()))
        linked = sum(len(text) for link in paragraph.iter("a") for text in link.itertext())
        plain += size >= _PLAIN_PARAGRAPH and linked < 0.3 * size
    return plain


# --- tables of data -----------------------------------------------------------------------


def _is_data(table: Element) -> bool:
    """Whether a table holds data, rather than laying out a page or framing a picture."""
    layout = table.iter("table", "img", "h1", "ul")
    if len(list(islice(layout, 2))) > 1:  # more than the table itself
        return False
    rows = list(table.iter("tr"))
    if len(rows) < 2:
        return False
    cells = [sum(1 for _ in row.iter("td", "th")) for row in rows]
    longest = max((sum(map(len, cell.itertext())) for cell in table.iter("td", "th")), default=0)
    return max(cells) >= 2 and longest <= LONG


def _rows(table: Element) -> Iterator[Block]:
    for row in table.iter("tr"):
        cells = [" ".join(_texts(cell)) for cell in row.iter("td", "th")]
        if any(cells):
            text = _MARK.sub("", " | ".join(cells))
            yield Block(text, row, "paragraph", at=_first_slot(row))


def _first_slot(element: Element) -> tuple[Element, str] | None:
    for inner in element.iter():
        if inner.text and inner.text.strip():
            return inner, "text"
    return None


def _split(text: str) -> Iterator[tuple[str, int | None]]:
    """A text at the places where dumps were cut out of it: stretches, and numbers of dumps."""
    position = 0
    for mark in _MARK.finditer(text):
        if before := text[position : mark.start()].strip():
            yield before, None
        yield "", int(mark[1])
        position = mark.end()
    if after := text[position:].strip():
        yield after, None
