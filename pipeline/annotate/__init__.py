"""An article's text in, everything that is named in it out: one file a layer.

The rule layers are joined here; `words` (segmentation, tags, entities) is a layer apart, which no
rule reads and which works best on many articles at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pipeline.annotate import (
    abbreviations,
    directives,
    models,
    officials,
    people,
    sentences,
    units,
)
from pipeline.annotate.people import Name
from pipeline.annotate.reading import Reading
from pipeline.records import (
    Abbreviation,
    Article,
    Block,
    DirectiveLink,
    DirectiveMention,
    ModelMention,
    OfficialMention,
    Sentence,
    UnitMention,
)
from pipeline.vietnamese import fold

__all__ = ["Findings", "Reading", "find", "read"]


@dataclass(frozen=True, slots=True)
class Findings:
    """The mentions of one article, layer by layer, in the order of the text.

    `people` are no layer: names that facts ask for, too, and that are found once.
    """

    sentences: tuple[Sentence, ...]
    abbreviations: tuple[Abbreviation, ...]
    units: tuple[UnitMention, ...]
    directives: tuple[DirectiveMention, ...]
    links: tuple[DirectiveLink, ...]
    officials: tuple[OfficialMention, ...]
    models: tuple[ModelMention, ...]
    people: tuple[Name, ...]

    def rows(self) -> dict[type, list[Any]]:
        """The mentions by record class."""
        return {
            Sentence: list(self.sentences),
            Abbreviation: list(self.abbreviations),
            UnitMention: list(self.units),
            DirectiveMention: list(self.directives),
            DirectiveLink: list(self.links),
            OfficialMention: list(self.officials),
            ModelMention: list(self.models),
        }


def read(article: Article, blocks: tuple[Block, ...]) -> Reading:
    """An article as the layers read it; `blocks` are all of its blocks, kept or not."""
    kept = tuple(block for block in blocks if block.kept)
    return Reading(
        article_id=article.article_id,
        text=article.text,
        folded=fold(article.text),
        blocks=kept,
        sentences=sentences.split(article.article_id, article.text, kept),
        published_on=article.published_at.date() if article.published_at else None,
        province=article.province,
        province_2025=article.province_2025,
    )


def find(reading: Reading) -> Findings:
    """All rule layers over one article; none of them looks at words."""
    declared = abbreviations.find(reading)
    named = units.find(reading, declared)
    papers = directives.find(reading, named)
    persons = people.find(reading, named)
    return Findings(
        sentences=reading.sentences,
        abbreviations=declared,
        units=named,
        directives=papers,
        links=directives.links(reading, papers),
        officials=officials.find(reading, named, persons),
        models=models.find(reading, named),
        people=tuple(persons.names),
    )
