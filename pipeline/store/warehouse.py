"""The DuckDB warehouse: filled from parts as a new file, in one transaction, then put in place.

The only importer of duckdb. A run that is killed leaves the old warehouse whole, and readers of
the old file are not disturbed while the new one is written. Other corpora in the same file are
carried over.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa

from pipeline.store.parts import Parts
from pipeline.store.tables import TABLES

SCHEMAS: Final = Path(__file__).parents[2] / "schemas"
# Tables by what ties a row to its corpus.
BY_ARTICLE: Final = tuple(t for t in TABLES.values() if t not in ("captures", "failures"))
BY_CORPUS: Final = ("captures", "failures")


class WarehouseError(Exception):
    """The warehouse cannot be read or written; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Contents:
    """Which rows of which parts make up a corpus.

    `pages` has the columns part_id, source_path, article_id (NULL for a page without an article):
    a part's row counts only where its page is listed for that part.
    """

    corpus: str
    parts: Parts
    pages: pa.Table


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    data_type: str  # as DuckDB names it
    comment: str


@dataclass(frozen=True, slots=True)
class Relation:
    """A table or a view, for codebooks."""

    name: str
    kind: str
    comment: str
    columns: tuple[Column, ...]


class Warehouse:
    """An open warehouse; `with connect(path) as warehouse`."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def query(
        self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()
    ) -> list[tuple[Any, ...]]:
        """All rows of a query. Raises WarehouseError with DuckDB's own words."""
        try:
            return self._connection.execute(sql, parameters).fetchall()
        except duckdb.Error as error:
            raise WarehouseError(f"the query failed: {error}") from error

    def arrow(self, sql: str) -> pa.Table:
        """All rows of a query as an Arrow table."""
        try:
            return self._connection.sql(sql).to_arrow_table()
        except duckdb.Error as error:
            raise WarehouseError(f"the query failed: {error}") from error

    def relations(self) -> list[Relation]:
        """All tables and views with their comments, in the order of schemas/*.sql."""
        comments = {
            (table, column): comment
            for table, column, comment in self.query(
                "select table_name, column_name, comment from duckdb_columns() where not internal"
            )
        }
        # A view's column means what the column of that name means in the tables, unless it says so.
        inherited: dict[str, str] = {}
        for (_, column), comment in sorted(comments.items()):
            if comment:
                inherited.setdefault(column, comment)
        described = self.query(
            "select table_name, comment, 'table' from duckdb_tables() where not internal "
            "union all "
            "select view_name, comment, 'view' from duckdb_views() where not internal"
        )
        return [
            Relation(
                name,
                kind,
                comment or "",
                tuple(
                    Column(
                        column,
                        data_type,
                        comments.get((name, column)) or inherited.get(column) or "",
                    )
                    for column, data_type, *_ in self.query(f'describe "{name}"')
                ),
            )
            for name, comment, kind in sorted(described, key=lambda row: (row[2], row[0]))
        ]

    def copy(self, sql: str, path: Path) -> int:
        """Write the rows of a query as CSV (UTF-8, comma, header); their number."""
        try:
            target = str(path).replace("'", "''")
            copied = self._connection.execute(f"copy ({sql}) to '{target}' (header, delimiter ',')")
            return int(copied.fetchall()[0][0])
        except duckdb.Error as error:
            raise WarehouseError(f"{path} could not be written: {error}") from error

    def insert(self, table: str, rows: pa.Table) -> None:
        """Add rows, matched by column name; columns they lack are NULL."""
        self._connection.register("incoming", rows)
        self._connection.execute(f"insert into {table} by name select * from incoming")
        self._connection.unregister("incoming")

    def update(self, table: str, column: str, key: str, values: pa.Table) -> None:
        """Set `column` where `key` (an SQL expression) stands in `values` (columns key, value)."""
        self._connection.register("incoming", values)
        self._connection.execute(
            f"update {table} set {column} = incoming.value from incoming where {key} = incoming.key"
        )
        self._connection.unregister("incoming")


@contextmanager
def connect(path: Path) -> Iterator[Warehouse]:
    """The warehouse at `path`, for reading. Raises WarehouseError if there is none."""
    if not path.is_file():
        raise WarehouseError(f"no warehouse at {path}; run `baotinh ingest FOLDER` first")
    try:
        connection = duckdb.connect(str(path), read_only=True)
    except duckdb.Error as error:
        raise WarehouseError(f"{path} cannot be opened as a warehouse: {error}") from error
    with closing(connection):
        yield Warehouse(connection)


def write(
    path: Path, contents: Contents, stay: Sequence[str], finish: Callable[[Warehouse], None]
) -> None:
    """Make `contents` all that the warehouse at `path` holds of that corpus.

    `stay` names source paths whose rows stay as the old file has them. `finish` adds what is found across articles, inside the same transaction.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f"{path.name}.new")
    _remove(new)
    try:
        with closing(duckdb.connect(str(new))) as connection:
            connection.begin()
            connection.execute((SCHEMAS / "tables.sql").read_text("utf-8"))
            if path.exists():
                _carry_over(connection, path, contents.corpus, stay)
            _fill(connection, contents)
            finish(Warehouse(connection))
            for views in ("views.sql", "adoption.sql"):
                connection.execute((SCHEMAS / views).read_text("utf-8"))
            connection.commit()
        with new.open("rb") as file:
            os.fsync(file.fileno())
        new.replace(path)
    except duckdb.Error as error:
        raise WarehouseError(f"{path} was left as it was; writing failed: {error}") from error
    finally:
        _remove(new)


def _fill(connection: duckdb.DuckDBPyConnection, contents: Contents) -> None:
    connection.register("listed", contents.pages)
    part_ids = sorted(set(contents.pages["part_id"].to_pylist()))
    for table in TABLES.values():
        paths = [p for part in part_ids if (p := contents.parts.path(part, table)).is_file()]
        if not paths:
            continue
        key = "article_id" if table in BY_ARTICLE else "source_path"
        corpus = "" if table in BY_ARTICLE else ", $corpus as corpus"
        connection.execute(
            f"""
            insert into {table} by name
            select part.* exclude (filename, file_row_number) {corpus}
            from read_parquet($paths, filename = true, file_row_number = true) part
            join listed
                on listed.{key} = part.{key}
                and listed.part_id = parse_path(part.filename)[-2]
            order by listed.source_path, part.file_row_number
            """,
            {"paths": [str(p) for p in paths]}
            | ({} if table in BY_ARTICLE else {"corpus": contents.corpus}),
        )
    connection.unregister("listed")


def _carry_over(
    connection: duckdb.DuckDBPyConnection, old: Path, corpus: str, stay: Sequence[str]
) -> None:
    """Take over the rows of other corpora and of sources that stay, and the runs of all."""
    connection.execute(f"attach '{str(old).replace(chr(39), chr(39) * 2)}' as old (read_only)")
    kept = "corpus <> $corpus or source_path in (select unnest($stay::varchar[]))"
    try:
        for table in BY_ARTICLE:
            connection.execute(
                f"insert into {table} by name select * from old.{table} "
                f"where article_id in (select article_id from old.articles where {kept})",
                {"corpus": corpus, "stay": list(stay)},
            )
        for table in BY_CORPUS:
            connection.execute(
                f"insert into {table} by name select * from old.{table} where {kept}",
                {"corpus": corpus, "stay": list(stay)},
            )
        connection.execute("insert into runs by name select * from old.runs")
    except duckdb.Error as error:
        raise WarehouseError(
            f"{old} was made by another version of baotinh and its other corpora cannot be "
            f"carried over; choose another --db, or remove the file and ingest them again: {error}"
        ) from error


def _remove(path: Path) -> None:
    for leftover in (path, path.with_name(f"{path.name}.wal")):
        leftover.unlink(missing_ok=True)
