"""
The search and the building of tables in plain numpy: what the kernel does, to be read.

It is also what runs where the kernel could not be compiled: same answers, a hundred times slower.

Source:
    spec/index.md §2, which proves that nothing within the distance is missed.
"""

import operator
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tegenbeeld.errors import IndexDamaged
from tegenbeeld.pdq.index.format import SUBSTRING_BITS, TABLES, substrings
from tegenbeeld.pdq.index.matches import Matches, in_order
from tegenbeeld.pdq.index.parts import Loose, SearchPart
from tegenbeeld.pdq.values import MAX_DISTANCE, PdqHash

_BITS = 1 << np.arange(8, dtype=np.uint8)

_PIECE = 1 << 16
"""
Places of a table that are looked at together, at most: their memory is what this bounds.
"""

_MARK = 1 << 16
"""
Matches at which it pays to keep the nearest only.
"""


class Query(NamedTuple):
    """
    One query, and how wide its buckets are searched.

    Attributes:
        row: Its place among the queries.
        words: uint64[4].
        substrings: uint16[16].
        max_distance: 0 to 31, inclusive.
    """

    row: int
    words: NDArray[np.uint64]
    substrings: NDArray[np.uint16]
    max_distance: int

    @property
    def radius(self) -> int:
        """
        Bits by which some substring differs at most: 16 substrings share *max_distance* bits.
        """
        return self.max_distance // TABLES

    def matches(self, keys: NDArray[np.uint64], distances: NDArray[np.integer]) -> Matches:
        """
        Give what was found for it.
        """
        return Matches(np.full(len(keys), self.row, np.int64), keys, distances.astype(np.uint16))


class Snapshot:
    """
    Hashes that can be searched. It never changes, but for hashes marked as withdrawn.

    Args:
        segments: With tables.
        loose: Hashes without tables, or None.
    """

    def __init__(self, segments: Sequence[SearchPart], loose: Loose | None, /) -> None:
        self._segments = tuple(segments)
        self._loose = loose

    def search_hex(
        self, text: str, max_distance: int, most: int | None = None, /
    ) -> list[tuple[int, int]]:
        """
        Find what is near one hash, given as text: (key, distance), sorted by distance and key.
        """
        value = PdqHash.from_hex(text).value
        words = np.frombuffer(value, dtype=">u8").astype(np.uint64).reshape(1, 4)
        matches = self.search_many(words, max_distance, most)
        return list(zip(matches.key.tolist(), matches.distance.tolist(), strict=True))

    def search_many(
        self, queries: NDArray[np.uint64], max_distance: int, most: int | None = None, /
    ) -> Matches:
        """
        Find what is near each query: all of it, or the *most* nearest of each.
        """
        _check_limits(max_distance, most)
        found = [
            self._search(Query(row, words, parts, max_distance), most)
            for row, (words, parts) in enumerate(zip(queries, substrings(queries), strict=True))
        ]
        return in_order(found)

    def _search(self, query: Query, most: int | None) -> Matches:
        found: list[Matches] = []
        mark = _MARK
        for some in self._matches(query):
            found.append(some)
            if most is not None and sum(len(one.key) for one in found) >= mark:
                # A cluster of millions must not need the memory for all of it.
                found = [in_order(found, most=most)]
                mark = max(_MARK, 2 * len(found[0].key))
        return in_order(found, most=most)

    def _matches(self, query: Query) -> Iterator[Matches]:
        for segment in self._segments:
            for table in range(TABLES):
                yield from _search_table(query, segment, table)
        if self._loose is not None and self._loose.rows:
            yield _search_loose(query, self._loose)


def _check_limits(max_distance: int, most: int | None) -> None:
    if isinstance(max_distance, bool) or not 0 <= operator.index(max_distance) <= MAX_DISTANCE:
        raise ValueError(f"max_distance is 0 to 31, inclusive, not {max_distance}.")
    if most is not None and (isinstance(most, bool) or operator.index(most) < 1):
        raise ValueError(f"most is 1 or more, or None for all, not {most}.")


def _search_table(query: Query, segment: SearchPart, table: int) -> Iterator[Matches]:
    for rows in _candidates(query, segment, table):
        live = rows[~_is_dead(segment.dead, rows)]
        hashes = segment.words[live]
        apart = np.bitwise_count(substrings(hashes) ^ query.substrings).astype(np.int64)
        total = apart.sum(axis=1)
        # Other tables may find the same hash. Only the first that can is the one to tell.
        bound = query.radius
        can_find = (apart <= bound) & (apart + np.roll(apart, -1, axis=1) <= 2 * bound + 1)
        kept = (total <= query.max_distance) & (can_find.argmax(axis=1) == table)
        yield query.matches(segment.keys[live[kept]], total[kept])


def _candidates(query: Query, segment: SearchPart, table: int) -> Iterator[NDArray[np.int64]]:
    """
    Give the rows whose bucket and fingerprint are near enough, some at a time.
    """
    buckets, limits = _probes(query, int(query.substrings[table]), segment.layout.bucket_bits)
    starts, fingerprints, ids = segment.table(table)
    first, last = starts[buckets].astype(np.int64), starts[buckets + 1].astype(np.int64)
    if (first > last).any() or (last > segment.layout.rows).any():
        raise IndexDamaged("A table of the index points outside itself. Build it again.")
    following = query.substrings[(table + 1) % TABLES]
    weights = 1 << 8 * np.arange(segment.layout.id_bytes)
    for places, allowed in _places(first, last, limits):
        apart = np.bitwise_count(fingerprints[places] ^ following)
        rows: NDArray[np.int64] = ids[places[apart <= allowed]].astype(np.int64) @ weights
        if (rows >= segment.layout.rows).any():
            raise IndexDamaged("A table of the index names a hash that is not there. Rebuild it.")
        yield rows


def _places(
    first: NDArray[np.int64], last: NDArray[np.int64], limits: NDArray[np.int64]
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """
    Give the places from *first* to *last* of several buckets, each with the limit of its bucket.

    All at once, unless they are so many that they come in pieces.
    """
    lengths = last - first
    if lengths.sum() <= _PIECE:
        begins = np.repeat(first - np.cumsum(lengths) + lengths, lengths)
        yield begins + np.arange(lengths.sum()), np.repeat(limits, lengths)
        return
    for begin, end, limit in zip(first.tolist(), last.tolist(), limits.tolist(), strict=True):
        for place in range(begin, end, _PIECE):
            places = np.arange(place, min(place + _PIECE, end))
            yield places, np.full(len(places), limit)


def _probes(
    query: Query, substring: int, bucket_bits: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """
    Give the buckets to look into, and how many bits of the fingerprint may differ in each.
    """
    exact = substring >> (SUBSTRING_BITS - bucket_bits)
    if query.radius == 0:
        return np.array([exact]), np.array([1])
    flips = np.concatenate([[0], 1 << np.arange(bucket_bits)])
    return exact ^ flips, np.where(flips == 0, 3, 2)


def _search_loose(query: Query, loose: Loose) -> Matches:
    words = loose.words[: loose.rows]
    total = np.bitwise_count(words ^ query.words).sum(axis=1, dtype=np.uint16)
    rows = np.flatnonzero(total <= query.max_distance)
    rows = rows[~_is_dead(loose.dead, rows)]
    return query.matches(loose.keys[rows], total[rows])


def _is_dead(dead: NDArray[np.uint8], rows: NDArray[np.int64]) -> NDArray[np.bool_]:
    marked: NDArray[np.bool_] = (dead[rows >> 3] & _BITS[rows & 7]) != 0
    return marked


def build_table(  # noqa: PLR0913, PLR0917 - one table is three arrays
    words: NDArray[np.uint64],
    table: int,
    bucket_bits: int,
    starts: NDArray[np.uint32],
    fingerprints: NDArray[np.uint16],
    ids: NDArray[np.uint8],
) -> None:
    """
    Fill one table.

    Args:
        words: uint64[n, 4], the hashes.
        table: 0 to 15.
        bucket_bits: As in `Layout`.
        starts: uint32[buckets + 1], filled: where each bucket begins, and where the last ends.
        fingerprints: uint16[n], filled, in bucket order and within it by row.
        ids: uint8[n, id_bytes], filled: row numbers, least significant byte first.
    """
    parts = substrings(words)
    buckets = parts[:, table] >> (SUBSTRING_BITS - bucket_bits)
    rows = np.argsort(buckets, kind="stable")
    starts[0] = 0
    starts[1:] = np.cumsum(np.bincount(buckets, minlength=1 << bucket_bits))
    fingerprints[:] = parts[rows, (table + 1) % TABLES]
    ids[:] = rows.astype("<u4").view(np.uint8).reshape(-1, 4)[:, : ids.shape[1]]
