"""
Straight lines across a picture that may be the edges of a photo in it.

A photo that was put on a page, a bar, or beside another photo breaks off at its edge: along the
whole edge the brightness jumps more than it does a little before and behind, or what was flat
becomes lively. Scenes have such lines too; `choosing.py` asks for rectangles.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tegenbeeld.media.views.planes import Plane

# Found by measuring on the named edits of bench/edits.py, never on bench/random_edits.py.
_LEAST_JUMP = 4
_FLAT_STEP = 2
_FLAT_SHARE = 0.7
_MOST_LINES = 16
_LEAST_SCORE = 0.35
_WINDOWS = 6
_SILENT = 0.6

# Pixels that are looked at on either side of a line to measure a jump.
_REACH = 4

Map = NDArray[np.bool_]


class Direction(NamedTuple):
    """
    The candidate lines of one direction. For rows: a line lies above the row of its number.

    Attributes:
        at: int64[n], ascending; the first and the last are the edges of the picture itself.
        opens: float64[n, m, m]; how surely a photo begins at this line and lies behind it,
            between two lines of the other direction; 0 to 1. Undefined for its edges.
        closes: The same for a photo that ends at this line.
    """

    at: NDArray[np.int64]
    opens: NDArray[np.float64]
    closes: NDArray[np.float64]

    @property
    def is_edge(self) -> Map:
        """
        bool[n]: which lines are no lines but the edges of the picture.
        """
        is_edge: Map = (self.at == 0) | (self.at == self.at[-1])
        return is_edge


class Lines(NamedTuple):
    """
    Everything that is known of a picture's lines.

    Attributes:
        pixels: int16[height, width].
        rows: Lines from left to right.
        columns: Lines from top to bottom.
        flat: float64[n rows, n columns]; flat pixels above and left of each crossing, as a share
            of all pixels.
    """

    pixels: NDArray[np.int16]
    rows: Direction
    columns: Direction
    flat: NDArray[np.float64]


def find_lines(plane: Plane) -> Lines:
    """
    Find the lines of a picture and how well they would do as the sides of a photo.

    Args:
        plane: uint8[height, width], both sides 32 to 640.
    """
    pixels = plane.astype(np.int16)
    across = np.ascontiguousarray(pixels.T)
    flat = _flat(pixels)
    flat_across = np.ascontiguousarray(flat.T)
    jumps, jumps_across = _jumps(pixels), _jumps(across)
    rows, columns = _candidates(jumps, flat), _candidates(jumps_across, flat_across)
    return Lines(
        pixels,
        _direction(jumps, flat, rows, columns),
        _direction(jumps_across, flat_across, columns, rows),
        _running(_running(flat).T)[columns][:, rows].T / flat.size,
    )


def _jumps(pixels: NDArray[np.int16]) -> Map:
    """
    Mark where the brightness jumps from one row to the next: bool[height + 1, width].

    The jump is taken over three rows, as blurred edges need, and must be half as large again as
    the steps before and behind.
    """
    height = len(pixels)
    found = np.zeros((height + 1, pixels.shape[1]), dtype=bool)
    nearby = np.abs(pixels[2:] - pixels[:-2])
    jump = np.abs(pixels[5:-2] - pixels[2:-5])
    around = np.maximum(nearby[: height - 7], nearby[5 : height - 2])
    found[_REACH : height - 3] = jump >= around + (around >> 1) + _LEAST_JUMP
    return found


def _flat(pixels: NDArray[np.int16]) -> Map:
    """
    Mark pixels that hardly differ from the ones to the right and below.
    """
    found = np.zeros(pixels.shape, dtype=bool)
    right = np.abs(np.diff(pixels[:-1], axis=1)) <= _FLAT_STEP
    below = np.abs(np.diff(pixels[:, :-1], axis=0)) <= _FLAT_STEP
    found[:-1, :-1] = right & below
    found[-1], found[:, -1] = found[-2], found[:, -2]
    return found


def _candidates(jumps: Map, flat: Map) -> NDArray[np.int64]:
    height = len(flat)
    band = max(3, height // 80)
    sharp = _score(_shares(jumps))
    contrast = _score(_contrast(_shares(flat), band))
    scores = {int(at): sharp[at] for at in _peaks(sharp, 3)}
    for at in _peaks(contrast, band):
        if all(abs(at - known) > band + 1 for known in scores):
            scores[int(at)] = contrast[at]
    inner = [at for at in scores if _REACH <= at <= height - _REACH]
    best = sorted(inner, key=lambda at: -scores[at])[:_MOST_LINES]
    return np.array(sorted([0, height, *best]))


def _shares(marks: Map) -> NDArray[np.float64]:
    """
    Share of marked pixels in each row, over all of it and over parts: float64[rows, 1 + parts].

    A line need not go all the way: a small photo on a large page has short edges.
    """
    width = marks.shape[1]
    length = width // _WINDOWS
    starts = np.arange(0, width - length + 1, max(1, length // 2))
    sums = _running(marks)
    parts = (sums[:, starts + length] - sums[:, starts]) / length
    return np.concatenate([sums[:, -1:] / width, parts], axis=1)


def _contrast(shares: NDArray[np.float64], band: int) -> NDArray[np.float64]:
    """
    How much more of one side of each line is flat than of the other.
    """
    height = len(shares)
    sums = np.zeros((height + 1, shares.shape[1]))
    np.cumsum(shares, axis=0, out=sums[1:])
    found = np.zeros_like(sums)
    at = np.arange(band + 1, height - band)
    behind, before = sums[at + band] - sums[at], sums[at - 1] - sums[at - 1 - band]
    found[at] = np.abs(behind - before) / band
    return found


def _score(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    score: NDArray[np.float64] = shares[:, 0] + shares[:, 1:].max(axis=1) / 2
    return score


def _peaks(scores: NDArray[np.float64], reach: int) -> NDArray[np.int64]:
    padded = np.pad(scores, reach)
    around = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1).max(axis=1)
    return np.flatnonzero((scores >= around) & (scores >= _LEAST_SCORE))


def _direction(jumps: Map, flat: Map, at: NDArray[np.int64], other: NDArray[np.int64]) -> Direction:
    height = len(flat)
    band = max(3, height // 60)
    before = _is_flat(flat, at - 1 - band, at - 2)
    behind = _is_flat(flat, at + 2, at + 1 + band)
    lengths = np.maximum(other[None, :] - other[:, None], 1)

    def share(marks: Map) -> NDArray[np.float64]:
        sums = _running(marks)[:, other]
        shares: NDArray[np.float64] = (sums[:, None, :] - sums[:, :, None]) / lengths
        return shares

    opens = closes = np.zeros((len(at), len(other), len(other)))
    # The line may lie one pixel further up or down than its mark.
    for moved in (-1, 0, 1):
        jump = jumps[np.clip(at + moved, 0, height)]
        # Where both sides are flat and alike, white sky on a white page, nothing can be seen.
        seen = 1 - _SILENT * share(before & behind & ~jump)
        opens = np.maximum(opens, share(jump | (before & ~behind)) / seen)
        closes = np.maximum(closes, share(jump | (behind & ~before)) / seen)
    return Direction(at, opens, closes)


def _is_flat(flat: Map, first: NDArray[np.int64], last: NDArray[np.int64]) -> Map:
    """
    Tell of each column of each band of rows whether most of it is flat.
    """
    sums = _running(flat.T).T
    first, last = np.clip(first, 0, len(flat)), np.clip(last, 0, len(flat))
    least = _FLAT_SHARE * np.maximum(last - first, 1)
    is_flat: Map = sums[last] - sums[first] >= least[:, None]
    return is_flat


def _running(values: NDArray[np.bool_] | NDArray[np.int32]) -> NDArray[np.int32]:
    """
    Sums along each row from its start: int32[rows, columns + 1].
    """
    sums = np.zeros((values.shape[0], values.shape[1] + 1), dtype=np.int32)
    np.cumsum(values, axis=1, out=sums[:, 1:])
    return sums
