"""
A list in a file: the output lines of `tegenbeeld hash`, for trials without a node.
"""

from pathlib import Path

import msgspec

from tegenbeeld.errors import InvalidHash, StoreError, WireError
from tegenbeeld.kit.store import Entry, md5_from_hex
from tegenbeeld.pdq import PdqHash
from tegenbeeld.wire.native import SignalType
from tegenbeeld.wire.video import Frame, encode_frames


class _Frame(msgspec.Struct):
    hash: str
    quality: int
    at_ms: int


class _Line(msgspec.Struct):
    """
    What is read of a line; whatever else it holds is passed over.
    """

    path: str
    algorithm: str | None = None
    hash: str | None = None
    md5: str | None = None
    frames: list[_Frame] = []
    error: str | None = None


def read_list(path: Path) -> list[Entry]:
    """
    Read the pictures and videos of a list. Their ids are the paths in it.

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
        except (InvalidHash, WireError) as error:
            raise StoreError(
                f"Line {number} of {path} cannot be used: {error} Take the line out, or make the "
                f"list again: `tegenbeeld hash FILES > {path}`."
            ) from error
        if entry is not None:
            entries.append(entry)
    return entries


def _entry(raw: bytes) -> Entry | None:
    try:
        line = msgspec.json.decode(raw, type=_Line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidHash(
            "it is not a line that `tegenbeeld hash` printed, such as "
            '{"path": "photo.jpg", "algorithm": "pdq", "hash": "f8f8…"}.'
        ) from error
    if line.error is not None:
        return None
    if line.algorithm == "vpdq":
        return _video(line)
    if line.algorithm != "pdq":
        raise InvalidHash(
            'it does not say that it is of a picture ("algorithm": "pdq") or of a video ("vpdq"), '
            "and only those are looked up here."
        )
    hash_ = PdqHash.from_hex(line.hash or "")
    if hash_.is_degenerate():
        raise InvalidHash(
            "its hash is of a picture that is almost one flat colour, and would match pictures "
            "that are not alike."
        )
    return Entry(id=line.path, signal_type=SignalType.PDQ, hash=hash_.value, provenance=None)


def _video(line: _Line) -> Entry:
    frames = [
        Frame(PdqHash.from_hex(frame.hash), frame.quality, frame.at_ms) for frame in line.frames
    ]
    return Entry(
        id=line.path,
        signal_type=SignalType.VPDQ,
        hash=md5_from_hex(line.md5 or ""),
        provenance=None,
        frames=encode_frames(frames),
    )
