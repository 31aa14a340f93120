"""
Which picture formats are read, told from the first bytes and never from a file's name.

Each reader ends in Pillow's own class for the format, called directly. `Image.open` would try every
format that the host program has registered, and it warns of sizes that `limits.py` decides on.
Before that a reader checks what the class itself would not survive.
"""

from collections.abc import Callable
from io import BytesIO

from pi_heif import HeifImageFile
from PIL.AvifImagePlugin import AvifImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from tegenbeeld.errors import NotAPicture
from tegenbeeld.media.limits import check_size
from tegenbeeld.media.parts import check_gif, check_jpeg, check_png, webp_size

Reader = Callable[[BytesIO], ImageFile]

_JPEG = b"\xff\xd8\xff"
_PNG = b"\x89PNG\r\n\x1a\n"
# The depth of a channel, in bits, stands in the header. Source: PNG specification §11.2.1.
_PNG_DEPTH = 24
_BYTE_BITS = 8

_GIF = (b"GIF87a", b"GIF89a")

# A file of the family of HEIF lists its kinds ("brands") in its first box.
# Source: spec/pdq.md §2; ISO/IEC 14496-12 §4.3; ISO/IEC 23008-12 §10; AV1 Image File Format §7.
_AVIF_BRANDS = {b"avif", b"avis"}
_HEIF_BRANDS = {
    *(b"heic", b"heix", b"heim", b"heis", b"mif1"),
    *(b"hevc", b"hevx", b"hevm", b"hevs", b"msf1"),
}
_MOST_BRANDS = 32


def reader_of(content: bytes) -> Reader:
    """
    Choose the reader for a file.

    Args:
        content: The whole file, or at least its first 144 bytes.

    Raises:
        NotAPicture: The bytes start like none of the formats.
    """
    if content.startswith(_JPEG):
        return _open_jpeg
    if content.startswith(_PNG):
        return _open_png
    if content.startswith(_GIF):
        return _open_gif
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return _open_webp
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


def _open_jpeg(file: BytesIO) -> ImageFile:
    check_jpeg(file.getvalue())
    return JpegImageFile(file)


def _open_gif(file: BytesIO) -> ImageFile:
    check_gif(file.getvalue())
    return GifImageFile(file)


def _open_png(file: BytesIO) -> ImageFile:
    check_png(file.getvalue())
    picture = PngImageFile(file)
    colour = picture.info.get("transparency")
    if colour is not None and picture.mode in {"L", "RGB"}:
        # It is noted as stored, and pixels of other depths become 8 bits.
        depth = file.getvalue()[_PNG_DEPTH]
        levels = colour if isinstance(colour, tuple) else (colour,)
        levels = tuple(_as_8_bits(level, depth=depth) for level in levels)
        picture.info["transparency"] = levels if picture.mode == "RGB" else levels[0]
    return picture


def _open_webp(file: BytesIO) -> ImageFile:
    # The decoder takes memory for the whole picture as soon as it is opened.
    check_size(*webp_size(file.getvalue()))
    return WebPImageFile(file)


def _as_8_bits(level: int, *, depth: int) -> int:
    """
    Give a level of *depth* bits as the decoder gives pixels of that level.

    Source:
        PNG specification §13.12 and §11.3.2.1: bits beyond the depth mean nothing; fewer than 8
        bits are stretched over all levels, and of 16 the upper 8 are kept.
    """
    most = (1 << depth) - 1
    return (level & most) >> 8 if depth > _BYTE_BITS else (level & most) * 255 // most


def _brands(content: bytes) -> set[bytes]:
    if content[4:8] != b"ftyp":
        return set()
    end = min(int.from_bytes(content[:4], "big"), 16 + 4 * _MOST_BRANDS)
    # After the major brand come four bytes of version, then the compatible brands.
    compatible = content[16:end]
    listed = {compatible[at : at + 4] for at in range(0, len(compatible), 4)}
    return {content[8:12], *listed}
