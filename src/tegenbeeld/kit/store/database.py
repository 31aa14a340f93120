"""
The SQLite file of a store, open: one connection that writes, and some that read meanwhile.
"""

import logging
import os
import sqlite3
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tegenbeeld.errors import StoreError
from tegenbeeld.kit.store.lock import Lock
from tegenbeeld.kit.store.schema import prepare

FILE_NAME = "store.sqlite3"
LOCK_NAME = "writer.lock"

PATIENCE_S = 30.0
"""How long to wait for another process that is making the file, in seconds."""

IDLE_READERS = 16
"""Most connections for reading that are kept open while nobody uses them."""

_NO_ROOM = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE})
"""The disk is full, or the share of it that one may use."""

log = logging.getLogger("tegenbeeld.kit")


class Database:
    """
    The file in one folder. May be shared between threads.
    """

    def __init__(self, folder: Path) -> None:
        """
        Open the file that is in *folder*, and make its tables if it is empty.

        Raises:
            StoreError: It is damaged, or of another version or program.
        """
        self._folder = folder
        self._path = folder / FILE_NAME
        self._lock = threading.RLock()
        self._writer_lock: Lock | None = None
        self._readers: deque[sqlite3.Connection] = deque()
        self._is_closed = False
        self._has_old_pages = False
        with self._explained():
            self._writer = self._connected()
        try:
            with self._explained():
                prepare(self._writer, self._path)
            self.forget_old_pages()
        except BaseException:
            self._writer.close()
            raise

    @staticmethod
    def make_file(folder: Path) -> None:
        """
        Make the folder and an empty file in it, for the owner only, where there is none.

        Raises:
            StoreError: The folder cannot be written.
        """
        path = folder / FILE_NAME
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            # SQLite gives the files beside this one the same rights.
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        except OSError as error:
            raise StoreError(f"{path} cannot be made: {error.strerror}.") from error

    def close(self) -> None:
        """
        Close the file and let another store write.
        """
        with self._lock:
            self._is_closed = True
            with suppress(IndexError):
                while True:
                    self._readers.pop().close()
            self._writer.close()
            if self._writer_lock is not None:
                self._writer_lock.release()

    def become_writer(self) -> None:
        """
        Take the right to write, until the file is closed.

        Raises:
            StoreError: Another store on this folder writes, in this process or another.
        """
        with self._lock:
            if self._writer_lock is not None:
                return
            path = self._folder / LOCK_NAME
            try:
                self._writer_lock = Lock.take(path)
            except OSError as error:
                raise StoreError(f"{path} cannot be used: {error.strerror}.") from error
            if self._writer_lock is None:
                raise StoreError(
                    f"Another program keeps the list in {self._folder} up to date, such as "
                    "`tegenbeeld serve` or `tegenbeeld sync --watch`. Stop that one first, or "
                    "leave the writing to it."
                )

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """
        One transaction of the one store that writes.

        Raises:
            StoreError: The file cannot be written, or another store writes it.
        """
        with self._explained(), self._lock:
            self.become_writer()
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                yield self._writer
                self._writer.execute("COMMIT")
            except BaseException:
                if self._writer.in_transaction:
                    self._writer.execute("ROLLBACK")
                raise

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """
        One moment of the list, on a connection that no other thread uses meanwhile.

        Raises:
            StoreError: The file cannot be read, or was closed.
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

    @property
    def has_old_pages(self) -> bool:
        """
        Whether `forget_old_pages` could not do its work the last time.
        """
        return self._has_old_pages

    def forget_old_pages(self) -> None:
        """
        Empty the write-ahead log, which still holds the pages that a hash was deleted from.

        Somebody who reads at this moment prevents it, and so does a full disk. Nobody waits for
        that, and matching goes on: opening the store and the next page try again.

        Raises:
            StoreError: The file is damaged, or cannot be used at all.
        """
        with self._explained(), self._lock:
            self._has_old_pages = True
            self._writer.execute("PRAGMA busy_timeout = 0")
            try:
                done = self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
                self._has_old_pages = bool(done[0])  # somebody was reading
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode not in _NO_ROOM:
                    raise
                log.warning("%s cannot be tidied up: %s. Check the disk.", self._path, error)
            finally:
                self._writer.execute(f"PRAGMA busy_timeout = {PATIENCE_S * 1000:.0f}")

    def _connected(self) -> sqlite3.Connection:
        return sqlite3.connect(
            self._path,
            timeout=PATIENCE_S,
            isolation_level=None,
            check_same_thread=False,
        )

    def _reader(self) -> sqlite3.Connection:
        if self._is_closed:
            raise StoreError("This store was closed. Open it again.")
        database = self._connected()
        database.execute("PRAGMA query_only = ON")
        return database

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """
        Turn SQLite's errors into ours.
        """
        try:
            yield
        except sqlite3.OperationalError as error:
            raise StoreError(
                f"{self._path} cannot be used now: {error}. Check the disk and the rights on the "
                "folder, and that no other program keeps it locked."
            ) from error
        except sqlite3.DatabaseError as error:
            raise StoreError(
                f"{self._path} is damaged: {error}. Move the file away and sync again; the whole "
                "list is then fetched anew."
            ) from error
