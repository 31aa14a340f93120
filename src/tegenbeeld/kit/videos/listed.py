"""
What the matching of videos asks of a list, and a list that does not change.
"""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from tegenbeeld import pdq
from tegenbeeld.kit.videos.frames import Signal
from tegenbeeld.pdq.index import HashIndex, Matches

NO_VIDEO = -1
"""
Stands for the video of a hash that belongs to a photo.
"""


class Places(NamedTuple):
    """
    Which frames of which videos some keys of the index stand for.

    Attributes:
        video: int64[n], numbers of videos; `NO_VIDEO` for photos.
        frame: int64[n], places among the frames of that video, from 0; 0 for photos.
    """

    video: NDArray[np.int64]
    frame: NDArray[np.int64]


class Listed(Protocol):
    """
    A list of photos and videos whose hashes lie in one index.
    """

    def search(self, words: pdq.Words, *, max_distance: int) -> Matches:
        """
        Find what is near each row of uint64[n, 4].
        """

    def places(self, keys: NDArray[np.uint64]) -> Places:
        """
        Tell what keys of the index, uint64[n], stand for.
        """

    def signal(self, video: int) -> Signal | None:
        """
        The frames of a video; None if it was withdrawn in the meantime.
        """


# Of a key, this many bits are the place of the frame. Source: spec/video.md §4: 7,200 frames.
_FRAME_BITS = 13


class FixedVideos:
    """
    A list of videos and photos that does not change, in memory.

    The keys of photos are their places in the list, those of frames begin after the photos'.
    """

    def __init__(self, videos: Sequence[Signal], *, photos: pdq.Words | None = None) -> None:
        self._videos = videos
        self._first = np.uint64(0 if photos is None else len(photos))
        self._index = HashIndex.in_memory()
        if photos is not None and len(photos):
            self._index.add(np.arange(len(photos), dtype=np.uint64), photos)
        if videos:
            keys = [
                (number << _FRAME_BITS) + np.arange(len(signal.at_ms))
                for number, signal in enumerate(videos)
            ]
            self._index.add(
                np.concatenate(keys).astype(np.uint64) + self._first,
                np.concatenate([signal.words for signal in videos]),
            )

    def search(self, words: pdq.Words, *, max_distance: int) -> Matches:
        """
        Find what is near each row of uint64[n, 4].
        """
        return self._index.search_many(words, max_distance=max_distance)

    def places(self, keys: NDArray[np.uint64]) -> Places:
        """
        Tell what keys of the index, uint64[n], stand for.
        """
        is_photo = keys < self._first
        numbers = np.where(is_photo, 0, keys - self._first).astype(np.int64)
        video = np.where(is_photo, NO_VIDEO, numbers >> _FRAME_BITS)
        return Places(video, numbers & ((1 << _FRAME_BITS) - 1))

    def signal(self, video: int) -> Signal | None:
        """
        The frames of a video.
        """
        return self._videos[video]
