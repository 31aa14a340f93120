"""
How a worker ended, in the words of an error.
"""

import os
import signal
from typing import Literal

from tegenbeeld.errors import (
    DecoderCrashed,
    DecoderOutOfMemory,
    DecoderTooSlow,
    MediaError,
    PictureTooLarge,
    VideoTooLarge,
)
from tegenbeeld.media.sandbox.frames import UNKNOWN_END

# Names, since not every system has them all. When processor time is up, for one file or for a
# worker's whole life, the kernel sends these.
_TIME_IS_UP = {"SIGPROF", "SIGXCPU"}

# Nobody here kills a worker before it is asked how it ended: it was the kernel, for want of memory
# somewhere on the machine, or somebody at the keyboard.
_KILLED = "SIGKILL"


Media = Literal["picture", "video"]
"""What a sandbox looks at, for the words of its errors."""

_SAVE_AGAIN: dict[Media, str] = {
    "picture": "Save it again as JPEG or PNG, and use that.",
    "video": "Save it again as MP4 (H.264), and use that.",
}


def too_slow(media: Media) -> DecoderTooSlow:
    """
    Say that time was up.
    """
    return DecoderTooSlow(
        f"This {media} takes too long to read. It is broken or was made to do harm. "
        f"{_SAVE_AGAIN[media]}"
    )


def out_of_memory(media: Media) -> DecoderOutOfMemory:
    """
    Say that memory was not enough.
    """
    return DecoderOutOfMemory(
        f"This {media} needs too much memory. Make a smaller copy of it and use that."
    )


def crashed(media: Media) -> DecoderCrashed:
    """
    Say that the decoder broke.
    """
    return DecoderCrashed(
        f"The {media} could not be read: it broke the program that reads {media}s. "
        f"{_SAVE_AGAIN[media]}"
    )


def too_large(media: Media, most: int) -> MediaError:
    """
    Say that a file has more than *most* bytes.
    """
    error = PictureTooLarge if media == "picture" else VideoTooLarge
    return error(
        f"The file is larger than {most // (1024 * 1024)} MB. "
        f"Make a smaller copy of the {media}, and use that."
    )


def error_of(status: int, media: Media) -> MediaError:
    """
    Choose the error for a worker that ended with a file in its hands.

    Args:
        status: As `os.waitpid` says it.
        media: What it looked at.
    """
    return too_slow(media) if describe(status) in _TIME_IS_UP else crashed(media)


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
