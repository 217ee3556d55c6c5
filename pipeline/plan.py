"""What is to be annotated: every cleaned part, less the lines that its outlets repeat."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Final

from pipeline.batch import OUTLINES
from pipeline.clean import furniture
from pipeline.resume import Survey, digest
from pipeline.store import warehouse as store
from pipeline.store.parts import Parts
from pipeline.store.warehouse import Contents


@dataclass(frozen=True, slots=True)
class Task:
    """A cleaned part to annotate, and the repeated lines of each outlet that leave it first."""

    cleaned_id: str
    annotated_id: str
    repeated: Mapping[str, frozenset[str]]


# Of each article the lines that may be its outlet's, for standing in several articles, and the
# three longest, which tell it from captures of another article.
_LINES: Final = f"""
    with lines as (select outlet, article_id, unnest(lines) as line from part),
    counted as (
        select
            *,
            count(*) over (partition by outlet, line) as articles,
            row_number() over (
                partition by outlet, article_id order by length(line) desc, line desc
            ) as place
        from lines
    )
    select outlet, article_id, list(line)
    from counted
    where place <= 3 or articles >= {furniture.REPEATED_ARTICLES}
    group by all
    order by outlet
"""


def tasks(survey: Survey) -> list[Task]:
    """One task a cleaned part that holds a page of the corpus, by name.

    A part that is finished keeps its name, and so is not done again, as long as the same of its
    own lines are repeated.
    """
    pages = survey.contents()
    repeated = dict(_repeated(pages))
    return [_task(pages.parts, part, repeated) for part in pages.part_ids()]


def _repeated(pages: Contents) -> Iterator[tuple[str, frozenset[str]]]:
    """The lines that recur across an outlet's articles, for each outlet that has such lines."""
    rows = store.read(pages, OUTLINES, _LINES)
    for outlet, articles in groupby(rows, key=itemgetter(0)):
        lines = furniture.repeated({article_id: found for _, article_id, found in articles})
        if lines:
            yield outlet, lines


def _task(parts: Parts, part: str, repeated: Mapping[str, frozenset[str]]) -> Task:
    own: dict[str, set[str]] = defaultdict(set)
    outlines = parts.read(part, OUTLINES) if repeated else None
    for row in outlines.to_pylist() if outlines else ():
        own[row["outlet"]].update(
            repeated.get(row["outlet"], frozenset()).intersection(row["lines"])
        )
    removed = {outlet: frozenset(lines) for outlet, lines in sorted(own.items()) if lines}
    name = digest(part, *(f"{o}\0{line}" for o, lines in removed.items() for line in sorted(lines)))
    return Task(part, name, removed)
