"""
The fast way from file to hash against the exact one.

bench/hash.py measures the same over more pictures.
"""

from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tegenbeeld import media, pdq

MOST_BITS = 14
EXPECTED_BITS_ON_AVERAGE = 1.0
"""
The project promises 4.5. Measured: 0.2 to 0.5; more than 1 means that windows or centres are no
longer those of the picture.
"""

SUFFIXES = {".jpg", ".png", ".webp"}
WIDTHS = (1920, 4000)


def painted(seed: int) -> Image.Image:
    """
    Paint a scene: clouds of colour at two sizes, some boxes with hard edges, and noise.
    """
    rng = np.random.default_rng(seed)
    layers = [rng.integers(0, 256, (cells, cells, 3), np.uint8) for cells in (5, 40)]
    soft = [Image.fromarray(one).resize((900, 700), Image.Resampling.BICUBIC) for one in layers]
    scene = Image.blend(*soft, 0.35)
    for _ in range(12):
        left, top = (int(place) for place in rng.integers(0, 650, 2))
        width, height = (int(side) for side in rng.integers(10, 200, 2))
        colour = tuple(int(level) for level in rng.integers(0, 256, 3))
        scene.paste(colour, (left, top, left + width, top + height))
    noise = rng.normal(0, 4, (700, 900, 3))
    return Image.fromarray((np.asarray(scene) + noise).clip(0, 255).astype(np.uint8))


def saved(picture: Image.Image, form: str, **options: Any) -> bytes:
    """
    Give a picture as the bytes of a file.
    """
    file = BytesIO()
    picture.save(file, form, **options)
    return file.getvalue()


def widened(picture: Image.Image, width: int) -> Image.Image:
    """
    Scale a picture to a width.
    """
    height = round(picture.height * width / picture.width)
    return picture.convert("RGB").resize((width, height), Image.Resampling.BICUBIC)


def bits_apart(content: bytes) -> int | None:
    """
    Count the bits between the fast hash and the exact one; None where there is too little detail.
    """
    exact = pdq.hash_rgb(media.read_pixels(content))
    reduced = media.read_reduced(content)
    fast = pdq.hash_rgb(reduced.plane, full_size=reduced.full_size)
    assert abs(exact.quality - fast.quality) <= 2
    return pdq.distance(exact.hash, fast.hash) if pdq.is_usable(exact) else None


def assert_near(
    contents: list[bytes], *, most_on_average: float = EXPECTED_BITS_ON_AVERAGE
) -> None:
    """
    Fail unless all are within the bounds.
    """
    apart = [bits for bits in map(bits_apart, contents) if bits is not None]
    assert apart
    assert max(apart) <= MOST_BITS
    assert np.mean(apart) <= most_on_average


@pytest.mark.parametrize(
    ("form", "options"),
    [
        ("JPEG", {"quality": 90}),
        ("JPEG", {"quality": 60, "progressive": True, "subsampling": 0}),
        ("PNG", {"compress_level": 1}),
        ("WEBP", {"quality": 80, "method": 0}),
        ("AVIF", {"quality": 70, "speed": 10}),
    ],
)
def test_fast_hash_of_painted_pictures_is_near_the_exact_one(
    form: str, options: dict[str, Any]
) -> None:
    """
    At sizes that are read at a half and at a quarter, in odd numbers of pixels.
    """
    contents = [
        saved(widened(painted(seed), width), form, **options)
        for seed in range(2)
        for width in (1613, 2877)
    ]
    assert_near(contents)


@pytest.mark.parametrize("value", [3, 6, 7])
def test_fast_hash_of_a_turned_picture_is_near_the_exact_one(value: int) -> None:
    """
    As near as upright where sides are multiples of 8, as cameras save them.

    In others the last row and column hold less than a whole square. Turned, they come first, and
    all squares lie a pixel off.
    """
    exif = Image.Exif()
    exif[0x0112] = value
    for width, most_on_average in ((2304, EXPECTED_BITS_ON_AVERAGE), (2051, MOST_BITS)):
        pictures = [widened(painted(seed), width) for seed in range(2)]
        contents = [saved(one, "JPEG", quality=90, exif=exif.tobytes()) for one in pictures]
        assert_near(contents, most_on_average=most_on_average)


@pytest.mark.parametrize("folder", ["pdq", "photos"])
def test_fast_hash_of_real_pictures_is_near_the_exact_one(shared_data: Path, folder: str) -> None:
    """
    As they are, and scaled to a full-HD screen and to a phone's camera.
    """
    paths = sorted(path for path in (shared_data / folder).rglob("*") if path.suffix in SUFFIXES)
    assert paths
    assert_near([path.read_bytes() for path in paths])
    scaled = [path for path in paths if path.suffix == ".jpg"][::3]
    assert_near(
        [
            saved(widened(Image.open(path), width), "JPEG", quality=90)
            for path in scaled
            for width in WIDTHS
        ]
    )
