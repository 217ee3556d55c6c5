"""What is known of a corpus beforehand: `corpus.toml` in its folder, if there is one.

name = "tay-nguyen-2022"            # else the folder's name
outlet = "Báo Cao Nguyên"           # for all of it, unless a pattern says otherwise
province = "Đắk Lắk"
url_prefix = "https://baocaonguyen.example/"
skip = ["notes/*", "*.gold.jsonl"]  # files that are no captures

[[patterns]]                        # the first that matches a source path wins
glob = "khanh-hoa/*"                # * also matches /
outlet = "Báo Biển Xanh"
province = "Khánh Hòa"

[columns]                           # of JSONL and Parquet; tried before the usual names
html = "raw_page"
date = ["posted", "updated"]
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, fields
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Final, NamedTuple

FILE_NAME: Final = "corpus.toml"
_RECORD: Final = re.compile(r"#\d+\Z")  # archive.warc.gz#12


class CorpusError(ValueError):
    """A corpus.toml that cannot be used: which file, which key, and what to do."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Names under which containers keep what we need, in the order in which they are tried.

    They fit trafilatura's and news-please's JSON and the news sets on Hugging Face.
    """

    url: tuple[str, ...] = ("url", "link", "source_url", "source")
    html: tuple[str, ...] = ("html", "raw_html", "content_html")
    text: tuple[str, ...] = ("text", "maintext", "content", "body", "raw_text")
    title: tuple[str, ...] = ("title", "headline")
    date: tuple[str, ...] = (
        "date", "date_publish", "published", "publish_date", "published_at", "published_date",
    )  # fmt: skip
    id: tuple[str, ...] = ("id",)

    def names(self) -> frozenset[str]:
        return frozenset(name for f in fields(self) for name in getattr(self, f.name))


USUAL_COLUMNS: Final = Columns()


class Facts(NamedTuple):
    """What a corpus states of a source; None where it says nothing."""

    outlet: str | None = None
    province: str | None = None
    url_prefix: str | None = None


_NOTHING: Final = Facts()


class Pattern(NamedTuple):
    glob: str
    facts: Facts


@dataclass(frozen=True, slots=True)
class Corpus:
    """The facts of a corpus.

    >>> corpus = Corpus("c", Facts("Báo A", url_prefix="https://a.example/"),
    ...                 (Pattern("b/*", Facts("Báo B", "Bến Tre")),))
    >>> corpus.facts_for("b/2019/tin.html")
    Facts(outlet='Báo B', province='Bến Tre', url_prefix='https://a.example/')
    >>> corpus.url_for("tin/12.html"), corpus.url_for("archive.warc.gz#12")
    ('https://a.example/tin/12.html', None)
    """

    name: str
    facts: Facts = _NOTHING
    patterns: tuple[Pattern, ...] = ()
    columns: Columns = USUAL_COLUMNS
    skip: tuple[str, ...] = ()

    def skips(self, source_path: str) -> bool:
        """Whether the corpus says that a file is no capture."""
        return any(fnmatchcase(source_path, glob) for glob in self.skip)

    def facts_for(self, source_path: str) -> Facts:
        """Outlet, province and URL prefix of a source: its pattern's, else the corpus's."""
        own = self._pattern_facts(_RECORD.sub("", source_path))
        return Facts(*(one or other for one, other in zip(own, self.facts, strict=True)))

    def provinces(self) -> tuple[str, ...]:
        """Every province that is stated, as it is written."""
        stated = (self.facts.province, *(pattern.facts.province for pattern in self.patterns))
        return tuple(province for province in stated if province is not None)

    def url_for(self, source_path: str) -> str | None:
        """The address of a file whose capture does not tell it; None for a container's records."""
        prefix = self.facts_for(source_path).url_prefix
        return prefix + source_path if prefix and not _RECORD.search(source_path) else None

    def _pattern_facts(self, path: str) -> Facts:
        return next((p.facts for p in self.patterns if fnmatchcase(path, p.glob)), _NOTHING)


def load(root: Path) -> Corpus:
    """The corpus in the folder `root`; raises CorpusError for a corpus.toml that says it wrong."""
    root = root.absolute()
    file = root / FILE_NAME
    if not file.is_file():
        return Corpus(root.name)
    try:
        table = tomllib.loads(file.read_text("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CorpusError(f"{file} is not TOML in UTF-8: {error}") from error
    known = ("name", *Facts._fields, "patterns", "columns", "skip")
    _refuse_unknown(file, "", table, known)
    return Corpus(
        name=_string(file, "", table, "name") or root.name,
        facts=_facts(file, "", table),
        patterns=tuple(_patterns(file, table.get("patterns", []))),
        columns=_columns(file, table.get("columns", {})),
        skip=_globs(file, table.get("skip", [])),
    )


def _patterns(file: Path, rows: Any) -> list[Pattern]:
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise CorpusError(f"{file}: `patterns` must be tables; write each as [[patterns]]")
    patterns = []
    for number, row in enumerate(rows, 1):
        where = f"[[patterns]] no. {number}: "
        _refuse_unknown(file, where, row, ("glob", *Facts._fields))
        glob = _string(file, where, row, "glob")
        if glob is None:
            raise CorpusError(f'{file}: {where}`glob` is missing; add one such as "2019/*.html"')
        patterns.append(Pattern(glob, _facts(file, where, row)))
    return patterns


def _globs(file: Path, globs: Any) -> tuple[str, ...]:
    if not isinstance(globs, list) or not all(isinstance(glob, str) and glob for glob in globs):
        raise CorpusError(f'{file}: `skip` is {globs!r}; give a list such as ["notes/*"]')
    return tuple(globs)


def _columns(file: Path, table: Any) -> Columns:
    if not isinstance(table, dict):
        raise CorpusError(f"{file}: `columns` must be a table; write it under [columns]")
    known = tuple(f.name for f in fields(USUAL_COLUMNS))
    _refuse_unknown(file, "[columns]: ", table, known)
    named = {}
    for key, value in table.items():
        names = [value] if isinstance(value, str) else value
        if not isinstance(names, list) or not all(isinstance(n, str) and n for n in names):
            raise CorpusError(
                f"{file}: [columns]: `{key}` is {value!r}; give a column's name or a list of names"
            )
        named[key] = (*names, *(n for n in getattr(USUAL_COLUMNS, key) if n not in names))
    return Columns(**named)


def _facts(file: Path, where: str, table: dict[str, Any]) -> Facts:
    return Facts(*(_string(file, where, table, key) for key in Facts._fields))


def _string(file: Path, where: str, table: dict[str, Any], key: str) -> str | None:
    value = table.get(key)
    if value is not None and (not isinstance(value, str) or not value.strip()):
        raise CorpusError(f"{file}: {where}`{key}` is {value!r}; give it a text in quotes")
    return value


def _refuse_unknown(file: Path, where: str, table: dict[str, Any], known: tuple[str, ...]) -> None:
    if unknown := sorted(table.keys() - set(known)):
        raise CorpusError(
            f"{file}: {where}unknown key `{unknown[0]}`; known are {', '.join(known)}"
        )
