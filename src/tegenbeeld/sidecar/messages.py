"""
What is asked and answered in JSON. The OpenAPI document is made from these types.
"""

from typing import Annotated

import msgspec

from tegenbeeld.kit.matches import Found
from tegenbeeld.kit.videos.rule import LOOSE_DISTANCE
from tegenbeeld.sidecar.limits import MAX_HASHES, MAX_MATCHES
from tegenbeeld.wire.native import EntryId, Provenance

# The alphabet is checked for all hashes at once: a pattern for each would take ten times as long.
HashText = Annotated[
    str,
    msgspec.Meta(
        min_length=64,
        max_length=64,
        description="A PDQ hash: 64 lower-case hexadecimal digits.",
        extra_json_schema={"pattern": "^[0-9a-f]{64}$"},
    ),
]
MaxDistance = Annotated[int, msgspec.Meta(ge=0, le=31)]
Distance = Annotated[int, msgspec.Meta(ge=0, le=LOOSE_DISTANCE)]
Row = Annotated[int, msgspec.Meta(ge=0)]
Count = Annotated[int, msgspec.Meta(ge=0)]


class Question(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    Which of these hashes match?

    Attributes:
        hashes: Each is looked up as it is.
        max_distance: In bits, inclusive; 31 if left out.
    """

    hashes: Annotated[list[HashText], msgspec.Meta(max_length=MAX_HASHES)]
    max_distance: MaxDistance | None = None


class HashMatch(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """
    An entry of the list that is near enough.

    Attributes:
        id: The entry; what feedback is given on.
        found: "picture": it is this photo. "frame": it is a picture out of this video.
        distance: Bits that differ, 0 to `max_distance`.
        provenance: Who put it on the list. `self`: no reviewer has seen the picture, so a person
            must look before anything happens.
        at_ms: For a frame, when the video shows it, in milliseconds after its start.
    """

    id: EntryId
    found: Found
    distance: MaxDistance
    provenance: Provenance
    at_ms: Count | None = None


class HashAnswer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """
    What hashes match.

    Attributes:
        matches: One list for each hash, in the order of the question; nearest first.
        refused: Places of hashes that were not looked up, because they are of pictures that are
            almost one flat colour and would match unlike ones. Left out where there are none.
        more: Places of hashes that match more entries than are given. Left out where there are
            none.
    """

    matches: list[Annotated[list[HashMatch], msgspec.Meta(max_length=MAX_MATCHES)]]
    refused: list[Row] = []
    more: list[Row] = []


class FileMatch(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """
    An entry of the list that a picture or video matches.

    Attributes:
        id: The entry; what feedback is given on.
        found: "picture": it is a copy of this photo. "frame": it is a picture out of this video.
            "file": it is the very file of this video. "video": it is a copy of this video.
            "shown": it is a video that shows this photo.
        distance: Bits that differ, 0 to `max_distance`; of a copy of a video, the median of the
            frames that agree.
        view: By which part of the file it was found: "whole", "cut" without what stood around,
            "part" of several, or "turned" back a little.
        orientation: How that part had to be turned or mirrored.
        provenance: Who put it on the list. `self`: no reviewer has seen the picture.
        at_ms: For "frame", when the listed video shows it; for "shown", when the file does. In
            milliseconds after the start.
        agreed: For "video", how many frames of the listed video the file shows.
        compared: For "video", of how many.
    """

    id: EntryId
    found: Found
    distance: Distance
    view: str
    orientation: str
    provenance: Provenance
    at_ms: Count | None = None
    agreed: Count | None = None
    compared: Count | None = None


class PictureAnswer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """
    What a picture matches.

    Attributes:
        matches: Nearest first, each entry once.
        quality: How much detail the hash rests on, 50 to 100.
        more: True if it matches more entries than are given.
    """

    matches: Annotated[list[FileMatch], msgspec.Meta(max_length=MAX_MATCHES)]
    quality: Annotated[int, msgspec.Meta(ge=0, le=100)]
    more: bool = False


class VideoAnswer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """
    What a video matches.

    Attributes:
        matches: Copies first, then the nearest; each entry once.
        ending: Whether all of it was looked at: "complete"; "damaged" if part cannot be read;
            "too_long" or "out_of_time" if only the beginning was looked at; or "file" if it could
            not be looked into and its file alone was compared.
        more: True if it matches more entries than are given.
    """

    matches: Annotated[list[FileMatch], msgspec.Meta(max_length=MAX_MATCHES)]
    ending: str
    more: bool = False


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """
    Why a request was not carried out, for programs and for people.
    """

    code: str
    message: str


class ErrorBody(msgspec.Struct, frozen=True, kw_only=True):
    """
    The body of every answer from 400 up, but for `/readyz`.
    """

    error: Refusal
