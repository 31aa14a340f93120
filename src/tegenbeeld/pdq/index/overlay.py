"""
What a reader took in itself, kept on top of what the writer flushes.

A reader follows the list by itself and is often ahead of the writer. When it takes over newer files
its own additions and withdrawals must stay, or a withdrawn hash would match again for a while.
"""

import numpy as np
from numpy.typing import NDArray

from tegenbeeld.pdq.index.rows import Rows
from tegenbeeld.pdq.index.segment import Segment
from tegenbeeld.pdq.index.state import State, new_among, with_added, without


class Overlay:
    """
    The keys that a reader withdrew itself.
    """

    def __init__(self) -> None:
        # For each key whether the writer's files held it when it was withdrawn, or have since.
        self._withdrawn: dict[int, bool] = {}

    def withdraw(self, keys: NDArray[np.uint64], on_disk: NDArray[np.bool_]) -> None:
        """
        Remember keys that were withdrawn.

        Args:
            keys: uint64[n].
            on_disk: bool[n], whether a file of the writer holds the key.
        """
        self._withdrawn.update(zip(keys.tolist(), on_disk.tolist(), strict=True))

    def add(self, keys: NDArray[np.uint64]) -> None:
        """
        Forget keys that came back.
        """
        for key in keys.tolist() if self._withdrawn else ():
            self._withdrawn.pop(key, None)

    def over(self, disk: list[Segment], added: Rows) -> State:
        """
        Lay what the reader changed over what the writer flushed.

        Args:
            disk: The segments of the writer. Withdrawn hashes are marked in them.
            added: What the reader added and has not withdrawn.
        """
        keys = np.array(list(self._withdrawn), np.uint64)
        listed = np.zeros(len(keys), np.bool_)
        for segment in disk:
            rows = segment.live_among(keys)
            segment.withdraw(rows[rows >= 0])
            listed |= rows >= 0
        for key, is_listed in zip(keys.tolist(), listed.tolist(), strict=True):
            if is_listed:
                self._withdrawn[key] = True
            elif self._withdrawn[key]:
                # The writer has withdrawn it too.
                del self._withdrawn[key]
        state = State.of(disk)
        kept = new_among(added, state)
        return with_added(without(state, kept.keys), kept)
