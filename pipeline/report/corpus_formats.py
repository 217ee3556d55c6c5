"""Articles as corpus linguists read them: CoNLL-U, and vertical text for corpus managers.

Forms are spelt as in the article; only white space within a word is made one space.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, fields
from functools import cache
from html import escape
from itertools import groupby
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, TypeVar

from pipeline import annotate, lexicon
from pipeline.annotate.reading import Reading
from pipeline.annotate.words import WordsLayer
from pipeline.records import Article, Block
from pipeline.store.warehouse import Warehouse

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span

_TOGETHER: Final = 50  # articles tagged in one go

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class WordClass:
    """Parts of speech that are one in Universal Dependencies."""

    tags: tuple[str, ...]
    upos: str
    meaning: str


@cache
def universal() -> dict[str, str]:
    """The universal part of speech of each tag."""
    return {tag: c.upos for c in lexicon.read("word_classes", WordClass) for tag in c.tags}


def export(warehouse: Warehouse, folder: Path, layout: str) -> list[Path]:
    """Write the tagged text of each corpus to `folder` as `<corpus>.conllu` or `<corpus>.vert`."""
    lines, suffix = _FORMATS[layout]
    folder.mkdir(parents=True, exist_ok=True)
    files: dict[Path, IO[str]] = {}
    words = WordsLayer()
    with ExitStack() as stack:
        for batch in readings(warehouse):
            docs = words.docs([reading for _, reading in batch])
            for (article, _), doc in zip(batch, docs, strict=True):
                path = folder / f"{article.corpus}.{suffix}"
                if path not in files:
                    files[path] = stack.enter_context(path.open("w", encoding="utf-8"))
                files[path].writelines(f"{line}\n" for line in lines(article, doc))
    return list(files)


def readings(warehouse: Warehouse) -> Iterator[list[tuple[Article, Reading]]]:
    """All articles by corpus and source, as the layers read them, some at a time."""
    ids = warehouse.query("select article_id from articles order by corpus, source_path")
    for at in range(0, len(ids), _TOGETHER):
        batch = [article_id for (article_id,) in ids[at : at + _TOGETHER]]
        articles = {a.article_id: a for a in _of(warehouse, Article, "articles", batch)}
        blocks: dict[str, list[Block]] = defaultdict(list)
        for block in _of(warehouse, Block, "blocks", batch):
            blocks[block.article_id].append(block)
        yield [(articles[n], annotate.read(articles[n], tuple(blocks[n]))) for n in batch]


def _of(warehouse: Warehouse, record: type[T], table: str, ids: list[str]) -> list[T]:
    """The records of these articles, in the table's order."""
    names = ", ".join(f.name for f in fields(record))  # type: ignore[arg-type]  # a dataclass
    of_articles = f"select {names} from {table} where article_id in (select unnest(?))"
    rows: list[tuple[Any, ...]] = warehouse.query(f"{of_articles} order by rowid", [ids])
    return [record(*(tuple(v) if isinstance(v, list) else v for v in row)) for row in rows]


def conllu(article: Article, doc: Doc) -> Iterator[str]:
    """The lines of an article in CoNLL-U; `doc` is what `words.doc_of` made of it.

    A word of several syllables is one line, as in the Vietnamese treebank. Heads and relations
    are unknown, so `_`; MISC holds chunk and entity tags and the word's place in the article.
    """
    text = doc.text
    yield f"# newdoc id = {article.article_id}"
    for key, value in _facts(article):
        yield f"# {key} = {value}"
    for block, sentences in groupby(_sentences(doc), key=lambda pair: pair[0].kb_id_):
        yield f"# newpar id = {article.article_id}-b{block}"
        for sentence, words in sentences:
            yield f"# sent_id = {article.article_id}-s{sentence.id_}"
            yield f"# text = {' '.join(sentence.text.split())}"
            for n, word in enumerate(words, 1):
                pos = word.label_
                misc = [f"{k}={v}" for k, v in (("Chunk", word.kb_id_), ("NER", word.id_)) if v]
                if _is_glued(text, word):
                    misc.append("SpaceAfter=No")
                misc.append(f"TokenRange={word.start_char}:{word.end_char}")
                signs = not any(map(str.isalnum, word.text))  # which taggers take for words
                upos = "PUNCT" if signs else universal().get(pos, "X")
                columns = [str(n), _form(word), "_", upos, pos, "_", "_", "_", "_", "|".join(misc)]
                yield "\t".join(columns)
            yield ""


def vertical(article: Article, doc: Doc) -> Iterator[str]:
    """The lines of an article in vertical format: word, part of speech, chunk and entity tag.

    Structures are `doc`, `p` (with the block's role), `s`, and `g` where no space stands.
    """
    text = doc.text
    attributes = [("id", article.article_id), *_facts(article)]
    shown = " ".join(f'{key}="{escape(value)}"' for key, value in attributes)
    yield f"<doc {shown}>"
    for (_, role), sentences in groupby(_sentences(doc), key=lambda p: (p[0].kb_id_, p[0].label_)):
        yield f'<p role="{role}">'
        for sentence, words in sentences:
            yield f'<s id="{sentence.id_}">'
            for word in words:
                tags = [word.label_, word.kb_id_ or "_", word.id_ or "_"]
                yield "\t".join([escape(_form(word), quote=False), *tags])
                if word.end < sentence.end and _is_glued(text, word):
                    yield "<g/>"
            yield "</s>"
        yield "</p>"
    yield "</doc>"


def _facts(article: Article) -> list[tuple[str, str]]:
    published = article.published_at.date().isoformat() if article.published_at else None
    facts = {
        "title": article.title,
        "outlet": article.outlet,
        "province": article.province,
        "date": published,
        "source": article.source_path,
    }
    return [(key, " ".join(value.split())) for key, value in facts.items() if value]


def _sentences(doc: Doc) -> Iterator[tuple[Span, Sequence[Span]]]:
    """Each sentence with its words."""
    words = list(doc.spans["words"])[::-1]
    for sentence in doc.spans["sentences"]:
        own: list[Span] = []
        while words and words[-1].start < sentence.end:
            own.append(words.pop())
        yield sentence, own


def _form(word: Span) -> str:
    return " ".join(word.text.split())


def _is_glued(text: str, word: Span) -> bool:
    """Whether something stands right after the word."""
    following = text[word.end_char : word.end_char + 1]
    return following != "" and not following.isspace()


_FORMATS: Final[dict[str, tuple[Callable[[Article, Doc], Iterator[str]], str]]] = {
    "conllu": (conllu, "conllu"),
    "vertical": (vertical, "vert"),
}
