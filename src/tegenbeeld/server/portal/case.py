"""
The three requests that a person's browser makes: protect, read, withdraw.

What this door keeps:
    1. Requests carry hashes, signal types, quality and tokens or their digests; nothing else is
       read, and a request with anything else is refused.
    2. An unknown token is answered as an unused one. Reading and withdrawing take the same
       number of tokens whatever the code holds, and the answers have one shape.
    3. Protecting a hash that is listed already is answered as protecting a new one.
"""

from collections.abc import Callable
from datetime import date
from functools import wraps
from hashlib import sha256
from typing import Annotated, Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from tegenbeeld.casework.case import SLOTS
from tegenbeeld.casework.hash_value import hash_value
from tegenbeeld.casework.lifecycle import ProtectionState
from tegenbeeld.errors import RequestRefused
from tegenbeeld.pdq import MIN_QUALITY
from tegenbeeld.server.actions import protections as actions
from tegenbeeld.server.calendar import today
from tegenbeeld.server.reads import protections as reads
from tegenbeeld.server.reads.protections import PlatformView, Slot
from tegenbeeld.wire import native

Digits64 = Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{64}\Z")]


class NewProtection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    One picture or video to protect. There is no room here for anything else about it.

    Of a video whose frames could not be read on her device there is the MD5 alone.
    """

    token_digest: Digits64
    signal_type: native.SignalType
    hash: native.HashText
    quality: Annotated[int, msgspec.Meta(ge=MIN_QUALITY, le=100)] | None = None
    frames: native.FramesText | None = None

    def __post_init__(self) -> None:
        """
        Refuse a picture without its quality, and a video with one.
        """
        if (self.quality is None) == (self.signal_type is native.SignalType.PDQ):
            raise ValueError("a picture comes with its quality, and nothing else does")


class Protect(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    The pictures of one visit.
    """

    protections: Annotated[list[NewProtection], msgspec.Meta(min_length=1, max_length=SLOTS)]


class Tokens(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    Always as many as a code has slots; dummies among them.
    """

    tokens: Annotated[list[Digits64], msgspec.Meta(min_length=SLOTS, max_length=SLOTS)]


def as_json(view: Callable[[HttpRequest], object]) -> Callable[[HttpRequest], HttpResponse]:
    """
    Take JSON only, and send what *view* returns as JSON.

    Another site's form cannot send this content type without being asked first, so no page
    elsewhere can make a visitor's browser protect or withdraw anything.

    Raises:
        RequestRefused: 415 for another content type.
    """

    @wraps(view)
    def checked(request: HttpRequest) -> HttpResponse:
        if request.content_type != "application/json":
            raise RequestRefused(415, "not_json", "Send application/json.")
        return HttpResponse(native.encode(view(request)), content_type="application/json")

    return checked


@require_POST
@as_json
def protect(request: HttpRequest) -> dict[str, int]:
    """
    Store hashes. The same request again is safe.
    """
    message = native.decode(request.body, Protect)
    actions.protect([_request(item) for item in message.protections], on=today())
    return {"received": len(message.protections)}


@require_POST
@as_json
def read(request: HttpRequest) -> dict[str, object]:
    """
    What the tokens open, in the order of the request.
    """
    slots = [_as_json(slot) for slot in reads.slots(_digests(request))]
    return {"slots": slots, "padding": "0" * (_longest(slots) - len(native.encode(slots)))}


@require_POST
@as_json
def withdraw(request: HttpRequest) -> dict[str, object]:
    """
    End the protections that the tokens open. The answer is the same whatever they opened.
    """
    actions.withdraw(_digests(request), on=today())
    return {}


def _as_json(slot: Slot) -> dict[str, Any]:
    return slot._asdict() | {"platforms": [platform._asdict() for platform in slot.platforms]}


def _longest(slots: list[dict[str, Any]]) -> int:
    # The length of as many slots in which every value is as long as it can be. The answer is
    # filled up to it, so that its length tells nothing but which platforms take part.
    day = date.max
    platforms = [
        PlatformView(
            platform["name"],
            day,
            max(native.FeedbackValue, key=len),
            day,
            day,
            day,
            concerned=False,
        )
        for platform in slots[0]["platforms"]
    ]
    fullest = Slot(max(ProtectionState, key=len), day, day, day, platforms)
    return len(native.encode([_as_json(fullest)] * len(slots)))


def _request(item: NewProtection) -> actions.Request:
    return actions.Request(
        token_digest=bytes.fromhex(item.token_digest),
        hash_value=hash_value(item.signal_type, item.hash, item.frames),
        quality=item.quality,
    )


def _digests(request: HttpRequest) -> list[bytes]:
    tokens = native.decode(request.body, Tokens).tokens
    return [sha256(bytes.fromhex(token)).digest() for token in tokens]
