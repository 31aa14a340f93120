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

# Nobody here kills a worker before it is asked how it ended: it was the kernel, for want of memory
# somewhere on the machine, or somebody at the keyboard.
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
    return too_slow() if describe(status) in _TIME_IS_UP else crashed()


def was_killed(status: int) -> bool:
    """
    Tell whether a worker was ended from outside, which need not be its file's fault.

    Args:
        status: As `os.waitpid` says it.
    """
    return describe(status) == _KILLED


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
