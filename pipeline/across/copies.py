"""Near-duplicate articles: syndicated, shortened or spun copies of one another.

MinHash signatures (Broder 1997, "On the resemblance and containment of documents") propose pairs
by locality-sensitive hashing; every proposed pair is then compared exactly, so chance decides
nothing: a pair counts if its shingles say so. Clusters are the connected pairs.
"""

from __future__ import annotations

import re
import zlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, pairwise, repeat
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pipeline.vietnamese import fold

# Four syllables are two words or so: long enough to be rare, short enough to survive an edit.
SHINGLE: Final = 4
# Share of shingles in common from which two articles are one text. Two different articles about
# one event stay under 0.2: what they share are names of bodies and documents.
SAME: Final = 0.5
# A shortened copy shares less of the longer text, but nearly all of its own.
CONTAINED: Final = 0.8
_BANDS: Final = 40
_ROWS: Final = 4  # proposes 92 % of pairs with a similarity of 0.5, 99.6 % at 0.6, 0.4 % at 0.1
_SYLLABLE: Final = re.compile(r"\w+")


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
    versions: list[Version] = []
    buckets: dict[tuple[int, bytes], list[int]] = defaultdict(list)
    for version, text in texts:
        signature = _signature(_shingles(text))
        if signature is not None:
            for band in range(_BANDS):
                key = signature[band * _ROWS : (band + 1) * _ROWS].tobytes()
                buckets[band, key].append(len(versions))
        versions.append(version)
    # Each member of a bucket is held against its first and the one before: a number of pairs
    # that grows with the articles, not with their square.
    proposed = {
        pair
        for members in buckets.values()
        for pair in chain(zip(repeat(members[0]), members[1:]), pairwise(members))
    }
    involved = sorted({versions[i].article_id for pair in proposed for i in pair})
    shingles = {key: _shingles(text) for key, text in fetch(involved).items()}
    clusters = _clusters(sorted(proposed), versions, shingles)
    return [copy for cluster in clusters for copy in _family(cluster, shingles)]


def _shingles(text: str) -> NDArray[np.uint32]:
    """The distinct shingles of a text, hashed; sorted."""
    words = np.array(
        [zlib.crc32(m[0].encode()) for m in _SYLLABLE.finditer(fold(text))], dtype=np.uint64
    )
    if len(words) < SHINGLE:
        return np.empty(0, dtype=np.uint32)
    mixed = np.zeros(len(words) - SHINGLE + 1, dtype=np.uint64)
    for place in range(SHINGLE):  # a polynomial of the words: order counts
        mixed = mixed * np.uint64(0x9E3779B97F4A7C15) + words[place : place + len(mixed)]
    mixed ^= mixed >> np.uint64(29)
    return np.unique((mixed >> np.uint64(16)).astype(np.uint32))


def _signature(shingles: NDArray[np.uint32]) -> NDArray[np.uint64] | None:
    """The smallest value of the shingles under each of _BANDS * _ROWS hash functions."""
    if not len(shingles):
        return None
    values = (_FACTORS[:, None] * shingles[None, :].astype(np.uint64) + _OFFSETS[:, None]) >> (
        np.uint64(20)
    )
    smallest: NDArray[np.uint64] = values.min(axis=1)
    return smallest


# Multiply-shift hashing needs odd factors; a fixed seed keeps every run the same.
_random = np.random.default_rng(20220812)
_FACTORS: Final = _random.integers(1 << 40, 1 << 62, _BANDS * _ROWS, dtype=np.uint64) | np.uint64(1)
_OFFSETS: Final = _random.integers(0, 1 << 62, _BANDS * _ROWS, dtype=np.uint64)


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
    tells = len(dated) == len(cluster) and dated[0][0] < dated[1][0]
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


def _common(one: NDArray[np.uint32], other: NDArray[np.uint32]) -> int:
    return len(np.intersect1d(one, other, assume_unique=True))
