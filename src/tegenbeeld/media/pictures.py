"""
One picture file to pixels.

What comes here may have been made to do harm: formats are on a list, sizes are checked before
anything is decoded, and a file that is cut off is an error, never a picture that is half grey.
"""

from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tegenbeeld.errors import DamagedPicture, MediaError, PictureTooLarge
from tegenbeeld.media.colours import to_rgb
from tegenbeeld.media.formats import reader_of
from tegenbeeld.media.limits import TOO_LARGE, check_size
from tegenbeeld.media.orientation import upright
from tegenbeeld.media.sources import read_bytes


def read_pixels(source: Path | bytes) -> NDArray[np.uint8]:
    """
    Read a picture as a viewer would show it: upright, on white, its first frame.

    Args:
        source: A path, or the bytes of the file.

    Returns:
        uint8[height, width, 3], C-contiguous; red, green, blue, 0 to 255. It may be read-only.

    Raises:
        UnreadableFile: There is no such file, it is a folder, or it may not be read.
        EmptyFile: The file holds no bytes.
        NotAPicture: The bytes are of no format that is read here.
        PictureTooLarge: The file has more than `MAX_BYTES`, or more pixels than the limits.
        PictureTooSmall: A side is shorter than `MIN_SIDE`.
        DamagedPicture: The bytes are cut off or broken.

    Source:
        spec/pdq.md §2.
    """
    content = read_bytes(source)
    reader = reader_of(content)
    try:
        with reader(BytesIO(content)) as picture:
            check_size(*picture.size)
            picture.load()
            # Some formats can turn out larger when decoded than their header says.
            check_size(*picture.size)
            return np.asarray(upright(to_rgb(picture), picture.info))
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
