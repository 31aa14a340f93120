"""
Whole files to pixels: each format, what is wrong with files, and what must not leak.
"""

import struct
import warnings
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageCms

from tegenbeeld.errors import (
    DamagedPicture,
    EmptyFile,
    MediaError,
    NotAPicture,
    PictureTooLarge,
    PictureTooSmall,
    UnreadableFile,
)
from tegenbeeld.media import read_pixels

FORMATS: list[tuple[str, dict[str, Any]]] = [
    ("JPEG", {"quality": 95}),
    ("JPEG", {"progressive": True}),
    ("PNG", {}),
    ("WEBP", {"lossless": True}),
    ("WEBP", {"quality": 95}),
    ("GIF", {}),
    ("AVIF", {"quality": 95}),
]
EXACT = {"PNG", "GIF"}


def sample(width: int = 96, height: int = 64) -> Image.Image:
    """
    Give a picture with a different colour in each corner and soft changes between.
    """
    corners = np.array([[[255, 0, 0], [0, 255, 0]], [[0, 0, 255], [255, 255, 0]]], np.uint8)
    return Image.fromarray(corners).resize((width, height), Image.Resampling.BILINEAR)


def saved(picture: Image.Image, form: str, **options: Any) -> bytes:
    """
    Give a picture as the bytes of a file.
    """
    file = BytesIO()
    picture.save(file, form, **options)
    return file.getvalue()


def chunk(kind: bytes, content: bytes) -> bytes:
    """
    Give one chunk of a PNG file.
    """
    sealed = kind + content
    return struct.pack(">I", len(content)) + sealed + struct.pack(">I", zlib.crc32(sealed))


def png_of(width: int, height: int) -> bytes:
    """
    Give a PNG that claims a size and holds next to nothing.
    """
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize(("form", "options"), FORMATS)
def test_read_pixels_reads_each_format(form: str, options: dict[str, Any], tmp_path: Path) -> None:
    """
    From bytes and from a path alike, whatever the file is called.
    """
    content = saved(sample(), form, **options)
    path = tmp_path / "picture.txt"
    path.write_bytes(content)
    pixels = read_pixels(content)
    assert (pixels.shape, pixels.dtype) == ((64, 96, 3), np.uint8)
    assert pixels.flags.c_contiguous
    assert np.array_equal(pixels, read_pixels(path))
    expected = np.asarray(Image.open(BytesIO(content)).convert("RGB"))
    assert np.array_equal(pixels, expected)


@pytest.mark.parametrize(("form", "options"), FORMATS)
@pytest.mark.parametrize("part", [0.3, 0.6, 0.95])
def test_read_pixels_refuses_when_file_is_cut_off(
    form: str, options: dict[str, Any], part: float
) -> None:
    """
    Half a file is an error, never a picture that is half grey.
    """
    noise = np.random.default_rng(1).integers(0, 256, (120, 160, 3), np.uint8)
    content = saved(Image.fromarray(noise), form, **options)
    with pytest.raises(DamagedPicture, match=r"damaged.*again"):
        read_pixels(content[: int(part * len(content))])


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", EmptyFile),
        (b"hello", NotAPicture),
        (b"\xff\xd8\xff", DamagedPicture),
        (b"\x89PNG\r\n\x1a\n", DamagedPicture),
        (b"GIF89a", DamagedPicture),
        (b"RIFF\0\0\0\0WEBP", DamagedPicture),
        (b"\0\0\0\x14ftypheic\0\0\0\0heic", DamagedPicture),
        (b"\0\0\0\x14ftypavif\0\0\0\0avif", DamagedPicture),
        (png_of(1, 1), PictureTooSmall),
        (png_of(4, 900), PictureTooSmall),
        (png_of(20_001, 5), PictureTooLarge),
        (png_of(8001, 8000), PictureTooLarge),
        (png_of(2**31 - 1, 2**31 - 1), PictureTooLarge),
        (png_of(0, 0), DamagedPicture),
        (png_of(100, 100), DamagedPicture),
        (saved(Image.new("RGB", (9, 9)), "BMP"), NotAPicture),
        (saved(Image.new("RGB", (9, 9)), "TIFF"), NotAPicture),
    ],
)
def test_read_pixels_refuses_when_bytes_are_no_usable_picture(
    content: bytes, error: type[MediaError]
) -> None:
    """
    Each fault has its own error, none of them Pillow's, and no warning gets out.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(error):
            read_pixels(content)


@pytest.mark.parametrize(("form", "options"), FORMATS)
def test_read_pixels_raises_only_its_own_errors_when_bytes_are_broken(
    form: str, options: dict[str, Any]
) -> None:
    """
    Random damage gives pixels or an error of ours, and nothing else.
    """
    rng = np.random.default_rng(3)
    content = saved(sample(), form, **options)
    for _ in range(60):
        broken = bytearray(content)
        for place in rng.integers(0, len(broken), 6):
            broken[place] = rng.integers(0, 256)
        try:
            assert read_pixels(bytes(broken)).shape[2] == 3
        except MediaError:
            continue


def test_read_pixels_refuses_when_path_is_missing_or_a_folder(tmp_path: Path) -> None:
    """
    A caller has one kind of error to catch.
    """
    for path in (tmp_path, tmp_path / "missing"):
        with pytest.raises(UnreadableFile):
            read_pixels(path)


def test_read_pixels_warns_of_nothing_when_picture_is_large() -> None:
    """
    Pillow warns of sizes and counts another limit; ours is the one that counts.
    """
    content = saved(Image.new("1", (8000, 8000)), "PNG")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert read_pixels(content).shape == (8000, 8000, 3)


@pytest.mark.parametrize("height", [1000, 2000, 60_000])
def test_read_pixels_refuses_when_gif_turns_out_larger_than_it_says(height: int) -> None:
    """
    A frame of a GIF may be larger than the header; the limits hold for it too.
    """
    content = bytearray(saved(Image.new("L", (40, 40)), "GIF"))
    place = content.index(b",\0\0\0\0")
    struct.pack_into("<HH", content, place + 5, 65_000, height)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(PictureTooLarge):
            read_pixels(bytes(content))


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG", "AVIF"])
def test_read_pixels_gives_the_first_frame_of_an_animation(form: str) -> None:
    """
    What moves is hashed by its first frame.
    """
    frames = [Image.new("RGB", (32, 32), colour) for colour in ("red", "blue")]
    options = {} if form != "WEBP" else {"lossless": True}
    content = saved(frames[0], form, save_all=True, append_images=frames[1:], **options)
    assert np.abs(read_pixels(content)[16, 16].astype(int) - [255, 0, 0]).max() <= 4


@pytest.mark.parametrize("form", ["JPEG", "PNG", "AVIF"])
@pytest.mark.parametrize("value", range(1, 9))
def test_read_pixels_turns_the_picture_as_exif_asks(form: str, value: int) -> None:
    """
    All eight values, against Pillow's own reading of the standard.
    """
    exif = Image.Exif()
    exif[0x0112] = value
    options = {"JPEG": {"quality": 95}}.get(form, {})
    content = saved(sample(), form, exif=exif.tobytes(), **options)
    turned = Image.open(BytesIO(content)).convert("RGB")
    turned.info["exif"] = exif.tobytes()
    pixels = read_pixels(content)
    undo = {
        1: lambda p: p,
        2: lambda p: p[:, ::-1],
        3: lambda p: p[::-1, ::-1],
        4: lambda p: p[::-1],
        5: lambda p: p.transpose(1, 0, 2),
        6: lambda p: np.rot90(p, -1),
        7: lambda p: np.rot90(p, 2).transpose(1, 0, 2),
        8: lambda p: np.rot90(p, 1),
    }[value]
    assert np.array_equal(pixels, undo(np.asarray(turned)))


def test_read_pixels_ignores_damaged_exif() -> None:
    """
    Broken notes beside whole pixels are no reason to refuse.
    """
    content = saved(sample(), "PNG", exif=b"Exif\0\0II*\0\xff\xff\xff\xff")
    assert read_pixels(content).shape == (64, 96, 3)


def test_read_pixels_ignores_an_orientation_in_xmp() -> None:
    """
    Browsers do not read it, so we do not either: both must give the same hash.
    """
    note = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><d tiff:Orientation="6"/></x:xmpmeta>'
    assert read_pixels(saved(sample(), "JPEG", xmp=note)).shape == (64, 96, 3)


def test_read_pixels_leaves_a_colour_profile_alone() -> None:
    """
    The bytes are hashed as they are stored.
    """
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    plain, marked = saved(sample(), "PNG"), saved(sample(), "PNG", icc_profile=profile)
    assert np.array_equal(read_pixels(plain), read_pixels(marked))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_read_pixels_reads_every_mode_of_png(mode: str) -> None:
    """
    Grey, palette, deep and transparent files all become three channels.
    """
    picture = sample().convert("L").convert("I;16") if mode == "I;16" else sample().convert(mode)
    assert read_pixels(saved(picture, "PNG")).shape == (64, 96, 3)


def test_read_pixels_reads_jpeg_in_print_colours() -> None:
    """
    CMYK becomes RGB, not a negative.
    """
    content = saved(Image.new("RGB", (32, 32), "red").convert("CMYK"), "JPEG", quality=95)
    red, green, blue = read_pixels(content)[16, 16].tolist()
    assert red > 245
    assert max(green, blue) < 10
