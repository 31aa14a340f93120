"""
Files made to harm a decoder: headers that lie, data that grows, structures without end.

Every maker gives small files. Nothing here is anybody's picture.
"""

import io
import random
import struct
import zlib
from collections.abc import Iterator

import numpy as np
from PIL import Image

_PNG = b"\x89PNG\r\n\x1a\n"

# Baseline tables, the least that a JPEG needs: one quantisation table, one Huffman table of each
# kind with one code. Source: ITU-T T.81 §B.2.4.
_DQT = b"\xff\xdb\x00\x43\x00" + bytes([1] * 64)
_DHT = b"".join(
    b"\xff\xc4" + struct.pack(">H", 20) + bytes([kind]) + bytes([1] + [0] * 15) + b"\x00"
    for kind in (0x00, 0x10)
)


def ordinary(format_: str, *, size: tuple[int, int] = (320, 240), **options: object) -> bytes:
    """
    Make a picture that is in order.
    """
    noise = np.random.default_rng(7).integers(0, 256, (24, 32, 3), dtype=np.uint8)
    picture = Image.fromarray(noise).resize(size, Image.Resampling.BICUBIC)
    file = io.BytesIO()
    picture.save(file, format_, **options)
    return file.getvalue()


def animation(format_: str, frames: int, size: tuple[int, int]) -> bytes:
    """
    Make a moving picture.
    """
    pictures = [
        Image.new("P" if format_ == "GIF" else "RGB", size, number % 256)
        for number in range(frames)
    ]
    file = io.BytesIO()
    pictures[0].save(
        file, format_, save_all=True, append_images=pictures[1:], duration=10, minimize_size=False
    )
    return file.getvalue()


def seeds() -> Iterator[tuple[str, bytes]]:
    """
    Make pictures in order of every format that can be written here, to be mutated.
    """
    yield "jpeg", ordinary("JPEG")
    yield "jpeg-progressive", ordinary("JPEG", progressive=True)
    yield "png", ordinary("PNG")
    yield "gif", ordinary("GIF")
    yield "webp", ordinary("WEBP")
    yield "webp-lossless", ordinary("WEBP", lossless=True)
    yield "avif", ordinary("AVIF")
    yield "gif-moving", animation("GIF", 10, (64, 64))
    yield "webp-moving", animation("WEBP", 10, (64, 64))
    yield "png-moving", animation("PNG", 10, (64, 64))
    yield "avif-moving", animation("AVIF", 5, (64, 64))


def chunk(name: bytes, body: bytes) -> bytes:
    """
    Make a chunk of PNG.
    """
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(width: int, height: int, *chunks: bytes, depth: int = 8, colour: int = 2) -> bytes:
    """
    Make a PNG of chunks.
    """
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return _PNG + chunk(b"IHDR", head) + b"".join(chunks) + chunk(b"IEND", b"")


def zeros(amount: int) -> bytes:
    """
    Compress so many zero bytes.
    """
    packer = zlib.compressobj(9)
    parts = [packer.compress(bytes(1 << 20)) for _ in range(amount >> 20)]
    return b"".join([*parts, packer.compress(bytes(amount & 0xFFFFF)), packer.flush()])


def pngs() -> Iterator[tuple[str, bytes]]:
    """
    Make PNGs to harm.
    """
    some = zeros(3 * 100 * 100 + 100)
    much = zeros(1 << 30)
    yield "png-65535-square", png(65535, 65535, chunk(b"IDAT", some))
    yield "png-2^31-wide", png(2**31 - 1, 1, chunk(b"IDAT", some))
    yield "png-64-megapixel-empty", png(8000, 8000, chunk(b"IDAT", zeros(8000 * (24000 + 1))))
    yield (
        "png-64-megapixel-16-bit-alpha",
        png(8000, 8000, chunk(b"IDAT", zeros(8000 * (64000 + 1))), depth=16, colour=6),
    )
    yield "png-64-megapixel-no-data", png(8000, 8000, chunk(b"IDAT", some))
    yield "png-idat-bomb", png(100, 100, chunk(b"IDAT", much))
    yield "png-idats-of-nothing", png(100, 100, chunk(b"IDAT", b"") * 1_000_000)
    yield "png-texts", png(100, 100, chunk(b"tEXt", b"a\0b") * 1_000_000, chunk(b"IDAT", some))
    yield "png-text-bomb", png(100, 100, chunk(b"zTXt", b"a\0\0" + much), chunk(b"IDAT", some))
    many = chunk(b"zTXt", b"a\0\0" + zeros(1 << 20)) * 2000
    yield "png-text-bombs", png(100, 100, many, chunk(b"IDAT", some))
    yield "png-profile-bomb", png(100, 100, chunk(b"iCCP", b"a\0\0" + much), chunk(b"IDAT", some))
    yield "png-unknown-chunks", png(100, 100, chunk(b"abCd", b"") * 1_000_000, chunk(b"IDAT", some))
    control = struct.pack(">IIIIIHHBB", 0, 100, 100, 0, 0, 1, 10, 0, 0)
    yield (
        "png-frames",
        png(
            *(100, 100, chunk(b"acTL", struct.pack(">II", 10**6, 0)), chunk(b"IDAT", some)),
            chunk(b"fcTL", control) * 100_000,
        ),
    )
    yield "png-interlaced", _interlaced()


def _interlaced() -> bytes:
    head = struct.pack(">IIBBBBB", 8000, 8000, 8, 2, 0, 0, 1)
    body = chunk(b"IDAT", zeros(3 * 8000 * 8000 + 100_000))
    return _PNG + chunk(b"IHDR", head) + body + chunk(b"IEND", b"")


def gifs() -> Iterator[tuple[str, bytes]]:
    """
    Make GIFs to harm.
    """

    def head(width: int, height: int) -> bytes:
        return b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + bytes(6)

    def frame(width: int, height: int, data: bytes) -> bytes:
        return b"\x2c" + struct.pack("<HHHHB", 0, 0, width, height, 0) + b"\x02" + data + b"\0"

    one = b"\x02\x4c\x01"
    clears = b"\xff" + b"\x24\x49\x92" * 85
    yield "gif-65535-square", head(65535, 65535) + frame(65535, 65535, one) + b";"
    yield "gif-8000-square-no-data", head(8000, 8000) + frame(8000, 8000, one) + b";"
    yield "gif-frame-larger-than-file", head(10, 10) + frame(8000, 8000, one) + b";"
    yield "gif-frames", head(10, 10) + frame(1, 1, one) * 100_000 + b";"
    yield "gif-large-frames", head(8000, 8000) + frame(8000, 8000, one) * 10_000 + b";"
    yield "gif-only-clear-codes", head(8000, 8000) + frame(8000, 8000, clears * 100_000) + b";"
    yield "gif-blocks-without-end", head(10, 10) + b"\x21\xfe" + b"\xff" * 30_000_000
    yield "gif-extensions", head(10, 10) + b"\x21\xfe\x01a\0" * 5_000_000 + frame(1, 1, one)


def jpeg(width: int, height: int, *segments: bytes, frame: int = 0xC0, parts: int = 3) -> bytes:
    """
    Make a JPEG of segments, with the tables and the frame before them.
    """
    components = b"".join(bytes([1 + part, 0x11, 0]) for part in range(parts))
    body = struct.pack(">BHHB", 8, height, width, parts) + components
    sof = bytes([0xFF, frame]) + struct.pack(">H", 2 + len(body)) + body
    return b"\xff\xd8" + _DQT + sof + _DHT + b"".join(segments) + b"\xff\xd9"


def scan(parts: range, first: int, last: int, approximation: int, data: bytes = b"") -> bytes:
    """
    Make one scan of a JPEG.
    """
    components = b"".join(bytes([1 + part, 0]) for part in parts)
    body = bytes([len(parts)]) + components + bytes([first, last, approximation])
    return b"\xff\xda" + struct.pack(">H", 2 + len(body)) + body + data


def jpegs() -> Iterator[tuple[str, bytes]]:
    """
    Make JPEGs to harm.
    """
    whole = scan(range(3), 0, 63, 0, bytes(200))
    yield "jpeg-65500-square", jpeg(65500, 65500, whole)
    yield "jpeg-8000-square-no-data", jpeg(8000, 8000, whole)
    for scans in (10, 100, 1000, 10_000):
        first = scan(range(3), 0, 0, 0, bytes(8))
        again = scan(range(1), 1, 63, 0, bytes(8))
        body = first + again * scans
        yield f"jpeg-{scans}-scans", jpeg(8000, 8000, body, frame=0xC2)
        yield f"jpeg-{scans}-scans-of-dc", jpeg(8000, 8000, first * scans, frame=0xC2)
    small = scan(range(3), 0, 0, 0, bytes(8)) + scan(range(1), 1, 63, 0, bytes(8)) * 100_000
    yield "jpeg-100000-scans-small", jpeg(64, 64, small, frame=0xC2)
    yield "jpeg-arithmetic", jpeg(8000, 8000, whole, frame=0xC9)
    yield "jpeg-lossless", jpeg(8000, 8000, whole, frame=0xC3)
    yield "jpeg-notes", jpeg(64, 64, b"\xff\xe1\x00\x04ab" * 1_000_000, whole)
    yield "jpeg-comments", jpeg(64, 64, (b"\xff\xfe\xff\xff" + bytes(65533)) * 500, whole)
    profile = b"\xff\xe2" + struct.pack(">H", 18) + b"ICC_PROFILE\0\x01\xff12"
    yield "jpeg-profiles", jpeg(64, 64, profile * 1_000_000, whole)
    yield "jpeg-huffman-overflow", jpeg(64, 64, b"\xff\xc4\x00\x13\x00" + b"\xff" * 16, whole)
    yield "jpeg-table-number", jpeg(64, 64, b"\xff\xdb\x00\x43\x0f" + bytes(64), whole)
    yield "jpeg-restart-each", jpeg(8000, 8000, b"\xff\xdd\x00\x04\x00\x01", whole)
    yield "jpeg-fill-bytes", b"\xff\xd8" + b"\xff" * 60_000_000
    yield from _oriented(whole)


def _oriented(whole: bytes) -> Iterator[tuple[str, bytes]]:
    base = ordinary("JPEG")
    for value in (0, 9, 65535):
        yield f"jpeg-orientation-{value}", base[:2] + _exif(value) + base[2:]
    # A directory of tags that follows itself.
    loop = struct.pack("<2sHIH", b"II", 42, 8, 0) + struct.pack("<I", 8)
    body = b"Exif\0\0" + loop
    note = b"\xff\xe1" + struct.pack(">H", 2 + len(body)) + body
    yield "jpeg-exif-loop", base[:2] + note + base[2:]
    entries = struct.pack("<HHII", 0x0112, 3, 2**31 - 1, 8) * 5000
    body = b"Exif\0\0" + struct.pack("<2sHIH", b"II", 42, 8, 5000) + entries
    note = b"\xff\xe1" + struct.pack(">H", 2 + len(body)) + body
    yield "jpeg-exif-counts", base[:2] + note + base[2:]
    del whole


def _exif(orientation: int) -> bytes:
    body = b"Exif\0\0" + struct.pack("<2sHIHHHIII", b"II", 42, 8, 1, 0x0112, 3, 1, orientation, 0)
    return b"\xff\xe1" + struct.pack(">H", 2 + len(body)) + body


def webps() -> Iterator[tuple[str, bytes]]:
    """
    Make WebPs to harm.
    """

    def riff(*chunks: bytes) -> bytes:
        body = b"WEBP" + b"".join(chunks)
        return b"RIFF" + struct.pack("<I", len(body)) + body

    def part(name: bytes, body: bytes) -> bytes:
        return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)

    def lossless(side: int, data: bytes) -> bytes:
        bits = (side - 1) | (side - 1) << 14
        return part(b"VP8L", b"\x2f" + struct.pack("<I", bits) + data)

    noise = random.Random(1).randbytes
    yield "webp-lossless-16384-square", riff(lossless(16384, noise(300)))
    for number in range(20):
        data = random.Random(number).randbytes(3000)
        yield f"webp-lossless-random-{number}", riff(lossless(8000, data))
    extended = part(b"VP8X", b"\x02\0\0\0" + (2**24 - 1).to_bytes(3, "little") * 2)
    yield "webp-canvas-2^24-square", riff(extended, lossless(16, noise(300)))
    canvas = part(b"VP8X", b"\x02\0\0\0" + (7999).to_bytes(3, "little") * 2)
    still = ordinary("WEBP", size=(16, 16))[12:]
    frame = part(b"ANMF", bytes(6) + (15).to_bytes(3, "little") * 2 + b"\x0a\0\0\0" + still)
    yield "webp-frames", riff(canvas, part(b"ANIM", bytes(6)), frame * 50_000)
    yield "webp-profiles", riff(extended, part(b"ICCP", bytes(100)) * 100_000)


def box(name: bytes, *parts: bytes, full: int | None = None) -> bytes:
    """
    Make a box of HEIF.
    """
    body = b"".join(parts)
    if full is not None:
        body = struct.pack(">I", full) + body
    return struct.pack(">I", 8 + len(body)) + name + body


def heif(
    items: list[tuple[int, bytes, bytes]],
    links: list[tuple[int, list[int]]],
    *,
    side: int,
    brand: bytes = b"mif1",
) -> bytes:
    """
    Make a HEIF file of derived items.

    Args:
        items: Number, type, data; the first is the picture.
        links: From an item to those it is made from.
        side: Width and height that are claimed for all items, in pixels.
    """
    names = b"".join(
        box(b"infe", struct.pack(">HH4sB", number, 0, kind, 0), full=2 << 24)
        for number, kind, _ in items
    )
    data = b"".join(body for _, _, body in items)
    places, at = b"", 0
    for number, _, body in items:
        # Method 1: inside the box of item data.
        places += struct.pack(">HHHHII", number, 1, 0, 1, at, len(body))
        at += len(body)
    references = b"".join(
        box(b"dimg", struct.pack(f">HH{len(to)}H", start, len(to), *to)) for start, to in links
    )
    owned = b"".join(struct.pack(">HBB", number, 1, 0x81) for number, _, _ in items)
    meta = box(
        b"meta",
        box(b"hdlr", struct.pack(">I4s12xB", 0, b"pict", 0), full=0),
        box(b"pitm", struct.pack(">H", items[0][0]), full=0),
        box(b"iinf", struct.pack(">H", len(items)), names, full=0),
        box(b"iloc", b"\x44\x00", struct.pack(">H", len(items)), places, full=1 << 24),
        box(b"iref", references, full=0),
        box(
            b"iprp",
            box(b"ipco", box(b"ispe", struct.pack(">II", side, side), full=0)),
            box(b"ipma", struct.pack(">I", len(items)), owned, full=0),
        ),
        box(b"idat", data),
        full=0,
    )
    return box(b"ftyp", brand, bytes(4), brand, b"heic") + meta


def heifs() -> Iterator[tuple[str, bytes]]:
    """
    Make HEIF and AVIF files to harm.
    """

    def grid(rows: int, side: int) -> bytes:
        return struct.pack(">BBBBII", 0, 1, rows - 1, rows - 1, side, side)

    def overlay(count: int, side: int) -> bytes:
        return struct.pack(">BB4HII", 0, 1, 0, 0, 0, 0, side, side) + bytes(8 * count)

    for brand in (b"mif1", b"avif"):
        name = brand.decode()
        for side in (100, 8000, 65535, 2**31 - 1):
            tiles = [2] * (256 * 256 - 1)
            items = [(1, b"grid", grid(256, side)), (2, b"hvc1", bytes(64))]
            yield f"{name}-grid-{side}", heif(items, [(1, tiles)], side=side, brand=brand)
        items = [(1, b"grid", grid(2, 100))]
        yield f"{name}-grid-of-itself", heif(items, [(1, [1] * 4)], side=100, brand=brand)
        items = [(number, b"grid", grid(2, 1000)) for number in range(1, 61)]
        links = [(number, [number + 1] * 4) for number in range(1, 60)]
        yield f"{name}-grids-of-grids", heif(items, links, side=1000, brand=brand)
        items = [(number, b"iden", b"") for number in range(1, 20_001)]
        links = [(number, [number + 1]) for number in range(1, 20_000)]
        yield f"{name}-chain", heif(items, links, side=100, brand=brand)
        items = [(number, b"iovl", overlay(60_000, 8000)) for number in (1, 2, 3)]
        links = [(1, [2] * 60_000), (2, [3] * 60_000)]
        yield f"{name}-overlays", heif(items, links, side=8000, brand=brand)
    deep = box(b"free")
    for _ in range(3000):
        deep = box(b"meta", deep, full=0)
    yield "heif-boxes-in-boxes", box(b"ftyp", b"heic", bytes(4), b"mif1") + deep
    yield "heif-boxes", box(b"ftyp", b"heic", bytes(4), b"mif1") + box(b"free") * 2_000_000
    yield "heif-box-of-zero", box(b"ftyp", b"heic", bytes(4), b"mif1") + bytes(8) * 1000


def polyglots() -> Iterator[tuple[str, bytes]]:
    """
    Make files that are two things at once.
    """
    picture = dict(seeds())
    yield "gif-and-script", b"GIF89a/*" + picture["gif"][8:] + b"*/=1;alert(1)"
    yield "jpeg-then-png", picture["jpeg"] + picture["png"]
    yield "png-then-jpeg", picture["png"] + picture["jpeg"]
    yield "png-signature-of-jpeg", _PNG + picture["jpeg"]
    yield "jpeg-signature-of-png", b"\xff\xd8\xff" + picture["png"]
    yield "riff-without-end", b"RIFF\xff\xff\xff\xffWEBP" + picture["webp"][12:]
    yield "heif-signature-only", box(b"ftyp", b"heic", bytes(4), b"mif1")
    for name in ("jpeg", "png", "gif", "webp", "avif"):
        yield f"{name}-then-60-megabytes", picture[name] + bytes(60_000_000)


def cut() -> Iterator[tuple[str, bytes]]:
    """
    Cut pictures that are in order after each hundredth of their length.
    """
    for name, content in seeds():
        for share in range(1, 100):
            yield f"{name}-cut-at-{share}", content[: len(content) * share // 100]


def all_bombs() -> Iterator[tuple[str, bytes]]:
    """
    Make all of them, one after another.
    """
    for makers in (pngs, gifs, jpegs, webps, heifs, polyglots, cut):
        yield from makers()
