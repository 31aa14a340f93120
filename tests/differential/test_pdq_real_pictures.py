"""
Agreement with `pdqhash` on real pictures, where they are at hand.
"""

import platform
from pathlib import Path

import numpy as np
import pdqhash
import pytest
from PIL import Image

from tegenbeeld import pdq
from tegenbeeld.pdq import PdqHash, distance, reference

# Elsewhere compilers join a product and a sum into one step that rounds once, so the compiled
# package differs from itself on other machines in the last digit.
ROUNDS_TWICE = platform.machine() in {"x86_64", "AMD64"}

SUFFIXES = {".jpg", ".png", ".webp"}


def turned(pixels: np.ndarray) -> pdq.OrientedHashes:
    """
    Hash a picture in its eight orientations with `pdqhash`.
    """
    vectors, quality = pdqhash.compute_dihedral(pixels)
    hashes = tuple(PdqHash(np.packbits(one.astype(np.uint8)).tobytes()) for one in vectors)
    return pdq.OrientedHashes(hashes, quality)


@pytest.mark.parametrize("folder", ["pdq", "photos"])
def test_hashers_agree_with_pdqhash_on_real_pictures(shared_data: Path, folder: str) -> None:
    """
    The reference is equal in everything, the fast hasher wherever the picture may be used.

    Where it has too little detail, the first hash and the quality are still the same.
    """
    paths = sorted(path for path in (shared_data / folder).rglob("*") if path.suffix in SUFFIXES)
    assert paths
    for path in paths:
        pixels = np.asarray(Image.open(path).convert("RGB"))
        theirs, ours = turned(pixels), pdq.hash_orientations(pixels)
        if ROUNDS_TWICE:
            assert (path.name, reference.hash_orientations(pixels)) == (path.name, theirs)
        apart = [distance(*pair) for pair in zip(ours.hashes, theirs.hashes, strict=True)]
        assert (path.name, apart[0], ours.quality) == (path.name, 0, theirs.quality)
        assert (path.name, max(apart) <= (0 if pdq.is_usable(ours) else 2)) == (path.name, True)
