"""
Round corners: apps round off the corners of a photo, and PDQ sees the page shine through.
"""

import numpy as np

from tegenbeeld.media.views.planes import Plane, median
from tegenbeeld.media.views.samples import Samples

# Corners up to about a fifth of the side are understood, in samples of 64.
_REACH = 14
_LEVELS = 16


def without_round_corners(
    samples: Samples, plane: Plane, box: tuple[float, float, float, float]
) -> Samples:
    """
    Paint the page in round corners over with the photo beside it.

    Args:
        samples: Of the part of *plane* inside *box*. Changed in place.
        plane: uint8[height, width].
        box: Left, top, right, bottom in pixels.

    Returns:
        *samples*.
    """
    left, top, right, bottom = (round(value) for value in box)
    height, width = plane.shape
    for y, flip_rows in ((top, 1), (bottom, -1)):
        for x, flip_columns in ((left, 1), (right, -1)):
            if 1 < y < height - 1 and 1 < x < width - 1:
                page = _page_beside(plane, y, x, flip_rows, flip_columns)
                if page is not None:
                    _paint(samples[::flip_rows, ::flip_columns][:_REACH, :_REACH], page)
    return samples


def _page_beside(plane: Plane, y: int, x: int, down: int, across: int) -> float | None:
    """
    The brightness of the page outside a corner; None where it is not plain.
    """
    rows = slice(max(0, y - 5), y - 1) if down > 0 else slice(y + 1, y + 5)
    columns = slice(max(0, x - 5), x - 1) if across > 0 else slice(x + 1, x + 5)
    patch = plane[rows, columns]
    if not patch.size or int(patch.max()) - int(patch.min()) > _LEVELS:
        return None
    return median(patch)


def _paint(corner: Samples, page: float) -> None:
    """
    Paint over what looks like the page and gets narrower from row to row; *corner* is at 0, 0.
    """
    like = np.abs(corner - page) <= _LEVELS
    lengths = np.cumprod(like, axis=1).sum(axis=1)
    rows = int(np.cumprod(lengths > 0).sum())
    is_round = 0 < rows < _REACH and lengths[0] < _REACH
    if not is_round or (np.diff(lengths[:rows]) > 1).any():
        return
    lengths[rows] = 0
    for row, length in enumerate(lengths[: rows + 1]):
        # The sample after the run holds some of both.
        end = min(_REACH - 1, int(length) + 1)
        corner[row, :end] = corner[row, end]
