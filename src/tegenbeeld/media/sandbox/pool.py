"""
The sandbox: lends workers to the threads that ask.
"""

import atexit
import logging
import os
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, Self

from tegenbeeld.errors import SandboxBusy, SandboxUnavailable
from tegenbeeld.media.sandbox import ends
from tegenbeeld.media.sandbox import template as templates
from tegenbeeld.media.sandbox.limits import Limits
from tegenbeeld.media.sandbox.template import Template, TemplateGone
from tegenbeeld.media.sandbox.worker import Killed, NotLookedAt, Worker, size_of

_log = logging.getLogger("tegenbeeld.media.sandbox")

_TRIES = 3
"""For a file whose worker is gone for another reason than the file."""

_WAITING = 4
"""Files that wait, for each worker, unless said otherwise."""


class Sandbox:
    """
    Runs one job over many files, in child processes that can do next to nothing.

    All threads of a program share one. It starts when it is first used, or with `with`. After a
    fork of the program (gunicorn, multiprocessing) the child has children of its own.
    """

    def __init__(
        self,
        job: str,
        *,
        workers: int | None = None,
        waiting: int | None = None,
        limits: Limits | None = None,
        media: ends.Media = "picture",
    ) -> None:
        """
        Say what is to be done; nothing is started yet.

        Args:
            job: "package.module:function". `function(content, options: bytes) -> bytes`; content
                is bytes or an open file, as it was given to `run`. A `MediaError` of it comes back
                as it is. Everything it needs must be imported by its module, or by the function
                `prepare` of its module if there is one: a worker can open no file.
            workers: Files that are looked at at once; one for each processor if not given.
            waiting: Calls that may wait for a worker; four for each worker if not given.
            limits: What one file may cost.
            media: What the files are, for the words of errors.

        Raises:
            SandboxUnavailable: This system cannot fork, as Windows.
        """
        if not hasattr(os, "fork"):
            raise SandboxUnavailable(
                "This system cannot hold decoders in a sandbox. Use Linux or macOS, or a container."
            )
        self._job = job
        self._limits = limits or Limits()
        self._media = media
        self._workers = workers or _processors()
        self._most_waiting = self._workers * _WAITING if waiting is None else waiting
        self._is_closed = False
        self._condition = threading.Condition()
        self._starting = threading.Lock()
        self._template: Template | None = None
        self._idle: list[Worker] = []
        self._busy = 0
        self._waiting = 0
        _sandboxes.add(self)

    def __enter__(self) -> Self:
        """
        Start.
        """
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        """
        End all processes.
        """
        self.close()

    @property
    def workers(self) -> int:
        """
        Files that are looked at at once.
        """
        return self._workers

    @property
    def protections(self) -> tuple[str, ...]:
        """
        Names of what holds the workers back on this machine, as tried out at the start.
        """
        return self._current_template().protections

    @property
    def missing(self) -> dict[str, str]:
        """
        Names of the protections that this machine lacks, and why.
        """
        return dict(self._current_template().missing)

    def start(self) -> None:
        """
        Start now rather than with the first file.

        Raises:
            SandboxUnavailable: The processes cannot be started, or the job cannot be imported.
        """
        self._current_template()

    def run(self, content: bytes | BinaryIO, options: bytes = b"") -> bytes:
        """
        Have the job done with one file. Waits for a worker if all are busy.

        Args:
            content: The bytes of the file; or the file, open for reading. A large one is better
                open: the worker then reads it where it lies.
            options: What else the job should know. From the program, never from outside.

        Returns:
            What the job answers.

        Raises:
            MediaError: The job refused the file; or the file was too large, took too long
                (`DecoderTooSlow`), too much memory (`DecoderOutOfMemory`), or broke the decoder
                (`DecoderCrashed`). The next file is not affected.
            SandboxBusy: Too many calls wait already.
            SandboxUnavailable: The sandbox is closed, or its processes cannot be started.
        """
        self._check_sizes(content, options)
        with self._turn():
            was_killed = False
            for _ in range(_TRIES):
                try:
                    return self._look(content, options)
                except Killed:
                    # Once may be anything that happens on the machine. Twice it is the file.
                    if was_killed:
                        raise ends.out_of_memory(self._media) from None
                    was_killed = True
                except (NotLookedAt, TemplateGone):
                    self._check_is_open()
        raise SandboxUnavailable(
            f"The processes that read {self._media}s end at once. Check the limits of this machine "
            "on processes and memory."
        )

    def close(self) -> None:
        """
        End all processes. Calls that are still going on raise `SandboxUnavailable`.
        """
        with self._condition:
            self._is_closed = True
            idle, self._idle = self._idle, []
            self._condition.notify_all()
        with self._starting:
            if self._template is not None:
                self._template.close()
                self._template = None
        for worker in idle:
            worker.forget()

    def _check_sizes(self, content: bytes | BinaryIO, options: bytes) -> None:
        if size_of(content) > self._limits.content_bytes:
            raise ends.too_large(self._media, self._limits.content_bytes)
        if len(options) > self._limits.options_bytes:
            raise ValueError("the options are longer than the limits allow")

    def _check_is_open(self) -> None:
        if self._is_closed:
            raise SandboxUnavailable("The sandbox is closed.")

    @contextmanager
    def _turn(self) -> Iterator[None]:
        with self._condition:
            self._check_is_open()
            if self._busy >= self._workers:
                self._wait_for_turn()
            self._busy += 1
        try:
            yield
        finally:
            with self._condition:
                self._busy -= 1
                self._condition.notify()

    def _wait_for_turn(self) -> None:
        if self._waiting >= self._most_waiting:
            raise SandboxBusy(f"Too many {self._media}s wait to be read. Try again in a moment.")
        self._waiting += 1
        try:
            while self._busy >= self._workers:
                self._condition.wait()
                self._check_is_open()
        finally:
            self._waiting -= 1

    def _look(self, content: bytes | BinaryIO, options: bytes) -> bytes:
        worker = self._take()
        try:
            return worker.look(content, options)
        finally:
            self._put_back(worker)

    def _take(self) -> Worker:
        template = self._current_template()
        with self._condition:
            while self._idle:
                worker = self._idle.pop()
                if worker.template is template:
                    return worker
                worker.forget()
        return Worker(template, self._limits, self._media)

    def _put_back(self, worker: Worker) -> None:
        if not worker.is_usable:
            worker.end()
            return
        with self._condition:
            if not self._is_closed:
                self._idle.append(worker)
                return
        worker.forget()

    def _current_template(self) -> Template:
        with self._starting:
            self._check_is_open()
            if self._template is not None and not self._template.is_alive:
                _log.warning("The process that decoders are copied from ended; starting another.")
                self._template.close()
                self._template = None
            if self._template is None:
                self._template = Template(self._job, self._limits)
                _warn_of(self._template.missing)
            return self._template

    def forget(self) -> None:
        """
        Let go of processes that belong to the program this one was forked from.
        """
        for worker in self._idle:
            worker.forget()
        if self._template is not None:
            self._template.forget()
        # Their threads are not here: nobody holds the locks, and nobody waits.
        self._condition = threading.Condition()
        self._starting = threading.Lock()
        self._template = None
        self._idle = []
        self._busy = self._waiting = 0


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


_warned: set[str] = set()


def _warn_of(missing: dict[str, str]) -> None:
    for name, reason in missing.items():
        if name not in _warned:
            _warned.add(name)
            _log.warning(
                "Hostile files are held back less than they could be: no %s (%s).", name, reason
            )


_sandboxes: weakref.WeakSet[Sandbox] = weakref.WeakSet()


def _close_all() -> None:
    for sandbox in list(_sandboxes):
        sandbox.close()


def _before_fork() -> None:
    templates.making.acquire()


def _after_fork_in_parent() -> None:
    templates.making.release()


def _after_fork_in_child() -> None:
    # The lock of the parent belongs to a thread that is not here.
    templates.making = threading.RLock()
    for sandbox in list(_sandboxes):
        sandbox.forget()


atexit.register(_close_all)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_before_fork,
        after_in_parent=_after_fork_in_parent,
        after_in_child=_after_fork_in_child,
    )
