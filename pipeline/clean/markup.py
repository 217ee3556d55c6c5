"""What HTML says of itself: tags about the page, and the roles that its class names give away."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final, TypeAlias

from pipeline import lexicon
from pipeline.clean.lines import any_of, is_rubric, line, names_paper
from pipeline.records import Role

Element: TypeAlias = Any  # lxml carries no types


@dataclass(frozen=True, slots=True)
class Markup:
    """Names of classes and ids that give an element's role; see layout.toml."""

    id: str
    role: Role
    names: tuple[str, ...]
    examples: tuple[str, ...]
    sure: bool = False  # though it holds prose, it is not the article's
    excluded: tuple[str, ...] = ()


# --- class names --------------------------------------------------------------------------

_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")


@cache
def _entries() -> tuple[tuple[re.Pattern[str], Markup], ...]:
    return tuple(
        (re.compile(rf"(?<![a-z0-9])(?:{any_of(entry.names)})(?![a-z0-9])"), entry)
        for entry in lexicon.read("layout", Markup)
    )


@lru_cache(maxsize=1 << 14)
def named(names: str) -> tuple[Markup, ...]:
    """The entries that an element's class and id fall under.

    >>> [entry.id for entry in named("col-md-8 detailSapo")]
    ['lead']
    """
    plain = _CAMEL.sub("-", names[:300]).lower().replace("_", "-")
    return tuple(entry for pattern, entry in _entries() if pattern.search(plain))


def hints(element: Element) -> tuple[Markup, ...]:
    names = element.get("class"), element.get("id")
    return named(" ".join(name for name in names if name)) if any(names) else ()


# --- tags about the page ------------------------------------------------------------------


def tags(tree: Element) -> dict[str, tuple[str, ...]]:
    """Everything the page says about itself, by name: meta elements, <title>, canonical address,
    <time> elements, and the plain values of its JSON-LD as `ld:<key>`.
    """
    found: dict[str, list[str]] = defaultdict(list)
    for element in tree.iter("meta", "title", "link", "time"):
        for key, value in _stated(element):
            if value and (value := " ".join(value.split())) and value not in found[key]:
                found[key].append(value)
    for script in tree.iter("script"):
        if (script.get("type") or "").strip().lower() == "application/ld+json":
            for key, value in _linked_data(script.text or ""):
                if value not in found[f"ld:{key}"]:
                    found[f"ld:{key}"].append(value)
    return {key: tuple(values) for key, values in found.items() if values}


def _stated(element: Element) -> Iterator[tuple[str, str | None]]:
    if element.tag == "meta":
        key = element.get("property") or element.get("name") or element.get("itemprop")
        if key:
            yield key.strip().lower(), element.get("content")
    elif element.tag == "title" and element.getparent() is not None:
        if element.getparent().tag == "head":
            yield "title", element.text
    elif element.tag == "link" and "canonical" in (element.get("rel") or "").lower().split():
        yield "canonical", element.get("href")
    elif element.tag == "time":
        yield "time", element.get("datetime")


def _linked_data(source: str) -> Iterator[tuple[str, str]]:
    """The plain values of a JSON-LD script; nothing where it is no JSON."""
    try:
        todo: list[Any] = [json.loads(source, strict=False)]
    except (ValueError, RecursionError):
        return
    while todo:
        node = todo.pop()
        if isinstance(node, list):
            todo.extend(reversed(node))
        elif isinstance(node, dict):
            for key, value in node.items():
                if isinstance(value, str) and value.strip():
                    yield str(key), value.strip()
                elif isinstance(value, dict | list):
                    if key == "author":
                        yield from _names(value)
                    todo.append(value)


def _names(value: Any) -> Iterator[tuple[str, str]]:
    for one in value if isinstance(value, list) else [value]:
        name = one.get("name") if isinstance(one, dict) else one
        if isinstance(name, str) and name.strip():
            yield "author", name.strip()


# --- the title ----------------------------------------------------------------------------

_SUFFIX: Final = re.compile(r"\s[-–—|»]\s[^-–—|»]{2,60}\Z")
_OF_SITE: Final = re.compile(
    r"\b(?:báo|đài|cổng|trang|tạp chí|online|điện tử|news|truyền hình)\b|\.(?:vn|com|org|net)\b",
    re.IGNORECASE,
)
# "Báo Vạn Xuân online - "; a paper's bare name may as well open a headline about the paper.
_PREFIX: Final = re.compile(r"([^-–—|»]{2,60})\s[-–—|»]\s")
_DOMAIN: Final = re.compile(r"[\w.-]{3,50}\.(?:vn|com|org|net)", re.IGNORECASE)
_FEWEST: Final = 3  # words of a headline that is cut out of a longer title
_TITLE_TAGS: Final = ("og:title", "twitter:title", "ld:headline", "title", "dc.title")


def titles(found: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """The title as the page's tags give it, the best first, without the site's name around it.

    >>> list(titles({"title": ("Học Bác ở Phú An - Chính trị - Báo Miền Biển điện tử",)}))
    ['Học Bác ở Phú An']
    >>> list(titles({"title": ("Báo Miền Biển Online - Chính trị - Học Bác ở Phú An",)}))
    ['Học Bác ở Phú An']
    """
    site = " ".join(found.get("og:site_name", ())).casefold()
    for value in (value[:500] for key in _TITLE_TAGS for value in found.get(key, ())):
        while suffix := _SUFFIX.search(value):
            name = suffix[0].strip(" -–—|»")
            if not (_OF_SITE.search(name) or name.casefold() in site or is_rubric(line(name))):
                break
            value = value[: suffix.start()].rstrip()
        yield _without_site(value, site)


def _without_site(value: str, site: str) -> str:
    """A title without the site's name, and its section's, before it."""
    prefix = _PREFIX.match(value)
    name = prefix[1].strip() if prefix else ""
    if prefix is None or not (
        name.casefold() == site
        or _DOMAIN.fullmatch(name)
        or (name.casefold().endswith(("online", "điện tử")) and names_paper(name))
    ):
        return value
    rest = value[prefix.end() :].lstrip()
    while (section := _PREFIX.match(rest)) and is_rubric(line(section[1].strip())):
        rest = rest[section.end() :].lstrip()
    return value if len(rest.split()) < _FEWEST or is_rubric(line(rest)) else rest
