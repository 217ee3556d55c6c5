"""Notebooks are stored without outputs, run on the sample, and draw pictures that show it."""

from __future__ import annotations

import base64
import json
import re
import struct
import zlib
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import vl_convert
from click.testing import CliRunner
from numpy.typing import NDArray

from pipeline.cli import main
from pipeline.report import charts
from pipeline.report.notebooks import NOTEBOOKS, NotebookError, render
from pipeline.store import warehouse

PATHS = sorted(NOTEBOOKS.glob("*.ipynb"))
NAMES = [path.stem for path in PATHS]
PICTURES = {"01": 3, "02": 2, "03": 3, "04": 2}
# The marks of a chart are the rows it is about: notebook, picture, kind of mark, query.
MARKS = [
    (
        "01", 0, "rect mark",
        "select count(distinct (province, date_trunc('quarter', month))) from coverage "
        "where province is not null and month is not null",
    ),
    (
        "02", 0, "point",
        "select count(*) from facts_in_context join independent_articles using (article_id) "
        "where unit_id = 'chi-bo' and kind = 'ratio' and modality = 'reported' "
        "and change is null and province is not null and numerator <= denominator",
    ),
    (
        "03", 1, "point",
        "select sum(provinces) from (select count(distinct province) as provinces "
        "from model_adoptions group by model_id order by provinces desc limit 12)",
    ),
]  # fmt: skip


class Page(HTMLParser):
    """What a page asks a browser to load, and its pictures."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.scripts = 0
        self.loads: list[str] = []
        self.pictures: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.scripts += tag in ("script", "iframe", "object", "embed")
        given = dict(attrs)
        if tag == "a":
            return
        for name in ("src", "srcset", "data", "href", "xlink:href", "poster"):
            if value := given.get(name):
                self.loads.append(value)
        source = given.get("src") or ""
        if source.startswith("data:image/svg+xml;base64,"):
            self.pictures.append(base64.b64decode(source.partition(",")[2]).decode())


@pytest.fixture(scope="session")
def pages(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The pages that `baotinh notebooks` makes of the sample, by their number."""
    to = tmp_path_factory.mktemp("notebooks")
    result = CliRunner().invoke(main, ["notebooks", "--db", str(sample), "--to", str(to)])
    assert result.exit_code == 0, result.output
    assert sorted(path.stem for path in to.iterdir()) == NAMES
    return {path.stem[:2]: path.read_text("utf-8") for path in to.glob("*.html")}


def notebook(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


def pixels(picture: str) -> NDArray[np.uint8]:
    """The picture drawn: height x width x RGBA."""
    png = vl_convert.svg_to_png(picture)
    width, height, depth, colours = struct.unpack(">IIBB", png[16:26])
    assert (depth, colours) == (8, 6)
    chunks, at = b"", 8
    while at < len(png):
        (size,) = struct.unpack(">I", png[at : at + 4])
        if png[at + 4 : at + 8] == b"IDAT":
            chunks += png[at + 8 : at + 8 + size]
        at += size + 12
    lines = np.frombuffer(zlib.decompress(chunks), np.uint8).reshape(height, width * 4 + 1)
    assert set(lines[:, 0]) == {1}  # each pixel stands as its difference from the one before
    differences = lines[:, 1:].reshape(height, width, 4)
    return np.cumsum(differences, axis=1, dtype=np.uint8)


# --- as they are stored -------------------------------------------------------------------


def test_there_is_one_notebook_a_question() -> None:
    assert [name[:2] for name in NAMES] == sorted(PICTURES)


@pytest.mark.parametrize("path", PATHS, ids=NAMES)
def test_outputs_are_stripped(path: Path) -> None:
    stored = notebook(path)
    assert set(stored["metadata"]) <= {"kernelspec", "language_info"}
    for cell in stored["cells"]:
        assert not cell["metadata"]
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None


@pytest.mark.parametrize("path", PATHS, ids=NAMES)
def test_cells_are_short(path: Path) -> None:
    for cell in notebook(path)["cells"]:
        assert len("".join(cell["source"]).splitlines()) <= 10, cell["id"]


@pytest.mark.parametrize("path", PATHS, ids=NAMES)
def test_a_notebook_asks_first_and_says_last_what_it_does_not_show(path: Path) -> None:
    cells = ["".join(cell["source"]) for cell in notebook(path)["cells"]]
    assert cells[0].startswith("# ")
    assert "?**" in cells[0]
    assert cells[-1].startswith("## What these charts do not show")


@pytest.mark.parametrize("path", PATHS, ids=NAMES)
def test_findings_are_computed(path: Path) -> None:
    """No figure stands in a title's words as they are stored."""
    code = "\n".join("".join(c["source"]) for c in notebook(path)["cells"])
    titles = re.findall(r'finding = \(?\s*((?:f?"[^"]*"\s*)+)', code)
    assert titles
    for words in titles:
        assert not re.search(r"\d", re.sub(r"\{[^}]*\}", "", words)), words


# --- as they run --------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("number", PICTURES)
def test_a_page_needs_nothing_else(pages: dict[str, str], number: str) -> None:
    page = Page(pages[number])
    assert not page.scripts
    assert all(source.startswith("data:") for source in page.loads)
    for style in (pages[number], *page.pictures):
        assert "@import" not in style
        assert not re.search(r"url\(\s*[\"']?(?!#)", style)
    for picture in page.pictures:
        assert not re.search(r"<(?:script|image|foreignObject|use)\b|href=", picture)


@pytest.mark.slow
@pytest.mark.parametrize("number", PICTURES)
def test_pictures_are_not_empty(pages: dict[str, str], number: str) -> None:
    pictures = Page(pages[number]).pictures
    assert len(pictures) == PICTURES[number]
    for picture in pictures:
        drawn = pixels(picture)[:, :, :3].astype(int)
        assert drawn.std() > 10
        coloured = np.ptp(drawn, axis=2) > 60  # text and grid are grey
        assert coloured.sum() > 500  # some ten marks, however large the picture is
        assert min(np.ptp(np.nonzero(coloured), axis=1)) > 60  # and it is not one spot of colour


@pytest.mark.slow
@pytest.mark.parametrize(("number", "place", "mark", "sql"), MARKS, ids=[m[0] for m in MARKS])
def test_every_row_is_drawn(
    pages: dict[str, str], sample: Path, number: str, place: int, mark: str, sql: str
) -> None:
    picture = Page(pages[number]).pictures[place]
    marks = re.findall(r'role="graphics-symbol" aria-roledescription="([^"]*)"', picture)
    with warehouse.connect(sample) as data:
        ((rows,),) = data.query(sql)
    assert Counter(marks)[mark] == rows > 5


@pytest.mark.slow
@pytest.mark.parametrize("number", PICTURES)
def test_pictures_have_titles_that_say_a_finding(pages: dict[str, str], number: str) -> None:
    alternatives = re.findall(r'<img alt="([^"]*)"', pages[number])
    assert len(alternatives) == PICTURES[number]
    assert all(len(words) > 20 for words in alternatives)
    assert not [words for words in alternatives if "nan" in words.split()]


@pytest.mark.slow
def test_vietnamese_letters_are_drawn_by_the_house_font(pages: dict[str, str]) -> None:
    for text in pages.values():
        for picture in Page(text).pictures:
            families = set(re.findall(r'font-family="([^"]*)"', picture))
            assert families == {charts.FONT}
    letters = [pixels(_written(letter)).tobytes() for letter in "ệộữẵđặỹ"]
    assert len(set(letters)) == len(letters)  # a missing letter would be the same box


def _written(text: str) -> str:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40">'
        f'<text x="5" y="30" font-size="24" font-family="{charts.FONT}">{text}</text></svg>'
    )


@pytest.mark.slow
def test_a_notebook_that_breaks_is_named(sample: Path, tmp_path: Path) -> None:
    cell: dict[str, Any] = {
        "cell_type": "code",
        "id": "a",
        "metadata": {},
        "outputs": [],
        "execution_count": None,
    }
    broken = {
        "nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{**cell, "source": "1 / 0"}],
    }  # fmt: skip
    (tmp_path / "05_broken.ipynb").write_text(json.dumps(broken), "utf-8")
    with pytest.raises(NotebookError, match=r"05_broken\.ipynb stopped with ZeroDivisionError"):
        list(render(sample, tmp_path / "pages", tmp_path))


def test_without_a_warehouse_nothing_runs(tmp_path: Path) -> None:
    with pytest.raises(warehouse.WarehouseError, match="baotinh ingest"):
        list(render(tmp_path / "none.duckdb", tmp_path / "pages"))
    assert not (tmp_path / "pages").exists()


# --- how charts look ----------------------------------------------------------------------


def test_the_palette_can_be_told_apart_without_red_and_green() -> None:
    """Under the simulation of missing green cones by Viénot, Brettel and Mollon (1999)."""

    def seen(colour: str) -> NDArray[np.float64]:
        rgb = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
        linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
        mixed = 0.29275 * linear[0] + 0.70725 * linear[1]
        return np.array([mixed, mixed, -0.02234 * linear[0] + 0.02234 * linear[1] + linear[2]])

    used = [seen(colour) for colour in charts.PALETTE[:5]]
    for i, one in enumerate(used):
        for other in used[:i]:
            assert np.linalg.norm(one - other) > 0.1


def test_an_interval_holds_its_share_and_narrows() -> None:
    low, high = charts.wilson([5, 50, 500, 0], [10, 100, 1000, 10])
    assert (low <= [50, 50, 50, 0]).all()
    assert (high >= [50, 50, 50, 0]).all()
    assert list(np.diff((high - low)[:3]) < 0) == [True, True]


def test_a_title_is_broken_into_lines_that_fit() -> None:
    title = charts.title("một hai ba " * 20, "bốn năm sáu " * 20)
    assert len(title.text) > 1
    assert all(len(line) <= 90 for line in title.text)
    assert " ".join(title.text) == ("một hai ba " * 20).strip()
