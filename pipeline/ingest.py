"""The program as one paragraph: what is new is cleaned, then annotated, and all of it stored.

Finished work is kept in parts beside the warehouse, so that a run that is killed goes on where it
was and unchanged sources are never read twice. The warehouse is a function of the sources alone:
workers, batch size, order and restarts do not change a byte of its exports.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Final

import pyarrow as pa

from pipeline import batch, engines, finish, lexicon, plan
from pipeline.across import models
from pipeline.batch import CLEANED, File, Item, Options, Tables
from pipeline.clean import territories
from pipeline.limits import no_collections
from pipeline.plan import Task
from pipeline.read import corpus as corpora
from pipeline.read.corpus import Corpus, CorpusError
from pipeline.records import Capture, Failure, Page
from pipeline.resume import IngestError, Survey, Workplace, code_version, digest
from pipeline.schedule import Engine, run
from pipeline.store import warehouse as store
from pipeline.store.tables import TABLES, from_arrow
from pipeline.store.warehouse import Contents

# Called with the name of a stage, how many pages are done, and how many there are (None: unknown).
Progress = Callable[[str, int, int | None], None]

# Pages a batch: large enough to fill the tagger's arrays, small enough that little is lost.
BATCH: Final = 128
# Bytes a batch: what is in flight stays within some batches of this size, however long pages are.
BATCH_BYTES: Final = 8 << 20
# From this many new pages on, a pool of processes pays for its start.
LARGE: Final = 200


@dataclass(frozen=True, slots=True)
class Summary:
    """What the warehouse holds of the corpus after a run."""

    corpus: str
    database: Path
    counts: dict[str, int]  # "articles" -> 34, ...
    failures: dict[str, tuple[int, str]]  # code -> how many, and one of them in words
    vanished: list[str]  # source paths that are no longer there


def ingest(
    root: Path | str,
    database: Path | None = None,
    *,
    options: Options = Options(),  # noqa: B008  (frozen)
    workers: int | None = None,
    scheduler: str | None = None,
    prune: bool = False,
    batch_size: int = BATCH,
    progress: Progress = lambda stage, done, total: None,
) -> Summary:
    """Make the warehouse hold what the folder or archive at `root` holds now.

    Articles whose source has vanished stay, unless `prune`. Raises CorpusError, IngestError or
    WarehouseError where it cannot work; the warehouse then is as it was, and what was finished
    is not done again.
    """
    started = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    # Absolute, because workers may have another working directory.
    root = root if "://" in str(root) else Path(root).absolute()
    corpus = _loaded(Path(root))
    database = (database or Path("build") / corpus.name / "warehouse.duckdb").absolute()
    place = Workplace.of(database, corpus, options)
    with _explained(database), place.alone():
        place.sweep()
        survey = Survey.of(place)
        new = _batches(survey.new_items(root, corpus), batch_size)
        first = list(islice(new, -(-LARGE // batch_size)))
        engine = _engine(sum(map(len, first)), workers, scheduler)

        clean = partial(_clean, place=place, corpus=corpus, options=options)
        lost = partial(_lost, place=place)
        for part_id, captures in run(engine, clean, chain(first, new), lost):
            survey.add(part_id, captures)
            progress("Cleaning", len(survey.listed), None)
        survey.close_containers()

        goal = _goal(root, database, corpus, survey, options, prune)
        if not goal.reached:
            tasks = plan.tasks(survey)
            todo = [(task,) for task in tasks if not place.annotated.holds(task.annotated_id)]
            annotate = partial(_annotate, place=place, options=options)
            alone = partial(_annotate_one_by_one, place=place, options=options, engine=engine)
            for done, _ in enumerate(run(engine, annotate, todo, alone), start=1):
                progress("Annotating", done, len(todo))

            progress("Storing", 0, None)
            place.keep_only(
                {task.cleaned_id for task in tasks},
                {task.annotated_id for task in tasks},
                survey.containers,
            )
            _store(database, survey, tasks, goal, started)
    return _summary(database, corpus.name, goal.vanished)


def _loaded(root: Path) -> Corpus:
    corpus = corpora.load(root)
    for province in corpus.provinces():
        if territories.find(province) is None:
            raise CorpusError(
                f'{root / corpora.FILE_NAME}: no province is called "{province}"; give one of the '
                "63 or 34, such as Bình Định, or leave it out"
            )
    return corpus


# --- the two stages, as run by a worker ---------------------------------------------------


@no_collections()
def _clean(
    items: tuple[Item, ...], place: Workplace, corpus: Corpus, options: Options
) -> tuple[str, list[Capture]]:
    """Clean a batch into a part; its name and the pages in it."""
    return _kept(place, batch.clean(items, corpus, options))


def _lost(item: Item, place: Workplace) -> tuple[str, list[Capture]]:
    """The part of a page that ended its worker: a failure."""
    return _kept(place, batch.given_up(item))


def _kept(place: Workplace, tables: Tables) -> tuple[str, list[Capture]]:
    captures = from_arrow(Capture, tables["captures"])
    failures = from_arrow(Failure, tables["failures"])
    part_id = digest(
        *(f"{c.source_path} {c.content_hash}" for c in captures), *(repr(f) for f in failures)
    )
    place.cleaned.write(part_id, tables)
    return part_id, captures


@no_collections()
def _annotate(tasks: tuple[Task, ...], place: Workplace, options: Options) -> None:
    """Annotate cleaned parts into parts of their own."""
    for task in tasks:
        tables = batch.annotate(_cleaned(place, task), task.repeated, options)
        place.annotated.write(task.annotated_id, tables)


def _annotate_one_by_one(task: Task, place: Workplace, options: Options, engine: Engine) -> None:
    """Annotate a part that ended its worker by articles, to lose only the one at fault."""
    cleaned = _cleaned(place, task)
    keys = dict.fromkeys(cleaned["captures"]["article_id"].to_pylist())
    work = partial(_annotate_some, task=task, place=place, options=options)
    lost = partial(_unannotated, cleaned=cleaned)
    results = list(run(engine, work, [(key,) for key in keys], lost))
    names = sorted({name for tables in results for name in tables})
    merged = {n: pa.concat_tables([t[n] for t in results if n in t]) for n in names}
    place.annotated.write(task.annotated_id, merged)


@no_collections()
def _annotate_some(
    keys: tuple[str | None, ...], task: Task, place: Workplace, options: Options
) -> Tables:
    return batch.annotate(batch.only(_cleaned(place, task), keys), task.repeated, options)


def _unannotated(key: str | None, cleaned: Tables) -> Tables:
    return batch.unannotated(batch.only(cleaned, (key,)))


def _cleaned(place: Workplace, task: Task) -> Tables:
    names = [TABLES[record] for record in CLEANED]
    tables = {name: place.cleaned.read(task.cleaned_id, name) for name in names}
    return {name: table for name, table in tables.items() if table is not None}


# --- where to work, and on how much at once -----------------------------------------------


def _engine(new: int, workers: int | None, scheduler: str | None) -> Engine:
    """As asked, else here for small work and on all cores for large."""
    if scheduler:
        return engines.Cluster(scheduler)
    if workers is None:
        workers = len(os.sched_getaffinity(0)) if new >= LARGE else 1
    return engines.Processes(workers) if workers > 1 else engines.Here()


def _batches(items: Iterable[Item], size: int) -> Iterator[tuple[Item, ...]]:
    """Batches of so many items at most, and no more bytes than BATCH_BYTES but for one item."""
    group: list[Item] = []
    weight = 0
    for item in items:
        more = _bytes(item)
        if group and (len(group) == size or weight + more > BATCH_BYTES):
            yield tuple(group)
            group, weight = [], 0
        group.append(item)
        weight += more
    if group:
        yield tuple(group)


def _bytes(item: Item) -> int:
    """About how many bytes an item has, as far as known without reading it."""
    if isinstance(item, Page):
        return len(item.content)
    return item.size if isinstance(item, File) else 0


@contextmanager
def _explained(database: Path) -> Iterator[None]:
    """A disk that is full or cannot be read, as a letter to a person."""
    try:
        yield
    except OSError as error:
        raise IngestError(
            f"{error}. {database} is as it was; what was finished is kept. See to the cause, "
            "then run the same again."
        ) from error


# --- what is stored -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Goal:
    """What the warehouse is to hold of the corpus after the run."""

    version: str
    decided: Mapping[str, str]  # by the researcher: a written name -> its model
    vanished: list[str]  # source paths the warehouse holds and the corpus does not
    stay: list[str]  # those of them that stay
    reached: bool


def _goal(
    root: Path | str,
    database: Path,
    corpus: Corpus,
    survey: Survey,
    options: Options,
    prune: bool,
) -> _Goal:
    before = _stored(database, corpus.name)
    vanished = sorted(before.pages - survey.listed.keys())
    stay = [] if prune else vanished
    decided = models.read_decisions(Path(root) / "models.toml")
    version = digest(
        code_version(),
        lexicon.content_hash(),
        repr((options, corpus, sorted(decided.items()), stay)),
        *(f"{path} {content_hash}" for path, content_hash, _ in survey.pages()),
    )
    return _Goal(version, decided, vanished, stay, version == before.version)


def _store(
    database: Path, survey: Survey, tasks: list[Task], goal: _Goal, started: datetime
) -> None:
    """Write the warehouse: the pages of the survey, and those that stay."""
    cleaned = survey.contents()
    annotated = {task.cleaned_id: task.annotated_id for task in tasks}
    part_ids = [annotated[part_id] for part_id in cleaned.pages["part_id"].to_pylist()]
    pages = cleaned.pages.set_column(0, "part_id", pa.array(part_ids, pa.string()))
    row = {
        "run_id": digest(goal.version, started.isoformat()),
        "corpus": cleaned.corpus,
        "started_at": started,
        "finished_at": datetime.now(UTC).replace(tzinfo=None, microsecond=0),
        "code_version": code_version(),
        "lexicon_hash": lexicon.content_hash(),
        "corpus_version": goal.version,
    }
    store.write(
        database,
        Contents(cleaned.corpus, survey.place.annotated, pages),
        goal.stay,
        partial(finish.complete, decided=goal.decided, run=row),
    )


@dataclass(frozen=True, slots=True)
class _Stored:
    """What the warehouse held of the corpus before."""

    version: str | None
    pages: set[str]


def _stored(database: Path, corpus: str) -> _Stored:
    if not database.exists():
        return _Stored(None, set())
    with store.connect(database) as warehouse:
        versions = warehouse.query(
            "select corpus_version from runs where corpus = $corpus order by finished_at desc",
            {"corpus": corpus},
        )
        pages = warehouse.query(
            "select source_path from captures where corpus = $corpus", {"corpus": corpus}
        )
    return _Stored(versions[0][0] if versions else None, {path for (path,) in pages})


def _summary(database: Path, corpus: str, vanished: list[str]) -> Summary:
    counts = {
        "pages": "captures where corpus = $corpus",
        "articles": "articles where corpus = $corpus",
        "articles with a date": "articles where corpus = $corpus and published_at is not null",
        "articles with a province": "articles where corpus = $corpus and province is not null",
        **{
            words: f"{table} join articles using (article_id) where corpus = $corpus"
            for words, table in (
                ("facts", "facts"),
                ("directives cited", "directive_mentions"),
                ("officials named", "official_mentions"),
                ("models named", "model_mentions"),
                ("units named", "unit_mentions"),
            )
        },
    }
    with store.connect(database) as warehouse:
        numbers = {
            words: warehouse.query(f"select count(*) from {rows}", {"corpus": corpus})[0][0]
            for words, rows in counts.items()
        }
        failures = warehouse.query(
            "select code, count(*), min_by(source_path || ': ' || detail, source_path) "
            "from failures where corpus = $corpus group by code order by code",
            {"corpus": corpus},
        )
    return Summary(
        corpus,
        database,
        numbers,
        {code: (number, example) for code, number, example in failures},
        vanished,
    )
