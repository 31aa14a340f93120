"""
Which way up pictures are, in every format that can say so; and that none is turned twice.
"""

import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tegenbeeld.media import read_frames, read_luma, read_pixels, read_reduced
from testing.heif_file import Item, coded_in, extent, heif_file, mirrored, turned

PICTURES = Path(__file__).resolve().parents[2] / "pictures"

# What a viewer does to the stored rows and columns. Source: EXIF 2.32 §4.6.4, tag 0x0112.
UNDO = {
    1: lambda p: p,
    2: lambda p: p[:, ::-1],
    3: lambda p: p[::-1, ::-1],
    4: lambda p: p[::-1],
    5: lambda p: p.swapaxes(0, 1),
    6: lambda p: np.rot90(p, -1),
    7: lambda p: np.rot90(p, 2).swapaxes(0, 1),
    8: lambda p: np.rot90(p, 1),
}


def sample(width: int = 96, height: int = 64) -> Image.Image:
    """
    Give a picture with a different colour in each corner and soft changes between.
    """
    corners = np.array([[[255, 0, 0], [0, 255, 0]], [[0, 0, 255], [255, 255, 0]]], np.uint8)
    return Image.fromarray(corners).resize((width, height), Image.Resampling.BILINEAR)


def notes(value: int) -> bytes:
    """
    Give EXIF notes of an orientation.
    """
    exif = Image.Exif()
    exif[0x0112] = value
    return exif.tobytes()


def saved(picture: Image.Image, form: str, **options: Any) -> bytes:
    """
    Give a picture as the bytes of a file.
    """
    file = BytesIO()
    picture.save(file, form, **options)
    return file.getvalue()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "AVIF"])
@pytest.mark.parametrize("value", range(1, 9))
@pytest.mark.parametrize("size", [(96, 64), (1300, 1100)])
def test_orientation_of_each_format(form: str, value: int, size: tuple[int, int]) -> None:
    """
    All eight values, in one strip and in several, as colours and as a smaller plane.

    Pillow writes that of an AVIF as the properties of the format.
    """
    options = {"JPEG": {"quality": 95}, "AVIF": {"speed": 10}}
    plain = saved(sample(*size), form, **options.get(form, {}))
    content = saved(sample(*size), form, exif=notes(value), **options.get(form, {}))
    assert np.array_equal(read_pixels(content), UNDO[value](read_pixels(plain)))
    reduced = read_reduced(content)
    expected = UNDO[value](read_luma(plain))
    assert np.abs(reduced.plane.astype(int) - expected).max() <= 1
    assert reduced.plane.flags.c_contiguous
    assert reduced.full_size == read_pixels(content).shape[:2]


def test_notes_of_a_png_may_come_after_the_pixels() -> None:
    """
    The standard lets the chunk stand anywhere.
    """
    content = saved(sample(), "PNG", exif=notes(6))
    start = content.index(b"eXIf") - 4
    end = start + 12 + int.from_bytes(content[start : start + 4])
    last = content.index(b"IEND") - 4
    moved = content[:start] + content[end:last] + content[start:end] + content[last:]
    assert read_pixels(moved).shape == (96, 64, 3)
    assert read_luma(moved).shape == (96, 64)


def test_notes_of_an_avif_are_not_obeyed() -> None:
    """
    An AVIF turns by its properties. Notes that say the same, or anything else, change nothing.
    """
    with_properties = saved(sample(), "AVIF", exif=notes(6))
    assert b"irot" in with_properties
    assert read_pixels(with_properties).shape == (96, 64, 3)
    # An encoder that copies the notes: the properties are there once, and the notes too.
    tagged = Image.Exif()
    tagged[0x010E] = "O" * 60
    carrier = saved(sample(), "AVIF", exif=tagged.tobytes())
    tiff = notes(6).removeprefix(b"Exif\0\0")
    old = tagged.tobytes().removeprefix(b"Exif\0\0")
    assert old in carrier
    assert b"irot" not in carrier
    plain = read_pixels(saved(sample(), "AVIF"))
    assert np.array_equal(read_pixels(carrier.replace(old, tiff.ljust(len(old), b"\0"))), plain)


@pytest.mark.parametrize(("name", "value"), [("turned", 8), ("mirrored", 2), ("exif-turn", 1)])
def test_heic_is_turned_by_its_properties_alone(name: str, value: int) -> None:
    """
    `irot` and `imir` are obeyed, EXIF is not.
    """
    plain = read_pixels((PICTURES / "plain.heic").read_bytes())
    content = (PICTURES / f"{name}.heic").read_bytes()
    assert np.array_equal(read_pixels(content), UNDO[value](plain))
    assert read_luma(content).shape == read_pixels(content).shape[:2]


@pytest.mark.parametrize("value", range(1, 9))
def test_heic_with_property_and_notes_is_turned_once(value: int) -> None:
    """
    As phones write them: a property, and notes that ask for the same.
    """
    content = (PICTURES / "plain.heic").read_bytes()
    coded = coded_in(content)
    # Counter-clockwise quarters, then a mirror: left and right swapped.
    quarters, is_mirrored = {
        1: (0, False),
        2: (0, True),
        3: (2, False),
        4: (2, True),
        5: (3, True),
        6: (3, False),
        7: (1, True),
        8: (1, False),
    }[value]
    how = (turned(quarters),) if quarters else ()
    how += (mirrored(1),) if is_mirrored else ()
    tiff = bytes(4) + notes(value).removeprefix(b"Exif\0\0")
    file = heif_file(
        [
            Item(b"hvc1", coded.data, (coded.settings, extent(320, 240), *how)),
            Item(b"Exif", tiff, (), ((b"cdsc", (1,)),)),
        ]
    )
    assert np.array_equal(read_pixels(file), UNDO[value](read_pixels(content)))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_notes_in_xmp_are_not_obeyed(form: str) -> None:
    """
    Browsers do not read them, so we do not either: both must give the same hash.
    """
    note = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><d tiff:Orientation="6"/></x:xmpmeta>'
    content = saved(sample(), form, xmp=note)
    if form == "PNG":
        content = with_text(content, b"XML:com.adobe.xmp\0\0\0\0\0" + note)
    assert note in content
    assert read_pixels(content).shape == (64, 96, 3)


def with_text(png: bytes, text: bytes) -> bytes:
    """
    Put a text into a PNG, after its header.
    """
    sealed = b"iTXt" + text
    chunk = len(text).to_bytes(4) + sealed + zlib.crc32(sealed).to_bytes(4)
    return png[:33] + chunk + png[33:]


BROKEN = [b"Exif\0\0II*\0\xff\xff\xff\xff", b"Exif\0\0II*\0\x08\0\0\0\xff\xff\x12\x01", b"Ex"]


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF"])
@pytest.mark.parametrize("broken", BROKEN)
def test_damaged_notes_are_passed_over(form: str, broken: bytes) -> None:
    """
    Broken notes beside whole pixels are no reason to refuse, nor to warn.
    """
    if (form, broken) == ("AVIF", BROKEN[2]):
        pytest.skip("libavif itself refuses an AVIF whose notes do not start like notes")
    tagged = Image.Exif()
    tagged[0x010E] = "O" * 60
    good = tagged.tobytes()
    content = saved(sample(), form, exif=good)
    stored = good if good in content else good.removeprefix(b"Exif\0\0")
    assert stored in content
    bad = broken if stored is good else broken.removeprefix(b"Exif\0\0")
    damaged = content.replace(stored, bad.ljust(len(stored), b"\xff"))
    if form == "PNG":
        # The chunk keeps its checksum, so that the notes are broken and not the file.
        at = damaged.index(b"eXIf")
        body = damaged[at : at + 4 + len(stored)]
        end = at + len(body)
        damaged = damaged[:end] + zlib.crc32(body).to_bytes(4) + damaged[end + 4 :]
    assert read_pixels(damaged).shape == (64, 96, 3)


def test_values_that_mean_nothing_leave_the_picture_as_it_is() -> None:
    """
    0, 9 and more are in no standard.
    """
    for value in (0, 9, 255, 65535):
        assert read_pixels(saved(sample(), "PNG", exif=notes(value))).shape == (64, 96, 3)


def test_notes_of_a_webp_are_not_obeyed() -> None:
    """
    Browsers do not turn a WebP, so we do not either: both must give the same hash.
    """
    frames = [sample(), sample().transpose(Image.Transpose.FLIP_TOP_BOTTOM)]
    content = saved(
        frames[0], "WEBP", save_all=True, append_images=frames[1:], lossless=True, exif=notes(6)
    )
    assert b"EXIF" in content
    assert np.array_equal(read_pixels(content), np.asarray(sample()))
    assert [frame.plane.shape for frame in read_frames(content, most=2)] == [(64, 96)] * 2
