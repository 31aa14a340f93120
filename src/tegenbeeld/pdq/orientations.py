"""
The eight orientations of a picture, from one set of frequencies.

Turning or mirroring a picture only swaps and negates its frequencies, so the seven further hashes
cost no second look at the pixels. They are near, but not always equal to, the hashes of the
turned file: decimation picks other pixels there.
"""

import numpy as np
from numpy.typing import NDArray

Frequencies = NDArray[np.floating]
"""
float[16, 16]; row = vertical frequency 1 to 16, column = horizontal frequency 1 to 16.
"""

ORIENTATIONS = (
    "original",
    "rotate_90",
    "rotate_180",
    "rotate_270",
    "flip_x",
    "flip_y",
    "flip_plus_1",
    "flip_minus_1",
)
"""
The order of the eight. Rotations are counter-clockwise; flip_x swaps top and bottom, flip_y left
and right; flip_plus_1 mirrors along the main diagonal, flip_minus_1 along the other.

Source: spec/pdq.md §6; the order is that of `pdqhash.compute_dihedral`.
"""

# A mirrored cosine of odd frequency changes its sign. Row 0 and column 0 hold frequency 1.
_ODD_ROWS = np.where(np.arange(16)[:, None] % 2 == 0, -1, 1).astype(np.int8)
_ODD_COLUMNS = _ODD_ROWS.T
_BOTH = _ODD_ROWS * _ODD_COLUMNS


def oriented(frequencies: Frequencies) -> tuple[Frequencies, ...]:
    """
    Give the frequencies of the picture in each orientation.

    Args:
        frequencies: float[16, 16] of the picture as it is. Neither copied nor changed.

    Returns:
        Eight float[16, 16] of the same dtype, in the order of `ORIENTATIONS`.

    Source:
        spec/pdq.md §6.
    """
    return (
        frequencies,
        (frequencies * _ODD_COLUMNS).T,
        frequencies * _BOTH,
        (frequencies * _ODD_ROWS).T,
        frequencies * _ODD_ROWS,
        frequencies * _ODD_COLUMNS,
        frequencies.T,
        (frequencies * _BOTH).T,
    )
