"""
Which frames of an animation are looked at.
"""

from PIL.GifImagePlugin import GifImageFile
from PIL.ImageFile import ImageFile

from tegenbeeld.media.limits import MAX_ANIMATED_PIXELS, MAX_FRAMES
from tegenbeeld.media.parts import count_gif_frames

_ANIMATED = {"AVIF", "GIF", "PNG", "WEBP"}


def sampled_frames(file: ImageFile, content: bytes, *, most: int) -> list[int]:
    """
    Choose frames that are evenly apart.

    Args:
        file: Opened.
        content: The bytes of the file.
        most: At least 1.

    Returns:
        1 to *most* numbers, rising, the first one 0. HEIC holds photos beside each other rather
        than an animation, so of those only the main one.

    Raises:
        DamagedPicture: The file has too many parts to count the frames.
    """
    width, height = file.size
    affordable = max(1, min(MAX_FRAMES, MAX_ANIMATED_PIXELS // (width * height)))
    there = min(affordable, _count(file, content, most=affordable))
    wanted = min(there, most)
    return [place * there // wanted for place in range(wanted)]


def _count(file: ImageFile, content: bytes, *, most: int) -> int:
    if isinstance(file, GifImageFile):
        # Pillow would go through the whole file, however long it is.
        return max(1, count_gif_frames(content, most=most))
    count = getattr(file, "n_frames", 1) if file.format in _ANIMATED else 1
    return max(1, int(count))
