"""Are the parts installed, and is the warehouse readable?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Final

from pipeline import lexicon
from pipeline.store import warehouse as store

# Distribution -> the module that must import.
LIBRARIES: Final = {
    "underthesea": "underthesea",
    "pyvi": "pyvi",
    "spacy": "spacy",
    "trafilatura": "trafilatura",
    "duckdb": "duckdb",
    "pyarrow": "pyarrow",
    "pandas": "pandas",
    "scikit-learn": "sklearn",
}


@dataclass(frozen=True, slots=True)
class Check:
    part: str
    sound: bool
    detail: str  # what was found, or what is wrong


def examine(database: Path | None) -> list[Check]:
    """Check each part; a broken one does not keep the others from being checked."""
    parts: dict[str, Callable[[], str]] = {
        **{name: partial(_library, name, module) for name, module in LIBRARIES.items()},
        "lexicon": _lexicon,
    }
    if database is not None:
        parts[f"warehouse {database}"] = partial(_warehouse, database)
    return [_checked(part, look) for part, look in parts.items()]


def _checked(part: str, look: Callable[[], str]) -> Check:
    try:
        return Check(part, True, look())
    except Exception as error:  # whatever is wrong with a part is what is to be told
        return Check(part, False, f"{type(error).__name__}: {error}")


def _library(name: str, module: str) -> str:
    import_module(module)
    return version(name)


def _lexicon() -> str:
    return f"version {lexicon.content_hash()[:12]}"


def _warehouse(path: Path) -> str:
    with store.connect(path) as warehouse:
        ((articles, facts),) = warehouse.query(
            "select (select count(*) from articles), (select count(*) from facts)"
        )
    return f"{articles:,} articles, {facts:,} facts"
