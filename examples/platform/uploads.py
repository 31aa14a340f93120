"""
What people uploaded: the pictures in a folder, everything else in a SQLite file.

Every step is one transaction together with the feedback that it calls for, so that no answer of
a moderator is lost while the node is away.
"""

import secrets
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tegenbeeld.kit import Feedback, FeedbackValue, Match

TABLES = """
CREATE TABLE IF NOT EXISTS uploads (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    content_type TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('published', 'held', 'blocked'))
);
CREATE TABLE IF NOT EXISTS matches (
    upload TEXT NOT NULL REFERENCES uploads (id),
    entry TEXT NOT NULL,
    distance INTEGER NOT NULL,
    orientation TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS outbox (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    entry TEXT NOT NULL,
    value TEXT NOT NULL
);
"""

# Of several matches, the nearest: SQLite takes `entry` and `orientation` from the row of min().
UPLOADS = """
SELECT uploads.id, content_type, state, entry, min(distance), orientation
FROM uploads LEFT JOIN matches ON matches.upload = uploads.id
"""
ONE = UPLOADS + "WHERE uploads.id = ? GROUP BY uploads.id"
NEWEST = UPLOADS + "WHERE state = ? GROUP BY uploads.id ORDER BY uploads.number DESC LIMIT 60"


class Upload(NamedTuple):
    """
    One upload, and the listed picture that it is nearest to, if any.
    """

    id: str
    content_type: str
    state: str
    entry: str | None
    distance: int | None
    orientation: str | None


class Uploads:
    """
    Everything that was uploaded. May be shared between threads.
    """

    def __init__(self, folder: Path) -> None:
        self._file = folder / "uploads.sqlite3"
        self._pictures = folder / "pictures"
        self._pictures.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._database() as database:
            database.execute("PRAGMA journal_mode = WAL")
            database.executescript(TABLES)
        self._sweep()

    def add(self, picture: bytes, *, content_type: str, matches: Sequence[Match]) -> str:
        """
        Publish a picture that matches nothing; hold one that does, and tell the node so.

        Returns:
            The id of the upload: random, so that nobody can guess the address of another.
        """
        upload = secrets.token_hex(16)
        self.path(upload).write_bytes(picture)
        state = "held" if matches else "published"
        with self._database() as database:
            database.execute(
                "INSERT INTO uploads (id, content_type, state) VALUES (?, ?, ?)",
                (upload, content_type, state),
            )
            for match in matches:
                database.execute(
                    "INSERT INTO matches VALUES (?, ?, ?, ?)",
                    (upload, match.id, match.distance, match.orientation),
                )
            _say(database, upload, FeedbackValue.PENDING_REVIEW)
        return upload

    def decide(self, upload: str, *, is_intimate: bool) -> None:
        """
        Block or publish a held upload, as a moderator decided. A second decision changes nothing.
        """
        state = "blocked" if is_intimate else "published"
        value = FeedbackValue.BLOCKED if is_intimate else FeedbackValue.NOT_BLOCKED
        with self._database() as database:
            decided = database.execute(
                "UPDATE uploads SET state = ? WHERE id = ? AND state = 'held'", (state, upload)
            ).rowcount
            if decided:
                _say(database, upload, value)
        if decided and is_intimate:
            self.path(upload).unlink(missing_ok=True)

    def get(self, upload: str) -> Upload | None:
        """
        One upload, or None where there is none with this id.
        """
        return next(iter(self._select(ONE, upload)), None)

    def published(self) -> list[Upload]:
        """
        The newest published uploads, at most 60, newest first.
        """
        return self._select(NEWEST, "published")

    def held(self) -> list[Upload]:
        """
        The uploads that wait for a moderator, at most 60, newest first.
        """
        return self._select(NEWEST, "held")

    def path(self, upload: str) -> Path:
        """
        Where the picture lies.
        """
        return self._pictures / upload

    def unsent(self) -> tuple[int, list[Feedback]]:
        """
        Feedback that the node has not heard, oldest first, and the number of the last of it.
        """
        with self._database() as database:
            rows = database.execute(
                "SELECT number, entry, value FROM outbox ORDER BY number LIMIT 1000"
            ).fetchall()
        feedback = [Feedback(id=entry, value=FeedbackValue(value)) for _, entry, value in rows]
        return (rows[-1][0] if rows else 0), feedback

    def mark_sent(self, last: int) -> None:
        """
        Forget the feedback up to and including number *last*: the node has it.
        """
        with self._database() as database:
            database.execute("DELETE FROM outbox WHERE number <= ?", (last,))

    def _select(self, query: str, value: str) -> list[Upload]:
        with self._database() as database:
            rows = database.execute(query, (value,)).fetchall()
        return [Upload(*row) for row in rows]

    def _sweep(self) -> None:
        """
        Delete pictures that a crash left behind: blocked ones, and ones that were never noted.
        """
        with self._database() as database:
            rows = database.execute("SELECT id FROM uploads WHERE state != 'blocked'").fetchall()
        wanted = {upload for (upload,) in rows}
        for path in self._pictures.iterdir():
            if path.name not in wanted:
                path.unlink()

    @contextmanager
    def _database(self) -> Iterator[sqlite3.Connection]:
        """
        A connection for one transaction.
        """
        database = sqlite3.connect(self._file, timeout=30)
        try:
            with database:
                yield database
        finally:
            database.close()


def _say(database: sqlite3.Connection, upload: str, value: FeedbackValue) -> None:
    """
    Put feedback on everything that the upload matched into the outbox.
    """
    database.execute(
        "INSERT INTO outbox (entry, value) SELECT entry, ? FROM matches WHERE upload = ?",
        (value, upload),
    )
