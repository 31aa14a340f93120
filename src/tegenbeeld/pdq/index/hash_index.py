"""
The index as its callers see it: segments on disk, and in memory what was added since.

Whoever searches takes the state that is there and never waits. Whoever changes something holds a
lock, makes the next state and puts it in place of the last.
"""

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from tegenbeeld.errors import HashIndexError, ShapeError
from tegenbeeld.pdq.distance import WORDS_PER_HASH
from tegenbeeld.pdq.index.folder import Folder
from tegenbeeld.pdq.index.matches import Matches
from tegenbeeld.pdq.index.merging import joined, marked_like, worth_merging
from tegenbeeld.pdq.index.overlay import Overlay
from tegenbeeld.pdq.index.rows import Rows
from tegenbeeld.pdq.index.segment import Segment, by_name
from tegenbeeld.pdq.index.state import State, new_among, with_added, without
from tegenbeeld.pdq.orientations import ORIENTATIONS
from tegenbeeld.pdq.values import MAX_DISTANCE


class HashIndex:
    """
    Finds every stored hash within a distance of a query; misses none.

    Hashes are known by a key, a whole number below 2^64 that the caller chooses. Several keys may
    have the same hash. Any thread may call anything; searches never wait.

    Open one with `open` or `in_memory`.
    """

    def __init__(self, folder: Folder | None) -> None:
        self._folder = folder
        self._change = threading.Lock()
        self._merging = threading.Lock()
        self._overlay = Overlay()
        self._state = State.of(folder.load_latest({}) if folder else ())

    @classmethod
    def open(cls, folder: Path, *, writable: bool = False) -> Self:
        """
        Open an index on disk. Takes milliseconds, however large it is.

        Args:
            folder: Where it lies. A writer makes it if it is not there.
            writable: Whether `flush` and `merge_once` may be called. One process at a time may.

        Raises:
            IndexDamaged: A file is cut off, changed, missing or of another version. Delete the
                folder and build the index again.
            IndexLocked: Another process has it open for writing.
            HashIndexError: There is no index, or the folder cannot be read or written.
        """
        opened = Folder(folder, writable=writable)
        try:
            return cls(opened)
        except BaseException:
            opened.close()
            raise

    @classmethod
    def in_memory(cls) -> Self:
        """
        Make an empty index that no file holds.
        """
        return cls(None)

    def close(self) -> None:
        """
        Let another process write. What was not flushed is forgotten.
        """
        with self._merging, self._change:
            if self._folder is not None:
                self._folder.close()
            self._state = State.of(())

    def __enter__(self) -> Self:
        """
        Use it in a `with` block, which closes it.
        """
        return self

    def __exit__(self, *_: object) -> None:
        """
        Close it.
        """
        self.close()

    @property
    def cursor(self) -> int:
        """
        The number that the last flush was given; 0 at first.
        """
        return self._folder.manifest.cursor if self._folder else 0

    def __len__(self) -> int:
        """
        Count the hashes that can be matched.
        """
        return sum(part.live_rows for part in self._state.parts())

    def search_hex(
        self, text: str, max_distance: int = MAX_DISTANCE, *, most: int | None = None
    ) -> list[tuple[int, int]]:
        """
        Find what is near one hash, as quickly as can be.

        Args:
            text: 64 lower-case hexadecimal digits and nothing else.
            max_distance: In bits, 0 to 31, inclusive.
            most: The most matches to give, the first in that order; 1 or more, None for all. Where
                there are exactly so many, there may be more. It bounds the memory of a search, too:
                a list may hold millions of copies of one picture.

        Returns:
            Key and distance of each match, sorted by distance and then key.

        Raises:
            InvalidHash: *text* is no hash.
            ValueError: *max_distance* is not between 0 and 31, or *most* below 1.
            MemoryError: There are more matches than fit into memory.
        """
        return self._state.snapshot.search_hex(text, max_distance, most)

    def search(
        self,
        query: NDArray[np.uint64],
        *,
        max_distance: int = MAX_DISTANCE,
        most: int | None = None,
    ) -> Matches:
        """
        Find what is near one hash.

        Args:
            query: uint64[4]; word 0 holds the most significant bits.
            max_distance: In bits, 0 to 31, inclusive.
            most: The most matches to give, as for `search_hex`.

        Raises:
            ShapeError: *query* is another kind of array.
            ValueError: *max_distance* is not between 0 and 31, or *most* below 1.
        """
        if np.shape(query) != (WORDS_PER_HASH,):
            raise ShapeError("The query must be uint64[4]. Use the first row of pack([hash]).")
        return self.search_many(query.reshape(1, 4), max_distance=max_distance, most=most)

    def search_many(
        self,
        queries: NDArray[np.uint64],
        *,
        max_distance: int = MAX_DISTANCE,
        most: int | None = None,
    ) -> Matches:
        """
        Find what is near each of many hashes; the more at once, the less time each takes.

        Args:
            queries: uint64[n, 4], as `pack` gives them.
            max_distance: In bits, 0 to 31, inclusive.
            most: The most matches to give for each query, as for `search_hex`.

        Raises:
            ShapeError: *queries* is another kind of array.
            ValueError: *max_distance* is not between 0 and 31, or *most* below 1.
        """
        _check_words(queries, "queries")
        found = self._state.snapshot.search_many(np.ascontiguousarray(queries), max_distance, most)
        return Matches(
            np.frombuffer(found[0], np.int64),
            np.frombuffer(found[1], np.uint64),
            np.frombuffer(found[2], np.uint16),
        )

    def search_orientations(
        self,
        queries: NDArray[np.uint64],
        *,
        max_distance: int = MAX_DISTANCE,
        most: int | None = None,
    ) -> Matches:
        """
        Find what is near a picture in any of its eight orientations.

        Args:
            queries: uint64[8, 4], in the order of `ORIENTATIONS`.
            max_distance: In bits, 0 to 31, inclusive.
            most: The most matches to give for each orientation, as for `search_hex`.

        Raises:
            ShapeError: *queries* is another kind of array.
            ValueError: *max_distance* is not between 0 and 31, or *most* below 1.
        """
        if len(queries) != len(ORIENTATIONS):
            raise ShapeError("A picture has eight orientations: the queries must be uint64[8, 4].")
        return self.search_many(queries, max_distance=max_distance, most=most)

    def add(self, keys: NDArray[np.uint64], words: NDArray[np.uint64]) -> None:
        """
        Add hashes; the next search finds them. A key that is there gets the new hash instead.

        Args:
            keys: uint64[n]. Where one occurs twice, the last counts.
            words: uint64[n, 4], as `pack` gives them.

        Raises:
            ShapeError: An array is of another kind, or the two differ in length.
        """
        _check_keys(keys)
        _check_words(words, "hashes")
        if len(keys) != len(words):
            raise ShapeError(f"There are {len(keys)} keys for {len(words)} hashes.")
        with self._change:
            rows = new_among(Rows.last_of_each(keys, words), self._state)
            if len(rows.keys):
                self._state = with_added(without(self._state, rows.keys), rows)
                self._overlay.add(rows.keys)

    def withdraw(self, keys: NDArray[np.uint64]) -> None:
        """
        Withdraw hashes: no search that starts after this finds them. Unknown keys are ignored.

        Args:
            keys: uint64[n].

        Raises:
            ShapeError: *keys* is another kind of array.
        """
        _check_keys(keys)
        unique = np.unique(keys)
        with self._change:
            on_disk = np.zeros(len(unique), np.bool_)
            for part in self._state.parts():
                rows = part.live_among(unique)
                part.withdraw(rows[rows >= 0])
                on_disk |= (rows >= 0) & (part in self._state.disk)
            if self._folder is not None and not self._folder.writable:
                self._overlay.withdraw(unique, on_disk)

    def flush(self, cursor: int) -> None:
        """
        Write what is in memory to disk, for good when it returns.

        Args:
            cursor: How far the caller has come; `cursor` gives it back, also after a restart.

        Raises:
            HashIndexError: It could not be written, for instance because the disk is full; the
                index goes on as before.
        """
        with self._change:
            folder = self._writer()
            segments = [segment for segment in self._state.disk if segment.live_rows]
            written = self._state.written_to(folder)
            if written is not None:
                segments.append(written)
            with folder.keeping(written):
                folder.commit([folder.entry_for(segment) for segment in segments], cursor=cursor)
            self._state = State.of(segments)

    def merge_once(self) -> bool:
        """
        Merge some segments into one, if there are too many. Meant for a thread in the background.

        Returns:
            Whether there was something to do; call again until there is not.

        Raises:
            HashIndexError: The merged segment could not be written; the index goes on as before.
        """
        with self._merging:
            with self._change:
                folder = self._writer()
                old = worth_merging(self._state.disk)
                # Without what was withdrawn since the last flush: a restart must give that state.
                flushed = folder.load(by_name(old), only=by_name(old))
            if not old:
                return False
            rows = joined([segment.live() for segment in flushed])
            merged = folder.write_segment(rows) if len(rows.keys) else None
            with self._change, folder.keeping(merged):
                self._replace(old, merged)
            return True

    def refresh(self) -> bool:
        """
        Take over what the writer has flushed since, without a gap for searches.

        What this process added or withdrew itself stays on top of it, so the caller goes on from
        where it was, not from `cursor`.

        Returns:
            Whether there was anything new. Always False for the writer.

        Raises:
            IndexDamaged: As for `open`; searches go on with what was there before.
        """
        folder = self._folder
        if folder is None or folder.writable:
            return False
        with self._change:
            before = folder.manifest
            if not folder.refresh():
                return False
            same = folder.manifest.identity == before.identity
            try:
                disk = folder.load_latest(by_name(self._state.disk) if same else {})
                self._state = self._overlay.over(disk, self._state.unflushed())
            except BaseException:
                folder.manifest = before
                raise
            return True

    def verify(self) -> None:
        """
        Read every file and compare it with its checksums.

        Raises:
            IndexDamaged: A file has changed.
        """
        for segment in self._state.disk:
            segment.verify()

    def _writer(self) -> Folder:
        if self._folder is None or not self._folder.writable:
            raise HashIndexError("The index is not open for writing.")
        return self._folder

    def _replace(self, old: Sequence[Segment], merged: Segment | None) -> None:
        """
        Put a merged segment in place of others, and withdraw from it what went meanwhile.
        """
        folder = self._writer()
        names = by_name(old)
        gone = [segment for segment in self._state.disk if segment.name in names]
        kept = [segment for segment in self._state.disk if segment.name not in names]
        entries = [entry for entry in folder.manifest.entries if entry.name not in names]
        if merged is not None:
            flushed = folder.load(by_name(gone), only=by_name(gone))
            entries.append(folder.entry_for(marked_like(merged, flushed)))
            kept.append(marked_like(merged, gone))
        folder.commit(entries, cursor=self.cursor)
        self._state = State.of(kept, self._state.memory, self._state.loose)


def _check_keys(keys: NDArray[np.uint64]) -> None:
    if np.ndim(keys) != 1 or getattr(keys, "dtype", None) != np.uint64:
        raise ShapeError("The keys must be uint64[n].")


def _check_words(words: NDArray[np.uint64], what: str) -> None:
    is_table = np.ndim(words) == 2 and words.shape[1] == WORDS_PER_HASH  # noqa: PLR2004 - rows
    if not is_table or getattr(words, "dtype", None) != np.uint64:
        raise ShapeError(f"The {what} must be uint64[n, 4]. Make them with pack(hashes).")
