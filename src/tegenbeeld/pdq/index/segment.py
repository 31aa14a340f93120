"""
Segments: hashes with their tables, which never change once they are built.

Only the marks of withdrawn hashes change. A segment lies in memory or in a file that is mapped, so
that all processes which open it share one copy.
"""

import mmap
import os
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from tegenbeeld.errors import IndexDamaged
from tegenbeeld.pdq.index.building import MemorySink, ask_huge_pages, build, huge_pages
from tegenbeeld.pdq.index.format import HEADER_BYTES, Layout, decode_header
from tegenbeeld.pdq.index.kernel import KERNEL
from tegenbeeld.pdq.index.parts import SearchPart
from tegenbeeld.pdq.index.rows import Rows, bits, count_bits, empty_marks, is_set, set_bits


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
        image = huge_pages(layout.size_bytes())
        build(rows, layout, MemorySink(image))
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
        ask_huge_pages(mapped)
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


def by_name(segments: Sequence[Segment]) -> dict[str, Segment]:
    """
    Give segments a look-up by name.
    """
    return {segment.name: segment for segment in segments}


def _search_part(layout: Layout, image: NDArray[np.uint8]) -> SearchPart:
    return SearchPart(layout, image, tuple(layout.sections()), empty_marks(layout.rows))
