"""
The file that says which files make up the index. Replacing it is what commits a change.

Source:
    spec/index.md §4.
"""

import hashlib
import json
import os
import re
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from tegenbeeld.errors import IndexDamaged

NAME = "MANIFEST"
VERSION = 1

_NAMES = re.compile(r"(segment|withdrawn)-[0-9]+\.tbx")
_REBUILD = "Delete the folder of the index and build it again from the list."


class Entry(NamedTuple):
    """
    One segment.

    Attributes:
        name: Its file.
        header_crc32: The checksum in its header, which covers those of all its sections.
        dead: The file with the marks of its withdrawn hashes; empty if there are none.
        dead_sha256: Of that file, hexadecimal.
        dead_rows: How many hashes it marks.
    """

    name: str
    header_crc32: int
    dead: str = ""
    dead_sha256: str = ""
    dead_rows: int = 0


class Manifest(NamedTuple):
    """
    One state of the index.

    Attributes:
        identity: Random, given when the index was made: a rebuilt index is another one.
        number: Grows by one with each state.
        cursor: The caller's, as it gave it to `flush`.
        next_file: Larger than the number of every file so far; none is used twice.
        entries: The segments.
    """

    identity: str
    number: int = 0
    cursor: int = 0
    next_file: int = 1
    entries: tuple[Entry, ...] = ()

    def files(self) -> set[str]:
        """
        Name every file that belongs to this state.
        """
        names = {name for entry in self.entries for name in (entry.name, entry.dead)}
        return (names | {NAME}) - {""}

    def encode(self) -> bytes:
        """
        Write it as text: a line with format, version and checksum, and then JSON.
        """
        body = self._asdict() | {"entries": [entry._asdict() for entry in self.entries]}
        text = json.dumps(body, indent=1).encode()
        digest = hashlib.sha256(text).hexdigest()
        return f"tegenbeeld-index {VERSION} {digest}\n".encode() + text

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """
        Read what `encode` wrote.

        Raises:
            IndexDamaged: It is not that, or of another version.
        """
        first, _, text = data.partition(b"\n")
        name, version, digest = (first.split() + [b""] * 3)[:3]
        if name != b"tegenbeeld-index":
            raise IndexDamaged(f"{NAME} is not that of an index, or cut off. {_REBUILD}")
        if version != str(VERSION).encode():
            found = version.decode(errors="replace")
            raise IndexDamaged(f"The index has version {found}; this is {VERSION}. {_REBUILD}")
        if digest != hashlib.sha256(text).hexdigest().encode():
            raise IndexDamaged(f"{NAME} does not fit its checksum. {_REBUILD}")
        try:
            body = json.loads(text)
            entries = tuple(Entry(**entry) for entry in body.pop("entries"))
            manifest = cls(**body, entries=entries)
            are_ours = all(_NAMES.fullmatch(name) for name in manifest.files() - {NAME})
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise IndexDamaged(f"{NAME} lacks what it must hold. {_REBUILD}") from error
        # Files that it names are deleted one day: never any but those of an index.
        if not are_ours:
            raise IndexDamaged(f"{NAME} names files that are not of an index. {_REBUILD}")
        return manifest

    @classmethod
    def read(cls, folder: Path) -> Self:
        """
        Read the state of an index.

        Raises:
            IndexDamaged: As for `decode`.
            FileNotFoundError: There is none.
        """
        return cls.decode((folder / NAME).read_bytes())


def write_file(path: Path, data: bytes) -> None:
    """
    Write a file so that it survives a power cut.
    """
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """
    Make new names in a folder survive a power cut.
    """
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_marks(path: Path, marks: NDArray[np.uint8]) -> str:
    """
    Write the marks of withdrawn hashes.

    Returns:
        The SHA-256 of the file, hexadecimal.
    """
    data = marks.tobytes()
    write_file(path, data)
    return hashlib.sha256(data).hexdigest()


def read_marks(folder: Path, entry: Entry) -> bytes | None:
    """
    Read the marks of a segment.

    Returns:
        One bit for each row, lowest bit first; None if none is set.

    Raises:
        IndexDamaged: The file is not what the manifest says.
        FileNotFoundError: There is none.
    """
    if not entry.dead:
        return None
    data = (folder / entry.dead).read_bytes()
    if hashlib.sha256(data).hexdigest() != entry.dead_sha256:
        raise IndexDamaged(f"{entry.dead} does not fit its checksum. {_REBUILD}")
    return data
