"""
The index against a scan that looks at every hash: every kernel, hashes nobody chose and hard ones.
"""

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from tegenbeeld.pdq.index import building, kernel
from tegenbeeld.pdq.index.kernel import Reference
from tegenbeeld.pdq.index.parts import Loose
from tegenbeeld.pdq.index.rows import Rows, set_bits
from tegenbeeld.pdq.index.segment import Segment
from testing.near_hashes import (
    Found,
    by_scan,
    random_words,
    spread,
    with_bits,
    worst_spreads,
)

compiled = pytest.importorskip("tegenbeeld.pdq._kernel")

KERNELS = ["avx512", "avx2", "generic", "reference"]
COMPILED = KERNELS[:-1]


@pytest.fixture(autouse=True)
def best_kernel_afterwards() -> Iterator[None]:
    """
    Leave the process as it was.
    """
    yield
    compiled.use("")


def snapshot_of(name: str, keys: np.ndarray, words: np.ndarray) -> kernel.Snapshot:
    """
    Build one segment and search it with one kernel; skip where the processor has not got it.
    """
    if name != "reference" and compiled.use(name) != name:
        pytest.skip(f"this processor has no {name}")
    built = Segment.in_memory(Rows(keys, words)).search
    chosen = Reference() if name == "reference" else compiled
    return chosen.snapshot([chosen.part(*built)], None)


def found_by(snapshot: kernel.Snapshot, queries: np.ndarray, max_distance: int = 31) -> Found:
    """
    Search: (query, key, distance), in the order of the answer.
    """
    kinds = (np.int64, np.uint64, np.uint16)
    columns = snapshot.search_many(queries, max_distance)
    arrays = [np.frombuffer(one, kind) for one, kind in zip(columns, kinds, strict=True)]
    return list(zip(*(array.tolist() for array in arrays), strict=True))


def one_by_one(snapshot: kernel.Snapshot, queries: np.ndarray, max_distance: int = 31) -> Found:
    """
    Search with one call for each query, as text.
    """
    found: Found = []
    for number, query in enumerate(queries):
        text = query.astype(">u8").tobytes().hex()
        found += [(number, *match) for match in snapshot.search_hex(text, max_distance)]
    return found


def ordinary(count: int) -> tuple[np.ndarray, np.ndarray]:
    """
    Give random hashes, and queries of which half are near one of them.
    """
    words = random_words(count, seed=count)
    rng = np.random.default_rng(count + 1)
    queries = random_words(120, seed=count + 2)
    for number in range(0, 120, 2):
        places = rng.choice(256, number // 2 % 34, replace=False)
        queries[number] = with_bits(words[rng.integers(count)], places)
    return words, queries


def clustered(count: int) -> tuple[np.ndarray, np.ndarray]:
    """
    Give hashes around a few centres, and queries near these.
    """
    rng = np.random.default_rng(5)
    centres = random_words(8, seed=6)

    def around(centre: np.ndarray) -> np.ndarray:
        return with_bits(centre, rng.choice(256, rng.integers(0, 40), replace=False))

    words = np.array([around(centres[number % 8]) for number in range(count)])
    return words, np.array([around(centres[number % 8]) for number in range(60)])


def adversarial(total: int) -> tuple[np.ndarray, np.ndarray]:
    """
    Give hashes at one distance from the queries, in the spreads that leave a search least to go by.
    """
    queries = random_words(4, seed=total)
    words = [
        with_bits(query, spread(distances, seed=number))
        for query in queries
        for number, distances in enumerate(worst_spreads(total))
    ]
    return np.array(words), queries


CASES: dict[str, Callable[[], tuple[np.ndarray, np.ndarray]]] = {
    "one": lambda: ordinary(1),
    "nine": lambda: ordinary(9),
    "small": lambda: ordinary(700),
    "medium": lambda: ordinary(30_000),
    "full tables": lambda: ordinary(140_000),
    "clustered": lambda: clustered(4_000),
    "30 bits": lambda: adversarial(30),
    "31 bits": lambda: adversarial(31),
    "32 bits": lambda: adversarial(32),
    "15 bits": lambda: adversarial(15),
    "16 bits": lambda: adversarial(16),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("name", KERNELS)
def test_index_finds_what_a_scan_finds(case: str, name: str) -> None:
    """
    Batch and single search, whatever the hashes: the same matches in the same order.
    """
    words, queries = CASES[case]()
    keys = np.arange(len(words), dtype=np.uint64) * np.uint64(7) + np.uint64(3)
    expected = by_scan(queries, keys, words)
    snapshot = snapshot_of(name, keys, words)
    assert found_by(snapshot, queries) == expected
    assert one_by_one(snapshot, queries) == expected


@pytest.mark.parametrize("name", KERNELS)
def test_index_at_every_distance_finds_what_a_scan_finds(name: str) -> None:
    """
    The bound is inclusive, from 0 to 31.
    """
    words, queries = clustered(1_500)
    keys = np.arange(len(words), dtype=np.uint64)
    snapshot = snapshot_of(name, keys, words)
    for max_distance in range(32):
        expected = by_scan(queries, keys, words, max_distance)
        assert found_by(snapshot, queries, max_distance) == expected
        assert one_by_one(snapshot, queries[:4], max_distance) == [m for m in expected if m[0] < 4]


@pytest.mark.parametrize("name", COMPILED)
def test_adversarial_hashes_among_many_are_found_in_a_large_batch(name: str) -> None:
    """
    The way of going through whole tables, which only many queries take.
    """
    filler = random_words(150_000, seed=3)
    hidden = [adversarial(total) for total in (30, 31, 32, 15, 16)]
    words = np.concatenate([filler, *(case[0] for case in hidden)])
    queries = np.concatenate([random_words(4_000, seed=4), *(case[1] for case in hidden)])
    keys = np.arange(len(words), dtype=np.uint64)
    snapshot = snapshot_of(name, keys, words)
    last = np.arange(4_000, len(queries))
    expected = by_scan(queries[last], keys, words)
    answer = found_by(snapshot, queries)
    assert [(q - 4_000, key, far) for q, key, far in answer if q >= 4_000] == expected
    # The other queries: the way that few queries take must agree.
    assert [match for match in answer if match[0] < 300] == one_by_one(snapshot, queries[:300])
    low = found_by(snapshot, queries, 15)
    assert low == [match for match in answer if match[2] <= 15]


@pytest.mark.parametrize("name", KERNELS)
def test_a_cluster_of_70_000_equal_hashes_is_found_whole(name: str) -> None:
    """
    Every key of it, once, for a query at distance 31; none at 32.
    """
    one = random_words(1, seed=8)
    words = np.concatenate([np.repeat(one, 70_000, axis=0), random_words(5_000, seed=9)])
    keys = np.arange(len(words), dtype=np.uint64)
    near = with_bits(one[0], spread([2] * 15 + [1], seed=1))
    far = with_bits(one[0], spread([2] * 16, seed=1))
    answer = found_by(snapshot_of(name, keys, words), np.array([far, near]))
    assert answer == [(1, key, 31) for key in range(70_000)]


@pytest.mark.parametrize("name", COMPILED[:1])
def test_a_million_equal_hashes_are_found_whole(name: str) -> None:
    """
    Results grow with what there is.
    """
    words = np.repeat(random_words(1, seed=10), 1_000_000, axis=0)
    keys = np.arange(len(words), dtype=np.uint64)
    snapshot = snapshot_of(name, keys, words)
    _, found, distance = snapshot.search_many(words[:1], 31)
    assert (np.frombuffer(found, np.uint64) == keys).all()
    assert not np.frombuffer(distance, np.uint16).any()


@pytest.mark.parametrize("name", KERNELS)
def test_hashes_without_tables_are_found_too(name: str) -> None:
    """
    The newest ones, but for those that are withdrawn.
    """
    words, queries = clustered(500)
    keys = np.arange(500, dtype=np.uint64)
    dead = np.zeros(63, np.uint8)
    set_bits(dead, np.arange(0, 500, 3))
    live = keys[keys % np.uint64(3) != 0]
    if name != "reference" and compiled.use(name) != name:
        pytest.skip(f"this processor has no {name}")
    chosen = Reference() if name == "reference" else compiled
    snapshot = chosen.snapshot([], Loose(500, keys, words, dead))
    assert found_by(snapshot, queries) == by_scan(queries, live, words[live.astype(int)])


@pytest.mark.parametrize("count", [1, 3, 1_000, 70_000])
def test_kernel_and_reference_build_the_same_bytes(
    count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    A segment does not depend on who built it.
    """
    rows = Rows(np.arange(count, dtype=np.uint64), random_words(count, seed=count))
    by_kernel = Segment.in_memory(rows).search.image
    monkeypatch.setattr(building, "KERNEL", Reference())
    assert (Segment.in_memory(rows).search.image == by_kernel).all()
