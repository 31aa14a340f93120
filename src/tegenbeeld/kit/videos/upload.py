"""
The hashes of an upload that is looked up: dense in time, in several views.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tegenbeeld import pdq
from tegenbeeld.pdq import ORIENTATIONS
from tegenbeeld.pdq.distance import WORDS_PER_HASH

EVERY_MS = 250
"""
How far apart the frames of an upload are.

A copy that begins at another moment shows no frame of the list at a whole second of its own. Where
much moves, frames half a second apart have nothing in common. Source: spec/video.md §6.
"""


class Upload(NamedTuple):
    """
    An upload's hashes.

    Attributes:
        at_ms: int64[n], in milliseconds after the first frame, ascending, `EVERY_MS` apart.
        words: uint64[views, n, 4]. Views 0 to 7 are the whole picture in the order of
            `pdq.ORIENTATIONS`, the next eight what is inside bars, and so on.
        usable: bool[views, n]: which of the hashes mean something.
    """

    at_ms: NDArray[np.int64]
    words: NDArray[np.uint64]
    usable: NDArray[np.bool_]

    def orientation(self, view: int) -> str:
        """
        Name how a view is turned.
        """
        return ORIENTATIONS[view % len(ORIENTATIONS)]

    def is_cut(self, view: int) -> bool:
        """
        Tell whether a view leaves out bars.
        """
        return view >= len(ORIENTATIONS)


class UploadBuilder:
    """
    Takes the hashes of one upload in order.
    """

    def __init__(self, *, cuts: int) -> None:
        """
        Begin.

        Args:
            cuts: How many boxes are looked at beside the whole picture.
        """
        self._parts = 1 + cuts
        self._at_ms: list[int] = []
        self._hashes: list[bytes] = []
        self._usable: list[list[bool]] = []

    def add(self, parts: Sequence[pdq.OrientedHashes], *, at_ms: int) -> None:
        """
        Take the next frame: the whole, then each box.
        """
        self._at_ms.append(at_ms)
        self._hashes += [hash_.value for part in parts for hash_ in part.hashes]
        self._usable.append([pdq.is_usable(part) for part in parts])

    def upload(self) -> Upload:
        """
        Put them into arrays.
        """
        turns = len(ORIENTATIONS)
        words = np.frombuffer(b"".join(self._hashes), ">u8").astype(np.uint64)
        by_frame = words.reshape(len(self._at_ms), self._parts * turns, WORDS_PER_HASH)
        usable = np.array(self._usable, np.bool_).reshape(len(self._at_ms), self._parts)
        return Upload(
            np.array(self._at_ms, np.int64),
            np.ascontiguousarray(by_frame.transpose(1, 0, 2)),
            np.repeat(usable.T, turns, axis=0),
        )
