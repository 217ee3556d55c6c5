"""Sentences of an article's text."""

from __future__ import annotations

import re

from pipeline.records import Block, Sentence

_END = re.compile(r"(?<=[.!?…])\s+(?=[\"“A-ZÀ-Ỹ])")


def split(article_id: str, text: str, blocks: tuple[Block, ...]) -> tuple[Sentence, ...]:
    """The sentences of the kept blocks, in order."""
    found: list[Sentence] = []
    for block in blocks:
        if block.start_char is None or block.end_char is None:
            continue
        start = block.start_char
        for match in [*_END.finditer(text, start, block.end_char), None]:
            end = match.start() if match else block.end_char
            if end > start:
                found.append(Sentence(article_id, len(found), block.block_no, start, end))
            start = match.end() if match else end
    return tuple(found)
