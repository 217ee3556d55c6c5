"""The authority file of central documents holds together, whoever reads it."""

import re
import tomllib
from collections import Counter
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import pytest

from pipeline.records import DOC_TYPES
from pipeline.vietnamese import nfc

FILE: Final = Path(__file__).parents[1] / "pipeline" / "lexicon" / "directives.toml"
RAW: Final = FILE.read_text("utf-8")
TABLES: Final[dict[str, list[dict[str, Any]]]] = tomllib.loads(RAW)
DIRECTIVES: Final = TABLES["directive"]
TERMS: Final = TABLES["term"]
STARTS: Final[dict[str, date]] = {row["term"]: row["starts"] for row in TERMS}
ORDER: Final = list(STARTS)

CONGRESS: Final = "Đại hội đại biểu toàn quốc"
CENTRAL_COMMITTEE: Final = "Ban Chấp hành Trung ương"
# What the head of a suffix stands for; QĐ alone is a regulation or a decision.
SUFFIX_TYPES: Final[dict[str, set[str]]] = {
    "CT": {"chi_thi"},
    "KL": {"ket_luan"},
    "NQ": {"nghi_quyet"},
    "QĐi": {"quy_dinh"},
    "QĐ": {"quy_dinh", "quyet_dinh"},
    "HD": {"huong_dan"},
    "KH": {"ke_hoach"},
    "CTr": {"chuong_trinh"},
    "TB": {"thong_bao"},
    "QC": {"quy_che"},
}
# A paper of one of the Party's own commissions carries the commission's sign, not TW.
SIGNS: Final[dict[str, str]] = {
    "Ban Tổ chức Trung ương": "BTCTW",
    "Ủy ban Kiểm tra Trung ương": "UBKTTW",
    "Ban Tuyên giáo Trung ương": "BTGTW",
}
TW_ISSUERS: Final = {
    CENTRAL_COMMITTEE,
    "Bộ Chính trị",
    "Ban Bí thư",
    "Bộ Chính trị, Ban Bí thư",
}
TYPE_NAMES: Final[dict[str, str]] = {
    "chi_thi": "Chỉ thị",
    "ket_luan": "Kết luận",
    "nghi_quyet": "Nghị quyết",
    "quy_dinh": "Quy định",
    "quyet_dinh": "Quyết định",
    "huong_dan": "Hướng dẫn",
    "ke_hoach": "Kế hoạch",
    "chuong_trinh": "Chương trình",
    "thong_bao": "Thông báo",
    "quy_che": "Quy chế",
}
TERM: Final = re.compile(r"(?i:kho[áa]|khóa|lần thứ|Đại hội) (?P<term>[IVX]+)\b")  # khóa XII
DAY: Final = re.compile(r"\bngày (\d{1,2})[/-](\d{1,2})[/-](\d{4})\b")  # ngày 15/5/2016


def directive_id(row: dict[str, Any]) -> str:
    number = f"{row['number']}-" if "number" in row else ""
    return f"{number}{row['suffix']}@{row['term']}"


EACH: Final = pytest.mark.parametrize("row", DIRECTIVES, ids=directive_id)


def test_covers_what_papers_cite() -> None:
    assert len(DIRECTIVES) >= 110
    ids = {directive_id(row) for row in DIRECTIVES}
    assert ids >= {
        "05-CT/TW@XII",
        "01-KL/TW@XIII",
        "12-NQ/TW@XI",
        "04-NQ/TW@XII",
        "NQ-DH@X",
        "NQ-DH@XI",
        "NQ-DH@XII",
        "NQ-DH@XIII",
    }


def test_is_composed_unicode() -> None:
    assert nfc(RAW) == RAW


def test_ids_are_unique() -> None:
    assert [i for i, n in Counter(map(directive_id, DIRECTIVES)).items() if n > 1] == []


def test_terms_follow_each_other() -> None:
    assert list(STARTS.values()) == sorted(STARTS.values())
    assert len(STARTS) == len(TERMS)
    for row in TERMS:
        assert {"term", "starts", "examples"} == row.keys()
        assert all(row["term"] in example for example in row["examples"])


def test_sorted_by_term_type_and_number() -> None:
    keys = [
        (ORDER.index(row["term"]), row["doc_type"], int(row.get("number", 0)), row["suffix"])
        for row in DIRECTIVES
    ]
    assert keys == sorted(keys)


@EACH
def test_has_the_fields_and_no_others(row: dict[str, Any]) -> None:
    needed = {"suffix", "term", "doc_type", "issuer", "examples"}
    optional = {"number", "issued_on", "title", "plenum", "keywords", "not"}
    assert needed <= row.keys() <= needed | optional
    assert all(value not in ("", [], 0) for value in row.values())
    texts = [v for v in row.values() if isinstance(v, str)]
    texts += [t for v in row.values() if isinstance(v, list) for t in v]
    assert all(text == " ".join(text.split()) for text in texts)
    assert row["doc_type"] in DOC_TYPES


@EACH
def test_number_and_suffix_agree_with_type_and_issuer(row: dict[str, Any]) -> None:
    if row["suffix"] == "NQ-DH":
        assert "number" not in row
        assert (row["doc_type"], row["issuer"]) == ("nghi_quyet", CONGRESS)
        return
    assert re.fullmatch(r"\d{2,3}", row["number"])
    head, sign = row["suffix"].split("/")
    assert row["doc_type"] in SUFFIX_TYPES[head]
    if sign == "TW":
        assert row["issuer"] in TW_ISSUERS
    else:
        assert SIGNS[row["issuer"]] == sign


@EACH
def test_day_of_issue_lies_within_the_term(row: dict[str, Any]) -> None:
    if day := row.get("issued_on"):
        following = [STARTS[t] for t in ORDER[ORDER.index(row["term"]) + 1 :]]
        assert STARTS[row["term"]] <= day
        assert all(day < start for start in following[:1])


def test_numbers_rise_with_the_days_of_issue() -> None:
    """Numbers run through a term: of two papers of one series the later has the higher number.

    A number is given some days before or after the signature, so only gaps beyond a week are wrong.
    """
    series: dict[tuple[str, str], list[tuple[int, date]]] = {}
    for row in DIRECTIVES:
        if "number" in row and "issued_on" in row:
            paper = (int(row["number"]), row["issued_on"])
            series.setdefault((row["term"], row["suffix"]), []).append(paper)
    late = []
    for key, papers in series.items():
        days = [day for _, day in sorted(papers)]
        late += [
            (key, before, after) for before, after in pairwise(days) if (before - after).days > 7
        ]
    assert late == []


@EACH
def test_plenum_is_of_the_central_committee(row: dict[str, Any]) -> None:
    if "plenum" in row:
        assert row["issuer"] == CENTRAL_COMMITTEE
        assert 1 <= row["plenum"] <= 15


def test_plenums_of_a_term_follow_in_time() -> None:
    for term in ORDER:
        dated = sorted(
            (row["plenum"], row["issued_on"])
            for row in DIRECTIVES
            if row["term"] == term and "plenum" in row and "issued_on" in row
        )
        days = [day for _, day in dated]
        assert days == sorted(days), term


@EACH
def test_examples_are_full_citations(row: dict[str, Any]) -> None:
    """At least one states type and full number; each states the term or the day, rightly."""
    first = TYPE_NAMES[row["doc_type"]]
    if "number" in row:
        full = f"{first} số {row['number']}-{row['suffix']}"
        assert any(example.startswith(full) for example in row["examples"])
    for example in row["examples"]:
        assert example.startswith(first)
        terms = {m["term"] for m in TERM.finditer(example)}
        days = [date(int(m[3]), int(m[2]), int(m[1])) for m in DAY.finditer(example)]
        assert terms or days, example
        assert terms <= {row["term"]}, example
        assert all(day == row["issued_on"] for day in days), example


def test_an_example_means_one_document() -> None:
    examples = Counter(example for row in DIRECTIVES for example in row["examples"])
    assert [e for e, n in examples.items() if n > 1] == []
    for row in DIRECTIVES:
        assert not set(row["examples"]) & set(row.get("not", ())), directive_id(row)


def test_keywords_that_two_documents_share_are_told_apart_by_number() -> None:
    """Of one type and number, keywords never point at two documents."""
    seen = Counter(
        (row["doc_type"], row.get("number"), keyword)
        for row in DIRECTIVES
        for keyword in row.get("keywords", ())
    )
    assert [k for k, n in seen.items() if n > 1] == []
