"""
What was added since the last flush, in memory.

The newest hashes are compared one by one; when there are too many for that they become a small
segment with tables.
"""

import numpy as np
from numpy.typing import NDArray

from tegenbeeld.pdq.index.merging import choose, joined
from tegenbeeld.pdq.index.parts import Loose
from tegenbeeld.pdq.index.rows import Rows, bits, empty_marks, set_bits
from tegenbeeld.pdq.index.segment import Segment

LOOSE_ROWS = 1024
"""
Hashes compared one by one at most: they cost a query less than the tables of a segment would.
"""


class LooseRows:
    """
    The newest hashes. Rows are appended behind those that a snapshot shows, never changed.

    Attributes:
        rows: How many there are, withdrawn ones too.
    """

    def __init__(self) -> None:
        self.rows = 0
        self._keys = np.empty(LOOSE_ROWS, np.uint64)
        self._words = np.empty((LOOSE_ROWS, 4), np.uint64)
        self._dead = empty_marks(LOOSE_ROWS)
        self._places: dict[int, int] = {}

    @property
    def live_rows(self) -> int:
        """
        Hashes that are not withdrawn.
        """
        return len(self._places)

    def has_room(self, count: int) -> bool:
        """
        Tell whether so many more hashes fit.
        """
        return self.rows + count <= LOOSE_ROWS

    def append(self, rows: Rows) -> None:
        """
        Add hashes whose keys are not here; they are seen by the next snapshot.
        """
        end = self.rows + len(rows.keys)
        self._keys[self.rows : end] = rows.keys
        self._words[self.rows : end] = rows.words
        self._places.update(zip(rows.keys.tolist(), range(self.rows, end), strict=True))
        self.rows = end

    def live_among(self, keys: NDArray[np.uint64]) -> NDArray[np.int64]:
        """
        Find hashes by key: int64[k], the row of each, or -1 where it is not here or withdrawn.
        """
        if len(keys) <= LOOSE_ROWS:
            return np.array([self._places.get(key, -1) for key in keys.tolist()], np.int64)
        found = np.full(len(keys), -1, np.int64)
        if self._places:
            mine = np.fromiter(self._places, np.uint64)
            rows = np.fromiter(self._places.values(), np.int64)
            order = np.argsort(mine)
            places = np.minimum(np.searchsorted(mine, keys, sorter=order), len(mine) - 1)
            rows_there = rows[order[places]]
            here = self._keys[rows_there] == keys
            found[here] = rows_there[here]
        return found

    def words_at(self, rows: NDArray[np.int64]) -> NDArray[np.uint64]:
        """
        Give hashes: uint64[k, 4].
        """
        return self._words[rows]

    def withdraw(self, rows: NDArray[np.int64]) -> None:
        """
        Mark hashes as withdrawn; searches that run now may already leave them out.
        """
        set_bits(self._dead, rows)
        for key in self._keys[rows].tolist():
            del self._places[key]

    def without(self, rows: NDArray[np.int64]) -> "LooseRows":
        """
        Give a copy in which hashes are withdrawn.
        """
        copy = LooseRows()
        copy.append(Rows(self._keys[: self.rows], self._words[: self.rows]))
        copy._dead[:] = self._dead
        copy._places = dict(self._places)
        copy.withdraw(rows)
        return copy

    def live(self) -> Rows:
        """
        Give what is not withdrawn.
        """
        kept = ~bits(self._dead, self.rows)
        return Rows(self._keys[: self.rows][kept], self._words[: self.rows][kept])

    def for_search(self) -> Loose:
        """
        Give the rows that are there now.
        """
        return Loose(self.rows, self._keys, self._words, self._dead)


def frozen(segments: tuple[Segment, ...], rows: Rows) -> tuple[Segment, ...]:
    """
    Turn rows into a segment in memory, and merge such segments where there are too many.

    Args:
        segments: Those in memory already.
        rows: At least one; keys in any order, each once.
    """
    sizes = [*(segment.live_rows for segment in segments), len(rows.keys)]
    chosen = set(choose(sizes)) | {len(segments)}
    merged = [segment.live() for place, segment in enumerate(segments) if place in chosen]
    kept = [segment for place, segment in enumerate(segments) if place not in chosen]
    return (*kept, Segment.in_memory(joined([*merged, rows])))
