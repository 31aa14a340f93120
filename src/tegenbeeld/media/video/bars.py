"""
Where the picture of a video lies inside bars, or inside a frame that does not move.

Bars are still while the picture between them moves, so a few frames from all over the video tell
more than one could.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, TypeVar

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

MOST_BOXES = 5
"""
How many boxes are given, at most: each is another look at every frame.
"""

# Shapes of videos, width to height: phones upright, photos, squares, television, screens.
_SHAPES = ((9, 16), (2, 3), (3, 4), (1, 1), (4, 3), (3, 2), (16, 9))

_Kind = TypeVar("_Kind", np.uint8, np.bool_)


class Box(NamedTuple):
    """
    A part of a frame, in pixels: from the first to before the end.
    """

    top: int
    bottom: int
    left: int
    right: int

    def of(self, luma: NDArray[_Kind]) -> NDArray[_Kind]:
        """
        Cut it out of an array of [height, width], as a view.
        """
        return luma[self.top : self.bottom, self.left : self.right]


def boxes(frames: Iterable[NDArray[np.uint8]]) -> Sequence[Box]:
    """
    Find where the picture may lie.

    Args:
        frames: uint8[height, width], from different moments. Those of another size than the first
            are left out.

    Returns:
        At most `MOST_BOXES`, the likeliest first: inside bars of one colour, with bars on two sides
        only, with bars that the video had itself, and inside what never changes. Without the whole,
        and without those that cut too much or too little.
    """
    kept = alike(frames)
    if len(kept) < _FEWEST_FRAMES:
        return ()
    height, width = kept[0].shape
    flat = within_flat_bars(kept)
    found: list[Box] = []
    for box in (flat, _inside(*_still_lines(kept)), *_wider(flat, height, width)):
        if len(found) < MOST_BOXES and _is_useful(box, height, width):
            assert box is not None
            if not any(_alike(box, other) for other in found):
                found.append(box)
    return tuple(found)


def within_flat_bars(frames: Sequence[NDArray[np.uint8]]) -> Box | None:
    """
    Take what is inside bars of one colour: all of it without such bars, None if there is no more.

    Args:
        frames: uint8[height, width], at least one, all of the same size.
    """
    return _inside(*_flat_lines(frames))


def alike(frames: Iterable[NDArray[np.uint8]]) -> list[NDArray[np.uint8]]:
    """
    Keep the frames that are of the size of the first.
    """
    kept: list[NDArray[np.uint8]] = []
    for frame in frames:
        if not kept or frame.shape == kept[0].shape:
            kept.append(frame)
    return kept


def _wider(box: Box | None, height: int, width: int) -> Iterator[Box]:
    """
    Give boxes around one that leave bars to the picture.

    A video may have had bars before more were added, and where they touch nothing tells them
    apart. What it was before had a shape that videos have.
    """
    if box is None:
        return
    yield box._replace(left=0, right=width)
    yield box._replace(top=0, bottom=height)
    tall, wide = box.bottom - box.top, box.right - box.left
    for across, down in _SHAPES:
        if wide < (w := round(tall * across / down)) <= width:
            left = min(max(0, (box.left + box.right - w) // 2), width - w)
            yield box._replace(left=left, right=left + w)
        if tall < (h := round(wide * down / across)) <= height:
            top = min(max(0, (box.top + box.bottom - h) // 2), height - h)
            yield box._replace(top=top, bottom=top + h)


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
    Take what lies between the bars at the edges, or None where there are only bars.
    """
    picture_rows, picture_columns = np.flatnonzero(~rows), np.flatnonzero(~columns)
    if not len(picture_rows) or not len(picture_columns):
        return None
    return Box(
        int(picture_rows[0]),
        int(picture_rows[-1]) + 1,
        int(picture_columns[0]),
        int(picture_columns[-1]) + 1,
    )


def _is_useful(box: Box | None, height: int, width: int) -> bool:
    if box is None:
        return False
    left = ((box.bottom - box.top) / height, (box.right - box.left) / width)
    return _LEAST_LEFT <= min(left) <= 1 - _LEAST_CUT


def _alike(one: Box, other: Box) -> bool:
    near = max(other.bottom - other.top, other.right - other.left) * _LEAST_CUT / 2
    return max(abs(a - b) for a, b in zip(one, other, strict=True)) <= near
