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

_KEPT_SIZES = 32
"""
Sizes whose matrices are kept; the largest, of 20 000 pixels, takes about 2 MB.
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
def strips(dimension: int, *, length: int) -> tuple[Strip, ...]:
    """
    Give the matrix of one side, cut into strips.

    Args:
        dimension: Height or width of the picture, in pixels; at least 5.
        length: Pixels per strip; at least 1. The last strip may be shorter.

    Returns:
        Strips in order; every pixel is in exactly one of them.

    Source:
        spec/pdq.md §4.
    """
    firsts, bands = _bands(dimension)
    lasts = firsts + bands.shape[1]
    cut = []
    for start in range(0, dimension, length):
        stop = min(start + length, dimension)
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
    firsts = np.minimum(first[first[centres]], dimension - width)
    weights = np.zeros((SAMPLES, width))
    for sample, centre in enumerate(centres):
        inner = slice(first[centre], last[centre])
        reach = firsts[sample] + np.arange(width)
        covered = (reach >= first[inner, None]) & (reach < last[inner, None])
        means = covered / (last[inner] - first[inner])[:, None]
        weights[sample] = means.mean(axis=0)
    return firsts, weights


def _dense(
    firsts: NDArray[np.int64], bands: NDArray[np.float64], *, start: int, stop: int
) -> NDArray[np.float32]:
    reach = firsts[:, None] + np.arange(bands.shape[1])
    inside = (reach >= start) & (reach < stop)
    weights = np.zeros((len(firsts), stop - start), dtype=np.float32)
    row = np.broadcast_to(np.arange(len(firsts))[:, None], reach.shape)
    weights[row[inside], reach[inside] - start] = bands[inside]
    return weights
