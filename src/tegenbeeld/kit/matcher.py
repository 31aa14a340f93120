"""
Does this upload match something on the list?

The search is exact: nothing within `max_distance` is missed. An upload is looked up as it is,
turned, mirrored, and without what may stand around the photo in it; docs/explanation/copies.md
says more.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tegenbeeld import pdq
from tegenbeeld.errors import InvalidHash
from tegenbeeld.kit.fixed_list import FixedList
from tegenbeeld.kit.hashing import WHOLE, ViewedHash
from tegenbeeld.kit.list_index import ListIndex
from tegenbeeld.kit.pictures import PictureHasher, shared_hasher
from tegenbeeld.kit.store import HASH_BYTES, Entry, Store
from tegenbeeld.pdq.index import Matches
from tegenbeeld.wire.native import Provenance, SignalType

AS_IT_IS = pdq.ORIENTATIONS[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """
    One entry of the list that is near enough.

    Attributes:
        id: The entry; what feedback is given on.
        distance: Bits that differ, 0 to `max_distance`; 0 for a video.
        view: By which part of the upload it was found, one of `media.views.VIEWS`: the "whole"; a
            "cut" without what stood around; a "part" of several; or "turned" back a little.
        orientation: How that part had to be turned or mirrored, one of `pdq.ORIENTATIONS`.
        hash: The listed hash, lower-case hexadecimal. Sensitive: keep it out of logs.
        provenance: Who put it on the list; None for a list from a file. `SELF` means that no
            reviewer saw the picture: let a person look before anything happens to an account.
    """

    id: str
    distance: int
    view: str
    orientation: str
    hash: str
    provenance: Provenance | None


class Source(Protocol):
    """
    A list that can be searched.
    """

    def search(self, words: pdq.Words, *, max_distance: int, most: int | None = None) -> Matches:
        """
        Find what is near each row of uint64[n, 4]; with *most*, only the nearest so many of each.
        """

    def look_up(self, keys: Iterable[int]) -> dict[int, Entry]:
        """
        The entries with these keys. One that was withdrawn in the meantime is left out.
        """

    def videos(self, md5: bytes) -> list[Entry]:
        """
        The listed videos with this MD5.
        """

    def catch_up(self) -> bool:
        """
        Take over what changed, and tell whether anything did.
        """


class Matcher:
    """
    Answers questions about uploads. May be shared between threads.

    With a store it follows the store: what a sync has applied, here or in another process, is
    used from the next question on.
    """

    def __init__(
        self,
        source: Store | Iterable[Entry],
        *,
        max_distance: int = pdq.MAX_DISTANCE,
        follows: bool = True,
        hasher: PictureHasher | None = None,
    ) -> None:
        """
        Read the list.

        Args:
            source: An open store, or the entries of a list that does not change.
            max_distance: In bits, inclusive; 0 to 31.
            follows: Look for changes of the store before each question. A program that calls
                `catch_up` itself, when it knows of a change, says no.
            hasher: Looks at pictures; None for that of the whole program.

        Raises:
            ValueError: *max_distance* is outside that range: further away lie other pictures.
        """
        if not 0 <= max_distance <= pdq.MAX_DISTANCE:
            raise ValueError(f"max_distance must be 0 to {pdq.MAX_DISTANCE}, inclusive.")
        self._max_distance = max_distance
        self._follows = follows
        self._hasher = hasher
        self._list: Source = ListIndex(source) if isinstance(source, Store) else FixedList(source)

    def catch_up(self) -> bool:
        """
        Use what the store holds now from the next question on.

        Returns:
            Whether anything had changed.
        """
        return self._list.catch_up()

    def verify(self) -> None:
        """
        Read all files of the index and do without them if one is damaged, which is logged.
        """
        if isinstance(self._list, ListIndex):
            self._list.verify()

    def match_picture(self, picture: Path | bytes) -> list[Match]:
        """
        Find what a picture matches.

        Args:
            picture: A file, or the bytes of one.

        Returns:
            Nearest first, each entry once, by its best view and orientation.

        Raises:
            MediaError: The picture cannot be read or, as `PictureTooPoor`, not be hashed.
            SandboxUnavailable: This system cannot look at strangers' pictures safely.
        """
        hasher = self._hasher or shared_hasher()
        return self.match_views(hasher.hash_copies(picture).hashes)

    def match_views(
        self,
        hashes: Sequence[ViewedHash],
        *,
        max_distance: int | None = None,
        most: int | None = None,
    ) -> list[Match]:
        """
        Find what a picture matches whose hashes are known, all in one search.

        Args:
            hashes: As `PictureHasher.hash_copies` gives them.
            max_distance: In bits, inclusive, 0 to 31; None for that of this matcher.
            most: For each hash only the nearest so many; None for all.

        Returns:
            Nearest first, each entry once, by its best view and orientation.
        """
        known = self._current()
        bound = self._max_distance if max_distance is None else max_distance
        found = known.search(pdq.pack(one.hash for one in hashes), max_distance=bound, most=most)
        best: dict[int, tuple[int, int]] = {}
        for row, key, distance in zip(*(column.tolist() for column in found), strict=True):
            # A tie stays with the hash that comes first.
            if key not in best or (distance, row) < best[key]:
                best[key] = (distance, row)
        return _described(known, best, hashes)

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
        known = self._current()
        found = known.search(pdq.pack([hash_]), max_distance=self._max_distance)
        pairs = zip(found.key.tolist(), found.distance.tolist(), strict=True)
        best = {key: (distance, 0) for key, distance in pairs}
        return _described(known, best, [ViewedHash(WHOLE, AS_IT_IS, hash_)])

    def match_words(
        self, words: pdq.Words, *, max_distance: int, most: int | None = None
    ) -> Matches:
        """
        Look many hashes up at once, as an array: for a program in a hurry.

        Args:
            words: uint64[n, 4], as `pdq.pack` makes them. Degenerate ones are not refused here.
            max_distance: In bits, inclusive; 0 to 31.
            most: Of each only the nearest so many; None for all.

        Returns:
            Keys, for `look_up`.
        """
        return self._current().search(words, max_distance=max_distance, most=most)

    def look_up(self, keys: Iterable[int]) -> dict[int, Entry]:
        """
        The entries with these keys. One that was withdrawn in the meantime is left out.
        """
        return self._list.look_up(keys)

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
        found = self._current().videos(value)
        return [_match(entry, distance=0, view=WHOLE, orientation=AS_IT_IS) for entry in found]

    def _current(self) -> Source:
        if self._follows:
            self._list.catch_up()
        return self._list


def _described(
    known: Source, best: dict[int, tuple[int, int]], hashes: Sequence[ViewedHash]
) -> list[Match]:
    """
    Make matches of (distance, place in *hashes*) by key.
    """
    matches = []
    for key, entry in known.look_up(best).items():
        distance, row = best[key]
        by = hashes[row]
        matches.append(_match(entry, distance=distance, view=by.view, orientation=by.orientation))
    return sorted(matches, key=lambda match: (match.distance, match.id))


def _match(entry: Entry, *, distance: int, view: str, orientation: str) -> Match:
    return Match(
        id=entry.id,
        distance=distance,
        view=view,
        orientation=orientation,
        hash=entry.hash.hex(),
        provenance=entry.provenance,
    )
