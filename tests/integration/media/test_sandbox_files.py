"""
Files that are handed to a worker open, rather than sent: videos.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tegenbeeld.errors import DamagedVideo, DecoderCrashed, SandboxUnavailable, VideoTooLarge
from tegenbeeld.media.sandbox import Limits, Sandbox

JOB = "testing.sandbox_jobs:do_with_file"

LIMITS = Limits(seconds=20, cpu_seconds=10, memory_bytes=512 * 1024**2, content_bytes=600 * 1024**2)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """
    One sandbox for files, with one worker.
    """
    with Sandbox(JOB, workers=1, limits=LIMITS, media="video") as one:
        yield one


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """
    A file that only its owner may read.
    """
    made = tmp_path / "file"
    made.write_bytes(b"0123456789" * 1000)
    made.chmod(0o600)
    return made


def test_worker_reads_a_file_that_only_the_program_may_open(sandbox: Sandbox, path: Path) -> None:
    """All of it, and parts of it, from the start wherever the program stands in it."""
    with path.open("rb") as file:
        file.seek(77)
        assert sandbox.run(file, b"read") == path.read_bytes()
        assert sandbox.run(file, b"read-at -4") == b"678910000"
        assert file.tell() == 77


def test_worker_cannot_change_the_file(sandbox: Sandbox, path: Path) -> None:
    """Not through the open file, not through memory, not by opening it again."""
    before = path.read_bytes()
    for deed in (b"write-to", b"map-to-write", b"open-again"):
        with path.open("rb") as file, pytest.raises(DecoderCrashed, match="video"):
            sandbox.run(file, deed)
    # Nor where the program itself could.
    with path.open("r+b") as file, pytest.raises(DecoderCrashed):
        sandbox.run(file, b"write-to")
    assert path.read_bytes() == before


def test_file_larger_than_the_memory_of_a_worker_is_read(sandbox: Sandbox, tmp_path: Path) -> None:
    """It lies on the disk; neither side holds it."""
    large = tmp_path / "large"
    with large.open("wb") as file:
        file.truncate(LIMITS.content_bytes)
    with large.open("rb") as file:
        assert sandbox.run(file, b"sum") == str(LIMITS.content_bytes).encode()
    with large.open("ab") as file:
        file.write(b"x")
    with large.open("rb") as file, pytest.raises(VideoTooLarge, match="600 MB"):
        sandbox.run(file, b"sum")


def test_files_leave_nothing_open(path: Path) -> None:
    """Neither in the program nor in a worker that takes one after another."""
    with Sandbox(JOB, workers=1, limits=LIMITS) as sandbox, path.open("rb") as file:
        sandbox.run(file, b"read")
        before = os.listdir("/proc/self/fd")  # noqa: PTH208
        for _ in range(40):
            assert sandbox.run(file, b"sum") == b"10000"
            with pytest.raises(DamagedVideo):
                sandbox.run(file, b"refuse")
        assert os.listdir("/proc/self/fd") == before  # noqa: PTH208


def test_next_file_is_read_after_one_that_broke_the_worker(sandbox: Sandbox, path: Path) -> None:
    """And the words are about videos."""
    with path.open("rb") as file:
        with pytest.raises(DecoderCrashed, match=r"The video .* MP4"):
            sandbox.run(file, b"crash")
        assert sandbox.run(file, b"sum") == b"10000"


def test_closed_sandbox_says_so(path: Path) -> None:
    """As with bytes."""
    sandbox = Sandbox(JOB, workers=1)
    sandbox.close()
    with path.open("rb") as file, pytest.raises(SandboxUnavailable, match="closed"):
        sandbox.run(file, b"sum")
