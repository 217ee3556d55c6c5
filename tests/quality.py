"""Scores of the rules against gold, and the floors that they may not fall below.

    python -m tests.quality                  print the scores of corpora/golden
    python -m tests.quality --raise-floors   pin today's scores where they are better

Floors only rise here; lowering one is an edit by hand, seen in review.
"""

from __future__ import annotations

import argparse
import tomllib
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline import evaluate
from pipeline import ingest as ingestion
from pipeline.batch import Options
from pipeline.evaluate import Report
from pipeline.store import warehouse as store

ROOT = Path(__file__).parents[1]
GOLDEN = ROOT / "corpora" / "golden"
FLOORS = Path(__file__).parent / "floors.toml"


def report(folder: Path, gold: Path, database: Path) -> Report:
    """Ingest the captures of `folder` and hold the warehouse against `gold`."""
    ingestion.ingest(folder, database, options=Options(words=False))
    with store.connect(database) as warehouse:
        return evaluate.evaluate(warehouse, evaluate.read_gold(gold))


def floors() -> dict[str, float]:
    """The lowest F1 that each layer may have."""
    found: dict[str, float] = tomllib.loads(FLOORS.read_text("utf-8"))["f1"]
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--raise-floors", action="store_true")
    arguments = parser.parse_args()
    with TemporaryDirectory() as folder:
        found = report(GOLDEN, GOLDEN / "articles.jsonl", Path(folder) / "w.duckdb")
    now = {layer: score.f1 for layer, score in found.scores.items()}
    for layer, score in found.scores.items():
        print(f"{layer:<26}{score.precision:.4f}  {score.recall:.4f}  {score.f1:.4f}")  # noqa: T201
    if arguments.raise_floors:
        before = floors() if FLOORS.exists() else {}
        # cut, not rounded: a floor must not lie above the score it was taken from
        pinned = {k: max(before.get(k, 0.0), int(f1 * 1000) / 1000) for k, f1 in now.items()}
        lines = [f'"{layer}" = {floor}' for layer, floor in pinned.items()]
        head = "# Lowest F1 of each layer on corpora/golden; `make floors` raises them.\n[f1]\n"
        FLOORS.write_text(head + "\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
