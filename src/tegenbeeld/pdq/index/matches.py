"""
What a search gives back.
"""

from collections.abc import Sequence
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray


class Matches(NamedTuple):
    """
    Pairs of a query and a stored hash that are near enough, sorted by query, distance and key.

    Attributes:
        query: int64[k], the row of the query in the array that was asked.
        key: uint64[k], the caller's number of the stored hash.
        distance: uint16[k], in bits.
    """

    query: NDArray[np.int64]
    key: NDArray[np.uint64]
    distance: NDArray[np.uint16]

    @classmethod
    def none(cls) -> Self:
        """
        Give no match.
        """
        return cls(np.empty(0, np.int64), np.empty(0, np.uint64), np.empty(0, np.uint16))


def in_order(found: Sequence[Matches], *, most: int | None = None) -> Matches:
    """
    Put together what was found, sort it, and leave out what is too many.

    Args:
        found: In any order.
        most: How many matches of each query are kept, the nearest; None for all.
    """
    columns = (np.concatenate(column) for column in zip(Matches.none(), *found, strict=True))
    query, key, distance = columns
    order = np.lexsort((key, distance, query))
    if most is not None:
        rows = query[order]
        place_in_query = np.arange(len(rows)) - np.searchsorted(rows, rows)
        order = order[place_in_query < most]
    return Matches(query[order], key[order], distance[order])
