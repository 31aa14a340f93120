"""
The list as a platform keeps it: one folder with a SQLite file and the credentials.

Rules that this module keeps:
    1. Entries and cursor change together, in one transaction that is on the disk before
       `apply` returns. A crash at any moment leaves the list as it was after some whole page.
    2. Changes are applied in the order of the log, each once; a page that skips is refused.
    3. A hash that is no longer listed is gone from the file, not only marked.
    4. The files are readable by their owner only: a hash list is sensitive.

A store may be shared between threads, and any number of processes may open the same folder.
After a fork, open it anew.
"""

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from tegenbeeld.errors import StoreError, WireError
from tegenbeeld.kit import credentials as files
from tegenbeeld.kit.schema import prepare
from tegenbeeld.wire.native import (
    Change,
    ChangeKind,
    ChangePage,
    Credentials,
    Provenance,
    SignalType,
)

FILE_NAME = "store.sqlite3"

PATIENCE_S = 30.0
"""How long to wait for another process that is writing, in seconds."""

HASH_BYTES = {SignalType.PDQ: 32, SignalType.VIDEO_MD5: 16}
"""Length of a hash of each type."""


class Entry(NamedTuple):
    """
    One hash to look out for.

    Attributes:
        id: As this partner knows it; for a list from a file, the path of the picture.
        signal_type: How the hash was made.
        hash: 32 bytes for PDQ, 16 for MD5.
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


class Applied(NamedTuple):
    """
    What a page changed: entries that are new on the list, and entries that left it.
    """

    added: int
    withdrawn: int


class Store:
    """
    The list in one folder, open.
    """

    def __init__(self, folder: Path | str) -> None:
        """
        Open the store that is in *folder*.

        Raises:
            StoreError: There is none, or it is damaged or of another version.
        """
        self.folder = Path(folder)
        self._lock = threading.RLock()
        path = self.folder / FILE_NAME
        if not path.is_file():
            raise StoreError(
                f"There is no list in {self.folder}. Fetch it first: "
                f"`tegenbeeld sync --store {self.folder} --credentials FILE`."
            )
        with self._explained():
            self._database = sqlite3.connect(
                path, timeout=PATIENCE_S, isolation_level=None, check_same_thread=False
            )
        try:
            with self._explained():
                prepare(self._database, path)
                self._forget_old_pages()
        except BaseException:
            self._database.close()
            raise

    @classmethod
    def create(cls, folder: Path | str) -> Self:
        """
        Open the store in *folder*, after making an empty one if there is none.

        Raises:
            StoreError: The folder cannot be written, or holds a store of another version.
        """
        path = Path(folder) / FILE_NAME
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            # SQLite gives the files beside this one the same rights.
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        except OSError as error:
            raise StoreError(f"{path} cannot be made: {error.strerror}.") from error
        return cls(folder)

    def __enter__(self) -> Self:
        """
        Use the store for the length of a `with` block.
        """
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """
        Close it, also after an error.
        """
        self.close()

    def close(self) -> None:
        """
        Close the file. The store cannot be used afterwards.
        """
        with self._lock:
            self._database.close()

    @property
    def cursor(self) -> int:
        """
        The last change that was applied; 0 before the first.
        """
        return self._number("SELECT cursor FROM progress")

    @property
    def acknowledged(self) -> int:
        """
        The last change that the node is known to know we applied; never after `cursor`.
        """
        return self._number("SELECT acknowledged FROM progress")

    @property
    def listed(self) -> int:
        """
        How many entries are on the list.
        """
        return self._number("SELECT count(*) FROM entries")

    def apply(self, page: ChangePage) -> Applied:
        """
        Take a page into the list. Changes that were applied before are passed over.

        Returns:
            What it changed. An entry that was already listed does not count as added.

        Raises:
            WireError: The page skips a change, or a hash does not fit its type. Nothing of
                the page is kept.
            StoreError: The file cannot be written.
        """
        with self._writing() as database:
            (cursor,) = database.execute("SELECT cursor FROM progress").fetchone()
            added = withdrawn = 0
            for change in page.changes:
                if change.seq <= cursor:
                    continue
                if change.seq != cursor + 1:
                    raise WireError(
                        f"The page begins at change {change.seq}, but this list has been read "
                        f"up to {cursor}. Nothing of it was used; sync again."
                    )
                cursor = change.seq
                if change.kind in (ChangeKind.ADD, ChangeKind.RESTORE):
                    added += _list(database, change)
                else:
                    withdrawn += _drop(database, change)
            database.execute("UPDATE progress SET cursor = ?", (cursor,))
        if withdrawn:
            with self._explained():
                self._forget_old_pages()
        return Applied(added, withdrawn)

    def record_acknowledged(self, through: int) -> None:
        """
        Remember that the node has heard that everything up to *through* is applied.

        Args:
            through: Inclusive; at most `cursor`. A lower value than before changes nothing.
        """
        with self._writing() as database:
            database.execute(
                "UPDATE progress SET acknowledged = max(acknowledged, ?)",
                (through,),
            )

    def read(self) -> Snapshot:
        """
        The whole list, in the order of the ids, and the cursor that belongs to it.
        """
        with self._explained(), self._lock:
            self._database.execute("BEGIN")
            try:
                (cursor,) = self._database.execute("SELECT cursor FROM progress").fetchone()
                rows = self._database.execute(
                    "SELECT id, signal_type, hash, provenance FROM entries ORDER BY id"
                )
                entries = [
                    Entry(id_, SignalType(signal_type), hash_, Provenance(provenance))
                    for id_, signal_type, hash_, provenance in rows
                ]
            finally:
                self._database.execute("COMMIT")
        return Snapshot(cursor, entries)

    def credentials(self) -> Credentials:
        """
        The credentials that are kept beside the list.

        Raises:
            StoreError: There are none, or the file is damaged.
        """
        path = self.folder / files.FILE_NAME
        found = files.read_credentials(path)
        files.close_to_others(path)
        return found

    def save_credentials(self, credentials: Credentials) -> None:
        """
        Keep *credentials* beside the list, in place of those that are there.

        Raises:
            StoreError: The list was read with the credentials of another partner or from
                another node, whose ids and cursor mean nothing to this one.
        """
        path = self.folder / files.FILE_NAME
        if self.cursor and path.exists():
            known = self.credentials()
            if (known.partner, known.node) != (credentials.partner, credentials.node):
                raise StoreError(
                    f"{self.folder} holds the list of {known.partner} from {known.node}, and "
                    f"these credentials are of {credentials.partner} at {credentials.node}. "
                    f'Use another folder, or, if the node has only moved, change "node" in {path}.'
                )
        files.write_credentials(path, credentials)

    def _number(self, query: str) -> int:
        with self._explained(), self._lock:
            number: int = self._database.execute(query).fetchone()[0]
            return number

    def _forget_old_pages(self) -> None:
        """
        Empty the write-ahead log, which still holds the pages that a hash was deleted from.

        A process that is reading at this moment can hold this up; opening the store and the
        next withdrawal try again.
        """
        with self._lock:
            self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """
        One transaction that takes the write lock at its start.
        """
        with self._explained(), self._lock:
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield self._database
                self._database.execute("COMMIT")
            except BaseException:
                if self._database.in_transaction:
                    self._database.execute("ROLLBACK")
                raise

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """
        Turn SQLite's errors into ours.
        """
        path = self.folder / FILE_NAME
        try:
            yield
        except sqlite3.OperationalError as error:
            raise StoreError(
                f"{path} cannot be used now: {error}. Check the disk and the rights on the "
                "folder, and that no other program keeps it locked."
            ) from error
        except sqlite3.DatabaseError as error:
            raise StoreError(
                f"{path} is damaged: {error}. Move the file away and sync again; the whole list "
                "is then fetched anew."
            ) from error


def _list(database: sqlite3.Connection, change: Change) -> int:
    """
    Put an entry on the list.

    Returns:
        1 if it was not there before, else 0.
    """
    if change.hash is None:
        # No longer listed: its withdrawal follows in the log, or the entry is already erased.
        return 0
    hash_ = bytes.fromhex(change.hash)
    if len(hash_) != HASH_BYTES[change.signal_type]:
        raise WireError(
            f"Change {change.seq} has a hash that does not fit its type {change.signal_type}. "
            "Nothing of the page was used; tell who runs the node."
        )
    is_known = database.execute("SELECT 1 FROM entries WHERE id = ?", (change.id,)).fetchone()
    database.execute(
        "INSERT OR REPLACE INTO entries (id, signal_type, hash, provenance) VALUES (?, ?, ?, ?)",
        (change.id, change.signal_type, hash_, change.provenance),
    )
    return 0 if is_known else 1


def _drop(database: sqlite3.Connection, change: Change) -> int:
    """
    Take an entry off the list, and its hash out of the file.

    Returns:
        1 if it was there, else 0.
    """
    return database.execute("DELETE FROM entries WHERE id = ?", (change.id,)).rowcount
