"""
Videos that strangers send, to hashes: each is looked at in the sandbox, never in this process.
"""

import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Self

from tegenbeeld.errors import EmptyFile
from tegenbeeld.kit.videos.hashing import HashedUpload, HashedVideo
from tegenbeeld.kit.videos.jobs import (
    JOB,
    MOST_ANSWERED,
    read_upload_answer,
    read_video_answer,
    task_for,
)
from tegenbeeld.media.sandbox import Limits, Sandbox
from tegenbeeld.media.sources import open_file
from tegenbeeld.media.video import MAX_VIDEO_BYTES

VIDEO_LIMITS = Limits(
    # An hour of 720p takes a fifteenth of its playing time.
    seconds=420.0,
    cpu_seconds=420.0,
    content_bytes=MAX_VIDEO_BYTES,
    # A new worker takes milliseconds, and nothing that one video did to it meets the next.
    files=1,
    answer_bytes=MOST_ANSWERED,
)
"""What one video may cost."""

# The rest is for what comes before and after decoding. So a long video gives what was seen of it.
_DECODING_PART = 5 / 7


class VideoHasher:
    """
    Hashes videos in child processes that can do next to nothing. Threads may share one.

    The processes start with the first video. After five minutes (with `VIDEO_LIMITS`) a video is
    answered with what was seen of it until then.
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
            workers: Videos at once; one for each processor if not given. Each may take 2 GiB.
            waiting: Calls that may wait; four for each worker if not given.
            limits: What one video may cost; `VIDEO_LIMITS` if not given.

        Raises:
            SandboxUnavailable: This system cannot hold a sandbox, as Windows.
        """
        limits = limits or VIDEO_LIMITS
        self._work_s = limits.seconds * _DECODING_PART
        self._sandbox = Sandbox(JOB, workers=workers, waiting=waiting, limits=limits, media="video")

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
        Videos that are looked at at once.
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
        Start the processes now rather than with the first video.

        Raises:
            SandboxUnavailable: They cannot be started.
        """
        self._sandbox.start()

    def close(self) -> None:
        """
        End the processes.
        """
        self._sandbox.close()

    def hash(self, video: Path | bytes) -> HashedVideo:
        """
        Hash a video for a list, as the person's browser does.

        Args:
            video: A file, or the bytes of one.

        Raises:
            MediaError: It cannot be read; `VideoTooPoor` where no frame has enough detail.
            SandboxBusy: Too many calls wait already.
        """
        return read_video_answer(self._look(video, is_upload=False))

    def hash_upload(self, video: Path | bytes) -> HashedUpload:
        """
        Hash a video that is looked up: more often, turned and mirrored, and without bars.

        Args:
            video: A file, or the bytes of one.

        Raises:
            MediaError: It cannot be read.
            SandboxBusy: Too many calls wait already.
        """
        return read_upload_answer(self._look(video, is_upload=True))

    def _look(self, video: Path | bytes, *, is_upload: bool) -> bytes:
        task = task_for(is_upload=is_upload, work_s=self._work_s)
        with _opened(video) as file:
            if os.fstat(file.fileno()).st_size == 0:
                raise EmptyFile("The file is empty. Choose another file, or copy this one again.")
            return self._sandbox.run(file, task)


@contextmanager
def _opened(video: Path | bytes) -> Iterator[BinaryIO]:
    """
    Open a video so that it can be read and not written.
    """
    if isinstance(video, Path):
        with open_file(video) as file:
            yield file
        return
    number, name = tempfile.mkstemp()
    try:
        with os.fdopen(number, "wb") as written:
            written.write(video)
        file = open_file(Path(name))
    finally:
        # Nothing is left behind, however this ends.
        Path(name).unlink()
    with file:
        yield file


_MANY_WAIT = 10_000
"""Calls that may wait for the shared one: the threads of a program, which bounds them itself."""

_lock = threading.Lock()
_shared: VideoHasher | None = None


def _renew_lock() -> None:
    """
    Give a forked program a lock of its own: another thread of its parent may hold the old one.
    """
    global _lock  # noqa: PLW0603 - as below
    _lock = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew_lock)


def shared_video_hasher() -> VideoHasher:
    """
    Give the hasher of this program, for who does not make one.

    Raises:
        SandboxUnavailable: This system cannot hold a sandbox, as Windows.
    """
    global _shared  # noqa: PLW0603 - processes are worth sharing by the whole program
    with _lock:
        if _shared is None:
            _shared = VideoHasher(waiting=_MANY_WAIT)
        return _shared
