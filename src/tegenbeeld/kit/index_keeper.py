"""
Writes the index beside a store: what a matcher would otherwise have to read from the list.

The list is the truth and the index is made from it, so nothing here can lose anything. The order
is what makes it safe: the files are on the disk before the store forgets which keys they dropped.
A crash in between means only that the same is done again.
"""

import logging
import secrets
import shutil
from pathlib import Path

from tegenbeeld.errors import HashIndexError, StoreError
from tegenbeeld.kit.list_index import check_belongs, take_in
from tegenbeeld.kit.store import Progress, Store
from tegenbeeld.pdq.index import HashIndex

CHANGES_IN_MEMORY = 50_000
"""Most changes that matchers keep in memory before the index is written."""

HASHES_IN_MEMORY = 500_000
"""The same for hashes, of which a video has many: 20 MB."""

WRITTEN_EVERY_S = 300.0
"""How long a change waits at most to be written into the index, in seconds."""

SMALL = 50_000
"""
Most hashes, inclusive, with which the index is made anew at once after a withdrawal.

So the hash is gone from its files. That takes a fraction of a second.
"""

FORGOTTEN_WITHIN_S = 86_400.0
"""
How long a withdrawn hash may lie in the files of a larger index, in seconds.

Making one of ten million hashes anew takes ten seconds of work and writes more than a gigabyte.
Nothing matches against the hash meanwhile.
"""

log = logging.getLogger("tegenbeeld.kit")


class IndexKeeper:
    """
    Writes the index of one store. Only one thread may do so.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._is_opened = False
        self._is_verified = False

    def is_due(self, *, at: float) -> bool:
        """
        Tell whether there is enough to write.

        Args:
            at: Now, in seconds since 1970.
        """
        progress = self._store.progress()
        changes = progress.cursor - progress.index_cursor
        return (
            changes >= CHANGES_IN_MEMORY
            or progress.waiting_hashes >= HASHES_IN_MEMORY
            or (changes > 0 and _is_long_ago(progress.index_written_at, WRITTEN_EVERY_S, at))
            or _must_forget(progress, at=at)
            or self._is_unusable(progress)
        )

    def keep(self, *, at: float) -> None:
        """
        Write what is new, and put small files together.

        Args:
            at: Now, in seconds since 1970.

        Raises:
            StoreError: The disk is full or cannot be written, or another store writes. The list
                is as it was; matching goes on.
        """
        self._store.become_writer()
        try:
            if not self._carry_on(at=at):
                self._make_anew(at=at)
        except (HashIndexError, OSError) as error:
            raise StoreError(
                f"The index in {self._store.index_folder} cannot be written. Matching goes on "
                f"without. Check the disk and the rights on the folder. It says: {error}"
            ) from error
        self._sweep()

    def _is_unusable(self, progress: Progress) -> bool:
        """
        Tell, the first time, whether the files cannot even be opened.
        """
        if self._is_opened or not progress.index_name:
            return False
        try:
            with HashIndex.open(self._store.index_folder / progress.index_name) as index:
                check_belongs(index, self._store)
        except HashIndexError:
            return True
        self._is_opened = True
        return False

    def _carry_on(self, *, at: float) -> bool:
        """
        Write what is new beside what is there.

        Returns:
            False if the index has to be made anew instead.
        """
        progress = self._store.progress()
        if not progress.index_name or _must_forget(progress, at=at):
            return False
        folder = self._store.index_folder / progress.index_name
        try:
            index = HashIndex.open(folder, writable=True)
        except HashIndexError as error:
            return _report(error)
        try:
            check_belongs(index, self._store)
            if not self._is_verified:
                index.verify()
                self._is_verified = True
            self._write(index, progress.index_name, at=at)
        except HashIndexError as error:
            return _report(error)
        finally:
            index.close()
        return True

    def _make_anew(self, *, at: float) -> None:
        name = secrets.token_hex(8)
        folder = self._store.index_folder
        folder.mkdir(mode=0o700, exist_ok=True)
        index = HashIndex.open(folder / name, writable=True)
        try:
            self._write(index, name, at=at)
        finally:
            index.close()
        self._is_verified = True

    def _write(self, index: HashIndex, name: str, *, at: float) -> None:
        with self._store.news(after=index.cursor) as news:
            take_in(index, news)
            cursor = news.progress.cursor
        index.flush(cursor)
        self._store.record_index(name, cursor=cursor, at=at)
        while index.merge_once():
            pass

    def _sweep(self) -> None:
        """
        Delete what earlier indexes left behind. A reader that has one open keeps it.
        """
        kept = self._store.progress().index_name
        for path in self._store.index_folder.iterdir():
            if path.name != kept:
                _delete(path)


def _must_forget(progress: Progress, *, at: float) -> bool:
    """
    Tell whether the index has to be made anew, without the hashes that were withdrawn.
    """
    withdrawn = progress.index_withdrawn + progress.waiting_withdrawn
    if not progress.index_name or not withdrawn:
        return False
    is_old = _is_long_ago(progress.index_made_at, FORGOTTEN_WITHIN_S, at)
    return progress.hashes <= SMALL or is_old


def _is_long_ago(moment: float, seconds: float, at: float) -> bool:
    # A clock that was set back must not make it wait for years.
    return not 0 <= at - moment < seconds


def _delete(path: Path) -> None:
    # Some systems do not let go of a file that is open; the next time then.
    shutil.rmtree(path, ignore_errors=True)


def _report(error: Exception) -> bool:
    log.warning("The index beside the list cannot be used (%s). It is made anew.", error)
    return False
