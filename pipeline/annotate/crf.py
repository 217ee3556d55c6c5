"""Linear-chain CRFs in crfsuite's file format, decoded for many sequences at once with NumPy.

Fast because no template reads the tag being predicted: what a string contributes at an offset is
the same wherever it stands. Each string of a column gets a code, each code a row of weights; an
n-gram's row is found by the codes of its parts. A sequence's emissions are then sums of rows, and
Viterbi runs over all sequences of a block together.

Right because strings share a code only if no template can tell them apart, so codes and rows are
bounded by the model, however long the text; and because where two paths come within rounding of
each other, the sequence is decoded anew in crfsuite's own order of addition (`_decode_exactly`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations, pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pipeline.annotate.crfsuite import Model, ModelError, Template, Traits
from pipeline.annotate.memory import Memory

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_BLOCK: Final = 200  # sequences decoded together: the work of a step fits the processor's cache
_REMEMBERED: Final = 200_000  # strings of a column whose codes are remembered, some 20 MB
_NEAR: Final = 1e-7  # paths closer than this are decided exactly; sums differ by 1e-9 at most


class Tagger:
    """Tags sequences with a model's labels, many at a time.

    `templates` are the model's, in the order in which crfsuite adds their weights; a column that
    is one string everywhere stands in `constant`. Unless tokens are `spaced`, a known n-gram is
    made of tokens in one way only, which makes loading a large dictionary three times as fast.
    """

    def __init__(
        self,
        model: Model,
        templates: Sequence[str],
        traits: Traits,
        constant: Mapping[int, str] | None = None,
        *,
        spaced: bool = True,
    ) -> None:
        self.labels = model.labels
        self._names = np.array(model.labels, dtype=object)
        self._templates = [Template.parse(name) for name in templates]
        self._traits, self._constant = traits, dict(constant or {})
        self._weights = _Weights(model, self._templates)
        self._transitions = model.transitions
        self._before = max(0, *(-t.first for t in self._templates))
        self._after = max(0, *(t.last for t in self._templates))
        self._columns = {
            c: _Column(self._weights, [t for t in self._templates if t.column == c], traits, spaced)
            for c in sorted({t.column for t in self._templates} - self._constant.keys())
        }
        self._fixed = self._fixed_rows()

    def tag(self, columns: Sequence[Sequence[str]], sizes: Ints) -> list[str]:
        """The label of each token, as `decode` finds it."""
        names: list[str] = self._names[self.decode(columns, sizes)].tolist()
        return names

    def decode(self, columns: Sequence[Sequence[str]], sizes: Ints) -> Ints:
        """The number of the label of each token.

        `columns` hold the tokens of all sequences, end to end, and `sizes` the sequences' lengths,
        one at least, none of them 0.
        """
        starts = np.cumsum(sizes) - sizes
        codes = {c: column.encode(columns[c]) for c, column in self._columns.items()}
        tags = np.empty(int(sizes.sum()), dtype=np.int64)
        order = np.argsort(-sizes, kind="stable")  # sequences of like length decode together
        for at in range(0, len(order), _BLOCK):
            block = order[at : at + _BLOCK]
            near = self._decode(codes, starts[block], sizes[block], tags)
            for start, size in zip(starts[block][near], sizes[block][near], strict=True):
                tags[start : start + size] = self._decode_exactly(columns, int(start), int(size))
        return tags

    def _decode(
        self, codes: Mapping[int, Ints], starts: Ints, sizes: Ints, tags: Ints
    ) -> NDArray[np.bool_]:
        """Writes the tags of a block of sequences, longest first; True where two paths are near.

        Tokens are held by time, all first ones, then all second ones ..., so that a step of
        Viterbi works on neighbours in memory.
        """
        before, after = self._before, self._after
        row = np.repeat(np.arange(len(sizes)), sizes)
        position = np.arange(len(row)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        by_time = np.lexsort((row, position))
        row, position = row[by_time], position[by_time]
        token = starts[row] + position

        # A column's codes with `before` and `after` places around each sequence.
        bases = np.cumsum(sizes + before + after) - sizes - after
        place = bases[row] + position
        total = int(sizes.sum()) + len(sizes) * (before + after)
        left = sizes[row] - position - 1
        emissions = self._fixed[np.minimum(position, before), np.minimum(left, after)]
        for c, column_codes in codes.items():
            padded = np.full(total, _EOS)
            padded[bases[:, None] - np.arange(1, before + 1)] = _BOS
            padded[place] = column_codes[token]
            self._columns[c].add(emissions, padded, place)
        tags[token], near = _viterbi(emissions, self._transitions, sizes)
        return near

    def _fixed_rows(self) -> Floats:
        """What constant columns add, by the tokens before and after (as many as templates see)."""
        shape = (self._before + 1, self._after + 1, len(self.labels))
        rows = np.zeros(shape)
        for before, after in np.ndindex(shape[:2]):
            for t in self._templates:
                if (text := self._constant.get(t.column)) is not None:
                    parts = [text] * (before + 1 + after)
                    rows[before, after] += self._weights.of(t, self._value(t, parts, before))
        return rows

    def _value(self, t: Template, column: Sequence[str], at: int) -> str:
        """The value of a template for the token at `at` of one sequence."""
        if at + t.first < 0:
            return "BOS"
        if at + t.last >= len(column):
            return "EOS"
        text = " ".join(column[at + t.first : at + t.last + 1])
        return self._traits.value(t.function, text)

    def _decode_exactly(self, columns: Sequence[Sequence[str]], start: int, size: int) -> Ints:
        """One sequence's tags, weights added token by token in the templates' order."""
        of = {c: columns[c][start : start + size] for c in self._columns}
        of |= {c: [text] * size for c, text in self._constant.items()}
        emissions = np.zeros((size, len(self.labels)))
        seen: dict[tuple[object, ...], Floats] = {}  # by all that the templates read
        for at in range(size):
            first, last = max(0, at - self._before), at + self._after + 1
            window = (at - first, *(tuple(column[first:last]) for column in of.values()))
            if window not in seen:
                seen[window] = np.zeros(len(self.labels))
                for t in self._templates:
                    seen[window] += self._weights.of(t, self._value(t, of[t.column], at))
            emissions[at] = seen[window]
        scores, came_from = emissions[0], []
        for emission in emissions[1:]:
            paths = scores[:, None] + self._transitions
            came_from.append(paths.argmax(axis=0))
            scores = paths.max(axis=0) + emission
        tags = [int(scores.argmax())]
        for step in reversed(came_from):
            tags.append(int(step[tags[-1]]))
        return np.array(tags[::-1])


def _viterbi(emissions: Floats, transitions: Floats, sizes: Ints) -> tuple[Ints, NDArray[np.bool_]]:
    """The best label of each token (held by time), and which sequences have another path near.

    Of equal scores the label with the lower number wins, as in crfsuite.
    """
    active = np.searchsorted(-sizes, -np.arange(sizes[0]))  # at each time, the longer sequences
    offsets = np.cumsum(active) - active
    scores = np.ascontiguousarray(emissions.T)  # [label, token]
    into = np.ascontiguousarray(transitions.T)[:, :, None]  # [to, from, 1]
    for t in range(1, len(active)):
        n, before, now = active[t], offsets[t - 1], offsets[t]
        scores[:, now : now + n] += (scores[None, :, before : before + n] + into).max(axis=1)

    best = np.empty(len(emissions), dtype=np.int64)
    last = offsets[sizes - 1] + np.arange(len(sizes))
    best[last] = scores[:, last].argmax(axis=0)
    for t in range(len(active) - 2, -1, -1):
        n, now, after = active[t + 1], offsets[t], offsets[t + 1]
        paths = scores[:, now : now + n] + transitions[:, best[after : after + n]]
        best[now : now + n] = paths.argmax(axis=0)

    # Every choice once more, all at once: was it made by more than rounding?
    follower = np.arange(len(best)) + np.repeat(active, active)
    follower[last] = last
    choices = scores + transitions[:, best[follower]]
    choices[:, last] = scores[:, last]
    close = (choices >= choices.max(axis=0) - _NEAR).sum(axis=0) > 1
    near = np.zeros(len(sizes), dtype=np.bool_)
    near[(np.arange(len(best)) - np.repeat(offsets, active))[close]] = True
    return best, near


class _Weights:
    """A model's weights by template and value."""

    def __init__(self, model: Model, templates: Iterable[Template]) -> None:
        self.values: dict[str, dict[str, int]] = {t.name: {} for t in templates}
        self.rows = model.weights
        for attribute, number in model.attributes.items():
            name, _, value = attribute.partition("=")
            if name not in self.values:
                raise ModelError(f"the model's attribute {attribute!r} belongs to no template")
            self.values[name][value] = number
        self._nothing = np.zeros(len(model.labels))

    def of(self, template: Template, value: str) -> Floats:
        number = self.values[template.name].get(value)
        return self._nothing if number is None else self.rows[number]


# --- the strings of a column as codes, and codes as rows of weights --------------------------

_BOS: Final = 0  # the codes of places before and after a sequence
_EOS: Final = 1


class _Numbers(dict[str, int]):
    """Strings numbered from 1 as they come."""

    def __missing__(self, text: str) -> int:
        number = self[text] = len(self) + 1
        return number

    def of(self, texts: Iterable[str]) -> Ints:
        return np.fromiter(map(self.__getitem__, texts), np.int64)


class _Column:
    """Codes for the strings of one column, and the rows that its templates add.

    Two strings have one code if they are alike to every template: the same known string, or both
    unknown with the same known lower case and the same traits.
    """

    def __init__(
        self, weights: _Weights, templates: Sequence[Template], traits: Traits, spaced: bool
    ) -> None:
        self._weights, self._traits = weights, traits
        self._single = [t for t in templates if t.width == 1]
        self._offsets = sorted({t.first for t in self._single})
        self._parts = _Numbers()  # of the known strings and the parts of known n-grams
        for t in self._single:
            if t.function in (None, "lower"):
                self._parts.of(weights.values[t.name])
        groups: dict[tuple[int, int], list[Template]] = {}
        for t in templates:
            if t.width > 1:
                groups.setdefault((t.width, _kind(t)), []).append(t)
        self._ngrams = [
            _NGrams(weights, group, traits, self._parts, spaced) for group in groups.values()
        ]
        for ngrams in self._ngrams:
            ngrams.seal(len(self._parts) + 1)

        self._signatures: dict[tuple[int, int, bool, bool, bool], int] = {}
        self._codes = Memory(self._code, _REMEMBERED)
        self._parts_of = np.zeros((len(_KINDS), 1024), dtype=np.int64)  # [kind, code]
        self._rows = np.zeros((len(self._offsets), 1024, weights.rows.shape[1]))
        for t in self._single:
            at = self._offsets.index(t.first)
            self._rows[at, _BOS] += weights.of(t, "BOS")
            self._rows[at, _EOS] += weights.of(t, "EOS")

    def encode(self, strings: Sequence[str]) -> Ints:
        """The codes of strings; alike ones have the same."""
        return np.fromiter(map(self._codes.__getitem__, strings), np.int64, len(strings))

    def add(self, emissions: Floats, padded: Ints, place: Ints) -> None:
        """Add to each token's emissions the rows of what stands around its place."""
        for offset, rows in zip(self._offsets, self._rows, strict=True):
            emissions += rows.take(padded[place + offset], axis=0)
        for ngrams in self._ngrams:
            ngrams.add(emissions, padded, self._parts_of, place)

    def _code(self, text: str) -> int:
        """The code of a string; a new one if none was like it before."""
        lower = text.lower()
        exact, in_lower_case = self._parts.get(text, 0), self._parts.get(lower, 0)
        title, digit = self._traits.title(text), self._traits.digit(text)
        signature = (exact, in_lower_case, title, digit, lower in self._traits.dictionary)
        code = self._signatures.get(signature)
        if code is None:
            code = len(self._signatures) + 2
            if code >= self._rows.shape[1]:
                self._parts_of = np.concatenate([self._parts_of, np.zeros_like(self._parts_of)], 1)
                self._rows = np.concatenate([self._rows, np.zeros_like(self._rows)], 1)
            rows = np.zeros_like(self._rows[:, code])
            for t in self._single:
                value = self._traits.value(t.function, text)
                rows[self._offsets.index(t.first)] += self._weights.of(t, value)
            self._rows[:, code] = rows
            self._parts_of[:, code] = exact, in_lower_case, title
            self._signatures[signature] = code  # last: a time limit may end this at any line
        return code


# What tells n-grams apart: their exact parts, their parts in lower case, or whether all are title.
_KINDS: Final = ("exact", "lower", "title")
_UNKNOWN, _AT_BOS, _AT_EOS, _TRUE, _FIRST_KNOWN = range(5)  # rows of n-grams


def _kind(template: Template) -> int:
    kind = {None: 0, "lower": 1, "is_in_dict": 1, "istitle": 2}.get(template.function)
    if kind is None:
        raise ModelError(f"{template.name}: only single strings can have .{template.function}")
    return kind


class _NGrams:
    """The rows of a column's n-grams of one width and kind, found by the codes of their parts."""

    def __init__(
        self,
        weights: _Weights,
        templates: Sequence[Template],
        traits: Traits,
        parts: _Numbers,
        spaced: bool,
    ) -> None:
        self._width, self._kind = templates[0].width, _kind(templates[0])
        self._offsets = sorted({t.first for t in templates})
        flags = {t.name for t in templates if t.function in ("istitle", "is_in_dict")}
        known: dict[str, int] = {}
        for t in templates:
            if t.name not in flags:
                for value in weights.values[t.name]:
                    known.setdefault(value, len(known) + _FIRST_KNOWN)
        self._rows = np.zeros(
            (len(self._offsets), len(known) + _FIRST_KNOWN, weights.rows.shape[1])
        )
        in_dictionary = np.array([value in traits.dictionary for value in known], dtype=bool)
        for t in templates:
            rows = self._rows[self._offsets.index(t.first)]
            rows[_AT_BOS] += weights.of(t, "BOS")
            rows[_AT_EOS] += weights.of(t, "EOS")
            if t.name in flags:
                rows[_UNKNOWN] += weights.of(t, "False")
                rows[_TRUE] += weights.of(t, "True")
                rows[_FIRST_KNOWN:][~in_dictionary] += weights.of(t, "False")
                rows[_FIRST_KNOWN:][in_dictionary] += weights.of(t, "True")
            else:
                values = weights.values[t.name]
                rows[[known[v] for v in values]] += weights.rows[list(values.values())]
        if any(t.function == "is_in_dict" for t in templates):
            known = dict.fromkeys(traits.dictionary, _TRUE) | known
        self._sparse = not self._rows[:, _UNKNOWN].any()
        self._splits, self._ids = _all_splits(known, self._width, parts, spaced)

    def seal(self, base: int) -> None:
        """Make the table, now that the parts of all n-grams are numbered below `base`."""
        self._base = base
        self._table = _Table(self._key(list(self._splits.T)), self._ids)

    def add(self, emissions: Floats, padded: Ints, parts_of: Ints, place: Ints) -> None:
        """Add each n-gram's row to the emissions of the tokens that see it."""
        parts = parts_of[self._kind].take(padded)
        size = len(padded) - self._width + 1
        windows = [parts[i : size + i] for i in range(self._width)]
        if self._kind == _KINDS.index("title"):
            ids = np.minimum.reduce(windows) * _TRUE
        else:
            ids = self._table.find(self._key(windows))
        ids[padded[self._width - 1 :] <= _EOS] = _AT_EOS
        ids[padded[:size] == _BOS] = _AT_BOS
        for offset, rows in zip(self._offsets, self._rows, strict=True):
            seen = ids[place + offset]
            if self._sparse:
                hits = np.flatnonzero(seen)
                emissions[hits] += rows.take(seen[hits], axis=0)
            else:
                emissions += rows.take(seen, axis=0)

    def _key(self, parts: Sequence[Ints]) -> Ints:
        key = parts[0]
        for part in parts[1:]:
            key = key * self._base + part
        return key


def _all_splits(
    known: Mapping[str, int], width: int, parts: _Numbers, spaced: bool
) -> tuple[Ints, Ints]:
    """The ways to make known strings of `width` parts: [split, part], and the strings' numbers."""
    whole: list[str] = []
    numbers: list[int] = []
    for text, number in known.items():
        words = text.split(" ")
        if len(words) == width:
            whole += words
            numbers.append(number)
        elif spaced and len(words) > width:
            for pieces in _splits(words, width):
                whole += pieces
                numbers.append(number)
    return parts.of(whole).reshape(-1, width), np.array(numbers, dtype=np.int64)


def _splits(words: Sequence[str], width: int) -> Iterable[list[str]]:
    """All ways to make words joined by spaces of `width` strings.

    >>> list(_splits(["Đảng", "ủy", "Khối"], 2))
    [['Đảng', 'ủy Khối'], ['Đảng ủy', 'Khối']]
    """
    for cuts in combinations(range(1, len(words)), width - 1):
        edges = (0, *cuts, len(words))
        yield [" ".join(words[a:b]) for a, b in pairwise(edges)]


class _Table:
    """Finds numbers for distinct keys, a whole array at once: a hash table with buckets."""

    def __init__(self, keys: Ints, values: Ints) -> None:
        self._shift = np.uint64(64 - max(4, (2 * len(keys)).bit_length()))
        slots = self._slots(keys)
        order = np.argsort(slots, kind="stable")
        self._probes = int(np.bincount(slots).max()) if len(keys) else 0
        end = [-1] * (self._probes + 1)
        self._keys = np.append(keys[order], end)
        self._values = np.append(values[order], end)
        self._first = np.searchsorted(slots[order], np.arange(1 << (64 - int(self._shift))))

    def find(self, keys: Ints) -> Ints:
        """The number of each key, 0 for an unknown one."""
        at = self._first[self._slots(keys)]
        found = np.zeros_like(keys)
        for _ in range(self._probes):
            hit = self._keys[at] == keys
            found[hit] = self._values[at[hit]]
            at += 1
        return found

    def _slots(self, keys: Ints) -> Ints:
        return ((keys.astype(np.uint64) * _GOLDEN) >> self._shift).astype(np.int64)


_GOLDEN: Final = np.uint64(0x9E3779B97F4A7C15)  # 2**64 over the golden ratio: spreads keys
