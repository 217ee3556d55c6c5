"""What each line of a page is: title, lead, heading, caption, byline, box, or not the article's.

The page is read in three parts. The *head* goes to the first paragraph; the *body* to the byline,
the dateline at the bottom, or the furniture after which no article goes on; the *tail* is the rest,
of which only boxes are kept. Markup, where there is any, has the first word (`Line.hint`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from pipeline.clean import furniture
from pipeline.clean.body import Place, role_of
from pipeline.clean.bylines import Signature, has_surname, signature
from pipeline.clean.furniture import Furniture
from pipeline.clean.lines import (
    CAPTION,
    LONG,
    PROSE,
    DateLine,
    Line,
    date_line,
    ends_sentence,
    has_credit,
    is_bracketed,
    is_bullet,
    is_prose,
    is_rubric,
    is_separator,
    is_teaser,
    is_upper,
    names_paper,
    shows_action,
    shows_scene,
)
from pipeline.records import Role

RUBRIC: Final = 32  # the longest line above the title that can be a section's name
ECHO: Final = 20  # from which a line said twice is one too many
GOES_ON: Final = 180  # two paragraphs so long in a row and an article goes on below furniture
ALONE: Final = 250  # one, if it is the last line of all
LAST_PART: Final = 0.5  # of the prose may follow a byline, as boxes
_ENTRY_SIGNS: Final = "-–—+*•●▪■□◦♦»›>"  # before each entry of a list
_ENDS_TITLE: Final = ("?", "!", ":", ";", "…", "...")  # as well as a sentence


@dataclass(frozen=True, slots=True)
class Label:
    role: Role
    rule: str


DUMP: Final = Label("php_dump", "clean/php-dump")


def assign(lines: Sequence[Line], titles: AbstractSet[str] = frozenset()) -> list[Label]:
    """A label for each line, in order; `titles` are match keys known to be some article's title."""
    page = _Page(lines, titles)
    page.label_page()
    page.label_head()
    page.label_end()
    page.label_body()
    return [label or Label("boilerplate", "clean/unread") for label in page.labels]


class _Page:
    def __init__(self, lines: Sequence[Line], titles: AbstractSet[str]) -> None:
        self.lines = lines
        self.titles = titles
        self.labels: list[Label | None] = [None] * len(lines)
        self.furniture: list[Furniture | None] = [None] * len(lines)
        self.dates: list[DateLine | None] = [None] * len(lines)
        self.start = len(lines)  # the first paragraph
        self.end = len(lines)  # where the tail begins
        self.led = False  # a lead has been found

    def put(self, at: int, role: Role, rule: str) -> None:
        self.labels[at] = Label(role, f"clean/{rule}")

    def open_lines(self, start: int, end: int | None = None) -> Iterator[int]:
        """The lines in [start, end) that have no label yet."""
        end = len(self.lines) if end is None else end
        return (i for i in range(start, end) if self.labels[i] is None)

    # --- the page: what a line is wherever it stands --------------------------------------

    def label_page(self) -> None:
        seen: set[str] = set()
        for i, ln in enumerate(self.lines):
            if ln.dump:
                self.labels[i] = DUMP
            elif is_separator(ln):
                self.put(i, "boilerplate", "separator")
            elif ln.hint in ("boilerplate", "related"):
                self.put(i, ln.hint, "html-markup")
            elif date := date_line(ln):
                self.dates[i] = date
            elif ln.hint not in ("title", "lead") and (found := furniture.find(ln.folded)):
                self.put_furniture(i, found)
            elif len(ln) >= ECHO and ln.folded in seen:
                self.put(i, "boilerplate", "said-twice")
            elif len(ln) >= ECHO:
                seen.add(ln.folded)

    def put_furniture(self, at: int, found: Furniture) -> None:
        self.furniture[at] = found
        self.put(at, "related" if found.kind == "related" else "boilerplate", found.id)

    # --- the head -------------------------------------------------------------------------

    def label_head(self) -> None:
        leads = (i for i in self.open_lines(0) if self.lines[i].hint == "lead")
        paragraphs = (i for i in self.open_lines(0) if self.begins_body(i))
        self.start = next(leads, next(paragraphs, len(self.lines)))
        head = list(self.open_lines(0, self.start))
        title = self.find_title(head)
        self.label_dates(head, title)
        for i in self.open_lines(0, self.start):
            if title is not None and i > title:
                self.label_below_title(i)
            elif is_rubric(self.lines[i]) or (
                title is not None and len(self.lines[i]) <= 2 * RUBRIC
            ):
                self.put(i, "rubric", "rubric")
            else:
                self.put(i, "boilerplate", "before-title")

    def begins_body(self, at: int) -> bool:
        ln = self.lines[at]
        if ln.hint is not None:
            return ln.hint == "paragraph" and is_prose(ln)
        if self.dates[at] or has_credit(ln):
            return False
        if len(ln) <= LONG and ln.folded.endswith(_ENDS_TITLE):
            return len(ln) >= 150
        stops = len(ln) >= PROSE / 2 and ends_sentence(ln) and not is_bracketed(ln)
        return is_prose(ln) or stops

    def find_title(self, head: list[int]) -> int | None:
        """Label and return the line that is the title; None where the capture has none."""
        lines = self.lines
        for i in head:
            if lines[i].hint == "title" or lines[i].folded in self.titles:
                self.put(i, "title", "title-markup" if lines[i].hint else "title-in-dump")
                return i
        names = [i for i in head if not self.dates[i] and self.can_be_title(i)]
        for n, i in enumerate(names):
            below = names[n + 1] if n + 1 < len(names) else None
            if is_rubric(lines[i]) or (below is not None and self.is_kicker(i, below)):
                continue
            self.put(i, "title", "title-line")
            return i
        return None

    def can_be_title(self, at: int) -> bool:
        ln = self.lines[at]
        signed = signature(ln)
        return (
            ln.hint in (None, "heading")
            and len(ln.folded.split()) >= 2
            and not names_paper(ln.text)
            and not self.in_menu(at)
            and not has_credit(ln)
            and not (signed and signed.kind in ("label", "credit", "source", "initials"))
            and (is_rubric(ln) or furniture.find(ln.folded, tail=True) is None)
        )

    def in_menu(self, at: int) -> bool:
        """Whether a line is one of a row that begin with the same sign."""
        sign = self.lines[at].text[:1]
        around = (*self.lines[max(0, at - 1) : at], *self.lines[at + 1 : at + 2])
        return sign in _ENTRY_SIGNS and any(ln.text.startswith(sign) for ln in around)

    def is_kicker(self, at: int, below: int) -> bool:
        """A section's name or a series' above the title, with no dateline between the two."""
        ln, next_line = self.lines[at], self.lines[below]
        if any(self.dates[at:below]):
            return False
        if ln.text.endswith(":"):
            return True
        longer = len(next_line) >= 1.3 * len(ln) or (is_upper(ln) and not is_upper(next_line))
        return len(ln) <= RUBRIC and longer and ":" not in ln.text

    def label_dates(self, head: list[int], title: int | None) -> None:
        """Datelines; the clock of a masthead, which tells the time of capture, is none."""
        dates = [(i, date) for i in head if (date := self.dates[i]) and self.labels[i] is None]
        below = [i for i, _ in dates if title is not None and i > title]
        for i, date in dates:
            masthead = title is not None and i < title
            running = masthead and (bool(below) or date.parts <= {"date", "weekday"} >= {"weekday"})
            if running or (date.is_clock and (masthead or title is None)):
                self.put(i, "boilerplate", "clock")
            else:
                self.put(i, "dateline", "dateline")

    def label_below_title(self, at: int) -> None:
        ln = self.lines[at]
        if ln.hint is not None and ln.hint not in ("heading", "paragraph"):
            self.put(at, ln.hint, "html-markup")
        elif found := furniture.find(ln.folded, tail=True):
            self.put_furniture(at, found)
        elif is_rubric(ln):
            self.put(at, "rubric", "rubric")
        elif signature(ln):
            self.put(at, "author", "byline-top")
        elif has_credit(ln) or shows_scene(ln):
            self.put(at, "caption", "caption")
        elif is_prose(ln):
            self.put(at, "boilerplate", "before-lead")
        elif len(ln) >= 80 and not shows_action(ln) and not self.led:
            self.put(at, "lead", "lead-below-title")
            self.led = True
        elif len(ln) <= 1.5 * RUBRIC:
            self.put(at, "rubric", "rubric-below-title")

    # --- the end of the body --------------------------------------------------------------

    def label_end(self) -> None:
        """Find where the tail begins and label it."""
        byline = self.find_byline()
        at = self.start
        while at < (len(self.lines) if byline is None else byline):
            if self.opens(at):
                resumed = self.resumes(at, byline)
                if resumed is None:
                    self.end = at
                    break
                resumed = self.after_list(at, resumed)
                self.label_list(at, resumed)
                at = resumed
            at += 1
        else:
            self.end = len(self.lines) if byline is None else byline
        self.end = self.without_leavings(self.end)
        self.label_tail(self.end)

    @cached_property
    def prose(self) -> list[int]:
        """For each line, how many characters of prose stand from it to the end of the page."""
        lengths = [0] * (len(self.lines) + 1)
        for i in range(len(self.lines) - 1, -1, -1):
            ln = self.lines[i]
            counts = self.labels[i] is None and is_prose(ln) and not is_teaser(ln)
            lengths[i] = lengths[i + 1] + (len(ln) if counts else 0)
        return lengths

    @cached_property
    def last_capitals(self) -> int:
        """The last line that could be a heading in capitals."""
        return max((i for i in self.open_lines(self.start) if is_upper(self.lines[i])), default=-1)

    def find_byline(self) -> int | None:
        """The line that signs the article, or dates it at the bottom."""
        total = self.prose[self.start] or 1
        before: int | None = None
        for i in self.open_lines(self.start):
            ln = self.lines[i]
            left = self.prose[i] / total
            if before is not None and left <= LAST_PART and len(ln) <= 120:
                if self.dates[i] and self.is_bottom_date(i):
                    return i
                signs = ln.hint == "author" or self.signs_off(i, signature(ln), left)
                if signs and (self.closes_text(before) or self.stands_last(i)):
                    return i
            before = i
        return None

    def is_bottom_date(self, at: int) -> bool:
        date = self.dates[at]
        if date is None or "date" not in date.parts:
            return False
        paper = date.rest.lower().startswith(("báo ", "(báo ", "tạp chí "))
        return paper or not date.rest or self.lines[at].hint == "dateline"

    def stands_last(self, at: int) -> bool:
        """Whether nothing follows a line but furniture."""
        return next(self.open_lines(at + 1), None) is None or self.follows_opener(at)

    def follows_opener(self, at: int) -> bool:
        return at + 1 < len(self.lines) and self.opens(at + 1)

    def closes_text(self, at: int) -> bool:
        """Whether a byline may follow this line."""
        ln = self.lines[at]
        return (
            is_prose(ln)
            or ends_sentence(ln)
            or is_bracketed(ln)
            or is_bullet(ln)
            or has_credit(ln)
            or len(ln) >= CAPTION
            or signature(ln) is not None
        )

    def signs_off(self, at: int, signed: Signature | None, left: float) -> bool:
        """Whether a name ends the article here, rather than being a heading or a photo credit."""
        if signed is None or signed.kind == "credit":
            return False
        after = next((i for i in range(at + 1, len(self.lines)) if self.is_follower(i)), None)
        if after is None or self.labels[after] is not None or self.dates[after]:
            return True
        follower = self.lines[after]
        if signature(follower) or signed.kind in ("label", "source", "initials"):
            return True
        if not is_prose(follower) or is_teaser(follower):  # titles, teasers: not a section's text
            below = next(self.open_lines(after + 1), None)
            return below is None or not is_prose(self.lines[below]) or is_teaser(follower)
        return has_surname(signed.name or "") and left <= 0.4 and at >= self.last_capitals

    def is_follower(self, at: int) -> bool:
        """Whether a line says what the one above it was: none does that may stand anywhere."""
        found = self.furniture[at]
        return not self.lines[at].dump and (found is None or found.opens)

    def resumes(self, at: int, byline: int | None) -> int | None:
        """Where below furniture the article goes on: before its byline, or with long paragraphs."""
        if byline is not None:
            return next(
                (i for i in self.open_lines(at + 1, byline) if self.is_text(i, PROSE)), None
            )
        above: int | None = None
        for i in self.open_lines(at + 1):
            if furniture.find(self.lines[i].folded, tail=True) or has_credit(self.lines[i]):
                continue
            long = self.is_text(i, GOES_ON)
            if long and above is not None:
                return above
            above = i if long else None
        return above if above is not None and len(self.lines[above]) >= ALONE else None

    def after_list(self, start: int, resumed: int) -> int:
        """The first line below a list, at or above the paragraph with which the article goes on.

        A heading or caption may stand there. Entries share a sign before each, or no empty line is
        between them: there the list ends. No entry credits a photograph.
        """
        opener = max(i for i in range(start, resumed) if self.opens(i))
        found = self.furniture[opener]
        end = self.end_of_entries(opener, resumed) if found and found.kind == "related" else None
        for i in range(opener + 1 if end is None else end, resumed):
            if self.labels[i] is not None or self.dates[i] or self.lines[i].linked:
                continue
            if has_credit(self.lines[i]):
                return i
            if end is not None and not furniture.find(self.lines[i].folded, tail=True):
                return i
        return resumed

    def opens(self, at: int) -> bool:
        found = self.furniture[at]
        return found is not None and found.opens

    def end_of_entries(self, opener: int, resumed: int) -> int | None:
        """Where the entries below `opener` end, if two of them or more show by their form."""
        first, lines = opener + 1, self.lines
        sign = lines[first].text[:1]
        if sign and sign in _ENTRY_SIGNS:
            signed = [i for i in range(first, resumed) if lines[i].text.startswith(sign)]
            return signed[-1] + 1 if len(signed) > 1 else None
        gap = next((i for i in range(first, resumed + 1) if lines[i].spaced), None)
        if gap is None or gap - first < 2 or not all(ln.spaced for ln in lines[gap : resumed + 1]):
            return None
        return gap

    def is_text(self, at: int, length: int) -> bool:
        ln = self.lines[at]
        return len(ln) >= length and is_prose(ln) and not is_teaser(ln) and not ln.linked

    def without_leavings(self, end: int) -> int:
        """The end, before what pages without a byline leave there: teasers, titles, site boxes."""
        kept, leavings = end, 0
        for i in reversed(list(self.open_lines(self.start + 1, end))):
            ln = self.lines[i]
            if furniture.find(ln.folded, tail=True) or (ln.linked and not is_prose(ln)):
                kept, leavings = i, leavings + 1
            elif is_teaser(ln) or self.is_left_title(ln):
                leavings += 1
                if leavings > 1:  # one alone may be the article's last words
                    kept = i
            else:
                break
        return kept

    def is_left_title(self, ln: Line) -> bool:
        """Whether a line could be another article's title."""
        shown = has_credit(ln) or shows_scene(ln) or shows_action(ln) or signature(ln)
        closed = ends_sentence(ln) or is_bullet(ln) or is_bracketed(ln)
        return ln.hint is None and len(ln) <= 1.5 * CAPTION and not shown and not closed

    # --- the tail -------------------------------------------------------------------------

    def label_list(self, start: int, end: int) -> None:
        """A list of other news, or other furniture, between two parts of the article."""
        opener = self.furniture[start]
        related = opener is not None and opener.kind == "related"
        for i in self.open_lines(start, end):
            self.put(i, "related" if related else "boilerplate", "in-furniture")

    def label_tail(self, end: int) -> None:
        opened: Furniture | None = None
        dated = any(label is not None and label.role == "dateline" for label in self.labels)
        for i in range(end, len(self.lines)):
            ln = self.lines[i]
            found = self.furniture[i]
            if self.labels[i] is None and (found := furniture.find(ln.folded, tail=True)):
                self.put_furniture(i, found)
            if found is not None and found.opens:
                opened = found
            if self.labels[i] is not None:
                continue
            if opened is not None:
                related = opened.kind == "related" or is_teaser(ln)
                self.put(i, "related" if related else "boilerplate", "after-furniture")
            elif (date := self.dates[i]) and not dated and "date" in date.parts:
                self.put(i, "dateline", "dateline-bottom")
                dated = True
            elif (signed := signature(ln)) or ln.hint == "author":
                self.put(i, "author", f"byline-{signed.kind if signed else 'markup'}")
            else:
                self.label_after_end(i)

    def label_after_end(self, at: int) -> None:
        """Below the byline and before any furniture: a box of the article, or other news."""
        ln = self.lines[at]
        below = next((self.lines[i] for i in self.open_lines(at + 1)), None)
        if has_credit(ln) or ln.hint == "caption":
            self.put(at, "caption", "caption")
        elif is_teaser(ln) and (len(ln) < 160 or ln.linked) and not self.ends_box(at, below):
            self.put(at, "related", "teaser")
        elif ln.linked and not is_prose(ln):
            self.put(at, "related", "linked")
        elif is_prose(ln) or is_bullet(ln) or is_bracketed(ln):
            self.put(at, "box", "box-after-byline")
        elif below is not None and (is_bullet(below) or self.heads_box(below)):
            self.put(at, "box", "box-title")
        else:
            self.put(at, "related" if len(ln) >= 30 else "boilerplate", "after-end")

    def ends_box(self, at: int, below: Line | None) -> bool:
        """Whether a line cut by "…" is a box's last, and no teaser of a row of them."""
        above = self.labels[at - 1]
        in_box = above is not None and above.role == "box"
        return in_box and not (below is not None and is_teaser(below))

    def heads_box(self, below: Line) -> bool:
        return is_prose(below) and not (is_teaser(below) and len(below) < 160)

    # --- the body -------------------------------------------------------------------------

    def label_body(self) -> None:
        rest = list(self.open_lines(0, self.end))
        lines = [self.lines[i] for i in rest]
        around = [None, *lines, None, None]
        for n, i in enumerate(rest):
            opening = n > 0 and rest[n - 1] == self.start
            place = Place(around[n], around[n + 2], around[n + 3], opening)
            role, rule = role_of(lines[n], place)
            if i == self.start and role == "paragraph" and not self.led:
                role, rule = "lead", "first-paragraph"
            self.put(i, role, rule)
