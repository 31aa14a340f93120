"""
Every kind of pixel as red, green and blue.
"""

import numpy as np
import pytest
from PIL import Image

from tegenbeeld.media.colours import to_rgb


def first(picture: Image.Image) -> tuple[int, ...]:
    """
    Give the first pixel after conversion.
    """
    converted = to_rgb(picture)
    assert converted.mode == "RGB"
    return tuple(int(value) for value in np.asarray(converted)[0, 0])


def deep(value: int, mode: str) -> Image.Image:
    """
    Give a picture of one deep value.
    """
    picture = Image.new(mode, (6, 6))
    picture.putpixel((0, 0), value)
    return picture


@pytest.mark.parametrize(
    ("picture", "expected"),
    [
        (Image.new("RGB", (6, 6), (10, 20, 30)), (10, 20, 30)),
        (Image.new("L", (6, 6), 77), (77, 77, 77)),
        (Image.new("1", (6, 6), 1), (255, 255, 255)),
        (Image.new("CMYK", (6, 6), (0, 255, 255, 0)), (255, 0, 0)),
        (Image.new("RGBA", (6, 6), (10, 20, 30, 255)), (10, 20, 30)),
        (Image.new("RGBA", (6, 6), (10, 20, 30, 0)), (255, 255, 255)),
        (Image.new("RGBA", (6, 6), (0, 100, 255, 128)), (127, 177, 255)),
        (Image.new("RGBA", (6, 6), (0, 100, 255, 51)), (204, 224, 255)),
        (Image.new("LA", (6, 6), (0, 0)), (255, 255, 255)),
        (Image.new("LA", (6, 6), (40, 255)), (40, 40, 40)),
        (deep(0xFFFF, "I;16"), (255, 255, 255)),
        (deep(0x12FF, "I;16"), (0x12, 0x12, 0x12)),
        (deep(0x8000, "I"), (128, 128, 128)),
        (deep(-5, "I"), (0, 0, 0)),
        (Image.new("F", (6, 6), 300.5), (255, 255, 255)),
        (Image.new("F", (6, 6), float("nan")), (0, 0, 0)),
        (Image.new("F", (6, 6), 99.9), (99, 99, 99)),
    ],
)
def test_to_rgb_for_each_mode(picture: Image.Image, expected: tuple[int, int, int]) -> None:
    """
    Transparency lies on white, rounded to the nearest; of 16 bits the upper 8 stay.
    """
    assert first(picture) == expected


def test_to_rgb_uses_the_palette() -> None:
    """
    Indices are looked up, and a palette entry that is transparent becomes white.
    """
    picture = Image.new("P", (6, 6), 1)
    picture.putpalette([0, 0, 0, 200, 100, 50, 1, 2, 3])
    assert first(picture) == (200, 100, 50)
    picture.info["transparency"] = 1
    assert first(picture) == (255, 255, 255)
    picture.info["transparency"] = b"\xff\x80\xff"
    assert first(picture) == (227, 177, 152)


@pytest.mark.parametrize(("mode", "colour"), [("RGB", (9, 8, 7)), ("L", 9), ("1", 0)])
def test_to_rgb_lays_a_transparent_colour_on_white(mode: str, colour: int) -> None:
    """
    A format without alpha may name one colour as transparent.
    """
    picture = Image.new(mode, (6, 6), colour)
    picture.info["transparency"] = colour
    assert first(picture) == (255, 255, 255)


def test_to_rgb_does_not_change_its_input() -> None:
    """
    The decoded picture stays as it is.
    """
    picture = Image.new("RGBA", (6, 6), (10, 20, 30, 40))
    to_rgb(picture)
    assert picture.getpixel((0, 0)) == (10, 20, 30, 40)
