"""
64 by 64 samples of a part of a plane, as PDQ would take them from the part at high resolution.

PDQ blurs twice with a box of a 128th of the side and keeps 64 centres: each sample is a mean under
a triangle as wide as the space between two samples. Here the triangle is laid over the pixels at
any place and size, so that a part needs neither whole pixels nor many of them.

Source: spec/pdq.md §4.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tegenbeeld.media.views.planes import Plane

SAMPLES = 64

Samples = NDArray[np.float32]
"""
float32[64, 64], 0 to 255.
"""

_GRID = 192
_FAR = 1e9


class Turn(NamedTuple):
    """
    A rectangle that stands askew in a plane.

    Attributes:
        angle: In radians; from the plane's rows to the rectangle's, clockwise as seen.
        box: Left, top, right, bottom from the middle of the plane, in pixels, along the
            rectangle's own axes.
    """

    angle: float
    box: tuple[float, float, float, float]


def box_samples(plane: Plane, box: tuple[float, float, float, float]) -> Samples:
    """
    Sample an upright part.

    Args:
        plane: uint8[height, width].
        box: Left, top, right, bottom in pixels; it may stand out, then the edge is repeated.
    """
    height, width = plane.shape
    first = max(0, int(box[1]) - 1), max(0, int(box[0]) - 1)
    last = min(height, math.ceil(box[3]) + 1), min(width, math.ceil(box[2]) + 1)
    pixels = plane[first[0] : last[0], first[1] : last[1]].astype(np.float32)
    down = _weights(pixels.shape[0], box[1] - first[0], box[3] - first[0])
    across = _weights(pixels.shape[1], box[0] - first[1], box[2] - first[1])
    return _mixed(down, pixels, across)


def turned_samples(plane: Plane, turn: Turn) -> Samples:
    """
    Sample a part that stands askew. What lies outside the plane is filled from its edge.

    Args:
        plane: uint8[height, width], both sides at least 4 and so small that one pixel in about
            192 by 192 of the part is enough: at most 640.
        turn: Where it stands.
    """
    height, width = plane.shape
    left, top, right, bottom = turn.box
    places = (np.arange(_GRID) + 0.5) / _GRID
    over, down = left + places * (right - left), (top + places * (bottom - top))[:, None]
    cosine, sine = math.cos(turn.angle), math.sin(turn.angle)
    # Half a pixel: the value of a pixel stands at its middle. The outermost two are mixed.
    x = np.clip(width / 2 + over * cosine - down * sine - 0.5, 2, width - 3.001)
    y = np.clip(height / 2 + over * sine + down * cosine - 0.5, 2, height - 3.001)
    grid = _between(plane, x.astype(np.float32), y.astype(np.float32))
    weights = _weights(_GRID, 0, _GRID)
    return _mixed(weights, grid, weights)


def to_pixels(samples: Samples) -> Plane:
    """
    Round samples to whole levels.
    """
    return np.rint(samples).clip(0, 255).astype(np.uint8)


def _mixed(
    down: NDArray[np.float32], pixels: NDArray[np.float32], across: NDArray[np.float32]
) -> Samples:
    return (down @ pixels @ across.T).astype(np.float32, copy=False)


def _weights(pixels: int, start: float, stop: float) -> NDArray[np.float32]:
    """
    Give each pixel's share in each sample: float32[64, pixels]; rows sum to 1.
    """
    edges = np.arange(pixels + 1, dtype=np.float64)
    # The outermost pixels reach on for ever.
    edges[0], edges[-1] = -_FAR, _FAR
    space = (stop - start) / SAMPLES
    centres = start + (np.arange(SAMPLES)[:, None] + 0.5) * space
    at = np.clip((edges - centres) / (space / 2), -1, 1)
    below = np.where(at < 0, (at + 1) ** 2 / 2, 1 - (1 - at) ** 2 / 2)
    return np.diff(below, axis=1).astype(np.float32)


def _between(plane: Plane, x: NDArray[np.float32], y: NDArray[np.float32]) -> NDArray[np.float32]:
    """
    Bilinear values at places inside the plane.
    """
    column, row = x.astype(np.int32), y.astype(np.int32)
    right, below = x - column, y - row
    width = plane.shape[1]
    flat = plane.ravel()
    first = row * width + column
    upper = flat[first] * (1 - right) + flat[first + 1] * right
    lower = flat[first + width] * (1 - right) + flat[first + width + 1] * right
    mixed: NDArray[np.float32] = upper * (1 - below) + lower * below
    return mixed.astype(np.float32)
