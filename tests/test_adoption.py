"""Adoptions are events of units, counted once; panels tell what was not seen from what was not."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from pipeline import records
from pipeline.store import warehouse
from pipeline.store.parts import Parts
from pipeline.store.tables import to_arrow
from pipeline.store.warehouse import Contents, Warehouse

# Two provinces that became one in 2025, and one that stayed alone.
MAP_OF_34 = {"Tiền Giang": "Đồng Tháp", "Đồng Tháp": "Đồng Tháp", "Sơn La": "Sơn La"}
MODEL = "ngay-thu-bay-vi-dan"


def article(
    article_id: str, province: str | None, published: str | None, *quality: str
) -> records.Article:
    return records.Article(
        article_id=article_id, corpus="c", source_path=f"{article_id}.txt", url=None, outlet=None,
        outlet_evidence=None, province=province, province_2025=MAP_OF_34.get(province or ""),
        province_evidence=None, title=None, lead=None, author=None,
        published_at=datetime.fromisoformat(published) if published else None,
        published_evidence=None, cms_news_id=None, text="", content_hash="", quality=quality,
        extraction_method="lines",
    )  # fmt: skip


def mention(
    article_id: str, adopter: str | None = None, started_on: str | None = None, at: int = 0,
    model_id: str = MODEL,
) -> dict[str, Any]:  # fmt: skip
    found = records.ModelMention(
        article_id=article_id, sentence_id=at, surface="", start_char=at, end_char=at,
        name=model_id, model_type=None, adopter=adopter, status=None,
        started_on=date.fromisoformat(started_on) if started_on else None, rule="",
    )  # fmt: skip
    return asdict(found) | {"model_id": model_id}


def unit(article_id: str, surface: str, unit_id: str | None, at: int = 0) -> records.UnitMention:
    return records.UnitMention(
        article_id=article_id, sentence_id=at, surface=surface, start_char=at, end_char=at,
        name=surface, unit_id=unit_id, unit_type="dang_uy", level=None, territory=None,
        parent=None, rule="",
    )  # fmt: skip


def copy(article_id: str, cluster_id: str, direction: str) -> dict[str, Any]:
    return {
        "article_id": article_id, "cluster_id": cluster_id, "parent_article_id": None,
        "similarity": 0.9, "direction": direction,
    }  # fmt: skip


class World:
    """A warehouse of a few articles, asked by the views."""

    def __init__(
        self,
        folder: Path,
        articles: Sequence[records.Article],
        mentions: Sequence[dict[str, Any]],
        units: Sequence[records.UnitMention] = (),
        copies: Sequence[dict[str, Any]] = (),
    ) -> None:
        def fill(open_warehouse: Warehouse) -> None:
            open_warehouse.insert("articles", to_arrow(records.Article, articles))
            open_warehouse.insert("unit_mentions", to_arrow(records.UnitMention, units))
            for table, rows in (("model_mentions", mentions), ("copies", copies)):
                if rows:
                    open_warehouse.insert(table, pa.Table.from_pylist(list(rows)))

        nothing = pa.table({"part_id": [], "source_path": [], "article_id": []})
        self.path = folder / "w.duckdb"
        warehouse.write(self.path, Contents("c", Parts(folder / "parts"), nothing), [], fill)

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        with warehouse.connect(self.path) as open_warehouse:
            return open_warehouse.query(sql)

    def adoptions(self, columns: str) -> list[tuple[Any, ...]]:
        return self.ask(f"select {columns} from model_adoptions order by all")

    def panel(self, columns: str, view: str = "adoption_panel") -> list[tuple[Any, ...]]:
        return self.ask(f"select {columns} from {view} order by all")


# --- adoptions ----------------------------------------------------------------------------


def test_an_adoption_is_one_however_often_it_is_reported(tmp_path: Path) -> None:
    world = World(
        tmp_path,
        [article("a", "Sơn La", "2020-03-05"), article("b", "Sơn La", "2019-06-01")],
        [mention("a", "Chi bộ bản Mòn"), mention("a", "Chi bộ bản Mòn", at=7),
         mention("b", "chi bộ bản Mòn")],
    )  # fmt: skip
    found = world.adoptions(
        "province, adopter, first_known_on, first_known_basis, article_id, articles, "
        "independent_articles"
    )
    assert found == [("Sơn La", "chi bộ bản Mòn", date(2019, 6, 1), "at most", "b", 2, 2)]


def test_a_stated_start_is_told_from_the_day_of_an_article(tmp_path: Path) -> None:
    world = World(
        tmp_path,
        [article("a", "Sơn La", "2020-03-05"), article("b", "Đồng Tháp", "2020-03-05")],
        [mention("a", "Xã Mòn", "2018-09-01"), mention("b", "Xã Cái", "2021-01-01"),
         mention("b", "Xã Cái", at=9)],
    )  # fmt: skip
    assert world.adoptions("province, first_known_on, first_known_basis, sentence_id") == [
        ("Sơn La", date(2018, 9, 1), "stated", 0),
        ("Đồng Tháp", date(2020, 3, 5), "at most", 9),
    ]


def test_of_two_reasons_for_one_day_the_stated_one_counts(tmp_path: Path) -> None:
    articles = [article("a", "Sơn La", "2020-03-05")]
    world = World(tmp_path, articles, [mention("a"), mention("a", None, "2020-03-05", at=4)])
    assert world.adoptions("first_known_basis, sentence_id") == [("stated", 4)]


def test_a_copy_is_counted_but_adopts_nothing(tmp_path: Path) -> None:
    world = World(
        tmp_path,
        [article("a", "Sơn La", "2020-03-05"), article("b", "Tiền Giang", "2020-03-09")],
        [mention("a", "Xã Mòn"), mention("b", "Xã Mòn"), mention("b", "Xã khác", at=5)],
        copies=[copy("a", "a", "original"), copy("b", "a", "copy")],
    )
    assert world.adoptions("province, adopter, articles, independent_articles") == [
        ("Sơn La", "Xã Mòn", 2, 1)
    ]


def test_of_copies_without_direction_the_place_is_not_guessed(tmp_path: Path) -> None:
    copies = [copy("a", "a", "unknown"), copy("b", "a", "unknown")]
    mentions = [mention("a", "Xã Mòn"), mention("b", "Xã Mòn")]
    (tmp_path / "apart").mkdir()
    apart = World(
        tmp_path / "apart",
        [article("a", "Sơn La", "2020-03-05"), article("b", "Tiền Giang", "2020-03-05")],
        mentions, copies=copies,
    )  # fmt: skip
    assert apart.adoptions("province, province_2025, articles") == [(None, None, 2)]
    assert apart.panel("model_id") == []
    agreed = World(
        tmp_path, [article("a", None, None), article("b", "Sơn La", "2020-03-05")],
        mentions, copies=copies,
    )  # fmt: skip
    assert agreed.adoptions("province, first_known_on, article_id, independent_articles") == [
        ("Sơn La", date(2020, 3, 5), "b", 1)
    ]


def test_a_machine_rewritten_page_is_no_evidence(tmp_path: Path) -> None:
    world = World(
        tmp_path,
        [article("a", None, None, "machine_rewritten"), article("b", "Sơn La", "2020-03-05"),
         article("z", "Sơn La", "2020-04-01", "machine_rewritten")],
        [mention("a", "Đảng ủy Kế hoạch"), mention("b", "Đảng ủy Khối"),
         mention("z", "Xã Mòn", model_id="quay-hang-khong-dong")],
        copies=[copy("a", "a", "unknown"), copy("b", "a", "unknown")],
    )  # fmt: skip
    assert world.adoptions("model_id, province, adopter, articles, independent_articles") == [
        (MODEL, "Sơn La", "Đảng ủy Khối", 2, 1)
    ]


def test_an_adopter_is_the_unit_that_the_article_means(tmp_path: Path) -> None:
    world = World(
        tmp_path,
        [article(a, "Sơn La", "2020-03-05") for a in "abcd"],
        [mention("a", "Đảng ủy xã"), mention("b", "Đảng ủy xã"), mention("c", "Đảng ủy xã Mòn"),
         mention("d", "Đảng ủy xã", at=3)],
        [unit("a", "Đảng ủy xã", "dang-uy-xa-mon", at=8), unit("b", "Đảng ủy xã", "dang-uy-xa-lo"),
         unit("c", "Đảng ủy xã Mòn", "dang-uy-xa-mon"),
         unit("d", "Đảng ủy xã", "dang-uy-xa-mon"), unit("d", "Đảng ủy xã", "dang-uy-xa-lo", at=9)],
    )  # fmt: skip
    assert world.adoptions("adopter_id, adopter, independent_articles") == [
        ("dang-uy-xa-lo", "Đảng ủy xã", 1),
        ("dang-uy-xa-mon", "Đảng ủy xã", 2),
        (None, "Đảng ủy xã", 1),  # one of two: nobody knows which
    ]


# --- panels -------------------------------------------------------------------------------


def test_no_article_is_not_no_adoption(tmp_path: Path) -> None:
    world = World(
        tmp_path,
        [article("a", "Sơn La", "2020-01-20"), article("b", "Sơn La", "2020-03-01"),
         article("c", "Sơn La", "2020-05-31"), article("d", "Tiền Giang", None)],
        [mention("b", "Xã Mòn")],
    )  # fmt: skip
    assert world.panel("province, month, articles, covered, adopted, at_risk") == [
        ("Sơn La", date(2020, 1, 1), 1, True, False, True),
        ("Sơn La", date(2020, 2, 1), 0, False, False, False),
        ("Sơn La", date(2020, 3, 1), 1, True, True, True),
        ("Sơn La", date(2020, 4, 1), 0, False, False, False),
        ("Sơn La", date(2020, 5, 1), 1, True, False, False),
        *(("Tiền Giang", date(2020, m, 1), 0, False, False, False) for m in range(1, 6)),
    ]
    assert world.ask(
        "select distinct province, undated_articles from adoption_panel order by all"
    ) == [("Sơn La", 0), ("Tiền Giang", 1)]


def test_what_began_before_the_corpus_is_there_from_its_first_month(tmp_path: Path) -> None:
    world = World(
        tmp_path,
        [article("a", "Sơn La", "2020-01-20"), article("b", "Tiền Giang", "2020-02-01")],
        [mention("a", "Xã Mòn", "2014-03-01")],
    )
    columns = "province, adopted, at_risk, cumulative_adopters, cumulative_provinces"
    assert world.panel(f"month, first_adoption_month, first_adoption_basis, {columns}") == [
        (date(2020, m, 1), date(2014, 3, 1), "stated", "Sơn La", False, False, 1, 1) if here
        else (date(2020, m, 1), None, None, "Tiền Giang", False, m == 2, 0, 1)
        for m in (1, 2) for here in (True, False)
    ]  # fmt: skip


def test_who_may_have_adopted_without_a_date_is_not_known_to_be_at_risk(tmp_path: Path) -> None:
    world = World(
        tmp_path,
        [article("a", "Sơn La", "2020-01-20"), article("b", "Sơn La", "2020-02-20"),
         article("c", "Sơn La", "2020-03-20"), article("d", "Sơn La", None)],
        [mention("d", "Xã Mòn"), mention("b", "Xã Lò")],
    )  # fmt: skip
    assert world.panel("month, undated_adoption, adopted, at_risk, cumulative_adopters") == [
        (date(2020, 1, 1), True, False, None, 0),
        (date(2020, 2, 1), True, True, None, 1),
        (date(2020, 3, 1), True, False, False, 1),
    ]


def test_an_unnamed_adopter_counts_only_alone(tmp_path: Path) -> None:
    world = World(
        tmp_path,
        [article("a", "Sơn La", "2020-01-20"), article("b", "Sơn La", "2020-02-20"),
         article("c", "Sơn La", "2020-03-20")],
        [mention("a"), mention("b", "Xã Mòn"), mention("c", "Xã Lò"), mention("c", "xã mòn", at=2)],
    )  # fmt: skip
    assert world.panel("cumulative_adopters") == [(1,), (1,), (2,)]


def test_merged_provinces_are_never_counted_twice(tmp_path: Path) -> None:
    world = World(
        tmp_path,
        [article("a", "Đồng Tháp", "2020-01-20"), article("b", "Tiền Giang", "2020-02-20"),
         article("c", "Tiền Giang", "2020-02-25"), article("d", "Đồng Tháp", "2020-02-28")],
        [mention("a", "Tỉnh đoàn"), mention("b", "Tỉnh đoàn"), mention("c")],
        [unit("a", "Tỉnh đoàn", "tinh-doan"), unit("b", "Tỉnh đoàn", "tinh-doan")],
    )  # fmt: skip
    columns = "month, articles, adopted, at_risk, cumulative_adopters, cumulative_provinces"
    assert world.panel(f"province, {columns}") == [
        ("Tiền Giang", date(2020, 1, 1), 0, False, False, 0, 1),
        ("Tiền Giang", date(2020, 2, 1), 2, True, True, 1, 2),
        ("Đồng Tháp", date(2020, 1, 1), 1, True, True, 1, 1),
        ("Đồng Tháp", date(2020, 2, 1), 1, False, False, 1, 2),
    ]
    assert world.panel(f"province_2025, {columns}", "adoption_panel_2025") == [
        ("Đồng Tháp", date(2020, 1, 1), 1, True, True, 1, 1),
        ("Đồng Tháp", date(2020, 2, 1), 3, False, False, 1, 1),
    ]


def test_views_without_dates_are_empty(tmp_path: Path) -> None:
    world = World(tmp_path, [article("a", "Sơn La", None)], [mention("a", "Xã Mòn")])
    assert world.adoptions("first_known_on, first_known_basis") == [(None, None)]
    assert world.panel("model_id") == []


# --- against a slow and simple reading ----------------------------------------------------


def months(first: date, last: date) -> Iterable[date]:
    for number in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        yield date(number // 12, number % 12 + 1, 1)


def slow_panel(
    articles: Sequence[records.Article], mentions: Sequence[dict[str, Any]], place: str
) -> list[tuple[Any, ...]]:
    """The panel cell by cell, straight from its definition, for articles without copies."""
    of = {a.article_id: a for a in articles}
    days = [a.published_at.date() for a in articles if a.published_at]
    rows: list[tuple[Any, ...]] = []
    known: dict[tuple[str, str], list[tuple[date | None, str | None]]] = {}
    for m in mentions:
        source = of[m["article_id"]]
        if province := getattr(source, place):
            day = m["started_on"] or (source.published_at and source.published_at.date())
            adopter = m["adopter"] and m["adopter"].lower()
            known.setdefault((m["model_id"], province), []).append((day, adopter))
    for model in {model for model, _ in known}:
        firsts = {
            p: min(d for d, _ in found if d).replace(day=1)
            for (name, p), found in known.items()
            if name == model and any(d for d, _ in found)
        }
        for province in {p for a in articles if (p := getattr(a, place))}:
            found = known.get((model, province), [])
            undated = any(all(d is None for d, w in found if w == who) for _, who in found)
            first = firsts.get(province)
            for month in months(min(days), max(days)):
                seen = [
                    a for a in articles
                    if getattr(a, place) == province
                    and a.published_at and a.published_at.date().replace(day=1) == month
                ]  # fmt: skip
                past = [w for d, w in found if d and d.replace(day=1) <= month]
                named = len({w for w in past if w})
                risk: bool | None = bool(seen) and not (first and first < month)
                rows.append((
                    model, province, month, len(seen), first, first == month,
                    None if risk and undated else risk,
                    named or min(len(past), 1), sum(f <= month for f in firsts.values()),
                ))  # fmt: skip
    return sorted(rows, key=str)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    ("place", "view"),
    [("province", "adoption_panel"), ("province_2025", "adoption_panel_2025")],
)
def test_a_panel_is_what_its_definition_says(
    tmp_path: Path, seed: int, place: str, view: str
) -> None:
    chance = random.Random(seed)

    def day(first: int) -> str:
        return (
            f"{chance.randint(first, 2021)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
        )

    articles = [
        article(
            f"a{n}", chance.choice([*MAP_OF_34, None]), chance.choice([day(2019), day(2020), None])
        )
        for n in range(12)
    ]
    mentions = [
        mention(f"a{chance.randrange(12)}", chance.choice(["Xã Mòn", "xã mòn", "Xã Lò", None]),
                chance.choice([None, None, day(2017)]), n, chance.choice(["m", "n"]))
        for n in range(10)
    ]  # fmt: skip
    world = World(tmp_path, articles, mentions)
    columns = (
        f"model_id, {place}, month, articles, first_adoption_month, adopted, at_risk, "
        "cumulative_adopters, cumulative_provinces"
    )
    found = sorted(world.panel(columns, view), key=str)
    assert found == slow_panel(articles, mentions, place)
    assert found


# --- the sample ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "view"),
    [("province", "adoption_panel"), ("province_2025", "adoption_panel_2025")],
)
def test_the_sample_spreads(sample: Path, place: str, view: str) -> None:
    with warehouse.connect(sample) as data:
        ((cells, distinct, events, lost),) = data.query(
            f"""
            select count(*), count(distinct (model_id, {place}, month)), count_if(adopted),
                count_if(at_risk and not covered)
            from {view}
            """
        )
        ((firsts,),) = data.query(
            f"""
            select count(*) from (
                select min(date_trunc('month', first_known_on)) as month from model_adoptions
                where {place} is not null group by model_id, {place}
            ) where month between (select min(month) from coverage)
                and (select max(month) from coverage)
            """
        )
        wide = data.query(
            f"select model_id from model_adoptions group by model_id "
            f"having count(distinct {place}) >= 4"
        )
    assert cells == distinct > 0
    assert events == firsts > 0
    assert lost == 0
    assert len(wide) >= 6
