"""
Does this upload match something on the list?

Every listed hash is looked at, so nothing within `max_distance` is missed. A picture is looked
up in its eight orientations: a copy that was turned or mirrored matches too.
"""

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tegenbeeld import pdq
from tegenbeeld.errors import InvalidHash
from tegenbeeld.kit.hashing import hash_all_orientations
from tegenbeeld.kit.store import HASH_BYTES, Entry, Store
from tegenbeeld.wire.native import Provenance, SignalType

AS_IT_IS = pdq.ORIENTATIONS[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """
    One entry of the list that is near enough.

    Attributes:
        id: The entry; what feedback is given on.
        distance: Bits that differ, 0 to `max_distance`; 0 for a video.
        orientation: How the upload had to be turned or mirrored, one of `pdq.ORIENTATIONS`.
        hash: The listed hash, lower-case hexadecimal. Sensitive: keep it out of logs.
        provenance: Who put it on the list; None for a list from a file. `SELF` means that no
            reviewer saw the picture: let a person look before anything happens to an account.
    """

    id: str
    distance: int
    orientation: str
    hash: str
    provenance: Provenance | None


@dataclass(frozen=True, slots=True)
class _List:
    """
    The list, ready to be searched. Never changed, so threads may share it.

    Attributes:
        cursor: Where the store stood when it was read.
        pictures: PDQ entries; row i of *words* is the hash of entry i.
        words: uint64[n, 4], word 0 most significant.
        videos: MD5 entries by their 16 bytes.
    """

    cursor: int
    pictures: list[Entry]
    words: pdq.Words
    videos: dict[bytes, list[Entry]]


class Matcher:
    """
    Answers questions about uploads. May be shared between threads.

    With a store it follows the store: what a sync has applied, here or in another process, is
    used from the next question on.
    """

    def __init__(
        self, source: Store | Iterable[Entry], *, max_distance: int = pdq.MAX_DISTANCE
    ) -> None:
        """
        Read the list.

        Args:
            source: An open store, or the entries of a list that does not change.
            max_distance: In bits, inclusive; 0 to 31.

        Raises:
            ValueError: *max_distance* is outside that range: further away lie other pictures.
        """
        if not 0 <= max_distance <= pdq.MAX_DISTANCE:
            raise ValueError(f"max_distance must be 0 to {pdq.MAX_DISTANCE}, inclusive.")
        self._max_distance = max_distance
        self._store = source if isinstance(source, Store) else None
        self._lock = threading.Lock()
        self._list = _read(source) if isinstance(source, Store) else _prepared(0, source)

    def match_picture(self, picture: Path | bytes) -> list[Match]:
        """
        Find what a picture matches.

        Args:
            picture: A file, or the bytes of one.

        Returns:
            Nearest first, each entry once, in its best orientation.

        Raises:
            MediaError: The picture cannot be read or, as `PictureTooPoor`, not be hashed.
        """
        hashes = hash_all_orientations(picture).hashes
        return self._nearest(list(zip(pdq.ORIENTATIONS, hashes, strict=True)))

    def match_hash(self, hash_: pdq.PdqHash) -> list[Match]:
        """
        Find what a PDQ hash matches. Only as it is: a hash alone cannot be turned.

        Returns:
            Nearest first.

        Raises:
            InvalidHash: The hash is of a picture without detail and would match unlike ones.
        """
        if hash_.is_degenerate():
            raise InvalidHash(
                "This is the hash of a picture that is almost one flat colour. It would match "
                "pictures that are not alike, so it is not looked up."
            )
        return self._nearest([(AS_IT_IS, hash_)])

    def match_md5(self, md5: str) -> list[Match]:
        """
        Find the videos whose file has this MD5.

        Args:
            md5: 32 lower-case hexadecimal digits.

        Raises:
            InvalidHash: *md5* is anything else.
        """
        try:
            value = bytes.fromhex(md5)
        except ValueError:
            value = b""
        if value.hex() != md5 or len(value) != HASH_BYTES[SignalType.VIDEO_MD5]:
            raise InvalidHash("This is not an MD5. One has 32 digits: 0 to 9 and a to f.")
        found = self._current().videos.get(value, [])
        return [_match(entry, distance=0, orientation=AS_IT_IS) for entry in found]

    def _nearest(self, queries: list[tuple[str, pdq.PdqHash]]) -> list[Match]:
        known = self._current()
        words = pdq.pack(hash_ for _, hash_ in queries)
        best: dict[int, tuple[int, str]] = {}
        for (orientation, _), query in zip(queries, words, strict=True):
            rows, distances = pdq.scan(query, known.words, max_distance=self._max_distance)
            for row, distance in zip(rows.tolist(), distances.tolist(), strict=True):
                # A tie stays with the orientation that comes first.
                if row not in best or distance < best[row][0]:
                    best[row] = (distance, orientation)
        matches = [
            _match(known.pictures[row], distance=distance, orientation=orientation)
            for row, (distance, orientation) in best.items()
        ]
        return sorted(matches, key=lambda match: (match.distance, match.id))

    def _current(self) -> _List:
        """
        The list as the store has it now. Reading the cursor is how a change is noticed.
        """
        if self._store is None:
            return self._list
        with self._lock:
            if self._store.cursor != self._list.cursor:
                self._list = _read(self._store)
            return self._list


def _read(store: Store) -> _List:
    snapshot = store.read()
    return _prepared(snapshot.cursor, snapshot.entries)


def _prepared(cursor: int, entries: Iterable[Entry]) -> _List:
    pictures: list[Entry] = []
    videos: dict[bytes, list[Entry]] = {}
    for entry in entries:
        if entry.signal_type is SignalType.PDQ:
            pictures.append(entry)
        else:
            videos.setdefault(entry.hash, []).append(entry)
    words = pdq.pack(pdq.PdqHash(entry.hash) for entry in pictures)
    return _List(cursor, pictures, words, videos)


def _match(entry: Entry, *, distance: int, orientation: str) -> Match:
    return Match(
        id=entry.id,
        distance=distance,
        orientation=orientation,
        hash=entry.hash.hex(),
        provenance=entry.provenance,
    )
