from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path

import pytest
from frictionless import validate

from pipeline.report.export import BOM, export
from pipeline.store import warehouse as store


@pytest.fixture(scope="module")
def folder(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    to = tmp_path_factory.mktemp("csv")
    with store.connect(sample) as warehouse:
        export(warehouse, to)
    return to


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # frictionless's own, of its libraries
def test_the_data_package_is_valid(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)  # paths in a package are relative to it
    found = validate("datapackage.json")
    assert found.valid, found.flatten(["name", "rowNumber", "fieldName", "message"])[:5]


def test_each_file_is_as_its_description_says(folder: Path) -> None:
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    assert len(package["resources"]) >= 25
    assert [corpus["name"] for corpus in package["corpora"]] == ["sample"]
    for resource in package["resources"]:
        raw = (folder / resource["path"]).read_bytes()
        assert resource["hash"] == f"sha256:{hashlib.sha256(raw).hexdigest()}"
        with (folder / resource["path"]).open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        assert header == [field["name"] for field in resource["schema"]["fields"]]
        assert len(rows) == resource["rows"]
        assert resource["query"].startswith("select")


def test_the_codebook_explains_every_column(folder: Path) -> None:
    with (folder / "codebook.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert all(row["meaning"] for row in rows)
    explained = {(row["relation"], row["column"]) for row in rows}
    for path in folder.glob("*.csv"):
        if path.stem != "codebook":
            with path.open(encoding="utf-8", newline="") as file:
                assert {(path.stem, column) for column in next(csv.reader(file))} <= explained


def test_numbers_are_plain_and_missing_is_empty(folder: Path) -> None:
    with (folder / "facts.csv").open(encoding="utf-8", newline="") as file:
        facts = list(csv.DictReader(file))
    values = [fact["value"] for fact in facts]
    assert values
    assert not any(value.endswith(".") or ".000" in value for value in values)
    assert {fact["verdict"] for fact in facts} >= {"", "exact", "truncated"}


def test_excel_reads_the_letters(sample: Path, tmp_path: Path) -> None:
    with store.connect(sample) as warehouse:
        export(warehouse, tmp_path, excel=True)
    for path in tmp_path.glob("*.csv"):
        assert path.read_bytes().startswith(BOM)
