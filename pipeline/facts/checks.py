"""Sums of parts held against the whole that the same sentence states."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby
from typing import Final

from pipeline.annotate.reading import Reading
from pipeline.records import Fact, FactCheck

# Between a whole and its parts: "58 xã, phường, trong đó có 41 xã và 17 phường".
_CONSISTS: Final = re.compile(
    r"""
    (?: \b gồm | \b bao \s+ gồm | : | \( ) (?: \s+ có )? \s* \Z
    """,
    re.VERBOSE,
)
_LIST: Final = re.compile(r"\s*(?:,|;|và|,\s*và|;\s*và|\+)\s*(?:có\s*)?")


def sums(reading: Reading, facts: Sequence[Fact]) -> list[FactCheck]:
    """Each whole that is followed by a complete list of its parts, and whether they add up.

    Only a list that says it is complete counts: "gồm", a colon or brackets; "trong đó" names some
    of the parts.
    """
    found = []
    for _, group in groupby(facts, key=lambda fact: fact.sentence_id):
        row = list(group)
        for n, whole in enumerate(row):
            parts = _parts(reading.folded, whole, row[n + 1 :])
            if len(parts) >= 2:
                total = sum((part.value for part in parts), Decimal(0))
                found.append(
                    FactCheck(
                        whole.article_id,
                        whole.sentence_id,
                        whole.fact_id,
                        tuple(part.fact_id for part in parts),
                        whole.value,
                        total,
                        total == whole.value,
                        "checks/sum-of-parts",
                    )
                )
    return found


def _parts(folded: str, whole: Fact, following: Sequence[Fact]) -> list[Fact]:
    """The facts listed right behind `whole` as its parts."""
    if not _is_exact_count(whole) or not following:
        return []
    gap = folded[whole.end_char : following[0].start_char]
    if len(gap) > 60 or not _CONSISTS.search(gap):
        return []
    parts = [following[0]]
    for fact in following[1:]:
        between = folded[parts[-1].end_char : fact.start_char]
        if not _LIST.fullmatch(between):
            break
        parts.append(fact)
    return parts if all(_is_exact_count(part) for part in parts) else []


def _is_exact_count(fact: Fact) -> bool:
    return (
        fact.kind == "count"
        and fact.comparator in (None, "eq")
        and fact.value_max is None
        and fact.change is None
    )
