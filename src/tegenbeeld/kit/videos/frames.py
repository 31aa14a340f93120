"""
The signal of a video: some of its frames, each with hash, quality and time.

One frame a second is looked at. Kept are those that say something, and something new.
"""

import base64
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tegenbeeld import pdq
from tegenbeeld.wire.video import FRAME_BYTES, MAX_FRAMES, Frame

SAME_BITS = 4
"""
A frame this close to the one kept before it says nothing new. Bits, inclusive.

Source: spec/video.md §3.
"""


class Signal(NamedTuple):
    """
    The frames of a listed video, as arrays.

    Attributes:
        words: uint64[n, 4], the hashes.
        at_ms: int64[n], when each appears, ascending, in milliseconds after the first frame.
    """

    words: pdq.Words
    at_ms: NDArray[np.int64]

    @classmethod
    def of(cls, frames: Sequence[Frame]) -> "Signal":
        """
        Put frames into arrays.
        """
        words = pdq.pack(frame.hash for frame in frames)
        return cls(words, np.array([frame.at_ms for frame in frames], np.int64))

    @classmethod
    def read(cls, text: str) -> "Signal":
        """
        Read frames as they are written on the wire, and as `decode_frames` has checked them.
        """
        raw = np.frombuffer(base64.b64decode(text), np.uint8, offset=1).reshape(-1, FRAME_BYTES)
        after, hashes = raw[:, :3].astype(np.int64), raw[:, 4:]
        at_ms = np.cumsum(after @ np.array([1 << 16, 1 << 8, 1]))
        words = np.ascontiguousarray(hashes).view(">u8").astype(np.uint64)
        return cls(words, at_ms)


class FrameKeeper:
    """
    Takes the hashes of one video in order, and keeps what belongs to its signal.

    Attributes:
        frames: What has been kept so far; at most `MAX_FRAMES`.

    Source:
        spec/video.md §3.
    """

    def __init__(self) -> None:
        self.frames: list[Frame] = []

    def add(self, hashed: pdq.HashedPicture, *, at_ms: int) -> None:
        """
        Keep the hash of the next frame if it says something new.
        """
        if not pdq.is_usable(hashed) or len(self.frames) >= MAX_FRAMES:
            return
        if self.frames and pdq.distance(self.frames[-1].hash, hashed.hash) <= SAME_BITS:
            return
        self.frames.append(Frame(hashed.hash, hashed.quality, at_ms))


def kept_frames(hashes: Iterable[tuple[int, pdq.HashedPicture]]) -> list[Frame]:
    """
    Keep of (time in milliseconds, hash), in order, what belongs to the signal.
    """
    keeper = FrameKeeper()
    for at_ms, hashed in hashes:
        keeper.add(hashed, at_ms=at_ms)
    return keeper.frames
