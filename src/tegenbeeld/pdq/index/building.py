"""
Building a segment: in memory or straight into a file, the same bytes in both.
"""

import mmap
import os
import zlib
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tegenbeeld.errors import HashIndexError
from tegenbeeld.pdq.index.format import MOST_ROWS, TABLES, Layout, encode_header
from tegenbeeld.pdq.index.kernel import KERNEL
from tegenbeeld.pdq.index.rows import Rows


class Sink(Protocol):
    """
    Where a segment is built.
    """

    def write(self, offset: int, data: memoryview | bytes, /) -> None:
        """
        Put bytes somewhere.
        """


class FileSink:
    """
    A file.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def write(self, offset: int, data: memoryview | bytes) -> None:
        """
        Put bytes somewhere; the file grows as far as needed.
        """
        left = memoryview(data).cast("B") if len(data) else memoryview(b"")
        while left:
            written = os.pwrite(self._descriptor, left, offset)
            left, offset = left[written:], offset + written


class MemorySink:
    """
    An array as long as the segment.
    """

    def __init__(self, image: NDArray[np.uint8]) -> None:
        self._image = image

    def write(self, offset: int, data: memoryview | bytes) -> None:
        """
        Put bytes somewhere.
        """
        flat = np.frombuffer(data, np.uint8)  # A view: nothing is copied twice.
        self._image[offset : offset + len(flat)] = flat


def build(rows: Rows, layout: Layout, sink: Sink) -> None:
    """
    Build a segment, one table at a time, so that little memory is needed beside the hashes.

    Args:
        rows: Keys ascending, each once.
        layout: For as many rows.
        sink: Where it goes.

    Raises:
        HashIndexError: There are more rows than a segment can number.
    """
    if layout.rows > MOST_ROWS:
        raise HashIndexError("A segment holds at most 4 294 967 295 hashes.")
    sections = iter(layout.sections())
    checksums: list[int] = []

    def put(array: np.ndarray) -> None:
        data = np.ascontiguousarray(array).reshape(-1).view(np.uint8).data
        checksums.append(zlib.crc32(data))
        sink.write(next(sections).offset, data)

    words = np.ascontiguousarray(rows.words)
    put(rows.keys.astype("<u8", copy=False))
    put(words.astype("<u8", copy=False))
    starts = np.empty(layout.buckets + 1, np.uint32)
    fingerprints = huge_pages(layout.rows * 2).view(np.uint16)
    ids = huge_pages(layout.rows * layout.id_bytes).reshape(-1, layout.id_bytes)
    for table in range(TABLES):
        KERNEL.build_table(words, table, layout.bucket_bits, starts, fingerprints, ids)
        put(starts.astype("<u4", copy=False))
        put(fingerprints.astype("<u2", copy=False))
        put(ids)
    sink.write(layout.size_bytes() - 1, b"\0")
    # The header comes last: a build that was cut off has none.
    sink.write(0, encode_header(layout, checksums))


def huge_pages(size_bytes: int) -> NDArray[np.uint8]:
    """
    Get zeroed memory in large pages where the system has them: fewer page walks in a search.
    """
    memory = mmap.mmap(-1, max(1, size_bytes), flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    ask_huge_pages(memory)
    return np.frombuffer(memory, np.uint8, count=size_bytes)


def ask_huge_pages(memory: mmap.mmap) -> None:
    """
    Ask the system for large pages; it may say no.
    """
    advice = getattr(mmap, "MADV_HUGEPAGE", None)
    if advice is not None:
        try:
            memory.madvise(advice)
        except OSError:
            # The kernel was built without them; nothing but speed is lost.
            return
