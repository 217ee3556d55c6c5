"""Citations of documents: the phrase table, the lexicons' proofs, links, hostile input."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import lexicon
from pipeline.annotate import directives
from pipeline.annotate.documents import KINDS, ORDINALS, Kind, Ordinal
from pipeline.annotate.issuers import ISSUERS, ORGANS, Issuer, Organ, Words, of_organ
from pipeline.annotate.reading import Reading
from pipeline.annotate.resolution import Directive, term_on, terms
from pipeline.annotate.resolution import directives as authority
from pipeline.records import DOC_TYPES, DirectiveMention, UnitMention
from tests.linear import assert_linear, repeated
from tests.reference import Reference, captures
from tests.tables import Phrase, check, phrases, read_text

WORDS = {w.role: w for w in lexicon.read("documents", Words)}


def find(text: str, published: date | None = None) -> tuple[DirectiveMention, ...]:
    return directives.find(read_text(text, published))


def links(text: str) -> list[tuple[str, str, str | None]]:
    """Local paper, the paper it carries out, and that paper's id, in the order of the text."""
    reading = read_text(text, date(2022, 5, 5))
    mentions = directives.find(reading)
    number = {m.start_char: f"{m.doc_type} {m.number}" for m in mentions}
    return [
        (number[x.start_char], number[x.implements_start_char], x.implements_directive_id)
        for x in directives.links(reading, mentions)
    ]


@pytest.mark.parametrize("phrase", phrases("directives"))
def test_phrases(phrase: Phrase) -> None:
    check(phrase, directives.find(phrase.reading()))


# --- the lexicons prove themselves ----------------------------------------------------------


@pytest.mark.parametrize("entry", authority(), ids=lambda d: d.directive_id)
def test_authority_file(entry: Directive) -> None:
    for example in entry.examples:
        assert [m.directive_id for m in find(example)] == [entry.directive_id], example
    for text in entry.excluded:
        assert entry.directive_id not in [m.directive_id for m in find(text)], text


@pytest.mark.parametrize("entry", KINDS, ids=lambda k: k.doc_type)
def test_kinds(entry: Kind) -> None:
    for text in (*entry.examples, *(f"{name} số 99" for name in entry.names)):
        assert [m.doc_type for m in find(text)] == [entry.doc_type], text
    for short in entry.short:
        assert [m.doc_type for m in find(f"{short} 99-{entry.codes[0]}/TU")] == [entry.doc_type]
    for text in entry.excluded:
        assert find(text) == (), text


def test_every_type_of_document_is_known() -> None:
    assert Counter(k.doc_type for k in KINDS) == Counter(DOC_TYPES)


@pytest.mark.parametrize("entry", ISSUERS, ids=lambda i: i.name)
def test_issuers(entry: Issuer) -> None:
    assert set(entry.doc_types) <= set(DOC_TYPES)
    place = " Xây dựng" if entry.place == "must" else ""
    for text in (*entry.examples, *(f"Nghị quyết 99 của {f}{place}" for f in entry.forms)):
        (mention,) = find(text)
        if entry.level == "central":
            assert mention.issuer == entry.name, text
        else:
            assert mention.resolution == f"{entry.level} issuer", text
        if entry.place != "must":
            assert (mention.issuer or "").startswith(entry.name), text
    for text in entry.excluded:
        assert not any((m.issuer or "").startswith(entry.name) for m in find(text)), text


@pytest.mark.parametrize("entry", ORGANS, ids=lambda o: o.codes[0])
def test_organs(entry: Organ) -> None:
    for text in entry.examples:
        (mention,) = find(text)
        assert mention.suffix, text
        assert mention.issuer == entry.issuer, text
        assert (mention.resolution == f"{entry.level} issuer") == (entry.level != "central"), text
    for text in entry.excluded:
        assert of_organ((find(text)[0].suffix or "").partition("/")[2]) != (entry.level, None)


@pytest.mark.parametrize("entry", ORDINALS, ids=lambda o: str(o.value))
def test_ordinals(entry: Ordinal) -> None:
    for text in entry.examples:
        assert any(word in text for word in entry.words)
        assert [m.rule for m in find(text)] == ["directives/plenum"], text
        figure = text
        for word in entry.words:
            figure = figure.replace(f"thứ {word} ", f"thứ {entry.value} ")
        assert [m.directive_id for m in find(figure)] == [m.directive_id for m in find(text)]


@pytest.mark.parametrize(
    ("role", "mentions"), [("after", 1), ("counted", 0), ("named", 0)], ids=str
)
def test_words_after_a_number(role: str, mentions: int) -> None:
    for text in WORDS[role].examples:
        assert len(find(text)) == mentions, text
    for text in WORDS[role].excluded:
        assert len(find(text)) == 1 - mentions, text


def test_every_word_after_a_number() -> None:
    for word in WORDS["after"].words:
        assert len(find(f"Xã có Kế hoạch 99 {word}")) == 1, word
    for word in WORDS["counted"].words:
        assert find(f"Xã có Quy định 99 {word}") == (), word
    for name in WORDS["named"].words:
        assert find(f"vốn {name} của Chính phủ") == (), name


def test_words_of_place() -> None:
    entry = WORDS["place"]
    for text in (*entry.examples, *(f"Nghị quyết 99 của Đảng bộ {w} Tân Hòa" for w in entry.words)):
        assert find(text)[0].surface == text
    for text in entry.excluded:
        assert find(text)[0].surface != text


def test_words_of_issuing() -> None:
    entry = WORDS["issue"]
    for text in (*entry.examples, *(f"Tỉnh ủy đã {w} Chỉ thị 99" for w in entry.words)):
        assert find(text)[0].issuer == "Tỉnh ủy", text
    for text in entry.excluded:
        assert find(text)[0].issuer is None, text


def test_words_of_carrying_out() -> None:
    entry = WORDS["carry_out"]
    one, other = "Kế hoạch số 99-KH/TU", "Chỉ thị số 05-CT/TW"
    for text in (*entry.examples, *(f"{one} về {w} {other}" for w in entry.words)):
        assert links(text) == [("ke_hoach 99", "chi_thi 05", "05-CT/TW@XII")], text
    for text in entry.excluded:
        assert links(text) == [], text


def test_words_that_make_a_sentence() -> None:
    entry = WORDS["finite"]
    one, other = "Kế hoạch số 99-KH/TU", "thực hiện Chỉ thị số 05-CT/TW"
    for text in (*entry.examples, *(f"{one} {w} {other}" for w in entry.words)):
        assert links(text) == [], text
    for text in entry.excluded:
        assert len(links(text)) == 1, text


def test_terms_of_the_congress() -> None:
    assert term_on(date(1990, 1, 1)) is None
    for term, starts in terms().items():
        assert term_on(starts) == term


# --- the cascade ----------------------------------------------------------------------------


def test_links_of_lists_in_both_orders() -> None:
    assert links(
        "Chỉ thị 06 của Huyện ủy về thực hiện Kết luận số 01-KL/TW và Nghị quyết 09-NQ/TU"
    ) == [
        ("chi_thi 06", "ket_luan 01", "01-KL/TW@XIII"),
        ("chi_thi 06", "nghi_quyet 09", None),
    ]
    assert links(
        "Thực hiện Chỉ thị số 05-CT/TW của Bộ Chính trị, Ban Thường vụ Tỉnh ủy đã ban hành "
        "Kế hoạch số 12-KH/TU, Hướng dẫn số 03-HD/TU."
    ) == [
        ("ke_hoach 12", "chi_thi 05", "05-CT/TW@XII"),
        ("huong_dan 03", "chi_thi 05", "05-CT/TW@XII"),
    ]


def test_links_need_a_local_paper_and_one_sentence() -> None:
    assert links("Kết luận số 01-KL/TW về tiếp tục thực hiện Chỉ thị số 05-CT/TW") == []
    assert links("Chỉ thị 19/CT-TTg về thực hiện Nghị quyết số 35-NQ/TW") == []
    assert links("Học Kế hoạch số 12-KH/TU. Thực hiện Chỉ thị số 05-CT/TW") == []


def test_link_runs_from_one_paper_to_the_other() -> None:
    text = "Đã có Kế hoạch 12-KH/TU về thực hiện Chỉ thị số 05-CT/TW, rất tốt."
    reading = read_text(text)
    (link,) = directives.links(reading, directives.find(reading))
    assert link.surface == "Kế hoạch 12-KH/TU về thực hiện Chỉ thị số 05-CT/TW"


# --- units, the reference articles ----------------------------------------------------------


def test_units_lend_issuers_their_names() -> None:
    text = (
        "Thực hiện Kế hoạch số 12 của Đảng ủy Khối các cơ quan và doanh nghiệp tỉnh về nêu gương."
    )
    reading = read_text(text)
    start, end = text.index("Đảng ủy"), text.index(" về")
    unit = UnitMention(
        "a", 0, text[start:end], start, end, text[start:end], None, "dang_uy", None, None, None, "t"
    )
    assert directives.find(reading)[0].issuer == "Đảng ủy Khối"
    assert directives.find(reading, (unit,))[0].issuer == text[start:end]
    assert directives.find(reading, (unit,))[0].end_char == end


@pytest.mark.parametrize("reference", captures(), ids=lambda r: r.id)
def test_reference_articles(reference: Reference) -> None:
    gold: list[dict[str, Any]] = reference.gold["directives"]
    day = reference.gold["published_at"]
    text = "\n".join(p.text.strip() for p in reference.draft.pieces if p.kept)
    found = find(text, date.fromisoformat(day[:10]) if day else None)
    wanted = Counter(_row(g) for g in gold if not g["optional"])
    optional = Counter(_row(g) for g in gold if g["optional"])
    got = Counter(_key(m.doc_type, m.number, m.term, m.directive_id) for m in found)
    assert wanted - got == Counter()
    assert got - wanted - optional == Counter()


def _row(gold: dict[str, Any]) -> str:
    identity = gold["id"] and f"{gold['id'].replace('NQ-DH-XIII', 'NQ-DH')}@{gold['term']}"
    return _key(gold["type"], gold["number"], gold["term"], identity)


def _key(*values: str | None) -> str:
    return " ".join(value or "-" for value in values)


# --- any text -------------------------------------------------------------------------------

FRAGMENTS = [
    "Chỉ thị", "chỉ thị", "CHỈ THỊ", "Nghị quyết", "Kết luận", "Kế hoạch", "các Quy định",
    "Luật", "NQ", "NQTW4", "CT", "số", "05", "5", "21", "1374", "30a", "05-CT/TW", "214-KH/TU",
    "15/2020/NĐ-CP", "05 – CT/ TW", "08-QÐi/TW", "/", "-", ",", ";", "và", "(", ")", ".", "\n",
    "“", "”", "\u00a0", "của", "do", "ban hành", "đã", "này", "về", "thực hiện", "nội dung",
    "Bộ Chính trị", "BCT", "Tỉnh ủy", "BTV Thành ủy TP. Hòa Lạc", "Đảng bộ tỉnh",
    "xây dựng Đảng", "Trung ương 4", "Trung ương", "T.Ư 4", "TW",
    "Ban Chấp hành Trung ương Đảng", "Đại hội", "Hội nghị lần thứ tư", "lần thứ", "khóa", "khoá",
    "(khóa", "XI", "XII", "XIII)", "12", "XIII của Đảng", "ngày 18/5/2021", "ngày 31/2/2021",
    "năm 2022",
]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(FRAGMENTS), st.sampled_from((" ", "", "  "))), max_size=30)
)
def test_any_sequence_of_the_idiom(parts: list[tuple[str, str]]) -> None:
    reading = read_text("".join(part + gap for part, gap in parts), date(2022, 5, 5))
    mentions = directives.find(reading)
    known = {d.directive_id for d in authority()}
    for m in mentions:
        assert m.surface == reading.text[m.start_char : m.end_char] != ""
        sentence = reading.sentences[m.sentence_id]
        assert sentence.start_char <= m.start_char < m.end_char <= sentence.end_char
        assert m.directive_id is None or m.directive_id in known
        assert m.number is None or len(m.number) >= 2
        assert m.resolution
    assert [m.start_char for m in mentions] == sorted(m.start_char for m in mentions)
    for link in directives.links(reading, mentions):
        assert link.surface in reading.text


@pytest.mark.parametrize(
    "unit",
    [
        "Chỉ thị 05 ",
        "Chỉ thị ",
        "Quy định 96, 97, ",
        "Nghị quyết Trung ương 4 khóa XI, XII và Trung ương 4 khóa XII và ",
        "Nghị quyết Đại hội Đảng bộ ",
        "Tỉnh ủy đã ban hành Chỉ thị 05, ",
        "Chỉ thị số 05-CT/TW. Chỉ thị này. ",
        "Kế hoạch 12-KH/TU, Chỉ thị 05 của Huyện ủy thực hiện ",
        "Chỉ thị 05 (khóa ",
        "NQ 35 ",
        "ban hành ",
        "Chỉ thị" + " " * 50,
    ],
)
def test_time_grows_with_the_text(unit: str) -> None:
    def work(reading: Reading) -> None:
        directives.links(reading, directives.find(reading))

    assert_linear(work, lambda size: read_text(repeated(unit)(size), date(2022, 5, 5)), 6_000)
