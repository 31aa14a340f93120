"""
Which rectangles between the lines are likely to be photos.

A rectangle is as good as its weakest side. The edges of the upload count as sides of which nothing
is known, so that a frame on four sides beats the same frame on three.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tegenbeeld.media.views.lines import Direction, Lines
from tegenbeeld.media.views.planes import median

Box = tuple[int, int, int, int]
"""
Left, top, right (exclusive), bottom (exclusive), in pixels.
"""

# Found by measuring on the named edits of bench/edits.py, never on bench/random_edits.py.
_LEAST_SIDE = 0.18
_LEAST_AREA = 0.05
_MOST_AREA = 0.995
_LEAST_LIVELY = 0.05
_UNKNOWN_SIDE = 0.55
_LEAST_SIDES = 0.45
_SURE = 0.62
_SIBLING = 0.7
_GRID = 0.4
_GRID_SPAN = 0.12
_GRID_SIDES = 0.3
_LEAST_GRID, _MOST_GRID = 2, 4
_MOST_UNSURE = 3
_LEAST_OF_BEST = 0.65
_LEAST_OF_BEST_LATER = 0.7
_FLAT_PENALTY = 0.15
_FRAME = 0.7
_CERTAIN = 0.9
_PLAIN_BAR = 0.6
_PLAIN_FRAME = 0.9
_PLAIN_LEVELS = 8
MOST_BOXES = 8
_MOST_BOXES_WITH_GRID = 12

SAME = 0.008
"""
Boxes whose sides lie nearer than this share of the picture's side are the same.
"""


@dataclass(frozen=True, slots=True)
class Found:
    """
    A rectangle that may be a photo.

    Attributes:
        box: Where it lies.
        evidence: How sure the weakest of its sides is, 0 to 1.
    """

    box: Box
    evidence: float

    @property
    def is_sure(self) -> bool:
        """
        Whether lines of a scene are seldom as clear.
        """
        return self.evidence >= _SURE

    def is_beside(self, other: "Found") -> bool:
        """
        Whether the two do not overlap, but for two pixels.
        """
        a, b = self.box, other.box
        across = a[2] <= b[0] + 2 or b[2] <= a[0] + 2
        return across or a[3] <= b[1] + 2 or b[3] <= a[1] + 2


class _Choice:
    """
    All rectangles with their scores, and those chosen so far.

    The four axes of an array are the numbers of the lines above, below, left and right.
    """

    def __init__(self, lines: Lines) -> None:
        self.lines = lines
        self.chosen: list[Found] = []
        rows, columns = lines.rows, lines.columns
        height, width = lines.pixels.shape
        self.evidence = _combined(np.minimum, _sides(rows, edge=1), _sides(columns, edge=1))
        unknown = _UNKNOWN_SIDE
        sides = _combined(np.add, _sides(rows, edge=unknown), _sides(columns, edge=unknown))
        down = (rows.at[None, :] - rows.at[:, None])[:, :, None, None] / height
        over = (columns.at[None, :] - columns.at[:, None])[None, None] / width
        self.area = np.where((down >= _LEAST_SIDE) & (over >= _LEAST_SIDE), down * over, 0)
        flat = _inside(lines.flat)
        self.lively = np.maximum(self.area - flat, 0)
        self.sides = sides / 4
        everywhere = max(1 - float(lines.flat[-1, -1]), 0.01)
        self.content = self.lively / everywhere
        area = np.maximum(self.area, 1e-9)
        self.score = self.sides * self.content**0.25 * (1 - _FLAT_PENALTY * flat / area)

    def best_first(self, score: NDArray[np.float64], most: int) -> Iterator[tuple[float, Found]]:
        """
        Rectangles by descending score, as long as it is above 0.
        """
        for place in np.argsort(-score, axis=None)[:most]:
            if score.flat[place] <= 0:
                return
            yield float(score.flat[place]), self.at(*np.unravel_index(place, score.shape))

    def at(self, *place: np.integer | int) -> Found:
        above, below, left, right = place
        rows, columns = self.lines.rows.at, self.lines.columns.at
        box = int(columns[left]), int(rows[above]), int(columns[right]), int(rows[below])
        return Found(box, float(self.evidence[above, below, left, right]))

    def is_known(self, found: Found) -> bool:
        """
        Whether it is one of those chosen, but for a hair.
        """
        return any(is_same(found.box, one.box, self.lines) for one in self.chosen)

    def is_needless(self, found: Found) -> bool:
        """
        Whether it is one of those chosen, or one of them with a plain frame round it.
        """
        return self.is_known(found) or any(_frames(found, one, self.lines) for one in self.chosen)


def choose_boxes(lines: Lines) -> list[Found]:
    """
    Choose the rectangles that are worth a look-up, the likeliest first.

    Returns:
        At most 12.
    """
    choice = _Choice(lines)
    possible = (choice.area > 0) & (choice.area < _MOST_AREA)
    _choose_best(choice, possible)
    possible &= (choice.area >= _LEAST_AREA) & (choice.lively >= _LEAST_LIVELY * choice.area)
    _choose_grid(choice, possible)
    _choose_siblings(choice, possible)
    return choice.chosen


def is_same(a: Box, b: Box, lines: Lines) -> bool:
    """
    Whether two boxes are one, but for a hair.
    """
    height, width = lines.pixels.shape
    return all(
        abs(one - other) <= SAME * side + 1
        for one, other, side in zip(a, b, (width, height, width, height), strict=True)
    )


def is_plain(pixels: NDArray[np.int16], *, least: float) -> bool:
    """
    Whether at least a share of some pixels has about one brightness.
    """
    near = np.abs(pixels - median(pixels)) <= _PLAIN_LEVELS
    return float(near.mean()) >= least


def _choose_best(choice: _Choice, possible: NDArray[np.bool_]) -> None:
    possible = possible & (choice.content >= _LEAST_AREA) & (choice.evidence >= _LEAST_SIDES)
    score = np.where(possible, choice.score, 0)
    best = float(score.max())
    for value, found in choice.best_first(score, 400):
        if value <= best * _LEAST_OF_BEST or len(choice.chosen) == MOST_BOXES:
            return
        is_later = len(choice.chosen) >= _MOST_UNSURE
        if is_later and not (found.is_sure and value >= best * _LEAST_OF_BEST_LATER):
            continue
        if not choice.is_needless(found):
            choice.chosen.append(found)


def _choose_grid(choice: _Choice, possible: NDArray[np.bool_]) -> None:
    """
    Where lines cross the upload from side to side both ways, take the cells between them.
    """
    rows, columns = _through(choice.lines.rows), _through(choice.lines.columns)
    if not all(_LEAST_GRID < len(numbers) <= _MOST_GRID + 1 for numbers in (rows, columns)):
        return
    for above, below in pairwise(rows):
        for left, right in pairwise(columns):
            found = choice.at(above, below, left, right)
            is_possible = possible[above, below, left, right] and found.evidence >= _GRID_SIDES
            is_room = len(choice.chosen) < _MOST_BOXES_WITH_GRID
            if is_possible and is_room and not choice.is_known(found):
                choice.chosen.append(found)


def _choose_siblings(choice: _Choice, possible: NDArray[np.bool_]) -> None:
    """
    Where one photo is sure, take what lies beside it behind as clear a line, however calm it is.
    """
    sure = [one for one in choice.chosen if one.evidence >= _SIBLING]
    worth = choice.sides * choice.area**0.25
    score = np.where(possible & (choice.evidence >= _SIBLING), worth, 0)
    for _, found in choice.best_first(score, 100) if sure else ():
        if len(choice.chosen) >= MOST_BOXES:
            return
        if any(found.is_beside(one) for one in sure) and not choice.is_needless(found):
            choice.chosen.append(found)


def _through(direction: Direction) -> list[int]:
    """
    The numbers of the lines that cross the upload, only the clearest; and of its edges.
    """
    clear = np.maximum(direction.opens, direction.closes)[:, 0, -1]
    best = max(float(np.where(direction.is_edge, 0, clear).max()), _GRID + _GRID_SPAN)
    is_taken = (clear >= best - _GRID_SPAN) | direction.is_edge
    return [int(number) for number in np.flatnonzero(is_taken)]


def _frames(outer: Found, inner: Found, lines: Lines) -> bool:
    """
    Whether *outer* is *inner* and something plain round it, so that it need not be looked up.
    """
    a, b = outer.box, inner.box
    holds = a[0] <= b[0] + 2 and a[1] <= b[1] + 2 and a[2] >= b[2] - 2 and a[3] >= b[3] - 2
    if inner.evidence < _FRAME or not holds:
        return False
    height, width = lines.pixels.shape
    ends = (0, 0, width, height)
    reaches_out = all(
        one == end or abs(one - other) <= SAME * side + 1
        for one, other, end, side in zip(a, b, ends, (width, height, width, height), strict=True)
    )
    if reaches_out and inner.evidence >= _CERTAIN:
        return True
    return _is_plain_between(a, b, lines, least=_PLAIN_BAR if reaches_out else _PLAIN_FRAME)


def _is_plain_between(a: Box, b: Box, lines: Lines, *, least: float) -> bool:
    pixels = lines.pixels
    strips = (
        pixels[a[1] : max(b[1] - 1, 0) : 2, a[0] : a[2] : 2],
        pixels[b[3] + 1 : a[3] : 2, a[0] : a[2] : 2],
        pixels[b[1] : b[3] : 2, a[0] : max(b[0] - 1, 0) : 2],
        pixels[b[1] : b[3] : 2, b[2] + 1 : a[2] : 2],
    )
    off = [(strip - median(strip)).ravel() for strip in strips if strip.size]
    if not off:
        return True
    return float((np.abs(np.concatenate(off)) <= _PLAIN_LEVELS).mean()) >= least


def _sides(direction: Direction, *, edge: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    is_edge = direction.is_edge[:, None, None]
    return np.where(is_edge, edge, direction.opens), np.where(is_edge, edge, direction.closes)


def _combined(
    how: np.ufunc,
    rows: tuple[NDArray[np.float64], NDArray[np.float64]],
    columns: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> NDArray[np.float64]:
    """
    Put the four sides of every rectangle together: float64[above, below, left, right].
    """
    above, below = rows[0][:, None], rows[1][None]
    left = columns[0].transpose(1, 2, 0)[:, :, :, None]
    right = columns[1].transpose(1, 2, 0)[:, :, None, :]
    combined: NDArray[np.float64] = how(how(above, below), how(left, right))
    return combined


def _inside(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """
    What lies inside every rectangle, from the sums above and left of each crossing.
    """
    bands = sums[None, :, :] - sums[:, None, :]
    inside: NDArray[np.float64] = bands[:, :, None, :] - bands[:, :, :, None]
    return inside
