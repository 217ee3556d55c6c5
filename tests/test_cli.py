from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from pipeline.cli import main

ROOT = Path(__file__).parents[1]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, catch_exceptions=False)


def test_every_command_teaches_and_is_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    for name, command in main.commands.items():
        assert f"`baotinh {name}" in readme, name
        assert command.help
        for parameter in command.params:
            if isinstance(parameter, click.Option) and parameter.name != "database":
                assert parameter.help or isinstance(parameter.type, click.Path), parameter.name
        assert run(name, "--help").exit_code == 0


def test_the_first_query_of_the_readme_gives_what_it_shows(sample: Path) -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    sql = readme.split('baotinh query "')[1].split('"')[0]
    rows = list(csv.reader(io.StringIO(run("query", sql, "--db", str(sample), "--csv").output)))
    shown = [line.split("│")[1:6] for line in readme.splitlines() if line.count("│") == 6]
    assert len(shown) == len(rows) - 1 > 5
    for (province, surface, _, _, verdict), row in zip(shown, rows[1:], strict=True):
        assert [province.strip(), surface.strip(), verdict.strip()] == [row[0], row[1], row[4]]


def test_ingest_sums_up_and_strict_tells_failures(tmp_path: Path) -> None:
    folder = tmp_path / "bai"
    folder.mkdir()
    (folder / "a.txt").write_text("Xã Hòa An\n\n" + "Xã có 12 chi bộ. " * 20, "utf-8")
    (folder / "b.txt").write_text("", "utf-8")
    arguments = ("ingest", str(folder), "--db", str(tmp_path / "w.duckdb"), "--no-words")
    result = run(*arguments)
    assert result.exit_code == 0
    assert "articles" in result.output
    assert "empty" in result.output
    assert run(*arguments, "--strict").exit_code == 1


def test_query_prints_rows(sample: Path) -> None:
    result = run("query", "select count(*) as n from articles", "--db", str(sample), "--csv")
    ((header,), (number,)) = csv.reader(io.StringIO(result.output))
    assert header == "n"
    assert int(number) > 50


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("query", "select nonsense from nowhere"), "the query failed"),
        (("show", "no such article"), "name an article_id or a part of a path"),
        (("concordance", "("), "is not a regular expression"),
        (("evaluate",), "--gold"),
    ],
)
def test_a_mistake_is_said_without_a_traceback(
    sample: Path, arguments: tuple[str, ...], says: str
) -> None:
    result = run(*arguments, "--db", str(sample))
    assert result.exit_code == 2
    assert says in " ".join(result.output.split())


def test_no_warehouse_says_what_to_do(tmp_path: Path) -> None:
    result = run("query", "select 1", "--db", str(tmp_path / "none.duckdb"))
    assert result.exit_code == 2
    assert "baotinh ingest" in result.output


def test_a_bad_corpus_toml_names_its_key(tmp_path: Path) -> None:
    (tmp_path / "corpus.toml").write_text('outlets = "Báo A"', "utf-8")
    result = run("ingest", str(tmp_path), "--db", str(tmp_path / "w.duckdb"))
    assert result.exit_code == 2
    assert "outlets" in result.output


def test_show_paints_what_was_kept_removed_and_found(sample: Path) -> None:
    result = run("show", "dong-thap/2019", "--db", str(sample))
    assert result.exit_code == 0
    for said in ("title", "boilerplate", "clean/", "facts/", "Officials", "Models"):
        assert said in result.output, said


def test_concordance_is_blind_to_accents_unless_asked(sample: Path) -> None:
    blind = run("concordance", "chi bo", "--db", str(sample), "--csv").output.splitlines()
    exact = run("concordance", "chi bo", "--db", str(sample), "--csv", "--exact").output
    assert len(blind) > 100
    assert len(exact.splitlines()) == 1
    rows = list(csv.DictReader(blind))
    assert {row["keyword"].lower() for row in rows} >= {"chi bộ"}
    ordered = run("concordance", "chi bo", "--db", str(sample), "--csv", "--sort", "right").output
    assert sorted(ordered.splitlines()) == sorted(blind)
    assert ordered.splitlines() != blind


@pytest.mark.parametrize(("layout", "suffix"), [("conllu", ".conllu"), ("vertical", ".vert")])
def test_corpus_formats_are_written(sample: Path, tmp_path: Path, layout: str, suffix: str) -> None:
    arguments = ("--to", str(tmp_path), "--format", layout)
    assert run("export", "--db", str(sample), *arguments).exit_code == 0
    (file,) = tmp_path.iterdir()
    assert file.suffix == suffix
    text = file.read_text("utf-8")
    if layout == "conllu":
        lines = [line for line in text.splitlines() if line and not line.startswith("#")]
        assert lines
        assert all(len(line.split("\t")) == 10 for line in lines)
    else:
        assert text.count("<doc ") == text.count("</doc>") > 50


def test_evaluate_scores_saves_and_compares(sample: Path, tmp_path: Path) -> None:
    gold = tmp_path / "gold.jsonl"
    wanted = {"id": "ket-nap-dang-vien", "title": "Sai", "units": ["Huyện ủy"], "facts": []}
    gold.write_text(json.dumps(wanted), "utf-8")
    saved = tmp_path / "saved.json"
    arguments = ("evaluate", "--gold", str(gold), "--db", str(sample))
    result = run(*arguments, "--save", str(saved), "--errors")
    assert result.exit_code == 0
    assert "units: recall" in result.output
    assert "false alarm" in result.output
    again = run(*arguments, "--against", str(saved))
    assert re.search(r"Gains: 0\s", again.output)


def test_doctor_finds_everything_in_order(sample: Path) -> None:
    result = run("doctor", "--db", str(sample))
    assert result.exit_code == 0
    assert "broken" not in result.output
    assert run("doctor", "--db", "no such file").exit_code == 1
