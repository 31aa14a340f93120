"""
The SQLite file of a store: its tables, its version, and how it is opened.
"""

import sqlite3
import time
from pathlib import Path

from tegenbeeld.errors import StoreError

APPLICATION_ID = 0x54474E42
"""Marks the file as ours in its header: "TGNB"."""

VERSION = 4
"""Of the tables below, in `PRAGMA user_version`."""

FRAME_LETTERS = 48
"""
Letters that one frame takes where frames are written; together they take four more.

So SQLite can count them. Source: spec/video.md §5: 36 bytes of a frame, in base64, after one byte.
"""

# The key of an entry is the place in the log of the change that listed it. So keys are never used
# twice, and what came after some place in the log is a range of keys.
#
# `frames` are those of a video, as the node wrote them; NULL for everything else.
#
# `withdrawn` tells an index which keys to drop, and when; the hash itself is gone. So that the
# frames of a video are dropped too, it says how many there were. A row is kept until the index on
# the disk has been written past it (`index_cursor`).
#
# `hashes` counts pictures and frames, `waiting_hashes` those that came since the index was written.
#
# `index_name` is the folder of the index that belongs to this list; empty before the first one.
_ENTRIES = """
CREATE TABLE entries (
    key INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    signal_type TEXT NOT NULL CHECK (signal_type IN ('pdq', 'video_md5', 'vpdq')),
    hash BLOB NOT NULL CHECK (length(hash) = CASE signal_type WHEN 'pdq' THEN 32 ELSE 16 END),
    provenance TEXT NOT NULL,
    frames TEXT CHECK ((frames IS NULL) = (signal_type != 'vpdq'))
);
CREATE INDEX videos ON entries (hash) WHERE signal_type != 'pdq';
CREATE INDEX with_frames ON entries (signal_type) WHERE signal_type = 'vpdq';
"""

_PROGRESS = """
CREATE TABLE progress (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    cursor INTEGER NOT NULL CHECK (cursor >= 0),
    acknowledged INTEGER NOT NULL CHECK (acknowledged BETWEEN 0 AND cursor),
    listed INTEGER NOT NULL CHECK (listed BETWEEN 0 AND cursor),
    hashes INTEGER NOT NULL CHECK (hashes >= 0),
    index_name TEXT NOT NULL,
    index_cursor INTEGER NOT NULL CHECK (index_cursor BETWEEN 0 AND cursor),
    index_made_at REAL NOT NULL,
    index_written_at REAL NOT NULL,
    index_withdrawn INTEGER NOT NULL CHECK (index_withdrawn >= 0),
    waiting_hashes INTEGER NOT NULL CHECK (waiting_hashes >= 0)
);
INSERT INTO progress VALUES (1, 0, 0, 0, 0, '', 0, 0, 0, 0, 0);
"""

_TABLES = f"""
{_ENTRIES}
CREATE TABLE withdrawn (
    seq INTEGER PRIMARY KEY,
    key INTEGER NOT NULL,
    frames INTEGER NOT NULL CHECK (frames >= 0)
);
{_PROGRESS}
"""

# Version 1 did not note which change listed an entry. Any numbers up to the cursor will do: later
# changes get higher ones.
_FROM_VERSION_1 = f"""
ALTER TABLE entries RENAME TO entries_1;
ALTER TABLE progress RENAME TO progress_1;
{_TABLES}
INSERT INTO entries (key, id, signal_type, hash, provenance)
    SELECT row_number() OVER (ORDER BY id), unhexed(id), signal_type, hash, provenance
    FROM entries_1;
UPDATE progress SET
    cursor = (SELECT cursor FROM progress_1),
    acknowledged = (SELECT acknowledged FROM progress_1),
    listed = (SELECT count(*) FROM entries_1),
    hashes = (SELECT count(*) FROM entries_1 WHERE signal_type = 'pdq');
DROP TABLE entries_1;
DROP TABLE progress_1;
"""  # noqa: S608

# Version 3 kept the frames of videos but did not look them up. Where there are some, the index on
# the disk lacks them: the list is read instead until the next sync has made the index anew.
_WITH_FRAMES = f"""
ALTER TABLE withdrawn ADD COLUMN frames INTEGER NOT NULL DEFAULT 0 CHECK (frames >= 0);
ALTER TABLE progress RENAME TO progress_3;
{_PROGRESS}
UPDATE progress SET
    (cursor, acknowledged, listed, index_name, index_cursor, index_made_at, index_written_at,
        index_withdrawn) = (
        SELECT cursor, acknowledged, listed, index_name, index_cursor, index_made_at,
            index_written_at, index_withdrawn
        FROM progress_3
    ),
    hashes = (SELECT count(*) FROM entries WHERE signal_type = 'pdq') + (
        SELECT coalesce(sum(length(frames) / {FRAME_LETTERS}), 0) FROM entries
        WHERE signal_type = 'vpdq'
    );
UPDATE progress SET index_name = '', index_cursor = 0, index_written_at = 0
    WHERE EXISTS (SELECT 1 FROM entries WHERE signal_type = 'vpdq');
DROP TABLE progress_3;
"""  # noqa: S608

_FROM_VERSION_3 = f"""
CREATE INDEX with_frames ON entries (signal_type) WHERE signal_type = 'vpdq';
{_WITH_FRAMES}
"""

# Version 2 knew no frames.
_FROM_VERSION_2 = f"""
ALTER TABLE entries RENAME TO entries_2;
DROP INDEX videos;
{_ENTRIES}
INSERT INTO entries SELECT key, id, signal_type, hash, provenance, NULL FROM entries_2;
DROP TABLE entries_2;
{_WITH_FRAMES}
"""  # noqa: S608

_STATEMENTS = {0: _TABLES, 1: _FROM_VERSION_1, 2: _FROM_VERSION_2, 3: _FROM_VERSION_3}

_LONGEST_WAIT_S = 10.0


def prepare(database: sqlite3.Connection, path: Path) -> None:
    """
    Make the tables in an empty file, or bring those of an older version up to date.

    Also checks that the file is ours, and sets how it is used. Two processes may do this to the
    same new file at once.

    Raises:
        StoreError: The file belongs to another program or to another version of this one.
    """
    _check(database, path)
    _use_write_ahead_log(database)
    # An answered acknowledgement must not outlive the data that it speaks of.
    database.execute("PRAGMA synchronous = FULL")
    # Overwrites what is deleted, so that a withdrawn hash is not left behind in the file.
    database.execute("PRAGMA secure_delete = ON")
    # Whoever only reads need not wait for somebody who writes.
    if _pragma(database, "user_version") != VERSION:
        _make_tables(database)


def _make_tables(database: sqlite3.Connection) -> None:
    database.execute("BEGIN IMMEDIATE")
    try:
        # Another process may have made them in the meantime.
        version = _pragma(database, "user_version")
        if version != VERSION:
            database.create_function("unhexed", 1, bytes.fromhex, deterministic=True)
            for statement in _STATEMENTS[version].split(";"):
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
    if not 1 <= version <= VERSION:
        raise StoreError(
            f"{path} is of version {version}, and this kit reads up to version {VERSION}. Install "
            "a newer kit; or move the file away and sync again, which fetches the whole list anew."
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
