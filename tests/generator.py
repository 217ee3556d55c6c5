"""A corpus of any size, made of our invented articles: for benchmarks and for fault tests.

Each article mixes paragraphs of many articles, with their sentences in another order, and with
other numbers, people and places. Ours are full of figures; captures are not, so that between the
paragraphs stand others, made of clauses without figures, in sentences as long as those of captures
(some 220 characters). Article n is the same in a corpus of any size.

    python -m tests.generator 20000 build/generated
"""

from __future__ import annotations

import argparse
import html
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import chain
from pathlib import Path
from random import Random
from typing import Final

from pipeline import lexicon, read
from pipeline.annotate.sentences import bounds
from pipeline.clean.cut import cut
from pipeline.clean.draft import NotAnArticle
from pipeline.clean.places import Outlet
from pipeline.records import Page
from pipeline.vietnamese import slug

SAMPLE: Final = Path(__file__).parents[1] / "corpora" / "sample"
GOLDEN: Final = Path(__file__).parents[1] / "corpora" / "golden"
LENGTH: Final = 4000  # characters of an article's text, at least

_KEPT: Final = re.compile(  # figures that say which, not how many: dates and documents
    r"""
    \d{1,2}[/-]\d{1,2}[/-]\d{4} | ngày[ ]\d{1,2}[/-]\d{1,2}  # 25/4/2022, ngày 25/4
    | \d+(?:/\d{4})?[-/][A-ZĐ][\w/-]+                       # 05-CT/TW, 33/2020/QĐ-UBND
    | \d{1,2}/(?:19|20)\d\d | \b(?:19|20)\d\d\b             # 4/2022, 2015-2020
    """,
    re.VERBOSE,
)
_NUMBER: Final = re.compile(rf"{_KEPT.pattern} | (?P<digits>\d+)", re.VERBOSE)
_CLAUSE_END: Final = re.compile(r"[,;:.!?…]+(?:\s+|\Z)")
_FIGURE_OR_QUOTE: Final = re.compile(r"[\d“”\"«»‘’()\[\]]")
_CAPITALISED: Final = r"[A-ZĐÀ-Ỹ][a-zà-ỹ]+"
_PERSON: Final = re.compile(
    rf"\b(đồng[ ]chí|[Ôô]ng|[Bb]à|[Aa]nh|[Cc]hị)((?:[ ]{_CAPITALISED}){{2,4}})", re.VERBOSE
)
_PLACE: Final = re.compile(
    rf"\b(huyện|xã|phường|thị[ ]trấn|ấp|khóm|khu[ ]phố)((?:[ ]{_CAPITALISED}){{2,3}})", re.VERBOSE
)
_PROVINCE: Final = re.compile(rf"\btỉnh((?:[ ]{_CAPITALISED}){{2,3}})")

_NAMES: Final = (
    re.split(r"\W+", "Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý"),
    re.split(r"\W+", "Văn Thị Hữu Đức Minh Thanh Quốc Ngọc Xuân Thu Hoài Công"),
    re.split(r"\W+", "An Bình Châu Dũng Hà Hải Hạnh Hùng Khoa Lan Long Mai Nam Phúc Quân Sơn Tâm"),
)
_PLACES: Final = (
    re.split(r"\W+", "An Bình Đông Hòa Hưng Khánh Long Mỹ Phú Phước Tân Tây Thạnh Thuận Vĩnh Yên"),
    re.split(r"\W+", "Bình Châu Điền Giang Hải Hòa Hội Lâm Lộc Lợi Phong Sơn Thành Trung Xuân"),
)


@dataclass(frozen=True, slots=True)
class Story:
    """An article before it is put on a page."""

    number: int
    outlet: str
    province: str
    domain: str
    published: datetime
    title: str
    lead: str
    body: tuple[str, ...]  # a heading begins with "# "
    author: str
    others: tuple[str, ...]  # titles of other news

    @property
    def url(self) -> str:
        return f"https://{self.domain}/{slug(self.title)[:60]}-{self.number}.html"


@dataclass(frozen=True, slots=True)
class Material:
    """What our articles are made of."""

    titles: tuple[str, ...]
    leads: tuple[str, ...]
    headings: tuple[str, ...]
    paragraphs: tuple[str, ...]
    clauses: tuple[str, ...]


def write(count: int, folder: Path) -> None:
    """Write `count` captures, in a folder an outlet."""
    for n in range(count):
        path, content = capture(n)
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content, "utf-8")


def capture(n: int) -> tuple[str, str]:
    """Path and content of capture `n`."""
    draw = Random(f"capture {n}")
    told = story(n, draw)
    suffix, design = draw.choice(DESIGNS)
    folder = f"{slug(told.province)}/{told.published.year}"
    return f"{folder}/{slug(told.title)[:40]}-{n}.{suffix}", design(told)


def story(n: int, draw: Random) -> Story:
    """Article `n`, of at least LENGTH characters."""
    pool = material()
    outlet = draw.choice(_outlets())
    vary = Variation(draw, outlet.province)
    size = 0
    body: list[str] = []
    for number, paragraph in enumerate(draw.sample(pool.paragraphs, 60)):
        if size >= LENGTH:
            break
        if number and number % 2 == 0:
            body.append("# " + vary(draw.choice(pool.headings)))
        body += [vary(_shuffled(paragraph, draw)), vary(_prose(draw)), vary(_prose(draw))]
        size += sum(map(len, body[-3:]))
    minutes = draw.randrange(10 * 365 * 24 * 60)
    return Story(
        n,
        outlet.name,
        outlet.province,
        outlet.domains[0],
        datetime(2016, 1, 1) + timedelta(minutes=minutes),
        vary(draw.choice(pool.titles)),
        vary(draw.choice(pool.leads)),
        tuple(body),
        vary.person().upper(),
        tuple(vary(title) for title in draw.sample(pool.titles, 4)),
    )


class Variation:
    """The same text with other numbers, people and places, each name always the same other."""

    def __init__(self, draw: Random, province: str) -> None:
        self._draw = draw
        self._province = province
        self._names: dict[str, str] = {}

    def __call__(self, text: str) -> str:
        text = _NUMBER.sub(self._number, text)
        text = _PROVINCE.sub(f"tỉnh {self._province}", text)
        text = _PERSON.sub(lambda m: f"{m[1]} {self._other(m[2], self.person)}", text)
        return _PLACE.sub(lambda m: f"{m[1]} {self._other(m[2], self._place)}", text)

    def person(self) -> str:
        return " ".join(self._draw.choice(part) for part in _NAMES)

    def _place(self) -> str:
        return " ".join(self._draw.choice(part) for part in _PLACES)

    def _other(self, name: str, new: Callable[[], str]) -> str:
        if name not in self._names:
            self._names[name] = new()
        return self._names[name]

    def _number(self, match: re.Match[str]) -> str:
        digits = match["digits"]
        if digits is None or digits.startswith("0"):
            return match[0]
        other = self._draw.randrange(10 ** (len(digits) - 1), 10 ** len(digits))
        return str(max(1, other))


def _shuffled(paragraph: str, draw: Random) -> str:
    """The paragraph with its sentences after the first in another order."""
    first, *rest = [paragraph[a:b] for a, b in bounds(paragraph, 0, len(paragraph))]
    draw.shuffle(rest)
    return " ".join([first, *rest])


def _prose(draw: Random) -> str:
    """Some sentences without figures."""
    sentences = [", ".join(draw.sample(material().clauses, 5)) for _ in range(draw.randint(1, 3))]
    return " ".join(sentence[0].upper() + sentence[1:] + "." for sentence in sentences)


@cache
def material() -> Material:
    """The pieces of our articles by their role."""
    found: dict[str, list[str]] = {role: [] for role in ("title", "lead", "heading", "paragraph")}
    for source in chain(read.sources(SAMPLE), read.sources(GOLDEN)):
        for page in read.pages(source):
            with suppress(NotAnArticle):
                for piece in cut(page).pieces if isinstance(page, Page) else ():
                    if piece.kept and piece.role in found:
                        found[piece.role].append(piece.text)
    found["clause"] = [
        clause
        for text in found["paragraph"]
        for clause in _CLAUSE_END.split(text)
        if 25 <= len(clause) <= 120 and not _FIGURE_OR_QUOTE.search(clause)
    ]
    found["paragraph"] = [text for text in found["paragraph"] if len(text) >= 120]
    return Material(*(tuple(dict.fromkeys(texts)) for texts in found.values()))


@cache
def _outlets() -> tuple[Outlet, ...]:
    return tuple(lexicon.read("outlets", Outlet))


# --- page designs -------------------------------------------------------------------------


def plain_text(told: Story) -> str:
    """What a person copied out of the browser."""
    lines = [told.outlet, told.title, f"{told.published:%d/%m/%Y | %H:%M}", told.lead]
    lines += [paragraph.removeprefix("# ") for paragraph in told.body]
    lines += [told.author, "Chia sẻ", "Tin liên quan", *told.others]
    return "\n\n".join(lines) + "\n"


def text_with_dump(told: Story) -> str:
    """A text capture with the list of related news that the server printed."""
    return plain_text(told) + _dump(told) + "\nBản quyền thuộc " + told.outlet + "\n"


def wordpress(told: Story) -> str:
    body = "\n".join(
        f"<h3>{_e(p[2:])}</h3>"
        if p.startswith("# ")
        else f'<p style="text-align: justify;">{_e(p)}</p>'
        for p in told.body
    )
    return f"""<!DOCTYPE html>
<html lang="vi"><head><meta charset="UTF-8"><title>{_e(told.title)} - {_e(told.outlet)}</title>
<link rel="canonical" href="{told.url}"><meta property="og:site_name" content="{_e(told.outlet)}">
<meta property="article:published_time" content="{told.published.isoformat()}+07:00">
{_STYLE}</head>
<body class="single single-post"><header class="td-header">{_MENU}</header>
<main><article class="post hentry"><h1 class="entry-title">{_e(told.title)}</h1>
<div class="entry-meta"><time class="entry-date">{told.published:%d/%m/%Y}</time></div>
<div class="entry-content"><p><strong>{_e(told.lead)}</strong></p>
{body}
<p style="text-align: right;"><strong>{_e(told.author)}</strong></p></div></article></main>
<aside>{_teasers(told)}</aside>{_footer(told)}</body></html>
"""


def divs(told: Story) -> str:
    body = "\n".join(
        f'<div class="c-par__sub"><b>{_e(p[2:])}</b></div>'
        if p.startswith("# ")
        else f'<div class="c-par__text"><span>{_e(p)}</span></div>'
        for p in told.body
    )
    return f"""<!doctype html>
<html lang="vi"><head><meta charset="utf-8"><title>{_e(told.title)} | {_e(told.outlet)}</title>
<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "{_e(told.title)}",
"datePublished": "{told.published.isoformat()}+07:00"}}</script>{_STYLE}</head>
<body><div id="__nuxt"><div class="c-logo"><a href="/">{_e(told.outlet)}</a></div>{_MENU}
<div class="l-content"><div class="c-detail__title"><h1>{_e(told.title)}</h1></div>
<div class="c-detail__meta"><span>{told.published:%H:%M | %d/%m/%Y}</span></div>
<div class="c-detail__body"><div class="c-sapo">{_e(told.lead)}</div>
{body}
<div class="c-author">{_e(told.author)}</div></div></div>
<div class="l-side">{_teasers(told)}</div>{_footer(told)}</div></body></html>
"""


def php_system(told: Story) -> str:
    body = "\n".join(
        f'<p class="pSubTitle">{_e(p[2:])}</p>'
        if p.startswith("# ")
        else f'<p class="pBody">{_e(p)}</p>'
        for p in told.body
    )
    return f"""<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>{_e(told.title)}</title>
<meta property="og:url" content="{told.url}">{_STYLE}</head>
<body><div id="header"><a href="/">{_e(told.outlet)}</a>{_MENU}</div>
<div id="main"><h1 class="news_title">{_e(told.title)}</h1>
<div class="news_date">Cập nhật: {told.published:%d-%m-%Y | %H:%M:%S}</div>
<div class="news_content"><p class="pHead">{_e(told.lead)}</p>
{body}
<p class="pAuthor">{_e(told.author)}</p></div>
<pre>{_e(_dump(told))}</pre>
{_teasers(told)}</div>{_footer(told)}</body></html>
"""


DESIGNS: Final = (
    ("txt", plain_text), ("txt", text_with_dump), ("html", wordpress), ("html", divs),
    ("html", php_system),
)  # fmt: skip
_STYLE: Final = "<style>" + "".join(f".c{n}{{margin:{n}px}}" for n in range(60)) + "</style>"
_MENU: Final = '<ul class="menu">{}</ul>'.format(
    "".join(
        f'<li><a href="/{slug(name)}">{name}</a></li>'
        for name in (
            "Trang chủ", "Thời sự", "Chính trị", "Xây dựng Đảng", "Kinh tế", "Văn hóa",
            "Xã hội", "Giáo dục", "Y tế", "Pháp luật", "Quốc phòng - An ninh", "Thể thao",
        )
    )
)  # fmt: skip


def _dump(told: Story) -> str:
    entries = [
        f"""    [{place}] => Array
        (
            [news_id] => {told.number + place}
            [news_title] => {title}
            [newcate_code1] => chinh-tri
            [news_publicdate] => {told.published + timedelta(hours=place):%Y-%m-%d %H:%M:%S}
        )
"""
        for place, title in enumerate((told.title, *told.others))
    ]
    return "Array\n(\n" + "\n".join(entries) + "\n)\n"


def _teasers(told: Story) -> str:
    items = "".join(f'<li><a href="/t{n}">{_e(t)}</a></li>' for n, t in enumerate(told.others))
    return f'<div class="related"><h4>Tin liên quan</h4><ul>{items}</ul></div>'


def _footer(told: Story) -> str:
    return (
        f"<footer><p>Cơ quan chủ quản: Tỉnh ủy {_e(told.province)}</p>"
        f'<p>Ghi rõ nguồn "{_e(told.outlet)}" khi phát hành lại thông tin</p></footer>'
    )


def _e(text: str) -> str:
    return html.escape(text, quote=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles", type=int)
    parser.add_argument("folder", type=Path)
    chosen = parser.parse_args()
    write(chosen.articles, chosen.folder)


if __name__ == "__main__":
    main()
