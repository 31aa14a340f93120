"""
How one segment lies in memory and on disk: the same bytes in both.

A segment is a header of one page and 50 sections: the keys, the hashes, and for each of the 16
tables its bucket starts, fingerprints and row numbers. Nothing here searches.

Source:
    spec/index.md §3.
"""

import struct
import zlib
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from tegenbeeld.errors import IndexDamaged

TABLES = 16
"""
A hash is cut into 16 substrings of 16 bits, and each has a table. Source: spec/index.md §2.
"""

SUBSTRING_BITS = 16

VERSION = 1
MAGIC = b"TBPDQSEG"
HEADER_BYTES = 4096

MOST_ROWS = (1 << 32) - 1
"""
Bucket starts are 32 bits wide.
"""

_ALIGNMENT = 64
_FIXED = struct.Struct("<8sIIQQIIII")
_SECTION = struct.Struct("<QQII")
_CRC = struct.Struct("<I")

_REBUILD = "Delete the folder of the index and build it again from the list."


class Section(NamedTuple):
    """
    A run of bytes in a segment.

    Attributes:
        offset: First byte, counted from the start of the segment; a multiple of 64.
        length: Bytes.
    """

    offset: int
    length: int


class Layout(NamedTuple):
    """
    Where everything lies. It follows from three numbers, so a file cannot claim another.

    Attributes:
        rows: Hashes in the segment.
        bucket_bits: The leading bits of a substring that number its bucket, 1 to 16.
        id_bytes: Bytes of a row number in the tables, 3 or 4.
    """

    rows: int
    bucket_bits: int
    id_bytes: int

    @classmethod
    def for_rows(cls, rows: int) -> Self:
        """
        Choose the layout for a number of hashes.

        Buckets hold about eight hashes until there are 65 536 of them: more, and a small segment
        would be all bucket starts; fewer, and a search would read hashes for nothing.
        """
        wanted = (rows // 8).bit_length()
        return cls(rows, max(4, min(SUBSTRING_BITS, wanted)), _id_bytes(rows))

    def is_possible(self) -> bool:
        """
        Tell whether there can be such a segment. Before that its sizes mean nothing.
        """
        return (
            1 <= self.rows <= MOST_ROWS
            and 1 <= self.bucket_bits <= SUBSTRING_BITS
            and self.id_bytes == _id_bytes(self.rows)
        )

    @property
    def buckets(self) -> int:
        """
        Number of buckets of one table.
        """
        return 1 << self.bucket_bits

    def sections(self) -> list[Section]:
        """
        Give the sections in order: keys, hashes, then starts, fingerprints and ids of each table.
        """
        table = [(self.buckets + 1) * 4, self.rows * 2, self.rows * self.id_bytes]
        placed, offset = [], HEADER_BYTES
        for length in [self.rows * 8, self.rows * 32, *table * TABLES]:
            placed.append(Section(offset, length))
            offset = _aligned(offset + length)
        return placed

    def size_bytes(self) -> int:
        """
        Size of the whole segment. It ends with 64 zero bytes, so that wide reads stay inside.
        """
        last = self.sections()[-1]
        return _aligned(last.offset + last.length) + _ALIGNMENT


def encode_header(layout: Layout, checksums: list[int]) -> bytes:
    """
    Write the first page of a segment.

    Args:
        layout: Its shape.
        checksums: The CRC-32 of each section.
    """
    sections = layout.sections()
    fixed = _FIXED.pack(
        MAGIC,
        VERSION,
        HEADER_BYTES,
        layout.rows,
        layout.size_bytes(),
        layout.bucket_bits,
        layout.id_bytes,
        len(sections),
        0,
    )
    table = b"".join(
        _SECTION.pack(section.offset, section.length, checksum, 0)
        for section, checksum in zip(sections, checksums, strict=True)
    )
    page = (fixed + table).ljust(HEADER_BYTES - _CRC.size, b"\0")
    return page + _CRC.pack(zlib.crc32(page))


def decode_header(page: bytes, *, size_bytes: int, name: str) -> tuple[Layout, list[int]]:
    """
    Read the first page of a segment and check it, down to the last byte.

    Args:
        page: The first 4096 bytes, or what there is of them.
        size_bytes: Real size of the segment.
        name: For messages.

    Returns:
        Its layout, and the CRC-32 of each section.

    Raises:
        IndexDamaged: It is not the header of a segment of this size and version.
    """
    if len(page) < HEADER_BYTES or page[:8] != MAGIC:
        raise IndexDamaged(f"{name} is no segment of an index, or it is cut off. {_REBUILD}")
    version = _FIXED.unpack_from(page)[1]
    if version != VERSION:
        raise IndexDamaged(f"{name} has format version {version}; this is {VERSION}. {_REBUILD}")
    if _CRC.unpack_from(page, HEADER_BYTES - _CRC.size)[0] != zlib.crc32(page[: -_CRC.size]):
        raise IndexDamaged(f"The header of {name} does not fit its checksum. {_REBUILD}")
    layout = Layout(*(_FIXED.unpack_from(page)[place] for place in (3, 5, 6)))
    if not layout.is_possible():
        raise IndexDamaged(f"The header of {name} describes no segment. {_REBUILD}")
    count = _FIXED.unpack_from(page)[7]
    if count != len(layout.sections()) or layout.size_bytes() != size_bytes:
        raise IndexDamaged(f"{name} has {size_bytes} bytes, not what its header says. {_REBUILD}")
    checksums = [
        _SECTION.unpack_from(page, _FIXED.size + place * _SECTION.size)[2] for place in range(count)
    ]
    if encode_header(layout, checksums) != page:
        raise IndexDamaged(f"The header of {name} contradicts itself. {_REBUILD}")
    return layout, checksums


def substrings(words: NDArray[np.uint64]) -> NDArray[np.uint16]:
    """
    Cut hashes into substrings, the most significant first.

    Args:
        words: uint64[n, 4]; word 0 holds the most significant bits.

    Returns:
        uint16[n, 16].
    """
    big_endian = np.ascontiguousarray(words).astype(">u8").view(">u2")
    return big_endian.reshape(len(words), TABLES).astype(np.uint16)


def _id_bytes(rows: int) -> int:
    return 3 if rows < 1 << 24 else 4


def _aligned(offset: int) -> int:
    return -(-offset // _ALIGNMENT) * _ALIGNMENT
