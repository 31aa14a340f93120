"""
What the matching of videos asks of a list, and a list that does not change.
"""

from collections.abc import Iterable, Sequence
from typing import Protocol

import numpy as np

from tegenbeeld import pdq
from tegenbeeld.kit.videos.frames import Signal
from tegenbeeld.kit.videos.keys import frame_keys
from tegenbeeld.pdq.index import HashIndex, Matches

_FRAMES_AT_ONCE = 1 << 18
"""Put into an index together: 8 MiB."""


class Listed(Protocol):
    """
    A list of photos and videos whose hashes lie in one index, under the keys of `keys.py`.
    """

    def search(self, words: pdq.Words, *, max_distance: int, most: int | None = None) -> Matches:
        """
        Find what is near each row of uint64[n, 4]; with *most*, only the nearest so many of each.
        """

    def signal(self, video: int) -> Signal | None:
        """
        The frames of the video with this key; None if it was withdrawn in the meantime.
        """


class FixedVideos:
    """
    A list of videos and photos that does not change, in memory.

    Their keys are their places: the photos' in *photos*, the videos' in *videos*.
    """

    def __init__(self, videos: Sequence[Signal], *, photos: pdq.Words | None = None) -> None:
        self._videos = videos
        self._index = HashIndex.in_memory()
        if photos is not None and len(photos):
            self._index.add(np.arange(len(photos), dtype=np.uint64), photos)
        add_frames(self._index, enumerate(videos))

    def search(self, words: pdq.Words, *, max_distance: int, most: int | None = None) -> Matches:
        """
        Find what is near each row of uint64[n, 4].
        """
        return self._index.search_many(words, max_distance=max_distance, most=most)

    def signal(self, video: int) -> Signal | None:
        """
        The frames of a video.
        """
        return self._videos[video]


def add_frames(index: HashIndex, videos: Iterable[tuple[int, Signal]]) -> None:
    """
    Put the frames of videos into an index.

    Args:
        index: Where to.
        videos: The key of each, and its frames.
    """
    keys, words, count = [], [], 0
    for video, signal in videos:
        keys.append(frame_keys(video, len(signal.at_ms)))
        words.append(signal.words)
        count += len(signal.at_ms)
        if count >= _FRAMES_AT_ONCE:
            index.add(np.concatenate(keys), np.concatenate(words))
            keys, words, count = [], [], 0
    if keys:
        index.add(np.concatenate(keys), np.concatenate(words))
