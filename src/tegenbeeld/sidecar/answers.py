"""
From what is asked to what is answered, as JSON.
"""

from http import HTTPStatus
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from tegenbeeld import pdq
from tegenbeeld.errors import RequestRefused
from tegenbeeld.kit import Match, Matcher
from tegenbeeld.kit.matches import Place
from tegenbeeld.kit.pictures import PictureHasher
from tegenbeeld.kit.videos.hasher import VideoHasher
from tegenbeeld.pdq.index import Matches
from tegenbeeld.pdq.values import MAX_ONES, MIN_ONES
from tegenbeeld.sidecar.gathering import Gatherer
from tegenbeeld.sidecar.limits import MAX_MATCHES
from tegenbeeld.sidecar.messages import (
    FileMatch,
    HashAnswer,
    HashMatch,
    PictureAnswer,
    VideoAnswer,
)

MAX_MATCHES_ALTOGETHER = 100_000
"""Most matches in one answer; inclusive. About 10 MB."""

encode = msgspec.json.Encoder().encode


class Answer(NamedTuple):
    """
    The body of an answer, and what to count.

    Attributes:
        body: JSON.
        queries: Hashes, pictures or videos that were asked.
        matched: How many of them matched something.
    """

    body: bytes
    queries: int
    matched: int


def answer_hashes(
    matcher: Matcher, words: pdq.Words, *, max_distance: int, gatherer: Gatherer
) -> Answer:
    """
    Say which entries each hash matches.

    Args:
        matcher: The list.
        words: uint64[n, 4].
        max_distance: In bits, inclusive.
        gatherer: Looks it up together with what others ask.

    Raises:
        RequestRefused: 422, there are too many matches for one answer.
    """
    count = len(words)
    refused = _degenerate(words)
    found = gatherer.search(
        # One more than is given shows that there are more.
        lambda words, bound: matcher.match_words(words, max_distance=bound, most=MAX_MATCHES + 1),
        words,
        max_distance=max_distance,
    )
    if refused:
        found = _kept(found, ~np.isin(found.query, refused))
    if not len(found.key):
        if refused:
            return Answer(encode(HashAnswer(matches=[[]] * count, refused=refused)), count, 0)
        # What nearly every question gets.
        return Answer(_empty(count), count, 0)
    found, more = _nearest(found)
    if len(found.key) > MAX_MATCHES_ALTOGETHER:
        raise RequestRefused(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "too_many_matches",
            f"These hashes match more than {MAX_MATCHES_ALTOGETHER} entries. Nothing was "
            "answered; ask with fewer hashes, or a lower max_distance.",
        )
    places = matcher.look_up(set(found.key.tolist()))
    matches: list[list[HashMatch]] = [[] for _ in range(count)]
    for query, key, distance in zip(*(column.tolist() for column in found), strict=True):
        place = places.get(key)
        if place is not None:
            matches[query].append(_hash_match(place, distance))
    matched = sum(1 for some in matches if some)
    return Answer(encode(HashAnswer(matches=matches, refused=refused, more=more)), count, matched)


def answer_picture(
    matcher: Matcher, hasher: PictureHasher, picture: Path | bytes, *, max_distance: int
) -> Answer:
    """
    Say which entries a picture matches, whole or in part, turned or mirrored.

    Raises:
        MediaError: It cannot be read or, as `PictureTooPoor`, not be hashed.
        SandboxError: It was not looked at, for another reason than the picture.
    """
    hashed = hasher.hash_copies(picture)
    matches = matcher.match_views(hashed.hashes, max_distance=max_distance, most=MAX_MATCHES + 1)
    body = PictureAnswer(
        matches=[_file_match(match) for match in matches[:MAX_MATCHES]],
        quality=hashed.quality,
        more=len(matches) > MAX_MATCHES,
    )
    return Answer(encode(body), 1, 1 if matches else 0)


def answer_video(
    matcher: Matcher, hasher: VideoHasher, video: Path | bytes, *, max_distance: int
) -> Answer:
    """
    Say which entries a video matches: those it is a copy of, and photos that it shows.

    Raises:
        MediaError: It cannot be read, and its file is not on the list.
        SandboxError: It was not looked at, for another reason than the video.
    """
    found = matcher.look_at_video(video, max_distance=max_distance, hasher=hasher)
    body = VideoAnswer(
        matches=[_file_match(match) for match in found.matches[:MAX_MATCHES]],
        ending="file" if found.ending is None else found.ending.value,
        more=len(found.matches) > MAX_MATCHES,
    )
    return Answer(encode(body), 1, 1 if found.matches else 0)


def _hash_match(place: Place, distance: int) -> HashMatch:
    entry = place.entry
    assert entry.provenance is not None, "only lists from files do without"
    return HashMatch(
        id=entry.id,
        found=place.found,
        distance=distance,
        provenance=entry.provenance,
        at_ms=place.at_ms,
    )


def _file_match(match: Match) -> FileMatch:
    assert match.provenance is not None, "only lists from files do without"
    return FileMatch(
        id=match.id,
        found=match.found,
        distance=match.distance,
        view=match.view,
        orientation=match.orientation,
        provenance=match.provenance,
        at_ms=match.at_ms,
        agreed=match.agreed,
        compared=match.compared,
    )


def _empty(count: int) -> bytes:
    return b'{"matches":[' + (b"[]," * count)[:-1] + b"]}"


def _degenerate(words: pdq.Words) -> list[int]:
    """
    Give the rows that `pdq.PdqHash.is_degenerate` is true for.
    """
    ones = np.bitwise_count(words).sum(axis=1, dtype=np.uint8)
    # 256 ones wrap around to none, which is degenerate too; and so does what is below 32.
    flat = ones - np.uint8(MIN_ONES) > MAX_ONES - MIN_ONES
    return np.flatnonzero(flat).tolist() if flat.any() else []


def _nearest(found: Matches) -> tuple[Matches, list[int]]:
    """
    Keep the nearest `MAX_MATCHES` of each query.

    Returns:
        Those, and the queries that have more.
    """
    if len(found.key) <= MAX_MATCHES:
        return found, []
    # Sorted by query, and then by distance.
    place = np.arange(len(found.query)) - np.searchsorted(found.query, found.query)
    kept = place < MAX_MATCHES
    return _kept(found, kept), np.unique(found.query[~kept]).tolist()


def _kept(found: Matches, rows: NDArray[np.bool_]) -> Matches:
    return Matches(found.query[rows], found.key[rows], found.distance[rows])
