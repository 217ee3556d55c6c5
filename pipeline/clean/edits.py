"""Small repairs of a text. A step proposes edits and never touches it; one function applies them.

    >>> mended = mend("Đảng bộkhối  họp.\\u200b")
    >>> mended.text
    'Đảng bộ khối họp.'
    >>> [(r.before, r.rule) for r in mended.repairs]
    [('', 'clean/glued-words'), ('  ', 'clean/spaces'), ('\\u200b', 'clean/invisible')]

Where a tone mark is placed (khoá, khóa) is the newspaper's spelling and stays.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import filterfalse
from typing import Final
from unicodedata import is_normalized

from pipeline import lexicon
from pipeline.records import Repair
from pipeline.vietnamese import fold, nfc


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """One change that a step proposes to a text."""

    start: int
    end: int
    replacement: str
    rule: str


Step = Callable[[str], Iterable[Edit]]


@dataclass(frozen=True, slots=True)
class Compound:
    """Words of two syllables whose presence beside a glued pair proves the missing space."""

    id: str
    words: tuple[str, ...]
    examples: tuple[str, ...]
    excluded: tuple[str, ...] = ()


# --- the steps ----------------------------------------------------------------------------

# Characters that show nothing: zero-width ones, soft hyphens, marks of direction, controls.
_INVISIBLE: Final = (
    r"\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u180e\u200b-\u200f"
    r"\u202a-\u202e\u2060-\u206f\ufdd0-\ufdef\ufeff\ufff9-\ufffb"
)
_INVISIBLE_RUN: Final = re.compile(rf"[{_INVISIBLE}]+")
_ODD_SPACE: Final = re.compile(r"\A\s+|\s+\Z|\s{2,}|[^\S ]")
_WORD: Final = re.compile(r"\S+")
_LETTERS: Final = re.compile(r"[^\W\d_]{4,}")
# All that could be two syllables, found twice as fast: of Vietnamese letters, and of some others.
_LIKE_LETTERS: Final = re.compile(r"[A-Za-zÀ-ỹ]{4,}")
_SYLLABLE_BEFORE: Final = re.compile(r"(?<![^\W\d_])([^\W\d_]+)[ ]\Z")
_SYLLABLE_AFTER: Final = re.compile(r"[ ]([^\W\d_]+)(?![^\W\d_])")
# "của Đảng.q": the type-setter's end mark, in a font for ornaments, printed as a letter.
_END_MARK: Final = re.compile(r"(?<=[^\W\d_]{2}[.!?…])[ ]?[a-z]$")


def invisible_characters(text: str) -> Iterator[Edit]:
    if text.isprintable() and "\u034f" not in text:
        return
    for run in _INVISIBLE_RUN.finditer(text):
        yield Edit(run.start(), run.end(), "", "clean/invisible")


def spaces(text: str) -> Iterator[Edit]:
    """Every run of white space, no-break spaces among them, becomes one space; none at the ends."""
    if text.isprintable() and "  " not in text and text == text.strip():
        return
    for run in _ODD_SPACE.finditer(text):
        inner = " " if run.start() > 0 and run.end() < len(text) else ""
        yield Edit(run.start(), run.end(), inner, "clean/spaces")


def decomposed_accents(text: str) -> Iterator[Edit]:
    """Letters whose marks are characters of their own, word by word."""
    if is_normalized("NFC", text):
        return
    for word in _WORD.finditer(text):
        if not is_normalized("NFC", word[0]):
            yield Edit(word.start(), word.end(), nfc(word[0]), "clean/decomposed-accents")


def glued_words(text: str) -> Iterator[Edit]:
    """A space between two syllables run into one, where one of them completes a known word."""
    odd = filterfalse(is_syllable, map(str.lower, _LIKE_LETTERS.findall(text)))
    if not any(_halves(word) or not word.isalpha() for word in odd):
        return
    glued = [w for w in _LETTERS.finditer(text) if not is_syllable(w[0].lower())]
    for cut in _cuts(text, [w.span() for w in glued]) if glued else ():
        yield Edit(cut, cut, " ", "clean/glued-words")


def end_mark(text: str) -> Iterator[Edit]:
    if mark := _END_MARK.search(text, max(0, len(text) - 6)):
        yield Edit(mark.start(), mark.end(), "", "clean/end-mark")


STEPS: Final[tuple[Step, ...]] = (
    invisible_characters, spaces, decomposed_accents, glued_words, end_mark,
)  # fmt: skip


# --- syllables ----------------------------------------------------------------------------

_SYLLABLE: Final = re.compile(
    r"""
    (?:ngh|ng|nh|gh|gi|kh|ph|th|tr|ch|qu|[bcdđghklmnprstvx])?
    (?: a(?:ch|nh|ng|[cimnoptuy])? | ă(?:ng|[cmnpt])? | â(?:ng|[cmnptuy])?   # sách, năm, đầu
      | e(?:ng|[cmnopt])? | ê(?:ch|nh|ng|[cmnptu])?                          # theo, nghề
      | iê(?:ng|[cmnptu]) | i(?:ch|nh|[amnptu])?                           # kiểm, chính
      | oa(?:ch|nh|ng|[cimnopty])? | oă(?:ng|[cmnt]) | oe(?:[not])?          # toàn, hoặc
      | oo(?:ng|[cn]) | o(?:ng|[cimnpt])? | ô(?:ng|[cimnpt])? | ơ(?:[imnpt])?  # họp, khối, đời
      | uâ(?:ng|[nty]) | uê(?:ch|nh|[n])? | uô(?:ng|[cimnt]) | uơ            # tuần, cuộc
      | uyê(?:[nt]) | uy(?:ch|nh|[anptu])? | u(?:ng|[acimnpt])?               # tuyên, ủy, chung
      | ươ(?:ng|[cimnptu]) | ư(?:ng|[acimntu])?                              # phường, từ
      | yê(?:[mntu]|ng) | y(?:[nt])? )                                      # yêu, kỹ
    """,
    re.VERBOSE,
)
_TONES: Final = {
    ord(toned): bare
    for bare, all_toned in (
        ("a", "àáảãạ"), ("ă", "ằắẳẵặ"), ("â", "ầấẩẫậ"), ("e", "èéẻẽẹ"), ("ê", "ềếểễệ"),
        ("i", "ìíỉĩị"), ("o", "òóỏõọ"), ("ô", "ồốổỗộ"), ("ơ", "ờớởỡợ"), ("u", "ùúủũụ"),
        ("ư", "ừứửữự"), ("y", "ỳýỷỹỵ"),
    )
    for toned in all_toned
}  # fmt: skip
_LONGEST: Final = 7  # nghiêng


@lru_cache(maxsize=1 << 16)
def is_syllable(folded: str) -> bool:
    """Whether lower-case letters spell one Vietnamese syllable.

    >>> [is_syllable(s) for s in ("nghiêng", "quyền", "bộkhối", "online")]
    [True, True, False, False]
    """
    if len(folded) > _LONGEST:
        return False
    bare = folded.translate(_TONES)
    toned = sum(a != b for a, b in zip(folded, bare, strict=True))
    return toned <= 1 and _SYLLABLE.fullmatch(bare) is not None


@cache
def _compounds() -> frozenset[str]:
    return frozenset(word for entry in lexicon.read("layout", Compound) for word in entry.words)


def _cuts(text: str, glued: list[tuple[int, int]]) -> list[int]:
    """Where the stretches of letters that are no syllable are two; a cut may prove the next."""
    cuts: dict[int, int] = {}  # by the number of the stretch
    todo = list(range(len(glued)))
    while todo:
        n = todo.pop()
        if n in cuts:
            continue
        start, end = glued[n]
        above, below = cuts.get(n - 1, 0), cuts.get(n + 1, len(text))
        if cut := _seam(text, start, end, above, below):
            cuts[n] = start + cut
            todo += [m for m in (n - 1, n + 1) if 0 <= m < len(glued) and m not in cuts]
    return sorted(cuts.values())


@lru_cache(maxsize=1 << 14)
def _halves(letters: str) -> tuple[tuple[int, str, str], ...]:
    """Each cut that leaves two syllables, with the two, folded."""
    if len(letters) > 2 * _LONGEST:
        return ()
    glued = fold(letters)
    cuts = ((cut, glued[:cut], glued[cut:]) for cut in range(1, len(glued)))
    return tuple(half for half in cuts if is_syllable(half[1]) and is_syllable(half[2]))


def _seam(text: str, start: int, end: int, above: int, below: int) -> int | None:
    """How far into [start, end) two syllables meet, if exactly one cut leaves a known word whole.

    The word may go on in the neighbouring syllables, which do not reach beyond `above` and `below`.
    """
    halves = _halves(text[start:end])
    if not halves:
        return None
    before = fold(text[max(above, start - _LONGEST - 2, 0) : start])
    after = fold(text[end : min(below, end + _LONGEST + 2)])
    prior = _SYLLABLE_BEFORE.search(before)
    later = _SYLLABLE_AFTER.match(after)
    cuts = [
        cut
        for cut, left, right in halves
        if not _compounds().isdisjoint(
            (
                f"{left} {right}",
                f"{prior[1] if prior else ''} {left}",
                f"{right} {later[1] if later else ''}",
            )
        )
    ]
    return cuts[0] if len(cuts) == 1 else None


# --- applying -----------------------------------------------------------------------------


def apply(text: str, edits: Iterable[Edit]) -> str:
    """The text with the edits made; ValueError if two overlap."""
    parts: list[str] = []
    position = 0
    for edit in sorted(edits):
        if edit.start < position:
            raise ValueError(f"{edit.rule} overlaps an earlier edit at {edit.start}")
        parts += [text[position : edit.start], edit.replacement]
        position = edit.end
    return "".join([*parts, text[position:]])


@dataclass(frozen=True, slots=True)
class Mended:
    """A text after all steps; `passes` are the edits of each step on the text before it."""

    text: str
    repairs: tuple[Repair, ...]  # offsets in `text`, article_id ""
    passes: tuple[tuple[Edit, ...], ...]

    def origin(self, offset: int) -> int:
        """Where the character at `offset` stood in the text as it was given.

        >>> mend("Chi\\u200b bộ").origin(4)
        5
        """
        for edits in reversed(self.passes):
            offset = _origin(edits, offset)
        return offset


def _origin(edits: tuple[Edit, ...], offset: int) -> int:
    moved = 0  # how far the text so far has moved left
    for edit in edits:
        if offset + moved < edit.start:
            break
        if offset + moved < edit.start + len(edit.replacement):
            return edit.start
        moved += edit.end - edit.start - len(edit.replacement)
    return offset + moved


def mend(text: str, steps: Iterable[Step] = STEPS) -> Mended:
    """Run each step once; mending what is mended proposes nothing more."""
    passes: list[tuple[Edit, ...]] = []
    repairs: list[Repair] = []
    for step in steps:
        edits = tuple(sorted(step(text)))
        if not edits:
            continue
        repairs = _moved(repairs, edits)
        shift = 0
        for edit in edits:
            start = edit.start + shift
            end = start + len(edit.replacement)
            before = text[edit.start : edit.end]
            repairs.append(Repair("", start, end, before, edit.replacement, edit.rule))
            shift += len(edit.replacement) - (edit.end - edit.start)
        text = apply(text, edits)
        passes.append(edits)
    repairs.sort(key=lambda repair: (repair.start_char, repair.end_char))
    return Mended(text, tuple(repairs), tuple(passes))


def _moved(repairs: list[Repair], edits: tuple[Edit, ...]) -> list[Repair]:
    """Earlier repairs where later edits have moved them."""
    starts = [edit.start for edit in edits]
    shifts = [0]
    for edit in edits:
        shifts.append(shifts[-1] + len(edit.replacement) - (edit.end - edit.start))

    def move(offset: int) -> int:
        n = bisect_right(starts, offset - 1)  # edits that begin before it
        if n and offset < edits[n - 1].end:  # within what the last of them replaced
            return edits[n - 1].start + shifts[n - 1]
        return offset + shifts[n]

    return [
        Repair(
            "",
            move(r.start_char),
            max(move(r.start_char), move(r.end_char)),
            r.before,
            r.after,
            r.rule,
        )
        for r in repairs
    ]
