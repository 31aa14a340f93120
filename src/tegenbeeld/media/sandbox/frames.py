"""
What goes over the sockets: the parent to a worker and back, the parent to the template and back.

A worker may have been taken over by a file. Whatever it sends is read within bounds and never
unpickled.
"""

import socket
import struct
import time
from dataclasses import dataclass
from enum import IntEnum

REQUEST = struct.Struct("<?IQ")
"""
To a worker: whether a file comes along, open for reading; bytes of options, bytes of content.

Then the options, and without a file the content.
"""

_ANSWER = struct.Struct("<BI")
"""From a worker: an `Outcome`, bytes that follow. Then those."""

COMMAND = struct.Struct("<BQ")
"""To the template: a `Verb`, the number of a worker. With FORK goes one end of a socket pair."""

ENDED = struct.Struct("<i")
"""From the template after END: how the worker ended, as `os.waitpid` says it."""

HELLO = struct.Struct("<I")
"""From the template when it is ready: bytes of JSON that follow. Then those."""

MAX_HELLO = 64 * 1024

UNKNOWN_END = -1
"""There was no such worker, or it could not be started."""


class Outcome(IntEnum):
    """
    What became of a file.
    """

    DONE = 0
    """The answer of the job follows."""
    REFUSED = 1
    """The name of a `MediaError`, a line feed, and its message follow."""
    NO_MEMORY = 2
    FAILED = 3
    """What failed and where follows, for the log: names from the program, none from the file."""


class Verb(IntEnum):
    """
    What the template is asked to do.
    """

    FORK = 0
    END = 1


class BrokenFrame(Exception):
    """
    The other side sent what it should not, or ended.
    """


class Ended(BrokenFrame):
    """
    The other side closed the connection.
    """


@dataclass(frozen=True)
class Answer:
    """
    What a worker said about a file.
    """

    outcome: Outcome
    body: bytes


def pack_answer(outcome: Outcome, body: bytes) -> bytes:
    """
    Make the bytes that a worker sends.
    """
    return _ANSWER.pack(outcome, len(body)) + body


def read_answer(connection: socket.socket, *, most: int, until: float) -> Answer:
    """
    Read what a worker says.

    Args:
        connection: To the worker.
        most: Longest answer, in bytes; inclusive.
        until: On the monotonic clock.

    Raises:
        BrokenFrame: It ended, or says something else.
        TimeoutError: It did not say it in time.
    """
    outcome, length = _ANSWER.unpack(read_exactly(connection, _ANSWER.size, until=until))
    if length > most or outcome not in list(Outcome):
        raise BrokenFrame
    return Answer(Outcome(outcome), read_exactly(connection, length, until=until))


def read_exactly(connection: socket.socket, length: int, *, until: float) -> bytes:
    """
    Read so many bytes.

    Raises:
        Ended: They end before.
        TimeoutError: They did not come in time.
    """
    parts = []
    while length:
        set_timeout(connection, until=until)
        try:
            part = connection.recv(length)
        except ConnectionError as error:
            raise Ended from error
        if not part:
            raise Ended
        parts.append(part)
        length -= len(part)
    return b"".join(parts)


def set_timeout(connection: socket.socket, *, until: float) -> None:
    """
    Let the next call on a socket take no longer than to a time on the monotonic clock.

    Raises:
        TimeoutError: It is past already.
    """
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    connection.settimeout(left)
