from __future__ import annotations
import pytest
from pipeline.annotate import abbreviations, units
from tests.tables import Phrase, check, phrases
@pytest.mark.parametrize("phrase", phrases("units"))
def test_phrase(phrase: Phrase) -> None:
    reading = phrase.reading()
    check(phrase, units.find(reading, abbreviations.find(reading)))
