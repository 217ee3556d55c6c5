"""A warehouse held against a person's reading: precision, recall and F1, layer by layer.

The gold is JSON lines, one article a line (`schemas/gold.schema.json`), joined to the warehouse on
the file stem of `source_path`. Items marked `optional` count neither way.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, Final

from pipeline.store.warehouse import Warehouse
from pipeline.vietnamese import match_key

Row = Mapping[str, Any]
Same = Callable[[Row, Row], bool]

_PUNCTUATION: Final = re.compile(r"[\"'.,;:()…]")
_NUMBER: Final = re.compile(r"\d+(?:[.,/]\d+)*")
# Ids of the central authority file: wrong wherever the gold resolves to none.
_CENTRAL: Final = re.compile(r"\d+-\w+/TW$|NQ-DH$")
TABLES: Final = (
    "facts",
    "directive_mentions",
    "official_mentions",
    "model_mentions",
    "unit_mentions",
)


class GoldError(ValueError):
    """A gold file that cannot be used: which line, and what is wrong with it."""


@dataclass(slots=True)
class Score:
    """Counts of one layer. Where only recall is asked, nothing is a false alarm."""

    right: int = 0
    false_alarms: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        found = self.right + self.false_alarms
        return self.right / found if found else 1.0

    @property
    def recall(self) -> float:
        wanted = self.right + self.missed
        return self.right / wanted if wanted else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall.

        >>> round(Score(right=8, false_alarms=2, missed=0).f1, 3)
        0.889
        """
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One right, missed or falsely found item, in words that stay the same from run to run."""

    layer: str
    article: str
    outcome: str  # right, missed, false alarm
    item: str


@dataclass(slots=True)
class Report:
    scores: dict[str, Score] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)  # gold articles not in the warehouse

    def add(self, layer: str, article: str, outcome: str, item: str) -> None:
        score = self.scores.setdefault(layer, Score())
        if outcome == "right":
            score.right += 1
        elif outcome == "missed":
            score.missed += 1
        else:
            score.false_alarms += 1
        self.findings.append(Finding(layer, article, outcome, item))


def read_gold(path: Path) -> list[dict[str, Any]]:
    """The articles of a gold file. Raises GoldError naming the line that is wrong."""
    articles = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if line.strip():
            try:
                articles.append(json.loads(line))
            except json.JSONDecodeError as error:
                raise GoldError(f"{path}, line {number} is not JSON: {error}") from error
            if "id" not in articles[-1]:
                raise GoldError(f"{path}, line {number} has no 'id' (the file stem of its source)")
    return articles


def evaluate(warehouse: Warehouse, gold: Iterable[dict[str, Any]]) -> Report:
    """Compare each gold article with what the warehouse holds of it."""
    report = Report()
    articles = {
        PurePosixPath(row["source_path"].split("#")[0]).stem: row
        for row in warehouse.arrow("select * from articles").to_pylist()
    }
    found: dict[str, dict[str, list[Row]]] = {table: {} for table in TABLES}
    for table in TABLES:
        for row in warehouse.arrow(f"select * from {table} order by rowid").to_pylist():
            found[table].setdefault(row["article_id"], []).append(row)
    for wanted in gold:
        article = articles.get(wanted["id"])
        if article is None:
            report.missing.append(wanted["id"])
            continue
        rows = {table: found[table].get(article["article_id"], []) for table in TABLES}
        _metadata(report, article, wanted)
        _cleaning(report, article, wanted)
        _facts(report, rows["facts"], wanted)
        _directives(report, rows["directive_mentions"], wanted)
        _officials(report, rows["official_mentions"], wanted)
        _models(report, rows["model_mentions"], wanted)
        _units(report, rows["unit_mentions"], wanted)
    return report


def gains_and_losses(
    before: Sequence[Finding], now: Sequence[Finding]
) -> tuple[list[Finding], list[Finding]]:
    """What is right now and was not, and what was right and is no longer."""
    was = {f for f in before if f.outcome == "right"}
    has = {f for f in now if f.outcome == "right"}
    return sorted(has - was), sorted(was - has)


# --- layers -------------------------------------------------------------------------------


def _metadata(report: Report, article: Row, wanted: Row) -> None:
    for column in ("title", "author", "outlet", "province", "province_2025"):
        if wanted.get(column) is not None:
            same = _overlap if column in ("outlet", "province", "province_2025") else _equal
            right = same(article[column], wanted[column])
            _only_recall(report, f"meta: {column}", wanted, right, str(wanted[column]))
    if wanted.get("published_at"):
        right = str(article["published_at"])[:10] == wanted["published_at"][:10]
        _only_recall(report, "meta: published on", wanted, right, wanted["published_at"])


def _cleaning(report: Report, article: Row, wanted: Row) -> None:
    text = " ".join(article["text"].split())
    for name, stays in (("keep", True), ("drop", False)):
        for piece in wanted.get(name, ()):
            right = (" ".join(piece.split()) in text) == stays
            _only_recall(report, f"clean: {name}", wanted, right, piece)


def _facts(report: Report, found: Sequence[Row], wanted: Row) -> None:
    gold = wanted.get("facts", [])
    _layer(report, "facts: value", wanted, found, gold, _same_value)
    hits = _layer(
        report,
        "facts: value and unit",
        wanted,
        found,
        gold,
        lambda p, g: _same_value(p, g) and _same_unit(p, g),
    )
    for row, item in hits:
        text = item["text"]
        near = {"approx"} if "gần" in match_key(text) else set()
        comparators = {item.get("comparator") or "eq"} | near
        right = (row["comparator"] or "eq") in comparators
        _only_recall(report, "facts: comparator", wanted, right, text)
        for column in ("verdict", "as_of", "speaker"):
            if item.get(column):
                right = _equal(str(row[column]), item[column])
                _only_recall(report, f"facts: {column}", wanted, right, f"{text}: {item[column]}")
        if item.get("period"):
            right = [str(row["period_start"]), str(row["period_end"])] == item["period"]
            _only_recall(report, "facts: period", wanted, right, f"{text}: {item['period']}")


def _directives(report: Report, found: Sequence[Row], wanted: Row) -> None:
    gold = wanted.get("directives", [])
    _layer(report, "directives: mention", wanted, found, gold, _same_document)
    _layer(
        report,
        "directives: resolved",
        wanted,
        found,
        gold,
        lambda p, g: _same_document(p, g) and _same_resolution(p, g),
    )


def _officials(report: Report, found: Sequence[Row], wanted: Row) -> None:
    """One row a person: the first mention that states a role, else the first."""
    people: dict[str, Row] = {}
    for row in found:
        known = people.get(_norm(row["name"]))
        if known is None or (row["role"] and not known["role"]):
            people[_norm(row["name"])] = row
    gold = wanted.get("officials", [])
    rows = list(people.values())
    _layer(report, "officials: name", wanted, rows, gold, _same_name)
    _layer(
        report,
        "officials: name and role",
        wanted,
        rows,
        gold,
        lambda p, g: _same_name(p, g) and (not g.get("role") or _overlap(p["role"], g["role"])),
    )


def _models(report: Report, found: Sequence[Row], wanted: Row) -> None:
    gold = [m if isinstance(m, dict) else {"name": m} for m in wanted.get("models", [])]
    rows = list({_norm(row["name"]): row for row in found}.values())
    for row, item in _layer(report, "models: name", wanted, rows, gold, _same_name):
        if item.get("adopter"):
            right = _overlap(row["adopter"], item["adopter"])
            words = f"{item['name']}: {item['adopter']}"
            _only_recall(report, "models: adopter", wanted, right, words)


def _units(report: Report, found: Sequence[Row], wanted: Row) -> None:
    names = {_norm(row[column]) for row in found for column in ("surface", "name")}
    for unit in wanted.get("units", ()):
        _only_recall(report, "units: recall", wanted, _norm(unit) in names, unit)


def _layer(
    report: Report,
    layer: str,
    wanted: Row,
    found: Sequence[Row],
    gold: Sequence[Row],
    same: Same,
) -> list[tuple[Row, Row]]:
    """Match one to one, and report; optional gold takes up a finding without counting."""
    left = list(found)
    hits = []
    for item in sorted(gold, key=lambda g: bool(g.get("optional"))):
        row = next((p for p in left if same(p, item)), None)
        if row is not None:
            left.remove(row)
        if not item.get("optional"):
            outcome = "right" if row is not None else "missed"
            report.add(layer, wanted["id"], outcome, _words(item))
            if row is not None:
                hits.append((row, item))
    for row in left:
        report.add(layer, wanted["id"], "false alarm", _words(row))
    return hits


def _only_recall(report: Report, layer: str, wanted: Row, right: bool, item: str) -> None:
    report.add(layer, wanted["id"], "right" if right else "missed", item)


def _words(item: Row) -> str:
    for key in ("text", "surface", "name"):
        if item.get(key):
            return str(item[key])
    raise GoldError(f"an item has neither text nor name: {dict(item)!r}")


# --- when two items are the same ----------------------------------------------------------


def _same_value(p: Row, g: Row) -> bool:
    if g.get("denominator") is not None or p["denominator"] is not None:
        same = _close(p["numerator"], g.get("numerator"))
        same = same and _close(p["denominator"], g.get("denominator"))
        same = same and (g.get("percent") is None or _close(p["percent"], g["percent"]))
    elif g.get("percent") is not None and g.get("kind") == "percent":
        same = _close(p["percent"] if p["percent"] is not None else p["value"], g["percent"])
    elif g.get("percent") is not None:  # a count restated as a share: both in one row
        same = _close(p["value"], g.get("value")) and _close(p["percent"], g["percent"])
    else:
        same = _close(p["value"], g.get("value"))
    shared = set(_NUMBER.findall(g["text"])) & set(_NUMBER.findall(p["surface"]))
    return same and (_overlap(p["surface"], g["text"]) or bool(shared))


def _same_unit(p: Row, g: Row) -> bool:
    if not g.get("unit"):
        return True
    first_two = _norm(p["unit"]).split()[:2] == _norm(g["unit"]).split()[:2]
    return _overlap(p["unit"], g["unit"]) or first_two


def _same_document(p: Row, g: Row) -> bool:
    same = _overlap(p["surface"], g["text"]) and p["doc_type"] == g["type"]
    if same and g.get("number"):
        number = str(p["number"] or "").lstrip("0") == str(g["number"]).lstrip("0")
        same = number or bool(g.get("id") and p["directive_id"] == g["id"])
    if same and g.get("term") and p["term"]:
        same = _equal(p["term"], g["term"])
    return same


def _same_resolution(p: Row, g: Row) -> bool:
    got, _, term = (p["directive_id"] or "").partition("@")
    want = re.sub(r"^NQ-DH-\w+$", "NQ-DH", g.get("id") or "")
    if not want:
        return not _CENTRAL.match(got)
    return _equal(got, want) and (not g.get("term") or _equal(term, g["term"]))


def _same_name(p: Row, g: Row) -> bool:
    return _equal(p["name"], g["name"])


def _norm(text: str | None) -> str:
    return " ".join(_PUNCTUATION.sub(" ", match_key(text or "")).split())


def _equal(a: str | None, b: str | None) -> bool:
    return _norm(a) == _norm(b)


def _overlap(a: str | None, b: str | None) -> bool:
    one, other = _norm(a), _norm(b)
    return bool(one and other) and (one in other or other in one)


def _close(a: Any, b: Any) -> bool:
    if a is None or b is None:
        return a is None and b is None
    return abs(float(a) - float(b)) <= 1e-6 * max(1.0, abs(float(b)))
