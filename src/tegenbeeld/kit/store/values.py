"""
What a store gives: entries of the list, and how far it and its index are.
"""

from collections.abc import Iterator
from typing import NamedTuple

from tegenbeeld.wire.native import Provenance, SignalType

HASH_BYTES = {SignalType.PDQ: 32, SignalType.VIDEO_MD5: 16, SignalType.VPDQ: 16}
"""Length of a hash of each type."""


class Entry(NamedTuple):
    """
    One hash to look out for.

    Attributes:
        id: As this partner knows it; for a list from a file, the path of the picture.
        signal_type: How the hash was made.
        hash: 32 bytes for PDQ; of a video the MD5 of its file, 16 bytes.
        provenance: Who put it on the list; None for a list from a file.
    """

    id: str
    signal_type: SignalType
    hash: bytes
    provenance: Provenance | None


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
        index_name: The folder of the index in `index_folder`; empty before the first one.
        index_cursor: The index is known to be on the disk up to this change; which keys were
            withdrawn up to here is forgotten.
        index_made_at: When that folder was begun, in seconds since 1970.
        index_written_at: When it was last written.
        index_withdrawn: Hashes in its files that were withdrawn since it was begun.
        waiting_withdrawn: Withdrawals that it has not been told of.
    """

    cursor: int
    listed: int
    index_name: str
    index_cursor: int
    index_made_at: float
    index_written_at: float
    index_withdrawn: int
    waiting_withdrawn: int


class News(NamedTuple):
    """
    What an index that stands at some change lacks.

    Attributes:
        progress: Where the list stands after this.
        withdrawn: Keys to drop.
        added: (key, 32 bytes) of the pictures that are new; read one by one from the file.
    """

    progress: Progress
    withdrawn: list[int]
    added: Iterator[tuple[int, bytes]]


class Applied(NamedTuple):
    """
    What a page changed.

    Attributes:
        added: Entries that are new on the list.
        withdrawn: Entries that left it.
        refused: Entries that were not listed because their hash is degenerate (spec/pdq.md §7).
    """

    added: int
    withdrawn: int
    refused: int
