"""The words layer: underthesea's own output to the last tag, over an unchanged text."""

from __future__ import annotations

import subprocess
import sys
import unicodedata
from dataclasses import fields, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import lexicon
from pipeline.annotate import segmenters, terms
from pipeline.annotate.crfsuite import ModelError, read_model
from pipeline.annotate.segmenters import Underthesea, Word, engine
from pipeline.annotate.words import WordsLayer, doc_of
from pipeline.records import Article, Block, Role
from pipeline.report import corpus_formats
from pipeline.store import warehouse
from pipeline.store.parts import Parts
from pipeline.store.tables import to_arrow
from pipeline.vietnamese import fold
from tests import reference
from tests.bench_words import sentences, texts
from tests.tables import read_text

Tags = list[tuple[str, str, str | None, str | None]]


@pytest.fixture(scope="module")
def underthesea() -> Any:
    with segmenters._their_warnings():
        import underthesea
    return underthesea


def corpus() -> list[str]:
    """The sentences of the sample, and of the reference captures where they are at hand."""
    captures = ["\n".join(p.text for p in c.draft.pieces) for c in reference.captures()]
    return [sentence for text in (*texts(), *captures) for sentence in sentences(text)]


def tags(words: list[Word]) -> Tags:
    return [(w.text, w.pos, w.chunk, w.ner) for w in words]


def assert_same(underthesea: Any, given: list[str]) -> None:
    for sentence, words in zip(given, engine().tag(given), strict=True):
        assert tags(words) == underthesea.ner(sentence), sentence


# --- equality -----------------------------------------------------------------------------------


def test_words_and_tags_are_underthesea_s_own(underthesea: Any) -> None:
    assert_same(underthesea, corpus()[::3])


@pytest.mark.slow
def test_words_and_tags_are_underthesea_s_own_on_the_whole_corpus(underthesea: Any) -> None:
    assert_same(underthesea, corpus())


# What the regular expression, the normaliser and the features treat apart from plain words.
ODD = """
    TP. T.Ư K.XII ThS. Th.S PGS.TS v.v. v.v... HĐND. UBND. ABC. Đ. Mr. e-mail H'Mông N’Thôn 43H-0530
    NĐ-CP 05-CT/TW 01-KL/TW 12/05/2020 2/9 1-2-2021 20.08.2014 10:20:50 71,33% 1.250,5 229/321 +84
    03-5730-2357 4000000000 0000000005 3x4 4K 4Kb 5G2 23°C http://hoalac.example.vn/a?b=1 a.b.vn/
    toasoan@hoalac.example.vn www.hoalac.vn :D :DDD :)) =)) <3 ♥‿♥ => ==> -> ... … .. -- ʺ “Hoa đẹp”
    ‘ ’ ( ) (P.2) uỷ Uỷ hoà thuỷ nghành Nghoé Ðảng ð Ω İ ß ǅ ς ΑΣ ﬁ 한국 \u1112\u1161\u11ab 中文 🙂
    👨\u200d👩\u200d👧 e\u0301 \u0301 a\u0323\u0302 \u0344 \u0958 \u200b \ufeff ɤ
    BOS EOS X = T[0]= | _ a_b 1.600m-2.000m Th S Sơn sáng
""".split()  # noqa: SIM905 - a list of words, in words
PLAIN = """
    Đảng ủy Khối chi bộ tổ chức học tập và làm theo Bác ông Nguyễn Văn Mẫn bà Hoa ở Hòa Lạc Hà Nội
    được các xã , . có 12 mô hình hay cho biết
""".split()  # noqa: SIM905
CHARACTERS = st.characters(exclude_categories=("Cs", "Cn"))  # what Python's Unicode knows
CHUNK = st.one_of(
    st.sampled_from(PLAIN),
    st.sampled_from(PLAIN),
    st.sampled_from(ODD),
    st.sampled_from(PLAIN).map(lambda word: unicodedata.normalize("NFD", word)),
    st.tuples(st.sampled_from(ODD + PLAIN), st.sampled_from(ODD + PLAIN)).map("".join),
    st.text(CHARACTERS, max_size=4),
)
SPACE = st.sampled_from([" ", " ", " ", " ", "  ", "\u00a0", "\t", "\n", "\u2003", "\x85", ""])
SENTENCE = st.lists(st.tuples(CHUNK, SPACE), max_size=14).map(
    lambda parts: "".join(chunk + space for chunk, space in parts)
)


@settings(max_examples=400, deadline=None)
@given(sentence=SENTENCE)
def test_odd_sentences_too(underthesea: Any, sentence: str) -> None:
    assert_same(underthesea, [sentence, sentence.strip()])


@pytest.mark.parametrize(
    "sentence",
    [
        "",
        " \n ",
        "HĐND.",
        "HĐND. ",
        "HĐND.\n",
        "UBND và HĐND. UBND.",
        "ông Th Sơn",
        "ông Th\tSơn, Th\nSơn",
        "Th Th S Th s",
        "phim :D",
        "phim :D\n",
        "phim :DD hay",
    ],
)
def test_the_end_of_a_text_counts(underthesea: Any, sentence: str) -> None:
    assert_same(underthesea, [sentence])


def test_a_sentence_is_tagged_alike_alone_and_among_others() -> None:
    some = corpus()[:60]
    assert engine().tag(some) == [engine().tag([sentence])[0] for sentence in some]


def test_templates_are_those_of_underthesea(underthesea: Any) -> None:
    from underthesea.pipeline.chunking.model_crf import CRFChunkingPredictor
    from underthesea.pipeline.ner.model_crf import CRFNERPredictor
    from underthesea.pipeline.pos_tag.model_crf import CRFPOSTagPredictor

    own = [templates.split() for templates in segmenters._TEMPLATES.values()]
    for predictor, templates in zip(
        (CRFPOSTagPredictor, CRFChunkingPredictor, CRFNERPredictor), own, strict=True
    ):
        assert predictor.Instance().transformer.template == templates


def test_the_one_token_with_a_space_is_part_of_no_known_word() -> None:
    """So the segmenter need not look for n-grams of tokens that hold spaces."""
    models = segmenters._underthesea_files() / "pipeline" / segmenters._SEGMENTER
    known = set(segmenters._unpickled(models / "dictionary.bin"))
    known |= {a.partition("=")[2].lower() for a in read_model(models / "models.bin").attributes}
    assert len(known) > 70_000
    assert not [text for text in known if "th s" in f" {text} "]


def test_memory_may_forget(underthesea: Any) -> None:
    """A tokenizer that remembers one chunk finds the same tokens."""
    tokenizer = Underthesea()._tokenizer
    tokenizer._within._bound = tokenizer._at_end._bound = 1
    some = corpus()[:40]
    again = tokenizer.split(some)
    assert again.texts == engine()._tokenizer.split(some).texts  # type: ignore[attr-defined]


# --- places in the text -------------------------------------------------------------------------


@pytest.mark.parametrize("segmenter", ["underthesea", "pyvi"])
@given(sentence=SENTENCE)
@settings(max_examples=150, deadline=None)
def test_words_cover_the_text_in_order(segmenter: Any, sentence: str) -> None:
    [words] = engine(segmenter).tag([sentence])
    if unicodedata.normalize("NFC", sentence) == sentence:
        shown = "".join(sentence[w.start : w.end] for w in words)
        assert "".join(shown.split()) == "".join(sentence.split())
    assert all(0 <= w.start < w.end <= len(sentence) for w in words)
    assert [w.start for w in words] == sorted(w.start for w in words)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_offsets_point_into_the_unchanged_text(form: Any) -> None:
    sentence = unicodedata.normalize(form, "Đảng uỷ  xã hoà giải\u00a0ở TP. Hòa Lạc.")
    [words] = engine().tag([sentence])
    for word in words:
        there = unicodedata.normalize("NFC", " ".join(sentence[word.start : word.end].split()))
        assert fold(there) == fold(word.text)
    assert sentence[words[0].start : words[0].end].startswith(sentence[:4])


def test_entities_are_spans_of_the_article() -> None:
    reading = read_text("Bà Lê Thị Hoa về Hà Nội.\nÔng Nguyễn Văn Mẫn ở lại Cần Thơ.")
    [found] = WordsLayer().entities([reading])
    assert [(e.sentence_id, e.label, e.surface) for e in found] == [
        (0, "PER", "Lê Thị Hoa"),
        (0, "LOC", "Hà Nội"),
        (1, "PER", "Nguyễn Văn Mẫn"),
        (1, "LOC", "Cần Thơ"),
    ]
    assert all(reading.text[e.start_char : e.end_char] == e.surface for e in found)
    assert {e.rule for e in found} == {"entities/underthesea"}


def test_layers_of_several_articles_are_not_mixed() -> None:
    readings = [read_text(t) for t in ("Bà Hoa ở Hà Nội.", "\n", "Ông Mẫn ở Cần Thơ. Bà Na ở Huế.")]
    together = WordsLayer().entities(readings)
    assert together == [WordsLayer().entities([reading])[0] for reading in readings]
    assert [len(words) for words in together][1] == 0


# --- spaCy and the corpus formats ---------------------------------------------------------------


@given(lines=st.lists(SENTENCE, min_size=1, max_size=3))
@settings(max_examples=60, deadline=None)
def test_a_doc_says_its_text_and_its_words(lines: list[str]) -> None:
    reading = read_text("\n".join(lines))
    tagged = engine().tag([reading.text[s.start_char : s.end_char] for s in reading.sentences])
    doc = doc_of(reading, tagged)
    assert doc.text == reading.text
    assert [(w.start_char, w.end_char, w.label_) for w in doc.spans["words"]] == [
        (s.start_char + w.start, s.start_char + w.end, w.pos)
        for s, words in zip(reading.sentences, tagged, strict=True)
        for w in words
    ]
    [named] = WordsLayer().entities([reading])
    assert [e.text for e in doc.spans["entities"]] == [e.surface for e in named]


def test_base_tokens_are_syllables_and_signs() -> None:
    [doc] = WordsLayer().docs([read_text("Đảng ủy xã (TP. Hòa Lạc)  đạt 71,3%.")])
    assert [t.text for t in doc] == [
        *("Đảng", "ủy", "xã", "(", "TP", ".", "Hòa", "Lạc", ")", " ", "đạt"),
        *("71", ",", "3", "%", "."),
    ]


UNKNOWN: Any = {field.name: None for field in fields(Article)}
ARTICLE = Article(
    **UNKNOWN
    | {"article_id": "a", "title": "Học Bác\n& làm", "outlet": 'Báo "Lúa"', "source_path": "1"}
)


def test_conllu_has_ten_columns_and_gives_the_text_back() -> None:
    reading = read_text("Chi bộ xã  họp, có 27 đảng viên.\nBà Hoa ở Hà Nội.")
    [doc] = WordsLayer().docs([reading])
    lines = list(corpus_formats.conllu(ARTICLE, doc))
    assert lines[:3] == ["# newdoc id = a", "# title = Học Bác & làm", '# outlet = Báo "Lúa"']
    assert lines.count("") == len(reading.sentences)
    text = ""
    for line in lines:
        if line.startswith("# text = "):
            text, spelt = line.removeprefix("# text = "), ""
        elif line and not line.startswith("#"):
            columns = line.split("\t")
            assert len(columns) == 10
            spelt += columns[1] + ("" if "SpaceAfter=No" in columns[9] else " ")
            start, end = columns[9].split("TokenRange=")[1].split(":")
            assert " ".join(reading.text[int(start) : int(end)].split()) == columns[1]
        elif not line:
            assert spelt.strip() == text
    rows = [line.split("\t")[1:5] for line in lines if line[:1].isdigit()]
    assert ["Chi bộ", "_", "NOUN", "N"] in rows
    assert [",", "_", "PUNCT", "CH"] in rows
    assert any(line.endswith("NER=B-LOC|SpaceAfter=No|TokenRange=42:48") for line in lines)


def test_vertical_text_has_a_line_a_word_and_closes_what_it_opens() -> None:
    [doc] = WordsLayer().docs([read_text("Chi bộ xã họp.\nA & B <C>.")])
    lines = list(corpus_formats.vertical(ARTICLE, doc))
    assert lines[0].startswith('<doc id="a" title="Học Bác &amp; làm" outlet="Báo &quot;Lúa&quot;"')
    assert lines[1:7] == [
        '<p role="paragraph">',
        '<s id="0">',
        "Chi bộ\tN\tB-NP\tO",
        "xã\tN\tB-NP\tO",
        "họp\tV\tB-VP\tO",
        "<g/>",
    ]
    assert [line.split("\t")[0] for line in lines if "&" in line][1:] == ["&amp;", "&lt;", "&gt;"]
    assert [lines.count(f"</{tag}>") for tag in ("s", "p", "doc")] == [2, 2, 1]


@pytest.mark.parametrize(("layout", "name"), [("conllu", "c.conllu"), ("vertical", "c.vert")])
def test_a_warehouse_is_exported_by_corpus(tmp_path: Path, layout: str, name: str) -> None:
    parts = Parts(tmp_path / "parts")
    text = "Học Bác\nChi bộ xã họp."
    stored = replace(ARTICLE, corpus="c", text=text, content_hash="0", extraction_method="test")
    articles = [
        replace(stored, article_id=n, source_path=f"{n}.txt", quality=("missing_date",))
        for n in ("b", "a")
    ]
    roles: list[tuple[Role, int, int]] = [("title", 0, 7), ("paragraph", 8, 22)]
    blocks = [
        Block(a.article_id, n, role, True, start, end, None, None, text[start:end], "test")
        for a in articles
        for n, (role, start, end) in enumerate(roles)
    ]
    tables = {"articles": to_arrow(Article, articles), "blocks": to_arrow(Block, blocks)}
    parts.write("p", tables)
    pages = pa.table({"part_id": ["p"] * 2, "source_path": ["a", "b"], "article_id": ["a", "b"]})
    contents = warehouse.Contents("c", parts, pages)
    warehouse.write(tmp_path / "w.duckdb", contents, [], lambda _: None)
    with warehouse.connect(tmp_path / "w.duckdb") as opened:
        files = corpus_formats.export(opened, tmp_path / "out", layout)
        batches = list(corpus_formats.readings(opened))
    assert files == [tmp_path / "out" / name]
    lines = files[0].read_text("utf-8").splitlines()
    opening = {"conllu": "# newdoc id = {}", "vertical": '<doc id="{}"'}[layout]
    begun = [line for line in lines if line.startswith(opening[:6])]
    assert all(line.startswith(opening.format(n)) for n, line in zip("ab", begun, strict=True))
    assert sum("Chi bộ\t" in line for line in lines) == 2
    assert [(a.article_id, len(r.sentences)) for a, r in batches[0]] == [("a", 2), ("b", 2)]


def test_every_tag_has_a_universal_part_of_speech() -> None:
    from pyvi.ViPosTagger import ViPosTagger

    theirs = set(engine()._pos.labels) | set(ViPosTagger.model.classes_)  # type: ignore[attr-defined]
    assert theirs <= corpus_formats.universal().keys()


# --- terms --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "term", lexicon.read("terms", terms.Term), ids=lambda term: term.phrases[0]
)
def test_a_term_proves_itself(term: terms.Term) -> None:
    def finds(text: str) -> bool:
        return any(hit.value[1] == term for hit in terms.find(text))

    assert all(finds(example) for example in term.examples)
    assert not any(finds(line) for line in term.excluded)


@pytest.mark.parametrize("segmenter", ["underthesea", "pyvi"])
@given(
    st.lists(st.sampled_from(["Đảng ủy", "Khối", "chi bộ", "các", "Bí thư", "xã", ","]), min_size=1)
)
@settings(max_examples=60, deadline=None)
def test_no_term_is_split(segmenter: Any, parts: list[str]) -> None:
    sentence = " ".join(parts)
    words = terms.keep_whole(sentence, engine(segmenter).tag([sentence])[0])
    places = [(w.start, w.end) for w in words]
    assert {(hit.start, hit.end) for hit in terms.find(sentence)} <= set(places)
    shown = "".join(sentence[a:b] for a, b in places)
    assert "".join(shown.split()) == "".join(sentence.split())


def test_disagreements_say_what_each_engine_makes_of_a_term() -> None:
    def fixed(*pieces: tuple[int, int]) -> Any:
        words = [Word("", a, b, "N", None, None) for a, b in pieces]
        return SimpleNamespace(tag=lambda sentences: [words for _ in sentences])

    one, other = fixed((0, 4), (5, 12)), fixed((0, 7), (8, 12))
    assert terms.disagreements(["Đảng ủy Khối"] * 3, one, other) == [
        terms.Disagreement("đảng ủy", 3, 3, 3, 0, "Đảng | ủy Khối", "Đảng ủy")
    ]
    assert terms.disagreements(["Đảng ủy Khối"], other, other) == []


# --- what is not there --------------------------------------------------------------------------


def test_nothing_is_loaded_before_a_sentence_comes() -> None:
    code = (
        "import sys, pipeline.annotate.words as w; w.WordsLayer(); "
        "print([m for m in ('underthesea', 'pyvi', 'spacy', 'sklearn') if m in sys.modules])"
    )
    root = Path(__file__).parents[1]
    output = subprocess.run(
        [sys.executable, "-c", code], cwd=root, check=True, capture_output=True, text=True
    )
    assert output.stdout.strip() == "[]"


def test_models_that_moved_or_changed_are_named(monkeypatch: Any) -> None:
    monkeypatch.setitem(segmenters._FILES, segmenters._NER, "0" * 16)
    with pytest.raises(ModelError, match=r"another ner/ner_crf.* than 9\.5.*--no-words"):
        Underthesea()
    monkeypatch.setitem(segmenters._FILES, "ner/elsewhere.bin", "0" * 16)
    monkeypatch.delitem(segmenters._FILES, segmenters._NER)
    with pytest.raises(ModelError, match=r"has no ner/elsewhere\.bin"):
        Underthesea()
    monkeypatch.setattr(segmenters, "find_spec", lambda name: None)
    with pytest.raises(ModelError, match="underthesea is not installed"):
        Underthesea()
