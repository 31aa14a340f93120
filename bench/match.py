"""
How fast hashes are matched, against the `threatexchange` package's `PDQIndex` and faiss.

    python bench/match.py [--size 1M] [--batch 10000] [--rounds 7] [--no-peers] [--json]

All in one process and one thread, in turns, so that noise on the machine meets each of them; the
figures to trust are the medians of the ratios. 99 % of the queries match nothing, 1 % are a listed
hash with 0 to 31 bits turned. Answers are compared before anything is timed. `PDQIndex` gets huge
pages (glibc.malloc.hugetlb=1) and, because it is slow, a sample of the batch; its time is given per
query. With `--json` the last line is one JSON object.
"""

from index_bench import Figures, report, size_of, start_with

if __name__ == "__main__":
    start_with(
        {
            "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
        }
    )

import argparse
import statistics
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import faiss
import numpy as np
from threatexchange.signal_type.pdq.pdq_index import PDQIndex

from tegenbeeld.pdq.index import HashIndex

MAX_DISTANCE = 31
SINGLE_CALLS = 200
AT_ONCE = 10_000_000
Found = set[tuple[int, int, int]]


class Data(NamedTuple):
    listed: np.ndarray
    queries: np.ndarray
    planted: np.ndarray


class Peers(NamedTuple):
    tx: PDQIndex[int]
    flat: faiss.IndexBinaryFlat
    build_s: float

    @property
    def inner(self) -> Any:  # faiss tells mypy little of its classes
        return self.tx.index.faiss_index


def make(size: int, batch: int) -> Data:
    rng = np.random.default_rng(1)
    listed = rng.integers(0, 2**64, (size, 4), dtype=np.uint64)
    queries = rng.integers(0, 2**64, (batch, 4), dtype=np.uint64)
    planted = np.arange(0, batch, 100)
    for number, row in enumerate(planted):
        bits = np.zeros(256, np.uint8)
        bits[rng.choice(256, number % (MAX_DISTANCE + 1), replace=False)] = 1
        turned = np.packbits(bits).view(np.uint64)
        queries[row] = listed[rng.integers(size)] ^ turned
    return Data(listed, queries, planted)


def as_bytes(words: np.ndarray) -> np.ndarray:
    return words.astype(">u8").view(np.uint8).reshape(-1, 32)


def as_texts(words: np.ndarray) -> list[str]:
    return [row.tobytes().hex() for row in as_bytes(words)]


def seconds(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def median_us(search: Callable[[str], object], texts: list[str]) -> float:
    return statistics.median(seconds(partial(search, text)) for text in texts) * 1e6


def fill(index: HashIndex, keys: np.ndarray, words: np.ndarray) -> None:
    """
    Add in parts that fit into memory twice, then merge.
    """
    for first in range(0, len(keys), AT_ONCE):
        part = slice(first, first + AT_ONCE)
        index.add(keys[part], words[part])
        index.flush(1)
    while index.merge_once():
        pass


def build(data: Data, folder: Path) -> Figures:
    """
    Build an index on disk and open it again.
    """
    keys = np.arange(len(data.listed), dtype=np.uint64)
    some = slice(AT_ONCE)
    in_memory_s = seconds(lambda: HashIndex.in_memory().add(keys[some], data.listed[some]))
    with HashIndex.open(folder, writable=True) as index:
        build_s = seconds(lambda: fill(index, keys, data.listed))
    opened: list[HashIndex] = []
    reopen_s = seconds(lambda: opened.append(HashIndex.open(folder)))
    size = sum(path.stat().st_size for path in folder.iterdir())
    return {
        "build_s": round(in_memory_s, 3),
        "build_and_write_s": round(build_s, 3),
        "reopen_s": round(reopen_s, 4),
        "bytes_per_hash": round(size / len(data.listed), 1),
    }


def build_peers(data: Data) -> Peers:
    texts = as_texts(data.listed)
    start = time.perf_counter()
    index = PDQIndex(list(zip(texts, range(len(texts)), strict=True)))
    build_s = time.perf_counter() - start
    flat = faiss.IndexBinaryFlat(256)
    flat.add(as_bytes(data.listed))
    return Peers(index, flat, build_s)


def faiss_found(answer: tuple[np.ndarray, np.ndarray, np.ndarray]) -> Found:
    limits, distances, rows = answer
    counts = limits[1:].astype(np.int64) - limits[:-1].astype(np.int64)
    queries = np.repeat(np.arange(len(counts)), counts)
    return set(zip(queries.tolist(), rows.tolist(), distances.astype(int).tolist(), strict=True))


def our_found(index: HashIndex, queries: np.ndarray) -> Found:
    found = index.search_many(queries)
    return set(zip(found.query.tolist(), found.key.tolist(), found.distance.tolist(), strict=True))


def check(index: HashIndex, peers: Peers, data: Data, sample: np.ndarray) -> float:
    """
    Compare all answers with each other, then give the share of planted hashes that ours finds.
    """
    queries = data.queries[sample]
    ours = our_found(index, queries)
    raw = as_bytes(queries)
    assert ours == faiss_found(peers.flat.range_search(raw, MAX_DISTANCE + 1))
    # What `query` sets for a distance of 31.
    peers.inner.index.nflip = 1
    assert ours == faiss_found(peers.inner.range_search(raw, MAX_DISTANCE + 1))
    for number, text in enumerate(as_texts(queries[:20])):
        alone = {(number, m.metadata, m.similarity_info.distance) for m in peers.tx.query(text)}
        assert alone == {(number, key, far) for key, far in index.search_hex(text)}
        assert alone == {match for match in ours if match[0] == number}
    return len({match[0] for match in our_found(index, data.queries[data.planted])}) / len(
        data.planted
    )


def sample_of(data: Data, count: int) -> np.ndarray:
    """
    Give rows of the batch: the first ones, with one planted in a hundred as in the whole.
    """
    return np.arange(min(count, len(data.queries)))


def medians(rounds: list[Figures]) -> Figures:
    figures: Figures = {}
    for name in rounds[0]:
        values = [one[name] for one in rounds]
        digits = 1 if name.startswith("ratio") else 2
        figures[name] = round(statistics.median(values), digits)
        if name.startswith("ratio"):
            figures[f"{name}_least"] = round(min(values), digits)
            figures[f"{name}_most"] = round(max(values), digits)
    return figures


def one_round(
    index: HashIndex, peers: Peers | None, data: Data, peer_rows: np.ndarray, number: int
) -> Figures:
    batch = len(data.queries)
    # Ten milliseconds are short beside what else a machine does, so a round has several.
    times = [seconds(lambda: index.search_many(data.queries)) for _ in range(5)]
    ours = statistics.median(times) / batch * 1e6
    rng = np.random.default_rng(number)
    texts = as_texts(data.queries[rng.choice(batch, min(SINGLE_CALLS, batch), replace=False)])
    single = median_us(index.search_hex, texts)
    figures = {"batch_us": ours, "single_us": single}
    if peers is None:
        return figures
    raw = as_bytes(data.queries[peer_rows])
    inner, flat = peers.inner, peers.flat
    inner_us = seconds(lambda: inner.range_search(raw, MAX_DISTANCE + 1)) / len(raw) * 1e6
    flat_us = seconds(lambda: flat.range_search(raw, MAX_DISTANCE + 1)) / len(raw) * 1e6
    alone = median_us(peers.tx.query, texts[:50])
    return figures | {
        "tx_batch_us": inner_us,
        "flat_batch_us": flat_us,
        "tx_single_us": alone,
        "ratio_tx_batch": inner_us / ours,
        "ratio_flat_batch": flat_us / ours,
        "ratio_tx_single": alone / single,
    }


def measured(arguments: argparse.Namespace, folder: Path) -> Figures:
    size = size_of(arguments.size)
    faiss.omp_set_num_threads(1)
    data = make(size, arguments.batch)
    figures: Figures = {"size": size, "batch": arguments.batch, **build(data, folder)}
    peers = None if arguments.no_peers else build_peers(data)
    peer_rows = sample_of(data, max(200, min(arguments.batch, 200_000_000 // size)))
    with HashIndex.open(folder) as index:
        if peers is not None:
            figures["recall"] = check(index, peers, data, peer_rows)
            figures |= {"peer_queries": len(peer_rows), "tx_build_s": round(peers.build_s, 1)}
        one_round(index, peers, data, peer_rows[:20], 0)
        rounds = [
            one_round(index, peers, data, peer_rows, number + 1)
            for number in range(arguments.rounds)
        ]
    return figures | medians(rounds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--size", default="1M", help="100k, 1M, 10M, 100M or a number")
    parser.add_argument("--batch", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--no-peers", action="store_true", help="only ours")
    report(parser, measured)


if __name__ == "__main__":
    main()
