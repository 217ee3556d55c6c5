"""A line between an article's paragraphs: a heading, a caption, or a paragraph like them.

A newspaper's text shows none of these for what it is. What ends a sentence is a paragraph; a line
that does not is a heading if it is short and speaks in general, a caption if it is long, or names
somebody, or shows somebody doing something.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pipeline.clean.bylines import signature
from pipeline.clean.lines import (
    CAPTION,
    LONG,
    Line,
    ends_sentence,
    has_credit,
    is_bracketed,
    is_bullet,
    is_prose,
    is_teaser,
    is_upper,
    names_somebody,
    narrates,
    shows_action,
    shows_scene,
)
from pipeline.records import Role

UPPER_HEADING: Final = 160
NAMING: Final = 45  # from which a line that names or shows somebody is no heading
LAST_WORDS: Final = 32  # from which a line with no text below it may be a caption


@dataclass(frozen=True, slots=True)
class Place:
    """The unlabelled lines around a line; `opening` if the article's first paragraph is above."""

    above: Line | None
    below: Line | None
    next_below: Line | None
    opening: bool


def role_of(ln: Line, place: Place) -> tuple[Role, str]:
    """The role of a line of the body, and the rule that says so.

    >>> from pipeline.clean.lines import line
    >>> text = line("Chi bộ thôn Đông có 32 đảng viên, mỗi người giúp một hộ nghèo.")
    >>> role_of(line("Lan tỏa việc tốt"), Place(text, text, None, False))
    ('heading', 'heading')
    >>> role_of(line("Quang cảnh buổi sinh hoạt"), Place(text, text, None, False))
    ('caption', 'caption')
    """
    if ln.linked and not ends_sentence(ln) and ln.hint in (None, "heading", "paragraph"):
        return "related", "linked"
    if ln.hint is not None and ln.hint not in ("title", "dateline", "author"):
        return ln.hint, "html-markup"
    if has_credit(ln) or shows_scene(ln):
        return "caption", "caption"
    if len(ln) > LONG or is_bullet(ln) or is_bracketed(ln):
        return "paragraph", "paragraph"
    if ends_sentence(ln):
        silent = _is_silent_caption(ln, place)
        return ("caption", "caption-sentence") if silent else ("paragraph", "paragraph")
    if (signed := signature(ln)) and place.opening and signed.kind != "upper":
        return "author", "byline-top"
    if signed is not None and signed.kind == "credit":
        return "caption", "caption"
    return _role_of_short(ln, place)


def _role_of_short(ln: Line, place: Place) -> tuple[Role, str]:
    """A line without a full stop: a heading, a caption, or a line of a list or a verse."""
    below, next_below = place.below, place.next_below
    if is_upper(ln) and len(ln) <= UPPER_HEADING and below is not None:
        return "heading", "heading-capitals"
    shows = len(ln) >= NAMING and (shows_action(ln) or names_somebody(ln))
    if len(ln) >= CAPTION or shows:
        return "caption", "caption-no-stop"
    if ln.text.endswith(","):
        return "paragraph", "paragraph"
    if below is not None and _heads(ln, below):
        return "heading", "heading"
    apart = below is None or (next_below is not None and _heads(below, next_below))
    if len(ln) >= LAST_WORDS and (apart or shows_action(ln)):
        return "caption", "caption-no-stop"
    return "paragraph", "paragraph"


def _heads(ln: Line, below: Line) -> bool:
    """Whether the line below is such as stands below a heading."""
    long = is_prose(below) or len(below) > len(ln)
    return long or has_credit(below) or is_bullet(below) or below.hint == "paragraph"


def _is_silent_caption(ln: Line, place: Place) -> bool:
    """One sentence that shows and does not tell, where a photograph stands: below the opening of
    the text or above a heading.

    A caption with a full stop and no credit is else like any paragraph.
    """
    above, below = place.above, place.below
    if not 40 <= len(ln) <= 160 or above is None or below is None or is_teaser(ln):
        return False
    one_sentence = not any(mark in ln.folded[:-2] for mark in (". ", "! ", "? ", ": "))
    digits = any(character.isdigit() for character in ln.text)
    heading = len(below) < CAPTION and not ends_sentence(below) and not is_bullet(below)
    return (
        one_sentence
        and not digits
        and (place.opening or heading)
        and len(above) >= LONG
        and shows_action(ln)
        and not narrates(ln)
    )
