"""Near-duplicate articles: syndicated, shortened or spun copies of one another.

MinHash signatures (Broder 1997, "On the resemblance and containment of documents") propose pairs
by locality-sensitive hashing; every proposed pair is then compared exactly, so chance decides
nothing: a pair counts if its shingles say so. Clusters are the connected pairs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from operator import itemgetter
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pipeline.vietnamese import fold

# Four syllables are two words or so: long enough to be rare, short enough to survive an edit.
SHINGLE: Final = 4
# Share of shingles in common (Jaccard) from which two articles are one text. A copy of which half
# is reworded by machine has 0.25 to 0.35; two articles about one event stay under 0.2: what they
# share are names of bodies and documents, and a quotation or two.
SAME: Final = 0.25
# A shortened copy shares less of the longer text, but nearly all of its own.
CONTAINED: Final = 0.8
_LEAST: Final = 10  # shingles of a text that can be a copy at all
_BANDS: Final = 100
_ROWS: Final = 3  # proposes 79 % of pairs with a similarity of 0.25, 95 % at 0.31, 9 % at 0.1
_ESTIMATED: Final = 0.17  # three deviations below SAME; less is not worth an exact comparison
_CHUNK: Final = 1 << 16  # pairs estimated at a time

# Which characters are letters and digits; of rare ones, past U+FFFF, none.
_IN_WORDS: Final = np.fromiter(
    (chr(n).isalnum() or chr(n) == "_" for n in range(1 << 16)), dtype=bool, count=1 << 16
)
# Odd numbers, so that multiplying loses nothing; a fixed seed keeps every run the same.
_random = np.random.default_rng(20220812)
_WEIGHTS: Final = _random.integers(0, 1 << 64, 64, dtype=np.uint64) | 1  # of a letter's place
_FACTOR: Final = np.uint64(0x9E3779B97F4A7C15)
_FACTORS: Final = _random.integers(0, 1 << 64, 1024, dtype=np.uint64) | 1
_ROUNDS: Final = np.arange(len(_FACTORS), dtype=np.uint64)
_EMPTY: Final = np.uint64((1 << 64) - 1)


@dataclass(frozen=True, slots=True)
class Version:
    """One article as a possible copy."""

    article_id: str
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class Copy:
    """An article of a cluster of near-duplicates."""

    article_id: str
    cluster_id: str  # the smallest article_id of the cluster
    parent_article_id: str | None
    similarity: float  # with the parent; of the parent, or without one, with another of them
    direction: str  # original, copy, unknown


def find(
    texts: Iterable[tuple[Version, str]], fetch: Callable[[Collection[str]], Mapping[str, str]]
) -> list[Copy]:
    """The articles that have near-duplicates, by cluster.

    `texts` is read once; `fetch` gives the texts of the few articles that must be compared.

    >>> text = "Sáng nay chi bộ thôn Đông họp bàn việc làm đường và trồng hoa dọc đường làng mới."
    >>> old, new = Version("a", datetime(2022, 5, 1)), Version("b", datetime(2022, 5, 3))
    >>> copies = find([(new, text), (old, text)], lambda ids: dict.fromkeys(ids, text))
    >>> [(c.article_id, c.parent_article_id, c.direction) for c in copies]
    [('a', None, 'original'), ('b', 'a', 'copy')]
    """
    signed: list[tuple[str, Version, NDArray[np.uint16]]] = []
    for version, text in texts:
        shingles = _shingles(text)
        if len(shingles) >= _LEAST:
            signed.append((version.article_id, version, _signature(shingles)))
    signed.sort(key=itemgetter(0))  # so that nothing depends on the order of the articles
    versions = [version for _, version, _ in signed]
    proposed = _proposals([signature for _, _, signature in signed])
    involved = sorted({versions[i].article_id for pair in proposed for i in pair})
    compared = {key: _shingles(text) for key, text in fetch(involved).items()}
    clusters = _clusters(proposed, versions, compared)
    return [copy for cluster in clusters for copy in _family(cluster, compared)]


def _shingles(text: str) -> NDArray[np.uint32]:
    """The distinct shingles of a text, hashed; sorted."""
    coded = fold(f" {text}").encode("utf-32-le", "surrogatepass")
    letters = np.frombuffer(coded, dtype=np.uint32)
    inside = _IN_WORDS.take(letters, mode="clip")
    starts = np.flatnonzero(inside[1:] > inside[:-1]) + 1
    if len(starts) < SHINGLE:
        return np.empty(0, dtype=np.uint32)
    # All syllables at once: of each the sum of its letters, weighed by their places in it.
    first = starts[0]
    places = np.arange(first, len(letters)) - np.repeat(
        starts, np.diff(starts, append=len(letters))
    )
    values = np.where(inside, letters, 0)[first:] * _WEIGHTS.take(places, mode="clip")
    words = np.add.reduceat(values, starts - first)
    mixed = np.zeros(len(words) - SHINGLE + 1, dtype=np.uint64)
    for place in range(SHINGLE):  # a polynomial of the words: order counts
        mixed *= _FACTOR
        mixed += words[place : place + len(mixed)]
    mixed ^= mixed >> np.uint64(29)
    hashes = np.sort((mixed >> np.uint64(16)).astype(np.uint32))
    distinct: NDArray[np.uint32] = hashes[np.diff(hashes, prepend=~hashes[:1]) != 0]
    return distinct


def _signature(shingles: NDArray[np.uint32]) -> NDArray[np.uint16]:
    """The last 16 bits of the smallest value in each bin, over which hashing spreads the shingles.

    As long as a bin is empty all shingles are spread again, by another hash function; what an
    earlier one put into a bin stays. So two texts agree in a bin as often as with a function of
    its own for every bin, at a fraction of the cost (Dahlgaard, Knudsen and Thorup 2017, "Fast
    similarity sketching").
    """
    smallest = np.full(_BANDS * _ROWS, _EMPTY)
    # Some rounds at once: those that are like to fill the bins, few where shingles are many.
    step = max(1, 10 * len(smallest) // len(shingles))
    for begin in range(0, len(_FACTORS), step):
        hashes = _FACTORS[begin : begin + step, None] * shingles
        bins = (hashes >> np.uint64(48)) * np.uint64(len(smallest)) >> np.uint64(16)
        values = hashes >> np.uint64(16) & np.uint64(0xFFFFFFFF)
        values |= _ROUNDS[begin : begin + step, None] << np.uint64(32)
        np.minimum.at(smallest, bins.ravel().astype(np.intp), values.ravel())
        if smallest.max() < _EMPTY:
            break
    return smallest.astype(np.uint16)


def _proposals(signatures: list[NDArray[np.uint16]]) -> list[tuple[int, int]]:
    """Pairs of articles that agree in a band and look similar enough, in order.

    Of those that agree each is held against the first and the one before: a number of pairs that
    grows with the articles, not with their square.
    """
    if len(signatures) < 2:
        return []
    table = np.vstack(signatures)
    pairs = []
    for band in range(_BANDS):
        rows = table[:, band * _ROWS : (band + 1) * _ROWS].astype(np.uint64)
        keys = (rows << np.arange(0, 16 * _ROWS, 16, dtype=np.uint64)).sum(axis=1)
        order = np.argsort(keys, kind="stable")
        again = np.concatenate(([False], keys[order][1:] == keys[order][:-1]))
        at = np.flatnonzero(again)
        first = np.maximum.accumulate(np.where(again, 0, np.arange(len(again))))
        for earlier in (first[at], at - 1):
            pairs.append(np.stack((order[earlier], order[at])))
    found = np.unique(np.concatenate(pairs, axis=1), axis=1)
    alike = np.concatenate(
        [
            (table[chunk[0]] == table[chunk[1]]).mean(axis=1) >= _ESTIMATED
            for chunk in np.array_split(found, found.shape[1] // _CHUNK + 1, axis=1)
        ]
    )
    return [(int(a), int(b)) for a, b in found[:, alike].T]


def _clusters(
    proposed: list[tuple[int, int]],
    versions: list[Version],
    shingles: Mapping[str, NDArray[np.uint32]],
) -> list[list[Version]]:
    """The connected components of the proposed pairs that are near-duplicates."""
    leader = list(range(len(versions)))

    def led_by(i: int) -> int:
        while leader[i] != i:
            leader[i] = leader[leader[i]]
            i = leader[i]
        return i

    for a, b in proposed:
        first, second = sorted((led_by(a), led_by(b)))
        if first != second:
            one, other = shingles[versions[a].article_id], shingles[versions[b].article_id]
            common = _common(one, other)
            if (
                common / (len(one) + len(other) - common) >= SAME
                or common / min(len(one), len(other)) >= CONTAINED
            ):
                leader[second] = first
    members: dict[int, list[Version]] = defaultdict(list)
    for i, version in enumerate(versions):
        members[led_by(i)].append(version)
    return [cluster for cluster in members.values() if len(cluster) > 1]


def _family(cluster: list[Version], shingles: Mapping[str, NDArray[np.uint32]]) -> Iterator[Copy]:
    """A cluster with its earliest dated article as the parent, if the dates tell one."""
    cluster = sorted(cluster, key=lambda version: version.article_id)
    dated = sorted((v.published_at, v.article_id) for v in cluster if v.published_at)
    tells = len(dated) == len(cluster) and _is_before(dated[0][0], dated[1][0])
    cluster_id = cluster[0].article_id
    parent = dated[0][1] if tells else None
    for version in cluster:
        article_id = version.article_id
        original = article_id == parent
        other = cluster[1].article_id if article_id == cluster_id else cluster_id
        nearest = other if parent is None or original else parent
        one, two = shingles[article_id], shingles[nearest]
        common = _common(one, two)
        yield Copy(
            article_id,
            cluster_id,
            None if original else parent,
            round(common / (len(one) + len(two) - common), 4),
            "unknown" if parent is None else "original" if original else "copy",
        )


def _is_before(one: datetime, other: datetime) -> bool:
    """Whether one is surely earlier: midnight stands for a day whose hour nobody gives."""
    hours_known = time.min not in (one.time(), other.time())
    return one.date() < other.date() or (hours_known and one < other)


def _common(one: NDArray[np.uint32], other: NDArray[np.uint32]) -> int:
    return len(np.intersect1d(one, other, assume_unique=True))
