"""
Frames of an animation: which ones, how many, and that each is the right one.
"""

import struct
import zlib
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tegenbeeld.errors import DamagedPicture, EmptyFile, NotAPicture
from tegenbeeld.media import frames, parts, read_frames, read_luma

FORMATS: list[tuple[str, dict[str, Any]]] = [
    ("GIF", {}),
    ("PNG", {}),
    ("WEBP", {"lossless": True}),
    ("AVIF", {"quality": 95}),
]


def film(form: str, count: int, size: tuple[int, int] = (40, 30), **options: Any) -> bytes:
    """
    Give an animation whose frame n has the level 10 n.
    """
    stills = [Image.new("RGB", size, (10 * n,) * 3) for n in range(count)]
    file = BytesIO()
    stills[0].save(file, form, save_all=True, append_images=stills[1:], duration=50, **options)
    return file.getvalue()


def levels(content: bytes, *, most: int) -> list[int]:
    """
    Give the level of each frame that is read, in tens.
    """
    return [round(float(frame.plane.mean()) / 10) for frame in read_frames(content, most=most)]


@pytest.mark.parametrize(("form", "options"), FORMATS)
@pytest.mark.parametrize(
    ("most", "expected"),
    [
        (1, [0]),
        (2, [0, 6]),
        (4, [0, 3, 6, 9]),
        (12, list(range(12))),
        (99, list(range(12))),
    ],
)
def test_frames_are_evenly_apart(
    form: str, options: dict[str, Any], most: int, expected: list[int]
) -> None:
    """
    The first one always, and each of the others is the one it should be.
    """
    assert levels(film(form, 12, **options), most=most) == expected


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "WEBP", "AVIF"])
def test_still_picture_has_one_frame(form: str) -> None:
    """
    It is what `read_luma` gives.
    """
    file = BytesIO()
    Image.new("L", (1300, 1100), 77).save(file, form)
    found = list(read_frames(file.getvalue(), most=8))
    assert len(found) == 1
    assert np.array_equal(found[0].plane, read_luma(file.getvalue()))
    assert found[0].full_size == (1100, 1300)


@pytest.mark.parametrize(("form", "options"), FORMATS)
def test_frames_that_cost_too_much_are_left_out(
    form: str, options: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    The limit is on all pixels that must be decoded, and another on the number of frames.
    """
    content = film(form, 12, **options)
    monkeypatch.setattr(frames, "MAX_ANIMATED_PIXELS", 40 * 30 * 6)
    assert levels(content, most=3) == [0, 2, 4]
    monkeypatch.setattr(frames, "MAX_ANIMATED_PIXELS", 1)
    assert levels(content, most=3) == [0]
    monkeypatch.setattr(frames, "MAX_ANIMATED_PIXELS", 10**9)
    monkeypatch.setattr(frames, "MAX_FRAMES", 4)
    assert levels(content, most=2) == [0, 2]


def test_frames_draw_over_each_other() -> None:
    """
    A later frame may hold only what has changed.
    """
    first = Image.new("RGB", (40, 30), "black")
    second = first.copy()
    second.paste("white", (0, 0, 10, 30))
    file = BytesIO()
    first.save(file, "GIF", save_all=True, append_images=[second], duration=50)
    last = list(read_frames(file.getvalue(), most=2))[1].plane
    assert (last[:, :10] == 255).all()
    assert (last[:, 10:] == 0).all()


@pytest.mark.parametrize("form", ["GIF", "PNG"])
def test_frames_before_the_damage_are_given(form: str) -> None:
    """
    Viewers show them. A first frame that is cut off is an error, as for a still picture.
    """
    rng = np.random.default_rng(1)
    stills = [Image.fromarray(rng.integers(0, 256, (60, 80, 3), np.uint8)) for _ in range(6)]
    file = BytesIO()
    stills[0].save(file, form, save_all=True, append_images=stills[1:], duration=50)
    content = file.getvalue()
    cut = content[: len(content) * 55 // 100]
    assert 1 <= len(list(read_frames(cut, most=6))) <= 4
    with pytest.raises(DamagedPicture):
        next(read_frames(content[: len(content) // 20], most=6))


def test_apng_that_promises_more_frames_than_it_has_ends_early() -> None:
    """
    The number in the header is a claim.
    """
    content = bytearray(film("PNG", 3))
    start = content.index(b"acTL")
    content[start + 4 : start + 8] = (50).to_bytes(4)
    checksum = zlib.crc32(content[start : start + 12])
    content[start + 12 : start + 16] = checksum.to_bytes(4)
    assert levels(bytes(content), most=50) == [0, 1, 2]


def test_gif_of_very_many_frames_is_not_read_to_its_end() -> None:
    """
    The frames are counted up to the limit; what follows may be anything.
    """
    one = film("GIF", 1)
    start = one.index(b",\0\0\0\0")
    frame = one[start:-1]
    content = one[:-1] + frame * 200_000 + b";"
    assert len(list(read_frames(content, most=3))) == 3


@pytest.mark.parametrize(("content", "error"), [(b"", EmptyFile), (b"text", NotAPicture)])
def test_error_comes_when_frames_are_taken(content: bytes, error: type[Exception]) -> None:
    """
    Asking for frames reads nothing yet.
    """
    found = read_frames(content, most=2)
    with pytest.raises(error):
        next(found)


def test_count_of_gif_frames_stops_where_it_is_told() -> None:
    """
    With and without tables of their own, and after bytes that mean nothing.
    """
    content = film("GIF", 5)
    assert parts.count_gif_frames(content, most=99) == 5
    assert parts.count_gif_frames(content, most=3) == 3
    assert parts.count_gif_frames(content[:-1] + b"\0\0;", most=99) == 5
    assert parts.count_gif_frames(b"GIF89a", most=9) == 0
    assert parts.count_gif_frames(b"GIF89a" + struct.pack("<HHBBB", 9, 9, 0, 0, 0), most=9) == 0
