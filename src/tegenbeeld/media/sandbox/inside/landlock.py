"""
No way to files, TCP or other processes, by the kernel's Landlock. A second lock beside seccomp.

Source: linux/landlock.h; landlock(7).
"""

import ctypes
import errno
import os

from tegenbeeld.media.sandbox.inside import kernel

# The same on every kind of processor.
_CREATE_RULESET, _RESTRICT_SELF = 444, 446
_ASK_VERSION = 1

# How many kinds of access to files each version knows: numbered bits, all of which are refused.
_FILE_ACCESS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
_NEWEST_FOR_FILES = 5

_TCP_FROM, _TCP_BOTH = 4, 0b11
_SCOPES_FROM, _SCOPE_BOTH = 6, 0b11
"""Bind and connect; abstract sockets of, and signals to, processes outside."""


class _Ruleset(ctypes.Structure):
    _fields_ = (
        ("files", ctypes.c_uint64),
        ("network", ctypes.c_uint64),
        ("scopes", ctypes.c_uint64),
    )


def restrict() -> None:
    """
    Refuse this thread everything that Landlock of this kernel knows. `no_new_privs` must be set.

    Raises:
        NotHere: The kernel is older than 5.13, or Landlock is switched off.
    """
    try:
        version = kernel.syscall(_CREATE_RULESET, 0, 0, _ASK_VERSION)
    except OSError as error:
        reasons = {
            errno.ENOSYS: "this kernel has no Landlock, or a container hides it",
            errno.EOPNOTSUPP: "Landlock is switched off at boot",
        }
        raise kernel.NotHere(reasons.get(error.errno or 0, str(error.strerror))) from error
    rules = _Ruleset(
        files=(1 << _FILE_ACCESS[min(version, _NEWEST_FOR_FILES)]) - 1,
        network=_TCP_BOTH if version >= _TCP_FROM else 0,
        scopes=_SCOPE_BOTH if version >= _SCOPES_FROM else 0,
    )
    # An older kernel takes the longer structure as long as what it does not know is zero.
    ruleset = kernel.syscall(_CREATE_RULESET, ctypes.byref(rules), ctypes.sizeof(rules), 0)
    try:
        kernel.syscall(_RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)
