"""
The search and the building of tables in plain numpy: what the kernel does, to be read.

It is also what runs where the kernel could not be compiled: same answers, a hundred times slower.

Source:
    spec/index.md §2, which proves that nothing within the distance is missed.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tegenbeeld.errors import IndexDamaged
from tegenbeeld.pdq.index.format import SUBSTRING_BITS, TABLES, substrings
from tegenbeeld.pdq.index.matches import Matches, in_order
from tegenbeeld.pdq.index.parts import Loose, SearchPart
from tegenbeeld.pdq.values import MAX_DISTANCE, PdqHash

Found = tuple[NDArray[np.int64], NDArray[np.uint64], NDArray[np.uint16]]

_BITS = 1 << np.arange(8, dtype=np.uint8)


class Query(NamedTuple):
    """
    One query, and how wide its buckets are searched.

    Attributes:
        words: uint64[4].
        substrings: uint16[16].
        max_distance: 0 to 31, inclusive.
    """

    words: NDArray[np.uint64]
    substrings: NDArray[np.uint16]
    max_distance: int

    @property
    def radius(self) -> int:
        """
        Bits by which some substring differs at most: 16 substrings share *max_distance* bits.
        """
        return self.max_distance // TABLES


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

    def search_hex(self, text: str, max_distance: int, /) -> list[tuple[int, int]]:
        """
        Find what is near one hash, given as text: (key, distance), sorted by distance and key.
        """
        value = PdqHash.from_hex(text).value
        words = np.frombuffer(value, dtype=">u8").astype(np.uint64).reshape(1, 4)
        matches = self.search_many(words, max_distance)
        return list(zip(matches.key.tolist(), matches.distance.tolist(), strict=True))

    def search_many(self, queries: NDArray[np.uint64], max_distance: int, /) -> Matches:
        """
        Find what is near each query.
        """
        if not 0 <= max_distance <= MAX_DISTANCE:
            raise ValueError(f"max_distance is 0 to 31, inclusive, not {max_distance}.")
        found: list[Found] = []
        for row, (words, parts) in enumerate(zip(queries, substrings(queries), strict=True)):
            query = Query(words, parts, max_distance)
            for keys, distances in self._search(query):
                found.append((np.full(len(keys), row, np.int64), keys, distances))
        if not found:
            return in_order(np.empty(0, np.int64), np.empty(0, np.uint64), np.empty(0, np.uint16))
        return in_order(
            np.concatenate([rows for rows, _, _ in found]),
            np.concatenate([keys for _, keys, _ in found]),
            np.concatenate([distances for _, _, distances in found]),
        )

    def _search(self, query: Query) -> Iterator[tuple[NDArray[np.uint64], NDArray[np.uint16]]]:
        for segment in self._segments:
            for table in range(TABLES):
                yield _search_table(query, segment, table)
        if self._loose is not None and self._loose.rows:
            yield _search_loose(query, self._loose)


def _search_table(
    query: Query, segment: SearchPart, table: int
) -> tuple[NDArray[np.uint64], NDArray[np.uint16]]:
    rows = _candidates(query, segment, table)
    rows = rows[~_is_dead(segment.dead, rows)]
    hashes = segment.words[rows]
    apart = np.bitwise_count(substrings(hashes) ^ query.substrings).astype(np.int64)
    total = apart.sum(axis=1)
    # Other tables may find the same hash. Only the first that can is the one to tell.
    bound = query.radius
    can_find = (apart <= bound) & (apart + np.roll(apart, -1, axis=1) <= 2 * bound + 1)
    kept = (total <= query.max_distance) & (can_find.argmax(axis=1) == table)
    return segment.keys[rows[kept]], total[kept].astype(np.uint16)


def _candidates(query: Query, segment: SearchPart, table: int) -> NDArray[np.int64]:
    """
    Give the rows whose bucket and fingerprint are near enough.
    """
    buckets, limits = _probes(query, int(query.substrings[table]), segment.layout.bucket_bits)
    starts, fingerprints, ids = segment.table(table)
    first, last = starts[buckets].astype(np.int64), starts[buckets + 1].astype(np.int64)
    if (first > last).any() or (last > segment.layout.rows).any():
        raise IndexDamaged("A table of the index points outside itself. Build it again.")
    lengths = last - first
    begins = np.repeat(first - np.cumsum(lengths) + lengths, lengths)
    places = begins + np.arange(lengths.sum())
    following = query.substrings[(table + 1) % TABLES]
    apart = np.bitwise_count(fingerprints[places] ^ following)
    near = places[apart <= np.repeat(limits, lengths)]
    weights = 1 << 8 * np.arange(segment.layout.id_bytes)
    rows: NDArray[np.int64] = ids[near].astype(np.int64) @ weights
    if (rows >= segment.layout.rows).any():
        raise IndexDamaged("A table of the index names a hash that is not there. Build it again.")
    return rows


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


def _search_loose(query: Query, loose: Loose) -> tuple[NDArray[np.uint64], NDArray[np.uint16]]:
    words = loose.words[: loose.rows]
    total = np.bitwise_count(words ^ query.words).sum(axis=1, dtype=np.uint16)
    rows = np.flatnonzero(total <= query.max_distance)
    rows = rows[~_is_dead(loose.dead, rows)]
    return loose.keys[rows], total[rows]


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
