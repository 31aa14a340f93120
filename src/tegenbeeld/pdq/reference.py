"""
PDQ step by step, written to be read beside `spec/pdq.md`, not to be fast.

Every sum is a 32-bit float and is added up in the order of the original C++ program, so the result
is the same to the last bit, rounding included. `hashing.py` is the one to use; the tests hold it
against this one.
"""

import math

import numpy as np
from numpy.typing import NDArray

from tegenbeeld.pdq.orientations import oriented
from tegenbeeld.pdq.pixels import Pixels, check_pixels, is_grey
from tegenbeeld.pdq.values import HashedPicture, OrientedHashes, PdqHash

Floats = NDArray[np.float32]

SAMPLES = 64
FREQUENCIES = 16
PASSES = 2


def hash_rgb(pixels: Pixels) -> HashedPicture:
    """
    Hash a picture.

    Args:
        pixels: uint8[height, width, 3], red green blue; or uint8[height, width], grey.

    Returns:
        The hash and the quality, 0 to 100.

    Raises:
        ShapeError: *pixels* is another kind of array, or a side is shorter than 5.
    """
    check_pixels(pixels)
    picture = luma(pixels)
    if picture.shape != (SAMPLES, SAMPLES):
        picture = decimate(blur(picture))
    return HashedPicture(hash_of(transform(picture)), quality(picture))


def hash_orientations(pixels: Pixels) -> OrientedHashes:
    """
    Hash a picture in its eight orientations.

    A picture of 64 x 64 goes through the filter here, as in the C++ program. Its window of one
    changes nothing but the rounding.

    Args:
        pixels: As for `hash_rgb`.

    Returns:
        Eight hashes in the order of `ORIENTATIONS`, and the quality, 0 to 100.

    Raises:
        ShapeError: As for `hash_rgb`.
    """
    check_pixels(pixels)
    samples = decimate(blur(luma(pixels)))
    hashes = tuple(hash_of(turned) for turned in oriented(transform(samples)))
    return OrientedHashes(hashes, quality(samples))


def luma(pixels: Pixels) -> Floats:
    """
    Turn colours into brightness.

    Args:
        pixels: uint8[height, width, 3] or uint8[height, width].

    Returns:
        float32[height, width], 0 to 255.

    Source:
        spec/pdq.md §3; the three weights are those of ITU-R BT.601.
    """
    if is_grey(pixels):
        return pixels.astype(np.float32)
    red, green, blue = (pixels[:, :, channel].astype(np.float64) for channel in range(3))
    return (red * 0.299 + green * 0.587 + blue * 0.114).astype(np.float32)


def blur(picture: Floats) -> Floats:
    """
    Average each pixel with its neighbours, twice in both directions.

    Args:
        picture: float32[height, width].

    Returns:
        float32[height, width].

    Source:
        spec/pdq.md §4.
    """
    height, width = picture.shape
    for _ in range(PASSES):
        along_row = box(picture.T, window=window_size(width)).T
        picture = box(along_row, window=window_size(height))
    return picture


def window_size(dimension: int) -> int:
    """
    Give the width of the box filter for a side of the picture, in pixels.

    Source:
        spec/pdq.md §4: half a sample, because there are two passes; rounded up.
    """
    return (dimension + 2 * SAMPLES - 1) // (2 * SAMPLES)


def box(rows: Floats, *, window: int) -> Floats:
    """
    Average each row with the rows around it, by a sum that slides down the picture.

    Near the edges the window is cut off and divided by what is left of it.

    Args:
        rows: float32[n, m]; n at least *window*.
        window: Rows in a full window.

    Returns:
        float32[n, m]; row i is the mean of rows i - (window - ahead) to i + ahead - 1, inclusive.

    Source:
        spec/pdq.md §4.
    """
    count = len(rows)
    ahead = (window + 2) // 2
    means = np.empty_like(rows)
    total = np.zeros(rows.shape[1], dtype=np.float32)
    inside = 0
    for right in range(count + ahead - 1):
        left = right - window
        if right < count:
            total = total + rows[right]
            inside += 1
        if left >= 0:
            total = total - rows[left]
            inside -= 1
        if right >= ahead - 1:
            means[right - (ahead - 1)] = total / np.float32(inside)
    return means


def decimate(picture: Floats) -> Floats:
    """
    Keep the pixels at the centres of a grid of 64 x 64.

    Args:
        picture: float32[height, width].

    Returns:
        float32[64, 64].

    Source:
        spec/pdq.md §4.
    """
    height, width = picture.shape
    row_centres = [int((i + 0.5) * height / SAMPLES) for i in range(SAMPLES)]
    column_centres = [int((j + 0.5) * width / SAMPLES) for j in range(SAMPLES)]
    return picture[row_centres][:, column_centres]


def quality(samples: Floats) -> int:
    """
    Tell how much detail the samples hold.

    Args:
        samples: float32[64, 64], 0 to 255.

    Returns:
        0 (flat) to 100.

    Source:
        spec/pdq.md §7. 90 is a constant of PDQ, found by trial.
    """
    steps = [samples[:-1] - samples[1:], samples[:, :-1] - samples[:, 1:]]
    hundred, white = np.float32(100), np.float32(255)
    total = sum(int(np.abs(np.trunc(step * hundred / white)).sum()) for step in steps)
    return min(100, total // 90)


def cosines() -> Floats:
    """
    Give the matrix of the cosine transform for the frequencies 1 to 16.

    Returns:
        float32[16, 64]; the row of frequency 0, plain brightness, is left out.

    Source:
        spec/pdq.md §5.
    """
    scale = float(np.float32(math.sqrt(2 / SAMPLES)))
    step = math.pi / 2 / SAMPLES
    rows = [
        [scale * math.cos(step * frequency * (2 * j + 1)) for j in range(SAMPLES)]
        for frequency in range(1, FREQUENCIES + 1)
    ]
    return np.array(rows, dtype=np.float32)


def transform(samples: Floats) -> Floats:
    """
    Give the lowest frequencies of the samples: D A Dᵀ.

    Args:
        samples: float32[64, 64].

    Returns:
        float32[16, 16]; row = vertical frequency 1 to 16, column = horizontal frequency 1 to 16.

    Source:
        spec/pdq.md §5.
    """
    matrix = cosines()
    vertical = np.zeros((FREQUENCIES, SAMPLES), dtype=np.float32)
    for k in range(SAMPLES):
        vertical += matrix[:, k, None] * samples[None, k, :]
    both = np.zeros((FREQUENCIES, FREQUENCIES), dtype=np.float32)
    for k in range(SAMPLES):
        both += vertical[:, k, None] * matrix[None, :, k]
    return both


def hash_of(frequencies: Floats) -> PdqHash:
    """
    Give one bit per frequency: one where it is above the median.

    Args:
        frequencies: float32[16, 16].

    Returns:
        The hash; the frequency at row i, column j is bit 16 i + j, where bit 0 is the last one.

    Source:
        spec/pdq.md §5. Of an even number of values the median is the lower one of the middle two.
    """
    values = [float(value) for value in frequencies.ravel()]
    median = sorted(values)[127]
    bits = sum(1 << k for k, value in enumerate(values) if value > median)
    return PdqHash(bits.to_bytes(32, "big"))


def smallest_margin(frequencies: NDArray[np.floating]) -> float:
    """
    Tell how far the frequency nearest to the median is from it.

    Where this is tiny, rounding decides a bit, and two correct programs may differ there.

    Args:
        frequencies: float[16, 16].

    Returns:
        In units of luma, 0 or more. The frequency that is itself the median does not count.
    """
    ordered = np.sort(frequencies, axis=None)
    return float(min(ordered[127] - ordered[126], ordered[128] - ordered[127]))
