"""
Segments: hashes with their tables, which never change once they are built.

Only the marks of withdrawn hashes change. A segment lies in memory or in a file that is mapped, so
that all processes which open it share one copy.
"""

import mmap
import os
import zlib
from pathlib import Path
from typing import NamedTuple, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from tegenbeeld.errors import HashIndexError, IndexDamaged
from tegenbeeld.pdq.index.format import (
    HEADER_BYTES,
    MOST_ROWS,
    TABLES,
    Layout,
    decode_header,
    encode_header,
)
from tegenbeeld.pdq.index.kernel import KERNEL
from tegenbeeld.pdq.index.parts import SearchPart


class Rows(NamedTuple):
    """
    Keys and their hashes.

    Attributes:
        keys: uint64[n].
        words: uint64[n, 4].
    """

    keys: NDArray[np.uint64]
    words: NDArray[np.uint64]

    def ascending(self) -> "Rows":
        """
        Sort by key.
        """
        if (self.keys[1:] > self.keys[:-1]).all():
            return self
        order = np.argsort(self.keys, kind="stable")
        return Rows(self.keys[order], self.words[order])


class Segment:
    """
    Built hashes, searchable.

    Attributes:
        name: Its file, or an empty text while it lies in memory only.
        search: Its arrays.
        part: What the kernel's snapshots take.
        dead_rows: How many hashes are marked as withdrawn.
    """

    def __init__(
        self,
        search: SearchPart,
        *,
        name: str = "",
        checksums: list[int] | None = None,
    ) -> None:
        self.search = search
        self.name = name
        self._checksums = checksums
        self.part = KERNEL.part(*search)
        self.dead_rows = count_bits(search.dead)

    @classmethod
    def in_memory(cls, rows: Rows) -> Self:
        """
        Build a segment in memory.

        Args:
            rows: Keys ascending, each once.
        """
        layout = Layout.for_rows(len(rows.keys))
        image = _huge_pages(layout.size_bytes())
        build(rows, layout, _MemorySink(image))
        return cls(_search_part(layout, image))

    @classmethod
    def open(cls, path: Path) -> Self:
        """
        Map a segment. Reads its header only, so that it is quick however large the segment is.

        Args:
            path: The file.

        Raises:
            IndexDamaged: The file is no whole segment of this version.
            FileNotFoundError: There is none.
        """
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            layout, checksums = decode_header(
                file.read(HEADER_BYTES), size_bytes=size, name=path.name
            )
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        _ask_huge_pages(mapped)
        search = _search_part(layout, np.frombuffer(mapped, np.uint8))
        return cls(search, name=path.name, checksums=checksums)

    @property
    def header_crc32(self) -> int:
        """
        The checksum in its header.
        """
        return int(self.search.image[HEADER_BYTES - 4 : HEADER_BYTES].view("<u4")[0])

    @property
    def rows(self) -> int:
        """
        Hashes, withdrawn ones too.
        """
        return self.search.layout.rows

    @property
    def live_rows(self) -> int:
        """
        Hashes that are not withdrawn.
        """
        return self.rows - self.dead_rows

    def with_marks(self, marks: bytes | None) -> "Segment":
        """
        Give the same segment with other marks: those, or none.

        Raises:
            IndexDamaged: They are not for so many rows.
        """
        dead = empty_marks(self.rows)
        if marks is not None:
            if len(marks) != len(dead):
                raise IndexDamaged(f"The marks of {self.name} are not those of so many hashes.")
            dead[:] = np.frombuffer(marks, np.uint8)
        search = self.search._replace(dead=dead)
        return Segment(search, name=self.name, checksums=self._checksums)

    def without(self, rows: NDArray[np.int64]) -> "Segment":
        """
        Give the same segment with more hashes marked as withdrawn; this one stays as it is.
        """
        copy = self.with_marks(self.search.dead.tobytes())
        copy.withdraw(rows)
        return copy

    def live_among(self, keys: NDArray[np.uint64]) -> NDArray[np.int64]:
        """
        Find hashes by key.

        Args:
            keys: In any order.

        Returns:
            int64[k], the row of each key, or -1 where it is not here or withdrawn.
        """
        mine = self.search.keys
        places = np.minimum(np.searchsorted(mine, keys), self.rows - 1).astype(np.int64)
        here = (mine[places] == keys) & ~is_set(self.search.dead, places)
        return np.where(here, places, -1)

    def words_at(self, rows: NDArray[np.int64]) -> NDArray[np.uint64]:
        """
        Give hashes: uint64[k, 4].
        """
        return self.search.words[rows]

    def withdraw(self, rows: NDArray[np.int64]) -> None:
        """
        Mark hashes as withdrawn; searches that run now may already leave them out.

        Args:
            rows: Not withdrawn yet, each once.
        """
        set_bits(self.search.dead, rows)
        self.dead_rows += len(rows)

    def live(self) -> Rows:
        """
        Give what is not withdrawn.
        """
        kept = ~bits(self.search.dead, self.rows)
        if kept.all():
            return Rows(self.search.keys, self.search.words)
        return Rows(self.search.keys[kept], self.search.words[kept])

    def verify(self) -> None:
        """
        Read everything and compare it with the checksums.

        Raises:
            IndexDamaged: Something differs.
        """
        if self._checksums is None:
            return
        for section, checksum in zip(self.search.sections, self._checksums, strict=True):
            part = self.search.image[section.offset : section.offset + section.length]
            if zlib.crc32(part.data) != checksum:
                raise IndexDamaged(
                    f"{self.name} does not fit its checksums. "
                    "Delete the folder of the index and build it again from the list."
                )


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


class _MemorySink:
    def __init__(self, image: NDArray[np.uint8]) -> None:
        self._image = image

    def write(self, offset: int, data: memoryview | bytes) -> None:
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
    fingerprints = _huge_pages(layout.rows * 2).view(np.uint16)
    ids = _huge_pages(layout.rows * layout.id_bytes).reshape(-1, layout.id_bytes)
    for table in range(TABLES):
        KERNEL.build_table(words, table, layout.bucket_bits, starts, fingerprints, ids)
        put(starts.astype("<u4", copy=False))
        put(fingerprints.astype("<u2", copy=False))
        put(ids)
    sink.write(layout.size_bytes() - 1, b"\0")
    # The header comes last: a build that was cut off has none.
    sink.write(0, encode_header(layout, checksums))


def empty_marks(rows: int) -> NDArray[np.uint8]:
    """
    Give marks for so many rows, none of them set.
    """
    return np.zeros(-(-rows // 8), np.uint8)


def bits(marks: NDArray[np.uint8], rows: int) -> NDArray[np.bool_]:
    """
    Spread marks out: bool[rows].
    """
    return np.unpackbits(marks, count=rows, bitorder="little").view(np.bool_)


def is_set(marks: NDArray[np.uint8], rows: NDArray[np.int64]) -> NDArray[np.bool_]:
    """
    Tell which rows are marked.
    """
    found: NDArray[np.bool_] = (marks[rows >> 3] >> (rows & 7).astype(np.uint8)) & 1 == 1
    return found


def set_bits(marks: NDArray[np.uint8], rows: NDArray[np.int64]) -> None:
    """
    Mark rows.
    """
    np.bitwise_or.at(marks, rows >> 3, np.left_shift(1, rows & 7).astype(np.uint8))


def count_bits(marks: NDArray[np.uint8]) -> int:
    """
    Count the rows that are marked.
    """
    return int(np.bitwise_count(marks).sum(dtype=np.int64))


def _search_part(layout: Layout, image: NDArray[np.uint8]) -> SearchPart:
    return SearchPart(layout, image, tuple(layout.sections()), empty_marks(layout.rows))


def _huge_pages(size_bytes: int) -> NDArray[np.uint8]:
    """
    Get zeroed memory in large pages where the system has them: fewer page walks in a search.
    """
    memory = mmap.mmap(-1, max(1, size_bytes), flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    _ask_huge_pages(memory)
    return np.frombuffer(memory, np.uint8, count=size_bytes)


def _ask_huge_pages(memory: mmap.mmap) -> None:
    advice = getattr(mmap, "MADV_HUGEPAGE", None)
    if advice is not None:
        try:
            memory.madvise(advice)
        except OSError:
            # The kernel was built without them; nothing but speed is lost.
            return
