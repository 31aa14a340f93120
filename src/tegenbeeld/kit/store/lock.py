"""
One writer at a time: a lock on a file that the system lets go of when its process ends.
"""

import os
import sys
from pathlib import Path
from typing import Self

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


class Lock:
    """
    The lock, held until it is released or its process ends, however that happens.
    """

    def __init__(self, handle: int) -> None:
        self._handle: int | None = handle

    @classmethod
    def take(cls, path: Path) -> Self | None:
        """
        Take the lock on the file at *path*, which is made if there is none.

        Returns:
            None if somebody else holds it, in this process or another.

        Raises:
            OSError: The file cannot be opened.
        """
        handle = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
        try:
            _lock(handle)
        except OSError:
            os.close(handle)
            return None
        return cls(handle)

    def release(self) -> None:
        """
        Let others write.
        """
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


def _lock(handle: int) -> None:
    if sys.platform == "win32":
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    else:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
