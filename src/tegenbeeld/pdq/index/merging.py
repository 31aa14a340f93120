"""
Which segments to merge, and into what.

Each search looks into every segment, so there should be few; each merge writes hashes again, so
there should be few of those too. Sizes that grow by a factor of four keep both small.
"""

from collections.abc import Iterable, Sequence

import numpy as np

from tegenbeeld.pdq.index.rows import Rows
from tegenbeeld.pdq.index.segment import Segment

GROWTH = 4
"""
A segment has at least so many times the hashes of all smaller ones together.
"""

MOST_DEAD = 0.25
"""
The share of withdrawn hashes at which a segment is written anew.
"""


def choose(sizes: Sequence[int]) -> list[int]:
    """
    Choose the segments to merge now.

    Args:
        sizes: Hashes of each.

    Returns:
        Their places, at least two; or none if all is well.
    """
    places = sorted(range(len(sizes)), key=lambda place: sizes[place])
    smaller, count = 0, 0
    for number, place in enumerate(places):
        if number and sizes[place] < GROWTH * smaller:
            count = number + 1
        smaller += sizes[place]
    return places[:count]


def choose_worn(sizes: Sequence[int], dead: Sequence[int]) -> list[int]:
    """
    Choose one segment that holds too many withdrawn hashes, if there is one.
    """
    for place, (size, gone) in enumerate(zip(sizes, dead, strict=True)):
        if gone > MOST_DEAD * size:
            return [place]
    return []


def joined(parts: Iterable[Rows]) -> Rows:
    """
    Put the hashes of several segments into one array, ascending by key.
    """
    several = [part for part in parts if len(part.keys)]
    if len(several) == 1:
        return several[0].ascending()
    keys = np.concatenate([np.empty(0, np.uint64), *(part.keys for part in several)])
    words = np.concatenate([np.empty((0, 4), np.uint64), *(part.words for part in several)])
    return Rows(keys, words).ascending()


def worth_merging(segments: Sequence[Segment]) -> list[Segment]:
    """
    Choose the segments to merge now; none if all is well.
    """
    sizes = [segment.rows for segment in segments]
    chosen = choose(sizes) or choose_worn(sizes, [segment.dead_rows for segment in segments])
    return [segments[place] for place in chosen]


def marked_like(merged: Segment, sources: Sequence[Segment]) -> Segment:
    """
    Withdraw from a merged segment what is withdrawn from its sources.
    """
    live = joined([segment.live() for segment in sources]).keys
    keys = merged.search.keys
    return merged.without(np.flatnonzero(~np.isin(keys, live, assume_unique=True)))
