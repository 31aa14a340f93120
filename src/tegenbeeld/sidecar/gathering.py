"""
Questions that come in at the same time, looked up together.

The index needs less time per hash the more hashes it is given at once. So while a search is going
on, further questions gather, and the next search takes all of them. Nobody waits for others to
come: a question that finds nothing going on is looked up at once, by itself.
"""

import os
import threading
from collections.abc import Callable

import numpy as np

from tegenbeeld import pdq
from tegenbeeld.pdq.index import Matches

ENOUGH = 4096
"""Hashes in one search from which more no longer help."""

Search = Callable[[pdq.Words, int], Matches]


def cores() -> int:
    """
    How many cores this process may use.
    """
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class _Question:
    """
    One question that waits.
    """

    __slots__ = ("error", "found", "max_distance", "woken", "words")

    def __init__(self, words: pdq.Words, max_distance: int) -> None:
        self.words = words
        self.max_distance = max_distance
        self.found: Matches | None = None
        self.error: Exception | None = None
        self.woken = threading.Lock()
        self.woken.acquire()


class Gatherer:
    """
    Looks questions up together. Shared between all threads.
    """

    def __init__(self, *, at_once: int | None = None) -> None:
        """
        Begin with nothing to do.

        Args:
            at_once: Searches at the same time; None for one on each core.
        """
        self._lock = threading.Lock()
        self._free = at_once or cores()
        self._waiting: list[_Question] = []

    def search(self, search: Search, words: pdq.Words, *, max_distance: int) -> Matches:
        """
        Find what is near each of *words*, perhaps together with what others ask.

        Args:
            search: What to ask; the same for everybody.
            words: uint64[n, 4].
            max_distance: In bits, inclusive.
        """
        if len(words) >= ENOUGH:
            return search(words, max_distance)
        mine = _Question(words, max_distance)
        with self._lock:
            must_wait = not self._free
            if must_wait:
                self._waiting.append(mine)
            else:
                self._free -= 1
        together = [mine]
        if must_wait:
            mine.woken.acquire()
            if mine.found is not None:
                return mine.found
            if mine.error is not None:
                raise mine.error
            # Woken without an answer: it is this thread's turn to search, for all that wait.
            together = self._taken(mine)
        try:
            return _searched(search, together)
        finally:
            self._pass_on()

    def _taken(self, mine: _Question) -> list[_Question]:
        """
        Take what waits and goes together with *mine*, which was taken already.
        """
        together = [mine]
        left: list[_Question] = []
        count = len(mine.words)
        with self._lock:
            for other in self._waiting:
                fits = other.max_distance == mine.max_distance and count < ENOUGH
                (together if fits else left).append(other)
                count += len(other.words) if fits else 0
            self._waiting = left
        return together

    def _pass_on(self) -> None:
        """
        Let the next one search, if somebody waits.
        """
        with self._lock:
            if self._waiting:
                self._waiting.pop(0).woken.release()
            else:
                self._free += 1


def _searched(search: Search, together: list[_Question]) -> Matches:
    """
    Search for several questions; wake all but the first.

    Returns:
        What the first one found.
    """
    first, *others = together
    if not others:
        return search(first.words, first.max_distance)
    try:
        words = np.concatenate([question.words for question in together])
        found = search(words, first.max_distance)
        starts = np.cumsum([0, *(len(question.words) for question in together)])
        cuts = np.searchsorted(found.query, starts).tolist()
        for number, question in enumerate(together):
            rows = slice(cuts[number], cuts[number + 1])
            question.found = Matches(
                found.query[rows] - starts[number], found.key[rows], found.distance[rows]
            )
    except Exception as error:
        for question in others:
            question.error = error
        raise
    finally:
        for question in others:
            question.woken.release()
    assert first.found is not None
    return first.found
