"""
How often our hash is that of the `pdqhash` package, bit for bit.

    python bench/agreement.py [--synthetic N] [FOLDER...] [--json]

Without folders it takes the real pictures of `../shared/data` if they are there. Beside them it
paints pictures of random size and texture. With `--json` the last line is one JSON object.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pdqhash
from PIL import Image

from tegenbeeld import pdq
from tegenbeeld.pdq import reference

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
SUFFIXES = {".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif"}


def files(folders: list[Path]) -> Iterator[tuple[str, np.ndarray]]:
    """
    Read every picture, as the `pdqhash` package would be given it: RGB, not turned.
    """
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.suffix.lower() in SUFFIXES:
                yield str(path), np.asarray(Image.open(path).convert("RGB"))


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
    turned: Counter[int] = Counter()
    other_quality = reference_differs = 0
    for name, pixels in pictures:
        vectors, quality = pdqhash.compute_dihedral(pixels)
        theirs = tuple(as_hash(vector) for vector in vectors)
        first = as_hash(pdqhash.compute(pixels)[0])
        ours = pdq.hash_orientations(pixels)
        apart = [pdq.distance(a, b) for a, b in zip(ours.hashes, theirs, strict=True)]
        single[pdq.distance(pdq.hash_rgb(pixels).hash, first)] += 1
        turned[max(apart)] += 1
        other_quality += ours.quality != quality
        reference_differs += reference.hash_orientations(pixels) != (theirs, quality)
        if max(apart) or ours.quality != quality:
            print(f"{name}: distances {apart}, quality {ours.quality} and {quality}")
    return {
        "pictures": single.total(),
        "at_distance_0": single[0],
        "largest_distance": max(single, default=0),
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
    folders = options.folders or [DATA / "pdq", DATA / "photos"]
    results = {
        "real": compared(files([folder for folder in folders if folder.is_dir()])),
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
