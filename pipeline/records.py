"""The records that flow from room to room, one class a table of the warehouse.

Imports nothing of ours. Offsets are half-open [start_char, end_char) in Unicode code points of
`Article.text`, and `text[start_char:end_char] == surface` for every mention and fact. Missing is
None, never "" or 0 or a guess. `schemas/tables.sql` holds the same columns with their comments; a
test keeps the two alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final, Literal, get_args

Role = Literal[
    "title", "dateline", "rubric", "lead", "heading", "paragraph", "caption", "box", "author",
    "boilerplate", "php_dump", "related",
]  # fmt: skip
# The roles whose blocks make up an article's text, in reading order.
TEXT_ROLES: Final[frozenset[Role]] = frozenset(
    ("title", "lead", "heading", "paragraph", "caption", "box")
)
DocType = Literal[
    "chi_thi", "ket_luan", "nghi_quyet", "quy_dinh", "quyet_dinh", "ke_hoach", "chuong_trinh",
    "huong_dan", "de_an", "thong_bao", "cong_van", "thong_tri", "thong_tu", "nghi_dinh", "luat",
    "phap_lenh", "bao_cao", "to_trinh", "quy_che", "dieu_le", "cong_dien", "thong_cao",
    "tuyen_bo", "loi_keu_goi",
]  # fmt: skip
DOC_TYPES: Final[tuple[DocType, ...]] = get_args(DocType)
FactKind = Literal["count", "ratio", "percent", "money", "measure", "score"]
Verdict = Literal["exact", "rounded", "truncated", "inconsistent", "impossible"]
Comparator = Literal["eq", "approx", "gt", "lt", "ge", "le"]
Modality = Literal["reported", "target"]
Change = Literal["increase", "decrease"]


# --- what is read -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Page:
    """One capture, decoded: an HTML page or a plain-text dump."""

    source_path: str  # relative to the corpus root, POSIX; `a.warc.gz#12` inside a container
    kind: Literal["html", "text"]
    content: str  # decoded, not yet NFC
    content_hash: str  # SHA-256 of the raw bytes, hexadecimal
    encoding: str
    repairs: tuple[str, ...] = ()  # what reading had to mend, such as "double-encoded-utf8"
    url: str | None = None
    fields: tuple[tuple[str, str], ...] = ()  # title, published_at, ... where a container has them


@dataclass(frozen=True, slots=True)
class Failure:
    """A source, or a page in it, that yields no article, and why, for a person to read."""

    source_path: str
    stage: str  # read, clean, annotate
    code: str  # empty, binary, not_an_article, ...
    detail: str


@dataclass(frozen=True, slots=True)
class Capture:
    """A page that was read, whether or not it became an article."""

    source_path: str
    content_hash: str
    article_id: str | None


# --- the article and its blocks -----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Article:
    article_id: str
    corpus: str
    source_path: str
    url: str | None
    outlet: str | None
    outlet_evidence: str | None
    province: str | None  # of the 63, as in force when published
    province_2025: str | None  # of the 34 of 1 July 2025
    province_evidence: str | None
    title: str | None
    lead: str | None
    author: str | None
    published_at: datetime | None  # local wall time, no zone
    published_evidence: str | None
    cms_news_id: int | None
    text: str
    content_hash: str
    quality: tuple[str, ...]
    extraction_method: str


@dataclass(frozen=True, slots=True)
class Block:
    article_id: str
    block_no: int
    role: Role
    kept: bool
    start_char: int | None
    end_char: int | None
    raw_start: int | None
    raw_end: int | None
    raw_text: str
    rule: str


@dataclass(frozen=True, slots=True)
class RelatedNews:
    article_id: str
    dump_no: int
    entry_no: int
    news_id: int | None
    title: str | None
    category_1: str | None
    category_2: str | None
    published_at: datetime | None
    created_at: datetime | None
    picture: str | None
    is_self: bool


@dataclass(frozen=True, slots=True)
class DateCandidate:
    article_id: str
    value: datetime
    surface: str
    rule: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class QualityFlag:
    """A warning about an article, and what says so."""

    article_id: str
    flag: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Repair:
    """A small edit of the text that cleaning made, with what stood there before."""

    article_id: str
    start_char: int  # of the replacement, in the article's text
    end_char: int  # equal to start_char where something was only taken away
    before: str
    after: str
    rule: str


@dataclass(frozen=True, slots=True)
class Sentence:
    article_id: str
    sentence_id: int  # 0, 1, 2 ... within the article
    block_no: int
    start_char: int
    end_char: int


# --- mentions -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class EntityMention:
    article_id: str
    sentence_id: int
    surface: str
    start_char: int
    end_char: int
    label: str  # PER, LOC, ORG, MISC
    rule: str


@dataclass(frozen=True, slots=True)
class Abbreviation:
    article_id: str
    sentence_id: int
    short: str
    long: str
    surface: str  # the short form where it is declared
    start_char: int
    end_char: int
    rule: str


@dataclass(frozen=True, slots=True)
class UnitMention:
    article_id: str
    sentence_id: int
    surface: str
    start_char: int
    end_char: int
    name: str  # completed from the article's province and its fuller mentions
    unit_id: str | None  # slug of the completed name, with its province where it has one
    unit_type: str  # chi_bo, dang_bo, dang_uy, ban_thuong_vu, ubnd, so, ...
    level: str | None  # central, province, district, commune, base
    territory: str | None
    parent: str | None  # the completed name of the body it belongs to
    rule: str


@dataclass(frozen=True, slots=True)
class DirectiveMention:
    article_id: str
    sentence_id: int
    surface: str
    start_char: int
    end_char: int
    doc_type: DocType
    number: str | None  # two digits or more: 05
    suffix: str | None  # CT/TW
    term: str | None  # Roman: XII
    issuer: str | None
    year: int | None
    issued_on: date | None  # where the text states the day
    directive_id: str | None  # 05-CT/TW@XII; None unless exactly one document fits
    resolution: str | None  # how it was resolved, or why it was not
    rule: str


@dataclass(frozen=True, slots=True)
class DirectiveLink:
    """A local document said to carry out another one, both as mentioned in one sentence."""

    article_id: str
    sentence_id: int
    start_char: int  # of the local document's mention
    implements_start_char: int  # of the mention of the document it carries out
    implements_directive_id: str | None
    surface: str  # from the one to the other
    rule: str


@dataclass(frozen=True, slots=True)
class OfficialMention:
    article_id: str
    sentence_id: int
    surface: str
    start_char: int
    end_char: int
    name: str  # bare, with its capitals
    honorific: str | None  # ông, bà, đồng chí, ...
    role: str | None  # as written, here or at the fuller mention it is carried from
    organisation: str | None
    official_id: str | None  # slug of name and completed organisation; None where either is unsure
    rule: str


@dataclass(frozen=True, slots=True)
class ModelMention:
    article_id: str
    sentence_id: int
    surface: str
    start_char: int
    end_char: int
    name: str  # without quotation marks
    model_type: str | None  # mo_hinh, cach_lam, phong_trao, cau_lac_bo
    adopter: str | None  # the unit that runs it, as written; None if unsaid
    status: str | None  # pilot, scaled_up, maintained, launched
    started_on: date | None
    rule: str


# --- facts --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fact:
    article_id: str
    sentence_id: int
    fact_id: str  # <article_id>:<number within the article>
    surface: str
    start_char: int
    end_char: int
    kind: FactKind
    value: Decimal
    value_max: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    percent: Decimal | None  # as stated
    percent_computed: Decimal | None
    verdict: Verdict | None
    comparator: Comparator | None  # None is exact
    unit: str | None
    unit_id: str | None
    currency: str | None
    modality: Modality
    change: Change | None
    change_base: str | None
    indicator: str | None
    organisation: str | None
    period_start: date | None
    period_end: date | None
    as_of: date | None
    speaker: str | None
    directive_id: str | None
    rule: str


@dataclass(frozen=True, slots=True)
class FactCheck:
    """A sum of parts held against the whole that the text states."""

    article_id: str
    sentence_id: int
    whole_fact_id: str
    part_fact_ids: tuple[str, ...]
    whole: Decimal
    parts_sum: Decimal
    holds: bool
    rule: str
