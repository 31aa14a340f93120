"""
Formats are told from the first bytes.
"""

import re
from io import BytesIO
from pathlib import Path

import pi_heif
import pytest
from PIL import Image
from PIL.AvifImagePlugin import AvifImageFile

from tegenbeeld.errors import NotAPicture
from tegenbeeld.media import MAX_BYTES
from tegenbeeld.media.formats import reader_of

SPEC = Path(__file__).resolve().parents[3] / "spec" / "pdq.md"


def box(major: bytes, *compatible: bytes) -> bytes:
    """
    Give the first box of a file of the HEIF family.
    """
    content = b"ftyp" + major + bytes(4) + b"".join(compatible)
    return (len(content) + 4).to_bytes(4, "big") + content + b"and more"


@pytest.mark.parametrize("name", ["JPEG", "PNG", "GIF", "WEBP", "AVIF"])
def test_reader_of_knows_each_format(name: str) -> None:
    """
    A file of each format is opened by the reader of that format.
    """
    file = BytesIO()
    Image.new("RGB", (8, 8)).save(file, name)
    reader = reader_of(file.getvalue())
    assert reader(BytesIO(file.getvalue())).format == name


@pytest.mark.parametrize(
    ("content", "reader"),
    [
        (box(b"avif", b"mif1"), AvifImageFile),
        (box(b"mif1", b"mif1", b"avif"), AvifImageFile),
        (box(b"heic", b"mif1"), pi_heif.HeifImageFile),
        (box(b"mif1", b"heic"), pi_heif.HeifImageFile),
    ],
)
def test_reader_of_looks_at_all_brands(content: bytes, reader: type) -> None:
    """
    A container that holds AVIF goes to the reader of AVIF.
    """
    assert reader_of(content) is reader


@pytest.mark.parametrize(
    "content",
    [
        b"x",
        b"plain text, no picture",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.7",
        b"II*\0\x08\0\0\0",
        b"BM" + bytes(60),
        b"P6\n5 5\n255\n" + bytes(75),
        b"RIFF\x10\0\0\0WAVEfmt ",
        box(b"isom", b"mp42"),
        b"\0\0\0\0ftyp",
    ],
)
def test_reader_of_refuses_when_format_is_not_on_the_list(content: bytes) -> None:
    """
    The message names the formats that can be used; film, text and rare formats are none.
    """
    with pytest.raises(NotAPicture, match="JPEG, PNG, WebP, GIF, AVIF or HEIC"):
        reader_of(content)


def test_formats_are_those_of_the_specification() -> None:
    """
    The brands of spec/pdq.md §2 are known, each alone and as the last of 32, and so is its limit.
    """
    text = SPEC.read_text(encoding="utf-8")
    for name, reader in (("AVIF", AvifImageFile), ("HEIC", pi_heif.HeifImageFile)):
        row = re.search(rf"\| {name} \|.*", text)
        assert row is not None
        brands = [brand.encode() for brand in re.findall(r"`(\w{4})`", row[0]) if brand != "ftyp"]
        assert len(brands) >= 2
        for brand in brands:
            assert reader_of(box(brand)) is reader
            assert reader_of(box(b"xxxx", *[b"yyyy"] * 31, brand)) is reader
            with pytest.raises(NotAPicture):
                reader_of(box(b"xxxx", *[b"yyyy"] * 32, brand))
    assert f"at most {MAX_BYTES // 1024**2} MiB" in text


def test_formats_leave_the_host_program_as_it_was() -> None:
    """
    Nothing is added to the formats that the host program opens itself.
    """
    assert "HEIF" not in Image.OPEN
