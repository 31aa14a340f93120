"""
A file that the parent has opened and handed over.
"""

import io
import os
from typing import Any

# Parsers read in small pieces.
_BUFFER_BYTES = 256 * 1024


class GivenFile(io.RawIOBase):
    """
    A file of a known length, read at places that are kept here.

    The kernel is asked for nothing but bytes at a place: the filter allows no more, and whoever
    shares the open file is not moved about in it.
    """

    def __init__(self, number: int, length: int) -> None:
        """
        Take over a file descriptor.
        """
        self._number = number
        self._length = length
        self._place = 0

    def buffered(self) -> io.BufferedReader:
        """
        Read it through a buffer. Closing that closes the file.
        """
        return io.BufferedReader(self, _BUFFER_BYTES)

    def readable(self) -> bool:
        """
        It can be read.
        """
        return True

    def seekable(self) -> bool:
        """
        It can be read anywhere.
        """
        return True

    def readinto(self, buffer: Any) -> int:
        """
        Fill *buffer* as far as one call does.
        """
        piece = os.pread(self._number, len(buffer), self._place)
        buffer[: len(piece)] = piece
        self._place += len(piece)
        return len(piece)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """
        Go to a place.

        Raises:
            ValueError: It is before the start.
        """
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._place, os.SEEK_END: self._length}[whence]
        if start + offset < 0:
            raise ValueError("a file has no place before its start")
        self._place = start + offset
        return self._place

    def close(self) -> None:
        """
        Let go of it.
        """
        if not self.closed:
            os.close(self._number)
        super().close()
