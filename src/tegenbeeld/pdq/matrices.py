"""
Blur and decimation of one side as one small matrix, and the cosine transform as another.

Blurring twice and keeping 64 centres is linear, and the two directions do not touch each other:
samples = R Y Cᵀ. R needs only the height, C only the width. Both are banded: a sample depends on
a few dozen neighbouring pixels. So a matrix is kept as strips, each the part that a run of pixels
takes in the samples near it.
"""

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

SAMPLES = 64
FREQUENCIES = 16

_KEPT_SIZES = 128
"""
Sizes whose matrices are kept: two for each of the views of one upload, and those of the next. The
largest, of 20 000 pixels, takes about a megabyte, and one of 1000 pixels 30 KB.
"""


class Strip(NamedTuple):
    """
    What a run of pixels adds to the samples near it.

    Attributes:
        pixels: First pixel (inclusive) and last (exclusive) of the run.
        samples: First sample (inclusive) and last (exclusive) that it touches.
        weights: float32[samples, pixels], C-contiguous; each pixel's share in each sample.
    """

    pixels: slice
    samples: slice
    weights: NDArray[np.float32]


@lru_cache(maxsize=_KEPT_SIZES)
def strips(dimension: int, *, length: int, factor: int = 1) -> tuple[Strip, ...]:
    """
    Give the matrix of one side, cut into strips.

    Args:
        dimension: Height or width of the picture, in pixels; at least 5.
        length: Pixels per strip; at least 1. The last strip may be shorter.
        factor: How many pixels of the picture stand in each that is at hand, which is their mean;
            1 where the picture is at hand itself.

    Returns:
        Strips in order; every pixel at hand is in at most one of them, and the others have no
        weight.

    Source:
        spec/pdq.md §4 and §11.
    """
    firsts, bands = _bands(dimension)
    if factor > 1:
        firsts, bands = _merged(firsts, bands, factor=factor)
    lasts = firsts + bands.shape[1]
    count = -(-dimension // factor)
    cut = []
    for start in range(0, count, length):
        stop = min(start + length, count)
        touched = np.flatnonzero((firsts < stop) & (lasts > start))
        if touched.size:
            samples = slice(int(touched[0]), int(touched[-1]) + 1)
            weights = _dense(firsts[samples], bands[samples], start=start, stop=stop)
            cut.append(Strip(slice(start, stop), samples, weights))
    return tuple(cut)


@lru_cache(maxsize=1)
def cosines() -> NDArray[np.float64]:
    """
    Give the matrix of the cosine transform for the frequencies 1 to 16.

    Returns:
        float64[16, 64].

    Source:
        spec/pdq.md §5.
    """
    frequency = np.arange(1, FREQUENCIES + 1)[:, None]
    position = 2 * np.arange(SAMPLES)[None, :] + 1
    angle = math.pi / (2 * SAMPLES) * frequency * position
    matrix: NDArray[np.float64] = math.sqrt(2 / SAMPLES) * np.cos(angle)
    return matrix


def _bands(dimension: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """
    Give, per sample, the first pixel it depends on and the weights from there on.

    A sample is the mean of the boxes around the pixels of its own box. Each of those adds its
    share from its first pixel on and takes it back after its last one, so the weights are the
    running sum of what is added and taken.

    Returns:
        int64[64] and float64[64, n]; the weights of a sample sum to 1.
    """
    window = (dimension + 2 * SAMPLES - 1) // (2 * SAMPLES)
    ahead = (window + 2) // 2
    pixel = np.arange(dimension)
    first = np.maximum(pixel - (window - ahead), 0)
    last = np.minimum(pixel + ahead, dimension)
    centres = (2 * np.arange(SAMPLES) + 1) * dimension // (2 * SAMPLES)

    width = min(2 * window, dimension)
    starts, stops = first[centres, None], last[centres, None]
    firsts = np.minimum(first[starts], dimension - width)
    inner = starts + np.arange(window)
    is_inner = inner < stops
    inner = np.minimum(inner, dimension - 1)
    share = is_inner / (last[inner] - first[inner]) / (stops - starts)
    added = _scattered(first[inner] - firsts, share, width=width + 1)
    taken = _scattered(last[inner] - firsts, share, width=width + 1)
    return firsts[:, 0], np.cumsum(added - taken, axis=1)[:, :width]


def _merged(
    firsts: NDArray[np.int64], bands: NDArray[np.float64], *, factor: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """
    Give the weights of the means of *factor* neighbours: the sum of the weights of each.
    """
    reach = firsts[:, None] + np.arange(bands.shape[1])
    merged_firsts = firsts // factor
    width = (bands.shape[1] - 1) // factor + 2
    places = reach // factor - merged_firsts[:, None]
    return merged_firsts, _scattered(places, bands, width=width)


def _scattered(
    places: NDArray[np.int64], values: NDArray[np.float64], *, width: int
) -> NDArray[np.float64]:
    """
    Add each value at its place in its row: int[64, n] and float[64, n] to float64[64, width].
    """
    flat = places + width * np.arange(len(places))[:, None]
    sums = np.bincount(flat.ravel(), weights=values.ravel(), minlength=width * len(places))
    return sums.astype(np.float64, copy=False).reshape(len(places), width)


def _dense(
    firsts: NDArray[np.int64], bands: NDArray[np.float64], *, start: int, stop: int
) -> NDArray[np.float32]:
    reach = firsts[:, None] + np.arange(bands.shape[1])
    inside = (reach >= start) & (reach < stop)
    weights = np.zeros((len(firsts), stop - start), dtype=np.float32)
    row = np.broadcast_to(np.arange(len(firsts))[:, None], reach.shape)
    weights[row[inside], reach[inside] - start] = bands[inside]
    return weights
