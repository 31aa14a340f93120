"""
What a change of the node's log does to the list.

Works inside the transaction of whoever calls: that all changes of a page are kept, or none, is
that one's affair.
"""

import sqlite3
from collections.abc import Sequence
from typing import Self

from tegenbeeld.errors import WireError
from tegenbeeld.kit.store.schema import FRAME_LETTERS
from tegenbeeld.kit.store.values import HASH_BYTES, Applied
from tegenbeeld.wire.native import Change, ChangeKind, SignalType


class Changes:
    """
    Applies changes to the list, one after the other, and counts what they did.

    Attributes:
        cursor: The last change that was applied.
        hashes_added: Hashes of pictures and of frames that came onto the list.
        hashes_gone: Those that left it.
    """

    def __init__(self, database: sqlite3.Connection, cursor: int) -> None:
        self.cursor = cursor
        self._database = database
        self._added = self._withdrawn = self._refused = 0
        self.hashes_added = self.hashes_gone = 0

    def apply(self, changes: Sequence[Change]) -> Self:
        """
        Apply what comes after the cursor; what was applied before is passed over.

        Raises:
            WireError: A change is missing, or a hash does not fit its type.
        """
        for change in changes:
            if change.seq <= self.cursor:
                continue
            if change.seq != self.cursor + 1:
                raise WireError(
                    f"The page begins at change {change.seq}, but this list has been read "
                    f"up to {self.cursor}. Nothing of it was used; sync again."
                )
            self.cursor = change.seq
            if change.kind in (ChangeKind.ADD, ChangeKind.RESTORE):
                self._list(change)
            else:
                self._withdrawn += self._drop(change)
        return self

    def counted(self) -> Applied:
        """
        Say what the changes did to the list.
        """
        return Applied(self._added, self._withdrawn, self._refused)

    def _list(self, change: Change) -> None:
        """
        Put an entry on the list. One that is there already gets what the change says of it.
        """
        if change.hash is None:
            # No longer listed: its withdrawal follows in the log, or the entry is already erased.
            return
        hash_ = bytes.fromhex(change.hash)
        if len(hash_) != HASH_BYTES[change.signal_type] or (change.frames is None) == (
            change.signal_type is SignalType.VPDQ
        ):
            raise WireError(
                f"Change {change.seq} has a hash or frames that do not fit its type "
                f"{change.signal_type}. Nothing of the page was used; tell who runs the node."
            )
        if not _is_usable(change, hash_):
            # Whatever was listed under this id before is no longer what the node lists.
            self._withdrawn += self._drop(change)
            self._refused += 1
            return
        id_ = bytes.fromhex(change.id)
        row = (change.signal_type, hash_, change.provenance, change.frames)
        known = self._database.execute(
            "SELECT key, signal_type, hash, provenance, frames FROM entries WHERE id = ?", (id_,)
        ).fetchone()
        if known is not None:
            if tuple(known[1:]) == row:
                return
            self._delete(key=known[0], seq=change.seq)
        self._database.execute(
            "INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?)", (change.seq, id_, *row)
        )
        self._added += known is None
        self.hashes_added += _hashes(change.signal_type, change.frames)

    def _drop(self, change: Change) -> int:
        """
        Take an entry off the list, and its hash out of the file.

        Returns:
            1 if it was there, else 0.
        """
        known = self._database.execute(
            "SELECT key FROM entries WHERE id = ?", (bytes.fromhex(change.id),)
        ).fetchone()
        if known is None:
            return 0
        self._delete(key=known[0], seq=change.seq)
        return 1

    def _delete(self, *, key: int, seq: int) -> None:
        """
        Delete an entry, and note for the index that the change *seq* did so.
        """
        signal_type, frames = self._database.execute(
            "SELECT signal_type, frames FROM entries WHERE key = ?", (key,)
        ).fetchone()
        self._database.execute("DELETE FROM entries WHERE key = ?", (key,))
        count = _hashes(signal_type, frames)
        self.hashes_gone += count
        self._database.execute(
            "INSERT INTO withdrawn VALUES (?, ?, ?)", (seq, key, 0 if frames is None else count)
        )


def _hashes(signal_type: str, frames: str | None) -> int:
    """
    Count the hashes that an entry has in the index.
    """
    if frames is not None:
        return len(frames) // FRAME_LETTERS
    return 1 if signal_type == SignalType.PDQ else 0


def _is_usable(change: Change, hash_: bytes) -> bool:
    """
    Tell whether an entry would match only what is alike.
    """
    # These bring numpy, which a program that only asks for the cursor need not wait for.
    if change.signal_type is SignalType.PDQ:
        from tegenbeeld.pdq import PdqHash

        return not PdqHash(hash_).is_degenerate()
    if change.frames is not None:
        from tegenbeeld.wire.video import decode_frames

        try:
            decode_frames(change.frames)
        except WireError:
            return False
    return True
