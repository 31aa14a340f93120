"""
A list of the calls to the kernel that a worker may still make. Everything else fails with EPERM.

A worker computes, asks for memory, talks over the one socket it has, and reads the file that it was
given over it. It opens nothing, starts no process, connects to nothing, and maps no memory that
can be executed.

Sources: linux/seccomp.h, linux/filter.h, linux/audit.h; seccomp(2).
"""

import ctypes
import errno

from tegenbeeld.media.sandbox.inside import kernel

_COLUMNS = {"x86_64": 0, "aarch64": 1}
_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}

# Numbers on x86_64 and aarch64. Source: asm/unistd_64.h, asm-generic/unistd.h of Linux 6.1.
# The most frequent come first.
_ALLOWED = {
    "recvfrom": (45, 207),
    "sendto": (44, 206),
    "recvmsg": (47, 212),
    "pread64": (17, 67),
    "munmap": (11, 215),
    "madvise": (28, 233),
    "mremap": (25, 216),
    "brk": (12, 214),
    "futex": (202, 98),
    "setitimer": (38, 103),
    "clock_gettime": (228, 113),
    "clock_getres": (229, 114),
    "gettimeofday": (96, 169),
    "nanosleep": (35, 101),
    "clock_nanosleep": (230, 115),
    "restart_syscall": (219, 128),
    "sched_yield": (24, 124),
    "sched_getaffinity": (204, 123),
    "getpid": (39, 172),
    "gettid": (186, 178),
    "getrusage": (98, 165),
    "getrandom": (318, 278),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "sigaltstack": (131, 132),
    "close": (3, 57),
    "set_robust_list": (273, 99),
    "rseq": (334, 293),
    "exit": (60, 93),
    "exit_group": (231, 94),
}

# Allowed while the argument with this index has none of these bits.
_PROT_EXEC = 4
_WITHOUT_BITS = {
    "mmap": ((9, 222), 2, _PROT_EXEC),
    "mprotect": ((10, 226), 2, _PROT_EXEC),
}

# Allowed while the argument with this index has this bit: libde265 decodes HEIC in a thread even
# when told to use none. A new process lacks the bit. Source: clone(2).
_CLONE_THREAD = 0x10000
_WITH_BIT = {"clone": ((56, 220), 0, _CLONE_THREAD)}

# Its arguments lie in memory, where a filter cannot look. Where it is said not to exist, the C
# library uses the older call.
_CLONE3 = (435, 435)

# Allowed while the first argument is the process itself: `abort` signals its own thread.
_TO_ITSELF = {"tkill": (200, 130), "tgkill": (234, 131)}

_LOAD, _IF_EQUAL, _IF_AT_LEAST, _IF_BITS, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL = 0x7FFF0000, 0x80000000
_REFUSE, _UNKNOWN = 0x00050000 | errno.EPERM, 0x00050000 | errno.ENOSYS

# Where things lie in `struct seccomp_data`; all machines here store the low half first.
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16

# On x86_64, numbers from here on are the x32 variants of the same calls.
_X32 = 0x40000000

_SECCOMP_MODE_FILTER = 2

_Step = tuple[int, int, int, int]


class _Instruction(ctypes.Structure):
    _fields_ = (
        ("code", ctypes.c_ushort),
        ("if_true", ctypes.c_ubyte),
        ("if_false", ctypes.c_ubyte),
        ("value", ctypes.c_uint32),
    )


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.POINTER(_Instruction)))


def program(machine: str, pid: int) -> list[_Step]:
    """
    Write the filter for a process.

    Args:
        machine: As `kernel.machine` names it.
        pid: The process.

    Returns:
        Instructions: code, jump if true, jump if false, value.
    """
    column = _COLUMNS[machine]
    steps = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_IF_EQUAL, 1, 0, _ARCHITECTURES[machine]),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
        (_IF_AT_LEAST, 0, 1, _X32),
        (_RETURN, 0, 0, _KILL),
    ]
    for numbers in _ALLOWED.values():
        steps += [(_IF_EQUAL, 0, 1, numbers[column]), (_RETURN, 0, 0, _ALLOW)]
    for numbers, argument, bits in _WITHOUT_BITS.values():
        # If the bits are set, step over the permission.
        steps += _if_argument(numbers[column], argument, (_IF_BITS, 1, 0, bits))
    for numbers, argument, bit in _WITH_BIT.values():
        steps += _if_argument(numbers[column], argument, (_IF_BITS, 0, 1, bit))
    for numbers in _TO_ITSELF.values():
        steps += _if_argument(numbers[column], 0, (_IF_EQUAL, 0, 1, pid))
    steps += [(_IF_EQUAL, 0, 1, _CLONE3[column]), (_RETURN, 0, 0, _UNKNOWN)]
    return [*steps, (_RETURN, 0, 0, _REFUSE)]


def _if_argument(number: int, argument: int, test: _Step) -> list[_Step]:
    return [
        (_IF_EQUAL, 0, 4, number),
        (_LOAD, 0, 0, _ARGUMENTS + 8 * argument),
        test,
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    ]


def restrict(machine: str, pid: int) -> None:
    """
    Put the filter on this thread and on those that it starts, for good.

    `no_new_privs` must be set.

    Raises:
        OSError: The kernel has no filters, or something forbids them.
    """
    steps = program(machine, pid)
    array = (_Instruction * len(steps))(*(_Instruction(*step) for step in steps))
    kernel.prctl(
        kernel.PR_SET_SECCOMP,
        _SECCOMP_MODE_FILTER,
        ctypes.byref(_Program(len(steps), array)),
    )
