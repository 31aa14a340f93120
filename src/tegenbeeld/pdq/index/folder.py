"""
The folder of an index: its files, the lock of its writer, and the step from one state to the next.

Files are written whole and made safe before the manifest names them, and deleted after it no
longer does. So whenever the process is killed, the manifest names only whole files.
"""

import fcntl
import itertools
import os
import secrets
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from tegenbeeld.errors import HashIndexError, IndexDamaged, IndexLocked
from tegenbeeld.pdq.index import manifest as manifests
from tegenbeeld.pdq.index.building import FileSink, build
from tegenbeeld.pdq.index.format import Layout
from tegenbeeld.pdq.index.manifest import Entry, Manifest
from tegenbeeld.pdq.index.rows import Rows, count_bits
from tegenbeeld.pdq.index.segment import Segment

LOCK = "LOCK"
SEGMENT = "segment-{}.tbx"
MARKS = "withdrawn-{}.tbx"
NEW = f"{manifests.NAME}.new"

_ATTEMPTS = 50


class Folder:
    """
    One index on disk.

    Attributes:
        path: The folder.
        manifest: The state that was read or written last.
        writable: Whether this process is the writer.
    """

    def __init__(self, path: Path, *, writable: bool) -> None:
        self.path = path
        self.writable = writable
        self._lock: IO[bytes] | None = None
        self._uncertain = False
        if writable:
            self._become_writer()
        try:
            self.manifest = self._read_manifest()
        except BaseException:
            self.close()
            raise
        # A merge takes numbers while other changes go on; drawing one is a single step.
        self._numbers = itertools.count(self.manifest.next_file)
        if writable:
            self._remove_strangers()

    def close(self) -> None:
        """
        Let another process write.
        """
        self.writable = False
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def load(
        self, known: Mapping[str, Segment], *, only: Collection[str] | None = None
    ) -> list[Segment]:
        """
        Open the segments of the manifest, with the withdrawn hashes marked as it says.

        Args:
            known: Segments of this index that are open already, by name.
            only: The names of those to open; None for all.

        Raises:
            IndexDamaged: A file is not what the manifest says.
            FileNotFoundError: A file is missing.
        """
        segments = []
        for entry in self.manifest.entries:
            if only is not None and entry.name not in only:
                continue
            marks = manifests.read_marks(self.path, entry)
            segment = known.get(entry.name)
            if segment is None:
                segment = Segment.open(self.path / entry.name)
            if segment.header_crc32 != entry.header_crc32:
                raise IndexDamaged(f"{entry.name} belongs to another index. Build it again.")
            segments.append(segment.with_marks(marks))
        return segments

    def refresh(self) -> bool:
        """
        Read the manifest again, and tell whether it is another one.
        """
        before = self.manifest
        self.manifest = self._read_manifest()
        return before[:2] != self.manifest[:2]

    def load_latest(self, known: Mapping[str, Segment]) -> list[Segment]:
        """
        Open the segments of the manifest; read that again if the writer replaced it meanwhile.

        Raises:
            IndexDamaged: A file is missing or not what the manifest says.
        """
        identity = self.manifest.identity
        for _ in range(_ATTEMPTS):
            try:
                return self.load(known if self.manifest.identity == identity else {})
            except FileNotFoundError as error:
                if not self.refresh():
                    raise IndexDamaged(
                        f"{Path(str(error.filename)).name} of the index is missing. "
                        "Delete its folder and build it again from the list."
                    ) from error
        raise HashIndexError("The index changes faster than it can be opened. Try again.")

    def write_segment(self, rows: Rows) -> Segment:
        """
        Write a segment file. Nothing refers to it yet.

        Args:
            rows: Keys ascending, each once; at least one.
        """
        name = SEGMENT.format(next(self._numbers))
        with self._writing(name) as path, path.open("wb") as file:
            build(rows, Layout.for_rows(len(rows.keys)), FileSink(file.fileno()))
            os.fsync(file.fileno())
        return Segment.open(self.path / name)

    def write_built(self, segment: Segment) -> Segment:
        """
        Write a segment that was built in memory: the bytes are the same.
        """
        name = SEGMENT.format(next(self._numbers))
        with self._writing(name) as path, path.open("wb") as file:
            FileSink(file.fileno()).write(0, segment.search.image.data)
            os.fsync(file.fileno())
        return Segment.open(self.path / name)

    def entry_for(self, segment: Segment) -> Entry:
        """
        Write the marks of a segment if they have changed.

        Returns:
            Its line in the next manifest.
        """
        old = next((entry for entry in self.manifest.entries if entry.name == segment.name), None)
        entry = old or Entry(segment.name, segment.header_crc32)
        if segment.dead_rows == entry.dead_rows:
            return entry
        name = MARKS.format(next(self._numbers))
        with self._writing(name) as path:
            digest = manifests.write_marks(path, segment.search.dead)
        dead_rows = count_bits(segment.search.dead)
        return entry._replace(dead=name, dead_sha256=digest, dead_rows=dead_rows)

    def commit(self, entries: Sequence[Entry], *, cursor: int) -> None:
        """
        Make these segments the state of the index, for good when it returns.
        """
        following = self.manifest._replace(
            number=self.manifest.number + 1,
            cursor=cursor,
            next_file=next(self._numbers),
            entries=tuple(entries),
        )
        before = self.manifest
        self._put(following)
        # Only what this step made superfluous: a merge may be writing a file that is not named yet.
        self._remove(before.files() - following.files())

    @contextmanager
    def keeping(self, segment: Segment | None) -> Iterator[None]:
        """
        Delete a segment that was written if the step that was to name it fails.
        """
        try:
            yield
        except HashIndexError:
            if segment is not None and not self._uncertain:
                self._remove({segment.name})
            raise

    def _put(self, following: Manifest) -> None:
        with self._writing(NEW) as path:
            manifests.write_file(path, following.encode())
        # From here a failure leaves open which of two states is on disk.
        self._uncertain = True
        (self.path / NEW).replace(self.path / manifests.NAME)
        manifests.sync_folder(self.path)
        self._uncertain = False
        self.manifest = following

    @contextmanager
    def _writing(self, name: str) -> Iterator[Path]:
        """
        Turn what the system says into words, and leave no half file behind.
        """
        if not self.writable:
            raise HashIndexError("The index is not open for writing.")
        if self._uncertain:
            raise HashIndexError("An earlier write failed half-way. Close the index and reopen it.")
        path = self.path / name
        try:
            yield path
        except OSError as error:
            with suppress(OSError):
                path.unlink(missing_ok=True)
            raise HashIndexError(
                f"The index could not be written: {error.strerror}. What it held before is kept."
            ) from error

    def _become_writer(self) -> None:
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            self._lock = (self.path / LOCK).open("ab")
        except OSError as error:
            raise HashIndexError(f"{self.path} cannot hold an index: {error.strerror}.") from error
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._lock.close()
            raise IndexLocked(
                f"Another process writes the index in {self.path}. Only one may at a time."
            ) from error

    def _read_manifest(self) -> Manifest:
        try:
            return Manifest.read(self.path)
        except FileNotFoundError as error:
            if not self.writable:
                raise HashIndexError(f"There is no index in {self.path}.") from error
        except OSError as error:
            raise HashIndexError(
                f"The index in {self.path} cannot be read: {error.strerror}."
            ) from error
        self.manifest = Manifest(secrets.token_hex(16))
        self._put(self.manifest)
        return self.manifest

    def _remove_strangers(self) -> None:
        """
        Delete what a killed process left. Who has a file mapped keeps it.
        """
        patterns = (SEGMENT.format("*"), MARKS.format("*"), NEW)
        there = {path.name for pattern in patterns for path in self.path.glob(pattern)}
        self._remove(there - self.manifest.files())

    def _remove(self, names: Collection[str]) -> None:
        for name in names:
            with suppress(OSError):
                (self.path / name).unlink()
