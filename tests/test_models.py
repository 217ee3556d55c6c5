from __future__ import annotations
import pytest
from pipeline.annotate import abbreviations, models, units
from pipeline.records import ModelMention
from tests.tables import Phrase, check, phrases, read_text
from pipeline.annotate.reading import Reading


def mentions(reading: Reading) -> tuple[ModelMention, ...]:
    return models.find(reading, units.find(reading, abbreviations.find(reading)))

@pytest.mark.parametrize("phrase", phrases("models"))
def test_a_phrase_is_read_as_the_table_says(phrase: Phrase) -> None:
    check(phrase, mentions(phrase.reading()))
