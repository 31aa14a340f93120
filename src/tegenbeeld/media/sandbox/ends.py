"""
How a worker ended, in the words of an error.
"""

import os
import signal

from tegenbeeld.errors import (
    DecoderCrashed,
    DecoderOutOfMemory,
    DecoderTooSlow,
    MediaError,
)
from tegenbeeld.media.sandbox.frames import UNKNOWN_END

# Names, since not every system has them all. When processor time is up, for one file or for a
# worker's whole life, the kernel sends these.
_TIME_IS_UP = {"SIGPROF", "SIGXCPU"}

# Nobody here kills a worker before it is asked how it ended: it was the kernel, for want of memory,
# or somebody at the keyboard.
_KILLED = "SIGKILL"


def too_slow() -> DecoderTooSlow:
    """
    Say that time was up.
    """
    return DecoderTooSlow(
        "This picture takes too long to read. It is broken or was made to do harm. "
        "Save it again as JPEG or PNG, and use that."
    )


def out_of_memory() -> DecoderOutOfMemory:
    """
    Say that memory was not enough.
    """
    return DecoderOutOfMemory(
        "This picture needs too much memory. Make a smaller copy of it and use that."
    )


def crashed() -> DecoderCrashed:
    """
    Say that the decoder broke.
    """
    return DecoderCrashed(
        "The picture could not be read: it broke the program that reads pictures. "
        "Save it again as JPEG or PNG, and use that."
    )


def error_of(status: int) -> MediaError:
    """
    Choose the error for a worker that ended with a file in its hands.

    Args:
        status: As `os.waitpid` says it.
    """
    end = describe(status)
    if end in _TIME_IS_UP:
        return too_slow()
    return out_of_memory() if end == _KILLED else crashed()


def describe(status: int) -> str:
    """
    Name the end for a log.
    """
    if status == UNKNOWN_END:
        return "unknown"
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        names = {each.value: each.name for each in signal.Signals}
        return names.get(number, f"signal {number}")
    return f"exit {os.waitstatus_to_exitcode(status)}"
