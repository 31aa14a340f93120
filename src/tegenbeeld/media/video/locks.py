"""
Whether an MP4 file is encrypted against copying.

FFmpeg decodes such a file without a word, to noise.
"""

from typing import BinaryIO

# An index of two hours of frames and sound takes a few MiB.
_MOST_INDEX_BYTES = 64 * 1024 * 1024
_MOST_BOXES = 1_000

# Encrypted pictures take the place of the codec in the list of sample entries.
# Source: ISO/IEC 14496-12 §8.12; drmi is Apple's.
_LOCKED_ENTRIES = (b"encv", b"drmi")

# From the name of the list to the name of its first entry: version, count, and the entry's size.
_TO_ENTRY = 4 + 4 + 4 + 4


def is_locked(file: BinaryIO) -> bool:
    """
    Tell whether a track's list of sample entries begins with an encrypted one.

    Args:
        file: At its start, where it is left again.
    """
    index = _index_of(file)
    file.seek(0)
    place = index.find(b"stsd")
    while place >= 0:
        entry = place + _TO_ENTRY
        if index[entry : entry + 4] in _LOCKED_ENTRIES:
            return True
        place = index.find(b"stsd", place + 4)
    return False


def _index_of(file: BinaryIO) -> bytes:
    """
    Read the box `moov`; empty if there is none where it can be found.
    """
    start = 0
    for _ in range(_MOST_BOXES):
        file.seek(start)
        head = file.read(16)
        if len(head) < 16:  # noqa: PLR2004 - the longest header of a box
            return b""
        size = int.from_bytes(head[:4], "big")
        if size == 1:
            size = int.from_bytes(head[8:16], "big")
        if head[4:8] == b"moov":
            return head[8:] + file.read(min(size, _MOST_INDEX_BYTES))
        if size < 8:  # noqa: PLR2004 - a box that reaches to the end, or none at all
            return b""
        start += size
    return b""
