"""
What a matcher answers: entries of the list, and how each was found.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple, Self

from tegenbeeld import pdq
from tegenbeeld.kit.hashing import WHOLE
from tegenbeeld.kit.store import Entry
from tegenbeeld.kit.videos.matching import VideoFindings
from tegenbeeld.media.video import Ending
from tegenbeeld.media.views import VIEWS
from tegenbeeld.wire.native import Provenance

AS_IT_IS = pdq.ORIENTATIONS[0]
CUT = VIEWS[1]

Found = Literal["file", "video", "picture", "frame", "shown"]

_ORDER: tuple[Found, ...] = ("file", "video", "picture", "frame", "shown")
"""The strongest first."""

_COPIES: tuple[Found, ...] = ("file", "video")


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """
    One entry of the list that an upload matches.

    Attributes:
        id: The entry; what feedback is given on.
        found: What the upload has to do with it.

            "picture": The upload is a copy of this photo.
            "file": It is the very file of this video.
            "video": It is a copy of this video (spec/video.md §7).
            "frame": It is a picture out of this video, or a video that shows only that.
            "shown": It is a video that shows this photo.

        distance: Bits that differ, 0 to `max_distance`. Of a video, the median of the frames that
            agree, 0 to 60; of a file 0.
        view: By which part of the upload it was found, one of `media.views.VIEWS`: the "whole"; a
            "cut" without what stood around; a "part" of several; or "turned" back a little.
        orientation: How that part had to be turned or mirrored, one of `pdq.ORIENTATIONS`.
        hash: The listed hash, lower-case hexadecimal; of a video the MD5 of its file. Sensitive:
            keep it out of logs.
        provenance: Who put it on the list; None for a list from a file. `SELF` means that no
            reviewer saw the picture: let a person look before anything happens to an account.
        at_ms: For "frame", when the listed video shows it; for "shown", when the upload does. In
            milliseconds after the start; None for everything else.
        agreed: For "video", how many listed frames the upload shows; None for everything else.
        compared: For "video", of how many.
    """

    id: str
    found: Found
    distance: int
    view: str
    orientation: str
    hash: str
    provenance: Provenance | None
    at_ms: int | None = None
    agreed: int | None = None
    compared: int | None = None

    @classmethod
    def of(  # noqa: PLR0913 - all but three are rarely given
        cls,
        entry: Entry,
        *,
        found: Found,
        distance: int,
        view: str = WHOLE,
        orientation: str = AS_IT_IS,
        at_ms: int | None = None,
        agreed: int | None = None,
        compared: int | None = None,
    ) -> Self:
        """
        Make one of an entry.
        """
        return cls(
            id=entry.id,
            found=found,
            distance=distance,
            view=view,
            orientation=orientation,
            hash=entry.hash.hex(),
            provenance=entry.provenance,
            at_ms=at_ms,
            agreed=agreed,
            compared=compared,
        )


class Place(NamedTuple):
    """
    What a key of the index stands for.

    Attributes:
        entry: A photo, or the video that the frame is of.
        found: "picture" or "frame".
        at_ms: When the video shows that frame; None for a photo.
    """

    entry: Entry
    found: Found
    at_ms: int | None


class LookedAt(NamedTuple):
    """
    What a video matches.

    Attributes:
        matches: Copies first, then the nearest.
        ending: Whether that is of all the video; None if only the file was compared.
    """

    matches: list[Match]
    ending: Ending | None


def of_video(
    findings: VideoFindings, entries: Mapping[int, Entry], *, max_distance: int
) -> Iterator[Match]:
    """
    Make matches of what was found for a video.

    Args:
        findings: What was found.
        entries: By key. What is missing was withdrawn in the meantime.
        max_distance: For photos and single frames, in bits, inclusive.
    """
    for video in findings.videos:
        if video.video in entries:
            yield Match.of(
                entries[video.video],
                found="video",
                distance=video.distance,
                view=_view(video.without_bars),
                orientation=video.orientation,
                agreed=video.agreed,
                compared=video.compared,
            )
    singles: list[tuple[Found, int, int, int, str, bool]] = [
        *(("frame", *frame) for frame in findings.frames),
        *(("shown", *photo) for photo in findings.photos),
    ]
    for found, key, at_ms, distance, orientation, without_bars in singles:
        if key in entries and distance <= max_distance:
            yield Match.of(
                entries[key],
                found=found,
                distance=distance,
                view=_view(without_bars),
                orientation=orientation,
                at_ms=at_ms,
            )


def strongest(matches: Iterable[Match]) -> list[Match]:
    """
    Keep each entry once, by the strongest of what was found; copies of videos first, then nearest.
    """
    best: dict[str, Match] = {}
    for match in sorted(matches, key=lambda match: (_ORDER.index(match.found), match.distance)):
        best.setdefault(match.id, match)
    return sorted(
        best.values(), key=lambda match: (match.found not in _COPIES, match.distance, match.id)
    )


def _view(without_bars: bool) -> str:  # noqa: FBT001 - the one thing it is about
    return CUT if without_bars else WHOLE
