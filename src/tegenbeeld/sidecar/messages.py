"""
What is asked and answered in JSON. The OpenAPI document is made from these types.
"""

from typing import Annotated

import msgspec

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
Row = Annotated[int, msgspec.Meta(ge=0)]


class Question(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    Which of these hashes match?

    Attributes:
        hashes: Each is looked up as it is.
        max_distance: In bits, inclusive; 31 if left out.
    """

    hashes: Annotated[list[HashText], msgspec.Meta(max_length=MAX_HASHES)]
    max_distance: MaxDistance | None = None


class HashMatch(msgspec.Struct, frozen=True, kw_only=True):
    """
    An entry of the list that is near enough.

    Attributes:
        id: The entry; what feedback is given on.
        distance: Bits that differ, 0 to `max_distance`.
        provenance: Who put it on the list. `self`: no reviewer has seen the picture, so a person
            must look before anything happens.
    """

    id: EntryId
    distance: MaxDistance
    provenance: Provenance


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


class PictureMatch(msgspec.Struct, frozen=True, kw_only=True):
    """
    An entry of the list that a picture is near to.

    Attributes:
        id: The entry; what feedback is given on.
        distance: Bits that differ, 0 to `max_distance`.
        view: By which part of the picture it was found: "whole", "cut" without what stood around,
            "part" of several, or "turned" back a little.
        orientation: How that part had to be turned or mirrored.
        provenance: Who put it on the list. `self`: no reviewer has seen the picture.
    """

    id: EntryId
    distance: MaxDistance
    view: str
    orientation: str
    provenance: Provenance


class PictureAnswer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """
    What a picture matches.

    Attributes:
        matches: Nearest first, each entry once.
        quality: How much detail the hash rests on, 50 to 100.
        more: True if it matches more entries than are given.
    """

    matches: Annotated[list[PictureMatch], msgspec.Meta(max_length=MAX_MATCHES)]
    quality: Annotated[int, msgspec.Meta(ge=0, le=100)]
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
