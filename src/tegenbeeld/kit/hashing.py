"""
From a picture to a hash that may be used.
"""

from pathlib import Path

from tegenbeeld import media, pdq
from tegenbeeld.errors import MediaError, PictureTooPoor


def hash_file(path: Path) -> pdq.HashedPicture:
    """
    Hash a picture at full resolution, as the person's browser does.

    Raises:
        MediaError: The file cannot be read as a picture; `PictureTooPoor` where it can be, but
            has too little detail for a hash that means something.
    """
    check_is_file(path)
    hashed = pdq.hash_rgb(media.read_pixels(path))
    _check_is_usable(hashed)
    return hashed


def hash_all_orientations(picture: Path | bytes) -> pdq.OrientedHashes:
    """
    Hash a picture as it is, turned, and mirrored, as copies of it often are.

    Args:
        picture: A file, or the bytes of one.

    Raises:
        MediaError: As for `hash_file`.
    """
    if isinstance(picture, Path):
        check_is_file(picture)
    hashed = pdq.hash_orientations(media.read_pixels(picture))
    _check_is_usable(hashed)
    return hashed


def check_is_file(path: Path) -> None:
    """
    Refuse what is no file, before anything is read: some of it never ends.

    Raises:
        MediaError: *path* is missing, a folder, or something like a device.
    """
    try:
        if path.is_dir():
            raise MediaError("This is a folder. Name the files in it, for example DIR/*.jpg.")
        if not path.exists():
            raise MediaError("There is no file with this name.")
        if not path.is_file():
            raise MediaError("This is not a file. Name a picture.")
    except (OSError, ValueError) as error:
        raise MediaError("This name cannot be read. Check it, and your rights on it.") from error


def _check_is_usable(hashed: pdq.HashedPicture | pdq.OrientedHashes) -> None:
    reason = pdq.refusal(hashed)
    if reason is not None:
        raise PictureTooPoor(reason.value)
