"""
What searches see at one moment, and the steps from there to the next.

A state never changes, but that hashes in it may be marked as withdrawn, and that loose ones may be
appended behind those that it shows.
"""

from collections.abc import Sequence
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from tegenbeeld.pdq.index.folder import Folder
from tegenbeeld.pdq.index.kernel import KERNEL, Snapshot
from tegenbeeld.pdq.index.merging import joined
from tegenbeeld.pdq.index.rows import Rows
from tegenbeeld.pdq.index.segment import Segment
from tegenbeeld.pdq.index.tail import LooseRows, frozen


class State(NamedTuple):
    """
    What searches see.

    Attributes:
        disk: Segments of the folder.
        memory: Segments that are not flushed yet.
        loose: The newest hashes.
        snapshot: All of these, for the kernel.
    """

    disk: tuple[Segment, ...]
    memory: tuple[Segment, ...]
    loose: LooseRows
    snapshot: Snapshot

    @classmethod
    def of(
        cls, disk: Sequence[Segment], memory: Sequence[Segment] = (), loose: LooseRows | None = None
    ) -> Self:
        """
        Put a state together.
        """
        loose = loose or LooseRows()
        parts = [segment.part for segment in (*disk, *memory)]
        snapshot = KERNEL.snapshot(parts, loose.for_search() if loose.rows else None)
        return cls(tuple(disk), tuple(memory), loose, snapshot)

    def parts(self) -> tuple[Segment | LooseRows, ...]:
        """
        Give everything that holds hashes.
        """
        return (*self.disk, *self.memory, self.loose)

    def written_to(self, folder: Folder) -> Segment | None:
        """
        Write what no file holds into a segment; None if there is nothing.
        """
        whole = len(self.memory) == 1 and not self.memory[0].dead_rows
        if whole and not self.loose.live_rows:
            # After a large addition: built already.
            return folder.write_built(self.memory[0])
        rows = self.unflushed()
        return folder.write_segment(rows) if len(rows.keys) else None

    def unflushed(self) -> Rows:
        """
        Give the live hashes that no file holds, ascending by key.
        """
        return joined([*(segment.live() for segment in self.memory), self.loose.live()])


def new_among(rows: Rows, state: State) -> Rows:
    """
    Leave out the keys that have the same hash already.
    """
    known = np.zeros(len(rows.keys), np.bool_)
    for part in state.parts():
        if not part.live_rows:
            continue
        places = part.live_among(rows.keys)
        here = np.flatnonzero(places >= 0)
        known[here] = (part.words_at(places[here]) == rows.words[here]).all(axis=1)
    return Rows(rows.keys[~known], rows.words[~known]) if known.any() else rows


def without(state: State, keys: NDArray[np.uint64]) -> State:
    """
    Leave hashes out, in copies: the state that searches see still has them.
    """

    def left(part: Segment) -> Segment:
        if not part.live_rows:
            return part
        rows = part.live_among(keys)
        return part.without(rows[rows >= 0]) if (rows >= 0).any() else part

    rows = state.loose.live_among(keys)
    loose = state.loose.without(rows[rows >= 0]) if (rows >= 0).any() else state.loose
    disk, memory = map(left, state.disk), map(left, state.memory)
    return state._replace(disk=tuple(disk), memory=tuple(memory), loose=loose)


def with_added(state: State, rows: Rows) -> State:
    """
    Add hashes whose keys are not there.
    """
    if state.loose.has_room(len(rows.keys)):
        state.loose.append(rows)
        return State.of(state.disk, state.memory, state.loose)
    memory = frozen(state.memory, joined([state.loose.live(), rows]))
    return State.of(state.disk, memory)
