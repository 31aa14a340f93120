"""
Which way up a picture is: the EXIF orientation, applied to the pixels.

Cameras store a picture as the sensor saw it and note how it was held. Only EXIF is read; a note
in XMP is ignored, as browsers do. They ignore that of a WebP too, and so do we.

AVIF and HEIC are turned by properties of their own. Pillow hands over those of an AVIF as an EXIF
orientation, in place of the one in the file; pi_heif has turned the pixels already and sets that
of the file to upright. So no picture is turned twice.
"""

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.ImageFile import ImageFile
from PIL.WebPImagePlugin import WebPImageFile

from tegenbeeld.media.warned import own_warnings

ORIENTATION_TAG = 0x0112
_UPRIGHT = 1

# How to undo each value of the tag. Source: EXIF 2.32 §4.6.4, tag 0x0112.
_UNDO = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

# Values for which stored rows are columns of the picture, and for which the first stored row is
# its bottom or right.
_SIDEWAYS = {5, 6, 7, 8}
_BACKWARDS = {3, 4, 6, 7}


def orientation_of(file: ImageFile) -> int:
    """
    Read the orientation of a picture.

    Args:
        file: Opened; its notes have been read.

    Returns:
        1 (upright) to 8.
    """
    exif = file.info.get("exif")
    if not isinstance(exif, bytes) or isinstance(file, WebPImageFile):
        return _UPRIGHT
    try:
        tags = Image.Exif()
        with own_warnings():
            tags.load(exif)
            value = int(tags.get(ORIENTATION_TAG, _UPRIGHT))
    except Exception:  # noqa: BLE001 - as in pictures.py, parsing raises whatever came of it.
        # Damaged notes are no reason to refuse a picture whose pixels are whole.
        return _UPRIGHT
    return value if value in range(1, 9) else _UPRIGHT


def is_sideways(orientation: int) -> bool:
    """
    Tell whether width and height are swapped.
    """
    return orientation in _SIDEWAYS


def upright(stored: Image.Image, *, orientation: int) -> Image.Image:
    """
    Turn a picture, or some of its rows, the right way up.

    Args:
        stored: As the file has it. Not changed.
        orientation: 1 to 8.
    """
    undo = _UNDO.get(orientation)
    return stored if undo is None else stored.transpose(undo)


def place_upright(
    picture: NDArray[np.uint8], *, first_row: int, rows: int, orientation: int
) -> NDArray[np.uint8]:
    """
    Find where some stored rows belong in the picture.

    Args:
        picture: The whole of it, upright: uint8[height, width, ...].
        first_row: The first of the rows, as they are stored.
        rows: How many there are.
        orientation: 1 to 8.

    Returns:
        A view on *picture* of the shape that these rows have once they are upright.
    """
    across = picture.swapaxes(0, 1) if is_sideways(orientation) else picture
    start = len(across) - first_row - rows if orientation in _BACKWARDS else first_row
    place = across[start : start + rows]
    return place.swapaxes(0, 1) if is_sideways(orientation) else place
