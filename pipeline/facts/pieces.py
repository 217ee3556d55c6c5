"""A sentence as typed pieces: numerals, words, signs; dates and codes already set apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, Literal, NamedTuple, TypeVar

from pipeline import numerals
from pipeline.facts.vocabulary import NAMING_BEFORE, Suffixes
from pipeline.numerals import Numeral

T = TypeVar("T")
Kind = Literal[
    "number", "percent", "word", "code", "date", "note", "open", "close", "comma", "semicolon",
    "colon", "stop", "slash", "dash", "equals", "quote", "other",
]  # fmt: skip

_PIECE: Final = re.compile(
    r"""
    (?!\s) (?:                                                       # at a space no more is tried
      (?P<plain> [^\W\d_]+(?![\w-]) )                                # chi: most are such words
    | (?P<date> \d{1,2}[/.-]\d{1,2}[/.-](?:19|20)\d\d(?!\d)          # 12/8/2022
        | (?:0?[1-9]|1[0-2])[/-](?:19|20)\d\d(?![\d.,]\d|\d)         # 8/2022
        | (?:19|20)\d\d\s{0,2}-\s{0,2}(?:19|20)\d\d(?!\d)            # 2020 - 2025
        | \d{1,2}(?: :\d{2} | h\d{0,2} | g\d{2})(?!\w) )             # 08:04  20h30
    | (?P<code> \d{1,5}(?:/\d{4})?-[^\W\d_]\w*(?:[/-]\w+){0,3}       # 05-ct/tw
        | \d{1,5}(?:/\d{4})?/[^\W\d_]{1,5}-\w+                       # 61/2017/nđ-cp
        | [^\W\d_]+-\d+\w*                                           # covid-19
        | \d+(?:[.,]\d+)*  )                                         # 3.6, where no numeral stands
    | (?P<note> \[\d{1,3}\] | (?<=\w)\(\d\) )                        # đảng viên[2]
    | (?P<word> [^\W\d_]+(?:-[^\W\d_]+)*\d*\w* )                     # chi, vắc-xin, m2
    | (?P<stop> [.…!?]+ )
    | (?P<sign> \S )
    )""",
    re.VERBOSE,
)
_SIGNS: Final[dict[str, Kind]] = {
    "%": "percent", "(": "open", "[": "open", ")": "close", "]": "close", ",": "comma",
    ";": "semicolon", ":": "colon", "/": "slash", "-": "dash", "=": "equals", '"': "quote",
}  # fmt: skip
_CLAUSE_ENDS: Final = frozenset(("comma", "semicolon", "colon", "stop", "open", "close", "quote"))
_PER_CENT: Final = re.compile(r"phần\străm(?!\w)")
_LONGEST_NAME: Final = 16  # pieces of a quoted name; a quoted sentence is longer
_NUMBER_WORDS_IN_NAME: Final = 8  # a quotation this short is a name even without `mô hình`


class Piece(NamedTuple):
    kind: Kind
    start: int
    end: int
    text: str  # folded
    numeral: Numeral | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence in pieces, beside the text and its folded twin (offsets are the article's)."""

    text: str
    folded: str
    start: int
    end: int
    pieces: tuple[Piece, ...]
    closing: dict[int, int]  # of an opening bracket's index, that of its closing one
    clauses: tuple[int, ...]  # of each piece, the first piece of its clause
    named: frozenset[int]  # the pieces between the quotation marks of a name

    def kind(self, index: int) -> str:
        """The kind of a piece, "" beyond either end."""
        return self.pieces[index].kind if 0 <= index < len(self.pieces) else ""

    def word(self, index: int) -> str:
        """The folded text of a piece, "" beyond either end."""
        return self.pieces[index].text if 0 <= index < len(self.pieces) else ""

    def glued(self, index: int) -> bool:
        """Whether nothing stands between a piece and the one before it."""
        if not 0 < index < len(self.pieces):
            return False
        return self.pieces[index - 1].end == self.pieces[index].start

    def capital(self, index: int) -> bool:
        return self.text[self.pieces[index].start].isupper()

    def phrase(self, first: int, after: int) -> str:
        """The text of the pieces [first, after), which are at least one."""
        return self.text[self.pieces[first].start : self.pieces[after - 1].end]

    def index_at(self, offset: int, index: int) -> int:
        """The first piece from `index` on that begins at `offset` or later."""
        while index < len(self.pieces) and self.pieces[index].start < offset:
            index += 1
        return index

    def before(self, index: int, suffixes: Suffixes[T]) -> tuple[int, T] | None:
        """The longest of the phrases that ends right before a piece: its first piece, its value."""
        if self.word(index - 1) not in suffixes.lasts:
            return None
        first = index
        while first > 0 and index - first < suffixes.longest and self.kind(first - 1) == "word":
            first -= 1
        while first < index:
            phrase = " ".join(piece.text for piece in self.pieces[first:index])
            if (value := suffixes.phrases.get(phrase)) is not None:
                return first, value
            first += 1
        return None


def line(text: str, folded: str, start: int, end: int) -> Line | None:
    """The sentence at [start, end) in pieces, or None if it holds no numeral, or only `một`."""
    found = numerals.find(folded, start, end)
    if not found or _only_one(folded, start, end, found):
        return None
    pieces = _pieces(folded, start, end, {n.start: n for n in found})
    ends = [i for i, piece in enumerate(pieces) if piece.kind in _CLAUSE_ENDS]
    clauses = _clauses(ends, len(pieces))
    read = Line(text, folded, start, end, pieces, _closing(pieces, ends), clauses, frozenset())
    named = frozenset(index for name in _names(read, ends) for index in name)
    return replace(read, named=named) if named else read


def _only_one(folded: str, start: int, end: int, found: list[Numeral]) -> bool:
    """Whether all numerals are `một`, which `refusals` lets state nothing but a percentage.

    Many a sentence has just these, and need not be cut into pieces.
    """
    if any(not numeral.spelled or numeral.value != 1 for numeral in found):
        return False
    return folded.find("%", start, end) < 0 and folded.find("phần", start, end) < 0


def _pieces(folded: str, start: int, end: int, found: dict[int, Numeral]) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    position = start
    while position < end:
        # a numeral or "phần trăm" is longer than its first piece: the scan goes on behind it
        position = _scan(folded, position, end, found, pieces)
    return tuple(pieces)


def _scan(folded: str, start: int, end: int, found: dict[int, Numeral], pieces: list[Piece]) -> int:
    """Append the pieces up to the end of the next numeral or "phần trăm"; where that is."""
    for match in _PIECE.finditer(folded, start, end):
        kind, word, at = match.lastgroup, match[0], match.start()
        if (numeral := found.get(at)) is not None and _free(match, numeral):
            pieces.append(Piece("number", at, numeral.end, folded[at : numeral.end], numeral))
            return numeral.end
        if word == "phần" and (per_cent := _PER_CENT.match(folded, at, end)):
            pieces.append(Piece("percent", at, per_cent.end(), "%"))
            return per_cent.end()
        if kind == "plain":
            kind = "word"
        elif kind == "sign":
            kind = _SIGNS.get(word, "other")
        pieces.append(Piece(kind, at, match.end(), word))  # type: ignore[arg-type]  # its groups are kinds
    return end


def _free(match: re.Match[str], numeral: Numeral) -> bool:
    """Whether the numeral stands for itself: `05` of 05-CT/TW, `12` of 12/8/2022 do not."""
    if match.lastgroup == "code":
        return match.end() <= numeral.end
    return match.lastgroup in ("plain", "word")


def _closing(pieces: tuple[Piece, ...], ends: list[int]) -> dict[int, int]:
    closing: dict[int, int] = {}
    opened: list[int] = []
    for index in ends:
        kind = pieces[index].kind
        if kind == "open":
            opened.append(index)
        elif kind == "close" and opened:
            closing[opened.pop()] = index
    return closing


def _clauses(ends: list[int], count: int) -> tuple[int, ...]:
    starts: list[int] = []
    for end in (*ends, count - 1):
        starts += [len(starts)] * (end + 1 - len(starts))
    return tuple(starts)


def _names(line: Line, ends: list[int]) -> Iterator[range]:
    """What stands between quotation marks and is a name: short, or called one."""
    opened: int | None = None
    for mark in ends:
        if line.pieces[mark].kind != "quote":
            continue
        opens = line.text[line.pieces[mark].start] == "“"
        if opened is None or opens:
            opened = mark
            continue
        length = mark - opened - 1
        named = line.before(opened, NAMING_BEFORE) is not None
        if length <= (_LONGEST_NAME if named else _NUMBER_WORDS_IN_NAME):
            yield range(opened + 1, mark)
        opened = None
