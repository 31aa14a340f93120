"""
Hashing a picture from the means of its pixels.
"""

import numpy as np
import pytest

from tegenbeeld import pdq
from tegenbeeld.errors import ShapeError


def textured(height: int, width: int) -> np.ndarray:
    """
    Give a picture of soft random waves: uint8[height, width].
    """
    rng = np.random.default_rng(5)
    y, x = np.mgrid[0 : 1 : 1j * height, 0 : 1 : 1j * width]
    grey = sum(np.sin(down * y + across * x) for down, across in rng.uniform(-60, 60, (14, 2)))
    return (128 + 20 * np.asarray(grey)).clip(0, 255).astype(np.uint8)


def means(pixels: np.ndarray, factor: int) -> np.ndarray:
    """
    Give the mean of each square of pixels; at the far edges of what is left of it.
    """
    rows = range(0, len(pixels), factor)
    columns = range(0, pixels.shape[1], factor)
    found = [
        [pixels[row : row + factor, column : column + factor].mean() for column in columns]
        for row in rows
    ]
    return np.round(found).astype(np.uint8)


@pytest.mark.parametrize("factor", [1, 2, 3, 4])
@pytest.mark.parametrize("size", [(512, 768), (517, 389)])
def test_hash_of_means_is_nearly_that_of_the_picture(factor: int, size: tuple[int, int]) -> None:
    """
    With the full size given: in every orientation, and in colour.
    """
    pixels = textured(*size)
    smaller = means(pixels, factor)
    whole = pdq.hash_orientations(pixels)
    found = pdq.hash_orientations(smaller, full_size=size)
    apart = [pdq.distance(*pair) for pair in zip(whole.hashes, found.hashes, strict=True)]
    assert max(apart) <= (0 if factor == 1 else 4)
    assert abs(whole.quality - found.quality) <= 1
    colours = np.repeat(smaller[:, :, None], 3, axis=2)
    assert pdq.hash_rgb(colours, full_size=size) == (found.hashes[0], found.quality)


def test_full_size_of_the_pixels_themselves_changes_nothing() -> None:
    """
    It is the same as leaving it out.
    """
    pixels = textured(211, 307)
    assert pdq.hash_rgb(pixels, full_size=(211, 307)) == pdq.hash_rgb(pixels)


@pytest.mark.parametrize(
    "full_size", [(99, 100), (100, 99), (0, 100), (-100, 100), (20, 20), (101, 300)]
)
def test_full_size_is_refused_when_no_whole_factor_gives_it(full_size: tuple[int, int]) -> None:
    """
    100 pixels can stand for 100, or for 199 to 200, or for 298 to 300, and so on.
    """
    with pytest.raises(ShapeError, match="cannot stand for"):
        pdq.hash_rgb(textured(100, 100), full_size=full_size)


@pytest.mark.parametrize("full_size", [(100, 200), (199, 300), (298, 800)])
def test_factor_may_differ_between_the_sides(full_size: tuple[int, int]) -> None:
    """
    A picture that was made narrower has its own matrix for each side.
    """
    assert pdq.hash_rgb(textured(100, 100), full_size=full_size).quality > 0
