"""
Every kind of pixel that a file can hold, from the bytes of the file to red, green and blue.
"""

import struct
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, JpegImagePlugin

from tegenbeeld.media import read_luma, read_pixels

PICTURES = Path(__file__).resolve().parents[2] / "pictures"
WHITE = [255, 255, 255]


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


def png(colour_type: int, depth: int, pixel: bytes, *more: bytes, size: int = 8) -> bytes:
    """
    Give a PNG of one colour: what encoders seldom write, Pillow's among them.

    Args:
        colour_type: 0 grey, 2 colour, 3 palette, 4 grey with alpha, 6 colour with alpha.
        depth: Bits per channel.
        pixel: The bytes of one pixel; for fewer than 8 bits a byte full of pixels.
        more: Chunks before the pixels.
        size: Width and height.
    """
    header = struct.pack(">IIBBBBB", size, size, depth, colour_type, 0, 0, 0)
    row = b"\0" + pixel * (size * depth // 8 if depth < 8 else size)
    body = [chunk(b"IHDR", header), *more, chunk(b"IDAT", zlib.compress(row * size))]
    return b"\x89PNG\r\n\x1a\n" + b"".join(body) + chunk(b"IEND", b"")


PALETTE = chunk(b"PLTE", bytes([10, 20, 30, 200, 100, 50]))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        # Grey of each depth, without and with a transparent level.
        (png(0, 1, b"\xff"), WHITE),
        (png(0, 1, b"\x00"), [0, 0, 0]),
        (png(0, 1, b"\x00", chunk(b"tRNS", b"\0\0")), WHITE),
        (png(0, 1, b"\x00", chunk(b"tRNS", b"\0\1")), [0, 0, 0]),
        (png(0, 2, b"\x55"), [85, 85, 85]),
        (png(0, 2, b"\x55", chunk(b"tRNS", b"\0\1")), WHITE),
        (png(0, 2, b"\x55", chunk(b"tRNS", b"\0\x55")), WHITE),
        (png(0, 2, b"\x55", chunk(b"tRNS", b"\0\2")), [85, 85, 85]),
        (png(0, 4, b"\x33"), [51, 51, 51]),
        (png(0, 4, b"\x33", chunk(b"tRNS", b"\0\3")), WHITE),
        (png(0, 8, b"\x4d"), [77, 77, 77]),
        (png(0, 8, b"\x4d", chunk(b"tRNS", b"\0\x4d")), WHITE),
        (png(0, 16, b"\x12\xff"), [0x12, 0x12, 0x12]),
        (png(0, 16, b"\x12\xff", chunk(b"tRNS", b"\x12\xff")), WHITE),
        (png(0, 16, b"\x12\xff", chunk(b"tRNS", b"\x12\xfe")), [0x12, 0x12, 0x12]),
        # Colour.
        (png(2, 8, b"\1\2\3"), [1, 2, 3]),
        (png(2, 8, b"\1\2\3", chunk(b"tRNS", b"\0\1\0\2\0\3")), WHITE),
        (png(2, 8, b"\1\2\3", chunk(b"tRNS", b"\0\1\0\2\0\4")), [1, 2, 3]),
        (png(2, 16, b"\1\xff\2\xff\3\xff"), [1, 2, 3]),
        (png(2, 16, b"\1\xff\2\xff\3\xff", chunk(b"tRNS", b"\1\xff\2\xff\3\xff")), WHITE),
        (png(2, 16, b"\1\xff\2\xff\3\xff", chunk(b"tRNS", b"\0\1\0\2\0\3")), [1, 2, 3]),
        # Palette of each depth.
        (png(3, 1, b"\xff", PALETTE), [200, 100, 50]),
        (png(3, 2, b"\x55", PALETTE), [200, 100, 50]),
        (png(3, 4, b"\x11", PALETTE), [200, 100, 50]),
        (png(3, 8, b"\x01", PALETTE), [200, 100, 50]),
        (png(3, 8, b"\x01", PALETTE, chunk(b"tRNS", b"\xff\0")), WHITE),
        (png(3, 8, b"\x01", PALETTE, chunk(b"tRNS", b"\0")), [200, 100, 50]),
        (png(3, 8, b"\x01", PALETTE, chunk(b"tRNS", b"\xff\x80")), [227, 177, 152]),
        # With alpha.
        (png(4, 8, b"\x28\xff"), [40, 40, 40]),
        (png(4, 8, b"\x28\x00"), WHITE),
        (png(4, 8, b"\x28\x80"), [147, 147, 147]),
        (png(4, 16, b"\x28\xff\xff\xff"), [40, 40, 40]),
        (png(4, 16, b"\x28\xff\x80\xff"), [147, 147, 147]),
        (png(6, 8, b"\0\x64\xff\x80"), [127, 177, 255]),
        (png(6, 16, b"\0\xff\x64\xff\xff\xff\x80\xff"), [127, 177, 255]),
    ],
)
def test_png_of_each_kind(content: bytes, expected: list[int]) -> None:
    """
    Each type and depth of the standard, with each way to say what is transparent.
    """
    assert read_pixels(content)[4, 4].tolist() == expected
    weights = np.array([0.299, 0.587, 0.114])
    assert abs(int(read_luma(content)[4, 4]) - weights @ expected) <= 0.5


def test_interlaced_png_is_read_like_a_plain_one() -> None:
    """
    Seven passes of single pixels give the picture: here 8 x 8 of one colour, pass by pass.
    """
    header = struct.pack(">IIBBBBB", 8, 8, 8, 0, 0, 0, 1)
    passes = [(1, 1), (1, 1), (2, 1), (2, 2), (4, 2), (4, 4), (8, 4)]
    rows = b"".join((b"\0" + b"\x4d" * width) * height for width, height in passes)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    assert (read_pixels(b"\x89PNG\r\n\x1a\n" + body) == 77).all()


@pytest.mark.parametrize("alpha", [0, 1, 51, 128, 254, 255])
def test_transparency_is_laid_over_white_to_the_nearest_level(alpha: int) -> None:
    """
    Every colour on white, as the formula of spec/pdq.md §2 says.
    """
    levels = np.arange(256, dtype=np.uint8).reshape(16, 16)
    colours = np.dstack([levels, levels[::-1], levels.T, np.full_like(levels, alpha)])
    found = read_pixels(saved(Image.fromarray(colours), "PNG"))
    expected = (colours[:, :, :3].astype(float) * alpha + 255 * (255 - alpha)) / 255
    assert np.abs(found - expected).max() <= 0.5


@pytest.mark.parametrize(
    ("form", "options", "off_by"),
    [("WEBP", {"lossless": True, "exact": True}, 0), ("WEBP", {"quality": 95}, 5), ("AVIF", {}, 5)],
)
def test_transparency_of_webp_and_avif(form: str, options: dict[str, Any], off_by: int) -> None:
    """
    Half and wholly transparent parts are laid over white.
    """
    picture = Image.new("RGBA", (96, 32), (0, 100, 255, 255))
    picture.paste((0, 100, 255, 128), (32, 0, 64, 32))
    picture.paste((0, 100, 255, 0), (64, 0, 96, 32))
    pixels = read_pixels(saved(picture, form, **options)).astype(int)
    for x, expected in ((16, [0, 100, 255]), (48, [127, 177, 255]), (80, WHITE)):
        assert np.abs(pixels[16, x] - expected).max() <= off_by


MODES = {
    "JPEG": ["1", "L", "RGB", "CMYK", "YCbCr"],
    "PNG": ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"],
    "WEBP": ["1", "L", "LA", "P", "RGB", "RGBA"],
    "AVIF": ["1", "L", "LA", "P", "RGB", "RGBA"],
    "GIF": ["1", "L", "P", "RGB"],
}


@pytest.mark.parametrize(
    ("form", "mode"), [(form, mode) for form, modes in MODES.items() for mode in modes]
)
def test_every_mode_that_an_encoder_takes(form: str, mode: str) -> None:
    """
    A ramp of grey is that ramp again, with the dots that a mode of two levels makes of it.
    """
    ramp = np.tile(np.arange(0, 256, 4, dtype=np.uint8), (32, 1))
    picture = Image.fromarray(ramp.astype(np.uint16) * 257 if mode == "I;16" else ramp)
    picture = picture if mode == "I;16" else picture.convert(mode)
    expected = np.asarray(picture.convert("L"), int) if mode == "1" else ramp.astype(int)
    content = saved(picture, form)
    pixels = read_pixels(content)
    assert pixels.shape == (32, 64, 3)
    assert np.abs(pixels - expected[:, :, None]).mean() < 4
    luma = np.asarray(Image.fromarray(pixels).convert("L"), int)
    assert np.abs(read_luma(content) - luma).max() <= 2


def test_jpeg_in_print_colours_is_no_negative() -> None:
    """
    Four channels, stored as Adobe does: each level is what is left of the paper.
    """
    content = saved(Image.new("CMYK", (32, 32), (0, 255, 255, 0)), "JPEG", quality=95)
    assert b"Adobe" in content
    red, green, blue = read_pixels(content)[16, 16].tolist()
    assert red > 245
    assert max(green, blue) < 10
    assert abs(int(read_luma(content)[16, 16]) - 76) < 6


def test_jpeg_in_ycck_is_read() -> None:
    """
    Adobe's other form: cyan, magenta and yellow are turned as red, green and blue are for YCbCr.

    The four stored numbers are the same in both files; only Adobe's mark says how to take them.
    (76, 85, 255) in YCbCr is red. Ink is stored as its negative, so here it is cyan.
    """
    content = saved(Image.new("CMYK", (32, 32), (179, 170, 0, 0)), "JPEG", quality=100)
    assert np.abs(read_pixels(content)[16, 16].astype(int) - [76, 85, 255]).max() <= 2
    mark = content.index(b"Adobe") + 11
    assert content[mark] == 0
    ycck = content[:mark] + b"\2" + content[mark + 1 :]
    assert np.abs(read_pixels(ycck)[16, 16].astype(int) - [1, 255, 255]).max() <= 3


def test_jpeg_stored_as_red_green_blue_has_the_same_brightness() -> None:
    """
    Adobe's mark says that no colours were turned; the fast way must see it too.
    """
    content = saved(Image.new("RGB", (1200, 1200), (250, 20, 10)), "JPEG", keep_rgb=True)
    assert read_pixels(content)[600, 600].tolist() == pytest.approx([250, 20, 10], abs=3)
    expected = 0.299 * 250 + 0.587 * 20 + 0.114 * 10
    assert read_luma(content)[300, 300] == pytest.approx(expected, abs=4)


@pytest.mark.parametrize("subsampling", [0, 1, 2])
@pytest.mark.parametrize("scans", ["one", "several"])
def test_jpeg_of_each_structure(subsampling: int, scans: str) -> None:
    """
    4:4:4, 4:2:2 and 4:2:0, in one scan or several, give the same picture but for the coding.
    """
    noise = np.random.default_rng(1).integers(0, 256, (9, 12, 3), np.uint8)
    picture = Image.fromarray(noise).resize((120, 90), Image.Resampling.BICUBIC)
    content = saved(
        picture, "JPEG", quality=95, subsampling=subsampling, progressive=scans == "several"
    )
    assert JpegImagePlugin.get_sampling(Image.open(BytesIO(content))) == subsampling
    assert np.abs(read_pixels(content).astype(int) - np.asarray(picture)).mean() < 5
    luma = np.asarray(picture.convert("L"), int)
    assert np.abs(read_luma(content) - luma).mean() < 3


def test_gif_whose_first_frame_is_smaller_than_the_page_has_white_around_it() -> None:
    """
    Nothing is drawn there, so the page shows, not the first colour of the palette.
    """
    picture = Image.new("P", (20, 10), 1)
    picture.putpalette([255, 0, 0, 0, 0, 255])
    content = bytearray(saved(picture, "GIF"))
    assert read_pixels(bytes(content))[5, 5].tolist() == [0, 0, 255]
    struct.pack_into("<HH", content, 6, 40, 30)
    frame = content.index(b",\0\0\0\0")
    struct.pack_into("<HH", content, frame + 1, 8, 4)
    pixels = read_pixels(bytes(content))
    assert pixels.shape == (30, 40, 3)
    assert (pixels[4:14, 8:28] == [0, 0, 255]).all()
    pixels[4:14, 8:28] = 255
    assert (pixels == 255).all()
    assert read_luma(bytes(content))[0, 0] == 255


def test_transparent_gif_is_laid_over_white() -> None:
    """
    One entry of the palette is transparent.
    """
    picture = Image.new("P", (20, 10), 1)
    picture.putpalette([255, 0, 0, 0, 0, 255])
    picture.paste(0, (0, 0, 10, 10))
    pixels = read_pixels(saved(picture, "GIF", transparency=0))
    assert pixels[5, 5].tolist() == WHITE
    assert pixels[5, 15].tolist() == [0, 0, 255]


@pytest.mark.parametrize("name", ["plain", "ten-bits", "grey", "thumbnail-first"])
def test_heic_of_each_kind(name: str) -> None:
    """
    8 and 10 bits and grey show the same picture; the main one counts, not its thumbnail.
    """
    plain = read_pixels((PICTURES / "plain.heic").read_bytes())
    pixels = read_pixels((PICTURES / f"{name}.heic").read_bytes())
    assert pixels.shape == plain.shape == (240, 320, 3)
    if name == "grey":
        plain = np.repeat(np.asarray(Image.fromarray(plain).convert("L"))[:, :, None], 3, axis=2)
    assert np.abs(pixels.astype(int) - plain).mean() < 4


def test_transparency_of_heic() -> None:
    """
    The veil of `alpha.heic` goes from clear at the top to opaque at the bottom.
    """
    plain = read_pixels((PICTURES / "plain.heic").read_bytes()).astype(float)
    pixels = read_pixels((PICTURES / "alpha.heic").read_bytes())
    alpha = np.asarray(Image.linear_gradient("L").resize((320, 240)), float)[:, :, None] / 255
    assert np.abs(pixels - (plain * alpha + 255 * (1 - alpha))).mean() < 3
    assert pixels[0].min() > 240
