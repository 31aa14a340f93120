"""
What an index finds, each entry of the list once.

A video lies in the index with all its frames, and many of them may be near one hash.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from tegenbeeld import pdq
from tegenbeeld.kit.videos.keys import FIRST_FRAME, entries
from tegenbeeld.pdq.index import Matches

_WIDER = 16

Search = Callable[[pdq.Words, int | None], Matches]


def nearest_entries(search: Search, words: pdq.Words, *, most: int | None) -> Matches:
    """
    Find the entries that are near, each by the nearest of its hashes.

    Args:
        search: Finds the nearest hashes, at most so many, of each of some words.
        words: uint64[n, 4].
        most: For each only the nearest so many entries; None for all.

    Returns:
        Keys of the index: of photos, or of the nearest frames of videos. Sorted by query, then by
        distance.
    """
    found = search(words, most)
    once = _once(found)
    if most is None or len(once.key) == len(found.key):
        return once
    # Where frames of one video took all the room, other entries may lie behind them.
    full = np.bincount(found.query, minlength=len(words)) >= most
    short = full & (np.bincount(once.query, minlength=len(words)) < most)
    if not short.any():
        return once
    wider = [_wider(search, words, row, most) for row in np.flatnonzero(short).tolist()]
    return _sorted([_rows(once, ~short[once.query]), *wider])


def _wider(search: Search, words: pdq.Words, row: int, wanted: int) -> Matches:
    """
    Search for one of the words until there are enough entries, or no more.
    """
    most = wanted
    while True:
        most *= _WIDER
        found = search(words[row : row + 1], most)
        once = _once(found)
        if len(once.key) >= wanted or len(found.key) < most:
            kept = Matches(once.query + row, once.key, once.distance)
            return _rows(kept, np.arange(len(once.key)) < wanted)


def _once(found: Matches) -> Matches:
    """
    Keep the nearest hash of each entry for each query.
    """
    if found.key.max(initial=np.uint64(0)) < FIRST_FRAME:
        return found
    of = entries(found.key)
    order = np.lexsort((found.distance, of, found.query))
    query, entry = found.query[order], of[order]
    is_first = np.ones(len(order), np.bool_)
    is_first[1:] = (query[1:] != query[:-1]) | (entry[1:] != entry[:-1])
    if is_first.all():
        return found
    kept = np.zeros(len(order), np.bool_)
    kept[order[is_first]] = True
    return _rows(found, kept)


def _rows(found: Matches, rows: NDArray[np.bool_]) -> Matches:
    return Matches(found.query[rows], found.key[rows], found.distance[rows])


def _sorted(parts: list[Matches]) -> Matches:
    query, key, distance = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.argsort(query, kind="stable")
    return Matches(query[order], key[order], distance[order])
