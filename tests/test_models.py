"""Named models: the phrase table, the lexicon's own proofs, and what holds for every text."""

from __future__ import annotations

from itertools import pairwise
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import lexicon
from pipeline.annotate import abbreviations, models, quotes, units
from pipeline.annotate.adopter_words import Body, Crowd, StandIn, Verb, Watching
from pipeline.annotate.model_words import Cue, Edge, Known, Never, Opener, Other, Quality
from pipeline.annotate.progress import Status, Wish
from pipeline.annotate.reading import Reading
from pipeline.records import ModelMention, UnitMention
from pipeline.vietnamese import fold, match_key
from tests import reference
from tests.linear import assert_linear
from tests.tables import Phrase, check, phrases, read_text

T = TypeVar("T")


def mentions(reading: Reading) -> tuple[ModelMention, ...]:
    return models.find(reading, units.find(reading, abbreviations.find(reading)))


def found(text: str) -> tuple[ModelMention, ...]:
    return mentions(read_text(text))


def names(text: str) -> list[str]:
    return [mention.name for mention in found(text)]


def of_phrases(kind: type[T]) -> list[tuple[T, str]]:
    """Every phrase of a lexicon table, with its entry."""
    return [(e, p) for e in lexicon.read("models", kind) for p in getattr(e, "phrases", ())]


@pytest.mark.parametrize("phrase", phrases("models"))
def test_a_phrase_is_read_as_the_table_says(phrase: Phrase) -> None:
    check(phrase, mentions(phrase.reading()))


def test_the_table_is_wide() -> None:
    cases = [parameter.values[0] for parameter in phrases("models")]
    assert sum(1 for case in cases if case.expect) >= 130
    assert sum(1 for case in cases if not case.expect) >= 85


# --- quotation marks ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("“A b”, “C d” và “E f”", ["A b", "C d", "E f"]),
        ("”A b“, ”C d”, »E f«, «G h»", ["A b", "C d", "E f", "G h"]),
        ("''A b'', ,,C d”, <<E f>>, ‘G h’", ["A b", "C d", "E f", "G h"]),
        ("“A b” “C d”", ["A b", "C d"]),
        ("“A b”“C d”", ["A b", "C d"]),
        ("“ A b ” và “ C d”", [" A b ", " C d"]),
        ("nói: “Hội “A b” tốt”, rồi về", ["Hội “A b” tốt", "A b"]),
        ("“Chị H'Yim và ông K'Ré”", ["Chị H'Yim và ông K'Ré"]),
        ("chị H'Yim và ông K'Ré, 5' nữa", []),
        ("“chưa đóng, “A b” đã đóng", ["A b"]),
        ("chưa mở” rồi “A b”", ["A b"]),
        ("“A (b)” và “(C) d”", ["A (b)", "(C) d"]),
    ],
)
def test_quotations_are_found_however_they_are_marked(text: str, quoted: list[str]) -> None:
    folded = fold(text)
    assert [text[q.first : q.last] for q in quotes.find(folded, 0, len(folded))] == quoted


@given(st.lists(st.sampled_from([*"“”\"'‘’«»<>, ", ",,", "''", "ấm", "(", "."]), max_size=60))
def test_quotations_are_nested_and_hold_their_places(parts: list[str]) -> None:
    folded = fold("".join(parts))
    found = quotes.find(folded, 0, len(folded))
    assert found == sorted(found, key=lambda q: (q.start, -q.end))
    for quote in found:
        assert 0 <= quote.start < quote.first <= quote.last < quote.end <= len(folded)
    for a, b in pairwise(found):
        assert b.start >= a.end or b.end <= a.end


# --- the lexicon --------------------------------------------------------------------------


@pytest.mark.parametrize("cue", lexicon.read("models", Cue), ids=lambda cue: cue.type)
def test_a_cue_announces_a_name(cue: Cue) -> None:
    assert all(m.model_type == cue.type for example in cue.examples for m in found(example))
    assert all(found(example) for example in cue.examples)
    assert not any(found(example) for example in cue.excluded)
    for phrase in cue.phrases:
        (mention,) = found(f"Xã có {phrase} “Hoa thơm đầu ngõ”.")
        assert (mention.name, mention.model_type) == ("Hoa thơm đầu ngõ", cue.type)


@pytest.mark.parametrize(("other", "phrase"), of_phrases(Other), ids=lambda x: str(x)[:20])
def test_what_is_called_something_else_is_no_model(other: Other, phrase: str) -> None:
    assert not any(names(example) for example in other.examples)
    assert all(names(example) for example in other.excluded)
    assert not names(f"Xã có {phrase} “Hoa thơm đầu ngõ”.")
    assert not names(f"Trong mô hình có {phrase} mang tên “Hoa thơm đầu ngõ”.")


@pytest.mark.parametrize(("never", "phrase"), of_phrases(Never), ids=lambda x: str(x)[:20])
def test_a_phrase_of_the_idiom_is_never_a_name(never: Never, phrase: str) -> None:
    assert not any(names(example) for example in never.examples)
    assert not names(f"Xã có phong trào “{phrase}” và mô hình “{phrase}”.")
    assert all(names(example) for example in never.excluded)
    assert bool(names(f"Bà con ưng mô hình “{phrase}” của Hội Phụ nữ xã.")) == never.local


@pytest.mark.parametrize(("known", "phrase"), of_phrases(Known), ids=lambda x: str(x)[:20])
def test_a_known_name_needs_no_cue(known: Known, phrase: str) -> None:
    assert all(names(example) for example in known.examples)
    assert not any(names(example) for example in known.excluded)
    assert names(f"Bà con nhắc mãi “{phrase}” ở quê.") == [phrase]
    assert not names(f"Cuộc thi “{phrase}” đã xong.")


def test_no_name_is_both_known_and_never_one() -> None:
    known = {match_key(p) for _, p in of_phrases(Known)}
    assert not known & {match_key(p) for _, p in of_phrases(Never)}


def test_no_noun_is_both_a_cue_and_something_else() -> None:
    cues = {match_key(p) for _, p in of_phrases(Cue)}
    assert not cues & {match_key(p) for _, p in of_phrases(Other)}


@pytest.mark.parametrize(("opener", "phrase"), of_phrases(Opener), ids=lambda x: str(x)[:20])
def test_an_opener_opens_a_list(opener: Opener, phrase: str) -> None:
    assert all(names(example) for example in opener.examples)
    listed = f"Xã có nhiều mô hình được dân tin, {phrase} “Hoa thơm đầu ngõ”, “Bếp lửa hồng”."
    assert names(listed) == ["Hoa thơm đầu ngõ", "Bếp lửa hồng"]
    called = names(f"Xã lập câu lạc bộ {phrase} “Hoa thơm đầu ngõ”.")
    praise = [p for _, p in of_phrases(Quality)]
    assert called == (["Hoa thơm đầu ngõ"] if opener.naming or phrase in praise else [])


@pytest.mark.parametrize(("quality", "phrase"), of_phrases(Quality), ids=lambda x: str(x)[:20])
def test_praise_may_stand_between(quality: Quality, phrase: str) -> None:
    assert all(names(example) for example in quality.examples)
    assert names(f"Xã có câu lạc bộ {phrase} “Hoa thơm đầu ngõ”.") == ["Hoa thơm đầu ngõ"]


@pytest.mark.parametrize(("edge", "phrase"), of_phrases(Edge), ids=lambda x: str(x)[:20])
def test_a_name_without_marks_ends_at_a_clear_edge(edge: Edge, phrase: str) -> None:
    expected = {
        "ends": ["Hoa thơm đầu ngõ"],
        "predicate": [],
        "unsure": [],
        "goes on": [f"Hoa thơm đầu ngõ {phrase} bà con"],
    }
    assert names(f"Xã có mô hình Hoa thơm đầu ngõ {phrase} bà con.") == expected[edge.kind]
    of_subject = {**expected, "predicate": ["Hoa thơm đầu ngõ"]}
    assert names(f"Mô hình Hoa thơm đầu ngõ {phrase} bà con.") == of_subject[edge.kind]
    assert all(bool(names(example)) == (edge.kind != "unsure") for example in edge.examples)
    assert not any(names(example) for example in edge.excluded)


@pytest.mark.parametrize(("verb", "phrase"), of_phrases(Verb), ids=lambda x: str(x)[:20])
def test_who_does_this_runs_the_model(verb: Verb, phrase: str) -> None:
    (mention,) = found(f"Hội Phụ nữ xã Tân Hòa {phrase} mô hình “Hoa thơm đầu ngõ”.")
    assert mention.adopter == "Hội Phụ nữ xã Tân Hòa"
    uncued = found(f"Hội Phụ nữ xã Tân Hòa {phrase} “Hoa thơm đầu ngõ”.")
    assert bool(uncued) == verb.announces
    (dated,) = found(f"Tháng 3/2020, Hội Phụ nữ xã {phrase} mô hình “Hoa thơm đầu ngõ”.")
    assert (dated.started_on is not None) == verb.starts
    assert all(m.adopter for example in verb.examples for m in found(example))
    assert all(names(example) for example in verb.examples)
    assert not any(names(example) for example in verb.excluded)


@pytest.mark.parametrize(("watching", "phrase"), of_phrases(Watching), ids=lambda x: str(x)[:20])
def test_who_looks_on_does_not_run_it(watching: Watching, phrase: str) -> None:
    (mention,) = found(f"UBND huyện Phú Tân {phrase} xã có mô hình “Hoa thơm đầu ngõ”.")
    assert mention.adopter is None
    assert not any(m.adopter for example in watching.examples for m in found(example))
    assert all(m.adopter for example in watching.excluded for m in found(example))


@pytest.mark.parametrize(("crowd", "phrase"), of_phrases(Crowd), ids=lambda x: str(x)[:20])
def test_a_crowd_adopts_nothing(crowd: Crowd, phrase: str) -> None:
    (mention,) = found(
        f"UBND huyện Phú Tân cho hay các {phrase} thực hiện mô hình “Hoa thơm đầu ngõ”."
    )
    assert mention.adopter is None
    assert not any(m.adopter for example in crowd.examples for m in found(example))


@pytest.mark.parametrize(("body", "phrase"), of_phrases(Body), ids=lambda x: str(x)[:20])
def test_an_adopter_begins_with_a_body(body: Body, phrase: str) -> None:
    (mention,) = found(f"Xã có mô hình “Hoa thơm đầu ngõ” ({phrase} Sao Mai).")
    assert mention.adopter == f"{phrase} Sao Mai" or body.whole
    (alone,) = found(f"{phrase[0].upper()}{phrase[1:]} có mô hình “Hoa thơm đầu ngõ”.")
    assert alone.adopter or not body.whole
    assert all(m.adopter for example in body.examples for m in found(example))
    assert not any(m.adopter for example in body.excluded for m in found(example))


@pytest.mark.parametrize(("entry", "phrase"), of_phrases(StandIn), ids=lambda x: str(x)[:20])
def test_a_stand_in_means_the_unit_before(entry: StandIn, phrase: str) -> None:
    said = f"{phrase[0].upper()}{phrase[1:]} duy trì mô hình “Hoa thơm đầu ngõ”."
    (mention,) = found(f"Hội Phụ nữ xã Tân Hòa làm việc khó. {said}")
    assert mention.adopter == "Hội Phụ nữ xã Tân Hòa"
    assert not any(m.adopter for m in found(f"Bà con làm việc khó. {said}"))
    assert not any(m.adopter for m in found(f"Hội Phụ nữ xã Tân Hòa làm việc khó.\n{said}"))
    assert all(m.adopter for example in entry.examples for m in found(example))
    assert not any(m.adopter for example in entry.excluded for m in found(example))


@pytest.mark.parametrize(("status", "phrase"), of_phrases(Status), ids=lambda x: str(x)[:20])
def test_a_status_is_said_before_or_after(status: Status, phrase: str) -> None:
    (before,) = found(f"Xã đã {phrase} mô hình “Hoa thơm đầu ngõ”.")
    (after,) = found(f"Mô hình “Hoa thơm đầu ngõ” đã được {phrase} ở xã.")
    assert before.status == after.status == status.status
    assert all(m.status == status.status for example in status.examples for m in found(example))
    assert all(m.status is None for example in status.excluded for m in found(example))


@pytest.mark.parametrize(("wish", "phrase"), of_phrases(Wish), ids=lambda x: str(x)[:20])
def test_a_wish_is_no_status(wish: Wish, phrase: str) -> None:
    (mention,) = found(f"Xã {phrase} nhân rộng mô hình “Hoa thơm đầu ngõ”.")
    assert mention.status is None
    assert all(m.status is None for example in wish.examples for m in found(example))


# --- every text ---------------------------------------------------------------------------

FRAGMENTS = st.sampled_from(
    [
        *("mô hình", "Mô hình này", "các mô hình:", "cách làm", "phong trào", "CLB", "tổ"),
        *("“Bếp lửa hồng”", '"5 có, 3 sạch"', "‘ấm’", "”Gian hàng 0 đồng“", "“", "”", '"', "'"),
        *("như:", "tiêu biểu là", "mang tên", "của", "do", "ở", "được", "với", "có", "duy trì"),
        *("Hội Phụ nữ xã Tân Hòa", "Phường 3", "(Phường 3)", "các xã", "Tủ sách đầu ấp", "Ⓐ", "ß"),
        *("các mô hình Tủ sách đầu ấp, Hũ gạo xóm chài và", "lần lượt được", ". Nơi làm trước là"),
        *("từ tháng 3/2020", "ngày 31/2/2020", "đến nay", "là mô hình", "ông Ba nói:", "…", "..."),
        *("cuộc thi", "ra mắt", "İ", *",.;:()-\n"),
    ]
)


@given(st.lists(FRAGMENTS, max_size=50), st.sampled_from([" ", "", ", "]))
def test_mentions_hold_their_places(parts: list[str], joined: str) -> None:
    reading = read_text(joined.join(parts))
    rows = mentions(reading)
    for row in rows:
        assert reading.text[row.start_char : row.end_char] == row.surface
        assert row.name.strip() == row.name != ""
        assert row.adopter is None or row.adopter.strip() == row.adopter != ""
        assert row.adopter is None or "\n" not in row.adopter
        assert row.rule != "models/verb" or row.adopter
    assert all(a.end_char <= b.start_char for a, b in pairwise(rows))


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    reading = read_text(text.replace("\r", " "))
    for row in mentions(reading):
        assert reading.text[row.start_char : row.end_char] == row.surface


@pytest.mark.parametrize(
    "hostile",
    [
        *("mô hình “A b c” ", "mô hình “", "“A b c”, ", "“A b c” ", "“", "'", '" ', "mô hình "),
        *("mô hình Tủ sách ", "mô hình: ", "mô hình của ", "“A b c” (", "“A b c” (Phường 3); "),
        *("Phường 3 có mô hình “A b c”; ", "cuộc thi “A b c” ", "mô hình này ", "như: “A b c” "),
        *("Hội Phụ nữ xã Tân Hòa, ", "xã Tân Hòa có “A b c” ", "các xã có ", "tổ tổ “A” ", "”. "),
        *("“A b c”. Mô hình này ", "ngày 5/3/2020 “A b c” ", "“A “b “c ", "mô hình\n", "của xã "),
        *("duy trì “A b c” ", "mô hình như “A b c” tại xã Tân Hòa ", "“" + "a " * 40 + "”"),
        *(
            "<",
            "((",
            ",,a",
            "các mô hình Tủ sách đầu ấp, Bếp lửa hồng và ",
            "các mô hình: A b của xã ",
            "A b, ",
        ),
        *("mô hình Tủ sách đầu ấp. Nơi làm trước là ", "mô hình “A b” lần lượt được xã Tân Hòa, "),
    ],
)
def test_cost_grows_with_the_text(hostile: str) -> None:
    def prepared(size: int) -> tuple[Reading, tuple[UnitMention, ...]]:
        reading = read_text(hostile * (size // len(hostile)))
        return reading, units.find(reading, ())

    assert_linear(lambda given: models.find(*given), prepared)


@pytest.mark.parametrize("capture", reference.captures(), ids=lambda c: c.id)
def test_the_models_of_the_reference_captures_are_found(capture: reference.Reference) -> None:
    text = "\n".join(piece.text for piece in capture.draft.pieces if piece.kept)
    rows = mentions(read_text(text, province=capture.gold["province"]))
    wanted = {model["name"]: model["adopter"] for model in capture.gold["models"]}
    assert {row.name for row in rows} == set(wanted)
    for name, adopter in wanted.items():
        said = {row.adopter for row in rows if row.name == name}
        assert any(a in (adopter or "") or (adopter or "") in a for a in said if a) or not adopter
