"""
The keys of the index: a photo's is that of its entry, a frame's names its video and its place.

    photo    the key of the entry, below 2^50
    frame    2^63 + key of the video's entry * 2^13 + place of the frame in the video, from 0
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

NO_VIDEO = -1
"""
Stands for the video of a hash that belongs to a photo.
"""

_FRAME_BITS = 13
"""7,200 frames fit. Source: spec/video.md §4."""

FIRST_FRAME = np.uint64(1 << 63)
"""Keys below this are of photos."""


class Places(NamedTuple):
    """
    Which frames of which videos some keys of the index stand for.

    Attributes:
        video: int64[n], the keys of the videos' entries; `NO_VIDEO` for photos.
        frame: int64[n], places among the frames of that video, from 0; 0 for photos.
    """

    video: NDArray[np.int64]
    frame: NDArray[np.int64]


def frame_keys(video: int, count: int) -> NDArray[np.uint64]:
    """
    Give the keys of all frames of a video.

    Args:
        video: The key of its entry.
        count: How many frames it has.
    """
    first = np.uint64(video << _FRAME_BITS) | FIRST_FRAME
    return first + np.arange(count, dtype=np.uint64)


def places(keys: NDArray[np.uint64]) -> Places:
    """
    Tell what keys of the index, uint64[n], stand for.
    """
    is_frame = keys >= FIRST_FRAME
    numbers = (keys & ~FIRST_FRAME).astype(np.int64)
    frame = np.where(is_frame, numbers & ((1 << _FRAME_BITS) - 1), 0)
    return Places(np.where(is_frame, numbers >> _FRAME_BITS, NO_VIDEO), frame)


def entries(keys: NDArray[np.uint64]) -> NDArray[np.int64]:
    """
    Give the keys of the entries, int64[n], that keys of the index belong to.
    """
    video = places(keys).video
    return np.where(video == NO_VIDEO, keys.astype(np.int64), video)
