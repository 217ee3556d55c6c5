"""CRF models as crfsuite writes them, and the feature templates that their attributes come from."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

_TEMPLATE: Final = re.compile(
    r"T\[(?P<first>-?\d+)(?:,(?P<last>-?\d+))?\](?:\[(?P<column>\d+)\])?(?:\.(?P<function>\w+))?"
)
_FEATURE: Final = np.dtype([("kind", "<u4"), ("source", "<u4"), ("to", "<u4"), ("weight", "<f8")])
_TRANSITION: Final = 1  # the kind of a feature from label to label; 0 is from attribute to label


class ModelError(RuntimeError):
    """A model that cannot be read: which file, what was seen there, and what to do."""


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """The weights of a CRF: [attribute, label] and [from label, to label]."""

    labels: tuple[str, ...]
    attributes: dict[str, int]
    weights: NDArray[np.float64]
    transitions: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Template:
    """Which strings of a column an attribute is made of: `T[-1,0][1].lower`.

    >>> Template.parse("T[-1,0][1].lower")
    Template(name='T[-1,0][1].lower', column=1, first=-1, last=0, function='lower')
    """

    name: str  # as attributes begin
    column: int
    first: int
    last: int
    function: str | None

    @classmethod
    def parse(cls, name: str) -> Template:
        match = _TEMPLATE.fullmatch(name)
        if match is None:
            raise ModelError(f"{name!r} is no feature template such as 'T[-1,0].lower'")
        first = int(match["first"])
        last = first if match["last"] is None else int(match["last"])
        return cls(name, int(match["column"] or 0), first, last, match["function"])

    @property
    def width(self) -> int:
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class Traits:
    """What templates' functions ask of a string.

    Parts joined by spaces must be title exactly if each part is, and lower case part by part.
    """

    title: Callable[[str], bool]
    digit: Callable[[str], bool]
    dictionary: Collection[str]  # of lower-case strings

    def value(self, function: str | None, text: str) -> str:
        """The string after the `=` of an attribute."""
        match function:
            case None:
                return text
            case "lower":
                return text.lower()
            case "istitle":
                return str(self.title(text))
            case "isdigit":
                return str(self.digit(text))
            case "is_in_dict":
                return str(text.lower() in self.dictionary)
        raise ModelError(f"unknown function {function!r} in a feature template")


def read_model(path: Path) -> Model:
    """The model in a crfsuite file. Raises ModelError if there is none, or one of another kind."""
    try:
        data = path.read_bytes()
        magic, _, kind, version, _, labels, attributes, *at = struct.unpack_from("<4sI4s9I", data)
        if (magic, kind, version) != (b"lCRF", b"FOMC", 100):
            raise ModelError(f"{path} is no crfsuite model of version 100; it begins {data[:16]!r}")
        names = _quarks(data, at[1], labels)
        attribute_ids = {name: n for n, name in enumerate(_quarks(data, at[2], attributes))}
        (count,) = struct.unpack_from("<I", data, at[0] + 8)
        features = np.frombuffer(data, _FEATURE, count, at[0] + 12)
    except FileNotFoundError:
        raise ModelError(f"there is no CRF model at {path}") from None
    except (struct.error, ValueError) as error:
        raise ModelError(f"{path} is not a whole crfsuite model: {error}") from error
    moves = features["kind"] == _TRANSITION
    transitions = np.zeros((labels, labels))
    transitions[features["source"][moves], features["to"][moves]] = features["weight"][moves]
    weights = np.zeros((attributes, labels))
    weights[features["source"][~moves], features["to"][~moves]] = features["weight"][~moves]
    weights[np.abs(weights) <= 1e-10] = 0.0  # as underthesea's reader does
    return Model(tuple(names), attribute_ids, weights, transitions)


def _quarks(data: bytes, at: int, count: int) -> list[str]:
    """The strings of the constant quark database at `at`, by their numbers."""
    magic, _, _, _, size, backward = struct.unpack_from("<4s5I", data, at)
    if magic != b"CQDB" or size < count:
        raise ValueError(f"no table of {count} strings at byte {at}")
    strings: list[str] = []
    for offset in struct.unpack_from(f"<{count}I", data, at + backward):
        (length,) = struct.unpack_from("<I", data, at + offset + 4)
        start = at + offset + 8
        strings.append(data[start : start + length - 1].decode())  # without the closing NUL
    return strings
