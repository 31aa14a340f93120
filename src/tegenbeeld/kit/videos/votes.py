"""
The first look: which frames of an upload are near which hashes of the list.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tegenbeeld import pdq
from tegenbeeld.kit.videos.frames import SAME_BITS
from tegenbeeld.kit.videos.keys import Places, places
from tegenbeeld.kit.videos.listed import Listed
from tegenbeeld.kit.videos.upload import Upload
from tegenbeeld.pdq import ORIENTATIONS

# So many hashes of one upload are looked up, at most. In a list of a million that takes about
# 50 ms. For an hour without bars that is two frames a second in eight orientations.
MOST_LOOKUPS = 57_600

# Looked up at a time: what a search finds lies in memory, and a video in which nothing moves
# finds itself many times over.
_AT_ONCE = 2_048

# Of a scene in which nothing moves, every fourth sample is looked up all the same.
_AT_LEAST_EVERY = 4

# Votes of one video are as good as they get when there are so many. Of one hash only the nearest
# count, as a list may hold a million copies of one picture.
_MOST_VOTES = 200_000
_MOST_OF_EACH = 512


class Votes(NamedTuple):
    """
    Pairs of a frame of the upload and a hash of the list that are at most 31 bits apart.

    Attributes:
        view: int64[k], of the upload.
        sample: int64[k], place among the upload's samples.
        key: uint64[k], of the index.
        distance: uint16[k], in bits.
        place: What the keys stand for.
    """

    view: NDArray[np.int64]
    sample: NDArray[np.int64]
    key: NDArray[np.uint64]
    distance: NDArray[np.uint16]
    place: Places


def votes(listed: Listed, upload: Upload) -> Votes:
    """
    Look an upload up.
    """
    view, sample = _looked_up(upload)
    words = upload.words[view, sample]
    found = list(_search(listed, words))
    row = np.concatenate([part[0] for part in found] or [np.empty(0, np.int64)])
    key = np.concatenate([part[1] for part in found] or [np.empty(0, np.uint64)])
    distance = np.concatenate([part[2] for part in found] or [np.empty(0, np.uint16)])
    return Votes(view[row], sample[row], key, distance, places(key))


def _search(
    listed: Listed, words: pdq.Words
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.uint64], NDArray[np.uint16]]]:
    count = 0
    for first in range(0, len(words), _AT_ONCE):
        some = words[first : first + _AT_ONCE]
        found = listed.search(some, max_distance=pdq.MAX_DISTANCE, most=_MOST_OF_EACH)
        yield found.query + first, found.key, found.distance
        count += len(found.key)
        if count > _MOST_VOTES:
            return


def _looked_up(upload: Upload) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """
    Choose what to look up: int64[m] views and int64[m] samples, in the order of the samples.
    """
    turns = len(ORIENTATIONS)
    chosen = [_changes(upload, view) for view in range(0, len(upload.words), turns)]
    total = turns * sum(len(samples) for samples in chosen)
    step = max(1, -(-total // MOST_LOOKUPS))
    views, samples = [], []
    for part, changed in enumerate(chosen):
        kept = changed[::step]
        views.append(np.tile(np.arange(part * turns, (part + 1) * turns), len(kept)))
        samples.append(np.repeat(kept, turns))
    view, sample = np.concatenate(views), np.concatenate(samples)
    order = np.argsort(sample, kind="stable")
    return view[order], sample[order]


def _changes(upload: Upload, view: int) -> NDArray[np.int64]:
    """
    Find the samples that differ from the one before.
    """
    words = upload.words[view]
    differs = np.ones(len(words), np.bool_)
    bits = np.bitwise_count(words[1:] ^ words[:-1]).sum(axis=1, dtype=np.uint16)
    differs[1:] = bits > SAME_BITS
    differs[::_AT_LEAST_EVERY] = True
    return np.flatnonzero(differs & upload.usable[view])
