"""
Pictures that strangers send, to hashes: each is looked at in the sandbox, never in this process.
"""

import os
import threading
from pathlib import Path
from typing import Self

from tegenbeeld import pdq
from tegenbeeld.kit.hashing import ViewedPicture
from tegenbeeld.kit.looking import COPIES, EXACT, FAST, JOB, read_answer
from tegenbeeld.media.sandbox import Limits, Sandbox
from tegenbeeld.media.sources import read_bytes


class PictureHasher:
    """
    Hashes pictures in child processes that can do next to nothing. Threads may share one.

    The processes start with the first picture. What one picture may cost: `media.sandbox.Limits`.
    """

    def __init__(
        self,
        *,
        workers: int | None = None,
        waiting: int | None = None,
        limits: Limits | None = None,
    ) -> None:
        """
        Say how much may go on at once; nothing is started yet.

        Args:
            workers: Pictures at once; one for each processor if not given. Each may take 2 GiB.
            waiting: Calls that may wait; four for each worker if not given.
            limits: What one picture may cost.

        Raises:
            SandboxUnavailable: This system cannot hold a sandbox, as Windows.
        """
        self._sandbox = Sandbox(JOB, workers=workers, waiting=waiting, limits=limits)

    def __enter__(self) -> Self:
        """
        Use it for the length of a `with` block.
        """
        return self

    def __exit__(self, *_: object) -> None:
        """
        End its processes.
        """
        self.close()

    @property
    def workers(self) -> int:
        """
        Pictures that are looked at at once.
        """
        return self._sandbox.workers

    @property
    def protections(self) -> tuple[str, ...]:
        """
        What holds its processes back on this machine.
        """
        return self._sandbox.protections

    @property
    def missing(self) -> dict[str, str]:
        """
        What this machine lacks for that, and why.
        """
        return self._sandbox.missing

    def start(self) -> None:
        """
        Start the processes now rather than with the first picture.

        Raises:
            SandboxUnavailable: They cannot be started.
        """
        self._sandbox.start()

    def close(self) -> None:
        """
        End the processes.
        """
        self._sandbox.close()

    def hash(self, picture: Path | bytes, *, exact: bool = False) -> pdq.HashedPicture:
        """
        Hash a picture.

        Args:
            picture: A file, or the bytes of one.
            exact: Decode it at full size, as the person's browser does. Without that a large one
                is decoded smaller, many times faster, and its hash may be a few bits from that.

        Raises:
            MediaError: It cannot be read; `PictureTooPoor` where it has too little detail.
            SandboxBusy: Too many calls wait already.
        """
        seen = self._look(picture, EXACT if exact else FAST)
        return pdq.HashedPicture(seen.hashes[0].hash, seen.quality)

    def hash_copies(self, picture: Path | bytes) -> ViewedPicture:
        """
        Hash an upload and what may be copies of photos in it, each turned and mirrored.

        Args:
            picture: A file, or the bytes of one.

        Raises:
            MediaError: It cannot be read; `PictureTooPoor` where no part has enough detail.
            SandboxBusy: Too many calls wait already.
        """
        return self._look(picture, COPIES)

    def _look(self, picture: Path | bytes, options: bytes) -> ViewedPicture:
        return read_answer(self._sandbox.run(read_bytes(picture), options))


_MANY_WAIT = 10_000
"""Calls that may wait for the shared one: the threads of a program, which bounds them itself."""

_lock = threading.Lock()
_shared: PictureHasher | None = None


def _renew_lock() -> None:
    """
    Give a forked program a lock of its own: another thread of its parent may hold the old one.
    """
    global _lock  # noqa: PLW0603 - as below
    _lock = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew_lock)


def shared_hasher() -> PictureHasher:
    """
    Give the hasher of this program, for who does not make one.

    Raises:
        SandboxUnavailable: This system cannot hold a sandbox, as Windows.
    """
    global _shared  # noqa: PLW0603 - processes are worth sharing by the whole program
    with _lock:
        if _shared is None:
            _shared = PictureHasher(waiting=_MANY_WAIT)
        return _shared


def hash_file(path: Path, *, exact: bool = False) -> pdq.HashedPicture:
    """
    Hash a picture; `PictureHasher.hash` says more.

    Raises:
        MediaError: It cannot be read; `PictureTooPoor` where it has too little detail.
    """
    return shared_hasher().hash(path, exact=exact)
