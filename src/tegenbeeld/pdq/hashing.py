"""
PDQ fast: two small matrix products over the pixels, a strip of rows at a time.

The result is that of `reference.py` but for rounding. The picture is never copied as a whole, so
memory stays small however large the picture is.
"""

import numpy as np
from numpy.typing import NDArray

from tegenbeeld.pdq import reference
from tegenbeeld.pdq.matrices import SAMPLES, cosines, strips
from tegenbeeld.pdq.orientations import Frequencies, oriented
from tegenbeeld.pdq.pixels import Pixels, Size, check_pixels, is_grey, merged_per_pixel
from tegenbeeld.pdq.values import HashedPicture, OrientedHashes, PdqHash

# Source: spec/pdq.md §3; ITU-R BT.601.
_LUMA = np.array([0.299, 0.587, 0.114])

# A strip of rows should touch few samples, yet be worth the calls it takes, and as float32 stay in
# the processor's cache: between 128 KiB and 2 MiB. Found by measuring (bench/hash.py).
_FEWEST_STRIP_VALUES = 1 << 15
_MOST_STRIP_VALUES = 1 << 19

# A side of so few pixels, inclusive, has no frequency 16: its values are zero but for rounding.
# Source: spec/pdq.md §9.
_THIN = 16

# Columns per strip: long enough for one matrix product to be worth its call.
_STRIP_COLUMNS = 256


def hash_rgb(pixels: Pixels, *, full_size: Size | None = None) -> HashedPicture:
    """
    Hash a picture.

    Args:
        pixels: uint8[height, width, 3], red green blue; or uint8[height, width], grey: brightness
            by the weights of spec/pdq.md §3. Neither copied as a whole nor changed.
        full_size: Height and width of the picture, where each pixel at hand is the mean of a
            square of its pixels: the hash is then that of the whole picture, but for what the
            means have lost. Left out where the pixels are the picture.

    Returns:
        The hash and the quality, 0 to 100.

    Raises:
        ShapeError: *pixels* is another kind of array, or a side is shorter than 5; or no whole
            number of pixels per square gives *full_size*.

    Source:
        spec/pdq.md §3 to §5, §7, §11.
    """
    if _is_thin(pixels) and full_size is None:
        return reference.hash_rgb(pixels)
    samples = downsample(pixels, full_size=full_size)
    return HashedPicture(_hash_of(_transform(samples)), _quality(samples))


def hash_orientations(pixels: Pixels, *, full_size: Size | None = None) -> OrientedHashes:
    """
    Hash a picture in its eight orientations, for little more than the price of one.

    Args:
        pixels: As for `hash_rgb`.
        full_size: As for `hash_rgb`.

    Returns:
        Eight hashes in the order of `ORIENTATIONS`, and the quality, 0 to 100.

    Raises:
        ShapeError: As for `hash_rgb`.

    Source:
        spec/pdq.md §6.
    """
    if _is_thin(pixels) and full_size is None:
        return reference.hash_orientations(pixels)
    samples = downsample(pixels, full_size=full_size)
    hashes = tuple(_hash_of(turned) for turned in oriented(_transform(samples)))
    return OrientedHashes(hashes, _quality(samples))


def downsample(pixels: Pixels, *, full_size: Size | None = None) -> NDArray[np.float32]:
    """
    Blur the picture and keep 64 x 64 samples of its brightness.

    Args:
        pixels: As for `hash_rgb`.
        full_size: As for `hash_rgb`.

    Returns:
        float32[64, 64], 0 to 255.

    Raises:
        ShapeError: As for `hash_rgb`.

    Source:
        spec/pdq.md §3 and §4.
    """
    check_pixels(pixels)
    height, width = full_size or pixels.shape[:2]
    rows = _luma(_reduce_rows(pixels, height=height))
    factor = merged_per_pixel(width, count=rows.shape[1])
    samples = np.zeros((SAMPLES, SAMPLES))
    for strip in strips(width, length=_STRIP_COLUMNS, factor=factor):
        samples[:, strip.samples] += rows[:, strip.pixels] @ strip.weights.T
    return samples.astype(np.float32)


def _is_thin(pixels: Pixels) -> bool:
    """
    Tell whether rounding would decide many bits, so that it must be that of the reference.
    """
    check_pixels(pixels)
    height, width = int(pixels.shape[0]), int(pixels.shape[1])
    return min(height, width) <= _THIN


def _reduce_rows(pixels: Pixels, *, height: int) -> NDArray[np.float32]:
    """
    Blur and decimate downwards: uint8[n, width, ...] of *height* rows to float32[64, width, ...].
    """
    count = pixels.shape[0]
    row_values = pixels[0].size
    factor = merged_per_pixel(height, count=count)
    reduced = np.zeros((SAMPLES, row_values), dtype=np.float32)
    for strip in strips(height, length=_strip_rows(count, row_values), factor=factor):
        part = pixels[strip.pixels].reshape(-1, row_values).astype(np.float32)
        reduced[strip.samples] += strip.weights @ part
    return reduced.reshape(SAMPLES, *pixels.shape[1:])


def _strip_rows(height: int, row_values: int) -> int:
    wanted = max(height // SAMPLES, _FEWEST_STRIP_VALUES // row_values)
    return max(1, min(wanted, _MOST_STRIP_VALUES // row_values))


def _luma(rows: NDArray[np.float32]) -> NDArray[np.float64]:
    if is_grey(rows):
        return rows.astype(np.float64)
    brightness: NDArray[np.float64] = rows @ _LUMA
    return brightness


def _transform(samples: NDArray[np.float32]) -> Frequencies:
    matrix = cosines()
    return matrix @ samples @ matrix.T


def _quality(samples: NDArray[np.float32]) -> int:
    scale = np.float32(100), np.float32(255)
    total = 0
    for axis in (0, 1):
        steps = np.diff(samples, axis=axis) * scale[0] / scale[1]
        total += int(np.abs(np.trunc(steps)).sum())
    return min(100, total // 90)


def _hash_of(frequencies: Frequencies) -> PdqHash:
    values = frequencies.ravel()
    bits = values > np.partition(values, 127)[127]
    return PdqHash(np.packbits(bits[::-1]).tobytes())
