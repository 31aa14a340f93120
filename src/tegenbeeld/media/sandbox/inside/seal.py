"""
Takes from a worker all that it does not need, in the order in which it can be taken.

What a machine lacks is left out and named, so that the operator learns of it. What is claimed to
hold is tried out once, in a child that the template makes for that.
"""

import os
import resource
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from tegenbeeld.media.sandbox.inside import kernel, landlock, seccomp
from tegenbeeld.media.sandbox.limits import Limits

CONNECTION = 3
"""The file descriptor of the connection to the parent, the only one besides /dev/null."""

_NOBODY = 65534
_NICER_BY = 5
_DIES_FIRST = "900"
"""For the kernel when memory is short: before the server. Source: proc(5), oom_score_adj."""

_OPEN_FILES = 16
_IS_LINUX = sys.platform == "linux"

Missing = dict[str, str]


def seal(limits: Limits, *, template: int) -> Missing:
    """
    Hold this process back, for good.

    Args:
        limits: For the memory and the processor time.
        template: The process it was forked from, with which it is to end.

    Returns:
        Names of the protections that are missing, and why; of those in `PROTECTIONS`.
    """
    missing: Missing = {}
    _try("end with the parent", missing, lambda: _end_with(template))
    _prefer_in_shortage()
    _try("limits on memory, time and files", missing, lambda: _limit(limits))
    _try("user without rights", missing, lambda: _become_nobody(template))
    _try("no new rights", missing, _keep_from_new_rights)
    _try("Landlock", missing, _lock_land)
    # Last: it refuses the calls of all others.
    _try("seccomp", missing, _filter_calls)
    return missing


PROTECTIONS = (
    "end with the parent",
    "limits on memory, time and files",
    "user without rights",
    "no new rights",
    "Landlock",
    "seccomp",
)


def try_out(missing: Missing) -> Missing:
    """
    Try what must not be possible any more, in a process that is sealed.

    Returns:
        *missing*, with those that turn out to hold nothing.
    """
    found = dict(missing)
    if not {"Landlock", "seccomp"} <= missing.keys() and _is_possible(
        lambda: os.close(os.open("/", os.O_RDONLY))
    ):
        found |= dict.fromkeys(("Landlock", "seccomp"), "it is accepted, but holds nothing")
    if "seccomp" not in missing and _is_possible(lambda: socket.socket().close()):
        found["seccomp"] = "it is accepted, but holds nothing"
    return found


def _is_possible(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except OSError:
        return False
    return True


def _try(name: str, missing: Missing, step: Callable[[], None]) -> None:
    try:
        step()
    except kernel.NotHere as error:
        missing[name] = str(error)
    except (OSError, ValueError) as error:
        missing[name] = getattr(error, "strerror", None) or type(error).__name__


def keep_only(connection: socket.socket) -> socket.socket:
    """
    Close every file but the connection.

    Returns:
        The connection, at `CONNECTION`.
    """
    number = connection.detach()
    if number != CONNECTION:
        os.dup2(number, CONNECTION)
    os.closerange(CONNECTION + 1, _most_files())
    return socket.socket(fileno=CONNECTION)


def _most_files() -> int:
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return 1 << 20 if soft == resource.RLIM_INFINITY else soft


def _end_with(template: int) -> None:
    if not _IS_LINUX:
        # Without a signal for that, a worker sees the end of its connection after its file.
        raise kernel.NotHere("only Linux can; workers end after their file")
    kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != template:
        os._exit(1)


def _prefer_in_shortage() -> None:
    # Neither is a protection, and neither is possible everywhere.
    with suppress(OSError):
        os.nice(_NICER_BY)
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(_DIES_FIRST)


def _limit(limits: Limits) -> None:
    # Each file has its own limit; this one is for a worker that has thrown that off.
    life = int(limits.cpu_seconds * (limits.files + 1)) + 1
    amounts = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NOFILE: _OPEN_FILES,
        resource.RLIMIT_CPU: life,
        resource.RLIMIT_AS: limits.memory_bytes,
    }
    if not _IS_LINUX:
        # Linux counts threads too, which decoders need; there seccomp refuses processes.
        amounts[resource.RLIMIT_NPROC] = 0
    for kind, amount in amounts.items():
        _, hardest = resource.getrlimit(kind)
        lowest = amount if hardest == resource.RLIM_INFINITY else min(amount, hardest)
        resource.setrlimit(kind, (lowest, lowest))


def _become_nobody(template: int) -> None:
    if os.geteuid() != 0:
        return
    os.setgroups([])
    os.setresgid(_NOBODY, _NOBODY, _NOBODY)
    os.setresuid(_NOBODY, _NOBODY, _NOBODY)
    if _IS_LINUX:
        # The kernel forgets it with a change of user.
        _end_with(template)


def _keep_from_new_rights() -> None:
    if not _IS_LINUX:
        raise kernel.NotHere("only Linux has it")
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    # Programs that collect crashes are started even where files of them are limited to nothing:
    # they would keep the picture. Source: core(5).
    kernel.prctl(kernel.PR_SET_DUMPABLE, 0)


def _lock_land() -> None:
    if not _IS_LINUX:
        raise kernel.NotHere("only Linux has it")
    landlock.restrict()


def _filter_calls() -> None:
    if not _IS_LINUX:
        raise kernel.NotHere("only Linux has it")
    if sys.byteorder != "little":
        raise kernel.NotHere("not written for this byte order")
    seccomp.restrict(kernel.machine(), os.getpid())
