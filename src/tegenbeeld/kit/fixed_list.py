"""
A list that does not change, ready to be searched: for trials and tests, without a store.
"""

from collections.abc import Iterable

import numpy as np

from tegenbeeld import pdq
from tegenbeeld.kit.store import Entry
from tegenbeeld.kit.videos.frames import Signal
from tegenbeeld.kit.videos.listed import add_frames
from tegenbeeld.pdq.index import HashIndex, Matches
from tegenbeeld.wire.native import SignalType


class FixedList:
    """
    A list that does not change. The key of an entry is its place in it.
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries = list(entries)
        pictures = [
            (row, entry.hash)
            for row, entry in enumerate(self._entries)
            if entry.signal_type is SignalType.PDQ
        ]
        self._signals = {
            row: Signal.read(entry.frames)
            for row, entry in enumerate(self._entries)
            if entry.frames is not None
        }
        self._index = HashIndex.in_memory()
        if pictures:
            keys = np.array([row for row, _ in pictures], dtype=np.uint64)
            self._index.add(keys, pdq.pack(pdq.PdqHash(hash_) for _, hash_ in pictures))
        add_frames(self._index, self._signals.items())

    def search(self, words: pdq.Words, *, max_distance: int, most: int | None = None) -> Matches:
        """
        Find what is near each row of uint64[n, 4]. The keys are those of `kit.videos.keys`.
        """
        return self._index.search_many(words, max_distance=max_distance, most=most)

    def signal(self, video: int) -> Signal | None:
        """
        The frames of the video with this key.
        """
        return self._signals[video]

    def look_up(self, keys: Iterable[int]) -> dict[int, Entry]:
        """
        The entries with these keys.
        """
        return {key: self._entries[key] for key in keys}

    def videos(self, md5: bytes) -> list[Entry]:
        """
        The videos whose file has this MD5.
        """
        return [entry for entry in self._entries if entry.hash == md5]

    def catch_up(self) -> bool:
        """
        Nothing ever changes.
        """
        return False
