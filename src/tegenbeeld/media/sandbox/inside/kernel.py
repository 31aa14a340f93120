"""
Calls to the kernel that Python has no names for. Linux only.
"""

import ctypes
import os
import platform
from typing import Any

# Source: linux/prctl.h.
PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_SECCOMP = 22
PR_SET_NO_NEW_PRIVS = 38

_libc = ctypes.CDLL(None, use_errno=True)


class NotHere(Exception):
    """
    The machine lacks something. The message says what, for the operator.
    """


def prctl(option: int, argument: int, pointer: object = None) -> None:
    """
    Change something about this process.

    Raises:
        OSError: The kernel refused.
    """
    zero = ctypes.c_ulong(0)
    _check(_libc.prctl(option, ctypes.c_ulong(argument), pointer or zero, zero, zero))


def syscall(number: int, *arguments: Any) -> int:
    """
    Call the kernel by number.

    Args:
        number: Of the call, on this kind of processor.
        arguments: `int`s, and what ctypes gives as pointers.

    Raises:
        OSError: The kernel refused.
    """
    words = [ctypes.c_long(each) if isinstance(each, int) else each for each in arguments]
    return _check(_libc.syscall(ctypes.c_long(number), *words))


def machine() -> str:
    """
    Name the kind of processor that this process runs on.

    Raises:
        NotHere: The tables here do not have it.
    """
    name = {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine(), platform.machine())
    if name not in ("x86_64", "aarch64") or ctypes.sizeof(ctypes.c_void_p) != 8:  # noqa: PLR2004
        raise NotHere(f"not written for {name} with {8 * ctypes.sizeof(ctypes.c_void_p)} bits")
    return name


def _check(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result
