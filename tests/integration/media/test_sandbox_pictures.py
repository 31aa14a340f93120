"""
Pictures in the sandbox come out as they do outside: nothing a decoder needs is taken from it.
"""

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tegenbeeld.errors import DamagedPicture, NotAPicture
from tegenbeeld.media.sandbox import Sandbox
from testing.sandbox_jobs import shape

HEIC = Path(__file__).resolve().parents[2] / "pictures"


@pytest.fixture(scope="module")
def decoding() -> Iterator[Sandbox]:
    """
    A sandbox that decodes, with the limits of a platform.
    """
    with Sandbox("testing.sandbox_jobs:shape", workers=1) as one:
        yield one


def saved(picture: Image.Image, format_: str, **options: object) -> bytes:
    """
    Encode a picture.
    """
    file = io.BytesIO()
    picture.save(file, format_, **options)
    return file.getvalue()


def photo(mode: str = "RGB", size: tuple[int, int] = (320, 200)) -> Image.Image:
    """
    Make a picture that is brighter at its top left than anywhere else.
    """
    noise = np.random.default_rng(1).integers(0, 128, (10, 16, 3), dtype=np.uint8)
    noise[:3, :4] += 120
    return Image.fromarray(noise).resize(size).convert(mode)


def turned(format_: str) -> bytes:
    """
    Make a picture whose EXIF asks for a quarter turn.
    """
    exif = Image.Exif()
    exif[0x0112] = 6
    return saved(photo(), format_, exif=exif)


PICTURES = {
    "jpeg": saved(photo(), "JPEG"),
    "jpeg-progressive": saved(photo(), "JPEG", progressive=True),
    "jpeg-cmyk": saved(photo("CMYK"), "JPEG"),
    "jpeg-turned": turned("JPEG"),
    "png": saved(photo(), "PNG"),
    "png-palette": saved(photo("P"), "PNG", transparency=3),
    "png-grey-alpha": saved(photo("LA"), "PNG"),
    "png-16-bit": saved(
        Image.fromarray(np.arange(64000, dtype=np.uint16).reshape(200, 320)), "PNG"
    ),
    "png-turned": turned("PNG"),
    "gif": saved(photo(), "GIF"),
    "webp": saved(photo("RGBA"), "WEBP"),
    "avif": saved(photo(), "AVIF"),
    "jpeg-12-megapixels": saved(photo(size=(4000, 3000)), "JPEG"),
}


@pytest.mark.parametrize("name", list(PICTURES))
def test_picture_comes_out_as_it_does_outside(decoding: Sandbox, name: str) -> None:
    """Every format and colour mode, and the orientation, are read the same within."""
    answer = decoding.run(PICTURES[name])
    assert answer == shape(PICTURES[name], b"")
    if name.endswith("turned"):
        assert answer.startswith(b"320 200 ")


@pytest.mark.parametrize("path", sorted(HEIC.glob("*.heic")), ids=lambda path: path.stem)
def test_heic_is_read_within(decoding: Sandbox, path: Path) -> None:
    """The decoder of HEIC starts threads, and finds that it may."""
    content = path.read_bytes()
    assert decoding.run(content) == shape(content, b"")


def test_refusals_of_real_files_come_back(decoding: Sandbox) -> None:
    """What is no picture, and what is cut off, is refused as outside."""
    with pytest.raises(NotAPicture):
        decoding.run(b"%PDF-1.7")
    with pytest.raises(DamagedPicture):
        decoding.run(PICTURES["png"][:2000])
