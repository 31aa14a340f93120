"""
The SQLite file of a store: its tables, its version, and how it is opened.
"""

import sqlite3
import time
from pathlib import Path

from tegenbeeld.errors import StoreError

APPLICATION_ID = 0x54474E42
"""Marks the file as ours in its header: "TGNB"."""

VERSION = 1
"""Of the tables below, in `PRAGMA user_version`."""

_TABLES = """
CREATE TABLE entries (
    id TEXT PRIMARY KEY,
    signal_type TEXT NOT NULL CHECK (signal_type IN ('pdq', 'video_md5')),
    hash BLOB NOT NULL CHECK (length(hash) = CASE signal_type WHEN 'pdq' THEN 32 ELSE 16 END),
    provenance TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE progress (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    cursor INTEGER NOT NULL CHECK (cursor >= 0),
    acknowledged INTEGER NOT NULL CHECK (acknowledged BETWEEN 0 AND cursor)
);
INSERT INTO progress VALUES (1, 0, 0);
"""

_LONGEST_WAIT_S = 10.0


def prepare(database: sqlite3.Connection, path: Path) -> None:
    """
    Make the tables in an empty file, or check that an existing one is ours; set how it is used.

    Two processes may do this to the same new file at once.

    Raises:
        StoreError: The file belongs to another program or to another version of this one.
    """
    _check(database, path)
    _use_write_ahead_log(database)
    # An answered acknowledgement must not outlive the data that it speaks of.
    database.execute("PRAGMA synchronous = FULL")
    # Overwrites what is deleted, so that a withdrawn hash is not left behind in the file.
    database.execute("PRAGMA secure_delete = ON")
    database.execute("BEGIN IMMEDIATE")
    try:
        if _pragma(database, "user_version") == 0:
            for statement in _TABLES.split(";"):
                database.execute(statement)
            database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            database.execute(f"PRAGMA user_version = {VERSION}")
        database.execute("COMMIT")
    except BaseException:
        database.execute("ROLLBACK")
        raise


def _check(database: sqlite3.Connection, path: Path) -> None:
    # One transaction: another process may be making the tables at this moment.
    database.execute("BEGIN")
    version = _pragma(database, "user_version")
    application = _pragma(database, "application_id")
    (tables,) = database.execute("SELECT count(*) FROM sqlite_master").fetchone()
    database.execute("COMMIT")
    if version == 0 and tables == 0:
        return
    if application != APPLICATION_ID:
        raise StoreError(f"{path} is another program's file. Choose another folder for the list.")
    if version != VERSION:
        raise StoreError(
            f"{path} is of version {version}, and this kit reads version {VERSION}. Move the file "
            "away and sync again; the whole list is then fetched anew."
        )


def _use_write_ahead_log(database: sqlite3.Connection) -> None:
    """
    Let others read while one writes.

    SQLite does not wait its usual while for this switch when another process makes it too.
    """
    ends_at = time.monotonic() + _LONGEST_WAIT_S
    while True:
        try:
            database.execute("PRAGMA journal_mode = WAL").fetchall()
        except sqlite3.OperationalError:
            if time.monotonic() > ends_at:
                raise
            time.sleep(0.01)
        else:
            return


def _pragma(database: sqlite3.Connection, name: str) -> int:
    number: int = database.execute(f"PRAGMA {name}").fetchone()[0]
    return number
