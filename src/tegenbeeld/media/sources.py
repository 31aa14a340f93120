"""
Where the bytes of a picture or video come from: memory, or a file on disk.
"""

import stat
from pathlib import Path
from typing import BinaryIO

from tegenbeeld.errors import EmptyFile, PictureTooLarge, UnreadableFile
from tegenbeeld.media.limits import MAX_BYTES


def read_bytes(source: Path | bytes) -> bytes:
    """
    Take the bytes of a picture, at most `MAX_BYTES` of them.

    Raises:
        EmptyFile: There are none.
        PictureTooLarge: There are more than `MAX_BYTES`.
        UnreadableFile: There is no such file, it is a folder or a device, or it may not be read.
    """
    content = source if isinstance(source, bytes) else _read_file(source)
    if not content:
        raise EmptyFile("The file is empty. Choose another file, or copy this one again.")
    if len(content) > MAX_BYTES:
        raise PictureTooLarge(
            f"The file is larger than {MAX_BYTES // (1024 * 1024)} MB. "
            "Save the picture as JPEG, or make a smaller copy of it, and use that."
        )
    return content


def open_file(path: Path) -> BinaryIO:
    """
    Open an ordinary file for reading.

    Raises:
        UnreadableFile: There is no such file, it is a folder or a device, or it may not be read.
    """
    try:
        # Opening a pipe would wait for ever, and a device never ends.
        if not stat.S_ISREG(path.stat().st_mode):
            if path.is_dir():
                raise UnreadableFile("This is a folder. Name the files in it, as DIR/*.jpg.")
            raise UnreadableFile("This is not an ordinary file. Name a picture or a video.")
        return path.open("rb")
    except FileNotFoundError as error:
        raise UnreadableFile("There is no file at this path. Check how it is spelled.") from error
    except PermissionError as error:
        raise UnreadableFile(
            "You may not read this file. Change its permissions, or copy it."
        ) from error
    except (OSError, ValueError) as error:
        raise _unreadable() from error


def _read_file(path: Path) -> bytes:
    with open_file(path) as file:
        try:
            return file.read(MAX_BYTES + 1)
        except OSError as error:
            raise _unreadable() from error


def _unreadable() -> UnreadableFile:
    return UnreadableFile(
        "The file could not be read. Check the path and the disk, then try again."
    )
