"""
How fast a picture is hashed, against the `pdqhash` package.

    python bench/hashing.py [--rounds N] [--json]

The two take turns on the same pixels, in one thread, so that noise on the machine meets both; the
figure to trust is the median of the ratios. Before any timing the hashes are compared. With
`--json` the last line is one JSON object.
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

import numpy as np
import pdqhash

from tegenbeeld import pdq

SIZES = {"512x512": (512, 512), "1920x1080": (1080, 1920), "4000x3000": (3000, 4000)}


def picture(height: int, width: int) -> np.ndarray:
    """
    Give soft waves with noise on them: uint8[height, width, 3].
    """
    rng = np.random.default_rng(1)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    grey = np.full((height, width), 100, np.float32)
    for down, across, start in rng.uniform(-40, 40, (12, 3)):
        grey += 10 * np.sin(np.float32(down / height) * y + np.float32(across / width) * x + start)
    noise = rng.integers(0, 40, (height, width, 3), np.uint8)
    pixels: np.ndarray = grey.clip(0, 215).astype(np.uint8)[:, :, None] + noise
    return pixels


def milliseconds(hasher: Callable[[np.ndarray], object], pixels: np.ndarray) -> float:
    """
    Time one call.
    """
    start = time.perf_counter()
    hasher(pixels)
    return (time.perf_counter() - start) * 1000


def compared(pixels: np.ndarray, *, rounds: int) -> dict[str, float]:
    """
    Let both hash the same picture in turns.
    """
    vector, quality = pdqhash.compute(pixels)
    ours = pdq.hash_rgb(pixels)
    theirs = pdq.PdqHash(np.packbits(vector.astype(np.uint8)).tobytes())
    turns = [
        (milliseconds(pdq.hash_rgb, pixels), milliseconds(pdqhash.compute, pixels))
        for _ in range(rounds)
    ]
    ratios = [slow / fast for fast, slow in turns]
    return {
        "tegenbeeld_ms": round(statistics.median(fast for fast, _ in turns), 2),
        "pdqhash_ms": round(statistics.median(slow for _, slow in turns), 2),
        "ratio": round(statistics.median(ratios), 1),
        "least_ratio": round(min(ratios), 1),
        "most_ratio": round(max(ratios), 1),
        "distance": pdq.distance(ours.hash, theirs),
        "quality_difference": abs(ours.quality - quality),
    }


def main() -> None:
    """
    Measure every size and print the figures.
    """
    parser = argparse.ArgumentParser(description="Time PDQ against the pdqhash package.")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--json", action="store_true", help="end with one JSON object")
    options = parser.parse_args()
    results = {}
    for size, shape in SIZES.items():
        results[size] = found = compared(picture(*shape), rounds=options.rounds)
        print(
            f"{size:>10}  ours {found['tegenbeeld_ms']:7.2f} ms  "
            f"pdqhash {found['pdqhash_ms']:7.2f} ms  {found['ratio']:5.1f} times as fast "
            f"[{found['least_ratio']}..{found['most_ratio']}]  distance {found['distance']}"
        )
    if options.json:
        print(json.dumps({"bench": "hashing", "rounds": options.rounds, "sizes": results}))


if __name__ == "__main__":
    main()
