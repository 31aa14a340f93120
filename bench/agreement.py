"""
How often our hash is that of the `pdqhash` package, bit for bit.

    python bench/agreement.py [--synthetic N] [FOLDER...] [--json]

Without folders it takes the real pictures of `../shared/data` if they are there, each as
`tegenbeeld hash --exact` reads it (upright, on white) and in other sizes and shapes. Beside them
it paints pictures of random size and texture. `usable` counts those of quality 50 or more, the
only ones that are ever listed or matched. With `--json` the last line is one JSON object.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pdqhash
from PIL import Image

from tegenbeeld import media, pdq
from tegenbeeld.pdq import reference

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
SUFFIXES = {".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif"}


def files(folders: list[Path]) -> Iterator[tuple[str, np.ndarray]]:
    """
    Read every picture.
    """
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.suffix.lower() in SUFFIXES:
                yield str(path), media.read_pixels(path)


def resized(folders: list[Path]) -> Iterator[tuple[str, np.ndarray]]:
    """
    Scale every picture: smaller, larger, narrower, and to sizes at which the window changes.
    """
    for name, pixels in files(folders):
        height, width = pixels.shape[:2]
        for wide, high in ((64, 64), (127, 129), (512, 512), (width * 2, height), (400, 1700)):
            scaled = Image.fromarray(pixels).resize((wide, high), Image.Resampling.BICUBIC)
            yield f"{name} at {wide}x{high}", np.asarray(scaled)


def synthetic(count: int) -> Iterator[tuple[str, np.ndarray]]:
    """
    Paint soft random textures: half small, half up to 2 000 pixels a side.
    """
    rng = np.random.default_rng(1)
    for number in range(count):
        height, width = (int(side) for side in rng.integers(5, 700 if number % 2 else 2000, 2))
        grain = int(rng.choice([4, 8, 24, 60]))
        shape = (height // grain + 2, width // grain + 2, 3)
        coarse = Image.fromarray(rng.integers(0, 256, shape, np.uint8))
        soft = coarse.resize((width, height), Image.Resampling.BICUBIC)
        yield f"synthetic {number}: {width}x{height}", np.asarray(soft)


def as_hash(vector: np.ndarray) -> pdq.PdqHash:
    """
    Turn an answer of `pdqhash` into a hash.
    """
    return pdq.PdqHash(np.packbits(vector.astype(np.uint8)).tobytes())


def compared(pictures: Iterator[tuple[str, np.ndarray]]) -> dict[str, object]:
    """
    Count the pictures at each distance, for the hash alone and over all eight orientations.
    """
    single: Counter[int] = Counter()
    usable: Counter[int] = Counter()
    turned: Counter[int] = Counter()
    other_quality = reference_differs = 0
    for name, pixels in pictures:
        vectors, quality = pdqhash.compute_dihedral(pixels)
        theirs = tuple(as_hash(vector) for vector in vectors)
        first = as_hash(pdqhash.compute(pixels)[0])
        ours = pdq.hash_orientations(pixels)
        apart = [pdq.distance(a, b) for a, b in zip(ours.hashes, theirs, strict=True)]
        hashed = pdq.hash_rgb(pixels)
        bits = pdq.distance(hashed.hash, first)
        single[bits] += 1
        usable[bits] += pdq.is_usable(hashed)
        turned[max(apart)] += 1
        other_quality += ours.quality != quality
        reference_differs += reference.hash_orientations(pixels) != (theirs, quality)
        if max(apart) or ours.quality != quality:
            print(f"{name}: distances {apart}, quality {ours.quality} and {quality}")
    return {
        "pictures": single.total(),
        "at_distance_0": single[0],
        "largest_distance": max(single, default=0),
        "usable": usable.total(),
        "usable_at_distance_0": usable[0],
        "usable_largest_distance": max((bits for bits in usable if usable[bits]), default=0),
        "all_orientations_at_distance_0": turned[0],
        "largest_distance_of_an_orientation": max(turned, default=0),
        "other_quality": other_quality,
        "reference_differs": reference_differs,
    }


def main() -> None:
    """
    Compare both sets and print the figures.
    """
    parser = argparse.ArgumentParser(description="Compare our PDQ with the pdqhash package.")
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER")
    parser.add_argument("--synthetic", type=int, default=300, metavar="N")
    parser.add_argument("--json", action="store_true", help="end with one JSON object")
    options = parser.parse_args()
    named = options.folders or [DATA / "pdq", DATA / "photos"]
    folders = [folder for folder in named if folder.is_dir()]
    results = {
        "real": compared(files(folders)),
        "real in other sizes": compared(resized(folders)),
        "synthetic": compared(synthetic(options.synthetic)),
    }
    for kind, found in results.items():
        print(
            kind, *(f"{key.replace('_', ' ')}: {value}" for key, value in found.items()), sep="\n  "
        )
    if options.json:
        print(json.dumps({"bench": "agreement", **results}))


if __name__ == "__main__":
    main()
