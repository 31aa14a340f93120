"""
Many threads, many processes, and processes that die: the pool keeps working, and leaves nothing.
"""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tegenbeeld.errors import (
    DecoderCrashed,
    DecoderOutOfMemory,
    MediaError,
    SandboxBusy,
    SandboxUnavailable,
)
from tegenbeeld.media.sandbox import Limits, Sandbox
from testing.running_node import wait_until

JOB = "testing.sandbox_jobs:do"

Processes = Callable[[], set[int]]


def template_of(sandbox: Sandbox) -> int:
    """
    Give the process that workers are copied from.
    """
    assert sandbox._template is not None
    return sandbox._template.pid


def workers_of(sandbox: Sandbox) -> list[int]:
    """
    Give the processes of its workers.
    """
    template = template_of(sandbox)
    return [int(path.name) for path in Path("/proc").glob("[0-9]*") if _parent(path) == template]


def _parent(process: Path) -> int:
    fields = _text(process / "stat").rpartition(")")[2].split()
    return int(fields[1]) if fields else 0


def is_alive(pid: int) -> bool:
    """
    Whether a process runs, whoever its parent is by now.
    """
    state = _text(Path(f"/proc/{pid}/stat")).rpartition(")")[2].split()
    return bool(state) and state[0] not in "ZX"


def test_threads_share_the_workers_and_get_their_own_answers() -> None:
    """Eight threads over three workers, one file in five hostile: each gets what is its own."""
    with Sandbox(JOB, workers=3) as sandbox:

        def ask(number: int) -> None:
            if number % 5 == 0:
                with pytest.raises(DecoderCrashed):
                    sandbox.run(b"abort")
            else:
                assert sandbox.run(b"echo %d" % number) == b"%d" % number

        with ThreadPoolExecutor(8) as threads:
            list(threads.map(ask, range(400)))
        assert len(sandbox._idle) <= 3


def test_no_more_workers_than_asked_for(processes: Processes) -> None:
    """Files beyond the workers wait their turn."""
    before = processes()
    with Sandbox(JOB, workers=2) as sandbox, ThreadPoolExecutor(8) as threads:
        pids = {*threads.map(sandbox.run, [b"pid"] * 100)}
        assert len(pids) == 2
        assert len(processes() - before) == 3


def test_calls_beyond_those_that_may_wait_are_refused_at_once() -> None:
    """Where too many wait already, a call says so rather than wait."""
    with Sandbox(JOB, workers=1, waiting=1) as sandbox, ThreadPoolExecutor(2) as threads:
        calls = [threads.submit(sandbox.run, b"sleep 1") for _ in range(2)]
        wait_until(lambda: sandbox._waiting == 1)
        began = time.monotonic()
        with pytest.raises(SandboxBusy):
            sandbox.run(b"echo")
        assert time.monotonic() - began < 0.2
        assert [call.result() for call in calls] == [b"slept", b"slept"]
        assert sandbox.run(b"echo 1") == b"1"


def test_worker_is_replaced_after_its_number_of_files(processes: Processes) -> None:
    """A worker looks at so many files; then another takes its place."""
    with Sandbox(JOB, workers=1, limits=Limits(files=3)) as sandbox:
        pids = [int(sandbox.run(b"pid")) for _ in range(7)]
        assert [pids.count(pid) for pid in dict.fromkeys(pids)] == [3, 3, 1]
        assert set(pids) & processes() == {pids[-1]}


def test_idle_worker_killed_from_outside_costs_no_file() -> None:
    """A worker that is gone before it has a file is replaced without a word."""
    with Sandbox(JOB, workers=1) as sandbox:
        os.kill(int(sandbox.run(b"pid")), signal.SIGKILL)
        time.sleep(0.1)
        assert sandbox.run(b"echo 1") == b"1"


def kill_the_next(sandbox: Sandbox, number: int) -> list[int]:
    """
    Kill so many workers, one after the other, each while it is busy; their processes.
    """
    killed: list[int] = []
    until = time.monotonic() + 20
    while len(killed) < number and time.monotonic() < until:
        for worker in set(workers_of(sandbox)) - set(killed):
            time.sleep(0.3)
            os.kill(worker, signal.SIGKILL)
            killed.append(worker)
        time.sleep(0.01)
    return killed


def test_busy_worker_killed_from_outside_costs_nothing() -> None:
    """When the kernel is short of memory, it ends a worker rather than the server."""
    with Sandbox(JOB, workers=1) as sandbox, ThreadPoolExecutor(1) as threads:
        worker = int(sandbox.run(b"pid"))
        shortage = Path(f"/proc/{worker}/oom_score_adj")
        assert int(shortage.read_text()) > int(Path("/proc/self/oom_score_adj").read_text())
        call = threads.submit(sandbox.run, b"sleep 2")
        assert kill_the_next(sandbox, 1) == [worker]
        assert call.result() == b"slept"
        assert not is_alive(worker)


def test_file_whose_workers_are_killed_twice_is_refused() -> None:
    """Then it is the file that takes the memory of the machine."""
    with Sandbox(JOB, workers=1) as sandbox, ThreadPoolExecutor(1) as threads:
        sandbox.start()
        call = threads.submit(sandbox.run, b"sleep")
        assert len(kill_the_next(sandbox, 2)) == 2
        with pytest.raises(DecoderOutOfMemory):
            call.result()
        assert sandbox.run(b"echo 1") == b"1"


@pytest.mark.parametrize("force", [signal.SIGKILL, signal.SIGSTOP])
def test_template_that_dies_is_started_again(
    processes: Processes, monkeypatch: pytest.MonkeyPatch, force: signal.Signals
) -> None:
    """After the template is killed or hangs, the next call works, and nothing is left of it."""
    monkeypatch.setattr("tegenbeeld.media.sandbox.template.ANSWERS_WITHIN_S", 0.5)
    monkeypatch.setattr("tegenbeeld.media.sandbox.template.ENDS_WITHIN_S", 0.5)
    before = processes()
    with Sandbox(JOB, workers=2, limits=Limits(files=1, seconds=5)) as sandbox:
        old = {template_of(sandbox), int(sandbox.run(b"pid"))}
        os.kill(template_of(sandbox), force)
        assert sandbox.run(b"echo 1") == b"1"
        assert not any(is_alive(pid) for pid in old)
        assert len(processes() - before) <= 2


def test_template_killed_while_a_file_is_looked_at() -> None:
    """The file is looked at again by the next template; the workers of the old are gone."""
    with Sandbox(JOB, workers=1) as sandbox, ThreadPoolExecutor(1) as threads:
        worker = int(sandbox.run(b"pid"))
        began = time.monotonic()
        call = threads.submit(sandbox.run, b"sleep 3")
        time.sleep(0.2)
        os.kill(template_of(sandbox), signal.SIGKILL)
        wait_until(lambda: not is_alive(worker))
        assert time.monotonic() - began < 2.5
        assert call.result() == b"slept"


def test_signals_that_stop_a_server_do_not_stop_its_decoders() -> None:
    """What is being answered when a server is told to stop can still be answered."""
    with Sandbox(JOB, workers=1) as sandbox:
        worker = int(sandbox.run(b"pid"))
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            os.kill(template_of(sandbox), number)
            os.kill(worker, number)
        assert int(sandbox.run(b"pid")) == worker


def test_close_while_files_are_looked_at_ends_the_calls(processes: Processes) -> None:
    """Calls that go on or wait raise; no process and no thread is left."""
    before = processes()
    sandbox = Sandbox(JOB, workers=2)
    with ThreadPoolExecutor(4) as threads:
        calls = [threads.submit(sandbox.run, b"sleep 30") for _ in range(4)]
        wait_until(lambda: sandbox._waiting == 2)
        time.sleep(0.2)
        began = time.monotonic()
        sandbox.close()
        for call in calls:
            with pytest.raises(SandboxUnavailable):
                call.result()
        assert time.monotonic() - began < 3
    with pytest.raises(SandboxUnavailable):
        sandbox.run(b"echo")
    sandbox.close()
    assert processes() == before


@pytest.mark.parametrize("job", ["no.such:job", "testing.sandbox_jobs:no_such", "nonsense"])
def test_job_that_cannot_be_imported_is_said_at_the_start(job: str, processes: Processes) -> None:
    """A wrong name is an error of the program, told when the sandbox starts."""
    before = processes()
    with pytest.raises(SandboxUnavailable, match="cannot be imported"):
        Sandbox(job).start()
    assert processes() == before


def test_python_that_is_not_there_is_said_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a Python to start, the error says so."""
    monkeypatch.setattr(sys, "executable", "/nowhere/python3")
    with pytest.raises(SandboxUnavailable, match="Python"):
        Sandbox(JOB).start()


def test_fork_of_the_program_gets_workers_of_its_own() -> None:
    """As under gunicorn: the child has its own processes, and its end leaves the parent's."""
    with Sandbox(JOB, workers=1) as sandbox:
        own = sandbox.run(b"pid")
        child = os.fork()
        if child == 0:
            code = 1
            with contextlib.suppress(BaseException):
                code = 0 if sandbox.run(b"pid") != own else 2
                sandbox.close()
            os._exit(code)
        assert os.waitpid(child, 0)[1] == 0
        assert sandbox.run(b"pid") == own


def test_fork_while_threads_look_at_files() -> None:
    """Forking at any moment harms neither side."""
    with Sandbox(JOB, workers=2) as sandbox:
        stop = threading.Event()

        def ask() -> None:
            while not stop.is_set():
                with contextlib.suppress(MediaError):
                    sandbox.run(b"abort")

        threads = [threading.Thread(target=ask) for _ in range(2)]
        for thread in threads:
            thread.start()
        try:
            for _ in range(10):
                child = os.fork()
                if child == 0:
                    code = 1
                    with contextlib.suppress(BaseException):
                        code = 0 if sandbox.run(b"echo 1") == b"1" else 2
                        sandbox.close()
                    os._exit(code)
                assert os.waitpid(child, 0)[1] == 0
        finally:
            stop.set()
            for thread in threads:
                thread.join()
        assert sandbox.run(b"echo 1") == b"1"


PROGRAM = """
import os, signal, sys, threading, time
from tegenbeeld.media.sandbox import Sandbox
sandbox = Sandbox("testing.sandbox_jobs:do", workers=2)
sandbox.start()
for _ in range(2):
    threading.Thread(target=sandbox.run, args=(b"sleep 50",), daemon=True).start()
time.sleep(0.3)
print("ready", flush=True)
"""

ENDINGS = {
    "killed": "os.kill(os.getpid(), signal.SIGKILL)",
    "terminated": "os.kill(os.getpid(), signal.SIGTERM); time.sleep(60)",
    "exit": "sys.exit()",
    "exit without clean-up": "os._exit(0)",
    "while a child of it lives": (
        "os.fork() or time.sleep(20); os.kill(os.getpid(), signal.SIGKILL)"
    ),
    "while a child that C made lives": (
        "import ctypes; ctypes.PyDLL(None).fork() or time.sleep(20);"
        "os.kill(os.getpid(), signal.SIGKILL)"
    ),
}


@pytest.mark.parametrize("ending", list(ENDINGS))
def test_nothing_is_left_when_the_program_ends(ending: str) -> None:
    """However the program ends, its template and workers end, even in the middle of a file."""
    marker = f"left-over-{os.getpid()}-{time.monotonic_ns()}"
    program = subprocess.Popen(
        [sys.executable, "-c", PROGRAM + ENDINGS[ending]],
        stdout=subprocess.PIPE,
        env={"PYTHONPATH": ":".join([*sys.path, f"/{marker}"]), "PATH": os.environ["PATH"]},
    )
    with program:
        assert program.stdout is not None
        assert program.stdout.readline() == b"ready\n"
        program.wait(timeout=10)

    def is_gone() -> bool:
        return not [each for each in Path("/proc").glob("[0-9]*/cmdline") if marker in _text(each)]

    wait_until(is_gone, seconds=8)


def _text(path: Path) -> str:
    with contextlib.suppress(OSError):
        return path.read_text("utf-8", "replace")
    return ""
