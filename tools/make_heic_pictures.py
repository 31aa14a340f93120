"""
Draws the HEIC files of tests/pictures. Run by hand: only it needs an encoder.

    python -m venv /tmp/encoder && /tmp/encoder/bin/pip install pillow-heif numpy
    PYTHONPATH=tests /tmp/encoder/bin/python tools/make_heic_pictures.py

The encoder is for this script alone: pillow-heif 1.8.1 (GPL, because of x265).
"""

import io
from pathlib import Path

import numpy as np
import pillow_heif
from PIL import Image

from testing.heif_file import (
    Coded,
    Item,
    alpha_of,
    coded_in,
    extent,
    grid,
    heif_file,
    mirrored,
    turned,
)

FOLDER = Path(__file__).parents[1] / "tests" / "pictures"
SIZE = (320, 240)
TILE = 128
QUALITY = 60


def drawn(size: tuple[int, int], *, seed: int = 4) -> Image.Image:
    """
    Draw clouds of colour: detail at two sizes, and no two turns of it alike.
    """
    rng = np.random.default_rng(seed)
    layers = []
    for cells in (5, 17):
        small = rng.integers(0, 256, (cells, cells, 3), dtype=np.uint8)
        large = Image.fromarray(small).resize(size, Image.Resampling.BICUBIC)
        layers.append(np.asarray(large, np.float64))
    return Image.fromarray(((layers[0] + layers[1]) / 2).astype(np.uint8))


def coded(picture: Image.Image) -> Coded:
    """
    Encode a picture as HEVC: YCbCr 4:2:0, or grey alone.
    """
    stream = io.BytesIO()
    pillow_heif.from_pillow(picture).save(stream, quality=QUALITY, chroma=420)
    return coded_in(stream.getvalue())


def deep(picture: Image.Image) -> Coded:
    """
    Encode with 10 bits a colour.
    """
    values = np.asarray(picture).astype(np.uint16) * 257
    stream = io.BytesIO()
    pillow_heif.encode(
        "RGB;16", picture.size, values.tobytes(), stream, quality=QUALITY, chroma=420
    )
    return coded_in(stream.getvalue())


def of_tiles() -> bytes:
    """
    Write a picture as phones do: tiles of one size, the last ones cut, the whole one hidden behind.
    """
    size = (3 * TILE - 64, 2 * TILE - 16)
    canvas = drawn((3 * TILE, 2 * TILE))
    items = []
    for top in (0, TILE):
        for left in (0, TILE, 2 * TILE):
            tile = coded(canvas.crop((left, top, left + TILE, top + TILE)))
            items.append(Item(b"hvc1", tile.data, (tile.settings, extent(TILE, TILE))))
    numbers = tuple(range(1, len(items) + 1))
    whole = Item(b"grid", grid(2, 3, size), (extent(*size), turned(3)), ((b"dimg", numbers),))
    return heif_file([*items, whole], primary=len(items) + 1)


def exif_turned() -> bytes:
    """
    Write notes of a camera that ask for a quarter turn. In HEIC they are not obeyed.
    """
    exif = Image.Exif()
    exif[0x0112] = 6
    return bytes(4) + exif.tobytes().removeprefix(b"Exif\0\0")


def main() -> None:
    """
    Write all files.
    """
    picture = drawn(SIZE)
    plain = coded(picture)
    shape = (plain.settings, extent(*SIZE))
    small = coded(picture.convert("L").resize((80, 60)).convert("RGB"))
    thumbnail = Item(b"hvc1", small.data, (small.settings, extent(80, 60)), ((b"thmb", (2,)),))
    ten, grey = deep(picture), coded(picture.convert("L"))
    veil = coded(Image.linear_gradient("L").resize(SIZE))
    files = {
        "plain": [Item(b"hvc1", plain.data, shape)],
        "turned": [Item(b"hvc1", plain.data, (*shape, turned(1)))],
        "mirrored": [Item(b"hvc1", plain.data, (*shape, mirrored(1)))],
        "turned-and-mirrored": [Item(b"hvc1", plain.data, (*shape, turned(1), mirrored(0)))],
        "exif-turn": [
            Item(b"hvc1", plain.data, shape),
            Item(b"Exif", exif_turned(), (), ((b"cdsc", (1,)),)),
        ],
        "ten-bits": [Item(b"hvc1", ten.data, (ten.settings, extent(*SIZE)))],
        "grey": [Item(b"hvc1", grey.data, (grey.settings, extent(*SIZE)))],
        "alpha": [Item(b"hvc1", plain.data, shape), alpha_of(1, veil, SIZE)],
    }
    for name, items in files.items():
        (FOLDER / f"{name}.heic").write_bytes(heif_file(items))
    with_thumbnail = heif_file([thumbnail, Item(b"hvc1", plain.data, shape)], primary=2)
    (FOLDER / "thumbnail-first.heic").write_bytes(with_thumbnail)
    (FOLDER / "tiles.heic").write_bytes(of_tiles())


if __name__ == "__main__":
    main()
