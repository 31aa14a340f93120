"""
The steps of the reference, each on an input small enough to check by hand.
"""

import numpy as np
import pytest

from tegenbeeld.pdq import reference


@pytest.mark.parametrize(
    ("dimension", "window"), [(5, 1), (128, 1), (129, 2), (256, 2), (257, 3), (1024, 8)]
)
def test_window_size_is_half_a_sample_rounded_up(dimension: int, window: int) -> None:
    """
    Up to 128 pixels there is nothing to blur.
    """
    assert reference.window_size(dimension) == window


@pytest.mark.parametrize(
    ("window", "means"),
    [
        (1, [0, 12, 24, 36, 48]),
        (2, [6, 18, 30, 42, 48]),
        (3, [6, 12, 24, 36, 42]),
        (4, [12, 18, 30, 36, 42]),
    ],
)
def test_box_averages_the_rows_around_each_row(window: int, means: list[float]) -> None:
    """
    An even window reaches one row further ahead; at the edges it divides by what is left.
    """
    rows = np.array([[0], [12], [24], [36], [48]], np.float32)
    assert reference.box(rows, window=window)[:, 0].tolist() == means


def test_luma_weighs_the_colours() -> None:
    """
    Green counts most, blue least; white is 255.
    """
    pixels = np.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255]]], np.uint8)
    assert reference.luma(pixels)[0] == pytest.approx([76.245, 149.685, 29.07, 255])


def test_quality_counts_steps_in_percent_of_white() -> None:
    """
    One edge of full height down the middle: 64 steps of 100 percent, divided by 90.
    """
    samples = np.zeros((64, 64), np.float32)
    samples[:, 32:] = 255
    assert reference.quality(samples) == 64 * 100 // 90
    assert reference.quality(np.zeros((64, 64), np.float32)) == 0


def test_hash_of_counts_bits_from_the_end() -> None:
    """
    Row i, column j is bit 16 i + j; of 256 different values half are above the median.
    """
    rising = np.arange(256, dtype=np.float32).reshape(16, 16)
    assert reference.hash_of(rising).hex() == "f" * 32 + "0" * 32
    single = np.zeros((16, 16), np.float32)
    single[0, 5] = 1
    assert int(reference.hash_of(single).hex(), 16) == 1 << 5


def test_smallest_margin_is_the_gap_at_the_median() -> None:
    """
    The values beside the median decide how safe the bits are.
    """
    values = np.arange(256, dtype=np.float64)
    values[128] -= 0.75
    assert reference.smallest_margin(values.reshape(16, 16)) == 0.25
