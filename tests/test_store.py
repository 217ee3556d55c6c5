from __future__ import annotations

import dataclasses
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args, get_type_hints

import duckdb
import pyarrow as pa
import pytest

from pipeline import records
from pipeline.store import warehouse
from pipeline.store.parts import MANIFEST, Parts
from pipeline.store.tables import TABLES, from_arrow, to_arrow

# Columns that the warehouse adds to a record: what is found across articles, and the corpus.
ADDED = {"model_mentions": {"model_id"}, "failures": {"corpus"}, "captures": {"corpus"}}


def article(article_id: str, corpus: str = "c", **changes: Any) -> records.Article:
    whole = records.Article(
        article_id=article_id, corpus=corpus, source_path=f"{article_id}.txt", url=None,
        outlet=None, outlet_evidence=None, province="Hậu Giang", province_2025="Thành phố Cần Thơ",
        province_evidence=None, title="Chi bộ họp", lead=None, author=None,
        published_at=datetime(2022, 8, 12, 8, 4), published_evidence=None, cms_news_id=None,
        text="Có 229/321 chi bộ.", content_hash="0" * 64, quality=(), extraction_method="lines",
    )  # fmt: skip
    return dataclasses.replace(whole, **changes)


def write(path: Path, parts: Parts, corpus: str, ids: list[str], part: str = "p") -> None:
    pages = pa.table({"part_id": [part] * len(ids), "source_path": ids, "article_id": ids})
    contents = warehouse.Contents(corpus, parts, pages)
    warehouse.write(path, contents, [], lambda _: None)


@pytest.fixture
def parts(tmp_path: Path) -> Parts:
    return Parts(tmp_path / "parts")


def test_every_table_has_its_records_columns(tmp_path: Path, parts: Parts) -> None:
    write(tmp_path / "w.duckdb", parts, "c", [])
    with warehouse.connect(tmp_path / "w.duckdb") as open_warehouse:
        columns = {r.name: {c.name for c in r.columns} for r in open_warehouse.relations()}
    for record_type, table in TABLES.items():
        fields = {f.name for f in dataclasses.fields(record_type)}
        assert columns[table] - fields == ADDED.get(table, set()), table
        assert fields <= columns[table], table


def test_every_table_view_and_column_says_what_it_means(tmp_path: Path, parts: Parts) -> None:
    write(tmp_path / "w.duckdb", parts, "c", [])
    with warehouse.connect(tmp_path / "w.duckdb") as open_warehouse:
        for relation in open_warehouse.relations():
            assert relation.comment, relation.name
            for column in relation.columns:
                assert column.comment, f"{relation.name}.{column.name}"


@pytest.mark.parametrize("record_type", TABLES, ids=lambda t: t.__name__)
def test_records_come_back_from_arrow(record_type: type) -> None:
    examples = {
        str: "ủy", int: 7, bool: True, float: 0.5, Decimal: Decimal("71.330000"),
        datetime: datetime(2022, 8, 12, 8, 4), tuple[str, ...]: ("a", "b"),
    }  # fmt: skip
    hints = get_type_hints(record_type)
    values = {}
    for field in dataclasses.fields(record_type):
        options = [hints[field.name], *get_args(hints[field.name])]
        values[field.name] = next((examples[o] for o in options if o in examples), None)
    row = record_type(**values)
    assert from_arrow(record_type, to_arrow(record_type, [row])) == [row]


def test_a_part_appears_whole_or_not_at_all(parts: Parts) -> None:
    good = to_arrow(records.Article, [article("a")])
    parts.write("p", {"articles": good})
    with pytest.raises(AttributeError):
        parts.write("q", {"articles": good, "blocks": "no table"})
    assert parts.ids() == ["p"]
    assert [path.name for path in parts.folder.iterdir()] == ["p"]


@pytest.mark.parametrize("victim", ["articles.parquet", MANIFEST])
def test_a_part_whose_bytes_have_changed_is_no_part(parts: Parts, victim: str) -> None:
    parts.write("p", {"articles": to_arrow(records.Article, [article("a")])})
    assert parts.is_sound("p")
    path = parts.folder / "p" / victim
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    assert not parts.is_sound("p")


def test_of_two_parts_under_one_name_either_will_do(parts: Parts) -> None:
    for _ in range(2):
        parts.write("p", {"articles": to_arrow(records.Article, [article("a")])})
    assert parts.ids() == ["p"]
    assert [path.name for path in parts.folder.iterdir()] == ["p"]


def test_a_sweep_leaves_only_finished_parts(parts: Parts) -> None:
    parts.write("p", {"articles": to_arrow(records.Article, [article("a")])})
    (parts.folder / ".unfinished-x").mkdir()
    (parts.folder / "half").mkdir()
    parts.write("damaged", {"articles": to_arrow(records.Article, [article("a")])})
    (parts.path("damaged", "articles")).write_bytes(b"PAR1")
    parts.sweep()
    assert [path.name for path in parts.folder.iterdir()] == ["p"]


def test_writing_twice_is_writing_once(tmp_path: Path, parts: Parts) -> None:
    parts.write("p", {"articles": to_arrow(records.Article, [article("a"), article("b")])})
    for _ in range(2):
        write(tmp_path / "w.duckdb", parts, "c", ["a", "b"])
    with warehouse.connect(tmp_path / "w.duckdb") as open_warehouse:
        assert open_warehouse.query("select article_id from articles") == [("a",), ("b",)]


def test_only_listed_articles_are_stored(tmp_path: Path, parts: Parts) -> None:
    parts.write("p", {"articles": to_arrow(records.Article, [article("a"), article("b")])})
    write(tmp_path / "w.duckdb", parts, "c", ["b"])
    with warehouse.connect(tmp_path / "w.duckdb") as open_warehouse:
        assert open_warehouse.query("select article_id from articles") == [("b",)]


def test_other_corpora_in_the_same_file_stay(tmp_path: Path, parts: Parts) -> None:
    other = Parts(tmp_path / "other")
    parts.write("p", {"articles": to_arrow(records.Article, [article("a")])})
    other.write("p", {"articles": to_arrow(records.Article, [article("b", corpus="d")])})
    write(tmp_path / "w.duckdb", parts, "c", ["a"])
    write(tmp_path / "w.duckdb", other, "d", ["b"])
    write(tmp_path / "w.duckdb", parts, "c", [])
    with warehouse.connect(tmp_path / "w.duckdb") as open_warehouse:
        assert open_warehouse.query("select corpus, article_id from articles") == [("d", "b")]


def test_rows_stand_in_one_order_whatever_came_first(tmp_path: Path, parts: Parts) -> None:
    other = Parts(tmp_path / "other")
    parts.write("p", {"articles": to_arrow(records.Article, [article("b"), article("a")])})
    other.write("p", {"articles": to_arrow(records.Article, [article("c", corpus="d")])})
    write(tmp_path / "1.duckdb", parts, "c", ["a", "b"])
    write(tmp_path / "1.duckdb", other, "d", ["c"])
    write(tmp_path / "2.duckdb", other, "d", ["c"])
    write(tmp_path / "2.duckdb", parts, "c", ["b", "a"])
    for name in ("1.duckdb", "2.duckdb"):
        with warehouse.connect(tmp_path / name) as open_warehouse:
            rows = open_warehouse.query("select article_id from articles order by rowid")
        assert rows == [("a",), ("b",), ("c",)]


def test_a_warehouse_of_another_version_is_taken_over(tmp_path: Path, parts: Parts) -> None:
    other = Parts(tmp_path / "other")
    parts.write("p", {"articles": to_arrow(records.Article, [article("a", author="LAN")])})
    other.write("p", {"articles": to_arrow(records.Article, [article("b", corpus="d")])})
    write(tmp_path / "w.duckdb", parts, "c", ["a"])
    with duckdb.connect(str(tmp_path / "w.duckdb")) as connection:
        for change in ("drop column author", "add column gone integer"):
            connection.execute(f"alter table articles {change}")
        connection.execute("drop table fact_checks cascade")
    write(tmp_path / "w.duckdb", other, "d", ["b"])
    with warehouse.connect(tmp_path / "w.duckdb") as open_warehouse:
        rows = open_warehouse.query("select article_id, title, author from articles")
    assert rows == [("a", "Chi bộ họp", None), ("b", "Chi bộ họp", None)]


def test_rows_of_parts_are_read_without_a_warehouse(parts: Parts) -> None:
    parts.write("p", {"articles": to_arrow(records.Article, [article("a"), article("b")])})
    parts.write("q", {"articles": to_arrow(records.Article, [article("b", title="Khác")])})
    pages = pa.table({"part_id": ["p", "q"], "source_path": ["a", "b"], "article_id": ["a", "b"]})
    rows = warehouse.read(
        warehouse.Contents("c", parts, pages),
        "articles",
        "select article_id, title from part order by all",
    )
    assert list(rows) == [("a", "Chi bộ họp"), ("b", "Khác")]


def test_a_failed_write_leaves_the_old_warehouse(tmp_path: Path, parts: Parts) -> None:
    parts.write("p", {"articles": to_arrow(records.Article, [article("a")])})
    write(tmp_path / "w.duckdb", parts, "c", ["a"])
    before = (tmp_path / "w.duckdb").read_bytes()

    def fail(_: warehouse.Warehouse) -> None:
        raise RuntimeError("stopped")

    pages = pa.table({"part_id": ["p"], "source_path": ["a"], "article_id": ["a"]})
    with pytest.raises(RuntimeError, match="stopped"):
        warehouse.write(tmp_path / "w.duckdb", warehouse.Contents("c", parts, pages), [], fail)
    assert (tmp_path / "w.duckdb").read_bytes() == before
    assert not (tmp_path / "w.duckdb.new").exists()


def test_no_warehouse_is_said_with_what_to_do(tmp_path: Path) -> None:
    with (
        pytest.raises(warehouse.WarehouseError, match=r"baotinh ingest"),
        warehouse.connect(tmp_path / "none.duckdb"),
    ):
        pass


def test_a_file_that_is_no_warehouse_is_said(tmp_path: Path) -> None:
    (tmp_path / "w.duckdb").write_text("no database")
    with (
        pytest.raises(warehouse.WarehouseError, match=r"cannot be opened"),
        warehouse.connect(tmp_path / "w.duckdb"),
    ):
        pass


def test_views_answer_on_an_empty_warehouse(tmp_path: Path, parts: Parts) -> None:
    write(tmp_path / "w.duckdb", parts, "c", [])
    with warehouse.connect(tmp_path / "w.duckdb") as open_warehouse:
        views = [r.name for r in open_warehouse.relations() if r.kind == "view"]
        assert views
        assert all(open_warehouse.query(f"select * from {view}") == [] for view in views)
