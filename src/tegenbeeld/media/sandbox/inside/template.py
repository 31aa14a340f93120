"""
The template: imports the job, then forks a worker whenever the parent asks.

It looks at no file itself, has one thread, and ends with its parent, and all workers with it.
"""

import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from tegenbeeld.media.sandbox.frames import COMMAND, ENDED, HELLO, UNKNOWN_END, Verb
from tegenbeeld.media.sandbox.inside import decoders
from tegenbeeld.media.sandbox.inside.seal import PROTECTIONS, keep_only, seal, try_out
from tegenbeeld.media.sandbox.inside.worker import Job, work
from tegenbeeld.media.sandbox.limits import Limits

_LOOKS_AFTER_PARENT_EVERY_S = 2

_MAX_REPORT = 8 * 1024


def main() -> NoReturn:
    """
    Run the process. Its settings are the first two arguments.
    """
    settings = json.loads(sys.argv[1])
    # Servers are told to stop by signals to all processes of theirs. Then the parent still
    # finishes its work, and needs this one.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    with socket.socket(fileno=settings["connection"]) as connection:
        template = _Template(connection, Limits(**json.loads(sys.argv[2])))
        try:
            template.prepare(settings["job"])
            template.serve(parent=settings["parent"])
        finally:
            template.end_all()
    os._exit(0)


class _Template:
    """
    The state of the process: the job, and its workers by number.
    """

    def __init__(self, connection: socket.socket, limits: Limits) -> None:
        self._connection = connection
        self._limits = limits
        self._pids: dict[int, int] = {}
        self._job: Job = _no_job

    def prepare(self, job: str) -> None:
        """
        Import everything, try out the protections, and say so to the parent.
        """
        try:
            name, _, function = job.partition(":")
            module = importlib.import_module(name)
            self._job = getattr(module, function)
            decoders.prepare()
            getattr(module, "prepare", _nothing)()
        except Exception as error:  # noqa: BLE001 - no file was seen yet, so its text is safe
            self._say({"error": f"{job} cannot be imported ({type(error).__name__}: {error})"})
            os._exit(1)
        _leave_folder()
        missing = self._try_out()
        held = [name for name in PROTECTIONS if name not in missing]
        # What exists now stays as it is, so that workers share its memory.
        gc.collect()
        gc.freeze()
        self._say({"protections": held, "missing": missing})

    def serve(self, *, parent: int) -> None:
        """
        Do what the parent asks until it is gone.

        Args:
            parent: Its process.
        """
        poll = select.poll()
        poll.register(self._connection, select.POLLIN)
        while True:
            # A copy of the connection in some other child of the parent could outlive it.
            if os.getppid() != parent:
                return
            if not poll.poll(_LOOKS_AFTER_PARENT_EVERY_S * 1000):
                continue
            message, files, _, _ = socket.recv_fds(self._connection, COMMAND.size, 1)
            if len(message) != COMMAND.size:
                return
            verb, number = COMMAND.unpack(message)
            if verb == Verb.FORK and files:
                self._fork(number, socket.socket(fileno=files[0]))
            elif verb == Verb.END:
                self._connection.sendall(ENDED.pack(self._end(number)))

    def end_all(self) -> None:
        """
        End all workers.
        """
        for pid in self._pids.values():
            with suppress(OSError):
                os.kill(pid, signal.SIGKILL)

    def _fork(self, number: int, connection: socket.socket) -> None:
        own = os.getpid()
        with connection:
            try:
                pid = os.fork()
            except OSError:
                # The parent sees that its end is closed.
                return
            if pid == 0:
                _be_worker(lambda: self._work(connection, own))
            self._pids[number] = pid

    def _work(self, connection: socket.socket, template: int) -> None:
        only = keep_only(connection)
        seal(self._limits, template=template)
        work(only, self._job, self._limits)

    def _end(self, number: int) -> int:
        pid = self._pids.pop(number, None)
        if pid is None:
            return UNKNOWN_END
        # Until it is waited for, the number is still its own. A process that is ending already
        # keeps its reason.
        os.kill(pid, signal.SIGKILL)
        return os.waitpid(pid, 0)[1]

    def _try_out(self) -> dict[str, str]:
        own = os.getpid()
        ours, theirs = socket.socketpair()
        with ours, theirs:
            pid = os.fork()
            if pid == 0:
                _be_worker(lambda: _report(keep_only(theirs), self._limits, own))
            theirs.close()
            report = ours.recv(_MAX_REPORT, socket.MSG_WAITALL)
            os.waitpid(pid, 0)
        if not report:
            return dict.fromkeys(PROTECTIONS, "trying it out failed")
        missing: dict[str, str] = json.loads(report)
        return missing

    def _say(self, hello: dict[str, Any]) -> None:
        body = json.dumps(hello).encode()
        with suppress(OSError):
            self._connection.sendall(HELLO.pack(len(body)) + body)


def _report(connection: socket.socket, limits: Limits, template: int) -> None:
    missing = seal(limits, template=template)
    connection.sendall(json.dumps(try_out(missing)).encode())


def _be_worker(what: Any) -> NoReturn:
    try:
        what()
    finally:
        # Nothing of the template's is to run here: no clean-up, no buffers to write.
        os._exit(1)


def _leave_folder() -> None:
    # The working folder of all workers: empty, and nothing can be made in it.
    try:
        folder = tempfile.mkdtemp()
        os.chdir(folder)
        Path(folder).rmdir()
    except OSError:
        os.chdir("/")


def _nothing() -> None:
    """
    Stand in for the preparation of a job that needs none.
    """


def _no_job(content: object, options: bytes) -> bytes:
    raise NotImplementedError
