"""
Keys and their hashes, and the bits that mark some of them as withdrawn.
"""

from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray


class Rows(NamedTuple):
    """
    Keys and their hashes.

    Attributes:
        keys: uint64[n].
        words: uint64[n, 4].
    """

    keys: NDArray[np.uint64]
    words: NDArray[np.uint64]

    def ascending(self) -> Self:
        """
        Sort by key.
        """
        if (self.keys[1:] > self.keys[:-1]).all():
            return self
        order = np.argsort(self.keys, kind="stable")
        return type(self)(self.keys[order], self.words[order])

    @classmethod
    def last_of_each(cls, keys: NDArray[np.uint64], words: NDArray[np.uint64]) -> Self:
        """
        Take keys in any order; where one is there twice, the last counts.
        """
        if (keys[1:] > keys[:-1]).all():
            return cls(keys, words)
        unique, backwards = np.unique(keys[::-1], return_index=True)
        return cls(unique, words[len(keys) - 1 - backwards])


def empty_marks(rows: int) -> NDArray[np.uint8]:
    """
    Give marks for so many rows, none of them set.
    """
    return np.zeros(-(-rows // 8), np.uint8)


def bits(marks: NDArray[np.uint8], rows: int) -> NDArray[np.bool_]:
    """
    Spread marks out: bool[rows].
    """
    return np.unpackbits(marks, count=rows, bitorder="little").view(np.bool_)


def is_set(marks: NDArray[np.uint8], rows: NDArray[np.int64]) -> NDArray[np.bool_]:
    """
    Tell which rows are marked.
    """
    found: NDArray[np.bool_] = (marks[rows >> 3] >> (rows & 7).astype(np.uint8)) & 1 == 1
    return found


def set_bits(marks: NDArray[np.uint8], rows: NDArray[np.int64]) -> None:
    """
    Mark rows.
    """
    np.bitwise_or.at(marks, rows >> 3, np.left_shift(1, rows & 7).astype(np.uint8))


def count_bits(marks: NDArray[np.uint8]) -> int:
    """
    Count the rows that are marked.
    """
    return int(np.bitwise_count(marks).sum(dtype=np.int64))
