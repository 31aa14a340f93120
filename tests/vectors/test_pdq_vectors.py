"""
Both Python hashers against the shared pictures of `spec/vectors`.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from tegenbeeld import pdq
from tegenbeeld.media import read_pixels
from tegenbeeld.pdq import PdqHash, reference

ROOT = Path(__file__).resolve().parents[2]
VECTORS = ROOT / "spec" / "vectors"
CONTENT = json.loads((VECTORS / "pdq.json").read_text(encoding="utf-8"))
TEST_PICTURES = json.loads((VECTORS / "test-pictures.json").read_text(encoding="utf-8"))


def read_ppm(path: Path) -> np.ndarray:
    """
    Read a binary PPM: uint8[height, width, 3].
    """
    magic, size, depth, pixels = path.read_bytes().split(b"\n", 3)
    assert (magic, depth) == (b"P6", b"255")
    width, height = map(int, size.split())
    return np.frombuffer(pixels, np.uint8).reshape(height, width, 3)


@pytest.mark.parametrize("hasher", [pdq, reference], ids=["fast", "reference"])
@pytest.mark.parametrize("vector", CONTENT["vectors"], ids=lambda vector: vector["file"])
def test_hasher_gives_the_hashes_of_the_vectors(hasher: ModuleType, vector: dict[str, Any]) -> None:
    """
    Hash, quality and all eight orientations are as listed.
    """
    pixels = read_ppm(VECTORS / "pdq" / vector["file"])
    assert pixels.shape == (vector["height"], vector["width"], 3)
    single, eight = hasher.hash_rgb(pixels), hasher.hash_orientations(pixels)
    assert (single.hash.hex(), single.quality) == (vector["hash"], vector["quality"])
    assert [one.hex() for one in eight.hashes] == vector["orientations"]
    assert eight.quality == vector["quality"]


@pytest.mark.parametrize("case", CONTENT["degenerate"], ids=lambda case: f"{case['ones']} ones")
def test_degenerate_hashes_are_told_from_good_ones(case: dict[str, Any]) -> None:
    """
    The bounds on the number of ones are as listed.
    """
    assert PdqHash.from_hex(case["hash"]).is_degenerate() is case["degenerate"]


@pytest.mark.parametrize("entry", TEST_PICTURES, ids=lambda entry: entry["file"])
def test_test_pictures_have_their_published_hash(entry: dict[str, Any]) -> None:
    """
    Read as a file, each test picture has the hash that stands on every list.
    """
    hashed = pdq.hash_rgb(read_pixels(VECTORS / "test-pictures" / entry["file"]))
    assert (hashed.hash.hex(), hashed.quality) == (entry["hash"], entry["quality"])


def test_names_of_the_orientations_are_those_of_the_vectors() -> None:
    """
    The order in the files is the order in the code.
    """
    assert tuple(CONTENT["orientations"]) == pdq.ORIENTATIONS


def test_vectors_are_what_their_program_makes() -> None:
    """
    Nobody changed a vector by hand, or the program without running it.
    """
    done = subprocess.run(
        [sys.executable, ROOT / "tools" / "make_pdq_vectors.py", "--check"],
        env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
