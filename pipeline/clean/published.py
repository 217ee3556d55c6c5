"""When an article was published: every date the page offers for it, and the one to believe.

A wrong date is worse than none. Only what a page says about itself counts: its dateline, its own
entry in a leaked dump, its machine-readable tags, its address. Dates in prose and in teasers, other
articles' entries and a masthead's running clock never do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from html import unescape
from typing import Final
from urllib.parse import urlsplit

from pipeline.clean.draft import Draft
from pipeline.dates import Stamp, stamps
from pipeline.php_dump import Entry
from pipeline.records import DateCandidate, Page
from pipeline.vietnamese import fold, match_key, nfc


@dataclass(frozen=True, slots=True)
class Candidate:
    """A date the page offers; `refused` says why it can never be the one."""

    value: datetime
    has_time: bool
    surface: str
    rule: str  # published/<where it stands>
    evidence: str  # where it stands and what stands there, for a person
    refused: str | None = None


# The better source first. A dateline is what the newsroom showed its readers; the page's own entry
# and tags come from the same database. The rest only speaks where those are silent.
_STRONG: Final = (
    "published/dateline",
    "published/own-entry",
    "published/json-ld",
    "published/meta",
)
_HEADER: Final = "published/header"
_WEAK: Final = (
    "published/dateline-bottom",
    "published/container",
    _HEADER,
    "published/time-element",
    "published/url",
)
# "Cập nhật:" alone is how many papers label publication; beside an earlier date it is an update.
_UPDATED: Final = "published/dateline-updated"
_RANK: Final = {rule: rank for rank, rule in enumerate((*_STRONG, *_WEAK))} | {_UPDATED: 0}

_DAY: Final = timedelta(days=1)
_HEADER_ROLES: Final = ("dateline", "author", "rubric")
_BARE_ROLES: Final = ("boilerplate", "heading")  # of which a line is one if it is hardly more
_LINE_MAX: Final = 160  # characters of a line that may still be a dateline
_QUOTE_MAX: Final = 120
_BARE_LETTERS: Final = 12  # letters beside a date that leave the line a dateline: "lượt xem"
_NEAR: Final = 40  # characters between a dateline and its article: "Chia sẻ", "Lượt xem: 4212"

_UPDATE_LABEL: Final = re.compile(r"cập nhật|chỉnh sửa|sửa lần cuối|updated?|modified")
_LABEL: Final = re.compile(rf"{_UPDATE_LABEL.pattern}|đăng|xuất bản|phát hành|published|posted")
_WEEKDAY: Final = re.compile(r"thứ (?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ nhật")
# Hòa Lạc, ngày 5 tháng 3 năm 2021; not: Thứ tư, ngày 5/3/2021, and no time before the comma
_LETTER: Final = re.compile(rf"(?!{_WEEKDAY.pattern})[^\W\d][\w .-]{{1,40}}, ngày \d")
_SECONDS: Final = re.compile(r":\d\d:\d\d")
_MIDNIGHT: Final = re.compile(r"[T ]00:00(?!:\d*[1-9])")  # a date filled up to a time stamp
_HALF_DAY: Final = re.compile(r"\d\s?[ap]m\b", re.IGNORECASE)

# Keys of tags and fields, in lower case, that name the time of publication.
_PUBLISHED_KEY: Final = re.compile(
    r"""
    (?: ^|[:._-] )
    (?: published (?:_?(?:time|at|on|date))?  # article:published_time, published_at
      | publi(?:sh|cation)[_-]?date           # publishdate, publication_date
      | date[_-]?published                    # datePublished
      | pub[_-]?date                          # pubdate, parsely-pub-date
      | (?:date[._])?issued                   # DC.date.issued
      | date                                  # date, DC.date
    ) $
    """,
    re.VERBOSE,
)
_CAPTURED_KEY: Final = re.compile(r"captur|crawl|fetch|warc|download|retriev")
_URL_DAY: Final = re.compile(
    r"""
    / (20\d\d) / (\d\d?) / (\d\d?) (?=/)                       # /2022/08/12/
  | (?<!\d) (20\d\d) ([01]\d) ([0-3]\d) (?:[0-2]\d[0-5]\d[0-5]\d\d{0,3})? (?!\d)  # 20220812080412
    """,
    re.VERBOSE,
)
# Keys of a leaked entry: a headline, a number, a time of publication.
_ENTRY_TITLE: Final = re.compile(r"title|tieude|tieu_de")
_ENTRY_ID: Final = re.compile(r"(?:^|_)id$")
_ENTRY_PUBLISHED: Final = re.compile(r"publi(?:c|sh)|pubdate|post_date$|ngay_?dang")
_LONG_NUMBER: Final = re.compile(r"\d{4,}")


def candidates(page: Page, draft: Draft) -> tuple[Candidate, ...]:
    """Every date the page offers as that of its publication, in the order of the sources."""
    found = (
        *_datelines(draft),
        *_own_entry(page, draft),
        *_tagged(draft),
        *_of_container(page),
        *_of_address(page, draft),
    )
    captured, newest = _captured(page), _newest_entry(draft)
    return tuple(_bounded(c, captured, newest) for c in dict.fromkeys(found))


def choose(found: Sequence[Candidate]) -> Candidate | None:
    """The date to believe, or None: nothing was offered, or equally good sources disagree.

    The best source decides the day. Where it names two days, the next source that knows one of
    them decides. Of one day's candidates, one with a time of day is taken.
    """
    offered = [c for c in found if c.refused is None and not _is_update(c, found)]
    disputed: list[Candidate] = []
    for rank in sorted({_RANK[c.rule] for c in offered}):
        level = [c for c in offered if _RANK[c.rule] == rank]
        if disputed:
            level = [c for c in level if any(_near(c, other) for other in disputed)]
        if not level:
            continue
        best = max(level, key=lambda c: c.has_time)
        if all(_near(best, other) for other in level):
            return _timed(best, offered)
        disputed = level
    return None


def rows(
    article_id: str, found: Sequence[Candidate], chosen: Candidate | None
) -> tuple[DateCandidate, ...]:
    """The candidates as records of the warehouse, in order."""
    return tuple(DateCandidate(article_id, c.value, c.surface, c.rule, c is chosen) for c in found)


def is_own(entry: Entry, page: Page, draft: Draft) -> bool:
    """Whether an entry of a leaked dump is the article of the page itself: by title or number.

    >>> page = Page("a.txt", "text", "", "", "utf-8", url="https://x.vn/hop-chi-bo-a4711.html")
    >>> is_own((("news_id", "4711"), ("news_title", "Họp")), page, Draft((), {}, (), "lines"))
    True
    """
    values = dict(entry)
    title = draft.first("title")
    stated = next((v for k, v in values.items() if _ENTRY_TITLE.search(k.lower())), "")
    if title is not None and stated:
        return match_key(unescape(stated)) == match_key(title.text or title.raw_text)
    number = next((v for k, v in values.items() if _ENTRY_ID.search(k.lower())), "")
    paths = [urlsplit(url).path for url in addresses(page, draft)]
    return any(number in _LONG_NUMBER.findall(path) for path in paths)


# --- the sources --------------------------------------------------------------------------


def _datelines(draft: Draft) -> Iterator[Candidate]:
    """Lines that are a dateline: above the body, or after its end before anything foreign."""
    pieces = draft.pieces
    title = next((i for i, p in enumerate(pieces) if p.role == "title"), None)
    body = [i for i, p in enumerate(pieces) if p.role in ("lead", "paragraph") and p.kept]
    end = body[-1] if body else -1
    after = range(end + 1, len(pieces))
    foreign = next((i for i in after if pieces[i].role in ("related", "php_dump")), len(pieces))
    for i, piece in enumerate(pieces[:foreign]):
        if piece.role not in _HEADER_ROLES and piece.role not in _BARE_ROLES:
            continue
        line = " ".join(nfc(piece.raw_text[: _LINE_MAX + 1]).split())
        found = stamps(line) if len(line) <= _LINE_MAX else []
        if not found or not (piece.role in _HEADER_ROLES or _is_bare(line, found)):
            continue
        for stamp, label in _labelled(line, found):
            if end < i and piece.role in _HEADER_ROLES:
                yield _of_line(line, stamp, "published/dateline-bottom")
            elif below := [at for at in body[:2] if at > i]:
                yield _above(draft, i, title, below[0], line, stamp, label)


def _is_bare(line: str, found: list[Stamp]) -> bool:
    """Whether a line is hardly more than a date: "5/6/2020 - 50 lượt xem"."""
    return sum(map(str.isalpha, _rest(line, found))) <= _BARE_LETTERS


def _rest(line: str, found: list[Stamp]) -> str:
    """A folded line without its stamps, weekdays and labels."""
    folded, kept, start = fold(line), [], 0
    for stamp in found:
        kept.append(folded[start : stamp.start])
        start = stamp.end
    return _LABEL.sub("", _WEEKDAY.sub("", "".join([*kept, folded[start:]])))


def _labelled(line: str, found: list[Stamp]) -> Iterator[tuple[Stamp, str]]:
    """Every stamp of a line with the folded words between it and the stamp before it."""
    folded, start = fold(line), 0
    for stamp in found:
        yield stamp, folded[start : stamp.start]
        start = stamp.end


def _above(
    draft: Draft, at: int, title: int | None, body: int, line: str, stamp: Stamp, label: str
) -> Candidate:
    """A date above the body: its dateline, a weaker claim, or the clock of a masthead.

    A masthead shows the day of the week; it stands above the title, or has a menu below it.
    """
    if _LABEL.search(label) and (title is None or title < at):
        updated = _UPDATE_LABEL.search(label)
        return _of_line(line, stamp, _UPDATED if updated else _STRONG[0])
    anchor = title if title is not None and title > at else body
    between = [p for p in draft.pieces[at + 1 : anchor] if p.role not in _HEADER_ROLES]
    near = sum(len(p.raw_text) for p in between) <= _NEAR
    weekday = _WEEKDAY.search(fold(line)) is not None
    seconds = _SECONDS.search(stamp.surface) is not None
    if title is not None and title < at and near:
        return _of_line(line, stamp, _HEADER if weekday and seconds else _STRONG[0])
    masthead = weekday and (seconds or not stamp.has_time or not near)
    found = _of_line(line, stamp, _HEADER)
    if _LABEL.search(label) or (near and not masthead):
        return found
    if title is not None and title < at and not weekday:
        return found
    return replace(found, refused=found.refused or "a masthead's date, or no part of the article")


def _of_line(line: str, stamp: Stamp, rule: str) -> Candidate:
    letter = _LETTER.match(fold(line))
    placed = letter is not None and stamp.start >= letter.end() - 1  # not: lúc 14 giờ 05, ngày 21/4
    refused = "the date of a letter or document" if placed else None
    return _candidate(stamp, rule, f'dateline: "{line[:_QUOTE_MAX]}"', refused)


def _own_entry(page: Page, draft: Draft) -> Iterator[Candidate]:
    for entry in (e for dump in draft.dumps for e in dump.entries if is_own(e, page, draft)):
        for key, value in entry:
            if _ENTRY_PUBLISHED.search(key.lower()):
                yield from _machine("published/own-entry", f"own entry of a dump, {key}", value)


def _tagged(draft: Draft) -> Iterator[Candidate]:
    """Dates of meta elements, of JSON-LD ("ld:datePublished") and of <time> elements."""
    for key, values in draft.tags.items():
        name = key.lower()
        if name == "time":
            rule = "published/time-element"
        elif not _PUBLISHED_KEY.search(name):
            continue
        else:
            rule = "published/json-ld" if name.startswith("ld:") else "published/meta"
        for value in values:
            yield from _machine(rule, f"tag {key}", value)


def _of_container(page: Page) -> Iterator[Candidate]:
    for key, value in page.fields:
        if _PUBLISHED_KEY.search(key.lower()) and not _CAPTURED_KEY.search(key.lower()):
            yield from _machine("published/container", f"field {key}", value)


def _of_address(page: Page, draft: Draft) -> Iterator[Candidate]:
    for url in addresses(page, draft):
        for match in _URL_DAY.finditer(urlsplit(url).path):
            year, month, day = (int(g) for g in match.groups() if g)
            for stamp in stamps(f"{year}-{month}-{day}"):
                found = _candidate(stamp, "published/url", f'address: "{match[0]}"')
                yield replace(found, surface=match[0])


def addresses(page: Page, draft: Draft) -> tuple[str, ...]:
    """What the page gives as its own address: that of the capture, then its canonical links."""
    links = (v for key in ("canonical", "og:url") for v in draft.tags.get(key, ()))
    found = [page.url, *links] if page.url else [*links]
    return tuple(dict.fromkeys(url for url in found if url and _is_address(url)))


def _is_address(url: str) -> bool:
    try:
        return bool(urlsplit(url).netloc)
    except ValueError:  # such as an unclosed [ of an IPv6 host
        return False


def _machine(rule: str, source: str, value: str) -> Iterator[Candidate]:
    """Dates of a value that software wrote; 8/12/2022 8:04:00 AM may be August or December."""
    value = nfc(value)
    for stamp in stamps(value):
        if stamp.rule != "dates/numeric" or not _HALF_DAY.search(stamp.surface):
            yield _candidate(stamp, rule, f'{source}: "{value.strip()[:_QUOTE_MAX]}"')


def _candidate(stamp: Stamp, rule: str, evidence: str, refused: str | None = None) -> Candidate:
    value, timed = stamp.value, stamp.has_time and not _MIDNIGHT.search(stamp.surface)
    value = value if timed else datetime.combine(value.date(), time())
    return Candidate(value, timed, stamp.surface, rule, evidence, refused)


# --- bounds and ties ----------------------------------------------------------------------


def _captured(page: Page) -> datetime | None:
    """When the container says that the page was captured."""
    stated = [v for key, v in page.fields if _CAPTURED_KEY.search(key.lower())]
    return max((s.value for value in stated for s in stamps(value)), default=None)


def _newest_entry(draft: Draft) -> datetime | None:
    """The newest item that a leaked dump lists: the page was captured about then."""
    values = (v for dump in draft.dumps for entry in dump.entries for _, v in entry)
    return max((s.value for v in values if len(v) < 40 for s in stamps(v)), default=None)


def _bounded(candidate: Candidate, captured: datetime | None, newest: datetime | None) -> Candidate:
    """Refuse what lies after the capture; a mere list of news overrules only a weak source."""
    if candidate.refused:
        return candidate
    if captured is not None and candidate.value > captured + _DAY:
        return replace(candidate, refused="later than the capture")
    weak = candidate.rule in _WEAK
    if weak and newest is not None and candidate.value > newest:
        return replace(candidate, refused="later than the newest item of the page")
    return candidate


def _is_update(candidate: Candidate, found: Sequence[Candidate]) -> bool:
    """Whether a line says "Cập nhật" of an article that a good source knows to be older."""
    return candidate.rule == _UPDATED and any(
        c.rule in _STRONG and not c.refused and c.value < candidate.value - _DAY for c in found
    )


def _near(one: Candidate, other: Candidate) -> bool:
    return abs(one.value - other.value) <= _DAY


def _timed(best: Candidate, offered: Sequence[Candidate]) -> Candidate:
    """`best`, or of the same day the best candidate with a time of day if `best` has none."""
    if best.has_time:
        return best
    same_day = [c for c in offered if c.has_time and c.value.date() == best.value.date()]
    return min(same_day, key=lambda c: _RANK[c.rule], default=best)
