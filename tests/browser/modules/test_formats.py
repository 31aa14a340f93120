"""
Every way in which a format stores colours: the browser gives the hash that Python gives.
"""

import functools
import struct
import zlib
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Page

from browser.modules.hashing import bits_apart, encoded, hash_in, hashed_by_python, textured

pytestmark = pytest.mark.browser

# Decoders may round a colour differently: measured are 0 to 2, and up to 6 for AVIF with alpha. A
# wrong turn, frame, background or inversion is 60 bits away and more.
CLOSE = 4
CLOSE_AVIF = 10

SIZE = (500, 400)
ORIENTATION = 0x0112


def _chunk(name: bytes, body: bytes) -> bytes:
    checksum = zlib.crc32(name + body)
    return len(body).to_bytes(4) + name + body + checksum.to_bytes(4)


def _deep_png(values: NDArray[np.uint16]) -> bytes:
    """
    Write 16 bits a value: grey, grey with alpha, RGB or RGBA. Source: PNG 3rd edition §11.2.1.
    """
    height, width, channels = values.shape
    kind = {1: 0, 2: 4, 3: 2, 4: 6}[channels]
    header = struct.pack(">IIBBBBB", width, height, 16, kind, 0, 0, 0)
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in values)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 1)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*chunk) for chunk in chunks)


def _deep(channels: int) -> bytes:
    rgb = np.asarray(textured(*SIZE)).astype(np.uint16)
    alpha = np.asarray(textured(*SIZE, seed=2)).astype(np.uint16)[:, :, :1]
    colours = rgb if channels > 2 else rgb[:, :, :1]
    parts = [colours, alpha] if channels in {2, 4} else [colours]
    low = np.random.default_rng(1).integers(0, 256, (*SIZE[::-1], channels), dtype=np.uint16)
    return _deep_png(np.dstack(parts) * 256 + low)


def _cmyk(*, has_marker: bool = True) -> bytes:
    """
    Write inks with black of their own. Without Adobe's marker a reader must guess what 255 means.
    """
    inks = 255 - np.asarray(textured(*SIZE)).astype(int)
    black = inks.min(axis=2, keepdims=True)
    separated = np.dstack([inks - black, black]).astype(np.uint8)
    content = encoded(Image.fromarray(separated, "CMYK"), "JPEG", quality=90)
    at = content.index(b"Adobe") - 4
    end = at + 2 + int.from_bytes(content[at + 2 : at + 4])
    return content if has_marker else content[:at] + content[end:]


def _with_alpha(mode: str, kind: str, **options: bool) -> bytes:
    picture = textured(*SIZE).convert(mode)
    picture.putalpha(textured(*SIZE, seed=2).convert("L"))
    return encoded(picture, kind, **options)


def _moving(kind: str) -> bytes:
    others = [textured(*SIZE, seed=seed) for seed in (7, 8)]
    return encoded(textured(*SIZE), kind, save_all=True, append_images=others, duration=90)


def _palette(kind: str, transparency: int | bytes | None = None) -> bytes:
    picture = textured(*SIZE).quantize(64)
    clear = {} if transparency is None else {"transparency": transparency}
    return encoded(picture, kind, **clear)


def _turned(kind: str) -> bytes:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    return encoded(textured(*SIZE), kind, exif=exif)


def _grey(kind: str) -> bytes:
    return encoded(textured(*SIZE).convert("L"), kind)


FILES: dict[str, Callable[[], bytes]] = {
    "PNG, 16 bits, RGB": functools.partial(_deep, 3),
    "PNG, 16 bits, RGBA": functools.partial(_deep, 4),
    "PNG, 16 bits, grey": functools.partial(_deep, 1),
    "PNG, 16 bits, grey and alpha": functools.partial(_deep, 2),
    "PNG, grey": functools.partial(_grey, "PNG"),
    "PNG, grey and alpha": functools.partial(_with_alpha, "L", "PNG"),
    "PNG, one bit": lambda: encoded(textured(*SIZE).convert("1"), "PNG"),
    "PNG, palette": functools.partial(_palette, "PNG"),
    "PNG, palette, one colour clear": functools.partial(_palette, "PNG", 5),
    "PNG, palette, each colour as clear as it says": functools.partial(
        _palette, "PNG", bytes(37 * index % 256 for index in range(64))
    ),
    "PNG, RGB, one colour clear": lambda: encoded(
        textured(*SIZE), "PNG", transparency=textured(*SIZE).getpixel((50, 50))
    ),
    "PNG, turned by EXIF": functools.partial(_turned, "PNG"),
    "GIF, one colour clear": functools.partial(_palette, "GIF", 5),
    "JPEG, grey": functools.partial(_grey, "JPEG"),
    "JPEG, CMYK": _cmyk,
    "JPEG, CMYK without Adobe's marker": functools.partial(_cmyk, has_marker=False),
    "JPEG, RGB": lambda: encoded(textured(*SIZE), "JPEG", quality=90, keep_rgb=True),
    "JPEG, progressive": lambda: encoded(textured(*SIZE), "JPEG", progressive=True),
    "JPEG, quality 10": lambda: encoded(textured(*SIZE), "JPEG", quality=10),
    "WebP, alpha": functools.partial(_with_alpha, "RGB", "WEBP"),
    "WebP, alpha, lossless": functools.partial(_with_alpha, "RGB", "WEBP", lossless=True),
    "AVIF, alpha": functools.partial(_with_alpha, "RGB", "AVIF"),
    "AVIF, grey": functools.partial(_grey, "AVIF"),
    "AVIF, turned": functools.partial(_turned, "AVIF"),
    **{
        f"{kind}, moving": functools.partial(_moving, kind)
        for kind in ("GIF", "PNG", "WEBP", "AVIF")
    },
}


@pytest.mark.parametrize("what", FILES)
def test_file_has_the_hash_of_python(hashing_page: Page, what: str) -> None:
    """
    The first frame, over white, upright, the upper 8 of 16 bits. Source: spec/pdq.md §2.
    """
    content = FILES[what]()
    answer = hash_in(hashing_page, content)
    assert "hash" in answer, answer
    close = CLOSE_AVIF if what.startswith("AVIF") else CLOSE
    assert bits_apart(answer["hash"], hashed_by_python(content)) <= close


def test_exif_in_webp_is_not_obeyed(hashing_page: Page) -> None:
    """
    Browsers do not agree on it, so it is hidden from all. Source: spec/pdq.md §2.
    """
    plain = encoded(textured(*SIZE), "WEBP")
    assert hash_in(hashing_page, _turned("WEBP"))["hash"] == hash_in(hashing_page, plain)["hash"]
