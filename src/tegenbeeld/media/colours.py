"""
Every kind of pixel that a decoder gives, as red, green and blue.

Colour profiles are left alone: the hash is made of the bytes as they are stored.
"""

import numpy as np
from PIL import Image

_DEEP_MODES = ("I", "I;16", "I;16B", "I;16L", "I;16N")

_WHITE = 255


def to_rgb(picture: Image.Image) -> Image.Image:
    """
    Turn a decoded picture into 8-bit RGB.

    What is transparent is laid over white, because that is how a page would show it. Of 16 bits
    the upper 8 are kept.

    Args:
        picture: Decoded, in any of Pillow's modes. Not changed.

    Source:
        spec/pdq.md §2.
    """
    if picture.mode == "RGB" and "transparency" not in picture.info:
        return picture
    if picture.mode in _DEEP_MODES:
        return _upper_bits(picture).convert("RGB")
    if picture.mode == "F":
        clipped = np.nan_to_num(np.asarray(picture)).clip(0, 255).astype(np.uint8)
        return Image.fromarray(clipped).convert("RGB")
    if picture.has_transparency_data:
        return _over_white(picture.convert("RGBA"))
    return picture.convert("RGB")


def to_luma(picture: Image.Image) -> Image.Image:
    """
    Turn a decoded picture into its brightness, in 8 bits, as `to_rgb` would show it.

    Args:
        picture: Decoded, in any of Pillow's modes. Not changed.

    Source:
        spec/pdq.md §3. Pillow takes the same weights, and rounds to the nearest.
    """
    if picture.mode == "L" and "transparency" not in picture.info:
        return picture
    return to_rgb(picture).convert("L")


def _upper_bits(picture: Image.Image) -> Image.Image:
    values = np.asarray(picture)
    levels = (values >> 8).clip(0, 255).astype(np.uint8)
    # The one transparent value is compared with all its bits.
    transparent = picture.info.get("transparency")
    if isinstance(transparent, int):
        levels[values == transparent] = _WHITE
    return Image.fromarray(levels)


def _over_white(picture: Image.Image) -> Image.Image:
    page = Image.new("RGB", picture.size, "white")
    page.paste(picture, mask=picture.getchannel("A"))
    return page
