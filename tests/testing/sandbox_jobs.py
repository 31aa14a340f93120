"""
Jobs for the tests of the sandbox: what hostile files could make a decoder do.
"""

import ctypes
import mmap
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import BinaryIO

from tegenbeeld import media
from tegenbeeld.errors import DamagedPicture, DamagedVideo, MediaError, TegenbeeldError

SECRET = b"what is in the picture"


def do(content: bytes, options: bytes) -> bytes:
    """
    Do what the file names.
    """
    name, _, rest = content.partition(b" ")
    return _DEEDS[name.decode()](rest, options)


def do_with_file(file: BinaryIO, options: bytes) -> bytes:
    """
    Do with an open file what the options name.
    """
    name, _, rest = options.partition(b" ")
    return _DEEDS_WITH_FILES[name.decode()](file, rest)


def _read(file: BinaryIO, _rest: bytes) -> bytes:
    return file.read()


def _read_at(file: BinaryIO, rest: bytes) -> bytes:
    file.seek(int(rest), os.SEEK_END)
    return file.read(4) + str(file.tell()).encode()


def _write_to(_file: BinaryIO, _rest: bytes) -> bytes:
    # Past Python: as a decoder that a file has taken over could. The number is the first free one.
    os.pwrite(4, b"changed", 0)
    return b"written"


def _map_to_write(_file: BinaryIO, _rest: bytes) -> bytes:
    mmap.mmap(4, 4096)[:7] = b"changed"
    return b"written"


def _open_again(_file: BinaryIO, _rest: bytes) -> bytes:
    os.open("/proc/self/fd/4", os.O_RDWR)
    return b"opened"


def _crash_with(_file: BinaryIO, _rest: bytes) -> bytes:
    os.abort()


def _sum(file: BinaryIO, _rest: bytes) -> bytes:
    total = 0
    while piece := file.read(1024 * 1024):
        total += len(piece)
    return str(total).encode()


def _refuse_file(_file: BinaryIO, _rest: bytes) -> bytes:
    raise DamagedVideo("It is broken. Mend it.")


def shape(content: bytes, options: bytes) -> bytes:
    """
    Decode a picture; its height and width, and the mean of its top left eighth.
    """
    del options
    pixels = media.read_pixels(content)
    corner = pixels[: pixels.shape[0] // 8, : pixels.shape[1] // 8].mean()
    return f"{pixels.shape[0]} {pixels.shape[1]} {corner:.0f}".encode()


def _echo(rest: bytes, options: bytes) -> bytes:
    return rest + options


def _pid(_rest: bytes, _options: bytes) -> bytes:
    return str(os.getpid()).encode()


def _refuse(_rest: bytes, _options: bytes) -> bytes:
    raise DamagedPicture("It is broken. Mend it.")


class _OwnError(MediaError):
    """
    Not of the package's tree.
    """


def _refuse_strangely(_rest: bytes, _options: bytes) -> bytes:
    raise _OwnError("Strange.")


def _raise(_rest: bytes, _options: bytes) -> bytes:
    raise ValueError(SECRET)


def _raise_other(_rest: bytes, _options: bytes) -> bytes:
    raise TegenbeeldError(SECRET)


def _leave(_rest: bytes, _options: bytes) -> bytes:
    sys.exit(SECRET)


def _exit(_rest: bytes, _options: bytes) -> bytes:
    os._exit(0)


def _recurse(rest: bytes, options: bytes) -> bytes:
    return _recurse(rest, options)


def _abort(_rest: bytes, _options: bytes) -> bytes:
    os.abort()


def _write_nowhere(_rest: bytes, _options: bytes) -> bytes:
    ctypes.memset(8, 0, 8)
    return b""


def _loop(_rest: bytes, _options: bytes) -> bytes:
    while True:
        pass


def _compute(rest: bytes, _options: bytes) -> bytes:
    until = time.process_time() + float(rest)
    while time.process_time() < until:
        pass
    return b"computed"


def _loop_in_c(_rest: bytes, _options: bytes) -> bytes:
    return str(pow(7, 10**9)).encode()


def _sleep(rest: bytes, _options: bytes) -> bytes:
    time.sleep(float(rest or 60))
    return b"slept"


def _fill_memory(_rest: bytes, _options: bytes) -> bytes:
    kept = []
    while True:
        kept.append(bytes(64 * 1024 * 1024))


def _answer_much(_rest: bytes, _options: bytes) -> bytes:
    return bytes(64 * 1024 + 1)


def _answer_most(_rest: bytes, _options: bytes) -> bytes:
    return bytes(64 * 1024)


def _answer_text(_rest: bytes, _options: bytes) -> bytes:
    return "text"  # type: ignore[return-value]


def _read_file(_rest: bytes, _options: bytes) -> bytes:
    return Path("/etc/passwd").read_bytes()


def _read_memory_of_parent(_rest: bytes, _options: bytes) -> bytes:
    return Path(f"/proc/{os.getppid()}/environ").read_bytes()


def _write_file(_rest: bytes, _options: bytes) -> bytes:
    Path("here").write_bytes(b"")
    return b""


def _list_folder(_rest: bytes, _options: bytes) -> bytes:
    return str(os.listdir("/")).encode()  # noqa: PTH208


def _connect(_rest: bytes, _options: bytes) -> bytes:
    socket.create_connection(("127.0.0.1", 22))
    return b""


def _make_socket(_rest: bytes, _options: bytes) -> bytes:
    socket.socketpair()
    return b""


def _fork(_rest: bytes, _options: bytes) -> bytes:
    if os.fork() == 0:
        os._exit(0)
    return b""


def _start_thread(_rest: bytes, _options: bytes) -> bytes:
    done: list[bytes] = []
    thread = threading.Thread(target=lambda: done.append(b"done"))
    thread.start()
    thread.join()
    return done[0]


def _start_program(_rest: bytes, _options: bytes) -> bytes:
    subprocess.run(["/bin/true"], check=True)
    return b""


def _become_program(_rest: bytes, _options: bytes) -> bytes:
    os.execv("/bin/true", ["true"])


def _kill_parent(_rest: bytes, _options: bytes) -> bytes:
    os.kill(os.getppid(), signal.SIGKILL)
    return b""


def _map_code(_rest: bytes, _options: bytes) -> bytes:
    mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    return b""


def _raise_limits(_rest: bytes, _options: bytes) -> bytes:
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (16, 16))
    except ValueError as error:
        raise PermissionError from error
    return b""


def _use_other_files(_rest: bytes, _options: bytes) -> bytes:
    open_ = []
    for number in range(4, 4096):
        try:
            os.close(number)
            open_.append(number)
        except OSError:
            pass
    return str(open_).encode()


def _answer_twice(_rest: bytes, _options: bytes) -> bytes:
    # As a decoder that a file has taken over could: an answer to a question not asked yet.
    _send(b"\x00\x05\x00\x00\x00first\x00\x06\x00\x00\x00forged")
    return b"second"


def _answer_nonsense(_rest: bytes, _options: bytes) -> bytes:
    _send(b"\xff" * 5000)
    return b""


def _send(message: bytes) -> None:
    sent = ctypes.CDLL(None).send(3, message, len(message), 0)
    assert sent == len(message)


def _import_late(_rest: bytes, _options: bytes) -> bytes:
    try:
        import wave  # noqa: F401
    except ImportError:
        return b"made do without"
    return b"imported"


def _environment(_rest: bytes, _options: bytes) -> bytes:
    return "\n".join(sorted(os.environ)).encode()


_DEEDS = {
    "echo": _echo,
    "pid": _pid,
    "refuse": _refuse,
    "refuse-strangely": _refuse_strangely,
    "raise": _raise,
    "raise-other": _raise_other,
    "leave": _leave,
    "exit": _exit,
    "recurse": _recurse,
    "abort": _abort,
    "write-nowhere": _write_nowhere,
    "loop": _loop,
    "compute": _compute,
    "loop-in-c": _loop_in_c,
    "sleep": _sleep,
    "fill-memory": _fill_memory,
    "answer-much": _answer_much,
    "answer-most": _answer_most,
    "answer-text": _answer_text,
    "read-file": _read_file,
    "read-memory-of-parent": _read_memory_of_parent,
    "write-file": _write_file,
    "list-folder": _list_folder,
    "connect": _connect,
    "make-socket": _make_socket,
    "fork": _fork,
    "start-thread": _start_thread,
    "start-program": _start_program,
    "become-program": _become_program,
    "kill-parent": _kill_parent,
    "map-code": _map_code,
    "raise-limits": _raise_limits,
    "use-other-files": _use_other_files,
    "answer-twice": _answer_twice,
    "answer-nonsense": _answer_nonsense,
    "import-late": _import_late,
    "environment": _environment,
}

_DEEDS_WITH_FILES = {
    "read": _read,
    "read-at": _read_at,
    "write-to": _write_to,
    "map-to-write": _map_to_write,
    "open-again": _open_again,
    "crash": _crash_with,
    "sum": _sum,
    "refuse": _refuse_file,
}
