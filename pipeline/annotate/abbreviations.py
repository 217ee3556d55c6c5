"""The `abbreviations` layer: short forms that the text declares, and the field's stock ones.

`find` reports what an article declares: `Ban Thường vụ (BTV)`. `spell_out` rewrites declared and
stock short forms in full, with a way back to the article's offsets, so that whatever reads names
knows each word in one spelling only.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from typing import Final, NamedTuple

from pipeline import lexicon
from pipeline.annotate.reading import Reading
from pipeline.records import Abbreviation
from pipeline.vietnamese import fold, unaccented

# --- declared in the text -----------------------------------------------------------------

_BRACKETS: Final = re.compile(r"\(([^()\n]{2,80})\)")  # (BTV)
_CALLED: Final = re.compile(
    r"""\b(?:gọi|viết)[ ]tắt[ ]là:?[ ]
        "?([^",;.()\n]{2,60})           # (sau đây gọi tắt là Đảng ủy Khối)""",
    re.VERBOSE,
)
_LEAD_IN: Final = re.compile(r"[ (,-]*(?:(?:sau|dưới) đây )?(?:được )?$")  # before "gọi tắt là"
_WORD: Final = re.compile(r"\w+")
_END_OF_PHRASE: Final = re.compile(r"[.;:!?\"()\n]")
# A word of these between a long form and its bracket: the words are a clause, not a name.
_CLAUSE: Final = re.compile(r"\b(?:đã|đang|sẽ|có|là|được|cho|tại|ở|về|trong|hiện|của|tổ chức)\b")
_UNSAID: Final = frozenset(("và", "các", "của", "về", "với"))  # words that initials pass over
_REACH: Final = 240  # characters before a bracket in which its long form begins
_WORDS_BACK: Final = 30


class _Word(NamedTuple):
    start: int
    end: int
    folded: str


def find(reading: Reading) -> tuple[Abbreviation, ...]:
    """The short forms the article declares, in text order; one row a declaration.

    A short form must follow from its long one: by initials, by being its first words, or by the
    text's own "gọi tắt là". `surface` and the offsets are the short form's.
    """
    found = [*_called(reading), *_in_brackets(reading)]
    unique = {a.start_char: a for a in sorted(found, key=lambda a: a.start_char)}
    return tuple(unique.values())


def _called(reading: Reading) -> Iterator[Abbreviation]:
    if " tắt là" not in reading.folded:
        return
    for match in _CALLED.finditer(reading.folded):
        start, end = match.span(1)
        end -= len(match[1]) - len(match[1].rstrip())
        short = reading.text[start:end]
        lead_in = _LEAD_IN.search(reading.folded, max(0, match.start() - 24), match.start())
        before = _phrase_before(reading, lead_in.start() if lead_in else match.start())
        long = _by_initials(reading, before, short) or _from_its_first_word(reading, before, short)
        if long:
            yield _row(reading, start, end, *long, rule="abbreviations/called")


def _in_brackets(reading: Reading) -> Iterator[Abbreviation]:
    for match in _BRACKETS.finditer(reading.text):
        start, end = match.span(1)
        before = _phrase_before(reading, match.start())
        if not before:
            continue
        if long := _by_initials(reading, before, match[1]):
            yield _row(reading, start, end, *long, rule="abbreviations/initials")
        elif long := _by_first_words(reading, before, match[1]):
            yield _row(reading, start, end, *long, rule="abbreviations/first-words")
        elif short := _spelled_out_after(reading, before, match):
            yield _row(reading, *short, start, end, rule="abbreviations/spelled-out")


def _row(
    reading: Reading, start: int, end: int, long_start: int, long_end: int, *, rule: str
) -> Abbreviation:
    short = reading.text[start:end]
    return Abbreviation(
        article_id=reading.article_id,
        sentence_id=reading.sentence_at(start).sentence_id,
        short=short,
        long=reading.text[long_start:long_end],
        surface=short,
        start_char=start,
        end_char=end,
        rule=rule,
    )


def _phrase_before(reading: Reading, end: int) -> list[_Word]:
    """The words of the phrase that ends at `end`, back to the last mark that closes one."""
    folded = reading.folded
    start = max(0, end - _REACH)
    for mark in _END_OF_PHRASE.finditer(folded, start, end):
        start = mark.end()
    return [_Word(m.start(), m.end(), m[0]) for m in _WORD.finditer(folded, start, end)]


def _by_initials(reading: Reading, before: list[_Word], short: str) -> tuple[int, int] | None:
    """Where the words lie whose initials `short` is: `cán bộ, đảng viên` for `CB, ĐV`.

    They end at the bracket, or else begin with a capital and run on without a clause, as
    `Đảng ủy Khối các cơ quan tỉnh (ĐUK)` does.
    """
    parts = _parts(short)
    if not parts:
        return None
    nearest = range(len(before) - 1, max(-1, len(before) - 1 - _WORDS_BACK), -1)
    ends = [(first, _aligned(parts, before, first)) for first in nearest]
    for first, last in ends:
        if last == len(before):
            return before[first].start, before[-1].end
    for first, last in ends:
        if last and len(parts) > 2 and reading.text[before[first].start].isupper():
            tail = reading.folded[before[last - 1].end : before[-1].end]
            if "," not in tail and not _CLAUSE.search(tail):
                return before[first].start, before[last - 1].end
    return None


def _parts(short: str) -> list[str]:
    """What of the long form a short one shows: initials one by one, other words whole.

    >>> _parts("CB, ĐV"), _parts("Sở GD&ĐT"), _parts("khóa XII")
    (['c', 'b', 'đ', 'v'], ['=sở', 'g', 'd', 'đ', 't'], [])
    """
    words = _WORD.findall(short)
    capitals = [w for w in words if w.isupper() and w.isalpha()]
    if sum(map(len, capitals)) < 2 or len(words) > 6:
        return []
    if any(not w.isupper() and not w[0].isupper() and not w.isdigit() for w in words):
        return []
    return [
        part for word in words for part in (fold(word) if word in capitals else ("=" + fold(word),))
    ]


def _aligned(parts: Sequence[str], words: Sequence[_Word], first: int) -> int:
    """The index after the last word that `parts` need from words[first:], 0 if they do not fit."""
    at, last = 0, 0
    for index in range(first, len(words)):
        if at == len(parts):
            return last
        word = words[index].folded
        if _shows(parts[at], word):
            at, last = at + 1, index + 1
        elif word not in _UNSAID or index == first:
            return 0
    return last if at == len(parts) else 0


def _shows(part: str, word: str) -> bool:
    if part.startswith("="):
        return part[1:] == word
    initial = word if word.isdigit() else word[0]
    return part in (initial, _bare(initial)) or (part == "w" and initial == "ư")


def _bare(initial: str) -> str:
    return initial if initial == "đ" else unaccented(initial)


def _by_first_words(reading: Reading, before: list[_Word], short: str) -> tuple[int, int] | None:
    """`Đảng bộ khối Các cơ quan ... tỉnh (Đảng bộ khối)`: the bracket repeats how it begins."""
    wanted = [fold(w) for w in _WORD.findall(short)]
    if not 2 <= len(wanted) <= 6 or not short[0].isupper() or any(w.isdigit() for w in wanted):
        return None
    for first in range(len(before) - len(wanted) - 1, -1, -1):
        if [w.folded for w in before[first : first + len(wanted)]] == wanted:
            start, end = before[first].start, before[-1].end
            return None if _CLAUSE.search(reading.folded, start, end) else (start, end)
    return None


def _from_its_first_word(
    reading: Reading, before: list[_Word], short: str
) -> tuple[int, int] | None:
    """From the last place where the phrase begins as the short form does, to its end."""
    wanted = [fold(w) for w in _WORD.findall(short)]
    for length in (2, 1):
        for first in range(len(before) - 2, -1, -1):
            if [w.folded for w in before[first : first + length]] == wanted[:length]:
                return before[first].start, before[-1].end
    return None


def _spelled_out_after(
    reading: Reading, before: list[_Word], bracket: re.Match[str]
) -> tuple[int, int] | None:
    """`BTV (Ban Thường vụ)`: the other way round."""
    last = before[-1]
    short = reading.text[last.start : last.end]
    if len(short) < 2 or not short.isupper() or last.end != bracket.start() - 1:
        return None
    words = [_Word(*m.span(), fold(m[0])) for m in _WORD.finditer(bracket[1])]
    fits = _aligned(_parts(short), words, 0) if _parts(short) and words else 0
    return (last.start, last.end) if fits and fits == len(words) else None


# --- spelled out --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Short:
    """A stock short form of the field, and what it stands for."""

    long: str
    forms: tuple[str, ...]  # as printed, capitals and all
    examples: tuple[str, ...]
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Spelled:
    """A text with its short forms written in full, and the way back to where each stood.

    >>> page = spell_out("Ngày 3/2, BTV Thành ủy họp.")
    >>> page.text
    'Ngày 3/2, Ban Thường vụ Thành ủy họp.'
    >>> start = page.text.index("Ban"); end = page.text.index(" họp")
    >>> page.source(start), page.source(end), page.source(start + 4)
    (10, 22, None)
    """

    text: str
    folded: str
    _begins: tuple[int, ...]  # where each stretch begins here, and
    _sources: tuple[int, ...]  # where it begins in the original
    _copied: tuple[bool, ...]  # false for a short form written in full

    def source(self, offset: int) -> int | None:
        """The original offset of one of this text's; None inside a short form."""
        stretch = bisect_right(self._begins, offset) - 1
        into = offset - self._begins[stretch]
        return self._sources[stretch] + into if self._copied[stretch] or into == 0 else None


def spell_out(
    text: str, declared: Iterable[Abbreviation] = (), *, folded: str | None = None
) -> Spelled:
    """`text` with its stock and its own declared short forms in full (see `Spelled`).

    `folded` is the text folded, if that is known: what is copied need not be folded again.
    """
    own = {a.short: a.long for a in declared if _SHORT.fullmatch(a.short)}
    declarations = {a.start_char for a in declared}
    stretches: list[tuple[str, int, bool]] = []
    position = 0
    for start, end, long in _shorts(text, own):
        if start in declarations:
            continue
        if start > position:
            stretches.append((text[position:start], position, True))
        stretches.append((long, start, False))
        position = end
    stretches.append((text[position:], position, True))
    return _joined(stretches, fold(text) if folded is None else folded)


def expand(short: str) -> str | None:
    """What a stock short form stands for, None for an unknown one.

    >>> expand("HĐND"), expand("XYZ")
    ('Hội đồng nhân dân', None)
    """
    return _stock().get(short)


# A run of capitals, with the signs that join them: GD&ĐT, NN & PTNT, LĐ-TB&XH, T.Ư
_SHORT: Final = re.compile(r"[A-ZĐƯ](?:[A-ZĐƯ]|(?:[&,.–-]|[ ]&[ ])[A-ZĐƯ]){1,16}")
_BEFORE: Final = re.compile(r"[\w/.–-]*$")  # 238/ before UBND
_AFTER: Final = re.compile(r"[\w/.–-]*")  # -CT/TW after 05
_CHAIN_REACH: Final = 24


@cache
def _stock() -> Mapping[str, str]:
    return {f: s.long for s in lexicon.read("abbreviations", Short) for f in s.forms}


@cache
def _phrases() -> Mapping[str, tuple[str, ...]]:
    """Stock short forms of several words (`UB MTTQ`) by their first, longest first."""
    by_first: dict[str, tuple[str, ...]] = {}
    for form in sorted((f for f in _stock() if " " in f), key=len, reverse=True):
        token = _SHORT.match(form)
        first = token[0] if token else form
        by_first[first] = (*by_first.get(first, ()), form)
    return by_first


def _shorts(text: str, own: Mapping[str, str]) -> Iterator[tuple[int, int, str]]:
    """Every short form with its long one, left to right, never one inside a document's number."""
    known = {**_stock(), **own}
    position = 0
    for token in _SHORT.finditer(text):
        if token.start() < position or _in_a_number_or_word(text, *token.span()):
            continue
        for start, end in _longest_known(text, token, known):
            yield start, end, known[_key(text[start:end])]
            position = end


def _in_a_number_or_word(text: str, start: int, end: int) -> bool:
    """Whether [start, end) is part of `238/UBND-KGVX` or of `KHối`."""
    if text[start - 1 : start] in " " and text[end : end + 1] in " ":
        return False  # as most do
    before = _BEFORE.search(text[max(0, start - _CHAIN_REACH) : start])
    after = _AFTER.match(text[end : end + _CHAIN_REACH])
    chain = (before[0] if before else "") + " " + (after[0] if after else "")
    within_a_word = text[start - 1 : start].isalnum() or text[end : end + 1].isalnum()
    return within_a_word or "/" in chain or any(c.isdigit() for c in chain)


def _key(short: str) -> str:
    return short.replace("–", "-")


def _longest_known(
    text: str, token: re.Match[str], known: Mapping[str, str]
) -> Iterator[tuple[int, int]]:
    """The stock phrase or the token itself if known, else what is among its parts (HĐND-UBND)."""
    start, end = token.span()
    for phrase in _phrases().get(token[0], ()):
        after = start + len(phrase)
        if text.startswith(phrase, start) and not text[after : after + 1].isalnum():
            yield start, after
            return
    if _key(token[0]) in known:
        yield start, end
        return
    for part in _WORD.finditer(token[0]):
        if part[0] in known:
            yield start + part.start(), start + part.end()


def _joined(stretches: Sequence[tuple[str, int, bool]], folded: str) -> Spelled:
    pieces = [piece for piece, _, _ in stretches]
    plain = [
        folded[source : source + len(piece)] if same else fold(piece)
        for piece, source, same in stretches
    ]
    begins = tuple(accumulate((len(p) for p in pieces[:-1]), initial=0))
    sources = tuple(source for _, source, _ in stretches)
    copied = tuple(same for _, _, same in stretches)
    return Spelled("".join(pieces), "".join(plain), begins, sources, copied)
