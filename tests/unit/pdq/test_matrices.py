"""
The matrices of the fast hasher against the filter of the reference, one direction at a time.
"""

import numpy as np
import pytest

from tegenbeeld.pdq import matrices, reference

SIZES = [5, 7, 63, 64, 65, 127, 128, 129, 256, 257, 640, 1000, 4097]


def whole(dimension: int, *, length: int, factor: int = 1) -> np.ndarray:
    """
    Give the matrix of one side, put together from its strips: float64[64, pixels].
    """
    matrix = np.zeros((64, -(-dimension // factor)))
    for strip in matrices.strips(dimension, length=length, factor=factor):
        matrix[strip.samples, strip.pixels] += strip.weights
    return matrix


@pytest.mark.parametrize("dimension", SIZES)
def test_strips_blur_twice_and_decimate(dimension: int) -> None:
    """
    On a random column the matrix gives what two boxes and 64 centres give.
    """
    column = np.random.default_rng(1).uniform(0, 255, (dimension, 1)).astype(np.float32)
    window = reference.window_size(dimension)
    blurred = reference.box(reference.box(column, window=window), window=window)
    centres = [int((k + 0.5) * dimension / 64) for k in range(64)]
    found = whole(dimension, length=50) @ column
    assert np.abs(found - blurred[centres]).max() < 1e-3


@pytest.mark.parametrize("dimension", SIZES)
def test_strips_do_not_depend_on_their_length(dimension: int) -> None:
    """
    However a side is cut, every pixel is counted once, and each sample's weights sum to 1.
    """
    matrix = whole(dimension, length=dimension)
    assert np.allclose(matrix.sum(axis=1), 1, atol=1e-6)
    for length in (1, 7, 64):
        assert np.array_equal(whole(dimension, length=length), matrix)


@pytest.mark.parametrize("dimension", [257, 640, 1000, 4097])
@pytest.mark.parametrize("factor", [2, 3, 8])
def test_strips_give_each_mean_the_weights_of_its_pixels(dimension: int, factor: int) -> None:
    """
    On means of neighbours the weights are the sums of theirs, however the side is cut.
    """
    count = -(-dimension // factor)
    padded = np.zeros((64, count * factor))
    padded[:, :dimension] = whole(dimension, length=dimension)
    expected = padded.reshape(64, count, factor).sum(axis=2)
    for length in (1, 7, count):
        found = whole(dimension, length=length, factor=factor)
        assert np.abs(found - expected).max() < 1e-7


def test_strips_are_the_identity_at_64() -> None:
    """
    A side of 64 is not changed.
    """
    assert np.array_equal(whole(64, length=20), np.eye(64))


def test_strips_of_few_sizes_are_kept() -> None:
    """
    The same size is computed once, and the memory for sizes has a bound.
    """
    assert matrices.strips(500, length=50) is matrices.strips(500, length=50)
    assert matrices.strips.cache_info().maxsize == 128


def test_cosines_are_those_of_the_reference() -> None:
    """
    The rows are the frequencies 1 to 16: each sums to 0 and has length 1.
    """
    matrix = matrices.cosines()
    assert np.abs(matrix - reference.cosines()).max() < 1e-7
    assert np.allclose(matrix @ matrix.T, np.eye(16))
    assert np.allclose(matrix.sum(axis=1), 0)
