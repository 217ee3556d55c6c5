"""Vietnamese numerals, in digits and in words: `1.234,5 tỷ`, `hai mươi lăm`, `1 tỷ 250 triệu`.

A point groups thousands and a comma starts the decimals; words of scale (nghìn, vạn, triệu, tỷ)
multiply. `parse` reads a whole numeral and never guesses, `find` meets them in running text,
`write` and `spell` are their inverses.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from pipeline.vietnamese import match_key

_UNITS: Final = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_DIGITS: Final = {word: n for n, word in enumerate(_UNITS)} | {"bẩy": 7}
# After mười and mươi some digits change their form; `mươi năm` is ten years, never -5.
_AFTER_TEN: Final = {w: n for w, n in _DIGITS.items() if n not in (0, 5)} | {"lăm": 5, "nhăm": 5}
_AFTER_TENS: Final = _AFTER_TEN | {"mốt": 1, "tư": 4}
_SCALES: Final = {
    "chục": 10,
    "trăm": 100,
    "nghìn": 1000,
    "ngàn": 1000,
    "vạn": 10_000,
    "triệu": 10**6,
    "tỷ": 10**9,
    "tỉ": 10**9,
}
_MORE: Final = {"mười", "mươi", "linh", "lẻ", "rưỡi", "mốt", "tư", "lăm", "nhăm"}
_MOST_DIGITS: Final = 18  # more is a telephone, an account, a slip of the keyboard

_GROUPED: Final = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?")  # 8.330  1.234,5
_PLAIN: Final = re.compile(r"(?:0\d?|[1-9]\d*)(?:,\d+)?")  # 02  1236  71,33
_ENGLISH: Final = re.compile(
    r"\d{1,3}\.\d{1,2}|0\.\d+"
)  # 98.5, only where a % or a measure follows
_SPACED: Final = re.compile(r"[1-9]\d{0,2}(?:\s\d{3})+(?!\d|[.,/]\d)")  # 2 150
_COMMAS: Final = re.compile(r"[1-9]\d{0,2}(?:,\d{3}){2,}")  # 1,250,000

# tỷ also begins other words (tỷ lệ, tỷ trọng), and a slip glues the currency on (tỷđồng).
_SCALE: Final = (
    r"(?:chục|trăm|nghìn|ngàn|vạn|triệu|t[ỷỉ](?!\s(?:lệ|trọng|suất|số|giá|phú)))(?!(?!đồng)\w)"
)
_SCALE_AFTER: Final = re.compile(rf"\s{{0,2}}({_SCALE})")
_NEXT_PART: Final = re.compile(rf"\s(\d{{1,3}}(?:,\d{{1,3}})?)\s({_SCALE})")  # 1 tỷ[ 250 triệu]
_HALF: Final = re.compile(r"\srưỡi(?!\w)")
_MEASURED: Final = re.compile(
    r"""\s?(?: %                                   # 98.5%
             | (?:phần\s trăm | tỷ | tỉ | triệu    # 1.5 tỷ
             | km2? | m[23²³]? | ha | kg | tấn | tạ | lần)(?!\w) )""",
    re.VERBOSE,
)
_NUMBER_WORD: Final = "|".join((*_DIGITS, *(w for w in _SCALES if w not in ("tỷ", "tỉ")), *_MORE))
_SPELLED: Final = re.compile(
    rf"(?:{_NUMBER_WORD}|{_SCALE})(?:\s(?:(?:{_NUMBER_WORD})(?!\w)|{_SCALE})){{0,40}}"
)
_CANDIDATE: Final = re.compile(
    rf"""(?<!\w) (?:
        \d+(?:[.,]\d+)*                                        # 8.330
      | (?:một|hai|ba|bốn|năm|sáu|bảy|bẩy|tám|chín|mười)(?!\w)  # hai mươi lăm
      | (?={_SCALE}) (?: (?<=gần\s) | (?<=hơn\s) | (?<=trên\s) | (?<=ngót\s) | (?<=dưới\s)
          | (?<=khoảng\s) | (?<=chừng\s) )                     # gần [chục], hơn [trăm] triệu
    )""",
    re.VERBOSE,
)
# `mấy chục`, `hàng trăm`, `vài nghìn`, `hai ba người` say no number.
_VAGUE_BEFORE: Final = re.compile(r"(?:hàng|mấy|vài|dăm|nhiều|bao nhiêu)\s\Z")


class Numeral(NamedTuple):
    """A numeral at [start, end) of the folded text."""

    start: int
    end: int
    value: Decimal
    scale: Decimal  # of the words after it: 10**6 in `1,5 triệu`, else 1
    decimals: int  # stated after the comma: two in `71,33`
    spelled: bool  # in words
    bare: bool = False  # a word of scale alone: `gần chục`


def parse(text: str) -> Decimal | None:
    """The value of a whole numeral, or None if `text` is not one.

    >>> parse("8.330"), parse("1 tỷ 250 triệu"), parse("một trăm linh hai")
    (Decimal('8330'), Decimal('1250000000'), Decimal('102'))
    >>> parse("12/3"), parse("1.23"), parse("3.6"), parse("mấy chục")
    (None, None, None, None)
    """
    key = match_key(text)
    if not key:
        return None
    if key[0].isdigit():
        found = _digits(key, 0, len(key), english=False)
    else:
        found = _words(key, 0, len(key))
    whole = found is not None and found.end == len(key) and not found.bare
    return found.value if found and whole else None


def find(folded: str, start: int = 0, end: int | None = None) -> list[Numeral]:
    """The numerals of folded text from left to right, each as long as it can be read.

    Says nothing of what they count: `19/5` is two numerals, and `năm` alone (a year, or five)
    none. A run of digits of no numeral's shape (`3.6`, `0918.345.678`) is left out.

    >>> [(n.value, n.decimals) for n in find("đạt 71,33%, thu hơn 1,5 triệu; mười hai hộ")]
    [(Decimal('71.33'), 2), (Decimal('1500000'), 1), (Decimal('12'), 0)]
    """
    stop = len(folded) if end is None else end
    found: list[Numeral] = []
    position = start
    for match in _CANDIDATE.finditer(folded, start, stop):
        at = match.start()
        if at < position:
            continue
        if folded[at].isdigit():
            numeral = _digits(folded, at, stop, english=True)
            position = match.end()
        else:
            numeral, position = _spelled_at(folded, at, stop)
        if numeral is not None:
            found.append(numeral)
            position = numeral.end
    return found


def write(value: Decimal) -> str:
    """`value` in digits, as newspapers write it; `parse` reads it back.

    >>> write(Decimal("1234567.5"))
    '1.234.567,5'
    """
    whole, _, decimals = f"{value:f}".partition(".")
    grouped = f"{int(whole):,}".replace(",", ".")
    return f"{grouped},{decimals}" if decimals else grouped


def spell(value: int) -> str:
    """A whole number below 10**15 in words; `parse` reads it back.

    >>> spell(2025), spell(1_000_105)
    ('hai nghìn không trăm hai mươi lăm', 'một triệu một trăm linh năm')
    """
    if not 0 <= value < 10**15:
        raise ValueError(f"{value} is not between 0 and 10**15; write it in digits")
    if value >= 10**9:
        return _joined(value, 10**9, "tỷ")
    if value >= 10**6:
        return _joined(value, 10**6, "triệu")
    if value >= 1000:
        return _joined(value, 1000, "nghìn")
    return _spell_below_thousand(value, padded=False)


# --- digits -------------------------------------------------------------------------------

_RUN: Final = re.compile(r"\d+(?:[.,]\d+)*")


def _digits(folded: str, start: int, stop: int, *, english: bool) -> Numeral | None:
    run = _RUN.match(folded, start, stop)
    if run is None:
        return None
    text, end = run[0], run.end()
    if len(text) > _MOST_DIGITS and sum(map(str.isdigit, text)) > _MOST_DIGITS:
        return None
    if spaced := _SPACED.match(folded, start, min(stop, start + _MOST_DIGITS)):
        text, end = "".join(spaced[0].split()), spaced.end()
    if _GROUPED.fullmatch(text) or _PLAIN.fullmatch(text):
        plain = text.replace(".", "").replace(",", ".")
    elif _COMMAS.fullmatch(text):
        plain = text.replace(",", "")
    elif english and _ENGLISH.fullmatch(text) and _MEASURED.match(folded, end, stop):
        plain = text
    else:
        return None
    decimals = len(plain.partition(".")[2])
    scale, end = _scale_after(folded, end, stop)
    value = Decimal(plain) * scale
    lowest = scale
    while lowest > 1 and (part := _NEXT_PART.match(folded, end, stop)):
        smaller, part_end = _scale_after(folded, part.end(1), stop)
        addend = Decimal(part[1].replace(",", ".")) * smaller
        if addend >= lowest:
            break
        value, lowest, end = value + addend, smaller, part_end
    if lowest >= 100 and lowest == scale and (half := _HALF.match(folded, end, stop)):
        value, end = value + scale // 2, half.end()
    return Numeral(start, end, _tidy(value), Decimal(scale), decimals, False)


def _scale_after(folded: str, position: int, stop: int) -> tuple[int, int]:
    """The product of the words of scale that stand here (at most two, rising), and their end."""
    scale, last = 1, 0
    for _ in range(2):
        word = _SCALE_AFTER.match(folded, position, stop)
        if word is None or _SCALES[word[1]] <= last:
            break
        last = _SCALES[word[1]]
        scale, position = scale * last, word.end()
    return scale, position


def _tidy(value: Decimal) -> Decimal:
    """No exponent and no empty decimals: 1500000.0 as 1500000."""
    whole = value.to_integral_value()
    return whole.quantize(Decimal(1)) if whole == value else value.normalize()


# --- words --------------------------------------------------------------------------------


def _spelled_at(folded: str, start: int, stop: int) -> tuple[Numeral | None, int]:
    """The spelled numeral at `start`, if the words there say one number, and where to go on."""
    run = _SPELLED.match(folded, start, stop)
    if run is None:
        return None, start + 1
    numeral = _words(folded, start, run.end())
    if numeral is None or _VAGUE_BEFORE.search(folded, max(start - 12, 0), start):
        return None, run.end()
    rest = folded[numeral.end : run.end()].split()
    if folded[start : numeral.end] == "năm" or (rest and rest[0] != "năm"):
        return None, run.end()
    return numeral, numeral.end


def _words(folded: str, start: int, stop: int) -> Numeral | None:
    """The longest numeral in words that begins at `start`."""
    words = folded[start:stop].split()
    value, used = _read(words, 0)
    if not used:
        return None
    end = start
    for word in words[:used]:
        end = folded.index(word, end) + len(word)
    bare = words[0] in _SCALES
    return Numeral(start, end, Decimal(value), Decimal(1), 0, True, bare)


# What multiplies what stands before it, the largest first.
_LEVELS: Final = (("tỷ", "tỉ"), ("triệu",), ("vạn",), ("nghìn", "ngàn"))


def _read(words: Sequence[str], at: int, level: int = 0) -> tuple[int, int]:
    """The longest numeral at `words[at]` within a level of scale, and where it ends.

    A level is a coefficient of the next level, its word and a smaller rest:
    (hai nghìn năm trăm) tỷ (ba mươi triệu).
    """
    if level == len(_LEVELS):
        return _below_thousand(words, at)
    if at == 0 and words[0] in _LEVELS[level]:  # hơn [nghìn] tỷ
        coefficient, end = 1, 0
    else:
        coefficient, end = _read(words, at, level + 1)
        if end == at:
            return 0, at
    if end == len(words) or words[end] not in _LEVELS[level] or not coefficient:
        return coefficient, end
    scale = _SCALES[words[end]]
    end += 1
    if words[end : end + 1] == ["rưỡi"]:
        return coefficient * scale + scale // 2, end + 1
    rest, rest_end = _read(words, end, level + 1)
    return (coefficient * scale + rest, rest_end) if rest < scale else (coefficient * scale, end)


def _below_thousand(words: Sequence[str], at: int) -> tuple[int, int]:
    first, second, third, fourth = (*words[at : at + 4], "", "", "", "")[:4]
    if at > 0 and first in ("linh", "lẻ") and second in _DIGITS:  # một nghìn [linh năm]
        return _DIGITS[second], at + 2
    if at == 0 and first in ("chục", "trăm"):  # gần [chục]
        return _SCALES[first], 1
    if second != "trăm" or first not in _DIGITS:
        return _below_hundred(words, at)
    hundreds, end = _DIGITS[first] * 100, at + 2
    if third == "rưỡi":
        return hundreds + 50, end + 1
    if third in ("linh", "lẻ") and fourth in _DIGITS:
        return hundreds + _DIGITS[fourth], end + 2
    tens, tens_end = _below_hundred(words, end)
    return (hundreds + tens, tens_end) if tens >= 10 else (hundreds, end)


def _below_hundred(words: Sequence[str], at: int) -> tuple[int, int]:
    first, second, third = (*words[at : at + 3], "", "", "")[:3]
    if first == "mười":
        return (10 + _AFTER_TEN[second], at + 2) if second in _AFTER_TEN else (10, at + 1)
    if first not in _DIGITS:
        return 0, at
    digit = _DIGITS[first]
    if second == "mươi" and digit > 1:
        tens = digit * 10
        return (tens + _AFTER_TENS[third], at + 3) if third in _AFTER_TENS else (tens, at + 2)
    if second == "chục" and digit:
        return digit * 10, at + 2
    return digit, at + 1


def _joined(value: int, scale: int, word: str) -> str:
    whole, rest = divmod(value, scale)
    if not rest:
        return f"{spell(whole)} {word}"
    below = _spell_below_thousand(rest, padded=True) if rest < 1000 else spell(rest)
    return f"{spell(whole)} {word} {below}"


def _spell_below_thousand(value: int, *, padded: bool) -> str:
    hundreds, rest = divmod(value, 100)
    if not hundreds and not padded:
        return _spell_below_hundred(rest)
    head = f"{_UNITS[hundreds]} trăm"
    if not rest:
        return head
    tail = f"linh {_UNITS[rest]}" if rest < 10 else _spell_below_hundred(rest)
    return f"{head} {tail}"


def _spell_below_hundred(value: int) -> str:
    tens, unit = divmod(value, 10)
    if not tens:
        return _UNITS[unit]
    head = "mười" if tens == 1 else f"{_UNITS[tens]} mươi"
    if not unit:
        return head
    last = "lăm" if unit == 5 else "mốt" if unit == 1 and tens > 1 else _UNITS[unit]
    return f"{head} {last}"
