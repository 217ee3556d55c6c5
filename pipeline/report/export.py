"""The warehouse as CSV files: one a table and view, a codebook and a Data Package description.

The format of datapackage.json is that of the Data Package standard (datapackage.org, profile
tabular-data-package), which R, Python and spreadsheet tools read.
"""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path
from typing import Any, Final

from pipeline.store.warehouse import Column, Relation, Warehouse

# DuckDB's types as those of the Data Package standard; the first that fits the beginning.
_FIELD_TYPES: Final = (
    ("BOOLEAN", {"type": "boolean"}),
    ("INTEGER", {"type": "integer"}),
    ("BIGINT", {"type": "integer"}),
    ("HUGEINT", {"type": "integer"}),
    ("DECIMAL", {"type": "number"}),
    ("DOUBLE", {"type": "number"}),
    ("DATE", {"type": "date"}),
    ("TIMESTAMP", {"type": "datetime", "format": "%Y-%m-%d %H:%M:%S"}),
    ("VARCHAR", {"type": "string"}),
)
# One row a model, province and month: on a large corpus more than a spreadsheet can hold. Query
# them by model instead.
NOT_EXPORTED: Final = ("adoption_panel", "adoption_panel_2025")
BOM: Final = b"\xef\xbb\xbf"


def export(warehouse: Warehouse, folder: Path, excel: bool = False) -> list[Path]:
    """Write the tables and views to `folder` and return the files, codebook and package last.

    With `excel` the CSV files begin with a byte order mark, without which Excel takes Vietnamese
    letters for another encoding.
    """
    folder.mkdir(parents=True, exist_ok=True)
    relations = warehouse.relations()
    resources = [
        _resource(warehouse, relation, folder, excel)
        for relation in relations
        if relation.name not in NOT_EXPORTED
    ]
    codebook = folder / "codebook.csv"
    _write_codebook(relations, codebook, excel)
    package = folder / "datapackage.json"
    description = {
        "profile": "tabular-data-package",
        "name": "baotinh",
        "title": "Vietnamese provincial party news as data",
        "corpora": _corpora(warehouse),
        "resources": resources,
    }
    package.write_text(json.dumps(description, ensure_ascii=False, indent=2) + "\n", "utf-8")
    return [*(folder / r["path"] for r in resources), codebook, package]


def _resource(
    warehouse: Warehouse, relation: Relation, folder: Path, excel: bool
) -> dict[str, Any]:
    path = folder / f"{relation.name}.csv"
    order = "rowid" if relation.kind == "table" else "all"  # tables are stored in order
    query = f"select {_columns(relation)} from {relation.name} order by {order}"
    rows = warehouse.copy(query, path)
    if excel:
        path.write_bytes(BOM + path.read_bytes())
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {
        "profile": "tabular-data-resource",
        "name": relation.name.replace("_", "-"),
        "path": path.name,
        "description": relation.comment,
        "encoding": "utf-8",
        "query": query,
        "rows": rows,
        "bytes": path.stat().st_size,
        "hash": f"sha256:{digest}",
        "schema": {
            "fields": [
                {"name": c.name, "description": c.comment} | _field_type(c.data_type)
                for c in relation.columns
            ],
            "missingValues": [""],
        },
    }


def _columns(relation: Relation) -> str:
    return ", ".join(_plain(column) for column in relation.columns)


def _plain(column: Column) -> str:
    """A column as a spreadsheet wants it: lists joined by |, decimals without empty places."""
    if column.data_type.endswith("[]"):
        return f"array_to_string({column.name}, '|') as {column.name}"
    if column.data_type.startswith("DECIMAL"):
        return f"rtrim(rtrim({column.name}::varchar, '0'), '.') as {column.name}"
    return column.name


def _field_type(data_type: str) -> dict[str, str]:
    if data_type.endswith("[]"):
        return {"type": "string"}
    return next(field for prefix, field in _FIELD_TYPES if data_type.startswith(prefix))


def _write_codebook(relations: list[Relation], path: Path, excel: bool) -> None:
    with path.open("w", encoding="utf-8-sig" if excel else "utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["relation", "kind", "column", "type", "meaning"])
        for relation in relations:
            writer.writerow([relation.name, relation.kind, "", "", relation.comment])
            for column in relation.columns:
                writer.writerow(
                    [relation.name, relation.kind, column.name, column.data_type, column.comment]
                )


def _corpora(warehouse: Warehouse) -> list[dict[str, Any]]:
    """Each corpus and its version: a hash of what was read and of what read it."""
    rows = warehouse.query(
        """
        select corpus, count(*),
            sha256(string_agg(source_path || ' ' || content_hash, chr(10) order by source_path))
        from captures group by corpus order by corpus
        """
    )
    programs = dict(
        warehouse.query(
            "select corpus, max_by(code_version || ' ' || lexicon_hash, finished_at) "
            "from runs group by corpus"
        )
    )
    return [
        {
            "name": corpus,
            "pages": pages,
            "version": hashlib.sha256(f"{content} {programs[corpus]}".encode()).hexdigest(),
        }
        for corpus, pages, content in rows
    ]
