from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import ingest as ingestion

SAMPLE = Path(__file__).parents[1] / "corpora" / "sample"


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The warehouse of the sample corpus; read it, do not write to it."""
    database = tmp_path_factory.mktemp("sample") / "warehouse.duckdb"
    ingestion.ingest(SAMPLE, database)
    return database
