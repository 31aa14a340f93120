"""
How fast files become hashes, against Pillow and the `pdqhash` package.

    python bench/hash.py [--rounds N] [--pictures N] [--photos DIR] [--json]

Three ways take turns on the same file, in one thread of one process, so that noise on the machine
meets all of them; the figure to trust is the median of the ratios:

    reference   Pillow's whole decoding to RGB, then `pdqhash.compute`
    exact       `tegenbeeld hash --exact`: the same pixels, our hash
    fast        `tegenbeeld hash`: brightness alone, decoded smaller

Decoding and hashing are timed apart, and so is bare decoding: Pillow's `load` after `draft`, the
least that any program on Pillow must spend. Beside the times stand the distances in bits: of the
exact hash from the reference, and of the fast one from the exact one. Pictures are those of
`../shared/data/photos`, or of a folder, scaled; without any, painted ones. With `--json` the last
line is one JSON object.
"""
# ruff: noqa: E402 - numpy reads the number of threads when it is first imported.

import os

# One thread, or the ratio depends on the machine's cores.
for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import argparse
import json
import statistics
import time
from collections.abc import Callable
from io import BytesIO
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple, TypeVar

import numpy as np
import pdqhash
from PIL import Image
from PIL.ImageFile import ImageFile

from tegenbeeld import media, pdq
from tegenbeeld.media.formats import reader_of

ROOT = Path(__file__).resolve().parents[1]
PHOTOS = ROOT.parent / "shared" / "data" / "photos"
HEIC = ROOT / "tests" / "pictures"

HD, CAMERA = (1920, 1080), (4000, 3000)
SAVE = {
    "JPEG": {"quality": 85},
    "progressive JPEG": {"quality": 85, "progressive": True},
    "PNG": {"compress_level": 6},
    "WebP": {"quality": 80, "method": 2},
    "AVIF": {"quality": 65, "speed": 8},
}
CASES = [
    ("JPEG", (512, 512)),
    ("JPEG", HD),
    ("JPEG", CAMERA),
    ("progressive JPEG", HD),
    ("progressive JPEG", CAMERA),
    *((form, size) for form in ("PNG", "WebP", "AVIF") for size in (HD, CAMERA)),
]
TARGETS = {"JPEG 512x512": 3, "JPEG 1920x1080": 6, "JPEG 4000x3000": 15}
"""Least ratios of the fast way, promised."""


Found = TypeVar("Found")


class Turn(NamedTuple):
    """
    One file, once each way: milliseconds, and bits.
    """

    reference_decode: float
    reference_hash: float
    exact_decode: float
    exact_hash: float
    fast_decode: float
    fast_hash: float
    bare: float
    exact_from_reference: int
    fast_from_exact: int

    @property
    def reference(self) -> float:
        return self.reference_decode + self.reference_hash

    @property
    def exact(self) -> float:
        return self.exact_decode + self.exact_hash

    @property
    def fast(self) -> float:
        return self.fast_decode + self.fast_hash


def timed(step: Callable[[], Found]) -> tuple[float, Found]:
    """
    Run a step: milliseconds, and what it gave.
    """
    start = time.perf_counter()
    found = step()
    return (time.perf_counter() - start) * 1000, found


def opened(content: bytes) -> ImageFile:
    """
    Open a file with Pillow, or with pi_heif where Pillow cannot.
    """
    return reader_of(content)(BytesIO(content))


def bare(content: bytes) -> None:
    """
    Decode and nothing else.
    """
    picture = opened(content)
    picture.draft("L", (512, 512))
    picture.load()


def turn(content: bytes) -> Turn:
    """
    Take a file through the three ways.
    """
    decode_a, pixels = timed(lambda: np.asarray(opened(content).convert("RGB")))
    hash_a, (vector, quality) = timed(lambda: pdqhash.compute(pixels))
    decode_b, exact_pixels = timed(lambda: media.read_pixels(content))
    hash_b, exact = timed(lambda: pdq.hash_rgb(exact_pixels))
    decode_c, reduced = timed(lambda: media.read_reduced(content))
    hash_c, fast = timed(lambda: pdq.hash_rgb(reduced.plane, full_size=reduced.full_size))
    bare_ms, _ = timed(lambda: bare(content))
    theirs = pdq.PdqHash(np.packbits(vector.astype(np.uint8)).tobytes())
    assert exact.quality == quality, "another quality than pdqhash"
    return Turn(
        *(decode_a, hash_a, decode_b, hash_b, decode_c, hash_c, bare_ms),
        pdq.distance(exact.hash, theirs),
        pdq.distance(fast.hash, exact.hash),
    )


def compared(contents: list[bytes], *, rounds: int) -> dict[str, float]:
    """
    Take all files through all ways, several times.
    """
    turns = [turn(content) for _ in range(rounds) for content in contents]

    def median(value: Callable[[Turn], float], digits: int = 2) -> float:
        return round(statistics.median(value(one) for one in turns), digits)

    times = {f"{step}_ms": median(attrgetter(step)) for step in Turn._fields if "from" not in step}
    return times | {
        "kilobytes": round(statistics.median(map(len, contents)) / 1000),
        "files_per_second_reference": median(lambda one: 1000 / one.reference, 1),
        "files_per_second_exact": median(lambda one: 1000 / one.exact, 1),
        "files_per_second_fast": median(lambda one: 1000 / one.fast, 1),
        "ratio_exact": median(lambda one: one.reference / one.exact, 1),
        "ratio_fast": median(lambda one: one.reference / one.fast, 1),
        "bare_decoding_share_of_fast": median(lambda one: min(1, one.bare / one.fast)),
        "most_bits_exact_from_reference": max(one.exact_from_reference for one in turns),
        "bits_fast_from_exact": round(statistics.mean(one.fast_from_exact for one in turns), 2),
        "most_bits_fast_from_exact": max(one.fast_from_exact for one in turns),
    }


def painted(seed: int) -> Image.Image:
    """
    Paint clouds of colour at three sizes.
    """
    rng = np.random.default_rng(seed)
    layers = [rng.integers(0, 256, (cells, cells, 3), np.uint8) for cells in (5, 40, 300)]
    soft = [Image.fromarray(one).resize((1600, 1200), Image.Resampling.BICUBIC) for one in layers]
    return Image.blend(Image.blend(soft[0], soft[1], 0.3), soft[2], 0.15)


def sources(folder: Path, count: int) -> list[Image.Image]:
    """
    Take pictures from a folder, evenly apart in the order of their names; or paint them.
    """
    paths = sorted(folder.glob("*.jpg")) if folder.is_dir() else []
    if not paths:
        return [painted(seed) for seed in range(count)]
    count = min(count, len(paths))
    return [Image.open(paths[n * len(paths) // count]).convert("RGB") for n in range(count)]


def saved(picture: Image.Image, form: str, size: tuple[int, int]) -> bytes:
    """
    Scale a picture, and give it as the bytes of a file.
    """
    file = BytesIO()
    scaled = picture.resize(size, Image.Resampling.BICUBIC)
    scaled.save(file, form.removeprefix("progressive ").upper(), **SAVE[form])
    return file.getvalue()


def shown(label: str, found: dict[str, float]) -> str:
    """
    Give one line of the table.
    """
    ways = "  ".join(
        f"{way} {found[f'{way}_decode_ms']:.2f} + {found[f'{way}_hash_ms']:.2f} ms, "
        f"{found[f'files_per_second_{way}']:.0f}/s"
        for way in ("reference", "exact", "fast")
    )
    return (
        f"{label}, {found['kilobytes']:.0f} KB: {ways}\n"
        f"    exact x{found['ratio_exact']:.1f}, fast x{found['ratio_fast']:.1f}; "
        f"bare decoding is {found['bare_decoding_share_of_fast']:.0%} of fast; "
        f"bits: exact at most {found['most_bits_exact_from_reference']}, "
        f"fast {found['bits_fast_from_exact']}, at most {found['most_bits_fast_from_exact']}"
    )


def main() -> None:
    """
    Measure every format and size, and print the figures.
    """
    parser = argparse.ArgumentParser(description="Time files to hashes against Pillow + pdqhash.")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pictures", type=int, default=10, metavar="N")
    parser.add_argument("--photos", type=Path, default=PHOTOS, metavar="DIR")
    parser.add_argument(
        "--files",
        type=Path,
        nargs="*",
        metavar="FILE",
        help="measure these as they are, too; without any, two small HEIC files. No encoder of "
        "HEIC is among the tools of this project",
    )
    parser.add_argument("--json", action="store_true", help="end with one JSON object")
    options = parser.parse_args()
    media.use_one_thread()
    pictures = sources(options.photos, options.pictures)
    results = {}
    for form, size in CASES:
        label = f"{form} {size[0]}x{size[1]}"
        contents = [saved(picture, form, size) for picture in pictures]
        # Slow formats say as much in fewer turns.
        rounds = options.rounds if form == "JPEG" else max(1, options.rounds // 2)
        results[label] = compared(contents, rounds=rounds)
        print(shown(label, results[label]), flush=True)
    for path in options.files or [HEIC / "plain.heic", HEIC / "tiles.heic"]:
        results[path.name] = compared([path.read_bytes()], rounds=options.rounds)
        print(shown(path.name, results[path.name]))
    for label, least in TARGETS.items():
        ratio = results[label]["ratio_fast"]
        print(f"{label}: x{ratio}, at least x{least} {'reached' if ratio >= least else 'MISSED'}")
    if options.json:
        print(json.dumps({"bench": "hash", "rounds": options.rounds, "cases": results}))


if __name__ == "__main__":
    main()
