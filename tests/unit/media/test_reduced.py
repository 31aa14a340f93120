"""
The brightness of a picture, read smaller: how large it is, and that it shows the same.
"""

from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tegenbeeld.errors import DamagedPicture, PictureTooLarge, PictureTooSmall
from tegenbeeld.media import read_luma, read_pixels, read_reduced
from tegenbeeld.media.pictures import LEAST_SIDE

FORMATS: list[tuple[str, dict[str, Any]]] = [
    ("JPEG", {"quality": 95}),
    ("JPEG", {"quality": 95, "progressive": True}),
    ("PNG", {"compress_level": 1}),
    ("WEBP", {"quality": 95, "method": 0}),
    ("AVIF", {"quality": 90, "speed": 10}),
]


def clouds(width: int, height: int, mode: str = "RGB") -> Image.Image:
    """
    Give soft clouds of colour.
    """
    noise = np.random.default_rng(2).integers(0, 256, (12, 16, 3), np.uint8)
    picture = Image.fromarray(noise).resize((width, height), Image.Resampling.BICUBIC)
    return picture.convert(mode)


def saved(picture: Image.Image, form: str, **options: Any) -> bytes:
    """
    Give a picture as the bytes of a file.
    """
    file = BytesIO()
    picture.save(file, form, **options)
    return file.getvalue()


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
@pytest.mark.parametrize(
    ("size", "factor"),
    [
        ((5, 5), 1),
        ((700, 400), 1),
        ((5000, 1023), 1),
        ((1024, 1024), 2),
        ((1025, 2047), 2),
        ((2047, 9000), 2),
        ((2048, 2049), 4),
        ((4095, 4095), 4),
        ((4096, 4101), 8),
    ],
)
def test_factor_keeps_both_sides_long_enough(form: str, size: tuple[int, int], factor: int) -> None:
    """
    The largest of 8, 4, 2 and 1 that leaves both sides at least 512, the same for each format.
    """
    reduced = read_reduced(saved(Image.new("L", size, 90), form))
    assert reduced.factor == factor
    assert reduced.full_size == size[::-1]
    assert reduced.plane.shape == tuple(-(-side // factor) for side in size[::-1])
    assert reduced.plane.dtype == np.uint8
    assert factor == 1 or min(reduced.plane.shape) >= LEAST_SIDE
    assert np.abs(reduced.plane.astype(int) - 90).max() <= 1


@pytest.mark.parametrize(("form", "options"), FORMATS)
@pytest.mark.parametrize("size", [(300, 200), (1201, 1055), (2300, 2111)])
def test_plane_is_the_mean_of_the_pixels(
    form: str, options: dict[str, Any], size: tuple[int, int]
) -> None:
    """
    Each value is the mean brightness of a square of pixels, within what the coding blurs.
    """
    content = saved(clouds(*size), form, **options)
    reduced = read_reduced(content)
    exact = Image.fromarray(read_pixels(content)).convert("L")
    expected = np.asarray(exact.reduce(reduced.factor) if reduced.factor > 1 else exact, int)
    assert reduced.plane.shape == expected.shape
    assert np.abs(reduced.plane - expected).mean() < 1
    assert np.array_equal(read_luma(content), reduced.plane)


@pytest.mark.parametrize(
    ("form", "mode"), [("JPEG", "L"), ("JPEG", "CMYK"), ("PNG", "LA"), ("PNG", "P")]
)
def test_plane_of_other_colours(form: str, mode: str) -> None:
    """
    Grey, print colours, alpha and palettes are made smaller like any other.
    """
    content = saved(clouds(1300, 1100, mode), form)
    reduced = read_reduced(content)
    assert reduced.factor == 2
    expected = np.asarray(Image.fromarray(read_pixels(content)).convert("L").reduce(2), int)
    assert np.abs(reduced.plane - expected).mean() < 1.5


def test_transparency_is_laid_over_white_before_the_mean_is_taken() -> None:
    """
    A square half clear and half black is mid-grey.
    """
    stripes = np.zeros((1024, 1024, 4), np.uint8)
    stripes[:, ::2, 3] = 255
    plane = read_luma(saved(Image.fromarray(stripes), "PNG"))
    assert plane.shape == (512, 512)
    assert np.abs(plane.astype(int) - 128).max() <= 1


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (saved(clouds(4, 900), "PNG"), PictureTooSmall),
        (saved(Image.new("1", (20_001, 6)), "PNG"), PictureTooLarge),
        (saved(clouds(1300, 1100), "JPEG")[:-3000], DamagedPicture),
        (saved(clouds(1300, 1100), "PNG")[:-3000], DamagedPicture),
    ],
)
def test_plane_is_refused_like_the_picture(content: bytes, error: type[Exception]) -> None:
    """
    Limits are those of the whole picture, and half a picture is an error here too.
    """
    with pytest.raises(error):
        read_reduced(content)


def test_limit_on_pixels_counts_before_the_picture_is_made_smaller() -> None:
    """
    A JPEG above the limit is refused, however small it would be read.
    """
    content = bytearray(saved(Image.new("L", (64, 64)), "JPEG"))
    header = content.index(b"\xff\xc0")
    content[header + 5 : header + 9] = (8001).to_bytes(2) + (8000).to_bytes(2)
    with pytest.raises(PictureTooLarge):
        read_reduced(bytes(content))
