"""HTML pages in several designs: the article's lines, their roles, and the ledger of the rest."""

from __future__ import annotations

import contextlib
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline import lexicon
from pipeline.clean import markup
from pipeline.clean.cut import cut
from pipeline.clean.draft import Draft, NotAnArticle
from pipeline.records import TEXT_ROLES, Page

TITLE = "Xã Hòa An: Học Bác từ những việc nhỏ"
SAPO = "Xã Hòa An xác định việc học Bác phải bắt đầu từ những việc nhỏ, sát với đời sống của thôn."
FIRST = (
    "Chi bộ thôn Hòa Bình có 32 đảng viên, trong đó 12 đồng chí tuổi đời dưới 35. Mỗi quý, chi "
    "bộ chọn một việc cụ thể để làm theo, rồi kiểm điểm kết quả ngay trong buổi sinh hoạt kế tiếp."
)
SECOND = (
    "Theo đồng chí Lê Văn Mẫu, Bí thư Chi bộ, cách làm ấy khiến nghị quyết gần với đời sống hơn. "
    "Năm 2021, chi bộ vận động nhân dân hiến 1.200 m2 đất, vượt 25% kế hoạch được giao từ đầu năm."
)
THIRD = (
    "Thời gian tới, chi bộ tiếp tục duy trì nền nếp sinh hoạt, phân công đảng viên phụ trách nhóm "
    "hộ và nhân rộng những cách làm đã được bà con đồng tình trong công việc hằng ngày."
)
CAPTION = "Đảng viên thôn Hòa Bình dọn vệ sinh đường làng"
OTHER = "Phú Cường nhân rộng mô hình tự quản về an ninh trật tự"
DUMP = """Array
(
    [0] => Array
        (
            [news_id] => 4711
            [news_title] => Xã Hòa An: Học Bác từ những việc nhỏ
        )

    [1] => Array
        (
            [news_id] => 4690
            [news_title] => Hội nghị (mở rộng) lần thứ 5
        )

)
"""
KEPT = [
    ("title", TITLE),
    ("lead", SAPO),
    ("paragraph", FIRST),
    ("caption", CAPTION),
    ("heading", "Lan tỏa trong dân"),
    ("paragraph", SECOND),
    ("paragraph", THIRD),
]

NEWS_SITE = f"""<!DOCTYPE html><html><head><title>{TITLE} - Báo Vạn Xuân điện tử</title>
<meta property="og:title" content="{TITLE}"><meta property="og:type" content="article">
<meta property="article:published_time" content="2021-03-08T10:15:00+07:00">
<link rel="canonical" href="https://baovanxuan.example/hoc-bac-4711.html">
<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "{TITLE}",
"datePublished": "2021-03-08", "author": {{"@type": "Person", "name": "Thu Hà"}}}}</script></head>
<body class="page-detail"><header class="site-header"><a href="/"><img src="logo.png"></a>
<span>Thứ Sáu, 10/7/2025, 09:52:10 GMT+7</span>
<nav><ul><li><a href="/ct">Chính trị</a></li><li><a href="/kt">Kinh tế</a></li></ul></nav></header>
<div class="container"><div class="col-8"><ol class="breadcrumb"><li>Trang chủ</li></ol>
<h1 class="detail-title">{TITLE}</h1><div class="detail-time">Thứ Hai, 08/03/2021 | 10:15</div>
<div class="social-share">Chia sẻ Facebook Zalo</div><h2 class="detail-sapo">{SAPO}</h2>
<div class="detail-content"><p>{FIRST}</p>
<figure><img src="a.jpg"><figcaption>{CAPTION}</figcaption></figure>
<h3>Lan tỏa trong dân</h3><p>{SECOND}</p>
<ul class="tin-lien-quan"><li><a href="1">{OTHER}</a></li></ul><p>{THIRD}</p><!--dump-->
<p style="text-align:right"><strong>THU HÀ</strong></p></div>
<div class="tags">Từ khóa: <a href="t">học Bác</a></div>
<div class="box-comment"><h3>Ý kiến bạn đọc</h3><form><input></form></div>
<div class="box-related"><h3>Tin cùng chuyên mục</h3><a href="2">{OTHER} 2</a>
<p>Sáng 22/11, xã Phú Cường tổ chức hội nghị nhân rộng mô hình tự quản tại tất cả các thôn.</p>
</div></div><div class="sidebar"><h4>Đọc nhiều</h4><a href="3">{OTHER} 3</a></div></div>
<footer>Bản quyền thuộc Báo Vạn Xuân. Tổng Biên tập: Trần Văn Mẫu</footer></body></html>"""

TABLES = f"""<html><head><title>Báo Vạn Xuân</title></head><body><form id="aspnetForm">
<table width=1000><tr><td colspan=2><img src=banner.jpg></td></tr><tr><td width=200><table>
<tr><td><a href=a>Chính trị</a></td></tr><tr><td><a href=b>Kinh tế</a></td></tr></table></td>
<td><table><tr><td><span class="tieude">{TITLE}</span></td></tr>
<tr><td><span class="ngay">08/03/2021 10:15</span></td></tr><tr><td><b>{SAPO}</b></td></tr>
<tr><td><div id="noidung">{FIRST}<br><br><table align=center><tr><td><img src=1.jpg></td></tr>
<tr><td>{CAPTION}</td></tr></table><br><b>Lan tỏa trong dân</b><br>{SECOND}<br><br>{THIRD}<br>
<!--dump--><div align=right><b>Thu Hà</b></div></div></td></tr>
<tr><td><b>Các tin khác</b><br><a href=1>{OTHER} (05/03)</a><br><a href=2>{OTHER} 2</a></td></tr>
</table></td></tr><tr><td colspan=2>Cơ quan chủ quản: Tỉnh ủy Vạn Xuân</td></tr></table></form>"""

WORDPRESS = f"""<html><head><title>{TITLE} | Vạn Xuân Online</title>
<meta property="og:site_name" content="Vạn Xuân Online"></head>
<body class="single has-sidebar"><div id="page"><h1 class="site-title">Vạn Xuân Online</h1>
<main><article class="post"><header class="entry-header"><h1 class="entry-title">{TITLE}</h1>
<div class="entry-meta">Posted on <time datetime="2021-03-08T10:15:00+07:00">08/03/2021</time>
by <span class="author">admin</span></div></header><div class="entry-content">
<div class="kk-star-ratings">Rate this post</div><p>{SAPO}</p><p>{FIRST}</p>
<div class="wp-caption"><img src="b.jpg"><p class="wp-caption-text">{CAPTION}</p></div>
<p><strong>Lan tỏa trong dân</strong></p><p>{SECOND}</p><p><em>{THIRD}</em></p><!--dump-->
<p><strong>HỒ MẪU</strong></p><div class="sharedaddy"><h3>Share this:</h3></div></div></article>
<div id="comments"><h3>Leave a Reply</h3><p>Your email address will not be published.</p></div>
</main></div><aside><h3>Recent Posts</h3><a href="x">{OTHER}</a></aside></body></html>"""

BARE = f"""<html><head><title>{TITLE}</title></head><body><p>Trang chủ &gt; Xây dựng Đảng</p>
<h1>{TITLE}</h1><p>08/03/2021 | 10:15</p><p>{SAPO}</p><p>{FIRST}</p>
<p align="center"><img src="1.jpg"><br><i>{CAPTION}</i></p><p><b>Lan tỏa trong dân</b></p>
<p>{SECOND}</p><p>{THIRD}</p><!--dump--><p>Bài, ảnh: THU HÀ</p><p>Viết bình luận mới</p>
<p>Tin cùng chuyên mục</p><p><a href="1">{OTHER}</a></p></body></html>"""

PORTAL = f"""<html><head><title>{TITLE}</title><meta name="description" content="{SAPO}"></head>
<body><div id="wrapper"><div class="menu-top"><a href="/">Trang nhất</a> <a href="/a">Tin tức</a>
</div><div class="news_column"><h1 class="title margin-bottom-lg">{TITLE}</h1>
<span class="h5">Thứ ba - 20/10/2020 09:41</span><ul class="list-inline"><li>In ra</li></ul>
<div class="hometext">{SAPO}</div><div id="news-bodyhtml"><div>{FIRST}</div><div>&nbsp;</div>
<div style="text-align:center"><img src="c.jpg"></div>
<div style="text-align:center">{CAPTION}</div>
<div><strong>Lan tỏa trong dân</strong></div><div>{SECOND}</div><div>{THIRD}</div><!--dump--></div>
<p class="text-right"><strong>Tác giả:</strong> Lê Thị Mẫu</p>
<p class="text-right"><strong>Nguồn tin:</strong> Đảng ủy xã Hòa An</p></div>
<div class="news_column"><p>Tổng số điểm của bài viết là: 0 trong 0 đánh giá</p></div>
<div class="news_column other-news"><p><strong>Những tin mới hơn</strong></p>
<ul><li><a href="2">{OTHER}</a> <em>(12/05/2022)</em></li></ul></div></div></body></html>"""

DESIGNS = {
    "news site": NEWS_SITE,
    "tables": TABLES,
    "WordPress": WORDPRESS,
    "bare paragraphs": BARE,
    "portal": PORTAL,
}


def draft(source: str, url: str | None = None) -> Draft:
    return cut(Page("a.html", "html", source, "", "utf-8", url=url))


def kept(source: str) -> list[tuple[str, str]]:
    return [(piece.role, piece.text) for piece in draft(source).pieces if piece.kept]


def removed(source: str) -> str:
    return "\n".join(piece.raw_text for piece in draft(source).pieces if not piece.kept)


# --- designs ------------------------------------------------------------------------------


@pytest.mark.parametrize("source", DESIGNS.values(), ids=DESIGNS.keys())
def test_every_design_gives_the_same_article(source: str) -> None:
    assert kept(source) == KEPT


@pytest.mark.parametrize("source", DESIGNS.values(), ids=DESIGNS.keys())
def test_datelines_and_bylines_are_told_apart(source: str) -> None:
    roles = [piece.role for piece in draft(source).pieces]
    assert roles.count("dateline") == 1
    assert 1 <= roles.count("author") <= 2


@pytest.mark.parametrize("source", DESIGNS.values(), ids=DESIGNS.keys())
def test_what_was_removed_is_in_the_ledger(source: str) -> None:
    ledger = removed(source)
    for text in ("Phú Cường", "Bản quyền", "10/7/2025", "Leave a Reply", "Tỉnh ủy Vạn Xuân"):
        assert source.count(text) == 0 or text in ledger


LEAKS = {
    "pre": f"<pre>{DUMP}</pre>",
    "escaped": "<pre>" + DUMP.replace(">", "&gt;") + "</pre>",
    "div": f"<div>{DUMP}</div>",
    "bare": DUMP,
    "flat": f"<div>{' '.join(DUMP.split())}</div>",
    "two": f"<pre>{DUMP}{DUMP}</pre>",
}


@pytest.mark.parametrize("leak", LEAKS.values(), ids=LEAKS.keys())
@pytest.mark.parametrize("source", DESIGNS.values(), ids=DESIGNS.keys())
def test_leaked_dumps_are_cut_out(source: str, leak: str) -> None:
    page = source.replace("<!--dump-->", leak)
    found = draft(page)
    assert [(p.role, p.text) for p in found.pieces if p.kept] == KEPT
    dumped = [p for p in found.pieces if p.role == "php_dump"]
    assert len(dumped) == len(found.dumps) >= 1
    for piece in dumped:
        assert page[piece.raw_start : piece.raw_end] == piece.raw_text
    assert sum(len(dump.entries) for dump in found.dumps) == 2 * len(found.dumps)


def test_tables_of_data_become_lines() -> None:
    table = (
        "<table><tr><th>Năm</th><th>Hộ nghèo</th></tr>"
        "<tr><td><p>2020</p></td><td><p>12</p></td></tr><tr><td>2021</td><td>7</td></tr></table>"
    )
    texts = [text for _, text in kept(NEWS_SITE.replace("<h3>", table + "<h3>"))]
    assert texts[4:7] == ["Năm | Hộ nghèo", "2020 | 12", "2021 | 7"]


def test_lists_are_paragraphs() -> None:
    items = "<ul><li>Hiến 1.200 m2 đất làm đường</li><li>Giúp 12 hộ thoát nghèo</li></ul>"
    lines = kept(NEWS_SITE.replace("<h3>", items + "<h3>"))
    assert lines[4:6] == [
        ("paragraph", "Hiến 1.200 m2 đất làm đường"),
        ("paragraph", "Giúp 12 hộ thoát nghèo"),
    ]


def test_a_dump_whose_lines_became_paragraphs_is_one() -> None:
    lines = "".join(f"<p>{text.replace('>', '&gt;')}</p>\n" for text in DUMP.strip().split("\n"))
    found = draft(BARE.replace("<!--dump-->", lines))
    assert [(p.role, p.text) for p in found.pieces if p.kept] == KEPT
    assert [entry[0] for entry in found.dumps[0].entries] == [
        ("news_id", "4711"),
        ("news_id", "4690"),
    ]


def test_a_box_beside_the_text_is_kept() -> None:
    box = "<aside class=box><p>Toàn xã có 18 chi bộ, 412 đảng viên, 25 mô hình dân vận.</p></aside>"
    texts = [text for _, text in kept(NEWS_SITE.replace("<!--dump-->", box))]
    assert texts[-1].startswith("Toàn xã có 18 chi bộ")


def test_numbers_of_two_elements_do_not_run_together() -> None:
    page = BARE.replace("08/03/2021 | 10:15", "<i>08/03/2021 10:15</i><b>1319 lượt xem</b>")
    assert [p.raw_text for p in draft(page).pieces if p.role == "dateline"] == [
        "08/03/2021 10:15 1319 lượt xem"
    ]


def test_a_title_in_a_page_header_is_no_furniture() -> None:
    page = NEWS_SITE.replace(
        f'<h1 class="detail-title">{TITLE}</h1>',
        f'<div class="page-header"><h2>{TITLE}</h2></div>',
    )
    assert kept(page) == KEPT


def test_no_break_spaces_are_mended_and_noted() -> None:
    page = NEWS_SITE.replace("Chi bộ thôn", "Chi bộ&nbsp;thôn")
    piece = next(p for p in draft(page).pieces if p.text == FIRST)
    assert [(r.start_char, r.before, r.after) for r in piece.repairs] == [(6, "\u00a0", " ")]


def test_a_title_only_the_tags_know() -> None:
    page = NEWS_SITE.replace(f'<h1 class="detail-title">{TITLE}</h1>', "")
    found = draft(page)
    assert found.pieces[0].role == "title"
    assert (found.pieces[0].text, found.pieces[0].rule) == (TITLE, "clean/title-markup")


@pytest.mark.parametrize(
    ("stated", "title"),
    [
        ("Báo Vạn Xuân Online - Nông nghiệp - Hòa An được mùa lúa", "Hòa An được mùa lúa"),
        ("baovanxuan.vn | Hòa An được mùa lúa", "Hòa An được mùa lúa"),
        ("Báo Vạn Xuân - 60 năm một chặng đường", "Báo Vạn Xuân - 60 năm một chặng đường"),
        ("Báo Vạn Xuân điện tử - Thời sự", "Báo Vạn Xuân điện tử"),
    ],
)
def test_the_sites_name_before_a_title(stated: str, title: str) -> None:
    assert list(markup.titles({"title": (stated,)})) == [title]


def test_tags() -> None:
    tags = draft(NEWS_SITE).tags
    assert tags["article:published_time"] == ("2021-03-08T10:15:00+07:00",)
    assert tags["ld:datePublished"] == ("2021-03-08",)
    assert tags["ld:author"] == ("Thu Hà",)
    assert tags["canonical"] == ("https://baovanxuan.example/hoc-bac-4711.html",)


def test_no_caption_and_no_related_news_where_names_wrap_the_article() -> None:
    page = NEWS_SITE.replace('class="detail-content"', 'class="share-content print" id="sidebar"')
    assert kept(page) == KEPT


# --- pages that hold no article -----------------------------------------------------------

ITEMS = "".join(
    f"<div class=item><h3><a href=/{n}>Tin số {n} về xây dựng Đảng ở xã Hòa An</a></h3>"
    f"<p>Ngày {n}/8, xã Hòa An tổ chức hội nghị sơ kết công tác xây dựng Đảng của quý.</p></div>"
    for n in range(1, 13)
)
HOME = f"<html><head><title>Báo Vạn Xuân</title></head><body><div>{ITEMS}</div></body></html>"


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("", "no_text"),
        ("<html><body><div><a href=/>Trang chủ</a></div></body></html>", "no_text"),
        (HOME, "listing"),
        (
            "<form><h2>Đăng nhập</h2><label>Tên đăng nhập</label><input>"
            "<label>Mật khẩu</label><input type=password></form>",
            "login",
        ),
        (
            "<title>404 Not Found</title><h1>404</h1>"
            "<p>Xin lỗi, trang bạn yêu cầu không tồn tại hoặc đã bị xóa.</p>",
            "error_page",
        ),
        (
            "<h1>Không tìm thấy trang</h1><p>Trang bạn đang tìm không tồn tại. Có thể đường dẫn "
            "đã thay đổi hoặc bài viết đã bị gỡ khỏi hệ thống của chúng tôi.</p>",
            "error_page",
        ),
        (
            "<html><head><meta property=og:type content=video.other></head><body>"
            "<h1>Thời sự tối 5/6</h1><p>Mời quý vị theo dõi chương trình Thời sự của Đài Vạn Xuân "
            "tối nay.</p></body></html>",
            "video",
        ),
        ("<html><body>" + "<div>" * 100_000 + f"<p>{FIRST}</p>", "no_text"),
        ("<html><body>" + "<span>" * 100_000 + FIRST, "no_text"),
    ],
)
def test_pages_without_an_article(source: str, code: str) -> None:
    with pytest.raises(NotAnArticle) as caught:
        draft(source)
    assert caught.value.code == code
    assert caught.value.detail


def test_a_home_page_by_its_address() -> None:
    with pytest.raises(NotAnArticle) as caught:
        draft(HOME, url="https://baovanxuan.example/")
    assert caught.value.code == "home_page"


def test_a_short_article_is_an_article() -> None:
    text = "Sáng 5/6, đoàn viên xã Hòa An ra quân dọn vệ sinh, trồng 300 cây xanh."
    page = f"<h1>{TITLE}</h1><div class=content><p>{text}</p><p>T.H</p></div>"
    assert kept(page) == [("title", TITLE), ("lead", text)]


def test_a_short_article_above_a_row_of_other_news_is_an_article() -> None:
    news = "".join(f"<p><a href={n}>{OTHER} số {n}</a></p>" for n in range(8))
    page = f"<h1>{TITLE}</h1><div class=content><p>{SAPO}</p><p>{FIRST}</p>{news}</div>"
    assert kept(page) == [("title", TITLE), ("lead", SAPO), ("paragraph", FIRST)]


def test_deeply_nested_text_is_still_read() -> None:
    page = "<html><body>" + "<div>" * 600 + f"<h1>{TITLE}</h1><p>{FIRST}</p><p>{SECOND}</p>"
    assert [text for _, text in kept(page)] == [TITLE, FIRST, SECOND]
    assert draft(page).method == "paragraphs"


# --- properties ---------------------------------------------------------------------------

PARTS = [
    "<p>", "</p>", "<div class=share>", "</div>", "<table><tr><td>", "</table>", "<br>", "<b>",
    "</b>", "<h1>", "</h1>", "<ul class=related><li>", "<a href=1>", "</a>", "<script>", "<pre>",
    "</script>", "<!--", "-->", "<style>", "&nbsp;", "&#0;", "&#1;", "&#xb;", "&gt;",
    "\ufdd0", "\ufdd03\ufdd1", "⟦3⟧", "\x00", "<meta property=og:title content=x>",
    "<?xml version='1.0' encoding='utf-8'?>",
    "<script type='application/ld+json'>{\"a\": [1, {\"author\": \"x\"}]}</script>", "<o:p>",
    "<title>", "</title>", "<img>", "<svg>", "<form>", "<html>", "<body>", "</body>", "<frameset>",
    FIRST, SECOND, TITLE, DUMP, "THU HÀ", "Tin cùng chuyên mục", "08/03/2021 10:15", "x",
]  # fmt: skip
SOURCES = st.lists(st.sampled_from(PARTS), max_size=40).map("".join)


@given(SOURCES | st.text(max_size=200))
@example("<script type='application/ld+json'>" + "[" * 100_000 + "</script>")
@example("<title>" + " - " * 10_000 + "</title><p>" + FIRST)
@example("⟦3⟧" + FIRST)
@example(f"<h1>{TITLE}</h1><p>{FIRST}</p><p>a&#1;b&#xb;c</p><p>{SECOND}</p>")
def test_no_page_raises_anything_but_not_an_article(source: str) -> None:
    with contextlib.suppress(NotAnArticle):
        found = draft(source)
        assert any(piece.kept for piece in found.pieces)
        for piece in found.pieces:
            assert piece.kept == (piece.role in TEXT_ROLES)
            assert "⟦" not in piece.text or "⟦" in source
            assert "\ufdd0" not in piece.text + piece.raw_text


@pytest.mark.parametrize(
    "unit",
    [
        "<div>x", "<table><tr><td>x", "<ul class=related><li>tin", "x<br>", f"<p>{FIRST}</p>",
        "<div class=share><p>x</p>", f"<h3><a href=1>{OTHER}</a></h3><p>{SAPO}</p>", "<h1>x</h1>",
    ],
)  # fmt: skip
def test_ten_times_the_page_costs_at_most_twenty_times_the_time(unit: str) -> None:
    small = unit * (3_000 // len(unit))

    def cost(source: str) -> float:
        start = time.process_time()
        with contextlib.suppress(NotAnArticle):
            draft(source)
        return time.process_time() - start

    cost(small)
    assert min(cost(small * 10) for _ in range(2)) <= 20 * min(cost(small) for _ in range(5))


@pytest.mark.parametrize("entry", lexicon.read("layout", markup.Markup), ids=lambda e: e.id)
def test_markup_proves_itself(entry: markup.Markup) -> None:
    for name in entry.examples:
        assert entry in markup.named(name), name
    for name in entry.excluded:
        assert entry not in markup.named(name), name
