"""
The fast hasher stays small, so that a phone-sized picture does not fill a small server.
"""

import tracemalloc

import numpy as np
import pytest

from tegenbeeld import pdq

MEBIBYTE = 1024 * 1024


@pytest.mark.parametrize("shape", [(3000, 4000, 3), (4000, 3000), (20_000, 600, 3), (600, 20_000)])
def test_memory_stays_small_when_the_picture_is_large(shape: tuple[int, ...]) -> None:
    """
    Hashing takes a few strips beside the pixels, and no copy of them in any format.
    """
    pixels = np.zeros(shape, np.uint8)
    pdq.hash_rgb(pixels)
    tracemalloc.start()
    pdq.hash_rgb(pixels)
    peak_bytes = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak_bytes < 16 * MEBIBYTE
