"""
When an upload is a copy of a listed video: the rule, given both beside each other.

The numbers and their reasons are in spec/video.md §7.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tegenbeeld import pdq
from tegenbeeld.kit.videos.alignment import Alignment, Compared
from tegenbeeld.kit.videos.frames import Signal
from tegenbeeld.kit.videos.upload import EVERY_MS, Upload

LOOSE_DISTANCE = 60
"""
Largest distance, in bits, at which a frame agrees that is nearer than the video's other frames.
"""

STILL_DISTANCE = 20
"""
The same where nothing moves, so that order and time tell nothing.
"""

LEAST_SHARE = 0.6
"""
Of the frames that both should show, so many agree.
"""

LEAST_COVER = 0.5
"""
Of one of the two, the listed video or the upload, both show so much.
"""

FEWEST_DISTINCT = 3
"""
So many frames agree that differ from each other like different pictures.
"""

FEWEST_NEAR = 1
"""
So many agree within the distance of a photo.
"""

STILL_SHARE = 0.8
"""
Where there are fewer distinct frames: share of the frames that agree, and cover.
"""

EXCERPT_MS = 30_000
EXCERPT_DISTINCT = 12
"""
An excerpt among other scenes counts if it is so long, and as lively as this.
"""

_MOST_REFERENCES = 64
_MOST_DISTINCT = 16


class Verdict(NamedTuple):
    """
    What the rule says.

    Attributes:
        is_match: Whether the upload is a copy.
        agreed: Frames that agree.
        compared: Frames that both should show.
        distance: Median of those that agree, in bits.
    """

    is_match: bool
    agreed: int
    compared: int
    distance: int


def judge(
    signal: Signal, upload: Upload, view: int, alignment: Alignment, compared: Compared
) -> Verdict:
    """
    Decide whether an upload is a copy of a listed video.

    Args:
        signal: The listed video.
        upload: The upload.
        view: Of the upload.
        alignment: How the times run.
        compared: The two beside each other.
    """
    agrees = _agrees(signal, upload, view, compared)
    count, total = int(agrees.sum()), len(agrees)
    if not count:
        return Verdict(is_match=False, agreed=0, compared=total, distance=0)
    is_match = _is_copy(signal, upload, alignment, compared, agrees) or _is_excerpt(
        signal, compared, agrees
    )
    distance = int(np.median(compared.distance[agrees]))
    return Verdict(is_match, count, total, distance)


def _agrees(signal: Signal, upload: Upload, view: int, compared: Compared) -> NDArray[np.bool_]:
    """
    Tell which frames agree: near, or nearer to what is shown than the video's other pictures are.
    """
    near = compared.distance <= pdq.MAX_DISTANCE
    loose = np.flatnonzero(~near & (compared.distance <= LOOSE_DISTANCE))
    if not len(loose):
        return near
    step = max(1, len(signal.words) // _MOST_REFERENCES)
    references = signal.words[::step]
    mine = signal.words[compared.frame[loose]]
    shown = upload.words[view][compared.sample[loose]]
    others = _distances(mine, references) > pdq.MAX_DISTANCE
    away = np.where(others, _distances(shown, references), 0)
    further = away > compared.distance[loose][:, None]
    is_nearest = (further | ~others).all(axis=1) & others.any(axis=1)
    agrees = near.copy()
    agrees[loose] = is_nearest
    return agrees


def _is_copy(
    signal: Signal,
    upload: Upload,
    alignment: Alignment,
    compared: Compared,
    agrees: NDArray[np.bool_],
) -> bool:
    of_listed = len(compared.frame) / len(signal.words)
    of_upload = _shown_ms(signal, upload, alignment) / _length_ms(upload)
    frames = signal.words[compared.frame[agrees]]
    near = compared.distance <= pdq.MAX_DISTANCE
    if _distinct(frames) >= FEWEST_DISTINCT:
        return (
            agrees.mean() >= LEAST_SHARE
            and max(of_listed, of_upload) >= LEAST_COVER
            and int(near.sum()) >= FEWEST_NEAR
        )
    if _distinct(signal.words) < FEWEST_DISTINCT:
        # A listed video in which nothing moves.
        still = compared.distance <= STILL_DISTANCE
        return bool(still.mean() >= STILL_SHARE and of_listed >= STILL_SHARE)
    # An upload so short that it shows two pictures of the listed video.
    return bool(
        near.mean() >= STILL_SHARE
        and of_upload >= STILL_SHARE
        and _distinct(frames) >= FEWEST_DISTINCT - 1
    )


def _is_excerpt(signal: Signal, compared: Compared, agrees: NDArray[np.bool_]) -> bool:
    """
    Tell whether some stretch between other scenes agrees that is long and lively enough.

    The stretch with the highest sum, where a frame that agrees adds 1 and another takes 1.5 away,
    as six in ten have to agree: 0.6 · 1 = 0.4 · 1.5.
    """
    sums = np.concatenate(([0.0], np.cumsum(np.where(agrees, 1.0, -1.5))))
    rises = sums - np.minimum.accumulate(sums)
    end = int(rises.argmax())
    start = int(sums[: end + 1].argmin())
    stretch = slice(start, end)
    times = signal.at_ms[compared.frame[stretch]]
    if not len(times) or times[-1] - times[0] < EXCERPT_MS:
        return False
    frames = signal.words[compared.frame[stretch][agrees[stretch]]]
    is_near = (compared.distance[stretch] <= pdq.MAX_DISTANCE).any()
    return bool(is_near) and _distinct(frames) >= EXCERPT_DISTINCT


def _length_ms(upload: Upload) -> int:
    return int(upload.at_ms[-1]) + EVERY_MS


def _shown_ms(signal: Signal, upload: Upload, alignment: Alignment) -> float:
    """
    Measure how long the upload shows the time of the listed video.
    """
    first, last = (alignment.speed * signal.at_ms[[0, -1]] + alignment.shift_ms).tolist()
    # The last frame stands for the second that it was taken for.
    shown: float = min(last + 1000, _length_ms(upload)) - max(first, 0.0)
    return max(0.0, shown)


def _distinct(words: pdq.Words) -> int:
    """
    Count hashes that are all further from each other than a match, up to `_MOST_DISTINCT`.
    """
    left = words
    count = 0
    while len(left) and count < _MOST_DISTINCT:
        count += 1
        left = left[_distances(left[:1], left)[0] > pdq.MAX_DISTANCE]
    return count


def _distances(some: pdq.Words, others: pdq.Words) -> NDArray[np.int64]:
    """
    Count the bits between each of uint64[n, 4] and each of uint64[m, 4]: int64[n, m].
    """
    bits = np.bitwise_count(some[:, None] ^ others[None])
    counts: NDArray[np.int64] = bits.sum(axis=2, dtype=np.int64)
    return counts
