"""
A logo, a name or a caption that stays in its place while the picture moves, painted over.

What lies under it is gone. A smooth patch in its place disturbs a hash less than its edges do.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from tegenbeeld.media.video.bars import alike, within_flat_bars

# Steps of brightness that re-encoding makes where nothing changes. Found by trial (bench/video.py).
_NOISE = 24

# A mark covers so much of the picture; more is a scene in which nothing moves.
_LEAST, _MOST = 0.001, 0.3

_FEWEST_FRAMES = 6

# The patch is worked out on a grid of so many cells on a side: as many as PDQ looks at.
_CELLS = 64

# A cell belongs to the mark if so much of it never changes.
_OF_A_CELL = 0.2


class Patch:
    """
    Paints over one mark.
    """

    def __init__(self, cells: NDArray[np.bool_], shape: tuple[int, int]) -> None:
        """
        Prepare.

        Args:
            cells: bool[64, 64], which of them are covered; not all.
            shape: Height and width of the frames.
        """
        self._covered = np.flatnonzero(cells)
        self._known = np.flatnonzero(~cells)
        self._weights = _smooth_weights(cells)
        self._size = shape[1], shape[0]
        mask = Image.fromarray(cells).resize(self._size, Image.Resampling.NEAREST)
        self._mask = np.asarray(mask)

    def over(self, luma: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """
        Paint over the mark in a copy of uint8[height, width].
        """
        small = Image.fromarray(luma).resize((_CELLS, _CELLS), Image.Resampling.BOX)
        cells = np.array(small, np.float32).ravel()
        cells[self._covered] = self._weights @ cells[self._known]
        filled = Image.fromarray(cells.reshape(_CELLS, _CELLS).clip(0, 255).astype(np.uint8))
        smooth = np.asarray(filled.resize(self._size, Image.Resampling.BILINEAR))
        return np.where(self._mask, smooth, luma)


def patch(frames: Iterable[NDArray[np.uint8]]) -> Patch | None:
    """
    Find a mark.

    Args:
        frames: uint8[height, width], from different moments. Those of another size than the first
            are left out.

    Returns:
        None where everything moves, or too little.
    """
    kept = alike(frames)
    if len(kept) < _FEWEST_FRAMES:
        return None
    inside = within_flat_bars(kept)
    if inside is None:
        return None
    still = np.maximum.reduce(kept) - np.minimum.reduce(kept) <= _NOISE
    # Bars are none of it: the video may have had them itself.
    picture = np.zeros_like(still)
    inside.of(picture)[:] = True
    still &= picture
    share = Image.fromarray(still).convert("L").resize((_CELLS, _CELLS), Image.Resampling.BOX)
    marked = share.point(lambda value: 255 if value > 255 * _OF_A_CELL else 0)
    # Letters have edges that move with what is behind them.
    cells = np.asarray(marked.filter(ImageFilter.MaxFilter(3))) > 0
    if not _LEAST <= cells.mean() <= _MOST:
        return None
    return Patch(cells, kept[0].shape)


def _smooth_weights(cells: NDArray[np.bool_]) -> NDArray[np.float32]:
    """
    Work out what each covered cell takes from each known one: the mean of its neighbours.

    That is Laplace's equation on a grid: covered · c = known · k, solved once for all frames.
    """
    numbers = np.arange(cells.size).reshape(cells.shape)
    matrix = np.zeros((cells.size, cells.size), np.float32)
    for one, other in ((numbers[1:], numbers[:-1]), (numbers[:, 1:], numbers[:, :-1])):
        matrix[one.ravel(), other.ravel()] = matrix[other.ravel(), one.ravel()] = -1
    matrix[numbers.ravel(), numbers.ravel()] = -matrix.sum(axis=1)
    covered, known = np.flatnonzero(cells), np.flatnonzero(~cells)
    of_covered = matrix[np.ix_(covered, covered)]
    solved: NDArray[np.float32] = np.linalg.solve(of_covered, -matrix[np.ix_(covered, known)])
    return solved
