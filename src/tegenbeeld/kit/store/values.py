"""
What a store gives: entries of the list, and how far it and its index are.
"""

from collections.abc import Iterator
from typing import NamedTuple

from tegenbeeld.errors import InvalidHash
from tegenbeeld.wire.native import Provenance, SignalType

HASH_BYTES = {SignalType.PDQ: 32, SignalType.VIDEO_MD5: 16, SignalType.VPDQ: 16}
"""Length of a hash of each type."""


def md5_from_hex(text: str) -> bytes:
    """
    Read the MD5 of a file.

    Args:
        text: 32 lower-case hexadecimal digits.

    Raises:
        InvalidHash: It is anything else.
    """
    try:
        value = bytes.fromhex(text)
    except ValueError:
        value = b""
    if value.hex() != text or len(value) != HASH_BYTES[SignalType.VIDEO_MD5]:
        raise InvalidHash("This is not an MD5. One has 32 digits: 0 to 9 and a to f.")
    return value


class Entry(NamedTuple):
    """
    One hash to look out for.

    Attributes:
        id: As this partner knows it; for a list from a file, the path of the picture.
        signal_type: How the hash was made.
        hash: 32 bytes for PDQ; of a video the MD5 of its file, 16 bytes.
        provenance: Who put it on the list; None for a list from a file.
        frames: Of a video of a list from a file, as `wire.video` writes them. None for everything
            else: those of a store lie there until `Store.frames` is asked.
    """

    id: str
    signal_type: SignalType
    hash: bytes
    provenance: Provenance | None
    frames: str | None = None


class Snapshot(NamedTuple):
    """
    The whole list at one moment.
    """

    cursor: int
    entries: list[Entry]


class Progress(NamedTuple):
    """
    How far the list and its index are.

    Attributes:
        cursor: The last change that was applied.
        listed: Entries on the list.
        hashes: Hashes of pictures and of frames on the list.
        index_name: The folder of the index in `index_folder`; empty before the first one.
        index_cursor: The index is known to be on the disk up to this change; which keys were
            withdrawn up to here is forgotten.
        index_made_at: When that folder was begun, in seconds since 1970.
        index_written_at: When it was last written.
        index_withdrawn: Entries in its files that were withdrawn since it was begun.
        waiting_hashes: Hashes that were added since it was last written.
        waiting_withdrawn: Withdrawals that it has not been told of.
    """

    cursor: int
    listed: int
    hashes: int
    index_name: str
    index_cursor: int
    index_made_at: float
    index_written_at: float
    index_withdrawn: int
    waiting_hashes: int
    waiting_withdrawn: int


class News(NamedTuple):
    """
    What an index that stands at some change lacks.

    Attributes:
        progress: Where the list stands after this.
        withdrawn: (key, frames) of the entries to drop; 0 frames for a picture.
        pictures: (key, 32 bytes) of those that are new; read one by one from the file.
        videos: (key, frames as `wire.video` writes them) of those that are new; read alike.
    """

    progress: Progress
    withdrawn: list[tuple[int, int]]
    pictures: Iterator[tuple[int, bytes]]
    videos: Iterator[tuple[int, str]]


class Applied(NamedTuple):
    """
    What a page changed.

    Attributes:
        added: Entries that are new on the list.
        withdrawn: Entries that left it.
        refused: Entries that were not listed because their hash is degenerate (spec/pdq.md §7), or
            because a video's frames are not as they must be (spec/video.md §5).
    """

    added: int
    withdrawn: int
    refused: int
