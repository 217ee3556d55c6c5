"""One command a verb: the only room that prints and reads arguments.

Exit codes: 0 done; 1 findings below a floor, or failures under --strict; 2 wrong usage or input.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from pipeline import doctor as examination
from pipeline import evaluate as evaluation
from pipeline import ingest as ingestion
from pipeline.across.models import ModelsFileError
from pipeline.annotate.crfsuite import ModelError
from pipeline.annotate.segmenters import Segmenter
from pipeline.batch import Options
from pipeline.lexicon import LexiconError
from pipeline.read.corpus import CorpusError
from pipeline.report import concordance as kwic
from pipeline.report import corpus_formats
from pipeline.report import export as exports
from pipeline.report import show as display
from pipeline.report.concordance import PatternError
from pipeline.resume import IngestError
from pipeline.store import warehouse as store

console = Console()
messages = Console(stderr=True)


class Group(click.Group):
    """Commands whose known errors end as a letter to the person, not as a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (
            store.WarehouseError,
            CorpusError,
            LexiconError,
            ModelsFileError,
            PatternError,
            IngestError,
            ModelError,
            evaluation.GoldError,
        ) as error:
            raise click.UsageError(str(error)) from error


def default_database() -> Path:
    """The one warehouse under build/."""
    found = sorted(Path("build").glob("*/warehouse.duckdb"))
    if len(found) != 1:
        listed = ", ".join(map(str, found)) or "none"
        raise click.UsageError(
            f"Which warehouse? Found under build/: {listed}. Name one with --db FILE."
        )
    return found[0]


def database_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--db",
        "database",
        type=click.Path(dir_okay=False, path_type=Path),
        default=default_database,
        help="The warehouse; by default the only one under build/.",
    )(command)


@click.group(cls=Group)
@click.version_option(package_name="baotinh")
def main() -> None:
    """Read Vietnamese provincial party newspapers (báo tỉnh) as data.

    Begin with `baotinh ingest FOLDER`, then ask with `baotinh query "SQL"`, look at one article
    with `baotinh show ARTICLE`, and take CSV files with `baotinh export`.
    """


@main.command()
@click.argument("folder", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--db",
    "database",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The warehouse to write; by default build/<corpus>/warehouse.duckdb.",
)
@click.option(
    "--workers", type=click.IntRange(min=1), help="Processes; by default as fits the work."
)
@click.option("--scheduler", help="A Dask scheduler's address, such as tcp://10.0.0.1:8786.")
@click.option("--no-words", is_flag=True, help="Leave out word segmentation, tags and entities.")
@click.option(
    "--segmenter",
    type=click.Choice(["underthesea", "pyvi"]),
    default="underthesea",
    show_default=True,
    help="The word segmenter; only underthesea's finds entities.",
)
@click.option("--prune", is_flag=True, help="Remove articles whose source has vanished.")
@click.option("--strict", is_flag=True, help="Exit with 1 if any source failed.")
def ingest(
    folder: Path,
    database: Path | None,
    workers: int | None,
    scheduler: str | None,
    no_words: bool,
    segmenter: Segmenter,
    prune: bool,
    strict: bool,
) -> None:
    """Read FOLDER (or one archive) of captures into the warehouse.

    Unchanged sources are not read again, and a run that was stopped goes on where it was. Sources
    that cannot be read become rows of the table `failures`, each with its reason.
    """
    with progress_bar() as advance:
        summary = ingestion.ingest(
            folder,
            database,
            options=Options(words=not no_words, segmenter=segmenter),
            workers=workers,
            scheduler=scheduler,
            prune=prune,
            progress=advance,
        )
    table = Table(title=f"Corpus {summary.corpus}", show_header=False)
    for label, number in summary.counts.items():
        table.add_row(label, f"{number:,}")
    console.print(table)
    if summary.failures:
        reasons = Table("reason", "pages", "for example", title="Pages without an article")
        for code, (number, example) in summary.failures.items():
            reasons.add_row(code, f"{number:,}", example)
        console.print(reasons)
    for path in summary.vanished[:5]:
        messages.print(f"Vanished: {path} (its article is kept; --prune removes it)")
    if len(summary.vanished) > 5:
        messages.print(f"... and {len(summary.vanished) - 5:,} more sources have vanished.")
    console.print(f"Warehouse: {summary.database}")
    if strict and summary.failures:
        sys.exit(1)


@main.command()
@database_option
@click.option("--to", "folder", type=click.Path(file_okay=False, path_type=Path), help="Folder.")
@click.option("--excel", is_flag=True, help="Begin each CSV file with the mark that Excel needs.")
@click.option(
    "--format",
    "layout",
    type=click.Choice(["csv", "conllu", "vertical"]),
    default="csv",
    show_default=True,
    help="CSV files, or the tagged text for corpus tools.",
)
def export(database: Path, folder: Path | None, excel: bool, layout: str) -> None:
    """Write every table and view as CSV, with a codebook and a data package description."""
    folder = folder or database.parent / ("csv-excel" if excel else layout)
    with store.connect(database) as warehouse:
        if layout == "csv":
            files = exports.export(warehouse, folder, excel)
        else:
            files = corpus_formats.export(warehouse, folder, layout)
    console.print(f"{len(files)} files in {folder}")


@main.command()
@click.argument("sql")
@database_option
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")
def query(sql: str, database: Path, as_csv: bool) -> None:
    """Run an SQL query on the warehouse and print its rows."""
    with store.connect(database) as warehouse:
        rows = warehouse.arrow(sql)
    if as_csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(rows.column_names)
        writer.writerows(row.values() for row in rows.to_pylist())
        return
    table = Table(*rows.column_names)
    for row in rows.to_pylist():
        table.add_row(*("" if value is None else display.plain(value) for value in row.values()))
    console.print(table)


@main.command()
@click.argument("article")
@database_option
def show(article: str, database: Path) -> None:
    """Print an article with what was kept, removed and found in it, in colours.

    ARTICLE is an article_id or a part of a source path.
    """
    with store.connect(database) as warehouse:
        for renderable in display.article(warehouse, article):
            console.print(renderable)


@main.command()
@click.argument("pattern")
@database_option
@click.option("--exact", is_flag=True, help="Accents, đ and capitals must be the same.")
@click.option("--width", default=40, show_default=True, help="Characters of context on each side.")
@click.option(
    "--sort",
    type=click.Choice(["text", "left", "right"]),
    default="text",
    show_default=True,
    help="Order: as in the articles, or by the words before or after.",
)
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")
def concordance(
    pattern: str, database: Path, exact: bool, width: int, sort: str, as_csv: bool
) -> None:
    """Show every place where PATTERN (words, or a regular expression) stands, in its context."""
    with store.connect(database) as warehouse:
        lines = kwic.find(warehouse, pattern, exact=exact, width=width, sort=sort)
        if as_csv:
            writer = csv.writer(sys.stdout, lineterminator="\n")
            writer.writerow(kwic.COLUMNS)
            writer.writerows(asdict(line).values() for line in lines)
        else:
            for line in lines:
                console.print(display.keyword_in_context(line, width), no_wrap=True)


@main.command()
@database_option
@click.option("--to", type=click.Path(file_okay=False, path_type=Path))
def notebooks(database: Path, to: Path | None) -> None:
    """Run the notebooks and write each as a page with its charts.

    The pages go beside the warehouse, into notebooks/, unless --to names another folder. They hold
    their pictures: nothing is fetched to show them.
    """
    try:
        from pipeline.report import notebooks as pages  # an extra that other verbs do without
    except ModuleNotFoundError as error:
        raise click.UsageError(
            f"{error.name} is not installed; run `pip install -e '.[notebooks]'`."
        ) from error
    try:
        for page in pages.render(database, to or database.parent / "notebooks"):
            console.print(page)
    except pages.NotebookError as error:
        raise click.ClickException(str(error)) from error


@main.command()
@click.option("--gold", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@database_option
@click.option("--errors", is_flag=True, help="Print every miss and every false alarm.")
@click.option("--save", type=click.Path(dir_okay=False, path_type=Path), help="Keep the findings.")
@click.option(
    "--against",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Findings kept before: print gains and losses.",
)
@click.option("--segmenters", is_flag=True, help="Compare the two word segmenters instead.")
def evaluate(
    gold: Path | None,
    database: Path,
    errors: bool,
    save: Path | None,
    against: Path | None,
    segmenters: bool,
) -> None:
    """Score the warehouse against GOLD, a person's reading of some of its articles."""
    with store.connect(database) as warehouse:
        if segmenters:
            for renderable in display.segmenters(warehouse):
                console.print(renderable)
            return
        if gold is None:
            raise click.UsageError("Name the gold file with --gold FILE, or ask for --segmenters.")
        report = evaluation.evaluate(warehouse, evaluation.read_gold(gold))
    console.print(display.scores(report))
    if errors:
        for finding in report.findings:
            if finding.outcome != "right":
                console.print(display.finding(finding))
    if against:
        before = [evaluation.Finding(**row) for row in json.loads(against.read_text("utf-8"))]
        for title, changed in zip(
            ("Gains", "Losses"),
            evaluation.gains_and_losses(before, report.findings),
            strict=True,
        ):
            console.print(f"{title}: {len(changed)}")
            for finding in changed:
                console.print(display.finding(finding))
    if save:
        rows = [asdict(finding) for finding in sorted(report.findings)]
        save.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", "utf-8")


@main.command()
@click.option("--db", "database", type=click.Path(dir_okay=False, path_type=Path))
def doctor(database: Path | None) -> None:
    """Say whether the parts are installed and the warehouse is readable."""
    checks = examination.examine(database)
    table = Table("part", "state", "")
    for check in checks:
        table.add_row(check.part, "ok" if check.sound else "[bold red]broken[/]", check.detail)
    console.print(table)
    if not all(check.sound for check in checks):
        sys.exit(1)


class TaskRate(ProgressColumn):
    """Pages a second."""

    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:,.0f}/s" if task.speed else "")


@contextmanager
def progress_bar() -> Iterator[ingestion.Progress]:
    """A bar with rate and time left for each stage; silent when nobody watches."""
    if not messages.is_terminal:
        yield lambda stage, done, total: None
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TaskRate(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=messages) as bar:
        tasks: dict[str, Any] = {}

        def advance(stage: str, done: int, total: int | None) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage, total=total)
            bar.update(tasks[stage], completed=done, total=total)

        yield advance
