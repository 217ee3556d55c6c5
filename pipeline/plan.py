"""What is to be annotated: every cleaned part, less the lines that its outlets repeat."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pipeline.clean import furniture
from pipeline.resume import Survey, digest
from pipeline.vietnamese import match_key


@dataclass(frozen=True, slots=True)
class Task:
    """A cleaned part to annotate, and the repeated lines of each outlet that leave it first."""

    cleaned_id: str
    annotated_id: str
    repeated: Mapping[str, frozenset[str]]


def tasks(survey: Survey) -> list[Task]:
    """One task a cleaned part that holds a page of the corpus, by name.

    A part that is finished keeps its name, and so is not done again, as long as the same of its
    own lines are repeated.
    """
    parts = sorted({finished.part_id for _, _, finished in survey.pages()})
    repeated = _repeated(survey, parts)
    return [_task(survey, part, repeated) for part in parts]


def _task(survey: Survey, part: str, repeated: Mapping[str, frozenset[str]]) -> Task:
    own: dict[str, set[str]] = defaultdict(set)
    if repeated:
        for _, outlet, lines in _articles(survey, part):
            own[outlet] |= {match_key(line) for line in lines} & repeated.get(outlet, frozenset())
    removed = {outlet: frozenset(lines) for outlet, lines in sorted(own.items()) if lines}
    name = digest(part, *(f"{o}\0{line}" for o, lines in removed.items() for line in sorted(lines)))
    return Task(part, name, removed)


def _repeated(survey: Survey, parts: list[str]) -> dict[str, frozenset[str]]:
    """The lines that recur across each outlet's articles."""
    listed = {f.article_id for _, _, f in survey.pages() if f.article_id}
    by_outlet: dict[str, dict[str, list[str]]] = defaultdict(dict)
    for part in parts:
        for article_id, outlet, lines in _articles(survey, part):
            if article_id in listed:
                by_outlet[outlet][article_id] = lines
    found = {outlet: furniture.repeated(lines) for outlet, lines in by_outlet.items()}
    return {outlet: lines for outlet, lines in found.items() if lines}


def _articles(survey: Survey, part: str) -> Iterator[tuple[str, str, list[str]]]:
    """Id, outlet and lines of a part's articles that have an outlet.

    Of the long lines, which are no furniture, only the longest: it tells articles apart.
    """
    table = survey.place.cleaned.read(part, "articles")
    if table is None:
        return
    for row in table.select(["article_id", "outlet", "text"]).to_pylist():
        if row["outlet"]:
            lines = row["text"].split("\n")
            short = [line for line in lines if len(line) <= 2 * furniture.REPEATED_LENGTH]
            yield row["article_id"], row["outlet"], [*short, max(lines, key=len)]
