"""
Hashes that are hard for an index, and the answer that a scan over all of them gives.
"""

import numpy as np

from tegenbeeld.pdq import scan

Found = list[tuple[int, int, int]]


def random_words(count: int, *, seed: int) -> np.ndarray:
    """
    Give hashes without any order: uint64[count, 4].
    """
    return np.random.default_rng(seed).integers(0, 2**64, (count, 4), dtype=np.uint64)


def with_bits(words: np.ndarray, places: np.ndarray) -> np.ndarray:
    """
    Turn bits of one hash: uint64[4]. Bit 0 is the first of the text.
    """
    mask = np.zeros(256, np.uint8)
    mask[places] = 1
    return words ^ np.packbits(mask).view(">u8").astype(np.uint64)


def spread(distances: list[int], *, seed: int) -> np.ndarray:
    """
    Choose bits so that the sixteen substrings differ in so many each.
    """
    rng = np.random.default_rng(seed)
    chosen = [
        16 * number + rng.choice(16, count, replace=False) for number, count in enumerate(distances)
    ]
    return np.concatenate(chosen).astype(np.int64)


def worst_spreads(total: int) -> list[list[int]]:
    """
    Give spreads of so many bits over the sixteen substrings that leave a search least to go by.
    """
    even = [total // 16 + (number < total % 16) for number in range(16)]
    chain = [0, 3] * 8
    pairs = [1, 3] * 8
    steep = [0, 4] * 8
    found = [even, even[::-1], [min(16, max(0, total - 16 * number)) for number in range(16)]]
    for pattern in (chain, pairs, steep, [2] * 16, [1, 2, 3, 2] * 4):
        turned = [np.roll(pattern, turn).tolist() for turn in range(16)]
        found += [_trimmed(one, total) for one in turned]
    return found


def _trimmed(spread_over: list[int], total: int) -> list[int]:
    left = list(spread_over)
    place = 0
    while sum(left) != total:
        step = 1 if sum(left) < total else -1
        if 0 <= left[place] + step <= 16:
            left[place] += step
        place = (place + 5) % 16
    return left


def by_scan(
    queries: np.ndarray, keys: np.ndarray, words: np.ndarray, max_distance: int = 31
) -> Found:
    """
    Look at every hash: (query, key, distance), sorted by query, distance and key.
    """
    found: Found = []
    for number, query in enumerate(queries):
        rows, far = scan(query, words, max_distance=max_distance)
        found += [(number, int(keys[r]), int(d)) for r, d in zip(rows, far, strict=True)]
    return sorted(found, key=lambda match: (match[0], match[2], match[1]))
