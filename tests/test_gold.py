"""The rules against a person's reading: invented gold here, and the reference where it is."""

from __future__ import annotations

import html
import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from pipeline import evaluate
from pipeline.evaluate import Finding, GoldError, Report
from tests import quality, reference

SCHEMA = quality.ROOT / "schemas" / "gold.schema.json"
ARTICLES = evaluate.read_gold(quality.GOLDEN / "articles.jsonl")
TOOL = reference.SHARED / "tools" / "score.py"


@pytest.fixture(scope="module")
def golden(tmp_path_factory: pytest.TempPathFactory) -> Report:
    database = tmp_path_factory.mktemp("golden") / "w.duckdb"
    return quality.report(quality.GOLDEN, quality.GOLDEN / "articles.jsonl", database)


def test_there_is_gold() -> None:
    assert len(ARTICLES) >= 25
    for layer in ("facts", "directives", "officials", "models", "units"):
        assert sum(len(article.get(layer, [])) for article in ARTICLES) >= 40, layer


@pytest.mark.parametrize("article", ARTICLES, ids=lambda a: a["id"])
def test_gold_is_of_its_schema_and_its_words_are_in_the_text(article: dict[str, object]) -> None:
    jsonschema.validate(article, json.loads(SCHEMA.read_text("utf-8")))
    [path] = quality.GOLDEN.glob(f"{article['id']}.*")
    flat = " ".join(html.unescape(path.read_text("utf-8")).split())
    for piece in article.get("keep", []):  # type: ignore[attr-defined]  # a list by the schema
        assert " ".join(piece.split()) in flat


def test_every_gold_article_is_in_the_warehouse(golden: Report) -> None:
    assert not golden.missing


@pytest.mark.parametrize("layer", quality.floors())
def test_no_layer_falls_below_its_floor(golden: Report, layer: str) -> None:
    score, floor = golden.scores[layer], quality.floors()[layer]
    wrong = [f for f in golden.findings if f.layer == layer and f.outcome != "right"]
    assert score.f1 >= floor, f"F1 {score.f1:.4f} is below {floor}: {wrong}"


@pytest.mark.skipif(not reference.GOLD.exists(), reason="the reference captures are not at hand")
def test_the_reference_is_read_without_an_error(tmp_path: Path) -> None:
    database = tmp_path / "w.duckdb"
    found = quality.report(reference.SHARED / "articles", reference.GOLD, database)
    wrong = [f for f in found.findings if f.outcome != "right"]
    assert not wrong
    assert not found.missing
    # the outside scorer reads the same warehouse and must come to the same figures
    command = [sys.executable, str(TOOL), "--db", str(database), "--gold", str(reference.GOLD)]
    told = json.loads(subprocess.run([*command, "--json"], capture_output=True, check=True).stdout)
    names = {
        "facts: value": "facts: value",
        "directives: resolved": "directives: resolved",
        "officials: name+role": "officials: name and role",
        "models: name": "models: name",
    }
    for theirs, ours in names.items():
        assert told["scores"][theirs]["f1"] == pytest.approx(found.scores[ours].f1, abs=1e-4)


def test_gains_and_losses_are_told_apart() -> None:
    before = [Finding("facts", "a", "right", "12 hộ"), Finding("facts", "a", "missed", "5 xã")]
    now = [Finding("facts", "a", "missed", "12 hộ"), Finding("facts", "a", "right", "5 xã")]
    gains, losses = evaluate.gains_and_losses(before, now)
    assert [f.item for f in gains] == ["5 xã"]
    assert [f.item for f in losses] == ["12 hộ"]


@pytest.mark.parametrize(
    ("line", "says"), [("{", "line 1 is not JSON"), ('{"title": "x"}', "line 1 has no 'id'")]
)
def test_bad_gold_names_its_line(tmp_path: Path, line: str, says: str) -> None:
    (tmp_path / "gold.jsonl").write_text(line, "utf-8")
    with pytest.raises(GoldError, match=says):
        evaluate.read_gold(tmp_path / "gold.jsonl")
