"""Numeric facts: what each number of an article counts, measures or shares out.

`grammar` reads the statements; `scope` adds period, speaker, organisation and directive; `checks`
holds the parts of a sum against their whole.
"""

from __future__ import annotations

from pipeline.annotate import Findings
from pipeline.annotate.reading import Reading
from pipeline.facts import checks, grammar
from pipeline.facts.scope import Scopes
from pipeline.records import Fact, FactCheck

__all__ = ["find"]


def find(reading: Reading, findings: Findings) -> tuple[tuple[Fact, ...], tuple[FactCheck, ...]]:
    """The facts of an article in the order of its text, and the sums that were checked."""
    statements = grammar.read(reading)
    if not statements:
        return (), ()
    scopes = Scopes(reading, findings, [statement.sentence_id for statement in statements])
    facts = tuple(
        Fact(
            article_id=reading.article_id,
            fact_id=f"{reading.article_id}:{number}",
            **statement._asdict(),
            **scopes.of(statement.sentence_id, statement.start_char, statement.end_char)._asdict(),
        )
        for number, statement in enumerate(statements)
    )
    return facts, tuple(checks.sums(reading, facts))
