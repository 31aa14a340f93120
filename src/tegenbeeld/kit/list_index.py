"""
The list of a store, ready to be searched, and kept level with it.

The files of the index are opened as they lie on the disk; what came after they were written is
read from the store into memory. Somebody else writes them (`index_keeper.py`). They hold nothing
that the store does not: where they cannot be used, the whole list is read instead.

Searching never waits: not for a sync, nor for a catch-up in another thread, nor for the index
being written.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tegenbeeld.errors import HashIndexError, IndexDamaged
from tegenbeeld.kit.store import Entry, News, Progress, Store
from tegenbeeld.kit.videos.frames import Signal
from tegenbeeld.kit.videos.keys import frame_keys
from tegenbeeld.kit.videos.listed import add_frames
from tegenbeeld.pdq import Words
from tegenbeeld.pdq.index import HashIndex, Matches

ROWS_AT_ONCE = 1 << 18
"""Hashes that are read from the store at once: 8 MiB."""

VIDEOS_IN_MEMORY = 64
"""Videos whose frames are kept after they were compared: 18 MiB if each lasts two hours."""

log = logging.getLogger("tegenbeeld.kit")


class _State(NamedTuple):
    """
    What is searched now, and where it stands.

    Attributes:
        searched: The files and, in memory, what came after them.
        progress: Of the store when *searched* was level with it.
        signal: Reads the frames of a video, or gives those that it has read before.
    """

    searched: HashIndex
    progress: Progress
    signal: Callable[[int], Signal | None]


class ListIndex:
    """
    The index of one store, for searching. May be shared between threads.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._state = self._level_state(None)

    def search(self, words: Words, *, max_distance: int, most: int | None = None) -> Matches:
        """
        Find what is near each query. The keys are those of `kit.videos.keys`.

        Args:
            words: uint64[n, 4]; word 0 holds the most significant bits.
            max_distance: In bits, inclusive.
            most: Only so many for each query, the nearest ones; None for all.
        """
        return self._state.searched.search_many(words, max_distance=max_distance, most=most)

    def signal(self, video: int) -> Signal | None:
        """
        The frames of the video with this key; None if it was withdrawn in the meantime.
        """
        return self._state.signal(video)

    def look_up(self, keys: Iterable[int]) -> dict[int, Entry]:
        """
        The entries with these keys, from the store: what was withdrawn in the meantime is left out.
        """
        return self._store.look_up(keys)

    def videos(self, md5: bytes) -> list[Entry]:
        """
        The listed videos with this MD5.
        """
        return self._store.videos(md5)

    def catch_up(self) -> bool:
        """
        Take over what changed in the store since the last time.

        Returns:
            Whether anything did.
        """
        with self._lock:
            before = self._state
            self._state = self._level_state(before)
            return self._state is not before

    def verify(self) -> None:
        """
        Read every file of the index, and do without them if one is damaged.
        """
        with self._lock:
            try:
                self._state.searched.verify()
            except HashIndexError as error:
                _report(error)
                self._state = self._filled(HashIndex.in_memory(), after=0)

    def _level_state(self, before: _State | None) -> _State:
        while True:
            progress = self._store.progress()
            if before is not None and _is_level(progress, before.progress):
                return before
            if before is not None and _place(progress) == _place(before.progress):
                index, level = before.searched, before.progress.cursor
            else:
                index, level = self._opened(progress)
            state = self._filled(index, after=level)
            if _place(state.progress) == _place(progress):
                return state
            # The files were written anew in between, and what the store knew of withdrawals that
            # lie before that is gone.
            before = None

    def _filled(self, index: HashIndex, *, after: int) -> _State:
        with self._store.news(after=after) as news:
            take_in(index, news)
            return _State(index, news.progress, lru_cache(VIDEOS_IN_MEMORY)(self._signal))

    def _signal(self, video: int) -> Signal | None:
        frames = self._store.frames(video)
        return None if frames is None else Signal.read(frames)

    def _opened(self, progress: Progress) -> tuple[HashIndex, int]:
        """
        Open the files, or begin an index in memory where there are none that can be used.

        Returns:
            The index, and the change that it stands at.
        """
        if not progress.index_name:
            return HashIndex.in_memory(), 0
        try:
            index = HashIndex.open(self._store.index_folder / progress.index_name)
            check_belongs(index, self._store)
        except (HashIndexError, OSError) as error:
            if self._store.progress().index_name == progress.index_name:
                _report(error)
            return HashIndex.in_memory(), 0
        return index, index.cursor


def check_belongs(index: HashIndex, store: Store) -> None:
    """
    Check that the files of an index are neither older nor newer than their store can complete.

    Raises:
        IndexDamaged: One of the two was put back from a backup.
    """
    # Read after the files were opened, so neither can have been overtaken by a writer.
    progress = store.progress()
    if not index.cursor <= progress.cursor:
        raise IndexDamaged("The index is newer than the list.")
    if index.cursor < progress.index_cursor:
        raise IndexDamaged("The index is older than the list says.")


def take_in(index: HashIndex, news: News) -> None:
    """
    Bring *index* to where the store stands.
    """
    for rows in _batches(news.pictures):
        keys = np.array([key for key, _ in rows], dtype=np.uint64)
        joined = b"".join(hash_ for _, hash_ in rows)
        words = np.frombuffer(joined, dtype=">u8").astype(np.uint64).reshape(-1, 4)
        index.add(keys, words)
    add_frames(index, ((key, Signal.read(frames)) for key, frames in news.videos))
    if news.withdrawn:
        index.withdraw(np.concatenate([_keys(*entry) for entry in news.withdrawn]))


def _keys(key: int, frames: int) -> NDArray[np.uint64]:
    """
    Give the keys that an entry has in the index.
    """
    return frame_keys(key, frames) if frames else np.array([key], np.uint64)


def _batches(rows: Iterator[tuple[int, bytes]]) -> Iterator[list[tuple[int, bytes]]]:
    while batch := list(islice(rows, ROWS_AT_ONCE)):
        yield batch


def _is_level(progress: Progress, before: Progress) -> bool:
    return progress.cursor == before.cursor and _place(progress) == _place(before)


def _place(progress: Progress) -> tuple[str, int]:
    """
    Which files there are: a change of it means that they were written.
    """
    return progress.index_name, progress.index_cursor


def _report(error: Exception) -> None:
    log.warning(
        "The index beside the list cannot be used (%s). The whole list is read instead, and the "
        "index is made anew at the next sync.",
        error,
    )
