"""
The parent's end of the template: the process that workers are copied from.

The template imports the job once and is then forked: a new worker takes milliseconds. It is
started by exec, so that it has neither the parent's memory nor its threads and open files, and it
alone knows the ids of the workers, so that the wrong process is never ended.
"""

import json
import os
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tegenbeeld.errors import SandboxUnavailable
from tegenbeeld.media.sandbox.frames import (
    COMMAND,
    ENDED,
    HELLO,
    MAX_HELLO,
    UNKNOWN_END,
    BrokenFrame,
    Verb,
    read_exactly,
)
from tegenbeeld.media.sandbox.limits import Limits

STARTS_WITHIN_S = 60
"""For imports on a slow disk."""

ANSWERS_WITHIN_S = 20
"""To end a worker and give its memory back."""

ENDS_WITHIN_S = 5
"""For the template to end all workers and itself; then it is killed."""

_BOOT = (
    "import sys; sys.path[:] = sys.argv[3:]; "
    "from tegenbeeld.media.sandbox.inside.template import main; main()"
)

_ENVIRONMENT = {
    # One file, one thread: the pool is what uses more cores.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    # Less memory is kept after a large file. Source: mallopt(3).
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_TRIM_THRESHOLD_": "1048576",
    "MALLOC_MMAP_THRESHOLD_": "1048576",
    "LANG": "C.UTF-8",
}

# Where libraries lie, where the machine's own places are not enough.
_KEPT = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH")

# While one thread has just made sockets, no other may fork the program: a copy of a socket in
# some child would keep a connection open that has ended.
making = threading.RLock()


class TemplateGone(Exception):
    """
    The template has ended; another is to be started.
    """


class Template:
    """
    One template process.

    Attributes:
        protections: Names of what holds workers back.
        missing: Names of what does not, and why.
    """

    def __init__(self, job: str, limits: Limits) -> None:
        """
        Start the process and wait until it can fork.

        Raises:
            SandboxUnavailable: It did not start, or cannot import the job.
        """
        self.is_alive = True
        self._lock = threading.Lock()
        self._next = 0
        with making:
            self._connection, theirs = _socket_pair()
            with theirs:
                try:
                    self._process = _start(job, limits, theirs)
                except OSError as error:
                    self._connection.close()
                    raise SandboxUnavailable(_NOT_STARTED) from error
        try:
            hello = self._read_hello()
        except BaseException:
            self.close()
            raise
        self.protections: tuple[str, ...] = tuple(hello["protections"])
        self.missing: dict[str, str] = hello["missing"]

    @property
    def pid(self) -> int:
        """
        The process.
        """
        return self._process.pid

    def fork(self) -> tuple[int, socket.socket]:
        """
        Have a worker made.

        Returns:
            Its number, and the connection to it.

        Raises:
            TemplateGone: The process has ended.
        """
        with self._lock, making:
            self._next += 1
            ours, theirs = _socket_pair()
            with theirs:
                try:
                    self._connection.settimeout(ANSWERS_WITHIN_S)
                    command = COMMAND.pack(Verb.FORK, self._next)
                    socket.send_fds(self._connection, [command], [theirs.fileno()])
                except OSError as error:
                    ours.close()
                    self.is_alive = False
                    raise TemplateGone from error
            return self._next, ours

    def end(self, number: int) -> int:
        """
        End a worker if it has not ended yet, and wait until it is gone.

        Returns:
            How it ended, as `os.waitpid` says it; `UNKNOWN_END` where nobody knows.
        """
        until = time.monotonic() + ANSWERS_WITHIN_S
        with self._lock:
            if not self.is_alive:
                return UNKNOWN_END
            try:
                self._connection.settimeout(ANSWERS_WITHIN_S)
                self._connection.sendall(COMMAND.pack(Verb.END, number))
                status: int = ENDED.unpack(read_exactly(self._connection, ENDED.size, until=until))[
                    0
                ]
            except (OSError, BrokenFrame):
                self.is_alive = False
                return UNKNOWN_END
            return status

    def close(self) -> None:
        """
        End the template, and with it all workers. Does nothing the second time.
        """
        self.is_alive = False
        # It sees that the connection is gone, ends the workers, then itself. `shutdown` also
        # wakes a thread of ours that waits on it.
        with suppress(OSError):
            self._connection.shutdown(socket.SHUT_RDWR)
        try:
            self._process.wait(timeout=ENDS_WITHIN_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._connection.close()

    def forget(self) -> None:
        """
        Close this end only: after a fork of the program, the processes are the other's.
        """
        self.is_alive = False
        self._connection.close()
        # So that nothing here waits for the process, or warns of it.
        self._process.returncode = 0

    def _read_hello(self) -> dict[str, Any]:
        until = time.monotonic() + STARTS_WITHIN_S
        try:
            (length,) = HELLO.unpack(read_exactly(self._connection, HELLO.size, until=until))
            body = read_exactly(self._connection, min(length, MAX_HELLO), until=until)
            hello: dict[str, Any] = json.loads(body)
        except (BrokenFrame, TimeoutError, ValueError) as error:
            raise SandboxUnavailable(_NOT_STARTED) from error
        if "error" in hello:
            raise SandboxUnavailable(f"The sandbox cannot be prepared: {hello['error']}.")
        return hello


_NOT_STARTED = (
    "The sandbox did not start. Check that this program may start processes "
    "and that Python is found at its usual place."
)


def _socket_pair() -> tuple[socket.socket, socket.socket]:
    try:
        return socket.socketpair()
    except OSError as error:
        raise SandboxUnavailable(
            "This program has too many files open to look at pictures. Close some, or raise its "
            "limit (ulimit -n)."
        ) from error


def _start(job: str, limits: Limits, theirs: socket.socket) -> "subprocess.Popen[bytes]":
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    number = theirs.fileno()
    settings = json.dumps({"job": job, "parent": os.getpid(), "connection": number})
    paths = [path or str(Path.cwd()) for path in sys.path]
    return subprocess.Popen(  # noqa: S603 - our own interpreter and our own words
        [_python(), "-I", "-c", _BOOT, settings, json.dumps(asdict(limits)), *paths],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        # Decoders write there what files make them write.
        stderr=subprocess.DEVNULL,
        pass_fds=[number],
        env=_ENVIRONMENT | kept,
        # Ctrl-C in a terminal goes to the parent, which decides.
        start_new_session=True,
    )


def _python() -> str:
    # Inside some servers `sys.executable` is the server.
    if Path(sys.executable or "").name.startswith("python"):
        return sys.executable
    return str(Path(sys.exec_prefix) / "bin" / "python3")
