"""The notebooks, run on a warehouse: pages that need nothing but themselves to be read."""

from __future__ import annotations

import html
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbconvert import HTMLExporter

from pipeline.store import warehouse

NOTEBOOKS: Final = Path(__file__).parents[2] / "notebooks"
# Where a notebook finds its warehouse.
DATABASE: Final = "BAOTINH_DB"
# Seconds that one cell may take.
_PATIENCE: Final = 600
# <img alt="No description has been provided for this image" src="data:image/svg+xml;base64,
_PICTURE: Final = re.compile(r'<img alt="[^"]*"(?= src="data:image/svg)')
# aria-label="Title text 'Half of all first citations ...'"
_FINDING: Final = re.compile(r"aria-label=\"Title text '([^\"]*)'\"")

_PAGE: Final = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ max-width: 62rem; margin: 2rem auto 4rem; padding: 0 1.5rem; color: #222;
  font: 16px/1.5 "Liberation Sans", Arimo, Arial, Helvetica, sans-serif; }}
h1 {{ line-height: 1.2; }}
h2 {{ margin-top: 2.5rem; }}
img {{ max-width: 100%; height: auto; }}
table {{ border-collapse: collapse; font-size: 0.85rem; margin: 1rem 0; }}
th, td {{ padding: 0.25rem 0.6rem; border-bottom: 1px solid #ddd; text-align: left;
  vertical-align: top; }}
pre {{ font-size: 0.8rem; line-height: 1.4; overflow-x: auto; }}
.input_area pre {{ background: #f6f6f6; padding: 0.6rem 0.8rem; border-radius: 4px; }}
.output_area {{ margin: 1rem 0; overflow-x: auto; }}
.prompt, .anchor-link {{ display: none; }}
{style}
</style>
</head>
<body>
{body}
</body>
</html>
"""


class NotebookError(Exception):
    """A notebook did not run through; the message says which one, and where it stopped."""


def render(database: Path, to: Path, notebooks: Path = NOTEBOOKS) -> Iterator[Path]:
    """Run every notebook on the warehouse at `database`; one HTML page each in `to`, as they end.

    Raises WarehouseError if there is no warehouse, NotebookError if there is nothing in it to draw
    or a notebook does not end well.
    """
    with warehouse.connect(database) as data:
        if not data.query("select 1 from articles where published_at is not null limit 1"):
            raise NotebookError(f"{database} holds no article with a date: nothing to draw")
    to.mkdir(parents=True, exist_ok=True)
    for path in sorted(notebooks.glob("*.ipynb")):
        page = to / f"{path.stem}.html"
        page.write_text(as_html(executed(path, database)), "utf-8")
        yield page


def executed(path: Path, database: Path) -> nbformat.NotebookNode:
    """The notebook with its outputs, from a kernel of its own; the file stays as it is."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=_PATIENCE,
        resources={"metadata": {"path": str(path.parent)}},
        extra_arguments=["--log-level=ERROR"],  # that a loopback port is not encrypted is no news
    )
    try:
        client.execute(env=os.environ | {DATABASE: str(database.resolve())})
    except CellExecutionError as error:
        raise NotebookError(f"{path.name} stopped with {error.ename}: {error.evalue}") from error
    except (CellTimeoutError, DeadKernelError) as error:
        raise NotebookError(f"{path.name} stopped: {error}") from error
    return notebook


def as_html(notebook: nbformat.NotebookNode) -> str:
    """A notebook as one page: style and pictures inside, no script, nothing to fetch."""
    body, resources = HTMLExporter(template_name="basic").from_notebook_node(notebook)
    findings = iter([_finding(picture) for picture in pictures(notebook)])
    body = _PICTURE.sub(lambda _: f'<img alt="{next(findings)}"', body)
    style = "\n".join(resources["inlining"]["css"])  # colours of the code
    return _PAGE.format(title=html.escape(_heading(notebook)), style=style, body=body)


def pictures(notebook: nbformat.NotebookNode) -> list[str]:
    """The charts that a notebook drew, as SVG."""
    outputs: list[Any] = [o for cell in notebook.cells for o in cell.get("outputs", [])]
    return [o.data["image/svg+xml"] for o in outputs if "image/svg+xml" in o.get("data", {})]


def _heading(notebook: nbformat.NotebookNode) -> str:
    """The first line of the first cell, a heading."""
    first: str = notebook.cells[0].source.splitlines()[0]
    return first.lstrip("# ")


def _finding(picture: str) -> str:
    """The title of a chart, escaped as in the picture."""
    titles = _FINDING.findall(picture)
    return titles[-1] if titles else "chart"  # those of its parts come before
