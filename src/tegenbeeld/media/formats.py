"""
Which picture formats are read, told from the first bytes and never from a file's name.

Each reader is Pillow's own class for the format, called directly. `Image.open` would try every
format that the host program has registered, and it warns of sizes that `limits.py` decides on.
"""

import warnings
from collections.abc import Callable
from io import BytesIO
from threading import Lock

from pi_heif import HeifImageFile
from PIL import Image
from PIL.AvifImagePlugin import AvifImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from tegenbeeld.errors import NotAPicture

Reader = Callable[[BytesIO], ImageFile]

_JPEG = b"\xff\xd8\xff"
_PNG = b"\x89PNG\r\n\x1a\n"
_GIF = (b"GIF87a", b"GIF89a")

# A file of the family of HEIF lists its kinds ("brands") in its first box.
# Source: spec/pdq.md §2; ISO/IEC 14496-12 §4.3; ISO/IEC 23008-12 §10; AV1 Image File Format §7.
_AVIF_BRANDS = {b"avif", b"avis"}
_HEIF_BRANDS = {
    *(b"heic", b"heix", b"heim", b"heis", b"mif1"),
    *(b"hevc", b"hevx", b"hevm", b"hevs", b"msf1"),
}
_MOST_BRANDS = 32

# Filters for warnings belong to the whole process: one thread at a time may change them.
_WARNINGS = Lock()


def reader_of(content: bytes) -> Reader:
    """
    Choose the reader for a file.

    Args:
        content: The whole file, or at least its first 144 bytes.

    Raises:
        NotAPicture: The bytes start like none of the formats.
    """
    if content.startswith(_JPEG):
        return JpegImageFile
    if content.startswith(_PNG):
        return PngImageFile
    if content.startswith(_GIF):
        return _open_gif
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return WebPImageFile
    brands = _brands(content)
    if brands & _AVIF_BRANDS:
        return AvifImageFile
    if brands & _HEIF_BRANDS:
        heif: Reader = HeifImageFile
        return heif
    raise NotAPicture(
        "This is not a picture that can be read here. "
        "Use a JPEG, PNG, WebP, GIF, AVIF or HEIC file."
    )


def _open_gif(file: BytesIO) -> ImageFile:
    # The first frame may be larger than the header says. Pillow notices that while it opens the
    # file and only warns; as an error the warning stays with us.
    with _WARNINGS, warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        return GifImageFile(file)


def _brands(content: bytes) -> set[bytes]:
    if content[4:8] != b"ftyp":
        return set()
    end = min(int.from_bytes(content[:4], "big"), 16 + 4 * _MOST_BRANDS)
    # After the major brand come four bytes of version, then the compatible brands.
    compatible = content[16:end]
    listed = {compatible[at : at + 4] for at in range(0, len(compatible), 4)}
    return {content[8:12], *listed}
