"""Reading: every encoding, every container, and every way in which bytes can be wrong."""

from __future__ import annotations

import codecs
import gzip
import hashlib
import io
import json
import os
import time
import tracemalloc
import unicodedata
import zlib
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import read
from pipeline.read import corpus, encodings
from pipeline.records import Failure, Page
from pipeline.vietnamese import nfc

TEXT = "Đảng bộ thị xã Núi Xanh họp phiên “mở rộng” – năm 2022; ề, ọ, ỏ, ờ.\nÔng Lê Văn Đá dự."
HTML = f"<!DOCTYPE html><html><body><h1>Tin</h1><p>{TEXT}</p></body></html>"
TONES = "\u0300\u0301\u0303\u0309\u0323"


def windows_1258(text: str) -> bytes:
    """As old Vietnamese Windows wrote it: the letter, then its tone."""
    parts = []
    for character in unicodedata.normalize("NFC", text):
        marks = unicodedata.normalize("NFD", character)
        letter = unicodedata.normalize("NFC", "".join(m for m in marks if m not in TONES))
        parts.append(letter + "".join(m for m in marks if m in TONES))
    return "".join(parts).encode("windows-1258")


def encoded_twice(text: str) -> bytes:
    return text.encode().decode("latin-1").encode()


def write(folder: Path, name: str, content: bytes | str) -> read.Source:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read.Source(name, str(path))


def read_one(folder: Path, name: str, content: bytes | str, **limits: int) -> Page | Failure:
    [item] = read.pages(write(folder, name, content), **limits)
    return item


def page(item: Page | Failure) -> Page:
    assert isinstance(item, Page), item
    return item


def failure(item: Page | Failure) -> Failure:
    assert isinstance(item, Failure), item
    return item


def shown(items: Iterable[Page | Failure]) -> list[tuple[str, str]]:
    """Path and content of pages, path and code of failures."""
    return [(i.source_path, i.content if isinstance(i, Page) else i.code) for i in items]


# --- encodings ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "encoding", "repairs"),
    [
        (TEXT.encode(), "utf-8", ()),
        (codecs.BOM_UTF8 + TEXT.encode(), "utf-8", ()),
        (codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), "utf-16-le", ()),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "utf-16-be", ()),
        (TEXT.encode("utf-16-le"), "utf-16-le", ()),
        (TEXT.encode("utf-16-be"), "utf-16-be", ()),
        (windows_1258(TEXT), "windows-1258", ()),
        (encoded_twice(TEXT), "utf-8", ("double-encoded-utf8",)),
        (encoded_twice(encoded_twice(TEXT).decode()), "utf-8", ("double-encoded-utf8",)),
        (TEXT.encode() * 20 + b"\0", "utf-8", ("nul-characters",)),
    ],
)  # fmt: skip
def test_each_encoding(tmp_path: Path, raw: bytes, encoding: str, repairs: tuple[str, ...]) -> None:
    found = page(read_one(tmp_path, "tin.txt", raw))
    assert nfc(found.content).startswith(TEXT)
    assert (found.encoding, found.repairs, found.kind) == (encoding, repairs, "text")
    assert found.content_hash == hashlib.sha256(raw).hexdigest()


@pytest.mark.parametrize(
    ("declared", "raw_of", "encoding", "repairs"),
    [
        ("utf-8", str.encode, "utf-8", ()),
        ("windows-1258", windows_1258, "windows-1258", ()),
        ("iso-8859-1", str.encode, "utf-8", ("wrong-declaration",)),
        ("windows-1252", windows_1258, "windows-1258", ("wrong-declaration",)),
        ("utf-8", windows_1258, "windows-1258", ("wrong-declaration",)),
        ("no-such-charset", str.encode, "utf-8", ()),
        ("utf-16", str.encode, "utf-8", ()),  # declared in ASCII, so it cannot be
    ],
)
@pytest.mark.parametrize(
    "declaration",
    [
        '<meta charset="{}">',
        "<META http-equiv=Content-Type content='text/html; charset={}'>",
        '<?xml version="1.0" encoding="{}"?>',
    ],
)
def test_a_declaration_is_a_hint(
    tmp_path: Path, declaration: str, declared: str, raw_of: Any, encoding: str, repairs: Any
) -> None:
    raw = declaration.format(declared).encode() + raw_of(HTML)
    found = page(read_one(tmp_path, "tin.html", raw))
    assert nfc(found.content).endswith(HTML)
    assert (found.encoding, found.repairs, found.kind) == (encoding, repairs, "html")


def test_utf_16_declares_itself_in_utf_16(tmp_path: Path) -> None:
    found = page(read_one(tmp_path, "a.html", ('<meta charset="utf-16">' + HTML).encode("utf-16")))
    assert (found.encoding, found.repairs) == ("utf-16-le", ())


def test_a_western_page_is_read_as_declared(tmp_path: Path) -> None:
    raw = '<meta charset="iso-8859-1"><p>Café “Sài Gòn”</p>'.encode("windows-1252")
    assert "Café “Sài Gòn”" in page(read_one(tmp_path, "a.html", raw)).content


@pytest.mark.parametrize("cut", [1, 2])
def test_a_capture_cut_inside_a_character_is_still_utf_8(tmp_path: Path, cut: int) -> None:
    found = page(read_one(tmp_path, "a.txt", (TEXT + "ộ").encode()[:-cut]))
    assert (found.content, found.repairs) == (TEXT, ("broken-utf8",))


@pytest.mark.parametrize(
    "good",
    [
        TEXT,
        "THỊ XÃ” và XÃ\xa0HỘI",
        "“THỊ XÃ”",
        "«Hay quá»… rồi «cá»”",
        "«Hay quá»… và «cá»’",
        "Äquator, Ærø, â€ là ký hiệu",
        "Họp 'thường kỳ' \"mở rộng\" … ﬁ ① &amp; ａ \r\n\u2028 e\u0302\u0301",
    ],
)
def test_good_text_is_not_repaired(good: str) -> None:
    assert encodings.decode(good.encode()) == encodings.Decoded(good, "utf-8")


@given(st.text("Thị xã Đông Hòa, XÃ” «ngã»… Ô Â Ãˆ ’\xa0", max_size=60))
def test_only_what_vietnamese_never_writes_is_repaired(text: str) -> None:
    raw = ("Đ" + text).encode()
    assert encodings.decode(raw).text == "Đ" + text


@given(st.text("Đảng bộ Tỉnh ủy họp nước “ở” – Ơ Ư ờề\xa0\n", max_size=80))
def test_what_was_encoded_twice_is_read_as_if_once(text: str) -> None:
    assert encodings.decode(encoded_twice("Đảng " + text)).text == "Đảng " + text


def test_good_lines_of_a_page_encoded_twice_in_part_stay() -> None:
    line = "“THỊ XÃ” họp"
    mixed = f"{line}\n{encoded_twice(TEXT).decode()}"
    assert encodings.decode(mixed.encode()).text == f"{line}\n{TEXT}"


def test_a_half_of_an_encoded_d_that_was_lost_is_known() -> None:
    assert encodings.decode("Äáº£ng bá»™".encode()).text == "Đảng bộ"


def test_what_stays_garbled_is_recorded() -> None:
    lossy = TEXT.encode().decode("windows-1252", "ignore")
    assert "mojibake-left" in encodings.decode(lossy.encode()).repairs


# --- what a file is -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["a.txt", "a.TXT", "b/c/tin 1.txt", "a.txt.gz", "a.html.gz", "a.HTM"]
)
def test_names_of_files(tmp_path: Path, name: str) -> None:
    raw = gzip.compress(HTML.encode()) if name.endswith(".gz") else HTML.encode()
    found = page(read_one(tmp_path, name, raw))
    assert (found.source_path, found.content, found.kind) == (name, HTML, "html")


def test_a_text_in_a_html_file_is_a_text(tmp_path: Path) -> None:
    assert page(read_one(tmp_path, "a.html", TEXT)).kind == "text"
    assert page(read_one(tmp_path, "a.txt", "Tin <b>hay</b> về <head> là thẻ.")).kind == "text"


def test_gzip_is_told_by_its_bytes_not_its_name(tmp_path: Path) -> None:
    assert page(read_one(tmp_path, "a.html", gzip.compress(HTML.encode()))).content == HTML
    assert page(read_one(tmp_path, "a.html.gz", HTML)).content == HTML


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.txt", b"", "empty"),
        ("a.html", b" \n\xef\xbb\xbf" + b"\t", "empty"),
        ("a.txt", codecs.BOM_UTF8, "empty"),
        ("a.txt.gz", gzip.compress(b""), "empty"),
        ("a.html", b"%PDF-1.7\n%\xe2\xe3", "binary"),
        ("a.html", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "binary"),
        ("a.txt", b"tin\0\x01\x02" * 50, "binary"),
        ("a.txt", b"tin\x01\x02" * 50, "binary"),
        ("a.txt", bytes(range(256)), "binary"),
        ("a.txt", "§¶ng uû tØnh".encode("windows-1252"), "unknown_encoding"),
        ("a.txt", b"\xff\xfe" + b"\x00\xd8" * 40, "unknown_encoding"),
        ("a.txt.gz", gzip.compress(TEXT.encode())[:-12], "damaged"),
        ("a.txt.gz", gzip.compress(TEXT.encode())[:20] + b"xxxxx" * 9, "damaged"),
        ("a.txt", b"a" * 5001, "too_large"),
        ("a.txt.gz", gzip.compress(b"a" * 5001), "too_large"),
        ("a.pdf", b"%PDF-1.7", "unsupported"),
        ("noname", b"tin", "unsupported"),
        ("a.jsonl", b"", "empty"),
        ("a.warc", b"", "empty"),
    ],
)
def test_each_failure(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    found = failure(read_one(tmp_path, name, content, limit=5000))
    assert (found.source_path, found.stage, found.code) == (name, "read", code)
    assert ";" in found.detail  # what was seen; what to do
    assert str(tmp_path) not in found.detail


def test_a_page_of_just_the_limit_is_read(tmp_path: Path) -> None:
    assert page(read_one(tmp_path, "a.txt.gz", gzip.compress(b"a" * 5000), limit=5000))


def test_files_that_cannot_be_opened(tmp_path: Path) -> None:
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere")
    (tmp_path / "folder.txt").mkdir()
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "linked").symlink_to(tmp_path / "folder.txt")
    items = [item for source in read.sources(tmp_path) for item in read.pages(source)]
    assert shown(items) == [(n, "unreadable") for n in ("gone.txt", "linked", "pipe.txt")]
    assert all(str(tmp_path) not in failure(item).detail for item in items)


def test_a_gzip_bomb_costs_no_more_than_the_limit(tmp_path: Path) -> None:
    write(tmp_path, "a.html.gz", gzip.compress(bytes(50_000_000)))
    tracemalloc.start()
    [item] = read.pages(read.Source("a.html.gz", str(tmp_path / "a.html.gz")), limit=1_000_000)
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()
    assert failure(item).code == "too_large"


# --- sources ------------------------------------------------------------------------------


def test_sources_are_sorted_by_path_and_leave_out_what_is_no_capture(tmp_path: Path) -> None:
    names = ["b.txt", "a/z.html", "a.txt", "a/b/c.warc.gz", "a-b/x.txt", "ảnh.jpg", "a/B.txt"]
    left_out = [
        "corpus.toml", "models.toml", "README", "readme.txt", "a/README.md", ".hidden.txt",
        ".git/x.txt", "notes.md",
    ]  # fmt: skip
    for name in names + left_out:
        write(tmp_path, name, TEXT)
    found = list(read.sources(tmp_path))
    assert [s.path for s in found] == sorted(names)
    assert all(Path(s.location).read_text("utf-8") == TEXT for s in found)
    assert [s.is_container for s in found if s.path.startswith("a/b")] == [True]


def test_a_name_that_is_no_unicode_is_shown(tmp_path: Path) -> None:
    (Path(os.fsdecode(os.fsencode(tmp_path))) / os.fsdecode(b"tin\xff.txt")).write_text(TEXT)
    [source] = read.sources(tmp_path)
    assert source.path == "tin\\xff.txt"
    assert [page(item).content for item in read.pages(source)] == [TEXT]


def test_one_file_is_a_source_and_no_file_is_an_error(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", TEXT)
    assert [s.path for s in read.sources(tmp_path / "a.txt")] == ["a.txt"]
    with pytest.raises(FileNotFoundError, match="give a folder"):
        list(read.sources(tmp_path / "b"))


def test_the_hash_of_a_source_is_of_its_raw_bytes(tmp_path: Path) -> None:
    raw = gzip.compress(TEXT.encode())
    assert read.content_hash(write(tmp_path, "a.txt.gz", raw)) == hashlib.sha256(raw).hexdigest()
    assert read.content_hash(read.Source("b.txt", str(tmp_path / "b.txt"))) is None


# --- WARC ---------------------------------------------------------------------------------


def warc_record(
    number: int,
    body: bytes,
    *,
    http: str = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=UTF-8\r\n",
    kind: str = "response",
    length: int | None = None,
) -> bytes:
    content = http.encode() + b"\r\n" + body
    header = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: https://bao.example/{number}\r\n"
        f"WARC-Date: 2022-08-12T01:02:03Z\r\nWARC-Record-ID: <urn:uuid:{number}>\r\n"
        f"Content-Type: application/http; msgtype={kind}\r\n"
        f"Content-Length: {len(content) if length is None else length}\r\n\r\n"
    )
    return header.encode() + content + b"\r\n\r\n"


def html(number: int) -> str:
    return f"<html><body><p>Tin số {number}.</p>{'<p>Họp.</p>' * 50}</body></html>"


RECORDS = [warc_record(n, html(n).encode()) for n in range(1, 6)]


def archive(records: list[bytes], *, compressed: bool) -> bytes:
    return b"".join(gzip.compress(r) if compressed else r for r in records)


@pytest.mark.parametrize("compressed", [False, True])
def test_an_archive_gives_its_pages(tmp_path: Path, compressed: bool) -> None:
    records = [
        b"WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 4\r\n\r\na: b\r\n\r\n",
        warc_record(2, b"", http="GET / HTTP/1.1\r\nHost: bao.example\r\n", kind="request"),
        RECORDS[2],
        warc_record(4, b"GIF89a", http="HTTP/1.1 200 OK\r\nContent-Type: image/gif\r\n"),
        warc_record(5, b"<p>", http="HTTP/1.1 404 No\r\nContent-Type: text/html\r\n"),
        warc_record(
            6,
            windows_1258(HTML),
            http="HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=windows-1258\r\n",
        ),
        warc_record(7, b"", http="HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"),
    ]
    source = write(tmp_path, "a.warc", archive(records, compressed=compressed))
    third, sixth, seventh = read.pages(source)
    assert page(third).content == html(3)
    assert page(third).source_path == "a.warc#3"
    assert page(third).url == "https://bao.example/3"
    assert page(third).fields == (("id", "<urn:uuid:3>"), ("captured_at", "2022-08-12T01:02:03Z"))
    assert page(third).content_hash == hashlib.sha256(html(3).encode()).hexdigest()
    assert (nfc(page(sixth).content), page(sixth).encoding) == (HTML, "windows-1258")
    assert (failure(seventh).source_path, failure(seventh).code) == ("a.warc#7", "empty")


def chunked(body: bytes) -> bytes:
    return b"".join(f"{len(p):x}\r\n".encode() + p + b"\r\n" for p in (body[:9], body[9:], b""))


@pytest.mark.parametrize(
    ("header", "coded"),
    [
        ("Content-Encoding: gzip", gzip.compress(html(1).encode())),
        ("Content-Encoding: deflate", zlib.compress(html(1).encode())),
        ("Content-Encoding: deflate", zlib.compress(html(1).encode(), wbits=-15)),
        ("Transfer-Encoding: chunked", chunked(html(1).encode())),
        ("Transfer-Encoding: chunked\r\nContent-Encoding: gzip",
         chunked(gzip.compress(html(1).encode()))),
        ("Content-Encoding: gzip", html(1).encode()),  # undone by the crawler, header kept
        ("Content-Encoding: br", html(1).encode()),
        ("Transfer-Encoding: chunked", html(1).encode()),
    ],
)  # fmt: skip
def test_http_codings_are_undone(tmp_path: Path, header: str, coded: bytes) -> None:
    http = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{header}\r\n"
    records = [warc_record(1, coded, http=http), RECORDS[1]]
    source = write(tmp_path, "a.warc.gz", archive(records, compressed=True))
    assert [page(item).content for item in read.pages(source)] == [html(1), html(2)]


@pytest.mark.parametrize(
    ("coding", "coded", "code"),
    [
        ("gzip", gzip.compress(html(1).encode())[:-20], "damaged"),
        ("br", b"\xff\xff\xff\xff not brotli", "damaged"),
        ("deflate", b"\x78\xff\xff\xff", "damaged"),
        ("gzip", gzip.compress(bytes(9_000_000)), "too_large"),
        ("deflate", zlib.compress(bytes(9_000_000)), "too_large"),
    ],
)
def test_a_body_that_cannot_be_unpacked_costs_itself(
    tmp_path: Path, coding: str, coded: bytes, code: str
) -> None:
    http = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: {coding}\r\n"
    source = write(tmp_path, "a.warc", warc_record(1, coded, http=http) + RECORDS[1])
    assert shown(read.pages(source)) == [("a.warc#1", code), ("a.warc#2", html(2))]


GOOD = {n: (f"a.warc#{n}", html(n)) for n in range(1, 6)}


@pytest.mark.parametrize("compressed", [False, True])
@pytest.mark.parametrize("left", [3, 20, 100, 250])
def test_a_truncated_archive_gives_what_stands_before(
    tmp_path: Path, compressed: bool, left: int
) -> None:
    before = archive(RECORDS[:4], compressed=compressed)
    cut = before + archive(RECORDS[4:], compressed=compressed)[:left]
    source = write(tmp_path, "a.warc", cut)
    assert shown(read.pages(source)) == [*(GOOD[n] for n in (1, 2, 3, 4)), ("a.warc#5", "damaged")]


def test_an_archive_compressed_as_one_gives_what_stands_before(tmp_path: Path) -> None:
    raw = gzip.compress(b"".join(RECORDS))
    source = write(tmp_path, "a.warc", raw[:-40])
    *before, end = shown(read.pages(source))
    assert before == [GOOD[n] for n in range(1, len(before) + 1)]
    assert end == (f"a.warc#{len(before) + 1}", "damaged")


@pytest.mark.parametrize("compressed", [False, True])
def test_behind_a_damaged_record_reading_goes_on(tmp_path: Path, compressed: bool) -> None:
    packed = [archive([r], compressed=compressed) for r in RECORDS]
    header = b"\x1f\x8b\x08\x00broken header bytes" if compressed else b"WARX/1.0\r\nbroken"
    packed[1] = header + packed[1][len(header) :]
    packed[3] = packed[3][:120] + b"\x00\xff" * 60 + (b"" if compressed else packed[3][300:])
    source = write(tmp_path, "a.warc", b"".join(packed))
    assert shown(read.pages(source)) == [
        GOOD[1], ("a.warc#2", "damaged"), GOOD[3], ("a.warc#4", "damaged"), GOOD[5],
    ]  # fmt: skip


def test_a_length_that_is_too_long_costs_its_own_record(tmp_path: Path) -> None:
    records = [warc_record(1, html(1).encode(), length=9_999_999), *RECORDS[1:]]
    source = write(tmp_path, "a.warc", b"".join(records))
    assert shown(read.pages(source)) == [("a.warc#1", "damaged"), *(GOOD[n] for n in (2, 3, 4, 5))]


def test_what_is_no_archive_is_said_so_once(tmp_path: Path) -> None:
    assert shown(read.pages(write(tmp_path, "a.warc", TEXT))) == [("a.warc#1", "damaged")]


def test_a_huge_record_is_passed_in_bounded_memory(tmp_path: Path) -> None:
    big = warc_record(1, b"<p>" + bytes(30_000_000))
    source = write(tmp_path, "a.warc.gz", gzip.compress(big) + gzip.compress(RECORDS[1]))
    tracemalloc.start()
    found = shown(read.pages(source, limit=1_000_000))
    assert tracemalloc.get_traced_memory()[1] < 8_000_000
    tracemalloc.stop()
    assert found == [("a.warc.gz#1", "too_large"), ("a.warc.gz#2", html(2))]


# --- JSONL --------------------------------------------------------------------------------

TRAFILATURA = {
    "title": "Họp", "author": None, "hostname": "bao.example", "date": "2022-08-12", "id": None,
    "fingerprint": "f0", "raw_text": "Tỉnh ủy họp.", "text": "Tỉnh ủy họp.", "tags": "",
    "source": "https://bao.example/1", "source-hostname": "Báo",
}  # fmt: skip
NEWS_PLEASE = {
    "title": "Họp", "authors": [], "date_publish": "2022-08-12 08:00:00", "language": "vi",
    "maintext": "Tỉnh ủy họp.", "source_domain": "bao.example", "url": "https://bao.example/1",
}  # fmt: skip
HUGGING_FACE = {
    "id": 12, "link": "https://bao.example/1", "headline": "Họp", "published": "12/08/2022",
    "content": "Tỉnh ủy họp.", "source": "báo tỉnh",
}  # fmt: skip


@pytest.mark.parametrize(
    ("record", "fields"),
    [
        (TRAFILATURA, (("title", "Họp"), ("date", "2022-08-12"))),
        (NEWS_PLEASE, (("title", "Họp"), ("date", "2022-08-12 08:00:00"))),
        (HUGGING_FACE, (("title", "Họp"), ("date", "12/08/2022"), ("id", "12"))),
    ],
    ids=["trafilatura", "news-please", "Hugging Face"],
)
def test_the_usual_columns(tmp_path: Path, record: dict[str, object], fields: Any) -> None:
    line = json.dumps(record, ensure_ascii=False)
    found = page(read_one(tmp_path, "a.jsonl", line + "\n"))
    assert (found.source_path, found.kind, found.content) == ("a.jsonl#1", "text", "Tỉnh ủy họp.")
    assert (found.url, found.fields) == ("https://bao.example/1", fields)
    assert found.content_hash == hashlib.sha256(line.encode()).hexdigest()


@pytest.mark.parametrize(
    ("name", "compress"),
    [("a.jsonl", bytes), ("a.jsonl.gz", gzip.compress), ("a.jsonl.zst", zstandard.compress)],
)
def test_lines_are_records(tmp_path: Path, name: str, compress: Any) -> None:
    lines = [
        json.dumps({"html": HTML, "text": "không đọc"}),
        "",
        "{damaged",
        json.dumps(["a", "list"]),
        json.dumps({"title": "Không có bài", "text": "  "}),
        json.dumps({"text": "x" * 6000}),
        json.dumps({"content": "<p>Họp.</p>"}),
        "[" * 4900,
        json.dumps({"text": encoded_twice(TEXT).decode(), "title": "\ud800"}),
        json.dumps({"text": "Họp \ud800."}),
        json.dumps({"text": "%PDF-1.7"}),
        json.dumps({"text": TEXT}),
    ]
    source = write(tmp_path, name, compress(codecs.BOM_UTF8 + "\n".join(lines).encode()))
    items = list(read.pages(source, limit=5000))
    assert shown(items) == [
        (f"{name}#1", HTML), (f"{name}#3", "damaged"), (f"{name}#4", "damaged"),
        (f"{name}#5", "no_text"), (f"{name}#6", "too_large"), (f"{name}#7", "<p>Họp.</p>"),
        (f"{name}#8", "damaged"), (f"{name}#9", TEXT), (f"{name}#10", "Họp \ufffd."),
        (f"{name}#11", "binary"), (f"{name}#12", TEXT),
    ]  # fmt: skip
    kinds = {item.source_path: item.kind for item in items if isinstance(item, Page)}
    assert kinds[f"{name}#1"] == kinds[f"{name}#7"] == "html"


@pytest.mark.parametrize("compress", [gzip.compress, zstandard.compress])
def test_a_truncated_file_gives_the_lines_before(tmp_path: Path, compress: Any) -> None:
    lines = [json.dumps({"text": f"Tin {n} {os.urandom(200).hex()}"}) for n in range(2000)]
    source = write(tmp_path, "a.jsonl", compress("\n".join(lines).encode())[:-3000])
    *before, end = read.pages(source)
    assert len(before) > 50
    assert all(isinstance(item, Page) for item in before)
    assert (failure(end).source_path, failure(end).code) == (
        f"a.jsonl#{len(before) + 1}",
        "damaged",
    )


def test_a_long_line_is_passed_in_bounded_memory(tmp_path: Path) -> None:
    raw = b'{"text": "' + b"a" * 30_000_000 + b'"}\n{"text": "Tin"}'
    source = write(tmp_path, "a.jsonl.gz", gzip.compress(raw))
    tracemalloc.start()
    found = shown(read.pages(source, limit=1_000_000))
    assert tracemalloc.get_traced_memory()[1] < 8_000_000
    tracemalloc.stop()
    assert found == [("a.jsonl.gz#1", "too_large"), ("a.jsonl.gz#2", "Tin")]


# --- Parquet ------------------------------------------------------------------------------


def parquet(table: pa.Table, **options: Any) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(table, buffer, **options)
    return buffer.getvalue()


def test_rows_are_records(tmp_path: Path) -> None:
    table = pa.table(
        {
            "url": ["https://bao.example/1", None, "not a url"],
            "text": ["Tỉnh ủy họp.", None, "Huyện ủy họp."],
            "date": [datetime(2022, 8, 12, 8, 4), None, datetime(2022, 8, 13)],
            "title": ["Họp", "Không có bài", None],
            "score": [0.5, 0.5, 0.5],
        }
    )
    first, second, third = read.pages(write(tmp_path, "a.parquet", parquet(table)))
    assert page(first).content == "Tỉnh ủy họp."
    assert page(first).url == "https://bao.example/1"
    assert page(first).fields == (("title", "Họp"), ("date", "2022-08-12T08:04:00"))
    assert (failure(second).source_path, failure(second).code) == ("a.parquet#2", "no_text")
    assert (page(third).source_path, page(third).url) == ("a.parquet#3", None)
    assert page(third).content_hash != page(first).content_hash


def test_columns_of_bytes_are_decoded(tmp_path: Path) -> None:
    raw = windows_1258(HTML)
    binary = pa.table({"html": [raw], "date": [date(2022, 8, 12)]})
    found = page(read_one(tmp_path, "a.parquet", parquet(binary)))
    assert (nfc(found.content), found.fields) == (HTML, (("date", "2022-08-12"),))
    assert found.content_hash == hashlib.sha256(raw).hexdigest()
    mislabelled = pa.table({"html": pa.array([raw, b"<p>Tin</p>"]).view(pa.string())})
    source = write(tmp_path, "b.parquet", parquet(mislabelled))
    assert [nfc(page(item).content) for item in read.pages(source)] == [HTML, "<p>Tin</p>"]


def test_a_damaged_row_group_costs_its_own_rows(tmp_path: Path) -> None:
    table = pa.table({"text": [f"Tin {n} {os.urandom(400).hex()}" for n in range(30)]})
    raw = parquet(table, row_group_size=10, use_dictionary=False, write_page_checksum=True)
    middle = pq.ParquetFile(io.BytesIO(raw)).metadata.row_group(1).column(0).data_page_offset
    raw = raw[: middle + 4000] + b"\xff" * 400 + raw[middle + 4400 :]
    items = list(read.pages(write(tmp_path, "a.parquet", raw)))
    assert [i.source_path for i in items if isinstance(i, Page)] == [
        f"a.parquet#{n}" for n in (*range(1, 11), *range(21, 31))
    ]
    assert [(i.source_path, i.code) for i in items if isinstance(i, Failure)] == [
        ("a.parquet#11", "damaged")
    ]


@pytest.mark.parametrize(
    ("raw", "path", "code"),
    [
        (b"PAR1 but no more", "a.parquet", "damaged"),
        (b"", "a.parquet", "damaged"),
        (parquet(pa.table({"text": ["a"]}))[:-9], "a.parquet", "damaged"),
        (parquet(pa.table({"words": ["a"]})), "a.parquet", "no_text"),
        (parquet(pa.table({"text": ["a" * 6000]})), "a.parquet#1", "too_large"),
    ],
)
def test_a_file_that_is_none_is_one_failure(
    tmp_path: Path, raw: bytes, path: str, code: str
) -> None:
    found = failure(read_one(tmp_path, "a.parquet", raw, limit=5000))
    assert (found.source_path, found.code) == (path, code)


# --- URLs ---------------------------------------------------------------------------------


def test_a_container_may_be_behind_a_url(tmp_path: Path) -> None:
    raw = archive(RECORDS, compressed=True)
    with fsspec.open("memory://corpus/a.warc.gz", "wb") as file:
        file.write(raw)
    for url in (
        "memory://corpus/a.warc.gz",
        f"file://{write(tmp_path, 'a.warc.gz', raw).location}",
    ):
        [source] = read.sources(url)
        assert source.path == "a.warc.gz"
        assert [page(item).content for item in read.pages(source)] == [html(n) for n in range(1, 6)]
        assert read.content_hash(source) == hashlib.sha256(raw).hexdigest()


@pytest.mark.parametrize("url", ["memory://nowhere/a.jsonl", "nosuch://x/a.jsonl"])
def test_a_url_that_leads_nowhere_is_a_failure(url: str) -> None:
    [source] = read.sources(url)
    assert shown(read.pages(source)) == [("a.jsonl", "unreadable")]
    assert read.content_hash(source) is None


# --- corpus.toml --------------------------------------------------------------------------


def load(folder: Path, toml: str) -> corpus.Corpus:
    write(folder, "corpus.toml", toml)
    return corpus.load(folder)


def test_a_folder_without_corpus_toml_has_a_name(tmp_path: Path) -> None:
    (tmp_path / "tay-nguyen").mkdir()
    known = corpus.load(tmp_path / "tay-nguyen")
    assert known == corpus.Corpus("tay-nguyen")
    assert known.facts_for("a.txt") == (None, None, None)


def test_the_first_pattern_that_matches_wins(tmp_path: Path) -> None:
    known = load(
        tmp_path,
        """
        name = "mau"
        outlet = "Báo Cao Nguyên"
        url_prefix = "https://a.example/"
        [[patterns]]
        glob = "bien/2019/*"
        province = "Khánh Hòa"
        [[patterns]]
        glob = "bien/*"
        outlet = "Báo Biển Xanh"
        province = "Phú Yên"
        url_prefix = "https://b.example/"
        """,
    )
    assert known.name == "mau"
    assert known.facts_for("nui/1.html") == ("Báo Cao Nguyên", None, "https://a.example/")
    assert known.facts_for("bien/2019/x/1.html") == (
        "Báo Cao Nguyên", "Khánh Hòa", "https://a.example/",
    )  # fmt: skip
    assert known.facts_for("bien/a.warc.gz#12")[0] == "Báo Biển Xanh"
    assert known.url_for("bien/1.html") == "https://b.example/bien/1.html"
    assert known.url_for("bien/a.warc.gz#12") is None


def test_columns_are_tried_before_the_usual_ones(tmp_path: Path) -> None:
    known = load(tmp_path, '[columns]\ntext = "bai"\ndate = ["ngay", "date"]')
    write(tmp_path, "a.jsonl", '{"bai": "Tin", "text": "khác", "date": "2020"}\n{"text": "Nữa"}')
    items = [i for source in read.sources(tmp_path, known.columns) for i in read.pages(source)]
    assert [page(item).content for item in items] == ["Tin", "Nữa"]
    assert page(items[0]).fields == (("date", "2020"),)


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ("outlet = ", "not TOML"),
        ('outlets = "Báo"', "unknown key `outlets`; known are name, outlet"),
        ("name = 5", "`name` is 5; give it a text in quotes"),
        ('province = ""', "`province` is ''"),
        ('patterns = "a/*"', "write each as"),
        ('[[patterns]]\noutlet = "Báo"', "no. 1: `glob` is missing"),
        ('skip = "notes"', "`skip` is 'notes'; give a list"),
        ('[[patterns]]\nglob = "*"\nlang = "vi"', "no. 1: unknown key `lang`"),
        ("columns = 5", r"write it under \[columns\]"),
        ('[columns]\nbody = "x"', "unknown key `body`; known are url, html"),
        ("[columns]\ntext = 5", "`text` is 5; give a column's name"),
    ],
)
def test_a_wrong_corpus_toml_says_where_and_what_to_do(
    tmp_path: Path, toml: str, message: str
) -> None:
    with pytest.raises(corpus.CorpusError, match=message) as raised:
        load(tmp_path, toml)
    assert str(tmp_path / "corpus.toml") in str(raised.value)


# --- whatever bytes -----------------------------------------------------------------------

fragments = st.sampled_from(
    [
        b"", b"\0", b"\x1f\x8b\x08\0", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", TEXT.encode(),
        windows_1258(TEXT), HTML.encode(), TEXT.encode("utf-16-le"), encoded_twice(TEXT), b"PAR1",
        b'<meta charset="utf-16">', b"<meta charset=hex>", b'{"text": "', b'"}\n', b"WARC/1.0\r\n",
        gzip.compress(HTML.encode()), RECORDS[0], RECORDS[0][:300], zstandard.compress(b"{}\n"),
        archive(RECORDS[:2], compressed=True), b"\xc3", b"\xed\xa0\x80", b"\x28\xb5\x2f\xfd",
        parquet(pa.table({"text": ["Tin"]})),
    ]
)  # fmt: skip
anything = st.one_of(
    st.binary(max_size=400), st.lists(st.one_of(fragments, st.binary(max_size=30))).map(b"".join)
)
NAMES = (
    "a.txt",
    "a.html",
    "a.html.gz",
    "a.warc",
    "a.warc.gz",
    "a.jsonl",
    "a.jsonl.zst",
    "a.parquet",
)


@pytest.mark.parametrize("name", NAMES)
@settings(deadline=None)
@given(raw=anything)
def test_any_bytes_are_a_page_or_a_failure(
    tmp_path_factory: pytest.TempPathFactory, name: str, raw: bytes
) -> None:
    with fsspec.open(f"memory://any/{name}", "wb") as file:
        file.write(raw)
    [source] = read.sources(f"memory://any/{name}")
    items = list(read.pages(source, limit=100_000))
    assert items
    for item in items:
        assert item.source_path.startswith(name)
        assert isinstance(item, Page | Failure)
        if isinstance(item, Page):
            item.content.encode()  # no lone surrogates
            assert len(item.content_hash) == 64


@pytest.mark.parametrize(
    "unit",
    [
        TEXT.encode(), encoded_twice(TEXT), windows_1258(TEXT), TEXT.encode("utf-16-le"), b"<meta ",
        b"<a<!-- ", "Ä".encode(), "á»".encode(), b"\xc3", b"\x1f\x8b\x08", b"\n  <",
    ],
)  # fmt: skip
def test_ten_times_the_bytes_cost_at_most_twenty_times_the_time(
    tmp_path: Path, unit: bytes
) -> None:
    def seconds(size: int) -> float:
        source = write(tmp_path, "a.html", (unit * size)[:size])
        best = float("inf")
        for _ in range(3):
            start = time.perf_counter()
            list(read.pages(source))
            best = min(best, time.perf_counter() - start)
        return best

    assert seconds(400_000) <= 20 * max(seconds(40_000), 5e-4)
