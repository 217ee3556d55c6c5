"""Find and parse PHP `print_r` and `var_dump` output that a template leaked into an article.

    >>> text = "Trước. Array ( [id] => 7 [t] => Họp (mở rộng [tag] => ) Sau."
    >>> [dump] = find(text)
    >>> text[dump.start : dump.end]
    'Array ( [id] => 7 [t] => Họp (mở rộng [tag] => )'
    >>> dump.entries
    ((('id', '7'), ('t', 'Họp (mở rộng'), ('tag', '')),)

Prose is left alone, even prose that talks about arrays:

    >>> find("Array (mảng) là kiểu dữ liệu; Array() là mảng rỗng.")
    []

`print_r` does not escape, so a value may hold whatever the syntax is made of and only the shape
tells the two apart. As PHP prints it, a key starts a line and a closing parenthesis has the
indentation of its opening one. Flattened to one line, a closing parenthesis stands alone, and the
key after it must be one that the array it returns to is waiting for. `var_dump` states lengths.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

Entry = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Dump:
    """One leaked dump at [start, end) of the text; an entry is its (key, value) pairs in order.

    Every array with plain values under named keys is an entry; arrays under numbered keys are
    entries only where a dump has no others. A value that the end of the capture cuts is left out.
    """

    start: int
    end: int
    entries: tuple[Entry, ...]
    truncated: bool  # the capture ends before the dump does


# --- the shapes ---------------------------------------------------------------------------

_GAP: Final = r"(?:\s++|&nbsp;|<br[ ]?/?>)*+"  # white space, as text or as HTML
_BLANK: Final = r"(?:[^\S\n]|&nbsp;)*+"  # the same within a line
_ARROW: Final = r"=(?:>|&gt;)"
_QUOTE: Final = r"(?:\"|&quot;|&\#0?34;)"
_NAME: Final = r"\[[^\[\]\n]{0,120}"  # `[news_id`, `["name":protected`
_KEY: Final = rf"{_NAME}\]{_BLANK}{_ARROW}"  # `[news_id] =>`, `["news_id"]=&gt;`
_HALF_KEY: Final = (
    rf"{_NAME}(?:\]{_BLANK}(?:=(?:&(?:gt?)?)?)?)?\Z"  # `[news_`, `[id] =`, at the end
)
# What makes `Array (` more than prose: a key, nothing at all, or a key that the end cuts.
_BODY: Final = rf"(?={_GAP}(?:{_KEY}|{_HALF_KEY}))"

_OBJECT: Final = r"(?:stdClass|(?<![\w\\])[A-Za-z_\\][A-Za-z0-9_\\]*+)[ ]Object"
_PARENTHESIS: Final = rf"""
    (?: {_GAP}\((?:{_BODY}|(?=(?:\s|&nbsp;|<br){_GAP}\)))    # ( [id] =>, (  )
      | {_BLANK}\r?\n{_GAP}\((?={_GAP}\Z) )                  # cut by the end after its own line
"""
_ARRAY: Final = rf"Array{_PARENTHESIS}"  # Array (
_PRINT_R: Final = rf"(?:Array|{_OBJECT}){_PARENTHESIS}"  # stdClass Object (, App\News Object (
_VAR_DUMP: Final = rf"""
    (?:array\(\d+\)                                     # array(3) {{
     | object\([^()\n]{{1,120}}\)\#\d+{_BLANK}\(\d+\))        # object(stdClass)#1 (2) {{
    {_GAP}\{{(?:{_BODY}|(?={_GAP}(?:\}}|\Z)))
"""


def _openings(print_r: str) -> str:
    return rf"""
    {_KEY}{_GAP}(?:{print_r}|{_VAR_DUMP})     # within another dump
  | (?P<print_r>{print_r})
  | (?P<var_dump>{_VAR_DUMP})
    """


_OPENING: Final = re.compile(_openings(_PRINT_R), re.VERBOSE)
# Where no object is printed an opening has one of three first letters: found four times as fast.
_OPENING_OF_ARRAY: Final = re.compile(rf"(?=[\[Aao])(?:{_openings(_ARRAY)})", re.VERBOSE)
_TOKEN: Final = re.compile(
    rf"""
    (?:\n|<br[ ]?/?>\n?)(?P<indent>{_BLANK})   # the start of a line
  | \[(?P<key>[^\[\]\n]{{0,120}})\]{_BLANK}{_ARROW}(?P<array>{_GAP}{_PRINT_R})?
  | (?P<closing>\))
    """,
    re.VERBOSE,
)
_VAR_KEY: Final = re.compile(
    rf"""
    \[(?: (?P<number>-?\d+)                                       # [0]=>
        | {_QUOTE}(?P<name>[^\n]{{0,120}}?){_QUOTE}                 # ["news_id"]=>
          (?::(?:protected|{_QUOTE}[^\n]{{1,120}}?{_QUOTE}:private))?  # ["id":"News":private]=>
      )\]{_GAP}{_ARROW}{_GAP}
    """,
    re.VERBOSE,
)
_VAR_OPENING: Final = re.compile(rf"&?(?:{_VAR_DUMP})", re.VERBOSE)
_VAR_STRING: Final = re.compile(rf"&?string\((?P<length>\d{{1,9}})\){_GAP}{_QUOTE}")
_VAR_STRING_END: Final = re.compile(rf"{_QUOTE}(?={_GAP}(?:\}}|{_KEY}|\Z))")
_VAR_PLAIN: Final = re.compile(
    r"""
    &?(?: (?:int|float|double|bool|enum)\((?P<value>[^()\n]{0,200})\)  # int(5), bool(true)
        | NULL | \*RECURSION\*
        | uninitialized\([^()\n]{0,200}\)
        | resource\(\d+\)\ of\ type\ \([^()\n]{0,200}\) )
    """,
    re.VERBOSE,
)
_GAPS: Final = re.compile(_GAP)
_PIECE: Final = re.compile(r"\s++|&nbsp;|<br[ ]?/?>|(?P<word>[^\s&<]++|.)")
_ALONE: Final = re.compile(rf"{_BLANK}(?:\n|<|\Z)")
_ALONE_IN_LINE: Final = re.compile(r"\s|<|&nbsp;|\Z")
_NEXT_KEY: Final = re.compile(rf"{_GAP}{_KEY}")
_PLAIN_KEY: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.:\\/-]*+", re.ASCII)
_VISIBILITY: Final = re.compile(r"(?::[\w\\]+)?:(?:protected|private)\Z")
# Where a dump that nothing closes has its end: a paragraph's, its element's or the capture's.
_BREAK: Final = re.compile(r"\n[^\S\n]*+\n|</(?:pre|div|body|html)\b")
_REST: Final = re.compile(rf"\s*+(?:{_HALF_KEY}|\Z)")


# --- finding ------------------------------------------------------------------------------


def find(text: str) -> list[Dump]:
    """The outermost dumps, left to right, in time linear in the text."""
    if not any(word in text for word in ("Array", "array(", " Object", "object(")):
        return []
    pattern = _OPENING if " Object" in text else _OPENING_OF_ARRAY
    openings = [m for m in pattern.finditer(text) if m.lastgroup]
    stops = [*(m.start() for m in openings[1:]), len(text)]
    dumps: list[Dump] = []
    for opening, stop in zip(openings, stops, strict=False):
        tree = _read(text, opening, stop)
        end = tree.end
        if end is None:
            end = _broken_off(text, tree.position, stop)
            if _is_whole(text, tree.position, end):
                tree.end_value(end)
        dumps.append(Dump(opening.start(), end, tree.entries(), tree.end is None))
    return dumps


def _read(text: str, opening: re.Match[str], stop: int) -> _Tree:
    """The strictest reading under which the dump ends; without one, the strictest."""
    if opening.lastgroup == "var_dump":
        return _by_types(text, opening.end(), stop)
    first: _Tree | None = None
    for tree in _readings(text, opening, stop):
        if tree.end is not None:
            return tree
        first = first or tree
    assert first is not None
    return first


def _readings(text: str, opening: re.Match[str], stop: int) -> Iterator[_Tree]:
    gap = _GAPS.match(text, opening.end())
    if gap is not None and ("\n" in gap[0] or "<" in gap[0]):
        for indented, alone in ((True, True), (True, False), (False, True), (False, False)):
            yield _by_lines(text, opening, stop, indented=indented, alone=alone)
        return
    yield _by_keys(text, opening, stop, spaced=True)
    attached = _by_keys(text, opening, stop, spaced=False)
    # "Array ( [a] => :)" at the end is rather cut short than closed
    if opening[0].endswith(("y(", "t(")) or not _REST.match(text, attached.position):
        yield attached


def _broken_off(text: str, position: int, stop: int) -> int:
    broken = _BREAK.search(text, position, stop)
    end = broken.start() if broken else stop
    if _REST.match(text, end):
        return len(text)
    return position + len(text[position:end].rstrip())


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether a value that is last before a cut has its line to the end, and opens no array."""
    ends_line = text.startswith("\n", end) or text.endswith("\n", start, end)
    return ends_line and not text[start:end].rstrip().endswith(("Array", " Object"))


# --- what has been read of a dump ---------------------------------------------------------


@dataclass(slots=True)
class _Array:
    indent: int | None  # of its opening parenthesis; None where unknown
    key_indent: int | None = None
    keys: set[str] = field(default_factory=set)
    next_number: int = 0
    named: bool = False  # has a key that is no number
    pairs: list[tuple[str, str]] = field(default_factory=list)

    def add(self, key: str) -> None:
        self.keys.add(key)
        if key.isdecimal():
            self.next_number = int(key) + 1
        else:
            self.named = True

    def waits_for(self, key: str) -> bool:
        if key.isdecimal():
            return int(key) == self.next_number
        return self.named and key not in self.keys


class _Tree:
    """The arrays of a dump as they open and close, and the value being read."""

    def __init__(self, text: str, position: int, indent: int | None = None) -> None:
        self.text = text
        self.arrays = [_Array(indent)]
        self.open = [self.arrays[0]]
        self.key: str | None = None
        self.position = position  # where the structure read so far ends, and so the value starts
        self.escaped = False
        self.end: int | None = None

    def start_value(self, key: str, position: int) -> None:
        self.escaped = self.escaped or self.text.endswith("&gt;", 0, position)
        self.open[-1].add(key)
        self.key, self.position = key, position

    def start_array(self, position: int, indent: int | None = None) -> None:
        self.arrays.append(_Array(indent))
        self.open.append(self.arrays[-1])
        self.key, self.position = None, position

    def end_value(self, end: int) -> None:
        if self.key is not None:
            self.add(self.key, self.text[self.position : end])
        self.key = None

    def add(self, key: str, value: str) -> None:
        self.open[-1].pairs.append((_VISIBILITY.sub("", key), self.plain(value)))

    def plain(self, value: str) -> str:
        if "<br" in value or "&nbsp;" in value:
            words = [piece for piece in _PIECE.finditer(value) if piece["word"]]
            value = value[words[0].start() : words[-1].end()] if words else ""
        return (html.unescape(value) if self.escaped else value).strip()

    def end_arrays(self, number: int, position: int) -> None:
        """Close the innermost `number` arrays; `position` is after the last one's parenthesis."""
        del self.open[len(self.open) - number :]
        self.position = position
        if not self.open:
            self.end = position

    def entries(self) -> tuple[Entry, ...]:
        filled = [a for a in self.arrays if a.pairs]
        records = [a for a in filled if not all(key.isdecimal() for key, _ in a.pairs)]
        return tuple(tuple(a.pairs) for a in records or filled)


# --- print_r ------------------------------------------------------------------------------


def _by_lines(
    text: str, opening: re.Match[str], stop: int, *, indented: bool, alone: bool
) -> _Tree:
    """Keys and closing parentheses start a line, at their indentation where it is `indented`.

    A closing parenthesis has its line to itself; unless `alone`, prose may follow the last one.
    """
    tree = _Tree(text, opening.end(), _parenthesis_indent(opening[0], None))
    line = indent = -1
    for token in _TOKEN.finditer(text, opening.end(), stop):
        if token["indent"] is not None:
            line, indent = token.end(), _width(token["indent"])
            continue
        if token.start() != line:
            continue
        array = tree.open[-1]
        if token["key"] is not None:
            if indented and array.key_indent not in (None, indent):
                continue
            array.key_indent = indent
            tree.end_value(token.start())
            arrow = token.start("array") if token["array"] else token.end()
            tree.start_value(token["key"], arrow)
            if token["array"]:
                tree.start_array(token.end(), _parenthesis_indent(token["array"], indent))
        elif _ALONE.match(text, token.end(), stop) or not (alone or tree.open[1:]):
            if indented and array.indent not in (None, indent):
                continue
            if len(tree.open) == 1 and _NEXT_KEY.match(text, token.end(), stop):
                continue  # it is a line of the value: the dump goes on
            tree.end_value(token.start())
            tree.end_arrays(1, token.end())
            if tree.end is not None:
                break
    return tree


def _parenthesis_indent(opening: str, line_indent: int | None) -> int | None:
    before = re.split(r"\n|<br[ ]?/?>", opening[: opening.rindex("(")])
    return _width(before[-1]) if len(before) > 1 else line_indent


def _width(indent: str) -> int:
    return len(indent.replace("&nbsp;", " "))


def _by_keys(text: str, opening: re.Match[str], stop: int, *, spaced: bool) -> _Tree:
    """Any identifier in brackets before an arrow is a key; what precedes it says what it closes.

    Closing parentheses count where they stand alone (`spaced`), or where the value has not
    opened them itself.
    """
    tree = _Tree(text, opening.end())
    run: list[int] = []  # closing parentheses side by side, since the last key
    complete: list[int] = []  # the first such run that is long enough to end the dump
    own = 0  # parentheses the value has opened
    beside = False  # nothing but white space since the run
    seen = opening.end()
    for token in _TOKEN.finditer(text, opening.end(), stop):
        own += text.count("(", seen, token.start())
        beside = beside and _GAPS.fullmatch(text, seen, token.start()) is not None
        seen = token.end()
        if token["indent"] is not None:
            if complete:
                break
        elif token["closing"]:
            if own and not spaced:
                own -= 1
                beside = False
            elif spaced and not _stands_alone(text, token.start()):
                beside = False
            elif beside:
                run.append(token.start())
            elif not complete:
                run, beside = [token.start()], True
            if len(run) >= len(tree.open):
                complete = run
        elif token["array"] or _PLAIN_KEY.fullmatch(token["key"]):
            closed = _closed_before(token["key"], tree.open, len(run) if beside else 0)
            if not closed and token["key"] in tree.open[-1].keys:
                beside = False
                continue  # no array has a key twice: it is part of the value
            tree.end_value(run[-closed] if closed else token.start())
            tree.end_arrays(closed, token.start())
            arrow = token.start("array") if token["array"] else token.end()
            tree.start_value(token["key"], arrow)
            if token["array"]:
                tree.start_array(token.end())
            run, complete, own, beside = [], [], 0, False
        else:
            beside = False
    if complete:
        # More than needed: the first ones are the value's, unless "(xem Array ( ... ) )" has one.
        depth = len(tree.open)
        spare = 0 if _in_parentheses(text, opening.start()) else len(complete) - depth
        tree.end_value(complete[spare])
        tree.end_arrays(depth, complete[spare + depth - 1] + 1)
    elif beside and not text[run[-1] + 1 : stop].strip():
        tree.end_value(run[0])  # cut after some of its parentheses
        tree.end_arrays(len(run), run[-1] + 1)
    return tree


def _stands_alone(text: str, position: int) -> bool:
    before = text[position - 1].isspace() or text.endswith(("&nbsp;", ">"), 0, position)
    return before and _ALONE_IN_LINE.match(text, position + 1) is not None


def _closed_before(key: str, open_arrays: list[_Array], most: int) -> int:
    """How many of `most` parentheses close an array, so that one is left which may take `key`."""
    candidates = range(min(most, len(open_arrays) - 1), -1, -1)
    for closed in candidates:
        if open_arrays[-1 - closed].waits_for(key):
            return closed
    for closed in candidates:
        if key not in open_arrays[-1 - closed].keys:
            return closed
    return 0


def _in_parentheses(text: str, start: int) -> bool:
    """Whether the line opened a parenthesis shortly before `start` and has not closed it."""
    line = text[max(0, start - 200) : start].rpartition("\n")[2]
    return line.rfind("(") > line.rfind(")")


# --- var_dump -----------------------------------------------------------------------------


def _by_types(text: str, position: int, stop: int) -> _Tree:
    """Every value says its type, and a string its length in bytes of UTF-8."""
    tree = _Tree(text, position)
    lengths_hold = True
    while tree.end is None:
        position = _end_of_gap(text, tree.position, stop)
        if text.startswith("}", position, stop):
            tree.end_arrays(1, position + 1)
            continue
        key = _VAR_KEY.match(text, position, stop)
        if key is None:
            break
        tree.escaped = tree.escaped or "&gt;" in key[0]
        name = key["number"] or tree.plain(key["name"] or "")
        if array := _VAR_OPENING.match(text, key.end(), stop):
            tree.start_array(array.end())
        elif plain := _VAR_PLAIN.match(text, key.end(), stop):
            tree.add(name, plain["value"] or "")
            tree.position = plain.end()
        elif string := _VAR_STRING.match(text, key.end(), stop):
            closing, as_long = _string_end(text, string, stop, lengths_hold, tree.escaped)
            if closing is None:
                tree.position = string.end()
                break
            lengths_hold = lengths_hold and as_long
            tree.add(name, text[string.end() : closing.start()])
            tree.position = closing.end()
        else:
            break
    return tree


def _string_end(
    text: str, string: re.Match[str], stop: int, lengths_hold: bool, escaped: bool
) -> tuple[re.Match[str] | None, bool]:
    """The quotation mark that ends a string, and whether it is where the length says.

    Where white space was flattened lengths are off, and the first mark before a key or brace it is.
    """
    first = closing = _VAR_STRING_END.search(text, string.end(), stop)
    left = int(string["length"])
    start = string.end()
    while closing is not None and lengths_hold:
        value = text[start : closing.start()]
        left -= len((html.unescape(value) if escaped else value).encode("utf-8", "surrogatepass"))
        if left <= 0:
            break
        start = closing.start()
        closing = _VAR_STRING_END.search(text, closing.end(), stop)
    return (closing, True) if closing is not None and left == 0 else (first, False)


def _end_of_gap(text: str, position: int, stop: int) -> int:
    gap = _GAPS.match(text, position, stop)
    return gap.end() if gap else position
