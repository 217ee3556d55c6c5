"""Officials: the phrase table, the lexicon's own proofs, and what holds for every text."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline import lexicon
from pipeline.annotate import abbreviations, officials, people, units
from pipeline.annotate.offices import Rank
from pipeline.annotate.officials import Nickname
from pipeline.annotate.people import Before, Honorific, Never, Post, Surname, Thing
from pipeline.annotate.reading import Reading
from pipeline.records import OfficialMention, UnitMention
from pipeline.vietnamese import match_key
from tests import reference
from tests.linear import assert_linear
from tests.tables import Phrase, check, phrases, read_text


def mentions(reading: Reading) -> tuple[OfficialMention, ...]:
    return officials.find(reading, units.find(reading, abbreviations.find(reading)))


def found(text: str) -> tuple[OfficialMention, ...]:
    return mentions(read_text(text))


@pytest.mark.parametrize("phrase", phrases("officials"))
def test_a_phrase_is_read_as_the_table_says(phrase: Phrase) -> None:
    check(phrase, mentions(phrase.reading()))


def test_the_table_is_wide() -> None:
    cases = [parameter.values[0] for parameter in phrases("officials")]
    assert len(cases) >= 150
    assert sum(1 for case in cases if not case.expect) >= 35


# --- the lexicon --------------------------------------------------------------------------

POSTS = [(entry, p) for entry in lexicon.read("posts", Post) for p in entry.phrases]
PROVED = (Post, Before, Rank, Honorific, Surname, Nickname)


@pytest.mark.parametrize(
    "entry",
    [entry for kind in PROVED for entry in lexicon.read("posts", kind)],
    ids=lambda entry: f"{type(entry).__name__} {entry.phrases[0]}",
)
def test_an_entry_proves_itself(
    entry: Post | Before | Rank | Honorific | Surname | Nickname,
) -> None:
    held = getattr(entry, "holds", True)
    assert entry.examples
    assert all(bool(found(example)) == held for example in entry.examples)
    assert not any(found(example) for example in getattr(entry, "excluded", ()))


@pytest.mark.parametrize(("entry", "phrase"), POSTS, ids=lambda x: x if isinstance(x, str) else "")
def test_every_post_is_one(entry: Post, phrase: str) -> None:
    (mention,) = found(f"Ông Lê Văn An, {phrase}, đi trước.")
    assert mention.role == phrase
    (mention,) = found(f"Mọi người nghe {phrase} Lê Văn An.")
    assert (mention.name, mention.role) == ("Lê Văn An", phrase)


def test_no_post_is_of_two_kinds() -> None:
    keys = [match_key(phrase) for _, phrase in POSTS]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("entry", lexicon.read("posts", Before), ids=lambda entry: entry.phrases[0])
def test_words_before_a_post_belong_to_it(entry: Before) -> None:
    for phrase in entry.phrases:
        roles = [m.role for m in found(f"Ông Lê Văn An, {phrase} Bí thư Huyện ủy Phú Tân, dự.")]
        assert roles == ([f"{phrase} Bí thư"] if entry.holds else [])


@pytest.mark.parametrize("rank", [p for r in lexicon.read("posts", Rank) for p in r.phrases])
def test_words_after_a_post_belong_to_it(rank: str) -> None:
    (mention,) = found(f"Ông Lê Văn An, Phó Trưởng đoàn {rank}, dự.")
    assert mention.role == f"Phó Trưởng đoàn {rank}"


@pytest.mark.parametrize("said", [p for h in lexicon.read("posts", Honorific) for p in h.phrases])
def test_every_form_of_address_goes_before_a_name(said: str) -> None:
    (mention,) = found(f"Nghe {said} Ứng Sẻ, Bí thư Chi bộ, kể.")
    assert (mention.name, mention.honorific) == ("Ứng Sẻ", said)


@pytest.mark.parametrize("surname", [p for s in lexicon.read("posts", Surname) for p in s.phrases])
def test_every_family_name_makes_a_name(surname: str) -> None:
    (mention,) = found(f"Nghe Trưởng thôn {surname} Thị Bình kể.")
    assert mention.name == f"{surname} Thị Bình"


@pytest.mark.parametrize("order", lexicon.read("posts", Nickname)[0].phrases)
def test_an_order_of_birth_before_a_given_name_is_the_same_person(order: str) -> None:
    said = f"Ông Lê Văn Đê, Bí thư Chi bộ ấp Tân Lợi, đi trước. Ông {order.capitalize()} Đê cười."
    assert [m.name for m in found(said)] == ["Lê Văn Đê", "Lê Văn Đê"]


@pytest.mark.parametrize("thing", sorted(people.things()))
def test_what_is_called_after_somebody_is_nobody(thing: str) -> None:
    assert lexicon.read("posts", Thing)
    assert not found(f"Thăm {thing} Lê Văn An, Bí thư Chi bộ nói.")


@pytest.mark.parametrize("name", [p for n in lexicon.read("posts", Never) for p in n.phrases])
def test_people_of_the_past_hold_no_office(name: str) -> None:
    assert not found(f"Nghe Chủ tịch {name} căn dặn. {name}, Chủ tịch nước, căn dặn.")


# --- every text ---------------------------------------------------------------------------

FRAGMENTS = st.sampled_from(
    [
        *(
            "Ông",
            "bà",
            "đồng chí",
            "đ/c",
            "Đồng chí:",
            "Thượng tá",
            "PGS.TS",
            "Bác",
            "cố",
            "nguyên",
        ),
        *(
            "Lê Văn Tám",
            "H'Yim Niê",
            "K’ Brởi",
            "TRẦN THỊ BÌNH",
            "Tám",
            "Tư Đê",
            "Hồ Chí Minh",
            "A",
        ),
        *("Bí thư", "Phó Bí thư Thường trực", "Trưởng", "kiêm", "và", "Chủ tịch", "các", "Theo"),
        *("Huyện ủy Phú Tân", "Chi bộ", "Ban Dân vận", "UBND xã", "Tổng công ty", "thôn"),
        *(
            "cho biết",
            "là",
            "được bầu làm",
            "54 tuổi",
            "(Lê Văn Đê)",
            "Ảnh:",
            "\u00a0",
            "Ⓐ",
            "ß",
            "İ",
        ),
        *",.;:()-–\n",
    ]
)


@given(st.lists(FRAGMENTS, max_size=40), st.sampled_from([" ", "", ", "]))
@example(["Chủ tịch", "Ông", "Ông", "TRẦN THỊ BÌNH", "Chủ tịch"], " ")
def test_mentions_hold_their_places(parts: list[str], joined: str) -> None:
    reading = read_text(joined.join(parts))
    rows = mentions(reading)
    for row in rows:
        sentence = reading.sentences[row.sentence_id]
        assert reading.text[row.start_char : row.end_char] == row.surface
        assert sentence.start_char <= row.start_char < sentence.end_char
        assert row.name.strip() == row.name != ""
        assert row.role
        assert row.organisation != ""
        assert row.official_id is None or not row.official_id.startswith("@")
    assert all(a.end_char <= b.start_char for a, b in pairwise(rows))


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    reading = read_text(text.replace("\r", " "))
    for row in mentions(reading):
        assert reading.text[row.start_char : row.end_char] == row.surface


@pytest.mark.parametrize(
    "hostile",
    [
        *("Ông Lê Văn Tám, Bí thư ", "Lê Văn Tám ", "A ", "Bí thư, ", "Bí thư và ", "cố Bí thư, "),
        *(
            "ông ",
            "Ông, ",
            "đồng chí Tám ",
            "Ông Tám, Bí thư Chi bộ. Ông Tám nói. ",
            "LÊ VĂN TÁM, ",
        ),
        *(
            "Bí thư Huyện ủy Phú Tân, ",
            "Ông Tám (Lê ",
            "(",
            "- ",
            "Trưởng Ban Dân vận ",
            "; Lê An - ",
        ),
        *("Ông Lê Văn Tám, ở thôn ", "các Phó Chủ tịch: Lê An, ", "Công ty Lê Văn Tám "),
        *("K’ ", "H'", "Hà Giang ", "bí thư từ ", "Ông Lê An được bầu ", "cố Bí thư, "),
    ],
)
def test_cost_grows_with_the_text(hostile: str) -> None:
    def prepared(size: int) -> tuple[Reading, tuple[UnitMention, ...]]:
        reading = read_text(hostile * (size // len(hostile)))
        return reading, units.find(reading, ())

    assert_linear(lambda given: officials.find(*given), prepared)


@pytest.mark.parametrize("capture", reference.captures(), ids=lambda c: c.id)
def test_the_officials_of_the_reference_captures_are_found(capture: reference.Reference) -> None:
    text = "\n".join(piece.text for piece in capture.draft.pieces if piece.kept)
    rows = mentions(read_text(text, province=capture.gold["province"]))
    wanted = {o["name"]: o["role"] for o in capture.gold["officials"] if not o.get("optional")}
    assert {row.name for row in rows} == set(wanted)
    for name, role in wanted.items():
        assert any(row.name == name and (row.role or "") in role for row in rows)
