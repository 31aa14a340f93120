"""
What a file can do to the sandbox: nothing that outlasts it.
"""

import logging
import time

import pytest

from tegenbeeld.errors import (
    DamagedPicture,
    DecoderCrashed,
    DecoderOutOfMemory,
    DecoderTooSlow,
    PictureTooLarge,
)
from tegenbeeld.media.sandbox import Limits, Sandbox
from testing.sandbox_jobs import SECRET

BROKEN = [
    *("abort", "write-nowhere", "exit", "recurse"),
    *("raise", "raise-other", "leave", "refuse-strangely"),
    *("answer-much", "answer-text", "answer-nonsense", "import-late"),
]

FORBIDDEN = [
    *("read-file", "read-memory-of-parent", "write-file", "list-folder"),
    *("connect", "make-socket", "fork", "start-program", "become-program"),
    *("kill-parent", "map-code", "raise-limits"),
]


def works(sandbox: Sandbox) -> bool:
    """
    Whether the next file is looked at as ever.
    """
    return sandbox.run(b"echo next", b" file") == b"next file"


def test_answer_comes_back_as_the_job_gives_it(sandbox: Sandbox) -> None:
    """Content and options go in, the answer comes out, up to the largest."""
    assert sandbox.run(b"echo a", b"b") == b"ab"
    assert sandbox.run(b"echo ") == b""
    assert sandbox.run(b"answer-most") == bytes(64 * 1024)


def test_large_file_goes_through_whole(sandbox: Sandbox) -> None:
    """A file larger than any buffer arrives with every byte."""
    answer = sandbox.run(b"echo " + bytes(range(256)) * 100)
    assert answer == bytes(range(256)) * 100
    with pytest.raises(DecoderCrashed):
        # Ten megabytes arrive as well: the answer is what is too long.
        sandbox.run(b"echo " + bytes(10_000_000))


@pytest.mark.parametrize("deed", BROKEN)
def test_file_that_breaks_the_decoder_costs_one_file(sandbox: Sandbox, deed: str) -> None:
    """However a decoder breaks, it is a clear error, and the next file is looked at."""
    with pytest.raises(DecoderCrashed):
        sandbox.run(deed.encode())
    assert works(sandbox)


@pytest.mark.parametrize("deed", FORBIDDEN)
def test_file_that_takes_over_the_decoder_can_reach_nothing(
    sandbox: Sandbox, caplog: pytest.LogCaptureFixture, deed: str
) -> None:
    """No files, connections, programs, processes or new code: the kernel refuses."""
    if {"seccomp", "Landlock"} & sandbox.missing.keys():
        pytest.skip(f"not on this machine: {sandbox.missing}")
    with pytest.raises(DecoderCrashed):
        sandbox.run(deed.encode())
    assert "PermissionError in" in caplog.text
    assert works(sandbox)


def test_decoder_may_use_threads(sandbox: Sandbox) -> None:
    """The decoder of HEIC starts a thread whatever it is told."""
    assert sandbox.run(b"start-thread") == b"done"


@pytest.mark.parametrize("deed", ["loop", "loop-in-c"])
def test_file_that_computes_for_ever_is_ended_by_processor_time(
    sandbox: Sandbox, caplog: pytest.LogCaptureFixture, deed: str
) -> None:
    """An endless loop is ended when its processor time is up, in Python and in C."""
    with pytest.raises(DecoderTooSlow):
        sandbox.run(deed.encode())
    assert "SIGPROF" in caplog.text
    assert works(sandbox)


def test_processor_time_is_counted_for_each_file(sandbox: Sandbox) -> None:
    """What earlier files took is not held against the next."""
    before = sandbox.run(b"pid")
    for _ in range(4):
        assert sandbox.run(b"compute 0.2") == b"computed"
    assert sandbox.run(b"pid") == before


def test_file_that_waits_for_ever_is_ended_by_the_clock(sandbox: Sandbox) -> None:
    """A worker that uses no processor is ended when its time is up."""
    began = time.monotonic()
    with pytest.raises(DecoderTooSlow):
        sandbox.run(b"sleep")
    assert 4.9 < time.monotonic() - began < 7
    assert works(sandbox)


def test_file_that_fills_memory_is_refused(sandbox: Sandbox) -> None:
    """More memory than the limit is an error of its own, and nothing is kept of it."""
    before = sandbox.run(b"pid")
    with pytest.raises(DecoderOutOfMemory):
        sandbox.run(b"fill-memory")
    assert sandbox.run(b"pid") != before


def test_refusal_of_the_job_comes_back_as_it_was(sandbox: Sandbox) -> None:
    """An error that the job raises on purpose keeps its class and its words."""
    before = sandbox.run(b"pid")
    with pytest.raises(DamagedPicture, match=r"^It is broken. Mend it.$"):
        sandbox.run(b"refuse")
    assert sandbox.run(b"pid") == before


def test_answer_that_nobody_asked_for_is_not_taken_for_the_next(sandbox: Sandbox) -> None:
    """A worker that a file has taken over cannot answer for files to come."""
    assert sandbox.run(b"answer-twice") == b"first"
    assert works(sandbox)


def test_files_of_the_program_are_not_in_the_worker(sandbox: Sandbox) -> None:
    """A worker has no file open but its connection."""
    with open("/dev/null") as kept:  # noqa: PTH123
        assert kept.fileno()
        assert sandbox.run(b"use-other-files") == b"[]"


def test_environment_of_the_program_is_not_in_the_worker(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Keys and passwords in the environment stay outside."""
    monkeypatch.setenv("SECRET_KEY", "1")
    with Sandbox("testing.sandbox_jobs:do", workers=1) as own:
        names = own.run(b"environment").decode().split()
    assert "SECRET_KEY" not in names
    assert "HOME" not in names


def test_log_tells_what_failed_but_nothing_of_the_file(
    sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    """The log names the kind and the place of a failure, never its words."""
    with caplog.at_level(logging.DEBUG), pytest.raises(DecoderCrashed) as caught:
        sandbox.run(b"raise")
    assert "ValueError in _raise:" in caplog.text
    assert SECRET.decode() not in caplog.text + str(caught.value)
    with caplog.at_level(logging.DEBUG), pytest.raises(DecoderCrashed):
        sandbox.run(b"import-late")
    assert "it imports wave too late" in caplog.text


def test_file_over_the_limit_is_not_even_sent(sandbox: Sandbox) -> None:
    """A file larger than the limit is refused at once."""
    with pytest.raises(PictureTooLarge, match="1 MB"):
        Sandbox("no.such:job", limits=Limits(content_bytes=1024**2)).run(bytes(1024**2 + 1))
    with pytest.raises(ValueError, match="options"):
        sandbox.run(b"echo", bytes(64 * 1024 + 1))


def test_many_crashes_in_a_row_stay_cheap(sandbox: Sandbox) -> None:
    """A crash costs a fork, not the start of Python."""
    began = time.monotonic()
    for _ in range(50):
        with pytest.raises(DecoderCrashed):
            sandbox.run(b"abort")
    assert (time.monotonic() - began) / 50 < 0.05
    assert works(sandbox)
