"""
Distances and the exact scan, against plain counting of bits.
"""

import numpy as np
import pytest

from tegenbeeld.errors import ShapeError
from tegenbeeld.pdq import MAX_DISTANCE, PdqHash, distance, distances, pack, scan

# One block of the scan is 65 536 rows; these straddle its end.
ROWS = 65_536 + 70


def random_hashes(count: int, *, seed: int) -> list[PdqHash]:
    """
    Give *count* random hashes.
    """
    content = np.random.default_rng(seed).bytes(32 * count)
    return [PdqHash(content[at : at + 32]) for at in range(0, len(content), 32)]


def turned(value: PdqHash, bits: int) -> PdqHash:
    """
    Give the hash at a distance of *bits*, spread over all four words.
    """
    mask = sum(1 << place * 77 % 256 for place in range(bits))
    return PdqHash((int.from_bytes(value.value, "big") ^ mask).to_bytes(32, "big"))


def test_pack_puts_the_first_digits_into_word_0() -> None:
    """
    Words are in the order of the text, whatever the machine's own order of bytes is.
    """
    packed = pack([PdqHash.from_hex(f"{1:016x}{2:016x}{3:016x}{4:016x}")])
    assert packed.tolist() == [[1, 2, 3, 4]]
    assert packed.dtype == np.uint64
    assert packed.dtype.isnative


def test_pack_keeps_shape_when_there_are_no_hashes() -> None:
    """
    An empty list can be scanned like any other.
    """
    empty = pack([])
    assert empty.shape == (0, 4)
    rows, near = scan(pack([PdqHash(bytes(32))])[0], empty)
    assert (rows.size, near.size) == (0, 0)
    assert (rows.dtype, near.dtype) == (np.int64, np.uint16)


@pytest.mark.parametrize("bits", [0, 1, 31, 32, 128, 255, 256])
def test_distance_counts_the_bits_that_differ(bits: int) -> None:
    """
    All three ways to a distance agree, up to 256.
    """
    one = random_hashes(1, seed=1)[0]
    other = turned(one, bits)
    assert distance(one, other) == distance(other, one) == bits
    found = distances(pack([one])[0], pack([other]))
    assert found.tolist() == [bits]
    assert found.dtype == np.uint16


def test_scan_finds_all_and_only_those_within_max_distance() -> None:
    """
    The bound is inclusive, and hits on both sides of a block's end are found, nearest first.
    """
    query = random_hashes(1, seed=2)[0]
    stored = pack(random_hashes(ROWS, seed=3))
    planted = {0: 31, 5: 30, 65_535: 32, 65_536: 0, ROWS - 1: 31}
    for row, bits in planted.items():
        stored[row] = pack([turned(query, bits)])[0]
    before = stored.copy()

    rows, near = scan(pack([query])[0], stored)

    assert rows.tolist() == [65_536, 5, 0, ROWS - 1]
    assert near.tolist() == [0, 30, 31, 31]
    assert MAX_DISTANCE == 31
    assert np.array_equal(stored, before)


def test_scan_takes_another_max_distance() -> None:
    """
    0 finds the same hash only; 256 finds everything, sorted as `distances` says.
    """
    stored = pack(random_hashes(500, seed=4))
    rows, near = scan(stored[17], stored, max_distance=0)
    assert (rows.tolist(), near.tolist()) == ([17], [0])
    rows, near = scan(stored[17], stored, max_distance=256)
    every = distances(stored[17], stored)
    assert rows.tolist() == np.argsort(every, kind="stable").tolist()
    assert near.tolist() == sorted(every.tolist())


def test_distances_match_single_ones_when_there_are_several_blocks() -> None:
    """
    Working in blocks changes no distance.
    """
    hashes = random_hashes(ROWS, seed=5)
    found = distances(pack(hashes[:1])[0], pack(hashes))
    sample = range(0, ROWS, 997)
    assert [found[row] for row in sample] == [distance(hashes[0], hashes[row]) for row in sample]


@pytest.mark.parametrize(
    ("query", "stored"),
    [
        (np.zeros((1, 4), np.uint64), np.zeros((2, 4), np.uint64)),
        (np.zeros(4, np.int64), np.zeros((2, 4), np.uint64)),
        (np.zeros(4, np.uint64), np.zeros((2, 3), np.uint64)),
        (np.zeros(4, np.uint64), np.zeros(4, np.uint64)),
        (np.zeros(4, np.uint64), np.zeros((2, 4), np.float64)),
    ],
)
def test_scan_and_distances_refuse_when_shape_or_dtype_is_wrong(
    query: np.ndarray, stored: np.ndarray
) -> None:
    """
    A wrong array is an error, never a wrong distance.
    """
    with pytest.raises(ShapeError, match="pack"):
        scan(query, stored)
    with pytest.raises(ShapeError, match="pack"):
        distances(query, stored)
