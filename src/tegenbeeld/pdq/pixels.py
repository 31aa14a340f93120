"""
What both hashers take: an array of pixels, checked before any work.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tegenbeeld.errors import ShapeError

Pixels = NDArray[np.uint8]
"""
uint8[height, width, 3], red green blue, 0 to 255; or uint8[height, width], grey.
"""

Size = tuple[int, int]
"""
Height and width, in pixels.
"""

GREY_DIMENSIONS = 2
COLOURS = 3

MIN_SIDE = 5
"""
Shortest side, in pixels, that PDQ works with; inclusive.

Source: spec/pdq.md §2.
"""


def check_pixels(pixels: Pixels) -> None:
    """
    Refuse what is not a picture.

    Raises:
        ShapeError: *pixels* has another dtype or shape, or a side is shorter than `MIN_SIDE`.
    """
    if not isinstance(pixels, np.ndarray) or pixels.dtype != np.uint8:
        raise ShapeError("The pixels must be a uint8 array. Read a file with media.read_pixels.")
    if not is_grey(pixels) and pixels.shape[GREY_DIMENSIONS:] != (COLOURS,):
        raise ShapeError(
            f"The pixels have the shape {pixels.shape}. "
            "Give [height, width, 3] for colour or [height, width] for grey."
        )
    if min(pixels.shape[:2]) < MIN_SIDE:
        raise ShapeError(f"Both sides of the picture must be at least {MIN_SIDE} pixels.")


def is_grey(pixels: NDArray[Any]) -> bool:
    """
    Tell whether an array holds one value per pixel instead of three.
    """
    return pixels.ndim == GREY_DIMENSIONS


def merged_per_pixel(full: int, *, count: int) -> int:
    """
    Tell how many pixels of a whole side each of those at hand stands for.

    Args:
        full: The whole side, in pixels.
        count: Pixels at hand; the last one may stand for fewer.

    Raises:
        ShapeError: There is no such whole number.
    """
    factor = -(-full // count)
    if -(-full // max(factor, 1)) != count:
        raise ShapeError(
            f"{count} pixels cannot stand for {full}. Give the height and width of the picture "
            "before each square of its pixels became one."
        )
    return factor
