"""
How much one request may ask, and how much may be going on at once.

Everything beyond is refused at once with 429: a platform can wait better than a queue that nobody
sees.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

from tegenbeeld.errors import RequestRefused
from tegenbeeld.media.limits import MAX_BYTES
from tegenbeeld.media.video.limits import MAX_VIDEO_BYTES

MAX_HASHES = 65_536
"""Most hashes in one request; inclusive."""

MAX_JSON_BYTES = 8 * 1024 * 1024
"""Largest JSON question; inclusive. The largest number of hashes takes 4.4 MB."""

MAX_BINARY_BYTES = 32 * MAX_HASHES
"""Largest binary question; inclusive."""

MAX_AROUND_FILE_BYTES = 64 * 1024
"""Most that may stand around the file of a form; inclusive."""

IN_MEMORY_BYTES = MAX_BYTES + MAX_AROUND_FILE_BYTES
"""Largest body that is kept in memory; inclusive. A picture, and what stands around it."""

MAX_FILE_BYTES = MAX_VIDEO_BYTES + MAX_AROUND_FILE_BYTES
"""Largest body that is taken in at all; inclusive. A video, and what stands around it."""

MAX_MATCHES = 100
"""
Most matches that are given for one hash, picture or video; inclusive. The nearest ones.

A person looks at them, and a list may hold a million copies of one picture.
"""

HASHES_AT_ONCE = 4 * MAX_HASHES
"""Most hashes that are worked on at once, over all requests."""

PICTURES_WAITING = 4
"""Most pictures that wait, for each one that can be worked on."""

VIDEOS_WAITING = 3
"""The same for videos, which take longer, and up to half a gigabyte on the disk each."""

RETRY_AFTER_S = 1


class Busy(RequestRefused):
    """
    Too much is going on already.
    """

    def __init__(self) -> None:
        super().__init__(
            HTTPStatus.TOO_MANY_REQUESTS,
            "busy",
            "Too much is asked at once. Nothing was looked up; ask again in a moment, and less "
            "at the same time.",
        )


class Budget:
    """
    An amount of work that may be going on at once, over all threads.
    """

    def __init__(self, amount: int) -> None:
        self._left = amount
        self._lock = threading.Lock()

    def take(self, amount: int) -> None:
        """
        Begin so much work; `give_back` ends it.

        Raises:
            Busy: There is not so much left.
        """
        with self._lock:
            if amount > self._left:
                raise Busy
            self._left -= amount

    def give_back(self, amount: int) -> None:
        """
        End so much work.
        """
        with self._lock:
            self._left += amount


class Turns:
    """
    Some at a time, some waiting, and no more.
    """

    def __init__(self, *, at_once: int, waiting: int) -> None:
        self._all = Budget(at_once + waiting)
        self._working = threading.Semaphore(at_once)

    @contextmanager
    def place(self) -> Iterator[None]:
        """
        Have a place, at work or in the queue.

        Raises:
            Busy: The queue is full.
        """
        self._all.take(1)
        try:
            yield
        finally:
            self._all.give_back(1)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """
        Wait for one's turn.
        """
        with self._working:
            yield
