"""
How the time of an upload runs beside that of a listed video: a speed and a shift.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tegenbeeld.kit.videos.frames import Signal
from tegenbeeld.kit.videos.upload import EVERY_MS, Upload

SLOWEST, FASTEST = 0.88, 1.13
"""
How much longer or shorter a copy may play. Source: spec/video.md §7: 0.9 to 1.1, and its inverse.
"""

# Two frames tell of a speed if they are so far apart.
_APART_MS = 3_000
# How far a vote may lie beside a line: half a step of the list and a step of the upload.
_BESIDE_MS = 500
_MOST_VOTES = 300
_MOST_IN_PAIRS = 60
_SHIFTS = 8
_SLOPES = 6

NOT_USABLE = 256

# A distance from which on frames are as unlike as any.
_FAR = 100


class Alignment(NamedTuple):
    """
    Time in the upload = *speed* · time in the listed video + *shift_ms*.

    Attributes:
        speed: Above 1 for a copy that plays slower.
        shift_ms: Where the listed video begins in the upload; below 0 if its start was cut off.
    """

    speed: float
    shift_ms: float


class Compared(NamedTuple):
    """
    The frames of a listed video that an upload should show, beside what it shows then.

    Attributes:
        frame: int64[k], places among the listed frames, ascending.
        sample: int64[k], the nearest of the upload's samples around the time.
        distance: uint16[k], in bits; `NOT_USABLE` where the upload shows nothing that has a hash.
    """

    frame: NDArray[np.int64]
    sample: NDArray[np.int64]
    distance: NDArray[np.int64]


def proposals(listed_ms: NDArray[np.int64], upload_ms: NDArray[np.int64]) -> Iterator[Alignment]:
    """
    Propose alignments that explain many votes.

    Args:
        listed_ms: int64[k], when the listed frame of each vote appears.
        upload_ms: int64[k], when the upload's does.
    """
    chosen = _evenly(len(listed_ms), _MOST_VOTES)
    listed, shown = listed_ms[chosen].astype(np.float64), upload_ms[chosen].astype(np.float64)
    bins, counts = np.unique(np.round((shown - listed) / _BESIDE_MS), return_counts=True)
    for place in np.argsort(-counts, kind="stable")[:_SHIFTS]:
        yield Alignment(1.0, float(bins[place] * _BESIDE_MS))
    yield from _lines(listed, shown)


def _lines(listed: NDArray[np.float64], shown: NDArray[np.float64]) -> Iterator[Alignment]:
    """
    Draw lines through pairs of votes, and give those that most votes lie beside.
    """
    some = _evenly(len(listed), _MOST_IN_PAIRS)
    one, other = np.triu_indices(len(some), 1)
    one, other = some[one], some[other]
    apart = listed[other] - listed[one]
    far = np.abs(apart) >= _APART_MS
    one, other, apart = one[far], other[far], apart[far]
    speed = (shown[other] - shown[one]) / apart
    likely = (speed >= SLOWEST) & (speed <= FASTEST)
    one, speed = one[likely], speed[likely]
    shift = shown[one] - speed * listed[one]
    beside = np.abs(shown - (speed[:, None] * listed + shift[:, None])) <= _BESIDE_MS
    support = beside.sum(axis=1)
    for place in np.argsort(-support, kind="stable")[:_SLOPES]:
        mine = beside[place]
        yield fitted(listed[mine], shown[mine], Alignment(float(speed[place]), float(shift[place])))


def fitted(
    listed_ms: NDArray[np.float64], upload_ms: NDArray[np.float64], before: Alignment
) -> Alignment:
    """
    Fit a line through pairs of times by least squares; *before* where they do not tell of one.
    """
    middle = listed_ms.mean() if len(listed_ms) else 0.0
    spread = listed_ms - middle
    square = float((spread**2).sum())
    if square < _APART_MS**2:
        return before
    speed = float((spread * upload_ms).sum()) / square
    if not SLOWEST <= speed <= FASTEST:
        return before
    return Alignment(speed, float(upload_ms.mean() - speed * middle))


def compare(
    signal: Signal, upload: Upload, view: int, alignment: Alignment, *, reach: int = 1
) -> Compared:
    """
    Put the frames of a listed video beside what the upload shows at their times.

    Args:
        signal: The listed video.
        upload: The upload.
        view: Of the upload.
        alignment: How the times run.
        reach: How many samples before and after are looked at too.
    """
    count = len(upload.at_ms)
    around = np.round((alignment.speed * signal.at_ms + alignment.shift_ms) / EVERY_MS)
    frame = np.flatnonzero((around >= 0) & (around < count))
    steps = around[frame].astype(np.int64)[:, None] + np.arange(-reach, reach + 1)
    samples = np.clip(steps, 0, count - 1)
    bits = np.bitwise_count(signal.words[frame][:, None] ^ upload.words[view][samples])
    distance = bits.sum(axis=2, dtype=np.int64)
    distance[~upload.usable[view][samples]] = NOT_USABLE
    # Of equally near ones the middle, so that what stands still does not pull a line aside.
    ranked = distance * (reach + 1) + np.abs(np.arange(-reach, reach + 1))
    best = ranked.argmin(axis=1)
    rows = np.arange(len(frame))
    return Compared(frame, samples[rows, best], distance[rows, best])


def united(one: Compared, other: Compared) -> Compared:
    """
    Change once from one alignment to another: where both together are nearest.

    Args:
        one: For the beginning or the end of the listed video.
        other: For the rest.
    """
    frames = np.union1d(one.frame, other.frame)
    parts = [_over(part, frames) for part in (one, other)]
    # Far is far: a frame that does not agree counts the same wherever it is.
    costs = [np.minimum(part.distance, _FAR) for part in parts]
    sums = [np.concatenate(([0], np.cumsum(cost))) for cost in costs]
    before = [sums[0] + (sums[1][-1] - sums[1]), sums[1] + (sums[0][-1] - sums[0])]
    first = 0 if before[0].min() <= before[1].min() else 1
    turn = int(before[first].argmin())
    early, late = parts[first], parts[1 - first]
    pairs = zip(early[1:], late[1:], strict=True)
    sample, distance = (np.concatenate([a[:turn], b[turn:]]) for a, b in pairs)
    return Compared(frames, sample, distance)


def _over(part: Compared, frames: NDArray[np.int64]) -> Compared:
    """
    Spread what was compared over more frames; those that it lacks are not usable.
    """
    places = np.searchsorted(frames, part.frame)
    sample = np.zeros(len(frames), np.int64)
    distance = np.full(len(frames), NOT_USABLE, np.int64)
    sample[places], distance[places] = part.sample, part.distance
    return Compared(frames, sample, distance)


def _evenly(count: int, most: int) -> NDArray[np.int64]:
    if count <= most:
        return np.arange(count)
    return np.linspace(0, count - 1, most).astype(np.int64)
