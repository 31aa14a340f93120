"""
How many edited copies of photos are recognised, and whether other pictures ever are.

    python bench/recall.py --photos DIR [--random N] [--others FILE] [--json]

The photos of quality 50 and above are listed as a person's device does: one exact hash each. Each
of them is edited in every way of `edits.py`, and in N more of each kind by lot. *PDQ alone* hashes
the upload once at full size, upright, as platforms do now; *ours* is `tegenbeeld.kit.hashing`. A
match of an upload with another photo, or with a hash of --others (one a line), is a false one. With
`--json` the last line is one JSON object.
"""
# ruff: noqa: E402 - numpy reads the number of threads when it is first imported.

import os

# One thread, as a platform has for one upload.
for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import thread_time

import numpy as np
from edits import Edit, all_edits
from PIL import Image
from random_edits import random_edits

from tegenbeeld import media, pdq
from tegenbeeld.errors import PictureTooPoor
from tegenbeeld.kit.hashing import hash_views
from tegenbeeld.media.views import find_views

SEED = 20_261_123


@dataclass
class Tally:
    """
    What came of the uploads of one edit.

    Attributes:
        pdq, ours: Whether each upload was recognised.
        lookups: Hashes looked up for each.
        false: Matches with something else.
        nearest: Distance from each upload to the nearest hash that is not its own.
        ms: Decoding, finding views, hashing them; in milliseconds, of each upload.
    """

    group: str
    pdq: list[bool] = field(default_factory=list)
    ours: list[bool] = field(default_factory=list)
    lookups: list[int] = field(default_factory=list)
    false: int = 0
    pairs: int = 0
    nearest: list[int] = field(default_factory=list)
    ms: list[tuple[float, float, float]] = field(default_factory=list)


def read_photos(folder: Path) -> tuple[list[Image.Image], pdq.Words]:
    """
    Read the photos that may be listed, and their hashes: uint64[n, 4].
    """
    pictures, hashes = [], []
    for path in sorted(folder.iterdir()):
        pixels = media.read_pixels(path)
        hashed = pdq.hash_rgb(pixels)
        if pdq.is_usable(hashed):
            pictures.append(Image.fromarray(pixels))
            hashes.append(hashed.hash)
    return pictures, pdq.pack(hashes)


def read_others(path: Path | None) -> pdq.Words:
    """
    Read the distinct hashes of a file: uint64[n, 4].
    """
    texts = sorted(set(path.read_text("ascii").split())) if path else []
    return pdq.pack(pdq.PdqHash.from_hex(text) for text in texts)


def distances(queries: pdq.Words, listed: pdq.Words) -> np.ndarray:
    """
    All against all: int64[queries, listed].
    """
    far: np.ndarray = np.bitwise_count(queries[:, None] ^ listed[None]).sum(axis=2, dtype=np.int64)
    return far


def timed(content: bytes) -> tuple[float, float, float]:
    """
    Milliseconds for decoding, for finding views, and for hashing them all.
    """
    start = thread_time()
    plane = media.read_luma(content)
    decoded = thread_time()
    views = find_views(plane)
    found = thread_time()
    for view in views:
        pdq.hash_orientations(view.pixels)
    hashed = thread_time()
    return 1000 * (decoded - start), 1000 * (found - decoded), 1000 * (hashed - found)


def measure(
    edits: list[Edit], pictures: list[Image.Image], listed: pdq.Words, others: pdq.Words
) -> Iterator[tuple[Edit, Tally]]:
    """
    Make, hash and look up every upload.
    """
    everything = np.concatenate([listed, others])
    for edit in edits:
        tally = Tally(edit.group)
        for number, picture in enumerate(pictures):
            beside = [(number + step) % len(pictures) for step in (1, 2, 3)]
            content = edit.make(picture, [pictures[one] for one in beside])
            # What was put into a collage is no stranger to it.
            own = [number, *beside] if "collage" in edit.name else [number]
            count_upload(tally, content, number, own, everything)
        yield edit, tally


def count_upload(
    tally: Tally, content: bytes, number: int, own: list[int], everything: pdq.Words
) -> None:
    """
    Look one upload up, in both ways.
    """
    now = pdq.hash_rgb(media.read_pixels(content))
    plain = distances(pdq.pack([now.hash]), everything[number : number + 1]).min()
    tally.pdq.append(bool(pdq.is_usable(now) and plain <= pdq.MAX_DISTANCE))
    tally.ms.append(timed(content))
    try:
        queries = pdq.pack(one.hash for one in hash_views(content).hashes)
    except PictureTooPoor:
        tally.ours.append(False)
        tally.lookups.append(0)
        return
    found = distances(queries, everything).min(axis=0)
    tally.ours.append(bool(found[number] <= pdq.MAX_DISTANCE))
    tally.lookups.append(len(queries))
    strangers = np.delete(found, own)
    tally.false += int((strangers <= pdq.MAX_DISTANCE).sum())
    tally.pairs += len(queries) * len(strangers)
    tally.nearest.append(int(strangers.min()))


def main() -> None:
    """
    Print the table, the groups and the figures.
    """
    parser = argparse.ArgumentParser(description="Measure which copies are recognised.")
    parser.add_argument("--photos", type=Path, required=True, metavar="DIR")
    parser.add_argument("--others", type=Path, metavar="FILE", help="hashes of other pictures")
    parser.add_argument("--random", type=int, default=2, metavar="N", help="of each kind")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--json", action="store_true", help="end with one JSON object")
    options = parser.parse_args()
    pictures, listed = read_photos(options.photos)
    others = read_others(options.others)
    named = show(measure(all_edits(), pictures, listed, others))
    drawn = random_edits(options.seed, of_each=options.random)
    held_out = show(measure(drawn, pictures, listed, others))
    result = {
        "bench": "recall",
        "photos": len(pictures),
        "others": len(others),
        "edits": len(all_edits()),
        **figures(named),
        "held_out": figures(held_out) if held_out else None,
    }
    for key, value in result.items():
        if not isinstance(value, dict):
            print(f"{key:>22}  {value}")
    if options.json:
        print(json.dumps(result))


def show(results: Iterator[tuple[Edit, Tally]]) -> list[Tally]:
    """
    Print a line per edit as it is done.
    """
    tallies = []
    for edit, tally in results:
        tallies.append(tally)
        print(
            f"{edit.group:>24}  {edit.name:26}  pdq {np.mean(tally.pdq):.2f}  "
            f"ours {np.mean(tally.ours):.2f}  lookups {np.mean(tally.lookups):5.1f}",
            flush=True,
        )
    return tallies


def figures(tallies: list[Tally]) -> dict[str, object]:
    """
    Sum up.
    """
    lookups = np.concatenate([tally.lookups for tally in tallies])
    ms = np.concatenate([tally.ms for tally in tallies]).mean(axis=0)
    pairs = sum(tally.pairs for tally in tallies)
    return {
        "recall_pdq": _share([tally.pdq for tally in tallies]),
        "recall_ours": _share([tally.ours for tally in tallies]),
        "false_matches": sum(tally.false for tally in tallies),
        "pairs": pairs,
        # Rule of three: what 0 of n leaves possible with 95 % confidence.
        "false_rate_below": float(f"{3 / pairs:.2g}"),
        "nearest_stranger": min(min(tally.nearest) for tally in tallies),
        "lookups_mean": round(float(lookups.mean()), 1),
        "lookups_p99": int(np.percentile(lookups, 99)),
        "ms_decode": round(float(ms[0]), 1),
        "ms_find": round(float(ms[1]), 1),
        "ms_hash": round(float(ms[2]), 1),
        "groups": {
            group: {
                "pdq": _share([tally.pdq for tally in tallies if tally.group == group]),
                "ours": _share([tally.ours for tally in tallies if tally.group == group]),
            }
            for group in dict.fromkeys(tally.group for tally in tallies)
        },
    }


def _share(answers: list[list[bool]]) -> float:
    return round(float(np.mean(np.concatenate(answers))), 3)


if __name__ == "__main__":
    main()
