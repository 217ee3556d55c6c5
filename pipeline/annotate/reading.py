"""What every rule layer is given: an article's text, folded beside it, and its sentences."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from datetime import date

from pipeline.records import Block, Sentence


@dataclass(frozen=True, slots=True)
class Reading:
    """One article as the layers read it; `folded` is as long as `text` (see `vietnamese.fold`)."""

    article_id: str
    text: str
    folded: str
    blocks: tuple[Block, ...]  # the kept ones, in order
    sentences: tuple[Sentence, ...]  # in order; every mention lies within one
    published_on: date | None
    province: str | None
    province_2025: str | None
    _starts: tuple[int, ...] = field(init=False, repr=False)  # of the sentences

    def __post_init__(self) -> None:
        object.__setattr__(self, "_starts", tuple(s.start_char for s in self.sentences))

    def sentences_of(self, start: int, end: int) -> tuple[Sentence, ...]:
        """The sentences that begin in [start, end), such as those of a block."""
        first = bisect_left(self._starts, start)
        last = bisect_left(self._starts, end)
        return self.sentences[first:last]

    def sentence_at(self, offset: int) -> Sentence:
        """The sentence that holds the character at `offset` (the one before, if between two)."""
        at = bisect_right(self._starts, offset) - 1
        return self.sentences[max(at, 0)]
