"""The DuckDB warehouse: filled from parts as a new file, in one transaction, then put in place.

The only importer of duckdb. A run that is killed leaves the old warehouse whole, and readers of
the old file are not disturbed while the new one is written. Other corpora in the same file are
carried over.
"""

from __future__ import annotations

import os
import shutil
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa

from pipeline.store.parts import Parts
from pipeline.store.tables import TABLES

SCHEMAS: Final = Path(__file__).parents[2] / "schemas"
# Tables by what ties a row to its corpus.
BY_ARTICLE: Final = tuple(t for t in TABLES.values() if t not in ("captures", "failures"))
# Memory of DuckDB while it sorts and writes; what does not fit waits on disk.
MEMORY: Final = "1GB"
_THREADS: Final = 4  # at most: each wants memory of its own
# Trying what packs each column best took longer than all else here, and the file was larger.
# A group of rows is written as soon as it is full, so that few wait in memory.
_WRITING: Final[dict[str, str | bool | int | float | list[str]]] = {
    "force_compression": "zstd",
    "write_buffer_row_group_count": 1,
}
_SOME: Final = 1000  # rows fetched at a time
_SLICE: Final = 5000  # pages whose rows are put in order at a time


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

    def part_ids(self) -> list[str]:
        return sorted(set(self.pages["part_id"].to_pylist()))

    def paths(self, table: str) -> list[str]:
        """The files of that table; parts without a row of it have none."""
        paths = [self.parts.path(part, table) for part in self.part_ids()]
        return [str(path) for path in paths if path.is_file()]


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

    def stream(self, sql: str) -> Iterator[tuple[Any, ...]]:
        """The rows of a query, some at a time; to be read to their end before anything else."""
        try:
            result = self._connection.execute(sql)
            while rows := result.fetchmany(_SOME):
                yield from rows
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
            copied = self._connection.execute(
                f"copy ({sql}) to '{_quoted(path)}' (header, delimiter ',')"
            )
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


def read(contents: Contents, table: str, sql: str) -> Iterator[tuple[Any, ...]]:
    """The rows of a query on `part`: those of a table of the parts, of listed pages only."""
    paths = contents.paths(table)
    if not paths:
        return
    with closing(
        duckdb.connect(config=_bounds(contents.parts.folder / ".unfinished-spill"))
    ) as connection:
        connection.register("listed", contents.pages)
        files = ", ".join(f"'{_quoted(path)}'" for path in paths)
        listed = _LISTED.format(paths=f"[{files}]", key="article_id")
        connection.execute(f"create temp view part as select part.* {listed}")
        cursor = connection.execute(sql)
        while rows := cursor.fetchmany(_SOME):
            yield from rows


def write(
    path: Path, contents: Contents, stay: Sequence[str], finish: Callable[[Warehouse], None]
) -> None:
    """Make `contents` all that the warehouse at `path` holds of that corpus.

    `stay` names source paths whose rows stay as the old file has them. `finish` adds what is found
    across articles, inside the same transaction. Rows stand in the order of corpus and source
    path, whatever was there before.
    """
    new = path.with_name(f"{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _remove(new)
        config = _bounds(_spill(new)) | _WRITING
        with closing(duckdb.connect(str(new), config=config)) as connection:
            connection.begin()
            connection.execute((SCHEMAS / "tables.sql").read_text("utf-8"))
            _fill(connection, contents, path if path.exists() else None, stay)
            finish(Warehouse(connection))
            for views in ("views.sql", "adoption.sql"):
                connection.execute((SCHEMAS / views).read_text("utf-8"))
            connection.commit()
        with new.open("rb") as file:
            os.fsync(file.fileno())
        new.replace(path)
    except (duckdb.Error, OSError, WarehouseError) as error:
        raise WarehouseError(f"{path} was left as it was; writing failed: {error}") from error
    finally:
        _remove(new)


# --- the rows of a table ------------------------------------------------------------------

# Rows of parts, of listed pages only.
_LISTED: Final = """
    from read_parquet({paths}, filename = true, file_row_number = true) part
    join listed
        on listed.{key} = part.{key} and listed.part_id = parse_path(part.filename)[-2]
"""


def _fill(
    connection: duckdb.DuckDBPyConnection, contents: Contents, old: Path | None, stay: Sequence[str]
) -> None:
    """All rows there are to be, in order: those of parts, and those that the old file keeps.

    Other corpora are carried over in the order they have; this one is put in order some pages at a
    time, so that what is sorted at once does not grow with the corpus.
    """
    kept = _attached(connection, old) if old else {}
    for corpus in sorted({contents.corpus, *_corpora(connection, kept)}):
        if corpus != contents.corpus:
            _carry_over(connection, kept, corpus)
            continue
        for some, staying in _slices(contents, stay):
            connection.register("listed", some.pages)
            for table in TABLES.values():
                _add(connection, some, table, kept.get(table, ()), staying)
            connection.unregister("listed")
    if "runs" in kept:
        columns = ", ".join(kept["runs"])
        connection.execute(f"insert into runs by name select {columns} from old.runs")


def _slices(contents: Contents, stay: Sequence[str]) -> Iterator[tuple[Contents, list[str]]]:
    """The pages in order of their source paths, _SLICE at a time, with those of the old file."""
    pages = contents.pages.sort_by("source_path")
    paths, stay = pages["source_path"].to_pylist(), sorted(stay)
    every = sorted([*paths, *stay])
    for at in range(0, len(every), _SLICE):
        first, last = every[at], every[min(at + _SLICE, len(every)) - 1]
        begin, end = bisect_left(paths, first), bisect_right(paths, last)
        staying = stay[bisect_left(stay, first) : bisect_right(stay, last)]
        yield replace(contents, pages=pages.slice(begin, end - begin)), staying


def _add(
    connection: duckdb.DuckDBPyConnection,
    contents: Contents,
    table: str,
    columns: Sequence[str],
    staying: list[str],
) -> None:
    """The rows of the listed pages, and the old file's `columns` of the pages that stay."""
    rows: list[str] = []
    parameters: dict[str, Any] = {}
    if table not in BY_ARTICLE or staying:
        parameters["corpus"] = contents.corpus
    if paths := contents.paths(table):
        rows.append(_rows_of_parts(table))
        parameters["paths"] = paths
    if columns and staying:
        rows.append(_rows_that_stay(table, columns))
        parameters["stay"] = staying
    if rows:
        connection.execute(
            f"""
            insert into {table} by name
            select * exclude (in_path, in_row)
            from ({" union all by name ".join(rows)})
            order by in_path, in_row
            """,
            parameters,
        )


def _rows_of_parts(table: str) -> str:
    key, corpus = (
        ("article_id", "") if table in BY_ARTICLE else ("source_path", "$corpus as corpus,")
    )
    return f"""
        select
            part.* exclude (filename, file_row_number), {corpus}
            listed.source_path as in_path, part.file_row_number as in_row
        {_LISTED.format(paths="$paths", key=key)}
    """


def _rows_that_stay(table: str, columns: Sequence[str]) -> str:
    page, key = ("articles", "article_id") if table in BY_ARTICLE else (table, "rowid")
    return f"""
        select
            {", ".join(f"part.{column}" for column in columns)},
            page.source_path as in_path, part.rowid as in_row
        from old.{table} part
        join old.{page} page on page.{key} = part.{key}
        where page.corpus = $corpus and list_contains($stay::varchar[], page.source_path)
    """


def _corpora(connection: duckdb.DuckDBPyConnection, kept: Mapping[str, Sequence[str]]) -> set[str]:
    """The corpora of the old file."""
    tables = [table for table in ("articles", "captures", "failures") if table in kept]
    found = " union ".join(f"select corpus from old.{table}" for table in tables)
    return {corpus for (corpus,) in connection.execute(found).fetchall()} if found else set()


def _carry_over(
    connection: duckdb.DuckDBPyConnection, kept: Mapping[str, Sequence[str]], corpus: str
) -> None:
    """Another corpus, as the old file has it."""
    for table in TABLES.values():
        if table in kept:
            of_corpus = "corpus = $corpus"
            if table in BY_ARTICLE and table != "articles":
                of_corpus = f"article_id in (select article_id from old.articles where {of_corpus})"
            connection.execute(
                f"""
                insert into {table} by name
                select {", ".join(kept[table])} from old.{table}
                where {of_corpus} order by rowid
                """,
                {"corpus": corpus},
            )


def _attached(connection: duckdb.DuckDBPyConnection, old: Path) -> dict[str, list[str]]:
    """The columns that the tables of an old file, maybe of another version, have and are to have.

    Rows it keeps are NULL in the others.
    """
    connection.execute(f"attach '{_quoted(old)}' as old (read_only)")
    columns: dict[str, list[str]] = {}
    for table, column in connection.execute(
        """
        select table_name, column_name from duckdb_columns() where database_name = 'old'
        intersect
        select table_name, column_name from duckdb_columns()
            where database_name = current_database()
        order by all
        """
    ).fetchall():
        columns.setdefault(table, []).append(column)
    return columns


def _quoted(path: Path | str) -> str:
    return str(path).replace("'", "''")


def _bounds(spill: Path) -> dict[str, str | bool | int | float | list[str]]:
    """A bound on DuckDB's memory, and the folder for what does not fit."""
    threads = min(_THREADS, len(os.sched_getaffinity(0)))
    return {"memory_limit": MEMORY, "threads": threads, "temp_directory": str(spill)}


def _spill(new: Path) -> Path:
    return new.with_name(f"{new.name}.spill")


def _remove(new: Path) -> None:
    for leftover in (new, new.with_name(f"{new.name}.wal")):
        leftover.unlink(missing_ok=True)
    shutil.rmtree(_spill(new), ignore_errors=True)
