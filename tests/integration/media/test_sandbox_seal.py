"""
What holds a worker back, each part by itself; and what is said where a part is missing.
"""

import errno
import json
import logging
import os
import platform
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from tegenbeeld.media.sandbox import Limits, Sandbox, pool
from tegenbeeld.media.sandbox.inside import kernel, landlock, seccomp
from tegenbeeld.media.sandbox.inside.seal import PROTECTIONS, keep_only, seal, try_out

Found = dict[str, str]


def in_child(attempts: dict[str, Callable[[], object]]) -> tuple[Found, Found]:
    """
    Seal a child of this process and try things in it.

    Returns:
        The protections that are missing; the outcome of each attempt: "done", or its errno.
    """
    ours, theirs = socket.socketpair()
    parent = os.getpid()
    child = os.fork()
    if child == 0:
        try:
            connection = keep_only(theirs)
            missing = try_out(seal(Limits(), template=parent))
            outcomes = {name: _outcome(attempt) for name, attempt in attempts.items()}
            connection.sendall(json.dumps([missing, outcomes]).encode())
        finally:
            os._exit(0)
    theirs.close()
    with ours:
        body = ours.recv(65536, socket.MSG_WAITALL)
    os.waitpid(child, 0)
    missing, outcomes = json.loads(body)
    return missing, outcomes


def _outcome(attempt: Callable[[], object]) -> str:
    try:
        attempt()
    except OSError as error:
        return errno.errorcode[error.errno or 0]
    return "done"


def read_file() -> None:
    """
    Read what every process may read.
    """
    os.close(os.open("/etc/passwd", os.O_RDONLY))


def connect() -> None:
    """
    Connect to a port where nothing listens.
    """
    with socket.socket() as connection:
        connection.connect(("127.0.0.1", 9))


def signal_parent() -> None:
    """
    Ask whether the parent may be signalled.
    """
    os.kill(os.getppid(), 0)


ATTEMPTS = {"read file": read_file, "connect": connect, "signal": signal_parent}


def absent(*_: object) -> None:
    """
    Stand for what this machine does not have.
    """
    raise kernel.NotHere("taken away by a test")


def present() -> Found:
    """
    Give what is missing without any interference; skip where this machine lacks the kernel's part.
    """
    missing, _ = in_child({})
    if {"Landlock", "seccomp"} & missing.keys():
        pytest.skip(f"not on this machine: {missing}")
    return missing


def test_landlock_alone_keeps_files_and_network_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without seccomp, Landlock still refuses files, TCP, and other processes."""
    present()
    monkeypatch.setattr(seccomp, "restrict", absent)
    missing, outcomes = in_child(ATTEMPTS)
    assert missing == {"seccomp": "taken away by a test"}
    assert outcomes["read file"] == "EACCES"
    assert outcomes["connect"] == "EACCES"
    assert outcomes["signal"] == "EPERM"


def test_seccomp_alone_keeps_files_and_network_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without Landlock, seccomp refuses the same."""
    present()
    monkeypatch.setattr(landlock, "restrict", absent)
    missing, outcomes = in_child(ATTEMPTS)
    assert missing == {"Landlock": "taken away by a test"}
    assert outcomes == dict.fromkeys(ATTEMPTS, "EPERM")


def test_protection_that_holds_nothing_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the kernel says yes and does nothing, that is noticed and named."""
    monkeypatch.setattr(seccomp, "restrict", lambda *_: None)
    monkeypatch.setattr(landlock, "restrict", lambda: None)
    missing, outcomes = in_child({"read file": read_file})
    assert outcomes == {"read file": "done"}
    assert missing["seccomp"] == missing["Landlock"] == "it is accepted, but holds nothing"


def test_processor_without_a_table_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a processor that nobody wrote numbers for, the rest still holds."""
    present()
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")
    missing, outcomes = in_child(ATTEMPTS)
    assert missing == {"seccomp": "not written for riscv64 with 64 bits"}
    assert outcomes["read file"] == "EACCES"


def test_worker_is_nobody_and_dumps_nothing() -> None:
    """A worker has no rights of root, whoever starts it, and leaves no image of its memory."""
    if os.geteuid() != 0:
        pytest.skip("only root has rights to lose")
    answer, outcomes = in_child({"become root": lambda: os.setuid(0)})
    assert "user without rights" not in answer
    assert outcomes == {"become root": "EPERM"}
    with Sandbox("testing.sandbox_jobs:do", workers=1) as sandbox:
        status = Path(f"/proc/{int(sandbox.run(b'pid'))}/status").read_text()
    lines = dict(line.split(":\t", 1) for line in status.splitlines())
    assert set(lines["Uid"].split() + lines["Gid"].split()) == {"65534"}
    assert lines["Groups"].strip() == ""
    assert int(lines["CapEff"], 16) == int(lines["CapPrm"], 16) == 0
    assert lines["NoNewPrivs"] == "1"


def test_protections_are_told_and_what_is_missing_is_warned_of_once(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The operator sees what holds, and one warning for each thing that does not."""
    with Sandbox("testing.sandbox_jobs:do", workers=1) as sandbox:
        assert {*sandbox.protections, *sandbox.missing} == set(PROTECTIONS)
        assert not set(sandbox.protections) & sandbox.missing.keys()
    monkeypatch.setattr(pool, "_warned", set())
    caplog.clear()
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            pool._warn_of({"Landlock": "this kernel has none"})
    assert [record.message for record in caplog.records] == [
        ("Hostile files are held back less than they could be: no Landlock (this kernel has none).")
    ]


ALLOW, EPERM, ENOSYS, KILL = "allow", "EPERM", "ENOSYS", "kill"


def decide(machine: str, number: int, *arguments: int, architecture: int | None = None) -> str:
    """
    Run the filter as the kernel does, for process 42.

    Source: linux/Documentation/networking/filter.rst, for the instructions that are used.
    """
    named = architecture or {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}[machine]
    words = [number, named, 0, 0]
    for argument in (*arguments, *[0] * (6 - len(arguments))):
        words += [argument & 0xFFFFFFFF, argument >> 32]
    steps = seccomp.program(machine, 42)
    at = loaded = 0
    while True:
        code, if_true, if_false, value = steps[at]
        at += 1
        if code == 0x20:
            loaded = words[value // 4]
        elif code == 0x06:
            return {0x7FFF0000: ALLOW, 0x50001: EPERM, 0x50026: ENOSYS, 0x80000000: KILL}[value]
        else:
            is_true = {0x15: loaded == value, 0x35: loaded >= value, 0x45: bool(loaded & value)}
            at += if_true if is_true[code] else if_false


@pytest.mark.parametrize(
    ("machine", "numbers"),
    [
        ("x86_64", {"read": 0, "open": 2, "openat": 257, "socket": 41, "execve": 59, "fork": 57}),
        ("aarch64", {"read": 63, "openat": 56, "socket": 198, "execve": 221, "ptrace": 117}),
    ],
)
def test_filter_decides_as_it_should_on_each_processor(
    machine: str, numbers: dict[str, int]
) -> None:
    """The same calls are allowed on both processors, by their own numbers."""
    own = {"x86_64": 0, "aarch64": 1}[machine]
    mmap, clone, tgkill = ((9, 222)[own], (56, 220)[own], (234, 131)[own])
    assert {decide(machine, number) for number in numbers.values()} == {EPERM}
    assert decide(machine, (202, 98)[own]) == ALLOW
    assert decide(machine, mmap, 0, 4096, 0b011) == ALLOW
    assert decide(machine, mmap, 0, 4096, 0b111) == EPERM
    assert decide(machine, clone, 0x3D0F00) == ALLOW
    assert decide(machine, clone, 17) == EPERM
    assert decide(machine, 435) == ENOSYS
    assert decide(machine, tgkill, 42, 43, 6) == ALLOW
    assert decide(machine, tgkill, 1, 1, 6) == EPERM
    assert decide(machine, 1000) == EPERM
    assert decide(machine, 202, architecture=0x40000003) == KILL
    assert decide(machine, 0x40000000 + 45) == KILL
