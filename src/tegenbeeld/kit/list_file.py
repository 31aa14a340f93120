"""
A list in a file: the output lines of `tegenbeeld hash`, for trials without a node.
"""

from pathlib import Path

import msgspec

from tegenbeeld.errors import InvalidHash, StoreError
from tegenbeeld.kit.store import Entry
from tegenbeeld.pdq import PdqHash
from tegenbeeld.wire.native import SignalType


class _Line(msgspec.Struct):
    """
    What is read of a line; whatever else it holds is passed over.
    """

    path: str
    algorithm: str | None = None
    hash: str | None = None
    error: str | None = None


def read_list(path: Path) -> list[Entry]:
    """
    Read the pictures of a list. Their ids are the paths in it.

    Lines that report an error are skipped, as are empty ones.

    Raises:
        StoreError: The file cannot be read, or a line is of another kind; says which one.
    """
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise StoreError(f"The list {path} cannot be read: {error.strerror}.") from error
    entries = []
    for number, raw in enumerate(lines, start=1):
        if not raw.strip():
            continue
        try:
            entry = _entry(raw)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, InvalidHash) as error:
            raise StoreError(
                f"Line {number} of {path} is not a line as `tegenbeeld hash` prints it: {error} "
                "Make the list again, or take the line out."
            ) from error
        if entry is not None:
            entries.append(entry)
    return entries


def _entry(raw: bytes) -> Entry | None:
    line = msgspec.json.decode(raw, type=_Line)
    if line.error is not None:
        return None
    if line.algorithm != "pdq":
        raise InvalidHash(f"the algorithm is {line.algorithm}, and only pdq is matched here.")
    hash_ = PdqHash.from_hex(line.hash or "")
    if hash_.is_degenerate():
        raise InvalidHash("the hash is of a picture that is almost one flat colour.")
    return Entry(id=line.path, signal_type=SignalType.PDQ, hash=hash_.value, provenance=None)
