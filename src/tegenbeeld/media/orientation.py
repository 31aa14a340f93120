"""
Which way up a picture is: the EXIF orientation, applied to the pixels.

Cameras store a picture as the sensor saw it and note how it was held. Only EXIF is read; a note
in XMP is ignored, as browsers do.
"""

from typing import Any

from PIL import Image

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


def upright(picture: Image.Image, info: dict[str | tuple[int, int], Any]) -> Image.Image:
    """
    Turn a picture as its EXIF orientation asks; leave it where there is none.

    Args:
        picture: Decoded pixels. Not changed.
        info: What the decoder found beside the pixels.
    """
    undo = _UNDO.get(_tag_of(info.get("exif")))
    return picture if undo is None else picture.transpose(undo)


def _tag_of(exif: object) -> int:
    if not isinstance(exif, bytes):
        return _UPRIGHT
    try:
        tags = Image.Exif()
        tags.load(exif)
        return int(tags.get(ORIENTATION_TAG, _UPRIGHT))
    except Exception:  # noqa: BLE001 - as in pictures.py, parsing raises whatever came of it.
        # Damaged notes are no reason to refuse a picture whose pixels are whole.
        return _UPRIGHT
