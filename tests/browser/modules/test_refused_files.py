"""
Files that cannot be hashed: each is refused for its own reason, and the next one works.
"""

import functools
import time
import zlib

import pytest
from PIL import Image
from playwright.sync_api import Page

from browser.modules.hashing import encoded, hash_in, textured
from tegenbeeld.media import MAX_BYTES

pytestmark = pytest.mark.browser

FILM = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isommp41" + bytes(90)


def _heic() -> bytes:
    brands = b"heic\x00\x00\x00\x00mif1heic"
    boxes = ((b"ftyp", brands), (b"meta", bytes(60)), (b"mdat", bytes(400)))
    return b"".join((8 + len(body)).to_bytes(4) + name + body for name, body in boxes)


@functools.cache
def _bad_files() -> dict[str, tuple[bytes, str]]:
    photo = textured(400, 300)
    jpeg = encoded(photo, "JPEG")
    png = encoded(photo, "PNG")
    one_bit = Image.new("1", (20_001, 6))
    return {
        "empty": (b"", "empty"),
        "a text": (b"This is not a picture. " * 50, "not-a-picture"),
        "a drawing in XML": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not-a-picture"),
        "a film": (FILM, "not-a-picture"),
        "JPEG cut in half": (jpeg[: len(jpeg) // 2], "unreadable"),
        "JPEG without its last byte": (jpeg[:-1], "unreadable"),
        "PNG cut in half": (png[: len(png) // 2], "unreadable"),
        "PNG with damage inside": (png[:900] + bytes(900) + png[1800:], "unreadable"),
        "WebP cut": (encoded(photo, "WEBP")[:-40], "unreadable"),
        "AVIF cut": (encoded(photo, "AVIF")[:-40], "unreadable"),
        "GIF cut": (encoded(photo, "GIF")[:-4000], "unreadable"),
        "BMP": (encoded(photo, "BMP"), "unknown-format"),
        "an icon": (encoded(photo.resize((64, 64)), "ICO"), "not-a-picture"),
        "only the first bytes of a JPEG": (jpeg[:3], "unreadable"),
        "HEIC with nothing in it": (_heic(), "unreadable"),
        "TIFF": (encoded(photo, "TIFF"), "unknown-format"),
        "one pixel": (encoded(Image.new("RGB", (1, 1)), "PNG"), "too-small"),
        "four rows": (encoded(textured(300, 4), "PNG"), "too-small"),
        "a side too long": (encoded(one_bit, "PNG"), "too-large"),
        "too many pixels": (encoded(Image.new("1", (8001, 8000)), "PNG"), "too-large"),
        "one colour": (encoded(Image.new("RGB", (300, 300), "teal"), "PNG"), "too-poor"),
        "nothing but clear": (encoded(Image.new("RGBA", (300, 300)), "PNG"), "too-poor"),
    }


@pytest.mark.parametrize("what", _bad_files())
def test_bad_file_gives_its_reason_and_the_next_one_works(hashing_page: Page, what: str) -> None:
    """
    What cannot be hashed is refused for the right reason, and nothing stays broken after it.
    """
    content, reason = _bad_files()[what]
    assert hash_in(hashing_page, content)["reason"] == reason
    assert "hash" in hash_in(hashing_page, encoded(textured(200, 200), "PNG"))


def test_file_above_the_limit_is_refused_unread(hashing_page: Page) -> None:
    """
    64 MiB are looked at, one byte more is not. Source: spec/pdq.md §2.
    """
    script = """
    async (size) => {
      const file = new File([new Uint8Array(size)], "large");
      return hasher.hash(file).catch((error) => error.reason);
    }
    """
    assert hashing_page.evaluate(script, MAX_BYTES) == "not-a-picture"
    assert hashing_page.evaluate(script, MAX_BYTES + 1) == "too-large"


def _sized_jpeg(width: int, height: int) -> bytes:
    content = encoded(textured(400, 300), "JPEG")
    at = content.index(b"\xff\xc0") + 5
    return content[:at] + height.to_bytes(2) + width.to_bytes(2) + content[at + 4 :]


def _sized_avif(width: int, height: int) -> bytes:
    content = encoded(textured(400, 300), "AVIF")
    at = content.index(b"ispe") + 8
    return content[:at] + width.to_bytes(4) + height.to_bytes(4) + content[at + 8 :]


def _sized_webp(width: int, height: int) -> bytes:
    sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    chunks = b"VP8X" + (10).to_bytes(4, "little") + bytes(4) + sides
    chunks += encoded(textured(400, 300), "WEBP")[12:]
    return b"RIFF" + (4 + len(chunks)).to_bytes(4, "little") + b"WEBP" + chunks


def _sized_gif(width: int, height: int, *, frame: int) -> bytes:
    content = encoded(textured(400, 300), "GIF")
    at = content.index(b"\x2c\0\0\0\0") + 5
    sides = width.to_bytes(2, "little") + height.to_bytes(2, "little")
    return (
        content[:6] + sides + content[10:at] + frame.to_bytes(2, "little") * 2 + content[at + 4 :]
    )


def _png(width: int, height: int, *, zeros: int) -> bytes:
    """
    Write a PNG whose data are so many zeros, packed.
    """
    packer = zlib.compressobj(9)
    block = bytes(1_000_000)
    data = b"".join(packer.compress(block) for _ in range(zeros // len(block))) + packer.flush()
    plain = encoded(Image.new("RGB", (8, 8)), "PNG")
    header = width.to_bytes(4) + height.to_bytes(4) + plain[24:29]
    parts = [(b"IHDR", header), (b"IDAT", data), (b"IEND", b"")]
    chunks = [
        len(body).to_bytes(4) + name + body + zlib.crc32(name + body).to_bytes(4)
        for name, body in parts
    ]
    return plain[:8] + b"".join(chunks)


@functools.cache
def _bombs() -> dict[str, tuple[bytes, str]]:
    return {
        "JPEG of 65,535 squared": (_sized_jpeg(65_535, 65_535), "too-large"),
        "PNG of 65,535 squared": (_png(65_535, 65_535, zeros=1_000_000), "too-large"),
        "PNG of 64 million pixels in 190 kB": (_png(8_000, 8_000, zeros=193_000_000), "too-poor"),
        "PNG of 64 million pixels that are not there": (_png(8_000, 8_000, zeros=0), "unreadable"),
        "WebP of 65,536 squared": (_sized_webp(65_536, 65_536), "too-large"),
        "AVIF of 65,536 squared": (_sized_avif(65_536, 65_536), "too-large"),
        "GIF of 65,535 squared": (_sized_gif(65_535, 65_535, frame=300), "too-large"),
        "GIF whose frame is larger": (_sized_gif(400, 300, frame=65_535), "unreadable"),
    }


@pytest.mark.parametrize("what", _bombs())
def test_file_that_claims_too_much_costs_neither_time_nor_the_page(
    hashing_page: Page, what: str
) -> None:
    """
    Few bytes that would become gigabytes are refused within seconds, and the page lives on.
    """
    content, reason = _bombs()[what]
    start = time.monotonic()
    assert hash_in(hashing_page, content)["reason"] == reason
    assert time.monotonic() - start < 20
    assert "hash" in hash_in(hashing_page, encoded(textured(200, 200), "PNG"))
