"""
Where the picture of a video lies inside bars, or inside a frame that does not move.

Bars are still while the picture between them moves, so a few frames from all over the video tell
more than one could.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

# Steps of brightness that re-encoding makes where nothing changes. Found by trial (bench/video.py).
_NOISE = 16

# Of a line that is all one colour, or never changes, this share of pixels must be.
_MOST_OF_A_LINE = 0.97

# A box that is left with less of a side has cut into the picture.
_LEAST_LEFT = 0.3

# What is cut must be this share of a side, or it changes nothing worth a look.
_LEAST_CUT = 0.02

_FEWEST_FRAMES = 3


class Box(NamedTuple):
    """
    A part of a frame, in pixels: from the first to before the end.
    """

    top: int
    bottom: int
    left: int
    right: int

    def of(self, luma: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """
        Cut it out of uint8[height, width].
        """
        return luma[self.top : self.bottom, self.left : self.right]


def boxes(frames: Iterable[NDArray[np.uint8]]) -> Sequence[Box]:
    """
    Find where the picture may lie.

    Args:
        frames: uint8[height, width], from different moments. Those of another size than the first
            are left out.

    Returns:
        None, one or two boxes: inside bars of one colour, and inside what never changes. Without
        the whole, and without those that cut too much or too little.
    """
    kept: list[NDArray[np.uint8]] = []
    for frame in frames:
        if not kept or frame.shape == kept[0].shape:
            kept.append(frame)
    if len(kept) < _FEWEST_FRAMES:
        return ()
    found: list[Box] = []
    for is_bar in (_flat_lines(kept), _still_lines(kept)):
        box = _inside(*is_bar)
        if box is not None and not any(_alike(box, other) for other in found):
            found.append(box)
    return tuple(found)


Lines = tuple[NDArray[np.bool_], NDArray[np.bool_]]


def _flat_lines(frames: Sequence[NDArray[np.uint8]]) -> Lines:
    """
    Tell which rows and columns are of one colour, in all frames.
    """
    rows = np.ones(frames[0].shape[0], np.bool_)
    columns = np.ones(frames[0].shape[1], np.bool_)
    for frame in frames:
        rows &= _is_flat(frame)
        columns &= _is_flat(frame.T)
    return rows, columns


def _is_flat(lines: NDArray[np.uint8]) -> NDArray[np.bool_]:
    middle = np.median(lines, axis=1)[:, None]
    return _mostly(np.abs(lines - middle) <= _NOISE)


def _still_lines(frames: Sequence[NDArray[np.uint8]]) -> Lines:
    """
    Tell which rows and columns are the same in all frames.
    """
    highest = np.maximum.reduce(frames)
    still = highest - np.minimum.reduce(frames) <= _NOISE
    return _mostly(still), _mostly(still.T)


def _mostly(lines: NDArray[np.bool_]) -> NDArray[np.bool_]:
    share: NDArray[np.bool_] = lines.mean(axis=1) >= _MOST_OF_A_LINE
    return share


def _inside(rows: NDArray[np.bool_], columns: NDArray[np.bool_]) -> Box | None:
    """
    Take what lies between the bars at the edges, or None where that is of no use.
    """
    picture_rows, picture_columns = np.flatnonzero(~rows), np.flatnonzero(~columns)
    if not len(picture_rows) or not len(picture_columns):
        return None
    box = Box(
        int(picture_rows[0]),
        int(picture_rows[-1]) + 1,
        int(picture_columns[0]),
        int(picture_columns[-1]) + 1,
    )
    left = ((box.bottom - box.top) / len(rows), (box.right - box.left) / len(columns))
    is_useful = min(left) >= _LEAST_LEFT and min(left) <= 1 - _LEAST_CUT
    return box if is_useful else None


def _alike(one: Box, other: Box) -> bool:
    near = max(other.bottom - other.top, other.right - other.left) * _LEAST_CUT / 2
    return max(abs(a - b) for a, b in zip(one, other, strict=True)) <= near
