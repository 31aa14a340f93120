"""
Whether a file is a picture or a video.
"""

from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from tegenbeeld.errors import EmptyFile
from tegenbeeld.media.sources import open_file
from tegenbeeld.media.video import HEAD_BYTES, Container, container_of, is_moving_gif
from tegenbeeld.media.video import is_video as _is_video


def is_video(file: Path | bytes) -> bool:
    """
    Tell what a file is by what is in it, never by its name.

    A GIF or WebP that moves is a video, one that does not is a picture.

    Args:
        file: Its path, or its bytes.

    Raises:
        UnreadableFile: There is no such file, it is a folder or a device, or it may not be read.
        EmptyFile: It holds no bytes.
    """
    with open_file(file) if isinstance(file, Path) else BytesIO(file) as opened:
        return _tell(opened)


def _tell(file: BinaryIO) -> bool:
    head = file.read(HEAD_BYTES)
    if not head:
        raise EmptyFile("The file is empty. Choose another file, or copy this one again.")
    if not _is_video(head):
        return False
    return container_of(head) is not Container.GIF or is_moving_gif(file)
