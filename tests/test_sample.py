"""The sample corpus is what its README says, and shows what it is there to show."""

from __future__ import annotations

import gzip
import re
import tomllib
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from pipeline.read import corpus

CORPORA: Final = Path(__file__).parents[1] / "corpora"
SAMPLE: Final = CORPORA / "sample"
README: Final = (CORPORA / "README.md").read_text("utf-8")
NO_ARTICLE: Final = "khong-phai-bai/"
PROVINCES: Final = {
    row["name"]: row
    for row in tomllib.loads(
        (CORPORA.parent / "pipeline" / "lexicon" / "provinces.toml").read_text("utf-8")
    )["province"]
}
REPEATED: Final = "Chuyện quê sen - mỗi ngày một điều tử tế"
# A word that every article has, as the bytes of each encoding in the sample write it.
MARKS: Final = {
    "utf-8": "Đảng".encode(),
    "utf-8, double-encoded": "Đ".encode().decode("latin-1").encode(),
    "utf-16": "Đảng".encode("utf-16-le"),
    "windows-1258": b"\xd0a\xd2ng",
    "decomposed": "Đa\u0309ng".encode(),
    "foreign letter": "Ðảng".encode(),
}


class Row(NamedTuple):
    """A line of the README's table of articles."""

    path: str
    outlet: str
    province: str
    published: str
    design: str
    defects: str


def _cells(line: str) -> list[str]:
    return [cell.strip().strip("`") for cell in line.strip().strip("|").split(" | ")]


ARTICLES: Final = [
    Row(*_cells(line))
    for line in README.splitlines()
    if line.startswith("| `") and not line.startswith(f"| `{NO_ARTICLE}")
]
OTHERS: Final = [
    _cells(line)[0] for line in README.splitlines() if line.startswith(f"| `{NO_ARTICLE}")
]


def content(path: str) -> bytes:
    data = (SAMPLE / path).read_bytes()
    return gzip.decompress(data) if path.endswith(".gz") else data


def test_the_readme_lists_every_file_once() -> None:
    listed = Counter([row.path for row in ARTICLES] + OTHERS)
    held = {p.relative_to(SAMPLE).as_posix() for p in SAMPLE.rglob("*") if p.is_file()}
    assert set(listed) == held - {"corpus.toml"}
    assert set(listed.values()) == {1}


def test_there_are_enough_articles_provinces_and_designs() -> None:
    html = [row for row in ARTICLES if ".htm" in row.path]
    assert len(ARTICLES) >= 40
    assert 0.5 <= len(html) / len(ARTICLES) <= 0.7
    assert len({row.province for row in ARTICLES} - {"—"}) >= 18
    assert len({row.design for row in html}) >= 8


def test_provinces_are_those_of_the_map() -> None:
    assert {row.province for row in ARTICLES} - {"—"} <= PROVINCES.keys()


def test_dates_span_the_decade() -> None:
    years = {date.fromisoformat(row.published).year for row in ARTICLES if row.published != "—"}
    assert years == set(range(2016, 2026))


@pytest.mark.parametrize("path", [row.path for row in ARTICLES] + OTHERS)
def test_a_file_is_small(path: str) -> None:
    assert (SAMPLE / path).stat().st_size <= 60_000


def test_a_line_that_no_lexicon_knows_repeats_within_one_outlet() -> None:
    of_outlet = [row for row in ARTICLES if REPEATED in content(row.path).decode("utf-8", "ignore")]
    assert len(of_outlet) >= 6
    assert {row.outlet for row in of_outlet} == {"Báo Đồng Tháp"}
    lexicon = (CORPORA.parent / "pipeline" / "lexicon").glob("*.toml")
    assert not [f.name for f in lexicon if "quê sen" in f.read_text("utf-8")]


@pytest.mark.parametrize("encoding", MARKS)
def test_every_encoding_is_there(encoding: str) -> None:
    assert any(MARKS[encoding] in content(row.path) for row in ARTICLES)


def test_there_are_a_byte_order_mark_and_a_wrong_declaration() -> None:
    assert any(content(row.path).startswith(b"\xef\xbb\xbf") for row in ARTICLES)
    declared = [content(row.path) for row in ARTICLES if b"charset=" in content(row.path)]
    assert any(b'charset="iso-8859-1"' in data and MARKS["utf-8"] in data for data in declared)


@pytest.mark.parametrize(
    ("shape", "pattern"),
    [
        ("print_r over lines", r"^Array\n\("),
        ("print_r on one line", r"Array \( \[0\] => Array \( \["),
        ("print_r escaped", r"\[news_id\] =&gt; \d"),
        ("print_r cut at the end", r"\[\w+\] => [^\n]*\Z"),
        ("var_dump", r"array\(\d+\) \{\s+\[0\]=>"),
        ("stdClass Object", r"stdClass Object"),
        ("in a pre", r"<pre[^>]*>(?:Array|array)"),
        ("in a div", r"<div[^>]*>(?:Array|stdClass)"),
        ("prose", r"đúng mấy chữ Array \( rồi"),
    ],
)
def test_leaked_dumps_come_in_every_shape(shape: str, pattern: str) -> None:
    texts = (content(row.path).decode("utf-8", "replace") for row in ARTICLES)
    assert any(re.search(pattern, text, re.MULTILINE) for text in texts), shape


def test_models_are_adopted_in_several_provinces() -> None:
    table = README.partition("### Models adopted in several provinces")[2]
    models = [_cells(line) for line in table.splitlines() if line.startswith("| ")][1:]
    wide = [name for name, _, provinces in models if len(provinces.split(", ")) >= 4]
    variants = [name for name, spellings, _ in models if ";" in spellings]
    assert len(wide) >= 6
    assert len(variants) >= 6


def test_one_folder_relies_on_corpus_toml() -> None:
    known = corpus.load(SAMPLE)
    stated = [row for row in ARTICLES if known.facts_for(row.path).outlet]
    assert stated
    for row in stated:
        facts = known.facts_for(row.path)
        assert (facts.outlet, facts.province) == (row.outlet, row.province)
        assert row.province not in content(row.path).decode("utf-8")


def test_captures_that_are_no_articles_are_there() -> None:
    assert len(OTHERS) >= 7
    sizes = {path: (SAMPLE / path).stat().st_size for path in OTHERS}
    assert 0 in sizes.values()
    assert any((SAMPLE / path).read_bytes().startswith(b"\x89PNG") for path in OTHERS)
