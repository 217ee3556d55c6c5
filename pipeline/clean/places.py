"""Which newspaper an article is from, and which province: read from what the page shows.

Never a guess: an outlet is known by its address, its masthead, its credit or its initials; a
province by its newspaper or by the places named in the text, of which one must clearly prevail.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from pipeline import lexicon
from pipeline.clean import territories
from pipeline.clean.draft import Draft
from pipeline.clean.published import addresses
from pipeline.clean.territories import Mention, Province
from pipeline.gazetteer import Gazetteer
from pipeline.records import Page
from pipeline.vietnamese import fold, nfc

# From this day the map of 34 provinces is in force.
MERGED_ON: Final = date(2025, 7, 1)
_LEAST: Final = 2  # points: a name that is no more than visited does not suffice
_NATIONAL_LEAST: Final = 6  # points that a city named in every newspaper needs
_CLEAR: Final = 2  # how many times the runner-up's points the winner needs


@dataclass(frozen=True, slots=True)
class Outlet:
    """A province's party newspaper."""

    name: str
    province: str
    domains: tuple[str, ...]
    examples: tuple[str, ...]
    mastheads: tuple[str, ...] = ()
    initials: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Masthead:
    """How a newspaper named after its province prints its name."""

    form: str
    examples: tuple[str, ...]


class Place(NamedTuple):
    """An article's province on both maps, with what says so."""

    province: str | None
    province_2025: str | None
    evidence: str | None


@cache
def outlets() -> tuple[Outlet, ...]:
    """The 63 party newspapers."""
    return lexicon.read("outlets", Outlet)


# --- the province -------------------------------------------------------------------------


def province(
    text: str, outlet: str | None, stated: str | None, published: datetime | date | None
) -> Place:
    """An article's province: as its corpus states, its newspaper's, or clearly the one it names.

    On articles of 1 July 2025 and later `province` is the short name on the map of 34, before that
    (and where no date is known) the one on the map of 63.

    >>> province("Chi bộ Bưu điện Cà Mau họp.", None, None, None)
    Place(province='Cà Mau', province_2025='Cà Mau', evidence='named in the text: "Cà Mau"')
    >>> province("Chi bộ họp.", "Báo Bạc Liêu", None, date(2025, 8, 1))
    Place(province='Cà Mau', province_2025='Cà Mau', evidence='the province of Báo Bạc Liêu')
    """
    day = published.date() if isinstance(published, datetime) else published
    merged = day is not None and day >= MERGED_ON
    if stated is not None:
        return _place(territories.find(stated), merged, f'stated in corpus.toml: "{stated}"')
    paper = next((o for o in outlets() if o.name == outlet), None)
    if paper is not None:
        return _place(territories.find(paper.province), merged, f"the province of {paper.name}")
    return _prevailing(territories.mentions(text), merged)


def _place(found: Province | None, merged: bool, evidence: str) -> Place:
    if found is None:
        return Place(None, None, None)
    return Place(_in_force(found, merged), found.province_2025, evidence)


def _in_force(found: Province, merged: bool) -> str:
    return found.province_2025.removeprefix("Thành phố ") if merged else found.name


@cache
def _nationals() -> frozenset[str]:
    return frozenset(p.name for p in territories.provinces() if p.national)


def _prevailing(found: list[Mention], merged: bool) -> Place:
    """The province with the most points, if it has twice those of the next."""
    by_place: dict[str, list[Mention]] = {}
    for mention in found:
        if (owner := territories.find(mention.province)) is not None:
            by_place.setdefault(_in_force(owner, merged), []).append(mention)
    points = Counter({place: sum(m.points for m in ms) for place, ms in by_place.items()})
    (best, most), (_, next_most) = [*points.most_common(2), ("", 0), ("", 0)][:2]
    winners = by_place.get(best, [])
    least = _NATIONAL_LEAST if best in _nationals() else _LEAST
    if most < max(least, _CLEAR * next_most):
        return Place(None, None, None)
    shown = Counter(m.surface for m in winners).most_common(3)
    quoted = ", ".join(f'"{surface}"' + (f" ×{n}" if n > 1 else "") for surface, n in shown)
    return _place(territories.find(winners[0].province), merged, f"named in the text: {quoted}")


# --- the newspaper ------------------------------------------------------------------------

_ENDING: Final = re.compile(r"\.(?:(?:com|org|info|net)\.)?vn\Z")
_HOST: Final = re.compile(r"(?<![\w.-])[\w-]{1,40}(?:\.[\w-]{1,40}){1,4}(?![\w-])")
_SITE_NAME: Final = re.compile(r"site_name$|application-name$|publisher$|copyright$")
# How a text opens: "(ABO) - Sáng ...", "BHG - Ngày ...", "(Baonghean.vn) - ..."
# LSO-Trong 2 ngày ...; (ABO) Nửa đầu năm ...; (Báo Miền Biển)- Trong ...
_OPENING: Final = re.compile(
    r"\((?P<bracketed>[^()]{2,40})\)\s?[-–—:]?|\W{0,3}(?P<bare>[\w.]{2,30})\)?\s?[-–—:]"
)
_INITIALS: Final = re.compile(r"(?<![\w.])[A-ZĐ]{2,6}(?:\.VN)?(?![\w.])")
_INITIALS_LEAST: Final = 2  # times that initials must stand in the furniture of a page
_CREDIT_MAX: Final = 160  # characters of a line that may still be a credit
_OWN_BODY: Final = re.compile(r"(?<!\w)(?:tỉnh ủy|(?:ubnd|hđnd) tỉnh)(?!\w)")


@cache
def _hosts() -> dict[str, Outlet]:
    """Outlets by domain, and by what stands before its ending: "baobinhduong"."""
    by_domain = {domain: o for o in outlets() for domain in o.domains}
    stems = {_ENDING.sub("", domain): o for domain, o in by_domain.items()}
    return {stem: o for stem, o in stems.items() if "." not in stem} | by_domain


@cache
def _mastheads() -> Gazetteer[Outlet | None]:
    forms = [m.form for m in lexicon.read("outlets", Masthead)]
    others = [other for place in territories.provinces() for other in place.unrelated]
    phrases: dict[str, Outlet | None] = {f"Báo {other}": None for other in others}
    for paper in outlets():
        names = [paper.name, *paper.mastheads]
        if paper.name == f"Báo {paper.province}":
            names += [form.format(province=paper.province) for form in forms]
        phrases.update(dict.fromkeys(names, paper))
    return Gazetteer(phrases)


@cache
def _signs() -> dict[str, Outlet]:
    return {sign: o for o in outlets() for sign in o.initials}


def outlet(page: Page, draft: Draft, stated: str | None) -> tuple[str | None, str | None]:
    """The newspaper a page is from, with what says so; both None where nothing does.

    The better evidence first: the corpus, the page's address, its tags, its furniture, the initials
    a text opens with, a credit at its dateline, the place a headline speaks from.
    """
    if stated is not None:
        return stated, f'stated in corpus.toml: "{stated}"'
    for source, papers in _evidence(page, draft):
        if len({paper.name for paper, _ in papers}) == 1:
            paper, shown = papers[0]
            return paper.name, f'{source}: "{shown}"'
    return None, None


def _evidence(page: Page, draft: Draft) -> Iterator[tuple[str, list[tuple[Outlet, str]]]]:
    """Each kind of evidence, the better first, with the outlets it names and how."""
    own = addresses(page, draft)
    for url in own:
        yield "address", [(paper, url) for paper in [of_address(url)] if paper]
    tags = [v for key, values in draft.tags.items() if _SITE_NAME.search(key) for v in values]
    yield "site name", list(_printed(tags))
    furniture = [nfc(p.raw_text) for p in draft.pieces if p.role in ("boilerplate", "rubric")]
    if not own:  # on another site it may name any newspaper
        yield "furniture", list(_printed(furniture))
    first = draft.first("lead") or draft.first("paragraph")
    if first is not None and (opening := _OPENING.match(first.text)):
        shown = opening["bracketed"] or opening["bare"]
        signed = _signs().get(shown) or _of_host(shown.lower())
        named = list(_printed([shown])) if opening["bracketed"] else []
        yield "opening", [(signed, shown)] if signed else named
    lines = [p.raw_text for p in draft.pieces if p.role in ("dateline", "author")]
    yield "credit", list(_printed(line for line in lines if len(line) <= _CREDIT_MAX))
    if not own:
        signs = Counter(m[0] for line in furniture for m in _INITIALS.finditer(line))
        often = [s for s, n in signs.items() if n >= _INITIALS_LEAST and s in _signs()]
        yield "furniture", [(_signs()[s], s) for s in often]
        yield "headline", list(_at_home(draft))


def _at_home(draft: Draft) -> Iterator[tuple[Outlet, str]]:
    """The paper of a province that a signed article takes for granted.

    The headline opens with a district's name ("TP. Vị Thanh: ..."), the text names no other
    province, nor its own beside a Tỉnh ủy: only a paper of that province writes like this.
    """
    title, byline = draft.first("title"), draft.first("author")
    if title is None or byline is None:
        return
    headline = territories.mentions(title.text)
    if not headline or headline[0].start or headline[0].points < territories.KIND_POINTS:
        return
    text = "\n".join(p.text for p in draft.pieces if p.kept)
    named = territories.mentions(text)
    spans = [(m.start, m.end) for m in named]
    bodies = [m.start() for m in _OWN_BODY.finditer(fold(text))]
    unnamed = [at for at in bodies if not any(start <= at < end for start, end in spans)]
    only_one = {m.province for m in named} == {headline[0].province}
    if title.text.startswith(":", headline[0].end) and only_one and unnamed == bodies != []:
        shown = title.text[: headline[0].end + 1]
        yield from ((o, shown) for o in outlets() if o.province == headline[0].province)


def of_address(url: str) -> Outlet | None:
    """The outlet whose site an address is on.

    >>> found = of_address("https://www.baobinhduong.vn/chinh-tri/a1.html")
    >>> found.name if found else None
    'Báo Bình Dương'
    """
    return _of_host((urlsplit(url).hostname or "").lower())


def _of_host(host: str) -> Outlet | None:
    """The outlet of a host, by its longest known domain, else by its stem under any ending."""
    known = _hosts()
    labels = host.split(".")
    for start in range(len(labels) - 1):
        if (found := known.get(".".join(labels[start:]))) is not None:
            return found
    stem = _ENDING.sub("", host)
    return known.get(stem.rpartition(".")[2]) if stem != host else None


def _printed(lines: Iterable[str]) -> Iterator[tuple[Outlet, str]]:
    """Outlets named by masthead or by domain in lines of a page."""
    for line in map(nfc, lines):
        folded = fold(line)
        for start, end, paper in _mastheads().find(folded):
            if (
                paper is not None
                and line[start].isupper()
                and not folded[:start].endswith("thông ")
            ):
                yield paper, line[start:end]
        for host in _HOST.finditer(folded):
            if (found := _of_host(host[0])) is not None:
                yield found, line[host.start() : host.end()]
