"""
What a search gives back.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Matches(NamedTuple):
    """
    Every pair of a query and a stored hash that are near enough, sorted by query, distance and key.

    Attributes:
        query: int64[k], the row of the query in the array that was asked.
        key: uint64[k], the caller's number of the stored hash.
        distance: uint16[k], in bits.
    """

    query: NDArray[np.int64]
    key: NDArray[np.uint64]
    distance: NDArray[np.uint16]


def in_order(
    query: NDArray[np.int64], key: NDArray[np.uint64], distance: NDArray[np.uint16]
) -> Matches:
    """
    Sort what was found.
    """
    order = np.lexsort((key, distance, query))
    return Matches(query[order], key[order], distance[order])
