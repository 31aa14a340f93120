"""
A photo that was turned by a few degrees, told from the empty corners beside it.

The corners are of one colour. From each side of the upload the colour reaches inwards, further
from pixel to pixel: the slope is the angle, and the line where it ends is a side of the photo.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tegenbeeld.media.views.planes import Plane, median
from tegenbeeld.media.views.samples import Turn

# Found by measuring on the named edits of bench/edits.py, never on bench/random_edits.py.
_LEVELS = 12
_LEAST_DEGREES = 0.4
_MOST_DEGREES = 16.0
_BIN_DEGREES = 0.25
_NEAR_DEGREES = 0.8
_LEAST_VOTES = 0.15
_LEAST_SIDES = 3
_LAGS = 5
_FIT_PIXELS = 1.5
_FITS = 3
_LEAST_PLACES = 12


class _Side(NamedTuple):
    """
    Where the corners' colour ends, seen from one side of the upload.

    Attributes:
        x: float64[n], from the middle of the upload, in pixels.
        y: float64[n].
        degrees: float64[n]; how askew the boundary is at this place, clockwise as seen; NaN where
            it is none.
    """

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    degrees: NDArray[np.float64]


def find_turn(plane: Plane) -> Turn | None:
    """
    Find a photo that stands askew between corners of one colour.

    Args:
        plane: uint8[height, width], both sides 32 or more.

    Returns:
        The photo's rectangle, parts of which may lie outside the plane; None where there is none.
    """
    colour = _corner_colour(plane)
    if colour is None:
        return None
    filled = np.abs(plane.astype(np.int16) - colour) <= _LEVELS
    sides = _sides(filled)
    degrees = _agreed(sides)
    if degrees is None:
        return None
    return _rectangle(plane, sides, degrees)


def _corner_colour(plane: Plane) -> int | None:
    """
    The brightness of the outermost pixels of the corners, where all four are alike.
    """
    ends = plane[[0, 0, -1, -1], [0, -1, 0, -1]].astype(np.int16)
    return int(median(ends)) if int(ends.max()) - int(ends.min()) <= 2 * _LEVELS else None


def _sides(filled: NDArray[np.bool_]) -> list[_Side]:
    """
    Look from above, from below, from the left and from the right.
    """
    height, width = filled.shape
    across, down = np.arange(width) + 0.5 - width / 2, np.arange(height) + 0.5 - height / 2
    above, below = _depths(filled), _depths(filled[::-1])
    left, right = _depths(filled.T), _depths(filled.T[::-1])
    return [
        _Side(across, above - height / 2, _slopes(above)),
        _Side(across, height / 2 - below, -_slopes(below)),
        _Side(left - width / 2, down, -_slopes(left)),
        _Side(width / 2 - right, down, _slopes(right)),
    ]


def _depths(filled: NDArray[np.bool_]) -> NDArray[np.float64]:
    """
    How many pixels from the first row on are filled, per column; NaN where none or almost all.
    """
    half = filled[: len(filled) // 2]
    depths: NDArray[np.float64] = np.argmin(half, axis=0).astype(np.float64)
    depths[(depths < 1) | half.all(axis=0)] = np.nan
    return depths


def _slopes(depths: NDArray[np.float64]) -> NDArray[np.float64]:
    """
    The angle of the line through the places a little before and a little behind each, in degrees.
    """
    lag = max(4, len(depths) // _LAGS)
    slopes = np.full(len(depths), np.nan)
    middle = slice(lag // 2, lag // 2 + len(depths) - lag)
    slopes[middle] = np.degrees(np.arctan((depths[lag:] - depths[:-lag]) / lag))
    return slopes


def _agreed(sides: list[_Side]) -> float | None:
    """
    The angle that most places of at least three sides have.
    """
    votes = np.concatenate([side.degrees for side in sides])
    votes = votes[(np.abs(votes) >= _LEAST_DEGREES) & (np.abs(votes) <= _MOST_DEGREES)]
    bins: NDArray[np.float64] = np.arange(
        -_MOST_DEGREES, _MOST_DEGREES + _BIN_DEGREES, _BIN_DEGREES
    )
    counts = np.convolve(np.histogram(votes, bins)[0], np.ones(3), "same")
    best = float(bins[int(np.argmax(counts))]) + _BIN_DEGREES / 2
    near = votes[np.abs(votes - best) <= _NEAR_DEGREES]
    places = sum(len(side.degrees) for side in sides)
    with_it = sum(_agrees(side, best).mean() >= _LEAST_VOTES / 2 for side in sides)
    if len(near) < _LEAST_VOTES * places or with_it < _LEAST_SIDES:
        return None
    return float(near.mean())


def _agrees(side: _Side, degrees: float) -> NDArray[np.bool_]:
    agrees: NDArray[np.bool_] = np.abs(side.degrees - degrees) <= _NEAR_DEGREES
    return agrees


def _rectangle(plane: Plane, sides: list[_Side], degrees: float) -> Turn | None:
    """
    Place the four sides; one that is not seen lies as far from the middle as the one opposite.

    None where lines do not go through the places after all.
    """
    fitted = [_fit(side, degrees, is_across=True) for side in sides[:2]]
    fitted += [_fit(side, degrees, is_across=False) for side in sides[2:]]
    seen = [line for line in fitted if line is not None]
    if len(seen) < _LEAST_SIDES - 1:
        return None
    angle = sum(line.angle * line.places for line in seen) / sum(line.places for line in seen)
    cosine = math.cos(angle)
    top, bottom, left, right = (None if line is None else line.at * cosine for line in fitted)
    height, width = plane.shape
    return Turn(angle, _box(_both(left, right, width / 2), _both(top, bottom, height / 2)))


class _Line(NamedTuple):
    """
    A line through boundary places.

    Attributes:
        angle: In radians, clockwise as seen.
        at: Where it meets the axis through the middle of the upload, in pixels from the middle.
        places: How many there were.
    """

    angle: float
    at: float
    places: int


def _fit(side: _Side, degrees: float, *, is_across: bool) -> _Line | None:
    """
    Draw the line through the places that agree, then again without those that lie off it.
    """
    along, away = (side.x, side.y) if is_across else (side.y, side.x)
    is_on = _agrees(side, degrees) & ~np.isnan(away)
    slope = at = 0.0
    for _ in range(_FITS):
        if is_on.sum() < _LEAST_PLACES:
            return None
        slope, at = _line_through(along[is_on], away[is_on])
        off = np.abs(away - slope * along - at)
        is_on = np.less_equal(off, _FIT_PIXELS, where=~np.isnan(off), out=np.zeros_like(is_on))
    angle = math.atan(slope if is_across else -slope)
    return _Line(angle, float(at), int(is_on.sum()))


def _line_through(along: NDArray[np.float64], away: NDArray[np.float64]) -> tuple[float, float]:
    """
    Slope and height at 0 of the line with the least squares.
    """
    centre, height = float(along.mean()), float(away.mean())
    spread = along - centre
    slope = float(spread @ (away - height) / (spread @ spread))
    return slope, height - slope * centre


def _box(
    across: tuple[float, float], down: tuple[float, float]
) -> tuple[float, float, float, float]:
    return across[0], down[0], across[1], down[1]


def _both(first: float | None, last: float | None, half: float) -> tuple[float, float]:
    if first is None and last is None:
        return -half, half
    if first is None:
        return -(last or half), last or half
    return first, -first if last is None else last
