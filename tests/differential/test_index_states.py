"""
Whatever happens to an index, it holds what a plain dictionary would.

The list is a log of changes, as in the store; its cursor is a place in that log. A killed writer
opens its index at the last flush and goes on from there. A reader keeps up by itself and takes over
what the writer flushes.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tegenbeeld.pdq.index import HashIndex, tail
from testing.near_hashes import by_scan, random_words, with_bits

CENTRES = random_words(4, seed=1)
State = dict[int, int]
"""
Key to seed: a hash is made of its seed.
"""


class Killed(BaseException):
    """
    Stands for the process being killed: no handler runs, no file is tidied.
    """


@contextmanager
def killed_at(step: int) -> Iterator[None]:
    """
    Kill at the given call that reaches the disk; before it or, every other time, half-way.
    """
    left = [step]

    def passing(real: object, *, halves: bool = False) -> object:
        def call(*arguments: object, **named: object) -> object:
            left[0] -= 1
            if left[0] == 0:
                if halves and step % 2:
                    descriptor, data, offset = arguments
                    real(descriptor, bytes(data)[: len(data) // 2], offset)  # type: ignore[operator]
                raise Killed
            return real(*arguments, **named)  # type: ignore[operator]

        return call

    with (
        mock.patch.object(os, "pwrite", passing(os.pwrite, halves=True)),
        mock.patch.object(os, "fsync", passing(os.fsync)),
        mock.patch.object(Path, "replace", passing(Path.replace)),
        mock.patch.object(Path, "unlink", passing(Path.unlink)),
    ):
        yield


def words_of(seed: int) -> np.ndarray:
    """
    Make a hash: near one of the centres.
    """
    rng = np.random.default_rng(seed)
    return with_bits(CENTRES[seed % 4], rng.choice(256, seed % 29, replace=False))


def arrays(state: State) -> tuple[np.ndarray, np.ndarray]:
    """
    Give the keys and hashes of a state.
    """
    words = [words_of(seed) for seed in state.values()]
    return np.array(list(state), np.uint64), np.array(words, np.uint64).reshape(-1, 4)


class IndexAndDictionary(RuleBasedStateMachine):
    """
    One writer, one reader, and the log that both follow.
    """

    keys = st.integers(0, 40)
    changes = st.lists(st.tuples(keys, st.integers(0, 10_000)), min_size=1, max_size=25)

    @initialize()
    def begin(self) -> None:
        """
        Start with an empty folder.
        """
        self.small = mock.patch.object(tail, "LOOSE_ROWS", 6)
        self.small.start()
        self.folder = Path(tempfile.mkdtemp())
        self.log: list[tuple[int, int | None]] = []
        self.writer = HashIndex.open(self.folder, writable=True)
        self.reader = HashIndex.open(self.folder)
        self.reader_at = 0

    def teardown(self) -> None:
        """
        Remove the folder.
        """
        self.writer.close()
        self.small.stop()
        shutil.rmtree(self.folder)

    @rule(changes=changes)
    def add(self, changes: list[tuple[int, int]]) -> None:
        """
        Add hashes; some keys are there already.
        """
        self.log += changes
        self.writer.add(
            np.array([key for key, _ in changes], np.uint64),
            np.array([words_of(seed) for _, seed in changes], np.uint64),
        )

    @rule(gone=st.lists(keys, min_size=1, max_size=15))
    def withdraw(self, gone: list[int]) -> None:
        """
        Withdraw hashes; some keys are not there.
        """
        self.log += [(key, None) for key in gone]
        self.writer.withdraw(np.array(gone, np.uint64))

    @rule()
    def flush(self) -> None:
        """
        Write what is in memory.
        """
        self.writer.flush(len(self.log))

    @rule()
    def merge(self) -> None:
        """
        Merge once.
        """
        self.writer.merge_once()

    @rule()
    def close_and_reopen(self) -> None:
        """
        Stop in good order.
        """
        self.writer.close()
        self._reopen()

    @rule(step=st.integers(1, 90), merging=st.booleans())
    def be_killed(self, step: int, merging: bool) -> None:  # noqa: FBT001 - Hypothesis names it
        """
        Die in the middle of a flush or a merge.
        """
        try:
            with killed_at(step):
                if merging:
                    self.writer.merge_once()
                else:
                    self.writer.flush(len(self.log))
        except Killed:
            # The system closes a dead process's files, and so lets go of its lock.
            self.writer._folder._lock.close()
            self._reopen()

    def _reopen(self) -> None:
        self.writer = HashIndex.open(self.folder, writable=True)
        self.writer.verify()
        self._agrees(self.writer, self._state_at(self.writer.cursor))
        self._follow(self.writer, self.writer.cursor)

    @rule()
    def reader_follows(self) -> None:
        """
        The reader takes in the log up to its end.
        """
        self._follow(self.reader, self.reader_at)
        self.reader_at = len(self.log)
        self._agrees(self.reader, self._state_at(len(self.log)))

    @rule()
    def reader_refreshes(self) -> None:
        """
        The reader takes over what was flushed. If it was up to date, it stays so.
        """
        self.reader.refresh()
        if self.reader_at == len(self.log):
            self._agrees(self.reader, self._state_at(len(self.log)))

    @rule()
    def new_reader(self) -> None:
        """
        Another process starts.
        """
        self.reader = HashIndex.open(self.folder)
        self.reader_at = self.reader.cursor
        self._agrees(self.reader, self._state_at(self.reader_at))

    @invariant()
    @precondition(lambda self: hasattr(self, "writer"))
    def writer_holds_the_list(self) -> None:
        """
        After every step.
        """
        self._agrees(self.writer, self._state_at(len(self.log)))

    def _follow(self, index: HashIndex, place: int) -> None:
        for key, seed in self.log[place:]:
            one = np.array([key], np.uint64)
            if seed is None:
                index.withdraw(one)
            else:
                index.add(one, words_of(seed).reshape(1, 4))

    def _state_at(self, place: int) -> State:
        state: State = {}
        for key, seed in self.log[:place]:
            state.pop(key, None)
            if seed is not None:
                state[key] = seed
        return state

    @staticmethod
    def _agrees(index: HashIndex, state: State) -> None:
        keys, words = arrays(state)
        found = index.search_many(CENTRES)
        columns = (found.query.tolist(), found.key.tolist(), found.distance.tolist())
        assert list(zip(*columns, strict=True)) == by_scan(CENTRES, keys, words)
        assert len(index) == len(state)


def test_index_holds_what_a_dictionary_would() -> None:
    """
    Whatever is done to it, in any order.
    """
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        IndexAndDictionary,
        settings=settings(max_examples=150, stateful_step_count=30, deadline=None),
    )
