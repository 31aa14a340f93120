"""
One file to pixels.

What comes here may have been made to do harm: formats are on a list, parts are counted and sizes
checked before anything is decoded, and a file that is cut off is an error, never a picture that is
half grey.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.ImageFile import ImageFile

from tegenbeeld.errors import DamagedPicture, MediaError, PictureTooLarge
from tegenbeeld.media.formats import reader_of
from tegenbeeld.media.frames import sampled_frames
from tegenbeeld.media.limits import TOO_LARGE, check_size
from tegenbeeld.media.orientation import is_sideways, orientation_of
from tegenbeeld.media.page import loaded
from tegenbeeld.media.sources import read_bytes
from tegenbeeld.media.strips import luma_pixels, rgb_pixels
from tegenbeeld.media.warned import own_warnings

LEAST_SIDE = 512
"""
No side is made shorter than this, in pixels, by reading a picture smaller.

PDQ would be served by 256. What looks for borders in the picture needs them to half a percent.
"""

_FACTORS = (8, 4, 2, 1)
"""
How much smaller a picture is read: what a JPEG decoder does for next to nothing.
"""


class Reduced(NamedTuple):
    """
    The brightness of a picture, smaller where the picture is large.

    Attributes:
        plane: uint8[height, width], C-contiguous, 0 to 255. May be read-only.
        full_size: Height and width of the picture itself, upright; for `pdq.hash_rgb`.
        factor: 1, 2, 4 or 8; each pixel of *plane* is about the mean of a square of so many
            pixels of the picture, in both directions. In the last row and column, fewer.
    """

    plane: NDArray[np.uint8]
    full_size: tuple[int, int]
    factor: int


def read_pixels(source: Path | bytes) -> NDArray[np.uint8]:
    """
    Read a picture as a viewer would show it: upright, on white, its first frame.

    Args:
        source: A path, or the bytes of the file.

    Returns:
        uint8[height, width, 3], C-contiguous; red, green, blue, 0 to 255.

    Raises:
        UnreadableFile: There is no such file, it is a folder, or it may not be read.
        EmptyFile: The file holds no bytes.
        NotAPicture: The bytes are of no format that is read here.
        PictureTooLarge: The file has more than `MAX_BYTES`, or more pixels than the limits.
        PictureTooSmall: A side is shorter than `MIN_SIDE`.
        DamagedPicture: The bytes are cut off or broken, or of too many parts (`parts.py`).

    Source:
        spec/pdq.md §2.
    """
    with _opened(read_bytes(source)) as file:
        picture = loaded(file)
        return rgb_pixels(picture, orientation=orientation_of(file))


def read_luma(source: Path | bytes) -> NDArray[np.uint8]:
    """
    Read the brightness of a picture, fast: `read_reduced`, for who needs no more than the plane.

    Raises:
        MediaError: As for `read_pixels`.
    """
    return read_reduced(source).plane


def read_reduced(source: Path | bytes) -> Reduced:
    """
    Read the brightness of a picture, fast: a large one smaller, without decoding all of it.

    The hash of it, made with `full_size`, is that of the picture but for a few bits
    (bench/hash.py measures how many).

    Args:
        source: A path, or the bytes of the file.

    Raises:
        MediaError: As for `read_pixels`.

    Source:
        spec/pdq.md §11.
    """
    with _opened(read_bytes(source)) as file:
        return _reduced(file)


def read_frames(source: Path | bytes, *, most: int) -> Iterator[Reduced]:
    """
    Read frames of an animation, evenly apart, the first one always; of a still picture just that.

    Each frame is decoded when it is asked for. The animation ends where frames go beyond
    `MAX_FRAMES` or `MAX_ANIMATED_PIXELS`, or where one is damaged: viewers show what comes before.

    Args:
        source: A path, or the bytes of the file.
        most: Frames to give; at least 1.

    Raises:
        MediaError: As for `read_pixels`, about the first frame, when it is asked for.
    """
    content = read_bytes(source)
    with _opened(content) as file:
        for number in sampled_frames(file, content, most=most):
            try:
                file.seek(number)
                frame = _reduced(file)
            except Exception as error:
                if number == 0 or isinstance(error, MemoryError):
                    raise
                return
            yield frame


@contextmanager
def _opened(content: bytes) -> Iterator[ImageFile]:
    """
    Open a file and check its size; whatever decoding raises then becomes an error of ours.
    """
    reader = reader_of(content)
    try:
        with own_warnings():
            opened = reader(BytesIO(content))
        with opened as file:
            check_size(*file.size)
            yield file
    except (MediaError, MemoryError):
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureTooLarge(TOO_LARGE) from error
    except Exception as error:
        # Pillow's parsers meet bytes that somebody else chose, and raise whatever came of it:
        # OSError, SyntaxError, struct.error, IndexError, OverflowError and more.
        raise DamagedPicture(
            "The picture is damaged: part of it is missing or cannot be read. "
            "Copy or download it again, or choose another copy."
        ) from error


def _reduced(file: ImageFile) -> Reduced:
    announced = file.size
    factor = _factor_for(announced)
    # Only JPEG can do this; for the others nothing happens.
    file.draft("L", (LEAST_SIDE, LEAST_SIDE))
    is_drafted = file.size != announced
    picture = loaded(file)
    full_width, full_height = announced
    if not is_drafted:
        # Some formats turn out to have another size when decoded.
        full_width, full_height = picture.size
        factor = _factor_for(picture.size)
    orientation = orientation_of(file)
    plane = luma_pixels(picture, orientation=orientation, factor=1 if is_drafted else factor)
    sideways = is_sideways(orientation)
    full_size = (full_width, full_height) if sideways else (full_height, full_width)
    return Reduced(plane, full_size, factor)


def _factor_for(size: tuple[int, int]) -> int:
    shorter = min(size)
    return next(factor for factor in _FACTORS if factor * LEAST_SIDE <= shorter or factor == 1)
