"""
How searches fare while the list changes.

    python bench/update.py [--size 1M] [--rate 1000] [--seconds 20] [--json]

One thread adds and withdraws at the given rate, in steps of ten a hundredth of a second apart; one
flushes every second and merges. Meanwhile the main thread searches one hash at a time, and after
each step of changes another looks how long it takes until the newest hash is matched and the newest
withdrawal is not. Last come the same searches with nothing else going on.
"""

import argparse
import threading
import time
from pathlib import Path

import numpy as np
from index_bench import Figures, report, size_of

from tegenbeeld.pdq.index import HashIndex

STEPS_PER_SECOND = 100


def text_of(words: np.ndarray) -> str:
    return words.astype(">u8").tobytes().hex()


class Changes:
    """
    Adds and withdraws, half and half, and measures from each step until a search shows it.
    """

    def __init__(self, index: HashIndex, rate: int, size: int) -> None:
        self.index, self.done = index, threading.Event()
        self.count = max(1, rate // STEPS_PER_SECOND // 2)
        self.size, self.step = size, 0
        self.until_matchable_ms: list[float] = []
        self.late_steps = 0

    def run(self) -> None:
        rng = np.random.default_rng(2)
        due = time.perf_counter()
        while not self.done.is_set():
            due += 1 / STEPS_PER_SECOND
            pause = due - time.perf_counter()
            self.late_steps += pause < 0
            time.sleep(max(0, pause))
            self._change(rng.integers(0, 2**64, (self.count, 4), dtype=np.uint64))

    def _change(self, words: np.ndarray) -> None:
        first = self.size + self.step * self.count
        gone = np.arange(self.step * self.count, (self.step + 1) * self.count, dtype=np.uint64)
        start = time.perf_counter()
        self.index.add(np.arange(first, first + self.count, dtype=np.uint64), words)
        self.index.withdraw(gone)
        assert self.index.search_hex(text_of(words[-1])) == [(first + self.count - 1, 0)]
        self.until_matchable_ms.append((time.perf_counter() - start) * 1000)
        self.step += 1

    def keep_house(self) -> None:
        while not self.done.wait(1):
            self.index.flush(self.step)
            while self.index.merge_once():
                pass


def searched(index: HashIndex, texts: list[str], duration_s: float) -> np.ndarray:
    times = []
    end = time.perf_counter() + duration_s
    while time.perf_counter() < end:
        for text in texts:
            start = time.perf_counter()
            index.search_hex(text)
            times.append(time.perf_counter() - start)
    return np.array(times) * 1e6


def figures_of(name: str, times: np.ndarray, digits: int = 1) -> Figures:
    return {
        f"{name}_p50": round(float(np.percentile(times, 50)), digits),
        f"{name}_p99": round(float(np.percentile(times, 99)), digits),
        f"{name}_worst": round(float(times.max()), digits),
    }


def measured(arguments: argparse.Namespace, folder: Path) -> Figures:
    size = size_of(arguments.size)
    rng = np.random.default_rng(1)
    index = HashIndex.open(folder, writable=True)
    words = rng.integers(0, 2**64, (size, 4), dtype=np.uint64)
    index.add(np.arange(size, dtype=np.uint64), words)
    del words
    index.flush(0)
    queries = rng.integers(0, 2**64, (500, 4), dtype=np.uint64)
    texts = [text_of(row) for row in queries]
    changes = Changes(index, arguments.rate, size)
    threads = [threading.Thread(target=work) for work in (changes.run, changes.keep_house)]
    for thread in threads:
        thread.start()
    busy = searched(index, texts, arguments.seconds)
    changes.done.set()
    for thread in threads:
        thread.join()
    while index.merge_once():
        pass
    quiet = searched(index, texts, 2)
    index.close()
    return {
        "size": size,
        "changes_per_second": round(2 * changes.count * changes.step / arguments.seconds),
        "late_steps": changes.late_steps,
        **figures_of("search_us", busy),
        **figures_of("quiet_us", quiet),
        **figures_of("until_matchable_ms", np.array(changes.until_matchable_ms), 3),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--size", default="1M", help="100k, 1M, 10M or a number")
    parser.add_argument("--rate", type=int, default=1000, help="changes per second")
    parser.add_argument("--seconds", type=float, default=20)
    report(parser, measured)


if __name__ == "__main__":
    main()
