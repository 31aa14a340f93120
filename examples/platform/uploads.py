"""
What people uploaded: pictures and videos in a folder, everything else in a SQLite file.

Every step is one transaction together with the feedback that it calls for, so that no answer of
a moderator is lost while the node is away.
"""

import secrets
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple

from tegenbeeld.kit import Feedback, FeedbackValue, Match

TABLES = """
CREATE TABLE IF NOT EXISTS uploads (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    content_type TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'published', 'held', 'blocked', 'refused')),
    problem TEXT
);
CREATE TABLE IF NOT EXISTS matches (
    upload TEXT NOT NULL REFERENCES uploads (id),
    place INTEGER NOT NULL,
    entry TEXT NOT NULL,
    found TEXT NOT NULL,
    distance INTEGER NOT NULL,
    view TEXT NOT NULL,
    orientation TEXT NOT NULL,
    at_ms INTEGER,
    agreed INTEGER,
    compared INTEGER
);
CREATE TABLE IF NOT EXISTS outbox (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    entry TEXT NOT NULL,
    value TEXT NOT NULL
);
"""
VERSION = 2
"""Of these tables. What an older demonstration kept is given up."""

# Of several matches the first, which is the strongest.
UPLOADS = """
SELECT uploads.id, content_type, state, problem, entry, found, distance, view, orientation, at_ms,
    agreed, compared
FROM uploads LEFT JOIN matches ON matches.upload = uploads.id AND place = 0
"""
ONE = UPLOADS + "WHERE uploads.id = ?"
NEWEST = UPLOADS + "WHERE state = ? ORDER BY uploads.number DESC LIMIT 60"


class Upload(NamedTuple):
    """
    One upload, and the listed entry that it matches best, if any; see `tegenbeeld.kit.Match`.
    """

    id: str
    content_type: str
    state: str
    problem: str | None
    entry: str | None
    found: str | None
    distance: int | None
    view: str | None
    orientation: str | None
    at_ms: int | None
    agreed: int | None
    compared: int | None

    @property
    def kind(self) -> str:
        """
        What it is, in a word.
        """
        return "video" if self.content_type.startswith("video/") else "picture"


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
            (version,) = database.execute("PRAGMA user_version").fetchone()
            if version != VERSION:
                for table in ("matches", "uploads", "outbox"):
                    database.execute(f"DROP TABLE IF EXISTS {table}")
            database.executescript(f"{TABLES} PRAGMA user_version = {VERSION};")
        self._sweep()

    def add(self, picture: bytes, *, content_type: str, matches: Sequence[Match]) -> str:
        """
        Publish a picture that matches nothing; hold one that does, and tell the node so.

        Returns:
            The id of the upload: random, so that nobody can guess the address of another.
        """
        upload = secrets.token_hex(16)
        self.path(upload).write_bytes(picture)
        with self._database() as database:
            _insert(database, upload, content_type)
            _settle(database, upload, matches)
        return upload

    def add_video(self, video: IO[bytes], *, content_type: str) -> str:
        """
        Keep a video that nobody sees until it was compared with the list.

        Returns:
            The id of the upload, as `add`.
        """
        upload = secrets.token_hex(16)
        with self.path(upload).open("wb") as file:
            shutil.copyfileobj(video, file)
        with self._database() as database:
            _insert(database, upload, content_type)
        return upload

    def settle(self, upload: str, *, matches: Sequence[Match]) -> None:
        """
        Publish or hold a video that was compared with the list.
        """
        with self._database() as database:
            _settle(database, upload, matches)

    def refuse(self, upload: str, *, problem: str) -> None:
        """
        Delete a video that cannot be read.

        Args:
            upload: Its id.
            problem: What to tell who uploaded it.
        """
        with self._database() as database:
            database.execute(
                "UPDATE uploads SET state = 'refused', problem = ? WHERE id = ?", (problem, upload)
            )
        self.path(upload).unlink(missing_ok=True)

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

    def waiting(self) -> list[Upload]:
        """
        The videos that were not compared with the list yet, oldest first.
        """
        return self._select(NEWEST, "waiting")[::-1]

    def path(self, upload: str) -> Path:
        """
        Where the file lies.
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
        Delete files that a crash left behind: blocked ones, and ones that were never noted.
        """
        with self._database() as database:
            rows = database.execute(
                "SELECT id FROM uploads WHERE state NOT IN ('blocked', 'refused')"
            ).fetchall()
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


def _insert(database: sqlite3.Connection, upload: str, content_type: str) -> None:
    database.execute(
        "INSERT INTO uploads (id, content_type, state) VALUES (?, ?, 'waiting')",
        (upload, content_type),
    )


def _settle(database: sqlite3.Connection, upload: str, matches: Sequence[Match]) -> None:
    """
    Publish what matches nothing; hold what does, and tell the node so.
    """
    state = "held" if matches else "published"
    settled = database.execute(
        "UPDATE uploads SET state = ? WHERE id = ? AND state = 'waiting'", (state, upload)
    ).rowcount
    if not settled:
        return
    for place, match in enumerate(matches):
        database.execute(
            "INSERT INTO matches VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                upload,
                place,
                match.id,
                match.found,
                match.distance,
                match.view,
                match.orientation,
                match.at_ms,
                match.agreed,
                match.compared,
            ),
        )
    _say(database, upload, FeedbackValue.PENDING_REVIEW)


def _say(database: sqlite3.Connection, upload: str, value: FeedbackValue) -> None:
    """
    Put feedback on everything that the upload matched into the outbox.
    """
    database.execute(
        "INSERT INTO outbox (entry, value) SELECT entry, ? FROM matches WHERE upload = ?",
        (value, upload),
    )
