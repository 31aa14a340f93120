"""
Files of very many parts, and sizes that must be known before a decoder is opened.
"""

import time
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tegenbeeld.errors import DamagedPicture, PictureTooLarge
from tegenbeeld.media import parts, read_frames, read_pixels, read_reduced

TOO_MANY = "too many parts"


def saved(picture: Image.Image, form: str, **options: Any) -> bytes:
    """
    Give a picture as the bytes of a file.
    """
    file = BytesIO()
    picture.save(file, form, **options)
    return file.getvalue()


def noise(width: int = 200, height: int = 150) -> Image.Image:
    """
    Give a picture whose coding holds all kinds of bytes.
    """
    return Image.fromarray(np.random.default_rng(1).integers(0, 256, (height, width, 3), np.uint8))


def with_scans(count: int) -> bytes:
    """
    Give a progressive JPEG with so many scans: its second one over and over.
    """
    content = saved(noise(), "JPEG", progressive=True, subsampling=0)
    second = content.index(b"\xff\xda", content.index(b"\xff\xda") + 2)
    header_end = second + 2 + int.from_bytes(content[second + 2 : second + 4])
    first_end = content.rindex(b"\xff\xc4", 0, second)
    return content[:first_end] + content[first_end:header_end] * (count - 1) + b"\xff\xd9"


@pytest.mark.parametrize("read", [read_pixels, read_reduced])
def test_jpeg_of_many_scans_is_refused(read: Callable[[bytes], object]) -> None:
    """
    A scan of a few bytes goes over the whole picture again; the bound is inclusive.
    """
    read(with_scans(parts.MAX_SCANS))
    with pytest.raises(DamagedPicture, match=TOO_MANY):
        read(with_scans(parts.MAX_SCANS + 1))


def test_ordinary_jpegs_pass() -> None:
    """
    Progressive ones have about ten scans; bytes of coded pixels are never taken for a scan.
    """
    for options in ({}, {"progressive": True}, {"restart_marker_blocks": 1}, {"quality": 100}):
        parts.check_jpeg(saved(noise(), "JPEG", **options))


def test_scans_of_pictures_inside_notes_do_not_count() -> None:
    """
    Notes may hold a thumbnail, which is a JPEG of its own.
    """
    content = saved(noise(), "JPEG", comment=b"\xff\xda\x00\x0c" * 500)
    assert content.count(b"\xff\xda") > parts.MAX_SCANS
    assert read_pixels(content).shape == (150, 200, 3)


def test_jpeg_whose_notes_hide_scans_is_refused() -> None:
    """
    Scans after notes of that kind are still counted.
    """
    content = with_scans(parts.MAX_SCANS + 1)
    note = b"\xff\xfe" + (2 + 4000).to_bytes(2) + b"\xff\xda\x00\x0c" * 1000
    with pytest.raises(DamagedPicture, match=TOO_MANY):
        read_pixels(content[:2] + note + content[2:])


def test_jpeg_of_many_segments_is_refused_at_once() -> None:
    """
    Pillow keeps every segment before the first scan.
    """
    content = saved(noise(), "JPEG")
    few, many = (b"\xff\xe9\x00\x02" * count for count in (4_000, 4_000_000))
    assert read_pixels(content[:2] + few + content[2:]).shape == (150, 200, 3)
    before = time.process_time()
    with pytest.raises(DamagedPicture, match=TOO_MANY):
        read_pixels(content[:2] + many + content[2:])
    assert time.process_time() - before < 1


def test_png_of_many_chunks_is_refused_at_once() -> None:
    """
    Pillow goes from chunk to chunk in Python.
    """
    content = saved(noise(), "PNG")
    empty = b"\0\0\0\0tESt" + zlib.crc32(b"tESt").to_bytes(4)
    parts.check_png(content[:33] + empty * 60_000 + content[33:])
    before = time.process_time()
    with pytest.raises(DamagedPicture, match=TOO_MANY):
        read_pixels(content[:33] + empty * 2_000_000 + content[33:])
    assert time.process_time() - before < 1


@pytest.mark.parametrize("read", [read_pixels, lambda content: next(read_frames(content, most=2))])
def test_gif_of_many_blocks_is_refused_at_once(read: Callable[[bytes], object]) -> None:
    """
    Comments and other extensions before a frame, block by block.
    """
    content = saved(noise(), "GIF")
    start = content.index(b",\0\0\0\0")
    for filler in (b"!\xfe\x01a\0" * 600_000, b"!\xfe" + b"\x01a" * 1_100_000 + b"\0"):
        before = time.process_time()
        with pytest.raises(DamagedPicture, match=TOO_MANY):
            read(content[:start] + filler + content[start:])
        assert time.process_time() - before < 3
    assert read(content[:start] + b"!\xfe\x01a\0" * 100 + content[start:]) is not None


@pytest.mark.parametrize(
    "options", [{"lossless": True}, {"quality": 50}, {"quality": 50, "exif": b"Exif\0\0II*\0"}]
)
@pytest.mark.parametrize("size", [(5, 6), (300, 17), (16_383, 9)])
def test_webp_size_of_each_kind(options: dict[str, Any], size: tuple[int, int]) -> None:
    """
    Lossless, lossy, and with parts beside the pixels.
    """
    content = saved(Image.new("RGB", size, "red"), "WEBP", **options)
    assert parts.webp_size(content) == size
    assert parts.webp_size(content[:30]) == size
    with pytest.raises(DamagedPicture):
        parts.webp_size(content[:29])


def test_webp_above_the_limit_is_refused_before_its_decoder_takes_memory() -> None:
    """
    The decoder takes two whole pictures as soon as it is opened.
    """
    content = bytearray(saved(Image.new("RGB", (20, 20)), "WEBP", exif=b"Exif\0\0II*\0"))
    assert content[12:16] == b"VP8X"
    content[24:30] = (16_382).to_bytes(3, "little") * 2
    with pytest.raises(PictureTooLarge):
        read_pixels(bytes(content))


def test_jpeg_of_filling_is_refused_before_it_is_opened() -> None:
    """
    Pillow would walk over it byte by byte. A little of it, as the standard allows, is no harm.
    """
    picture = saved(noise(), "JPEG")
    padded = picture[:2] + b"\xff" * 1000 + picture[2:]
    assert np.array_equal(read_pixels(padded), read_pixels(picture))
    with pytest.raises(DamagedPicture, match=TOO_MANY):
        parts.check_jpeg(picture[:2] + b"\xff" * 1_000_000 + picture[2:])
    with pytest.raises(DamagedPicture, match="before its first pixel"):
        parts.check_jpeg(b"\xff\xd8" + b"\xff" * 1_000_000)
