"""
Questions that are looked up together.
"""

import random
import threading
from collections.abc import Callable

import numpy as np
import pytest

from tegenbeeld import pdq
from tegenbeeld.pdq.index import HashIndex, Matches
from tegenbeeld.sidecar.gathering import ENOUGH, Gatherer


@pytest.fixture
def index() -> HashIndex:
    """
    An index of a hundred hashes near to each other.
    """
    made = HashIndex.in_memory()
    made.add(np.arange(100, dtype=np.uint64), near(range(100)))
    return made


def near(numbers: range) -> pdq.Words:
    """
    A hash for each number; all of them within 31 bits of each other.
    """
    words = np.zeros((len(numbers), 4), np.uint64)
    words[:, 0] = np.array(numbers, np.uint64) + np.uint64(0xF0F0 << 40)
    return words


def together(count: int, ask: Callable[[int], None]) -> None:
    """
    Call *ask* in so many threads at once.
    """
    threads = [threading.Thread(target=ask, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()


@pytest.mark.parametrize("at_once", [1, 3])
def test_search_when_many_ask_at_once(index: HashIndex, at_once: int) -> None:
    """
    Everybody gets what they would have got alone, with the bound they asked for.
    """
    gatherer = Gatherer(at_once=at_once)
    sizes: list[int] = []
    wrong: list[int] = []

    def search(words: pdq.Words, bound: int) -> Matches:
        sizes.append(len(words))
        return index.search_many(words, max_distance=bound)

    def ask(number: int) -> None:
        choice = random.Random(number)
        for _ in range(30):
            first, bound = choice.randrange(150), choice.choice([0, 2, 31])
            words = near(range(first, first + choice.randrange(5)))
            found = gatherer.search(search, words, max_distance=bound)
            expected = index.search_many(words, max_distance=bound)
            if not all(np.array_equal(*pair) for pair in zip(found, expected, strict=True)):
                wrong.append(first)

    together(12, ask)
    assert not wrong
    assert len(sizes) <= 12 * 30
    assert gatherer._free == at_once
    assert not gatherer._waiting


def test_search_when_others_wait_takes_them_along(index: HashIndex) -> None:
    """
    What comes in during a search is looked up in one search afterwards; no more than enough.
    """
    gatherer = Gatherer(at_once=1)
    may_go_on = threading.Event()
    sizes: list[int] = []

    def search(words: pdq.Words, bound: int) -> Matches:
        sizes.append(len(words))
        may_go_on.wait(30)
        return index.search_many(words, max_distance=bound)

    def ask(number: int) -> None:
        gatherer.search(search, near(range(number, number + 2)), max_distance=31)

    waiting = threading.Thread(target=together, args=(9, ask))
    waiting.start()
    while len(gatherer._waiting) < 8:
        threading.Event().wait(0.01)
    may_go_on.set()
    waiting.join()
    assert sizes == [2, 16]


def test_search_when_it_fails_tells_everybody(index: HashIndex) -> None:
    """
    An error reaches all whose questions were in that search, and nobody waits for ever.
    """
    gatherer = Gatherer(at_once=1)
    failed: list[int] = []

    def search(_words: pdq.Words, _bound: int) -> Matches:
        threading.Event().wait(0.01)
        raise MemoryError

    def ask(number: int) -> None:
        try:
            gatherer.search(search, near(range(number, number + 1)), max_distance=31)
        except MemoryError:
            failed.append(number)

    together(10, ask)
    assert sorted(failed) == list(range(10))
    assert gatherer._free == 1
    words = near(range(3))
    found = gatherer.search(
        lambda words, bound: index.search_many(words, max_distance=bound), words, max_distance=0
    )
    assert found.key.tolist() == [0, 1, 2]


def test_search_when_there_is_enough_already(index: HashIndex) -> None:
    """
    A large question waits for nobody.
    """
    gatherer = Gatherer(at_once=1)
    gatherer._free = 0
    found = gatherer.search(
        lambda words, bound: index.search_many(words, max_distance=bound),
        np.repeat(near(range(500, 501)), ENOUGH, axis=0),
        max_distance=0,
    )
    assert len(found.key) == 0
