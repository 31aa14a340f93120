"""
Smaller copies of a luma plane, for work that needs no more detail.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.uint8]
"""
uint8[height, width]: brightness, 0 to 255.
"""


def median(values: NDArray[Any]) -> float:
    """
    The middle one of some values; of an even number, the upper of the two in the middle.

    Unlike numpy's own it loads no further module, which the sandbox would not allow.

    Args:
        values: At least one, of any shape.
    """
    middle = values.size // 2
    return float(np.partition(values, middle, axis=None)[middle])


def reduced(plane: Plane, factor: int) -> Plane:
    """
    Average blocks of *factor* by *factor* pixels; what is left over at the far ends is dropped.

    Args:
        plane: uint8[height, width], both sides at least *factor*.
        factor: At least 1; at most 16, so that a row of sums fits into 16 bits.

    Returns:
        uint8[height // factor, width // factor], C-contiguous; *plane* itself for 1.
    """
    if factor == 1:
        return plane
    height, width = plane.shape[0] // factor, plane.shape[1] // factor
    rows = plane[: height * factor, : width * factor]
    sums = rows[0::factor].astype(np.uint16)
    for first in range(1, factor):
        sums += rows[first::factor]
    # The sum over a block of 16 by 16 is at most 65 280.
    total = sums[:, 0::factor].copy()
    for first in range(1, factor):
        total += sums[:, first::factor]
    total += np.uint16(factor * factor // 2)
    total //= np.uint16(factor * factor)
    return total.astype(np.uint8)
