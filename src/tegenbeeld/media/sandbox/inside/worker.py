"""
One worker: takes a file, does the job, answers, and takes the next.
"""

import logging
import os
import signal
import socket
import sys
import traceback
import warnings
from collections.abc import Callable, Sequence
from functools import partial
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, NoReturn

from tegenbeeld.errors import MediaError
from tegenbeeld.media.sandbox.frames import REQUEST, Outcome, pack_answer
from tegenbeeld.media.sandbox.inside.given import GivenFile
from tegenbeeld.media.sandbox.limits import Limits

Job = Callable[[Any, bytes], bytes]
"""Takes the bytes of a file or an open file, and options."""

_Done = tuple[Outcome, bytes]

_FRAMES = 4


class LateImports(MetaPathFinder):
    """
    Notes what the job imports while it works, which it cannot.

    Much code makes do without what it cannot import: orientation would be lost without a word.

    Attributes:
        names: Of modules.
    """

    def __init__(self) -> None:
        self.names: list[str] = []

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """
        Note the name, and leave the search to others.
        """
        del path, target
        self.names.append(fullname)
        return None


def work(connection: socket.socket, job: Job, limits: Limits) -> NoReturn:
    """
    Answer until the parent closes the connection. The process must be sealed.
    """
    warnings.simplefilter("ignore")
    logging.disable()
    late = LateImports()
    sys.meta_path.insert(0, late)
    do = partial(_do, job, most=limits.answer_bytes)
    while True:
        head, files, _, _ = socket.recv_fds(connection, REQUEST.size, 1, socket.MSG_WAITALL)
        if not head:
            break
        # The kernel ends the process when its time is up, whatever it does.
        signal.setitimer(signal.ITIMER_PROF, limits.cpu_seconds)
        answer = _answer(connection, do, head, files, late)
        signal.setitimer(signal.ITIMER_PROF, 0)
        connection.sendall(answer)
    os._exit(0)


def _answer(
    connection: socket.socket,
    do: Callable[[Any, bytes], _Done],
    head: bytes,
    files: Sequence[int],
    late: LateImports,
) -> bytes:
    late.names.clear()
    has_file, options_length, length = REQUEST.unpack(head)
    try:
        options = _receive(connection, options_length)
        if has_file:
            with GivenFile(files[0], length).buffered() as file:
                outcome, body = do(file, options)
        else:
            outcome, body = do(_receive(connection, length), options)
    except MemoryError:
        outcome, body = Outcome.NO_MEMORY, b""
    except BaseException as error:  # noqa: BLE001 - the parent decides about everything else
        outcome, body = Outcome.FAILED, _place_of(error).encode()
    if late.names:
        outcome, body = Outcome.FAILED, f"it imports {late.names[0]} too late".encode()
    return pack_answer(outcome, body)


def _receive(connection: socket.socket, length: int) -> bytes:
    return connection.recv(length, socket.MSG_WAITALL) if length else b""


def _do(job: Job, content: Any, options: bytes, *, most: int) -> _Done:
    try:
        answer = job(content, options)
    except MediaError as error:
        return Outcome.REFUSED, f"{type(error).__name__}\n{error.message}".encode()
    if not isinstance(answer, bytes) or len(answer) > most:
        return Outcome.FAILED, b"its answer is too long, or no bytes"
    return Outcome.DONE, answer


def _place_of(error: BaseException) -> str:
    # Its text may quote the file.
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    where = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames))
    return f"{type(error).__name__} in {where}"
