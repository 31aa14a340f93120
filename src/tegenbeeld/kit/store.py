"""
The list as a platform keeps it: one folder with a SQLite file and the credentials.

Rules that this module keeps:
    1. Entries and cursor change together, in one transaction that is on the disk before
       `apply` returns. A crash at any moment leaves the list as it was after some whole page.
    2. Changes are applied in the order of the log, each once; a page that skips is refused.
    3. A hash that is no longer listed is gone from the file, not only marked. The index beside it
       forgets it as `index_keeper.py` says.
    4. The files are readable by their owner only: a hash list is sensitive.
    5. One store writes; a second one that tries is refused. Reading never waits for it.

A store may be shared between threads, and any number of processes may open the same folder.
After a fork, open it anew.
"""

import os
import sqlite3
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from tegenbeeld.errors import StoreError, WireError
from tegenbeeld.kit import credentials as files
from tegenbeeld.kit.lock import Lock
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
LOCK_NAME = "writer.lock"
INDEX_FOLDER = "index"

PATIENCE_S = 30.0
"""How long to wait for another process that is making the file, in seconds."""

IDLE_READERS = 16
"""Most connections for reading that are kept open while nobody uses them."""

KEYS_AT_ONCE = 500
"""Keys in one question to SQLite, which takes 999 at least."""

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
        self._writer_lock: Lock | None = None
        self._readers: deque[sqlite3.Connection] = deque()
        self._is_closed = False
        self._has_old_pages = False
        path = self.folder / FILE_NAME
        if not path.is_file():
            raise StoreError(
                f"There is no list in {self.folder}. Fetch it first: "
                f"`tegenbeeld sync --store {self.folder} --credentials FILE`."
            )
        with self._explained():
            self._database = self._connected()
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
        Close the file and let another store write. This one cannot be used afterwards.
        """
        with self._lock:
            self._is_closed = True
            with suppress(IndexError):
                while True:
                    self._readers.pop().close()
            self._database.close()
            if self._writer_lock is not None:
                self._writer_lock.release()

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
        return self._number("SELECT listed FROM progress")

    @property
    def index_folder(self) -> Path:
        """
        Where the index lies, in a folder whose name `progress` gives.
        """
        return self.folder / INDEX_FOLDER

    def become_writer(self) -> None:
        """
        Take the right to write, until the store is closed. `apply` does so by itself.

        Raises:
            StoreError: Another store on this folder writes, in this process or another.
        """
        with self._lock:
            if self._writer_lock is not None:
                return
            path = self.folder / LOCK_NAME
            try:
                self._writer_lock = Lock.take(path)
            except OSError as error:
                raise StoreError(f"{path} cannot be used: {error.strerror}.") from error
            if self._writer_lock is None:
                raise StoreError(
                    f"Another program keeps the list in {self.folder} up to date, such as "
                    "`tegenbeeld serve` or `tegenbeeld sync --watch`. Stop that one first, or "
                    "leave the writing to it."
                )

    def apply(self, page: ChangePage) -> Applied:
        """
        Take a page into the list. Changes that were applied before are passed over.

        Returns:
            What it changed. An entry that was already listed does not count as added.

        Raises:
            WireError: The page skips a change, or a hash does not fit its type. Nothing of
                the page is kept.
            StoreError: The file cannot be written, or another store writes it.
        """
        with self._writing() as database:
            cursor, listed = database.execute("SELECT cursor, listed FROM progress").fetchone()
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
            database.execute(
                "UPDATE progress SET cursor = ?, listed = ?", (cursor, listed + added - withdrawn)
            )
        if withdrawn or self._has_old_pages:
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
        with self._reading() as database:
            (cursor,) = database.execute("SELECT cursor FROM progress").fetchone()
            rows = database.execute("SELECT id, signal_type, hash, provenance FROM entries")
            entries = [_entry(*row) for row in rows]
        return Snapshot(cursor, sorted(entries))

    def look_up(self, keys: Iterable[int]) -> dict[int, Entry]:
        """
        The entries with these keys, as an index knows them. What was withdrawn is left out.
        """
        wanted = list(keys)
        found: dict[int, Entry] = {}
        with self._reading() as database:
            for first in range(0, len(wanted), KEYS_AT_ONCE):
                some = wanted[first : first + KEYS_AT_ONCE]
                places = ",".join("?" * len(some))
                rows = database.execute(
                    "SELECT key, id, signal_type, hash, provenance FROM entries "  # noqa: S608
                    f"WHERE key IN ({places})",
                    some,
                )
                found.update((key, _entry(*row)) for key, *row in rows)
        return found

    def videos(self, md5: bytes) -> list[Entry]:
        """
        The listed videos whose file has this MD5.
        """
        with self._reading() as database:
            rows = database.execute(
                "SELECT id, signal_type, hash, provenance FROM entries "
                "WHERE signal_type = 'video_md5' AND hash = ?",
                (md5,),
            )
            return sorted(_entry(*row) for row in rows)

    def progress(self) -> Progress:
        """
        How far the list and its index are.
        """
        with self._reading() as database:
            return _progress(database)

    @contextmanager
    def news(self, *, after: int) -> Iterator[News]:
        """
        What changed after the change *after*, as long as the `with` block lasts.

        Only whole if *after* is not before `progress.index_cursor`, or 0 for an empty index.
        """
        with self._reading() as database:
            progress = _progress(database)
            withdrawn = database.execute("SELECT key FROM withdrawn WHERE seq > ?", (after,))
            added = database.execute(
                "SELECT key, hash FROM entries WHERE key > ? AND signal_type = 'pdq' ORDER BY key",
                (after,),
            )
            yield News(progress, [key for (key,) in withdrawn], added)

    def record_index(self, name: str, *, cursor: int, at: float) -> None:
        """
        Remember how far the index on the disk is, and forget which keys were withdrawn up to there.

        Args:
            name: Its folder. Another one than before was made anew, without withdrawn hashes.
            cursor: Never before the one that was recorded last.
            at: Seconds since 1970.
        """
        with self._writing() as database:
            before = _progress(database)
            gone = database.execute("DELETE FROM withdrawn WHERE seq <= ?", (cursor,)).rowcount
            is_new = name != before.index_name
            database.execute(
                "UPDATE progress SET index_name = ?, index_cursor = ?, index_written_at = ?, "
                "index_made_at = ?, index_withdrawn = ?",
                (
                    name,
                    cursor,
                    at,
                    at if is_new else before.index_made_at,
                    0 if is_new else before.index_withdrawn + gone,
                ),
            )

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
        with self._reading() as database:
            number: int = database.execute(query).fetchone()[0]
            return number

    def _connected(self) -> sqlite3.Connection:
        return sqlite3.connect(
            self.folder / FILE_NAME,
            timeout=PATIENCE_S,
            isolation_level=None,
            check_same_thread=False,
        )

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        """
        One moment of the list, on a connection that no other thread uses meanwhile.
        """
        with self._explained():
            try:
                database = self._readers.pop()
            except IndexError:
                database = self._reader()
            try:
                database.execute("BEGIN")
                try:
                    yield database
                finally:
                    database.execute("COMMIT")
            except BaseException:
                database.close()
                raise
        if len(self._readers) < IDLE_READERS and not self._is_closed:
            self._readers.append(database)
        else:
            database.close()

    def _reader(self) -> sqlite3.Connection:
        if self._is_closed:
            raise StoreError("This store was closed. Open it again.")
        database = self._connected()
        database.execute("PRAGMA query_only = ON")
        return database

    def _forget_old_pages(self) -> None:
        """
        Empty the write-ahead log, which still holds the pages that a hash was deleted from.

        Somebody who reads at this moment prevents it. Nobody waits for that: opening the store and
        the next page try again.
        """
        with self._lock:
            self._database.execute("PRAGMA busy_timeout = 0")
            try:
                (was_busy, _, _) = self._database.execute(
                    "PRAGMA wal_checkpoint(TRUNCATE)"
                ).fetchone()
                self._has_old_pages = bool(was_busy)
            finally:
                self._database.execute(f"PRAGMA busy_timeout = {PATIENCE_S * 1000:.0f}")

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """
        One transaction of the one store that writes.
        """
        with self._explained(), self._lock:
            self.become_writer()
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
    id_ = bytes.fromhex(change.id)
    row = (change.signal_type, hash_, change.provenance)
    known = database.execute(
        "SELECT key, signal_type, hash, provenance FROM entries WHERE id = ?", (id_,)
    ).fetchone()
    if known is not None:
        if tuple(known[1:]) == row:
            return 0
        _delete(database, key=known[0], seq=change.seq)
    database.execute("INSERT INTO entries VALUES (?, ?, ?, ?, ?)", (change.seq, id_, *row))
    return 0 if known else 1


def _drop(database: sqlite3.Connection, change: Change) -> int:
    """
    Take an entry off the list, and its hash out of the file.

    Returns:
        1 if it was there, else 0.
    """
    known = database.execute(
        "SELECT key FROM entries WHERE id = ?", (bytes.fromhex(change.id),)
    ).fetchone()
    if known is None:
        return 0
    _delete(database, key=known[0], seq=change.seq)
    return 1


def _delete(database: sqlite3.Connection, *, key: int, seq: int) -> None:
    """
    Delete an entry, and note for the index that the change *seq* did so.
    """
    database.execute("DELETE FROM entries WHERE key = ?", (key,))
    database.execute("INSERT INTO withdrawn VALUES (?, ?)", (seq, key))


def _entry(id_: bytes, signal_type: str, hash_: bytes, provenance: str) -> Entry:
    return Entry(id_.hex(), SignalType(signal_type), hash_, Provenance(provenance))


def _progress(database: sqlite3.Connection) -> Progress:
    row = database.execute(
        "SELECT cursor, listed, index_name, index_cursor, index_made_at, index_written_at, "
        "index_withdrawn, (SELECT count(*) FROM withdrawn) FROM progress"
    ).fetchone()
    return Progress(*row)
