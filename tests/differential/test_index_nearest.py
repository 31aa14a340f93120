"""
The nearest matches only: always the first of what an unbounded search gives.
"""

import subprocess
import sys
import time
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tegenbeeld.pdq.index import HashIndex, Matches, reference
from tegenbeeld.pdq.index.kernel import Reference
from tegenbeeld.pdq.index.parts import Loose
from tegenbeeld.pdq.index.rows import Rows, empty_marks, set_bits
from tegenbeeld.pdq.index.segment import Segment
from testing.near_hashes import by_scan, random_words, with_bits

compiled = pytest.importorskip("tegenbeeld.pdq._kernel")

KERNELS = ["avx512", "avx2", "generic", "reference"]
CENTRES = random_words(3, seed=1)


@pytest.fixture(autouse=True)
def best_kernel_afterwards() -> Iterator[None]:
    """
    Leave the process as it was.
    """
    yield
    compiled.use("")


def chosen_kernel(name: str) -> object:
    """
    Give a kernel; skip where the processor has not got it.
    """
    if name == "reference":
        return Reference()
    if compiled.use(name) != name:
        pytest.skip(f"this processor has no {name}")
    return compiled


def columns(found: object) -> list[tuple[int, int, int]]:
    """
    Give matches as rows, from a kernel's answer or from the index's.
    """
    kinds = (np.int64, np.uint64, np.uint16)
    arrays = [np.frombuffer(one, kind) for one, kind in zip(found, kinds, strict=True)]  # type: ignore[call-overload]
    return list(zip(*(array.tolist() for array in arrays), strict=True))


def first_of_each(found: list[tuple[int, int, int]], most: int) -> list[tuple[int, int, int]]:
    """
    Keep the first matches of each query.
    """
    seen: dict[int, int] = {}
    kept = []
    for match in found:
        seen[match[0]] = seen.get(match[0], 0) + 1
        if seen[match[0]] <= most:
            kept.append(match)
    return kept


def around(centre: np.ndarray, count: int, *, most_bits: int, seed: int) -> np.ndarray:
    """
    Give hashes near one.
    """
    rng = np.random.default_rng(seed)
    turned = [rng.choice(256, rng.integers(0, most_bits + 1), replace=False) for _ in range(count)]
    return np.array([with_bits(centre, places) for places in turned])


@pytest.mark.parametrize("most", [1, 2, 700, 100_000, 2**70])
@pytest.mark.parametrize("name", KERNELS)
def test_nearest_are_the_first_of_all_in_segments_loose_rows_and_marks(
    name: str, most: int
) -> None:
    """
    A cluster large enough to be cut several times, over two segments and loose hashes.
    """
    kernel = chosen_kernel(name)
    rng = np.random.default_rng(2)
    near = np.concatenate([around(CENTRES[0], 3_000, most_bits=36, seed=3), CENTRES])
    words = near[rng.integers(0, len(near), 160_000)]
    keys = rng.permutation(160_000).astype(np.uint64)
    split = (slice(0, 100_000), slice(100_000, 159_000))
    parts, live = [], np.ones(160_000, np.bool_)
    for rows in split:
        built = Segment.in_memory(Rows(keys[rows], words[rows]).ascending())
        gone = np.arange(0, built.rows, 7)
        built.withdraw(gone)
        live &= ~np.isin(keys, built.search.keys[gone])
        parts.append(kernel.part(*built.search))  # type: ignore[attr-defined]
    dead = empty_marks(1_000)
    set_bits(dead, np.arange(0, 1_000, 3))
    live[159_000::3] = False
    loose = Loose(1_000, keys[159_000:], words[159_000:], dead)
    snapshot = kernel.snapshot(parts, loose)  # type: ignore[attr-defined]
    queries = np.concatenate([CENTRES, near[:5], random_words(2, seed=4)])
    queries = queries if name != "reference" else queries[:4]
    expected = first_of_each(by_scan(queries, keys[live], words[live]), most)
    assert columns(snapshot.search_many(queries, 31, most)) == expected
    text = queries[0].astype(">u8").tobytes().hex()
    alone = [(0, *match) for match in snapshot.search_hex(text, 31, most)]
    assert alone == [match for match in expected if match[0] == 0]


@pytest.mark.parametrize("name", KERNELS[:-1])
def test_large_batches_at_a_giant_cluster_give_what_single_queries_give(name: str) -> None:
    """
    The way of going through whole tables, which gives up in a cluster and compares all.
    """
    kernel = chosen_kernel(name)
    rng = np.random.default_rng(5)
    near = around(CENTRES[0], 500, most_bits=30, seed=6)
    words = np.concatenate([near[rng.integers(0, 500, 30_000)], random_words(100_000, seed=7)])
    built = Segment.in_memory(Rows(np.arange(130_000, dtype=np.uint64), words))
    snapshot = kernel.snapshot([kernel.part(*built.search)], None)  # type: ignore[attr-defined]
    queries = random_words(4_000, seed=8)
    queries[::200] = near[:20]
    queries[1::200] = words[-20:]
    for most in (None, 5):
        batch = columns(snapshot.search_many(queries, 31, most))
        alone = [
            (number, key, far)
            for number in np.flatnonzero(np.arange(4_000) % 200 < 2).tolist()
            for _, key, far in columns(snapshot.search_many(queries[number][None], 31, most))
        ]
        assert [match for match in batch if match[0] % 200 < 2] == alone
        scanned = by_scan(queries[:2], built.search.keys, words)
        expected = scanned if most is None else first_of_each(scanned, most)
        assert [match for match in batch if match[0] < 2] == expected


@settings(max_examples=60, deadline=None)
@given(
    changes=st.lists(
        st.tuples(st.integers(0, 300), st.integers(0, 4_000), st.booleans()), max_size=80
    ),
    most=st.integers(1, 40),
    max_distance=st.integers(0, 31),
)
def test_nearest_of_an_index_that_changes(
    changes: list[tuple[int, int, bool]],
    most: int,
    max_distance: int,
) -> None:
    """
    Segments in memory, loose hashes, withdrawals: each way of asking gives the first of all.
    """
    index = HashIndex.in_memory()
    for key, seed, is_gone in changes:
        run = np.arange(key, key + seed % 90, dtype=np.uint64)
        if is_gone:
            index.withdraw(run)
        else:
            near = around(CENTRES[seed % 3], max(1, len(run)), most_bits=20, seed=seed)
            index.add(run, near[: len(run)])
    everything = columns(index.search_many(CENTRES, max_distance=max_distance))
    found = index.search_many(CENTRES, max_distance=max_distance, most=most)
    assert columns(found) == first_of_each(everything, most)
    one = index.search(CENTRES[0], max_distance=max_distance, most=most)
    text = CENTRES[0].astype(">u8").tobytes().hex()
    pairs = index.search_hex(text, max_distance, most=most)
    assert pairs == list(zip(one.key.tolist(), one.distance.tolist(), strict=True))
    assert columns(one) == [match for match in columns(found) if match[0] == 0]
    eight = np.resize(CENTRES, (8, 4))
    turned = index.search_orientations(eight, max_distance=max_distance, most=most)
    repeated = columns(index.search_many(eight, max_distance=max_distance))
    assert columns(turned) == first_of_each(repeated, most)
    assert isinstance(turned, Matches)


@pytest.mark.parametrize("mark", [9, 64])
def test_reference_that_cuts_often_gives_the_same(
    mark: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    In pieces of any size.
    """
    words = around(CENTRES[0], 900, most_bits=33, seed=9)
    built = Segment.in_memory(Rows(np.arange(900, dtype=np.uint64), words)).search
    snapshot = reference.Snapshot([built], None)
    expected = by_scan(CENTRES[:1], built.keys, words)
    monkeypatch.setattr(reference, "_MARK", mark)
    monkeypatch.setattr(reference, "_PIECE", mark)
    assert columns(snapshot.search_many(CENTRES[:1], 31)) == expected
    for most in (1, 5, 899, 900):
        found = columns(snapshot.search_many(CENTRES[:1], 31, most))
        assert found == first_of_each(expected, most)


def test_two_million_copies_cost_neither_memory_nor_time() -> None:
    """
    A batch of 64 at one giant cluster: its answers alone would take 2 GB if all were kept.
    """
    script = """if True:
        import resource, time
        import numpy as np
        from tegenbeeld.pdq.index import HashIndex
        index = HashIndex.in_memory()
        words = np.repeat(np.arange(4, dtype=np.uint64)[None], 2_000_000, axis=0)
        index.add(np.arange(2_000_000, dtype=np.uint64), words)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        begin = time.monotonic()
        found = index.search_many(words[:64], most=10)
        taken_s = time.monotonic() - begin
        assert found.key.tolist() == list(range(10)) * 64
        grown_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        print(grown_kib, taken_s)
        """
    answer = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True)
    grown_kib, taken_s = (float(number) for number in answer.stdout.split())
    assert grown_kib < 64 << 10
    # It takes 0.1 s; going through 16 tables of two million for each query took 20.
    assert taken_s < 5


def test_few_giant_clusters_are_searched_in_about_the_time_of_a_scan() -> None:
    """
    A million hashes around five centres, all told apart.
    """
    rng = np.random.default_rng(11)
    centres = random_words(5, seed=12)
    words = centres[rng.integers(0, 5, 1_000_000)]
    for _ in range(6):
        turned = np.uint64(1) << rng.integers(0, 64, 1_000_000).astype(np.uint64)
        words[np.arange(1_000_000), rng.integers(0, 4, 1_000_000)] ^= turned
    index = HashIndex.in_memory()
    index.add(np.arange(1_000_000, dtype=np.uint64), words)
    begin = time.monotonic()
    found = index.search_many(np.resize(centres, (100, 4)), most=3)
    assert time.monotonic() - begin < 10
    far = np.bitwise_count(words ^ centres[0]).sum(axis=1)
    nearest = np.lexsort((np.arange(1_000_000), far))[:3]
    assert found.key[:3].tolist() == nearest.tolist()
    assert found.distance[:3].tolist() == far[nearest].tolist()
    assert len(index.search(centres[0]).key) == (far <= 31).sum()


@pytest.mark.parametrize("name", ["kernel", "reference"])
@pytest.mark.parametrize("most", [0, -1, -(2**70), True, False])
def test_most_below_one_is_refused(name: str, most: int) -> None:
    """
    None means all; nothing else does.
    """
    snapshot = (compiled if name == "kernel" else Reference()).snapshot([], None)
    with pytest.raises(ValueError, match="most is 1 or more"):
        snapshot.search_many(CENTRES, 31, most)
    with pytest.raises(ValueError, match="most is 1 or more"):
        snapshot.search_hex("0" * 64, 31, most)


@pytest.mark.parametrize("name", ["kernel", "reference"])
@pytest.mark.parametrize("number", [1.5, "3", 3.0])
def test_limits_that_are_no_whole_numbers_are_refused(name: str, number: object) -> None:
    """
    Neither is rounded.
    """
    snapshot = (compiled if name == "kernel" else Reference()).snapshot([], None)
    for limits in ((number,), (31, number)):
        with pytest.raises(TypeError):
            snapshot.search_many(CENTRES, *limits)
        with pytest.raises(TypeError):
            snapshot.search_hex("0" * 64, *limits)
