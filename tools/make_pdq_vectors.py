"""
Make the pictures and hashes of `spec/vectors` that every PDQ hasher must agree on.

    python tools/make_pdq_vectors.py            write them
    python tools/make_pdq_vectors.py --check    fail if the files are not what it would write

The pictures are painted with whole numbers only, from a fixed seed, so they are the same
everywhere. A picture is only taken if no bit of its hashes and no point of its quality hangs on
the last digits of a float: what is left must be the same in every language. Needs the `pdqhash`
package, because all three hashers (ours, our reference and that one) have to agree first.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pdqhash
from numpy.typing import NDArray
from PIL import Image

from tegenbeeld import pdq
from tegenbeeld.pdq import reference
from tegenbeeld.pdq.orientations import ORIENTATIONS, oriented
from tegenbeeld.pdq.values import MAX_ONES, MIN_ONES

Picture = NDArray[np.uint8]

VECTORS = Path(__file__).resolve().parent.parent / "spec" / "vectors"
PDQ = VECTORS / "pdq"
TEST = VECTORS / "test-pictures"

SMALLEST_MARGIN = 1e-3
"""How far, in units of luma, every frequency must be from the median."""

BEST_QUALITY = 100

LEAST_APART = 90
"""Distance, in bits, by which the test pictures must differ; exclusive."""


class Dice:
    """
    Random whole numbers that are the same on every machine and in every version of Python.

    Source: xorshift32, G. Marsaglia, "Xorshift RNGs", Journal of Statistical Software 8(14), 2003.
    """

    def __init__(self, seed: int) -> None:
        """
        Start the series; *seed* is at least 1.
        """
        self._state = seed * 2654435761 % 2**32

    def roll(self, sides: int) -> int:
        """
        Give the next number, from 0 up to but without *sides*.
        """
        state = self._state
        state ^= state << 13 & 0xFFFFFFFF
        state ^= state >> 17
        state ^= state << 5 & 0xFFFFFFFF
        self._state = state
        return (state >> 7) % sides

    def colour(self) -> tuple[int, int, int]:
        """
        Give a colour.
        """
        return self.roll(256), self.roll(256), self.roll(256)


def shapes(width: int, height: int, *, seed: int, count: int = 60) -> Picture:
    """
    Paint *count* ellipses, boxes and striped bands of many colours over each other.
    """
    dice = Dice(seed)
    y, x = np.mgrid[0:height, 0:width]
    picture = np.empty((height, width, 3), dtype=np.uint8)
    picture[:] = dice.colour()
    largest = max(width, height)
    for _ in range(count):
        dx, dy = x - dice.roll(width), y - dice.roll(height)
        a, b = 1 + dice.roll(1 + largest // 5), 1 + dice.roll(1 + largest // 5)
        inside = [
            dx * dx * b * b + dy * dy * a * a <= a * a * b * b,
            (abs(dx) <= a) & (abs(dy) <= b),
            (abs(dx + dy) <= a) & ((dx - dy) // (1 + b // 4) % 2 == 0) & (abs(dx - dy) <= 3 * b),
        ][dice.roll(3)]
        picture[inside] = dice.colour()
    return picture


def faint(width: int, height: int, *, seed: int) -> Picture:
    """
    Paint pale shapes on a soft gradient: a picture with too little detail to be used.
    """
    y, x = np.mgrid[0:height, 0:width]
    red = 100 * x * y // (width * height)
    green = 100 * (width - x) * y * y // (width * height * height)
    blue = 100 * x * x * (height - y) // (width * width * height)
    gradient = np.stack([red, green, blue], axis=2).astype(np.uint8)
    return gradient + shapes(width, height, seed=seed) // np.uint8(8)


def black(width: int, height: int) -> Picture:
    """
    Paint nothing.
    """
    return np.zeros((height, width, 3), dtype=np.uint8)


PICTURES: dict[str, Callable[[], Picture]] = {
    "shapes-5x7": lambda: shapes(5, 7, seed=2),
    "shapes-257x5": lambda: shapes(257, 5, seed=2),
    "shapes-64x64": lambda: shapes(64, 64, seed=3),
    "shapes-65x64": lambda: shapes(65, 64, seed=4),
    "shapes-100x80": lambda: shapes(100, 80, seed=5),
    "shapes-128x128": lambda: shapes(128, 128, seed=6),
    "shapes-129x128": lambda: shapes(129, 128, seed=7),
    "shapes-127x200": lambda: shapes(127, 200, seed=8),
    "shapes-300x200": lambda: shapes(300, 200, seed=9),
    "shapes-40x700": lambda: shapes(40, 700, seed=10),
    "faint-96x70": lambda: faint(96, 70, seed=11),
    "black-48x64": lambda: black(48, 64),
}

TEST_PICTURES: dict[str, Callable[[], Picture]] = {
    "1": lambda: shapes(640, 480, seed=101, count=150),
    "2": lambda: shapes(640, 480, seed=102, count=150),
    "3": lambda: shapes(640, 480, seed=103, count=150),
}

ONES = [0, 1, 31, 32, 128, 224, 225, 255, 256]


class Disagreement(Exception):
    """
    A picture on which hashers differ, or could differ.
    """


def agreed(name: str, pixels: Picture) -> dict[str, Any]:
    """
    Hash a picture in all three ways and give what they agree on.

    Raises:
        Disagreement: They do not, or rounding could make them.
    """
    slow, fast = reference.hash_orientations(pixels), pdq.hash_orientations(pixels)
    bits, quality = pdqhash.compute_dihedral(pixels)
    theirs = tuple(np.packbits(vector.astype(np.uint8)).tobytes().hex() for vector in bits)
    ours = tuple(one.hex() for one in slow.hashes)
    if slow != fast or ours != theirs or slow.quality != quality:
        raise Disagreement(f"{name}: the hashers differ")
    single = pdqhash.compute(pixels)
    if (np.packbits(single[0].astype(np.uint8)).tobytes().hex(), single[1]) != (ours[0], quality):
        raise Disagreement(f"{name}: pdqhash differs from itself")
    if pixels.any():
        check_margins(name, pixels)
    return {
        "width": pixels.shape[1],
        "height": pixels.shape[0],
        "hash": ours[0],
        "quality": slow.quality,
        "orientations": list(ours),
    }


def check_margins(name: str, pixels: Picture) -> None:
    """
    Refuse a picture where rounding could decide a bit or a point of quality.
    """
    samples = reference.decimate(reference.blur(reference.luma(pixels)))
    for turned in oriented(reference.transform(samples)):
        if (margin := reference.smallest_margin(turned)) < SMALLEST_MARGIN:
            raise Disagreement(f"{name}: a frequency is only {margin:.1e} from the median")
    steps = [np.abs(np.diff(samples, axis=axis)).ravel() * 100 / 255 for axis in (0, 1)]
    totals = [
        int(np.trunc(np.maximum(np.concatenate(steps) + shift, 0)).sum()) // 90
        for shift in (-SMALLEST_MARGIN, SMALLEST_MARGIN)
    ]
    if min(100, totals[0]) != min(100, totals[1]):
        raise Disagreement(f"{name}: the quality hangs on rounding")


def with_ones(count: int) -> str:
    """
    Give a hash of *count* ones, spread over its bits.
    """
    # 77 and 256 share no factor, so the places are all different.
    return f"{sum(1 << place * 77 % 256 for place in range(count)):064x}"


def vectors() -> tuple[dict[str, Picture], dict[str, Any]]:
    """
    Give the pictures by file name, and what `pdq.json` says of them.
    """
    pictures = {f"{name}.ppm": paint() for name, paint in PICTURES.items()}
    return pictures, {
        "about": "Pictures of the folder pdq and what every hasher must say of them. spec/pdq.md",
        "orientations": list(ORIENTATIONS),
        "vectors": [{"file": file} | agreed(file, seen) for file, seen in pictures.items()],
        "degenerate": [
            {"hash": with_ones(ones), "ones": ones, "degenerate": not MIN_ONES <= ones <= MAX_ONES}
            for ones in ONES
        ],
    }


def exchange_pictures() -> tuple[dict[str, Picture], list[dict[str, Any]]]:
    """
    Give the test pictures by file name, and what `test-pictures.json` says of them.

    Raises:
        Disagreement: One lacks detail, or two are too much alike.
    """
    pictures = {f"{name}.png": paint() for name, paint in TEST_PICTURES.items()}
    entries = []
    for file, seen in pictures.items():
        hashed = agreed(file, seen)
        if hashed["quality"] != BEST_QUALITY:
            raise Disagreement(f"{file}: its quality is {hashed['quality']}")
        entries.append({"file": file, "hash": hashed["hash"], "quality": hashed["quality"]})
    for (one, first), (other, second) in combinations(pictures.items(), 2):
        near = nearest(first, second)
        if near <= LEAST_APART:
            raise Disagreement(f"{one} and {other} are only {near} bits apart")
    return pictures, entries


def nearest(first: Picture, second: Picture) -> int:
    """
    Give the smallest distance between a picture and another one, however that one is turned.
    """
    query = pdq.hash_rgb(first).hash
    return min(pdq.distance(query, one) for one in pdq.hash_orientations(second).hashes)


def as_ppm(picture: Picture) -> bytes:
    """
    Give a picture as binary PPM, whose bytes depend on nothing but the pixels.
    """
    height, width, _ = picture.shape
    return b"P6\n%d %d\n255\n" % (width, height) + picture.tobytes()


def stale() -> Iterator[str]:
    """
    Name every file that is not what this program would write.
    """
    pictures, described = vectors()
    tests, listed = exchange_pictures()
    for file, picture in pictures.items():
        if not is_file_with(PDQ / file, as_ppm(picture)):
            yield f"pdq/{file}"
    for file, picture in tests.items():
        # The bytes of a PNG depend on the version of zlib, its pixels do not.
        path = TEST / file
        if not path.is_file() or not np.array_equal(np.asarray(Image.open(path)), picture):
            yield f"test-pictures/{file}"
    for name, content in (("pdq.json", described), ("test-pictures.json", listed)):
        if not is_file_with(VECTORS / name, as_json(content)):
            yield name
    for path in sorted([*PDQ.glob("*"), *TEST.glob("*")]):
        if path.name not in pictures | tests:
            yield f"{path.parent.name}/{path.name}, which is not listed,"


def is_file_with(path: Path, content: bytes) -> bool:
    """
    Tell whether a file exists and holds exactly *content*.
    """
    return path.is_file() and path.read_bytes() == content


def as_json(content: object) -> bytes:
    """
    Give JSON as it is written to a file.
    """
    return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode()


def write() -> None:
    """
    Write every file.
    """
    pictures, described = vectors()
    tests, listed = exchange_pictures()
    for folder in (PDQ, TEST):
        folder.mkdir(parents=True, exist_ok=True)
    for file, picture in pictures.items():
        (PDQ / file).write_bytes(as_ppm(picture))
    for file, picture in tests.items():
        Image.fromarray(picture).save(TEST / file, optimize=True)
    (VECTORS / "pdq.json").write_bytes(as_json(described))
    (VECTORS / "test-pictures.json").write_bytes(as_json(listed))


def main() -> int:
    """
    Write the files, or check them.
    """
    parser = argparse.ArgumentParser(description="Make the PDQ vectors of spec/vectors.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if stale")
    if not parser.parse_args().check:
        write()
        return 0
    wrong = list(stale())
    for name in wrong:
        print(f"spec/vectors/{name} is stale. Run: python tools/make_pdq_vectors.py")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
