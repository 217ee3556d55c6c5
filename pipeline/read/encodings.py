"""Bytes to characters: the encoding they are in, whatever they claim, and what had to be mended.

>>> decode("Đảng bộ".encode("utf-16")).text
'Đảng bộ'
>>> page = '<meta charset="iso-8859-1"><p>Đảng bộ</p>'.encode("utf-8")
>>> decode(page).text, decode(page).repairs
('<meta charset="iso-8859-1"><p>Đảng bộ</p>', ('wrong-declaration',))
>>> decode("Äáº£ng bá»™".encode("utf-8")).repairs
('double-encoded-utf8',)
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import Final

import ftfy


class UndecodableError(ValueError):
    """Bytes that are no text we can read; `code` for the failures table, the message for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Decoded:
    text: str  # without byte order mark; otherwise as written, not NFC
    encoding: str
    repairs: tuple[str, ...] = ()


# --- the encoding -------------------------------------------------------------------------

_MARKS: Final = (  # the longer ones first: UTF-32's begins like UTF-16's
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SIGNATURES: Final = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"RIFF", "an image, sound or film"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\xd0\xcf\x11\xe0", "an old Microsoft Office document"),
    (b"\x1f\x8b", "gzip data inside gzip data"),
    (b"\x28\xb5\x2f\xfd", "zstandard data"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"PAR1", "a Parquet file"),
    (b"{\\rtf", "a rich text (RTF) document"),
    (b"\x7fELF", "a program"),
)
_DECLARATION: Final = re.compile(
    rb"""
    <meta\b[^>]{0,400}?charset\s{0,9}=\s{0,9}["']?\s{0,9}([\w.:-]{1,40})  # <meta charset="utf-8">
  | <\?xml\b[^>]{0,200}?encoding\s{0,9}=\s{0,9}["']([\w.:-]{1,40})        # <?xml encoding="utf-8"
    """,
    re.VERBOSE | re.IGNORECASE,
)
_DECLARED_WITHIN: Final = 8192  # bytes; browsers stop at 1024, careless templates do not
# What pages of this genre declare, and how browsers read it: ISO 8859-1 means windows-1252.
_LABELS: Final = {
    "utf-8": "utf-8", "utf8": "utf-8", "unicode-1-1-utf-8": "utf-8",
    "utf-16": "utf-16", "utf-16le": "utf-16", "utf-16be": "utf-16", "unicode": "utf-16",
    "windows-1258": "windows-1258", "cp1258": "windows-1258", "x-cp1258": "windows-1258",
    "windows-1252": "windows-1252", "cp1252": "windows-1252", "x-cp1252": "windows-1252",
    "iso-8859-1": "windows-1252", "iso8859-1": "windows-1252", "latin1": "windows-1252",
    "latin-1": "windows-1252", "us-ascii": "windows-1252", "ascii": "windows-1252",
}  # fmt: skip
_CONTROL: Final = re.compile("[\0-\x08\x0e-\x19\x1c-\x1f]")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def decode(raw: bytes, declared: str | None = None) -> Decoded:
    """The characters of `raw`; what bytes show wins over what they or HTTP declare.

    `declared` is a charset from outside the bytes, such as HTTP's; HTML's own is found.
    Raises UndecodableError (`empty`, `binary`, `unknown_encoding`) and nothing else.
    """
    for signature, what in _SIGNATURES:
        if raw.startswith(signature):
            raise UndecodableError("binary", f"it is {what}, not a page; save the page itself")
    label = _declaration(raw, declared)
    decoded = _decode(raw, label)
    repairs = decoded.repairs
    if label and label != "utf-16" and label != decoded.encoding and not raw.isascii():
        repairs = ("wrong-declaration", *repairs)
    if not decoded.text.strip(" \t\r\n\v\f\ufeff"):
        raise UndecodableError("empty", "it has no text at all; capture the page again")
    text, mended = _without_mojibake(decoded.text)
    if len(_CONTROL.findall(text)) > len(text) // 50:
        raise UndecodableError("binary", "it is full of control characters; it is not text")
    return Decoded(text, decoded.encoding, repairs + mended)


def clean_string(text: str) -> Decoded:
    """A string out of JSON or Parquet, mended as bytes would be.

    >>> clean_string("Äáº£ng bá»™").text
    'Đảng bộ'
    """
    whole = _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)
    decoded = decode(whole.encode(), "utf-8")
    repairs = decoded.repairs if whole == text else ("broken-utf8", *decoded.repairs)
    return Decoded(decoded.text, decoded.encoding, repairs)


def _decode(raw: bytes, label: str | None) -> Decoded:
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return _forgiving(raw[len(mark) :], encoding)
    if nuls := raw.count(0):
        if 1000 * nuls > len(raw):
            return _forgiving(raw, _order_of_utf16(raw))
        stray = _decode(raw.replace(b"\0", b""), label)
        return Decoded(stray.text, stray.encoding, ("nul-characters", *stray.repairs))
    try:
        return Decoded(raw.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        pass
    broken = raw.decode("utf-8", "replace")
    # A capture cut inside a character, or a template's stray byte, leaves UTF-8 what it is.
    if 10 * broken.count("\N{REPLACEMENT CHARACTER}") <= _beyond_ascii(broken):
        return Decoded(broken.removesuffix("\N{REPLACEMENT CHARACTER}"), "utf-8", ("broken-utf8",))
    return _single_byte(raw, label)


def _forgiving(raw: bytes, encoding: str) -> Decoded:
    try:
        return Decoded(raw.decode(encoding), encoding)
    except UnicodeDecodeError:
        text = raw.decode(encoding, "replace")
    if text.count("\N{REPLACEMENT CHARACTER}") > 1 + len(text) // 100:
        raise UndecodableError(
            "unknown_encoding",
            f"it looks like {encoding.upper()}, but too much of it is not; save it as UTF-8",
        )
    return Decoded(text, encoding, (f"broken-{encoding.replace('utf-', 'utf')}",))


def _order_of_utf16(raw: bytes) -> str:
    """Which half of the 16 bits is NUL: in Vietnamese text most letters are ASCII's."""
    pairs = max(1, len(raw) // 2)
    even, odd = raw[::2].count(0) / pairs, raw[1::2].count(0) / pairs
    if odd > 0.4 and even < 0.02:
        return "utf-16-le"
    if even > 0.4 and odd < 0.02:
        return "utf-16-be"
    raise UndecodableError(
        "binary", "there are NUL bytes in it, and not as in UTF-16; it is not text"
    )


def _beyond_ascii(text: str) -> int:
    return sum(1 for _ in re.finditer(r"[^\x00-\x7f\ufffd]", text))


def _declaration(raw: bytes, declared: str | None) -> str | None:
    found = _DECLARATION.search(raw[:_DECLARED_WITHIN].replace(b"\0", b""))
    labels = [(found[1] or found[2]).decode("ascii", "replace")] if found else []
    for label in ([declared] if declared else []) + labels:
        if known := _LABELS.get(label.strip().lower().replace("_", "-")):
            return known
    return None


# windows-1258 writes a vowel's tone behind it: a letter, then one of five marks.
_TONE: Final = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
_TONED_VOWEL: Final = re.compile("[aăâeêioôơuưyAĂÂEÊIOÔƠUƯY][\u0300\u0301\u0303\u0309\u0323]")
# Read as windows-1252, an unknown 8-bit encoding puts signs inside words: "§¶ng uû".
_SIGN_IN_WORD: Final = re.compile(r"[^\W\d_][¡-©«-´¶-¹»-¿×÷€‚„†‡ˆ‰‹˜™›\x80-\x9f]+[^\W\d_]")


def _single_byte(raw: bytes, label: str | None) -> Decoded:
    vietnamese = raw.decode("windows-1258", "replace")
    tones = len(_TONE.findall(vietnamese))
    plausible = 10 * len(_TONED_VOWEL.findall(vietnamese)) >= 9 * tones
    holes = vietnamese.count("\N{REPLACEMENT CHARACTER}")
    if holes == 0 and plausible and (tones or label == "windows-1258"):
        return Decoded(vietnamese, "windows-1258")
    if label in ("windows-1252", "windows-1258"):
        western = raw.decode("windows-1252", "replace")
        signs = len(_SIGN_IN_WORD.findall(western)) + western.count("\N{REPLACEMENT CHARACTER}")
        if 20 * signs <= _beyond_ascii(western):
            return Decoded(western, "windows-1252")
    raise UndecodableError(
        "unknown_encoding",
        "its bytes are neither UTF-8 nor UTF-16 nor windows-1258 (perhaps TCVN3, VNI or VISCII); "
        "convert it to UTF-8",
    )


# --- text that was encoded twice ----------------------------------------------------------

# What bytes 80 to BF become when they are read as Latin-1 or windows-1252, but for A0.
_CONTINUED: Final = "\x80-\x9f¡-¿€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
_ENCODED_TWICE: Final = re.compile(
    rf"""
    á(?:º[{_CONTINUED}\xa0]|»[{_CONTINUED}])  # ả of "Äáº£ng"
  | Ä[{_CONTINUED}]                           # đ of "Ä‘áº£ng"
  | Æ[°¡¯]                                    # ư of "nÆ°á»›c"
  | Ã¡Â[º»]|Ã„Â|Ã†Â                           # the same, thrice
    """,
    re.VERBOSE,
)
_ALSO_QUOTED: Final = ("á»…", "á»”", "á»’", "á»–", "á»—")  # «quá»…
_SUSPECT: Final = re.compile(rf"[ÃÂÄ][{_CONTINUED}\xa0]|á[º»]|â[€\x80]|Æ")
_WELL_WRITTEN: Final = re.compile("[ăđơưĂĐƠƯ\u1ea0-\u1ef9]")
_READ_AS_WESTERN: Final = re.compile(rf"[\x00-\xff{_CONTINUED}]+")
_BYTE_OF: Final = {
    ord(bytes([byte]).decode("windows-1252")): byte
    for byte in set(range(0x80, 0xA0)) - {0x81, 0x8D, 0x8F, 0x90, 0x9D}
}
# The second byte of Đ is one that windows-1252 lacks, so that what shows it may have lost it.
_HALF_D: Final = re.compile(r"Ä(?=[A-Za-zÀ-ÿ])")
_ONLY_ENCODING: Final = ftfy.TextFixerConfig(
    unescape_html=False, remove_terminal_escapes=False, fix_latin_ligatures=False,
    fix_character_width=False, uncurl_quotes=False, fix_line_breaks=False,
    fix_surrogates=False, remove_control_chars=False, normalization=None,
)  # fmt: skip


def _without_mojibake(text: str) -> tuple[str, tuple[str, ...]]:
    """UTF-8 that was taken for windows-1252 and encoded again, mended line by line.

    Good text stays: "THỊ XÃ”" and "«quá»…" look like mojibake too. So a page is touched only if
    it shows what Vietnamese never writes, and a well-written line only where it does.
    """
    if not _is_encoded_twice(text):
        return text, ()
    mended = "\n".join(_mended(line) for line in text.split("\n"))
    left = ("mojibake-left",) if _is_encoded_twice(mended) else ()
    return mended, (("double-encoded-utf8",) if mended != text else ()) + left


def _is_encoded_twice(text: str) -> bool:
    return any(found[0] not in _ALSO_QUOTED for found in _ENCODED_TWICE.finditer(text))


def _mended(line: str) -> str:
    well_written = _WELL_WRITTEN.search(line) is not None

    def mend(run: re.Match[str]) -> str:
        if well_written and not _is_encoded_twice(run[0]):
            return run[0]
        whole = _HALF_D.sub("Ä\x90", run[0])
        try:
            mended = whole.translate(_BYTE_OF).encode("latin-1").decode("utf-8")
        except UnicodeDecodeError:
            mended = whole
        return ftfy.fix_encoding(mended, _ONLY_ENCODING) if _SUSPECT.search(mended) else mended

    return _READ_AS_WESTERN.sub(mend, line) if _SUSPECT.search(line) else line
