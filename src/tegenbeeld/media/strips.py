"""
From a decoded picture to one array, a strip of rows at a time.

A large picture takes much memory once decoded. Converting it whole would take that much again for
each step; in strips each step takes a few megabytes.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tegenbeeld.media.colours import to_luma, to_rgb
from tegenbeeld.media.orientation import is_sideways, place_upright, upright

# Few enough pixels to stay in the processor's cache, also as 4 bytes each.
_STRIP_PIXELS = 1 << 18


def rgb_pixels(picture: Image.Image, *, orientation: int) -> NDArray[np.uint8]:
    """
    Give the colours of a decoded picture, upright and on white.

    Args:
        picture: In any of Pillow's modes. Not changed.
        orientation: 1 to 8; how the picture is stored.

    Returns:
        uint8[height, width, 3], C-contiguous.
    """
    pixels = np.empty((*_upright_size(picture.size, orientation), 3), np.uint8)
    for first_row, strip in _strips(picture, multiple_of=1):
        _put(to_rgb(strip), pixels, first_row=first_row, orientation=orientation)
    return pixels


def luma_pixels(picture: Image.Image, *, orientation: int, factor: int) -> NDArray[np.uint8]:
    """
    Give the brightness of a decoded picture, upright and on white, made smaller on the way.

    Args:
        picture: In any of Pillow's modes. Not changed.
        orientation: 1 to 8; how the picture is stored.
        factor: Each square of so many pixels becomes its mean; at least 1.

    Returns:
        uint8[height, width], C-contiguous; sides divided by *factor* and rounded up.
    """
    width, height = (-(-side // factor) for side in picture.size)
    plane = np.empty(_upright_size((width, height), orientation), np.uint8)
    for first_row, strip in _strips(picture, multiple_of=factor):
        grey = to_luma(strip)
        smaller = grey if factor == 1 else grey.reduce(factor)
        _put(smaller, plane, first_row=first_row // factor, orientation=orientation)
    return plane


def _upright_size(stored_size: tuple[int, int], orientation: int) -> tuple[int, int]:
    width, height = stored_size
    return (width, height) if is_sideways(orientation) else (height, width)


def _put(
    strip: Image.Image, picture: NDArray[np.uint8], *, first_row: int, orientation: int
) -> None:
    rows = strip.size[1]
    place = place_upright(picture, first_row=first_row, rows=rows, orientation=orientation)
    place[:] = np.asarray(upright(strip, orientation=orientation))


def _strips(picture: Image.Image, *, multiple_of: int) -> Iterator[tuple[int, Image.Image]]:
    """
    Cut a picture into strips of rows: the number of the first row, and the strip.
    """
    width, height = picture.size
    wanted = _STRIP_PIXELS // width // multiple_of * multiple_of
    rows = max(wanted, multiple_of)
    if rows >= height:
        yield 0, picture
        return
    for top in range(0, height, rows):
        yield top, picture.crop((0, top, width, min(top + rows, height)))
