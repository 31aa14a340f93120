"""
How large and how small a picture may be.

The limits are checked on the header, before any pixel is decoded: a file of a few kilobytes can
claim gigabytes of pixels.
"""

from tegenbeeld.errors import PictureTooLarge, PictureTooSmall

MAX_BYTES = 64 * 1024 * 1024
"""
Largest file, in bytes; inclusive.
"""

MAX_PIXELS = 64_000_000
"""
Most pixels, width times height; inclusive. The largest phone cameras save 50 million.
"""

MAX_SIDE = 20_000
"""
Longest side, in pixels; inclusive.
"""

MAX_FRAMES = 5_000
"""
Most frames of an animation that are looked at; inclusive. What comes after them is left out.
"""

MAX_ANIMATED_PIXELS = 128_000_000
"""
Most pixels of an animation that are decoded, over all frames: 64 frames of 1920 x 1080, and 4 000
of 178 x 178. Decoders must go through the frames between two that are wanted. What comes after
them is left out.
"""

MIN_SIDE = 5
"""
Shortest side, in pixels, that PDQ works with; inclusive.

Source: spec/pdq.md §2.
"""


TOO_LARGE = (
    f"The picture is too large. The limit is {MAX_PIXELS // 1_000_000} million pixels "
    f"and {MAX_SIDE} on a side. Make a smaller copy of it and use that."
)


def check_size(width: int, height: int) -> None:
    """
    Refuse a picture that is too large or too small.

    Args:
        width: In pixels, as the header gives it.
        height: In pixels.

    Raises:
        PictureTooLarge: A side is above `MAX_SIDE`, or the product above `MAX_PIXELS`.
        PictureTooSmall: A side is below `MIN_SIDE`.
    """
    if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
        raise PictureTooLarge(TOO_LARGE)
    if min(width, height) < MIN_SIDE:
        raise PictureTooSmall(
            f"The picture is too small: {width} by {height} pixels. Each side needs at least "
            f"{MIN_SIDE}. Use the original, or a larger copy."
        )
