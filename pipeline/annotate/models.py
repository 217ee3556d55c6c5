"""Named models (mô hình): names that a cue word announces, in quotation marks or with clear edges.

A cue ("mô hình", "cách làm", "phong trào", "câu lạc bộ") opens a list of names; words that announce
something else ("cuộc thi", "phương châm") close it. A quotation without a cue is a model only where
a unit is said to run it, or where it is one that the whole country knows.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Final

from pipeline.annotate import adopter_words, adopters, model_words, progress, quotes, unquoted
from pipeline.annotate.adopters import Named
from pipeline.annotate.announcing import Announcer
from pipeline.annotate.model_words import Word
from pipeline.annotate.quotes import Quote
from pipeline.annotate.reading import Reading
from pipeline.gazetteer import Hit
from pipeline.records import Block, ModelMention, UnitMention
from pipeline.vietnamese import match_key

# Paragraphs with a quotation, a cue, or a list that goes on after them.
_TELLING: Final = re.compile(r"\"|'|<|mô\shình|:\s*\Z")
# “A” là mô hình ...; “A” tại xã B là mô hình; “A” - cách làm hay
_IS_A: Final = re.compile(
    r"""
    (?: \s (?:của|ở|tại) \s [^,;:.()"\n]{2,60}? )?
    (?: ,?\s* (?:(?:cũng|còn|vốn)\s+)? là \s+ (?:một\s+)? (?:trong\s+(?:những|các|số\s+các)\s+)?
      | \s* [-:] \s* )
    (?: (?:những|các|một) \s+ )?
    """,
    re.VERBOSE,
)
# "“A” ... . Mô hình này do xã B khởi xướng" tells what “A” is.
_TOLD: Final = re.compile(
    r"""
    (?<=[.!?"]\s) (?: mô\s+hình | cách\s+làm | phong\s+trào ) \s+
    (?: này | trên | nêu\s+trên | do | của | được | ra\s+đời | đã | thu\s+hút ) \b
    """,
    re.VERBOSE,
)
_BULLET: Final = re.compile(r"[\s\d.)+*•-]{0,6}\Z")


def find(reading: Reading, units: tuple[UnitMention, ...]) -> tuple[ModelMention, ...]:
    """The mentions of named models, in the order of the text."""
    paragraphs = _paragraphs(reading)
    named = list(_announced(paragraphs))
    named += _named_again(reading, paragraphs, named)
    named = _with_unquoted(reading, units, paragraphs, named)
    rows = zip(named, adopters.of(reading, units, named), strict=True)
    return tuple(
        ModelMention(
            reading.article_id,
            reading.sentence_at(name.start).sentence_id,
            reading.text[name.start : name.end],
            name.start,
            name.end,
            " ".join(reading.text[name.start : name.end].split()),
            name.model_type,
            adopter,
            progress.status(reading, name),
            progress.started_on(reading, name),
            name.rule,
        )
        for name, adopter in rows
        if adopter or name.rule != "models/verb"
    )


def _paragraphs(reading: Reading) -> list[_Paragraph]:
    """The paragraphs that may hold a name, or open a list of names."""
    found: list[_Paragraph] = []
    for block in reading.blocks:
        if _TELLING.search(reading.folded, block.start_char or 0, block.end_char or 0):
            before = found[-1] if found and found[-1].block_no == block.block_no - 1 else None
            found.append(_Paragraph(reading, block, before))
    return found


def _announced(paragraphs: Sequence[_Paragraph]) -> Iterator[Named]:
    """The names that a cue announces; a list may go on in the paragraphs after its colon."""
    head: Hit[Word] | None = None
    for paragraph in paragraphs:
        found = list(paragraph.names(head))
        yield from found
        yield from paragraph.told_after({name.start for name in found})
        if head is None or not any(name.rule == "models/list" for name in found):
            head = paragraph.announcer.last_cue if paragraph.is_left_open else None


def _named_again(
    reading: Reading, paragraphs: Sequence[_Paragraph], named: Sequence[Named]
) -> Iterator[Named]:
    """Quotations of a name that the article announced elsewhere."""
    known = {match_key(reading.text[n.start : n.end]): n for n in reversed(named)}
    taken = {n.start for n in named}
    if not known:
        return
    for paragraph in paragraphs:
        for quote in paragraph.quotes:
            if name := known.get(paragraph.announcer.key(quote)):
                again = paragraph.name(quote, None, "models/named-before")
                if again.start not in taken:
                    yield again._replace(model_type=name.model_type)


def _with_unquoted(
    reading: Reading,
    units: tuple[UnitMention, ...],
    paragraphs: Sequence[_Paragraph],
    named: Sequence[Named],
) -> list[Named]:
    """`named` with the names without marks, in the order of the text."""
    telling = [paragraph for paragraph in paragraphs if paragraph.has_cue]
    starts = {unit.start_char for unit in units} if telling else set()
    said = {match_key(reading.text[n.start : n.end]) for n in named} if telling else set()
    clear = [name for paragraph in telling for name in paragraph.without_marks(starts, said)]
    if clear:  # they tell where the others end
        said |= {match_key(reading.text[n.start : n.end]) for n in clear}
        clear = [name for paragraph in telling for name in paragraph.without_marks(starts, said)]
    found: list[Named] = []
    for name in sorted([*named, *clear]):
        if not found or name.start >= found[-1].end:
            found.append(name)
        elif found[-1].rule == "models/unquoted" != name.rule:
            found[-1] = name  # marks are surer
    return found


class _Paragraph:
    """A paragraph with its quotations, and what its nouns announce."""

    def __init__(self, reading: Reading, block: Block, before: _Paragraph | None) -> None:
        self._reading, self._text, self._folded = reading, reading.text, reading.folded
        self._start, self._end = block.start_char or 0, block.end_char or 0
        self.block_no = block.block_no
        self.quotes = quotes.find(self._folded, self._start, self._end)
        earlier: Announcer | None = before.announcer if before else None
        self.announcer: Announcer = Announcer(reading, self._start, self.quotes, earlier)
        self.has_cue = self._folded.find("mô hình", self._start, self._end) >= 0
        # "duy trì những phần việc:" goes on in the next paragraphs
        self.is_left_open = self._folded[self._start : self._end].rstrip().endswith(":")

    def names(self, head: Hit[Word] | None) -> Iterator[Named]:
        """The names that are announced here; `head` is the cue of a list left open before."""
        last: Named | None = None  # the name before, while its list goes on
        taken = self._start
        for quote in self.quotes:
            if quote.start < taken or not self.announcer.is_name(quote):
                continue
            last = self._named(quote, last, head)
            if last:
                taken = quote.end
                yield last

    def _named(self, quote: Quote, last: Named | None, head: Hit[Word] | None) -> Named | None:
        """The name in a quotation: after a cue, in a list, or by what else is said of it."""
        floor = last.end if last else self._start
        cue, at, is_other = self.announcer.announced(quote, floor)
        if cue and self.announcer.is_likely(quote, cue):
            return self.name(quote, cue, "models/cue")._replace(cue_start=at)
        if is_other:
            return None
        own = self._goes_on(last, quote) if last else None
        if last and own is not None:
            return self.name(quote, None, "models/list")._replace(
                cue_start=quote.start if own else last.cue_start,
                model_type=last.model_type,
                list_no=last.list_no,
            )
        if head and _BULLET.fullmatch(self._folded, self._start, quote.start):
            return self.name(quote, head, "models/list")._replace(cue_start=self._start)
        return self._uncued(quote)

    def _goes_on(self, last: Named, quote: Quote) -> bool | None:
        first = self._text[last.start]
        alike = not (first.isupper() or first.isdigit()) or self.announcer.begins_as_name(quote)
        return self.announcer.goes_on(last.end, quote) if alike else None

    def _uncued(self, quote: Quote) -> Named | None:
        """A name that says itself what it is, that is known, or that a unit is said to run."""
        after = _IS_A.match(self._folded, quote.end, self._end)
        is_a = model_words.words().at(self._folded, after.end()) if after else None
        if is_a and is_a.value.model_type and self.announcer.begins_as_name(quote):
            return self.name(quote, Hit(quote.start, quote.start, is_a.value), "models/is-a")
        if self.announcer.key(quote) in model_words.known():
            return self.name(quote, None, "models/known")
        before = self._folded[max(self._start, quote.start - 40) : quote.start]
        verb = model_words.opening(re.findall(r"\w+", before), adopter_words.announcing())
        if verb and before.endswith(" ") and self.announcer.is_titled(quote):
            return self.name(quote, None, "models/verb")
        return None

    def told_after(self, taken: Collection[int]) -> Iterator[Named]:
        """Names that a later sentence of the paragraph calls a model: "... “A”. Mô hình này"."""
        n, last = 0, None
        if not self.quotes:
            return
        for told in _TOLD.finditer(self._folded, self._start, self._end):
            while n < len(self.quotes) and self.quotes[n].end <= told.start():
                last = self.quotes[n] if self.announcer.is_titled(self.quotes[n]) else last
                n += 1
            word = model_words.words().at(self._folded, told.start())
            if last is None or word is None or self.name(last, None, "").start in taken:
                continue
            if not self.announcer.is_something_else(last, self._start):
                cue = Hit(told.start(), told.end(), word.value)
                yield self.name(last, cue, "models/told-after")
            last = None

    def without_marks(self, units: Collection[int], said: Collection[str]) -> Iterator[Named]:
        """Names without marks, right after "mô hình": mô hình Tủ sách đầu ấp."""
        return unquoted.find(self._reading, self._start, self._end, units, said)

    def name(self, quote: Quote, cue: Hit[Word] | None, rule: str) -> Named:
        """The name in a quotation, with the cue that announced it."""
        words = self._text[quote.first : quote.last]
        start = quote.first + len(words) - len(words.lstrip())
        end = quote.first + len(words.rstrip())
        at = cue.start if cue else quote.start
        return Named(start, end, at, (cue and cue.value.model_type) or "mo_hinh", rule, at)
