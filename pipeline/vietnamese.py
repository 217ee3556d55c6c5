"""Vietnamese orthography: one spelling to match on, and never a changed offset.

Rules match on `fold(text)`, which is exactly as long as `text`: what is found at [a, b) of the
folded text stands at [a, b) of the text itself. Nothing is ever folded in the text we keep.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# One character for one character: a foreign Ð (U+00D0, a common typing slip) is a Đ, every
# space is a space, every dash a hyphen, every quotation mark one of two.
_ALIKE: Final = {
    character: to
    for group, to in (
        ("ð", "đ"),
        (
            "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u3000\t",
            " ",
        ),
        ("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
        ("“”„‟«»＂", '"'),
        ("‘’‚‛‹›`´", "'"),
    )
    for character in group
}
_UNLIKE: Final = re.compile(f"[{''.join(_ALIKE)}]")

# Two schools place the mark of oa, oe and uy: hoà or hòa, thuý or thúy (never quý, never hoàn).
_OLD_TO_NEW: Final = {
    old + tail: new
    for old, tail, new in (
        *(("o" + a, "", o + "a") for a, o in zip("àáảãạ", "òóỏõọ", strict=True)),
        *(("o" + e, "", o + "e") for e, o in zip("èéẻẽẹ", "òóỏõọ", strict=True)),
        *(("u" + y, "", u + "y") for y, u in zip("ỳýỷỹỵ", "ùúủũụ", strict=True)),
    )
}
_OLD_TONE: Final = re.compile(  # its letters first, which are looked for fast
    r"(?:o[àáảãạèéẻẽẹ]|u[ỳýỷỹỵ])(?<!q..)(?!\w)"
)

# The tones and shapes of letters, stripped for identifiers and for accent-blind search.
_MARKS: Final = re.compile(r"[\u0300-\u036f]")


def nfc(text: str) -> str:
    """Accents composed: `e` + U+0302 + U+0301 becomes `ế`."""
    return unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """Lower case, new tone placement, plain dashes, quotes and spaces; the same length.

    >>> fold("ỦY BAN khoá XII – Thuỷ, “quý”")
    'ủy ban khóa xii - thủy, "quý"'
    >>> text = "Đảng uỷ Khối"
    >>> len(fold(text)) == len(text)
    True
    """
    lower = text.lower()
    if len(lower) != len(text):  # İ alone becomes two characters
        lower = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    plain = _UNLIKE.sub(lambda m: _ALIKE[m[0]], lower)
    return _OLD_TONE.sub(lambda m: _OLD_TO_NEW[m[0]], plain)


def match_key(text: str) -> str:
    """What two spellings of one name share: folded, composed, single spaces.

    >>> match_key("Đảng  uỷ\\nKhối") == match_key("ĐẢNG ỦY KHỐI")
    True
    """
    return " ".join(fold(nfc(text)).split())


def unaccented(text: str) -> str:
    """Letters without tone or shape, đ as d; NFC text keeps its length.

    >>> unaccented("Đảng ủy Khối, điểm")
    'Dang uy Khoi, diem'
    """
    bare = _MARKS.sub("", unicodedata.normalize("NFD", text))
    return bare.replace("đ", "d").replace("Đ", "D")


def slug(text: str) -> str:
    """An identifier made of a name: unaccented, lower case, hyphens.

    >>> slug("Ban Thường vụ Tỉnh ủy")
    'ban-thuong-vu-tinh-uy'
    """
    return re.sub(r"[^0-9a-z]+", "-", unaccented(fold(text))).strip("-")
