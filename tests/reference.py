"""The reference captures, cut up by the lines their gold names; none where they are not at hand."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline import php_dump
from pipeline.clean.draft import Draft, Piece
from pipeline.records import TEXT_ROLES, Page
from pipeline.vietnamese import nfc

SHARED = Path(__file__).parents[2] / "shared"
GOLD = SHARED / "gold" / "articles.jsonl"


@dataclass(frozen=True)
class Reference:
    """A capture with what a person read in it."""

    id: str
    page: Page
    draft: Draft
    gold: dict[str, Any]


def captures() -> list[Reference]:
    """All reference captures, in the order of the gold."""
    if not GOLD.exists():
        return []
    rows = [json.loads(line) for line in GOLD.read_text("utf-8").splitlines()]
    return [_capture(row) for row in rows]


def _capture(gold: dict[str, Any]) -> Reference:
    path = SHARED / "articles" / f"{gold['id']}.txt"
    content = path.read_text("utf-8")
    roles = {
        number: role
        for role, lines in gold["lines"].items()
        for line in lines
        for number in (range(line[0], line[1] + 1) if isinstance(line, list) else [line])
    }
    pieces = [
        _piece(line, roles.get(number, "paragraph"))
        for number, line in enumerate(content.split("\n"), 1)
        if line.strip()
    ]
    page = Page(path.name, "text", content, "0" * 64, "utf-8")
    draft = Draft(tuple(pieces), {}, tuple(php_dump.find(content)), "lines")
    return Reference(gold["id"], page, draft, gold)


def _piece(line: str, role: Any) -> Piece:
    kept = role in TEXT_ROLES
    return Piece(role, kept, None, None, line, nfc(line) if kept else "", "test/gold")
