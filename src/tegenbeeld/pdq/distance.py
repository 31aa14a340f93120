"""
Distances between hashes: the number of bits in which they differ.

This is the exact scan over a list. It looks at every stored hash, so nothing is missed.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from tegenbeeld.errors import ShapeError
from tegenbeeld.pdq.values import MAX_DISTANCE, PdqHash

Words = NDArray[np.uint64]

WORDS_PER_HASH = 4

# 64 Ki hashes are 2 MiB: the block and its work arrays stay in the processor's cache.
_BLOCK_ROWS = 1 << 16


def pack(hashes: Iterable[PdqHash]) -> Words:
    """
    Put hashes into one array, as the other functions here take them.

    Args:
        hashes: Any number, also none.

    Returns:
        uint64[n, 4], C-contiguous, in the order given; word 0 holds the most significant bits.
    """
    joined = b"".join(item.value for item in hashes)
    return np.frombuffer(joined, dtype=">u8").astype(np.uint64).reshape(-1, WORDS_PER_HASH)


def distance(a: PdqHash, b: PdqHash) -> int:
    """
    Count the bits that differ between two hashes: 0 to 256.

    Source:
        spec/pdq.md §8.
    """
    difference = int.from_bytes(a.value, "big") ^ int.from_bytes(b.value, "big")
    return difference.bit_count()


def distances(query: Words, stored: Words) -> NDArray[np.uint16]:
    """
    Count the bits that differ between one hash and each stored one.

    Args:
        query: uint64[4]; word 0 holds the most significant bits.
        stored: uint64[n, 4], same order. Neither copied nor changed.

    Returns:
        uint16[n], in bits, 0 to 256.

    Raises:
        ShapeError: An array has another shape or dtype.

    Source:
        spec/pdq.md §8.
    """
    _check(query, stored)
    found = np.empty(len(stored), dtype=np.uint16)
    for first in range(0, len(stored), _BLOCK_ROWS):
        block = slice(first, first + _BLOCK_ROWS)
        found[block] = _block_distances(query, stored[block])
    return found


def scan(
    query: Words, stored: Words, *, max_distance: int = MAX_DISTANCE
) -> tuple[NDArray[np.int64], NDArray[np.uint16]]:
    """
    Find every stored hash that is near enough to one hash.

    Args:
        query: uint64[4]; word 0 holds the most significant bits.
        stored: uint64[n, 4], same order. Neither copied nor changed.
        max_distance: In bits, inclusive.

    Returns:
        int64[k], the rows of *stored*, and uint16[k], their distances in bits; sorted by distance,
        then by row. Memory beside these stays the same however long *stored* is.

    Raises:
        ShapeError: An array has another shape or dtype.
    """
    _check(query, stored)
    rows = [np.empty(0, dtype=np.int64)]
    near = [np.empty(0, dtype=np.uint16)]
    for first in range(0, len(stored), _BLOCK_ROWS):
        block = _block_distances(query, stored[first : first + _BLOCK_ROWS])
        hits = np.flatnonzero(block <= max_distance)
        rows.append(hits + first)
        near.append(block[hits])
    found, far = np.concatenate(rows), np.concatenate(near)
    order = np.argsort(far, kind="stable")
    return found[order], far[order]


def _block_distances(query: Words, block: Words) -> NDArray[np.uint16]:
    # Four counts of at most 64 each: their sum, 256, does not fit into uint8.
    counts = np.bitwise_count(block ^ query)
    total: NDArray[np.uint16] = counts.sum(axis=1, dtype=np.uint16)
    return total


def _check(query: Words, stored: Words) -> None:
    if query.shape != (WORDS_PER_HASH,) or query.dtype != np.uint64:
        raise ShapeError("The query must be uint64[4]. Use the first row of pack([hash]).")
    if stored.shape[1:] != (WORDS_PER_HASH,) or stored.dtype != np.uint64:
        raise ShapeError("The stored hashes must be uint64[n, 4]. Make them with pack(hashes).")
