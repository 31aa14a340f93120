"""
Exact sides: PDQ forgives a cut that is half a percent off, and hardly one percent.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tegenbeeld.media.views.choosing import Box, Found, is_plain, is_same
from tegenbeeld.media.views.lines import Lines
from tegenbeeld.media.views.planes import Plane, median

# A frame inside a frame is at most this share of the side.
_FRAME = 0.06
_CLEAR = 0.75
_PLAIN = 0.9
_FRAMES = 2
_THICK = 2

# One strong step must not outweigh a whole line of small ones.
_MOST_STEP = 60


def tighten(lines: Lines, found: list[Found]) -> list[Found]:
    """
    Move sides inwards over what is left of frames and gaps, then drop what became the same.
    """
    kept: list[Found] = []
    for one in found:
        box = one.box
        for _ in range(_FRAMES):
            box = _tightened(lines, box)
        if not any(is_same(box, other.box, lines) for other in kept):
            kept.append(replace(one, box=box))
    return kept


def fit(plane: Plane, box: Box, factor: int) -> tuple[float, float, float, float]:
    """
    Find the same sides on the full plane.

    Args:
        plane: uint8[height, width].
        box: On a copy that is smaller by *factor*.
        factor: 1 or more.

    Returns:
        Left, top, right, bottom in pixels of *plane*, to a fraction of a pixel.
    """
    height, width = plane.shape
    left, top, right, bottom = (value * factor for value in box)
    # What did not fill a block is missing from the copy.
    right = width if width - right < factor else right
    bottom = height if height - bottom < factor else bottom
    across = plane.T
    return (
        _fitted(across, left, (top, bottom), factor + 2),
        _fitted(plane, top, (left, right), factor + 2),
        _fitted(across, right, (top, bottom), factor + 2),
        _fitted(plane, bottom, (left, right), factor + 2),
    )


def _fitted(plane: Plane, at: int, ends: tuple[int, int], reach: int) -> float:
    """
    Find the row near *at* above which the brightness changes most, between two columns.
    """
    height = len(plane)
    if at <= 0 or at >= height:
        return float(at)
    # Corners may be round.
    margin = (ends[1] - ends[0]) // 10
    first, last = max(1, at - reach), min(height - 1, at + reach)
    rows = plane[first - 1 : last + 1, ends[0] + margin : ends[1] - margin].astype(np.int16)
    steps = np.minimum(np.abs(np.diff(rows, axis=0)), _MOST_STEP).mean(axis=1)
    best = int(np.argmax(steps))
    start = max(0, best - 1)
    weights = np.maximum(steps[start : best + 2] - 0.9 * median(steps), 0) + 1e-6
    return first + start + float(weights @ np.arange(len(weights)) / weights.sum())


def _tightened(lines: Lines, box: Box) -> Box:
    left, top, right, bottom = box
    rows, columns, pixels = lines.rows, lines.columns, lines.pixels
    ends = _place(columns.at, left), _place(columns.at, right)
    inner = slice(left + 2, max(right - 2, left + 3))
    top = _moved(pixels[:, inner], rows.at, rows.opens[:, ends[0], ends[1]], top, 1)
    bottom = _moved(pixels[:, inner], rows.at, rows.closes[:, ends[0], ends[1]], bottom, -1)
    ends = _place(rows.at, top), _place(rows.at, bottom)
    turned = pixels[top + 2 : max(bottom - 2, top + 3)].T
    left = _moved(turned, columns.at, columns.opens[:, ends[0], ends[1]], left, 1)
    right = _moved(turned, columns.at, columns.closes[:, ends[0], ends[1]], right, -1)
    return left, top, right, bottom


def _moved(
    pixels: NDArray[np.int16],
    at: NDArray[np.int64],
    evidence: NDArray[np.float64],
    side: int,
    step: int,
) -> int:
    """
    Move a side to the furthest clear line with nothing but plain pixels before it.
    """
    away = (at - side) * step
    near = np.flatnonzero((away > _THICK) & (away < _FRAME * len(pixels)) & (evidence >= _CLEAR))
    for number in sorted(near, key=lambda number: -away[number]):
        low, high = sorted((side, int(at[number])))
        strip = pixels[low + 1 : high - 1]
        if strip.size and is_plain(strip, least=_PLAIN):
            return int(at[number])
    return side


def _place(at: NDArray[np.int64], value: int) -> int:
    return int(np.searchsorted(at, value))
