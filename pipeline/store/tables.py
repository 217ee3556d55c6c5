"""Records as Arrow tables and back: the one place where a Python type becomes a column type."""

from __future__ import annotations

import types
from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from operator import attrgetter
from typing import Any, Final, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import pyarrow as pa

from pipeline import records

T = TypeVar("T")

# Which table a record goes to; its fields are that table's columns.
TABLES: Final[Mapping[type, str]] = {
    records.Capture: "captures",
    records.Article: "articles",
    records.Block: "blocks",
    records.RelatedNews: "related_news",
    records.DateCandidate: "date_candidates",
    records.QualityFlag: "quality_flags",
    records.Repair: "repairs",
    records.Sentence: "sentences",
    records.EntityMention: "entity_mentions",
    records.Abbreviation: "abbreviations",
    records.UnitMention: "unit_mentions",
    records.DirectiveMention: "directive_mentions",
    records.DirectiveLink: "directive_links",
    records.OfficialMention: "official_mentions",
    records.ModelMention: "model_mentions",
    records.Fact: "facts",
    records.FactCheck: "fact_checks",
    records.Failure: "failures",
}

_COLUMN_TYPES: Final[Mapping[Any, pa.DataType]] = {
    str: pa.string(),
    int: pa.int64(),
    bool: pa.bool_(),
    float: pa.float64(),
    Decimal: pa.decimal128(38, 6),
    date: pa.date32(),
    datetime: pa.timestamp("us"),
    tuple[str, ...]: pa.list_(pa.string()),
}


def schema(record_type: type) -> pa.Schema:
    """The Arrow schema of a record class.

    >>> schema(records.Sentence).names
    ['article_id', 'sentence_id', 'block_no', 'start_char', 'end_char']
    """
    return _SCHEMAS[record_type]


def to_arrow(record_type: type[T], rows: Iterable[T]) -> pa.Table:
    """Records of one class as a table, in their order."""
    wanted = schema(record_type)
    columns = list(zip(*map(attrgetter(*wanted.names), rows), strict=True))
    if not columns:
        return wanted.empty_table()
    arrays = [pa.array(c, type=kind) for c, kind in zip(columns, wanted.types, strict=True)]
    return pa.Table.from_arrays(arrays, schema=wanted)


def from_arrow(record_type: type[T], table: pa.Table) -> list[T]:
    """The inverse of `to_arrow`.

    >>> rows = [records.Sentence("a", 0, 0, 0, 12)]
    >>> from_arrow(records.Sentence, to_arrow(records.Sentence, rows)) == rows
    True
    """
    wanted = schema(record_type)
    columns = [
        [v if v is None else tuple(v) for v in column] if pa.types.is_list(kind) else column
        for kind, column in ((field.type, table[field.name].to_pylist()) for field in wanted)
    ]
    return [record_type(*values) for values in zip(*columns, strict=True)]


def _column_type(hint: Any) -> pa.DataType:
    if get_origin(hint) in (Union, types.UnionType):  # X | None
        (hint,) = (a for a in get_args(hint) if a is not type(None))
    if get_origin(hint) is Literal:
        hint = str
    return _COLUMN_TYPES[hint]


def _schema(record_type: Any) -> pa.Schema:
    hints = get_type_hints(record_type)
    return pa.schema([(f.name, _column_type(hints[f.name])) for f in fields(record_type)])


_SCHEMAS: Final = {record_type: _schema(record_type) for record_type in TABLES}
