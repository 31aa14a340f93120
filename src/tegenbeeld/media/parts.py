"""
How many parts a file may be made of, and what must be known of it before it is opened.

The readers of some formats go from part to part in Python, or go over the whole picture once per
part. A small file of very many tiny parts would keep them busy for minutes or hours, long before
or after any limit on pixels is asked. Here the parts are counted first, without looking into them.
"""

import re
from itertools import islice

from tegenbeeld.errors import DamagedPicture

MAX_SCANS = 100
"""
Most scans of one JPEG; inclusive. Each one goes over all pixels again.

Encoders write 1 to about 20. Source of the attack: LJT-01-003 in "Two issues with the JPEG
standard", libjpeg-turbo project; a scan of a few bytes is valid.
"""

MAX_SEGMENTS = 5_000
"""
Most segments of a JPEG before its first scan; inclusive. 1 024 of full length fill `MAX_BYTES`.
"""

MAX_FILLING = 65_536
"""
Most bytes between two segments of a JPEG before its first scan; inclusive. The standard lets a
marker begin with any number of them (ITU-T T.81 §B.1.1.2); encoders write none.
"""

MAX_CHUNKS = 65_536
"""
Most chunks of a PNG; inclusive. Encoders cut pixels into chunks of 8 KB or more, as a rule.
"""

MAX_BLOCKS = 1_000_000
"""
Most blocks of a GIF that are looked at; inclusive. A block holds at most 255 bytes.
"""

# Segments that have no length. Source: ITU-T T.81 §B.1.1.3.
_TEMPORARY, _START_OF_IMAGE, _END_OF_IMAGE = 0x01, 0xD8, 0xD9
_START_OF_SCAN = 0xDA
# In a scan ff is followed by 00, or numbers a restart; else a segment follows. ff may be repeated.
_SCAN = re.compile(rb"\xff\xda")
_NEXT_SEGMENT = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"

_WEBP_HEADER_BYTES = 10
_WEBP_SIDE = 0x3FFF

# Source: GIF89a specification §18 to §25.
_GIF_HEADER_BYTES = 13
_GIF_FRAME, _GIF_EXTENSION, _GIF_END = 0x2C, 0x21, 0x3B


def check_jpeg(content: bytes) -> None:
    """
    Refuse a JPEG of too many parts.

    Args:
        content: The whole file.

    Raises:
        DamagedPicture: It has more than `MAX_SCANS` or `MAX_SEGMENTS`, more than `MAX_FILLING`
            between two of them, or no scan at all.
    """
    # Pictures inside a segment have scans too, so there are at most as many as this.
    scans_at_most = sum(1 for _ in islice(_SCAN.finditer(content), MAX_SCANS + 1))
    at = segments = scans = 0
    while found := _NEXT_SEGMENT.search(content, at):
        if not scans and found.start() - at > MAX_FILLING:
            raise _too_many_parts()
        at = found.end()
        kind = content[at - 1]
        if kind in {_TEMPORARY, _START_OF_IMAGE}:
            continue
        segments += 1
        scans += kind == _START_OF_SCAN
        if scans > MAX_SCANS or segments > MAX_SEGMENTS:
            raise _too_many_parts()
        if kind == _END_OF_IMAGE or (scans and scans_at_most <= MAX_SCANS):
            return
        at += int.from_bytes(content[at : at + 2], "big")
    if not scans:
        raise DamagedPicture(
            "The picture is damaged: it ends before its first pixel. "
            "Copy or download it again, or choose another copy."
        )


def check_png(content: bytes) -> None:
    """
    Refuse a PNG of too many parts.

    Args:
        content: The whole file.

    Raises:
        DamagedPicture: It has more than `MAX_CHUNKS`.
    """
    at, chunks = len(_PNG_SIGNATURE), 0
    while at < len(content):
        chunks += 1
        if chunks > MAX_CHUNKS:
            raise _too_many_parts()
        # Length, kind, content, checksum. Source: PNG specification §5.3.
        at += 12 + int.from_bytes(content[at : at + 4], "big")


def check_gif(content: bytes) -> None:
    """
    Refuse a GIF of too many parts before its first frame.

    Args:
        content: The whole file.

    Raises:
        DamagedPicture: It has more than `MAX_BLOCKS` there.
    """
    _GifWalk(content).to_next_frame()


def count_gif_frames(content: bytes, *, most: int) -> int:
    """
    Count the frames of a GIF, up to a bound, and refuse one of too many parts.

    Args:
        content: The whole file.
        most: Where to stop; what comes after that frame is not looked at.

    Returns:
        0 to *most*.

    Raises:
        DamagedPicture: It has more than `MAX_BLOCKS` up to there.
    """
    walk = _GifWalk(content)
    frames = 0
    while frames < most and walk.to_next_frame():
        frames += 1
    return frames


def webp_size(content: bytes) -> tuple[int, int]:
    """
    Read width and height from the header of a WebP.

    Args:
        content: The whole file, or at least its first 30 bytes.

    Raises:
        DamagedPicture: The header is cut off, or of no known kind.

    Source:
        RFC 9649 §2.5 to §2.7, and RFC 6386 §9.1.
    """
    kind, rest = content[12:16], content[20:30]
    if len(rest) == _WEBP_HEADER_BYTES and kind == b"VP8X":
        return _whole(rest[4:7]) + 1, _whole(rest[7:10]) + 1
    if len(rest) == _WEBP_HEADER_BYTES and kind == b"VP8L":
        bits = _whole(rest[1:5])
        return (bits & _WEBP_SIDE) + 1, (bits >> 14 & _WEBP_SIDE) + 1
    if len(rest) == _WEBP_HEADER_BYTES and kind == b"VP8 ":
        return _whole(rest[6:8]) & _WEBP_SIDE, _whole(rest[8:10]) & _WEBP_SIDE
    raise DamagedPicture(
        "The picture is damaged: its first part cannot be read. "
        "Copy or download it again, or choose another copy."
    )


def _whole(little_endian: bytes) -> int:
    return int.from_bytes(little_endian, "little")


class _GifWalk:
    """
    A place in a GIF that moves from frame to frame.
    """

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._blocks = 0
        self._at = _GIF_HEADER_BYTES + self._table_bytes(10)

    def to_next_frame(self) -> bool:
        """
        Go past the next frame; tell whether there was one.
        """
        while (kind := self._byte(self._at)) not in {None, _GIF_END}:
            if kind == _GIF_FRAME:
                self._at += 11 + self._table_bytes(self._at + 9)
                self._skip_blocks()
                return True
            # Pillow passes over a byte that means nothing.
            self._at += 2 if kind == _GIF_EXTENSION else 1
            if kind == _GIF_EXTENSION:
                self._skip_blocks()
            self._count_block()
        return False

    def _byte(self, place: int) -> int | None:
        return self._content[place] if place < len(self._content) else None

    def _table_bytes(self, place: int) -> int:
        """
        Give the length of the colour table that the flags at a place announce.
        """
        flags = self._byte(place) or 0
        return 3 << ((flags & 0b111) + 1) if flags & 0x80 else 0

    def _skip_blocks(self) -> None:
        while length := self._byte(self._at):
            self._at += length + 1
            self._count_block()
        self._at += 1

    def _count_block(self) -> None:
        self._blocks += 1
        if self._blocks > MAX_BLOCKS:
            raise _too_many_parts()


def _too_many_parts() -> DamagedPicture:
    return DamagedPicture(
        "The picture is made of too many parts: it is broken, or was made to do harm. "
        "Save it again as JPEG or PNG, and use that."
    )
