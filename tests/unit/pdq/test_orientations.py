"""
The eight orientations against pictures that are really turned.
"""

from types import ModuleType

import numpy as np
import pytest

from tegenbeeld import pdq
from tegenbeeld.pdq import MAX_DISTANCE, ORIENTATIONS, distance, reference
from tegenbeeld.pdq.orientations import oriented

TURNED = {
    "original": lambda pixels: pixels,
    "rotate_90": lambda pixels: np.rot90(pixels, 1),
    "rotate_180": lambda pixels: np.rot90(pixels, 2),
    "rotate_270": lambda pixels: np.rot90(pixels, 3),
    "flip_x": lambda pixels: pixels[::-1],
    "flip_y": lambda pixels: pixels[:, ::-1],
    "flip_plus_1": lambda pixels: pixels.transpose(1, 0, 2),
    "flip_minus_1": lambda pixels: np.rot90(pixels, 2).transpose(1, 0, 2),
}


def waves(height: int, width: int) -> np.ndarray:
    """
    Give a picture of soft waves in many directions, the same in all colours.
    """
    rng = np.random.default_rng(7)
    y, x = np.mgrid[0:height, 0:width]
    total = np.zeros((height, width))
    for down, across, start in rng.uniform(-50, 50, (40, 3)):
        total += np.sin(down * y / height + across * x / width + start)
    grey = np.interp(total, (total.min(), total.max()), (0, 255)).astype(np.uint8)
    return grey[:, :, None].repeat(3, axis=2)


@pytest.mark.parametrize("hasher", [pdq, reference], ids=["fast", "reference"])
@pytest.mark.parametrize("orientation", ORIENTATIONS)
def test_hash_of_each_orientation_is_near_that_of_the_turned_picture(
    hasher: ModuleType, orientation: str
) -> None:
    """
    Each name stands for what it says: rotations are counter-clockwise.
    """
    pixels = waves(500, 640)
    expected = hasher.hash_rgb(TURNED[orientation](pixels)).hash
    hashes = hasher.hash_orientations(pixels).hashes
    apart = [distance(expected, one) for one in hashes]
    assert min(apart) == apart[ORIENTATIONS.index(orientation)] <= MAX_DISTANCE
    assert sorted(apart)[1] > 60


def test_oriented_gives_back_the_original_when_turned_twice() -> None:
    """
    Half turns and mirrors undo themselves; a quarter turn and its opposite undo each other.
    """
    frequencies = np.random.default_rng(1).normal(size=(16, 16))
    once = oriented(frequencies)
    for place, undo in enumerate([0, 3, 2, 1, 4, 5, 6, 7]):
        assert np.array_equal(oriented(once[place])[undo], frequencies)
    assert once[0] is frequencies


def test_oriented_keeps_the_dtype() -> None:
    """
    32-bit frequencies stay 32-bit, so the reference stays exact.
    """
    turned = oriented(np.ones((16, 16), np.float32))
    assert {one.dtype for one in turned} == {np.dtype(np.float32)}
