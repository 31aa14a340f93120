"""
Does this upload match something on the list?

The search is exact: nothing within `max_distance` is missed. An upload is looked up as it is,
turned, mirrored, and without what may stand around the photo in it; docs/explanation/copies.md
says more. When a video is a copy of another says spec/video.md.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol

import numpy as np

from tegenbeeld import pdq
from tegenbeeld.errors import InvalidHash, MediaError, SandboxError
from tegenbeeld.kit.fixed_list import FixedList
from tegenbeeld.kit.hashing import WHOLE, ViewedHash
from tegenbeeld.kit.kinds import is_video
from tegenbeeld.kit.list_index import ListIndex
from tegenbeeld.kit.matches import AS_IT_IS, LookedAt, Match, Place, of_video, strongest
from tegenbeeld.kit.nearest import nearest_entries
from tegenbeeld.kit.pictures import PictureHasher, shared_hasher
from tegenbeeld.kit.store import Entry, Store, md5_from_hex
from tegenbeeld.kit.videos.hasher import VideoHasher, shared_video_hasher
from tegenbeeld.kit.videos.hashing import md5_of
from tegenbeeld.kit.videos.keys import NO_VIDEO, places
from tegenbeeld.kit.videos.listed import Listed
from tegenbeeld.kit.videos.matching import match_upload
from tegenbeeld.kit.videos.upload import Upload
from tegenbeeld.pdq.index import Matches


class Source(Listed, Protocol):
    """
    A list that can be searched.
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
        video_hasher: VideoHasher | None = None,
    ) -> None:
        """
        Read the list.

        Args:
            source: An open store, or the entries of a list that does not change.
            max_distance: In bits, inclusive; 0 to 31.
            follows: Look for changes of the store before each question. A program that calls
                `catch_up` itself, when it knows of a change, says no.
            hasher: Looks at pictures; None for that of the whole program.
            video_hasher: The same for videos.

        Raises:
            ValueError: *max_distance* is outside that range: further away lie other pictures.
        """
        if not 0 <= max_distance <= pdq.MAX_DISTANCE:
            raise ValueError(f"max_distance must be 0 to {pdq.MAX_DISTANCE}, inclusive.")
        self._max_distance = max_distance
        self._follows = follows
        self._hasher = hasher
        self._video_hasher = video_hasher
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

    def match_file(self, file: Path | bytes) -> list[Match]:
        """
        Find what a picture or a video matches, told by its first bytes.

        Raises:
            MediaError: It cannot be read, or not be hashed.
            SandboxUnavailable: This system cannot look at strangers' files safely.
        """
        return self.match_video(file) if is_video(file) else self.match_picture(file)

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
        found = self.match_words(
            pdq.pack(one.hash for one in hashes), max_distance=max_distance, most=most
        )
        best: dict[int, tuple[int, int]] = {}
        for row, key, distance in zip(*(column.tolist() for column in found), strict=True):
            # A tie stays with the hash that comes first.
            if key not in best or (distance, row) < best[key]:
                best[key] = (distance, row)
        return strongest(
            Match.of(
                place.entry,
                found=place.found,
                distance=best[key][0],
                view=hashes[best[key][1]].view,
                orientation=hashes[best[key][1]].orientation,
                at_ms=place.at_ms,
            )
            for key, place in self.look_up(best).items()
        )

    def match_video(self, video: Path | bytes) -> list[Match]:
        """
        Find what a video matches: videos that it is a copy of, and photos that it shows.

        Args:
            video: A file, or the bytes of one.

        Returns:
            As `match_upload`.

        Raises:
            MediaError: As for `look_at_video`.
            SandboxError: As there.
        """
        return self.look_at_video(video).matches

    def look_at_video(
        self,
        video: Path | bytes,
        *,
        max_distance: int | None = None,
        hasher: VideoHasher | None = None,
    ) -> LookedAt:
        """
        Find what a video matches, and say how much of it was looked at.

        Of one that cannot be looked into, only whether the file itself is on the list.

        Args:
            video: A file, or the bytes of one.
            max_distance: As for `match_upload`.
            hasher: Looks at it; None for that of this matcher.

        Raises:
            MediaError: The video cannot be read, and its file is not on the list.
            SandboxError: The same for a system that cannot look at strangers' videos now.
        """
        looking = hasher or self._video_hasher or shared_video_hasher()
        try:
            hashed = looking.hash_upload(video)
        except (MediaError, SandboxError):
            with suppress(OSError):
                if found := self.match_md5(md5_of(video)):
                    return LookedAt(found, None)
            raise
        found = self.match_upload(hashed.upload, hashed.md5, max_distance=max_distance)
        return LookedAt(found, hashed.ending)

    def match_upload(
        self, upload: Upload, md5: str | None = None, *, max_distance: int | None = None
    ) -> list[Match]:
        """
        Find what a video matches whose hashes are known.

        Args:
            upload: As `VideoHasher.hash_upload` gives it.
            md5: Of its file, 32 lower-case hexadecimal digits; None to leave that out.
            max_distance: For photos and single frames, in bits, inclusive; None for that of this
                matcher. When a video is a copy of another is laid down in spec/video.md §7.

        Returns:
            Copies first, then the nearest; each entry once, by the strongest of what was found.
        """
        bound = self._max_distance if max_distance is None else max_distance
        files = [] if md5 is None else self.match_md5(md5)
        known = self._current()
        found = match_upload(known, upload)
        entries = known.look_up(
            {
                *(video.video for video in found.videos),
                *(frame.video for frame in found.frames),
                *(photo.key for photo in found.photos),
            }
        )
        return strongest([*files, *of_video(found, entries, max_distance=bound)])

    def match_hash(self, hash_: pdq.PdqHash) -> list[Match]:
        """
        Find what a PDQ hash matches, photos and frames. Only as it is: it cannot be turned.

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
        return self.match_views([ViewedHash(WHOLE, AS_IT_IS, hash_)])

    def match_words(
        self, words: pdq.Words, *, max_distance: int | None = None, most: int | None = None
    ) -> Matches:
        """
        Look many hashes up at once, as an array: for a program in a hurry.

        Args:
            words: uint64[n, 4], as `pdq.pack` makes them. Degenerate ones are not refused here.
            max_distance: In bits, inclusive, 0 to 31; None for that of this matcher.
            most: For each only the nearest so many entries; None for all.

        Returns:
            Keys, for `look_up`. For each hash, every entry once.
        """
        known = self._current()
        bound = self._max_distance if max_distance is None else max_distance
        return nearest_entries(
            lambda some, room: known.search(some, max_distance=bound, most=room), words, most=most
        )

    def look_up(self, keys: Iterable[int]) -> dict[int, Place]:
        """
        Say what keys stand for. What was withdrawn in the meantime is left out.
        """
        wanted = list(keys)
        video, frame = (part.tolist() for part in places(np.array(wanted, np.uint64)))
        known = self._list
        entries = known.look_up(
            {key if of == NO_VIDEO else of for key, of in zip(wanted, video, strict=True)}
        )
        found: dict[int, Place] = {}
        for key, of, place in zip(wanted, video, frame, strict=True):
            if of == NO_VIDEO and key in entries:
                found[key] = Place(entries[key], "picture", None)
            elif of in entries and (signal := known.signal(of)) is not None:
                found[key] = Place(entries[of], "frame", int(signal.at_ms[place]))
        return found

    def match_md5(self, md5: str) -> list[Match]:
        """
        Find the videos whose file has this MD5.

        Args:
            md5: 32 lower-case hexadecimal digits.

        Raises:
            InvalidHash: *md5* is anything else.
        """
        found = self._current().videos(md5_from_hex(md5))
        return strongest(Match.of(entry, found="file", distance=0) for entry in found)

    def _current(self) -> Source:
        if self._follows:
            self._list.catch_up()
        return self._list
