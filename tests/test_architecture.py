"""Data flows one way, so imports do too; each outside library has one door."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

# A room may import itself and the rooms before it.
ORDER = [
    "records", "vietnamese", "gazetteer", "lexicon", "numerals", "dates", "periods", "php_dump",
    "limits", "read", "clean", "annotate", "facts", "across", "store", "batch", "resume", "plan",
    "finish", "schedule", "engines", "ingest", "evaluate", "report", "doctor", "cli",
]  # fmt: skip
DOORS = {
    "trafilatura": "clean/html.py",
    "fastwarc": "read/warc.py",
    "underthesea": "annotate/segmenters.py",
    "pyvi": "annotate/segmenters.py",
    "sklearn": "across/models.py",
    "distributed": "engines.py",
    "click": "cli.py",
}
ROOT = Path(__file__).parents[1] / "pipeline"
MODULES = sorted(p for p in ROOT.rglob("*.py") if p != ROOT / "__init__.py")


def room(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imports(path: Path) -> set[str]:
    """Dotted names of all modules that a file imports, at the top or in a function."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def rooms_used(path: Path) -> set[str]:
    return {name.split(".")[1] for name in imports(path) if name.startswith("pipeline.")}


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_room_imports_only_from_rooms_before_it(path: Path) -> None:
    here = ORDER.index(room(path))
    later = {r for r in rooms_used(path) if ORDER.index(r) > here}
    assert not later, f"{room(path)} reaches forward into {later}"


@pytest.mark.parametrize("library", DOORS)
def test_a_library_has_one_door(library: str) -> None:
    users = {
        p.relative_to(ROOT).as_posix()
        for p in MODULES
        if any(name.split(".")[0] == library for name in imports(p))
    }
    assert users == {DOORS[library]}


def test_only_the_store_speaks_to_duckdb() -> None:
    users = {room(p) for p in MODULES if any(n.split(".")[0] == "duckdb" for n in imports(p))}
    assert users == {"store"}


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_module_is_of_a_readable_size(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 500


def test_only_the_command_line_prints() -> None:
    for path in MODULES:
        calls = [n for n in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(n, ast.Call)]
        printing = [c for c in calls if isinstance(c.func, ast.Name) and c.func.id == "print"]
        assert not printing, path
