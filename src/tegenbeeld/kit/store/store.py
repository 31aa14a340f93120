"""
The store: what the rest of the kit asks the list, and tells it.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from tegenbeeld.errors import StoreError
from tegenbeeld.kit import credentials as files
from tegenbeeld.kit.closing import Closing
from tegenbeeld.kit.store.changes import Changes
from tegenbeeld.kit.store.database import FILE_NAME, Database
from tegenbeeld.kit.store.values import Applied, Entry, News, Progress, Snapshot
from tegenbeeld.wire.native import ChangePage, Credentials, Provenance, SignalType

INDEX_FOLDER = "index"

KEYS_AT_ONCE = 500
"""Keys in one question to SQLite, which takes 999 at least."""


class Store(Closing):
    """
    The list in one folder, open.

    May be shared between threads, and any number of processes may open the same folder. After a
    fork, open it anew.
    """

    def __init__(self, folder: Path | str) -> None:
        """
        Open the store that is in *folder*.

        Raises:
            StoreError: There is none, or it is damaged or of another version.
        """
        self.folder = Path(folder)
        if not (self.folder / FILE_NAME).is_file():
            raise StoreError(
                f"There is no list in {self.folder}. Fetch it first: "
                f"`tegenbeeld sync --store {self.folder} --credentials FILE`."
            )
        self._database = Database(self.folder)

    @classmethod
    def create(cls, folder: Path | str) -> Self:
        """
        Open the store in *folder*, after making an empty one if there is none.

        Raises:
            StoreError: The folder cannot be written, or holds a store of another version.
        """
        Database.make_file(Path(folder))
        return cls(folder)

    def close(self) -> None:
        """
        Close the file and let another store write. This one cannot be used afterwards.
        """
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
        self._database.become_writer()

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
        with self._database.writing() as database:
            cursor, listed = database.execute("SELECT cursor, listed FROM progress").fetchone()
            changes = Changes(database, cursor).apply(page.changes)
            applied = changes.counted()
            database.execute(
                "UPDATE progress SET cursor = ?, listed = ?, hashes = hashes + ?, "
                "waiting_hashes = waiting_hashes + ?",
                (
                    changes.cursor,
                    listed + applied.added - applied.withdrawn,
                    changes.hashes_added - changes.hashes_gone,
                    changes.hashes_added,
                ),
            )
        if applied.withdrawn or self._database.has_old_pages:
            self._database.forget_old_pages()
        return applied

    def record_acknowledged(self, through: int) -> None:
        """
        Remember that the node has heard that everything up to *through* is applied.

        Args:
            through: Inclusive; at most `cursor`. A lower value than before changes nothing.
        """
        with self._database.writing() as database:
            database.execute(
                "UPDATE progress SET acknowledged = max(acknowledged, ?)",
                (through,),
            )

    def read(self) -> Snapshot:
        """
        The whole list, in the order of the ids, and the cursor that belongs to it.
        """
        with self._database.reading() as database:
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
        with self._database.reading() as database:
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
        with self._database.reading() as database:
            rows = database.execute(
                "SELECT id, signal_type, hash, provenance FROM entries "
                "WHERE signal_type != 'pdq' AND hash = ?",
                (md5,),
            )
            return sorted(_entry(*row) for row in rows)

    def frames(self, key: int) -> str | None:
        """
        The frames of the video with this key, as `wire.video` writes them.

        Returns:
            None if it was withdrawn, or is no video with frames.
        """
        with self._database.reading() as database:
            row = database.execute("SELECT frames FROM entries WHERE key = ?", (key,)).fetchone()
        return None if row is None else row[0]

    def progress(self) -> Progress:
        """
        How far the list and its index are.
        """
        with self._database.reading() as database:
            return _progress(database)

    @contextmanager
    def news(self, *, after: int) -> Iterator[News]:
        """
        What changed after the change *after*, as long as the `with` block lasts.

        Only whole if *after* is not before `progress.index_cursor`, or 0 for an empty index.
        """
        with self._database.reading() as database:
            progress = _progress(database)
            withdrawn = database.execute(
                "SELECT key, frames FROM withdrawn WHERE seq > ?", (after,)
            ).fetchall()
            pictures = database.execute(
                "SELECT key, hash FROM entries WHERE key > ? AND signal_type = 'pdq' ORDER BY key",
                (after,),
            )
            videos = database.execute(
                "SELECT key, frames FROM entries WHERE key > ? AND signal_type = 'vpdq'",
                (after,),
            )
            yield News(progress, withdrawn, pictures, videos)

    def record_index(self, name: str, *, cursor: int, at: float) -> None:
        """
        Remember how far the index on the disk is, and forget which keys were withdrawn up to there.

        Args:
            name: Its folder. Another one than before was made anew, without withdrawn hashes.
            cursor: Never before the one that was recorded last.
            at: Seconds since 1970.
        """
        with self._database.writing() as database:
            before = _progress(database)
            gone = database.execute("DELETE FROM withdrawn WHERE seq <= ?", (cursor,)).rowcount
            is_new = name != before.index_name
            database.execute(
                "UPDATE progress SET index_name = ?, index_cursor = ?, index_written_at = ?, "
                "index_made_at = ?, index_withdrawn = ?, waiting_hashes = 0",
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
        with self._database.reading() as database:
            number: int = database.execute(query).fetchone()[0]
            return number


def _entry(id_: bytes, signal_type: str, hash_: bytes, provenance: str) -> Entry:
    return Entry(id_.hex(), SignalType(signal_type), hash_, Provenance(provenance))


def _progress(database: sqlite3.Connection) -> Progress:
    row = database.execute(
        "SELECT cursor, listed, hashes, index_name, index_cursor, index_made_at, "
        "index_written_at, index_withdrawn, waiting_hashes, (SELECT count(*) FROM withdrawn) "
        "FROM progress"
    ).fetchone()
    return Progress(*row)
