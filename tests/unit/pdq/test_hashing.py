"""
Both hashers: what they take, what they refuse, and what does not matter to them.
"""

from types import ModuleType

import numpy as np
import pytest

from tegenbeeld import pdq
from tegenbeeld.errors import ShapeError
from tegenbeeld.pdq import reference

pytestmark = pytest.mark.parametrize("hasher", [pdq, reference], ids=["fast", "reference"])


def textured(height: int, width: int, *, seed: int = 1) -> np.ndarray:
    """
    Give a picture of coarse random blocks with fine noise on them.
    """
    rng = np.random.default_rng(seed)
    coarse = rng.integers(0, 200, (height // 8 + 1, width // 8 + 1, 3), np.uint8)
    blocks = coarse.repeat(8, axis=0).repeat(8, axis=1)[:height, :width]
    return blocks + rng.integers(0, 56, blocks.shape, np.uint8)


@pytest.mark.parametrize(
    "pixels",
    [
        np.zeros((4, 5, 3), np.uint8),
        np.zeros((5, 4), np.uint8),
        np.zeros((0, 0, 3), np.uint8),
        np.zeros((10, 10, 4), np.uint8),
        np.zeros((10, 10, 1), np.uint8),
        np.zeros((2, 10, 10, 3), np.uint8),
        np.zeros(100, np.uint8),
        np.zeros((10, 10, 3), np.float32),
        [[0] * 10] * 10,
    ],
)
def test_hashers_refuse_when_array_is_no_picture(hasher: ModuleType, pixels: object) -> None:
    """
    Another shape, another dtype or a side below 5 is an error that says what to give.
    """
    with pytest.raises(ShapeError):
        hasher.hash_rgb(pixels)
    with pytest.raises(ShapeError):
        hasher.hash_orientations(pixels)


def test_hash_is_the_same_when_grey_comes_as_one_channel(hasher: ModuleType) -> None:
    """
    A grey picture has one hash, whether it comes with one channel or three.
    """
    grey = textured(150, 210)[:, :, 0].copy()
    three = np.repeat(grey[:, :, None], 3, axis=2)
    assert hasher.hash_rgb(grey) == hasher.hash_rgb(three)
    assert hasher.hash_orientations(grey) == hasher.hash_orientations(three)


def test_hash_is_the_same_when_array_is_not_contiguous(hasher: ModuleType) -> None:
    """
    A view into a larger picture hashes like a copy of it, and is not changed.
    """
    whole = textured(300, 400)
    view = whole[10:290:2, 20:380:3]
    before = whole.copy()
    assert hasher.hash_rgb(view) == hasher.hash_rgb(view.copy())
    assert np.array_equal(whole, before)


def test_hash_takes_a_read_only_array(hasher: ModuleType) -> None:
    """
    Pixels from `media` may be read-only.
    """
    pixels = textured(90, 90)
    pixels.flags.writeable = False
    assert hasher.hash_rgb(pixels).quality == 100


@pytest.mark.parametrize("size", [(5, 5), (64, 64), (63, 130), (257, 300), (2000, 6)])
def test_first_orientation_is_the_hash_itself(hasher: ModuleType, size: tuple[int, int]) -> None:
    """
    Asking for all eight changes neither the first hash nor the quality.
    """
    pixels = textured(*size)
    single, eight = hasher.hash_rgb(pixels), hasher.hash_orientations(pixels)
    assert (eight.hashes[0], eight.quality) == single
    assert len(eight.hashes) == 8


def test_black_picture_has_no_bits_and_no_quality(hasher: ModuleType) -> None:
    """
    A flat picture is recognised as degenerate.
    """
    hashed = hasher.hash_rgb(np.zeros((100, 90, 3), np.uint8))
    assert hashed.quality == 0
    assert hashed.hash.is_degenerate()
    assert pdq.refusal(hashed) is pdq.Refusal.DEGENERATE


@pytest.mark.parametrize("level", [1, 77, 255])
def test_flat_picture_has_quality_0(hasher: ModuleType, level: int) -> None:
    """
    Rounding may give a flat picture bits; its quality is 0 and it is refused all the same.
    """
    hashed = hasher.hash_rgb(np.full((211, 307, 3), level, np.uint8))
    assert hashed.quality == 0
    assert not pdq.is_usable(hashed)
