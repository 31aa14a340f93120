"""
The parent's end of one worker.
"""

import logging
import os
import socket
import time
from contextlib import suppress
from typing import BinaryIO

from tegenbeeld import errors
from tegenbeeld.errors import MediaError
from tegenbeeld.media.sandbox import ends
from tegenbeeld.media.sandbox.frames import (
    REQUEST,
    UNKNOWN_END,
    Answer,
    BrokenFrame,
    Ended,
    Outcome,
    read_answer,
    set_timeout,
)
from tegenbeeld.media.sandbox.limits import Limits
from tegenbeeld.media.sandbox.template import Template

_log = logging.getLogger("tegenbeeld.media.sandbox")

_LONGEST_MESSAGE = 500


class Killed(Exception):
    """
    The worker was killed from outside over the file, as when the machine is short of memory.
    """


class NotLookedAt(Exception):
    """
    The worker was gone before it had the whole file, or went with its template.

    The file is not the cause; another worker may look at it.
    """


class Worker:
    """
    One child process that looks at one file at a time.

    Attributes:
        template: What it was copied from.
        is_usable: Whether it may be given another file.
    """

    def __init__(self, template: Template, limits: Limits, media: ends.Media) -> None:
        self.template = template
        self.is_usable = True
        self._limits = limits
        self._media = media
        self._left = limits.files
        self._has_ended = False
        self._number, self._connection = template.fork()

    def look(self, content: bytes | BinaryIO, options: bytes) -> bytes:
        """
        Have the job done with a file.

        Raises:
            MediaError: The job refused the file, or the file was too much for the worker.
            NotLookedAt: Something else went wrong.
            Killed: The worker was killed over it.
        """
        until = time.monotonic() + self._limits.seconds
        # Until the answer is here and in order, the worker is not to be used again.
        self.is_usable = False
        try:
            self._hand_over(content, options, until=until)
            answer = read_answer(self._connection, most=self._limits.answer_bytes, until=until)
        except (TimeoutError, BrokenFrame) as reason:
            raise self._error_after(reason) from None
        self._left -= 1
        self.is_usable = self._left > 0 and answer.outcome in (Outcome.DONE, Outcome.REFUSED)
        if not self.is_usable:
            self.end()
        return _result_of(answer, self._media)

    def end(self) -> int:
        """
        End the process, whatever it does.

        Returns:
            How it ended, as `os.waitpid` says it: by itself before, or now by force.
        """
        self.is_usable = False
        if self._has_ended:
            return UNKNOWN_END
        self._has_ended = True
        status = self.template.end(self._number)
        self._connection.close()
        return status

    def forget(self) -> None:
        """
        Close this end only; the process is gone or is somebody else's.
        """
        self.is_usable = False
        self._has_ended = True
        with suppress(OSError):
            self._connection.close()

    def _error_after(self, reason: TimeoutError | BrokenFrame) -> MediaError | NotLookedAt | Killed:
        status = self.end()
        if status == UNKNOWN_END:
            return NotLookedAt()
        if isinstance(reason, TimeoutError):
            return ends.too_slow(self._media)
        _log.warning("A decoder ended over a file: %s.", ends.describe(status))
        if isinstance(reason, Ended) and ends.was_killed(status):
            return Killed()
        # One that says nonsense was still alive, and was ended here.
        if isinstance(reason, Ended):
            return ends.error_of(status, self._media)
        return ends.crashed(self._media)

    def _hand_over(self, content: bytes | BinaryIO, options: bytes, *, until: float) -> None:
        head = REQUEST.pack(not isinstance(content, bytes), len(options), size_of(content))
        try:
            self._check_is_waiting()
            set_timeout(self._connection, until=until)
            if isinstance(content, bytes):
                self._connection.sendall(head + options)
                set_timeout(self._connection, until=until)
                self._connection.sendall(content)
            else:
                # So short a message goes as a whole or not at all.
                socket.send_fds(self._connection, [head], [content.fileno()])
                self._connection.sendall(options)
        except TimeoutError:
            raise
        except OSError as error:
            self.end()
            raise NotLookedAt from error

    def _check_is_waiting(self) -> None:
        # Anything to be read now is its end, or an answer that nobody asked for.
        self._connection.settimeout(0)
        with suppress(BlockingIOError):
            self._connection.recv(1)
            raise ConnectionResetError


def size_of(content: bytes | BinaryIO) -> int:
    """
    Count the bytes of a file.
    """
    return len(content) if isinstance(content, bytes) else os.fstat(content.fileno()).st_size


def _result_of(answer: Answer, media: ends.Media) -> bytes:
    if answer.outcome is Outcome.DONE:
        return answer.body
    if answer.outcome is Outcome.NO_MEMORY:
        raise ends.out_of_memory(media)
    text = _printable(answer.body)
    if answer.outcome is Outcome.FAILED:
        _log.warning("A decoder failed: %s.", text)
        raise ends.crashed(media)
    name, _, message = text.partition("\n")
    kind = getattr(errors, name, None)
    if not (isinstance(kind, type) and issubclass(kind, MediaError) and message):
        raise ends.crashed(media)
    raise kind(message)


def _printable(body: bytes) -> str:
    text = body[:_LONGEST_MESSAGE].decode("utf-8", "replace")
    return "".join(letter for letter in text if letter.isprintable() or letter == "\n")
