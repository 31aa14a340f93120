"""
The requests that a person's browser makes: protect, read, withdraw, renew, label.

What this door keeps:
    1. Requests carry hashes, signal types, quality, a term in years, sealed notes, and tokens or
       their digests; nothing else is read, and a request with anything else is refused.
    2. An unknown token is answered as an unused one. All but protecting take the same number of
       tokens whatever the code holds, and the answers have one shape.
    3. Protecting a hash that is listed already is answered as protecting a new one.
"""

from base64 import b64decode, b64encode
from collections.abc import Callable
from datetime import date
from functools import wraps
from hashlib import sha256
from typing import Annotated, Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from tegenbeeld.casework.case import NOTE_BYTES, SLOTS
from tegenbeeld.casework.hash_value import hash_value
from tegenbeeld.casework.lifecycle import ProtectionState
from tegenbeeld.casework.news import Rhythm
from tegenbeeld.casework.platform_status import Matching, PlatformStatus
from tegenbeeld.casework.retention import LONGEST_TERM, Term
from tegenbeeld.errors import RequestRefused
from tegenbeeld.pdq import MIN_QUALITY
from tegenbeeld.server.actions import protections as actions
from tegenbeeld.server.calendar import today
from tegenbeeld.server.reads import protections as reads
from tegenbeeld.server.reads.protections import PlatformView, Slot, View
from tegenbeeld.wire import native

Digits64 = Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{64}\Z")]
NoteText = Annotated[str, msgspec.Meta(pattern=r"\A[A-Za-z0-9+/]{124}\Z")]
"""`NOTE_BYTES` in base64; no filling is needed at that length."""
Padding = Annotated[str, msgspec.Meta(pattern=r"\A0*\Z")]
"""Says nothing; it brings a request to one of a few lengths."""


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
    note: NoteText | None = None

    def __post_init__(self) -> None:
        """
        Refuse a picture without its quality, and a video with one.
        """
        if (self.quality is None) == (self.signal_type is native.SignalType.PDQ):
            raise ValueError("a picture comes with its quality, and nothing else does")


class Protect(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    Pictures and videos of one visit.
    """

    protections: Annotated[list[NewProtection], msgspec.Meta(min_length=1, max_length=SLOTS)]
    years: Term = LONGEST_TERM
    padding: Padding = ""


class Tokens(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    Always as many as a code has slots; dummies among them.
    """

    tokens: Annotated[list[Digits64], msgspec.Meta(min_length=SLOTS, max_length=SLOTS)]


class Renew(Tokens, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    The same, and how long from today.
    """

    years: Term


class Label(Tokens, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    The same, and a note for each token.
    """

    notes: Annotated[list[NoteText], msgspec.Meta(min_length=SLOTS, max_length=SLOTS)]


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
    requests = [_request(item) for item in message.protections]
    actions.protect(requests, years=message.years, on=today())
    return {"received": len(message.protections)}


@require_POST
@as_json
def read(request: HttpRequest) -> dict[str, object]:
    """
    What the tokens open, in the order of the request.
    """
    message = native.decode(request.body, Tokens)
    view = reads.slots(digests(message))
    slots = [_as_json(slot) for slot in view.slots]
    padding = "0" * (_longest(view) - len(native.encode(slots)))
    return {"platforms": view.platforms, "slots": slots, "padding": padding}


@require_POST
@as_json
def withdraw(request: HttpRequest) -> dict[str, object]:
    """
    End the protections that the tokens open. The answer is the same whatever they opened.
    """
    message = native.decode(request.body, Tokens)
    actions.withdraw(digests(message), on=today())
    return {}


@require_POST
@as_json
def renew(request: HttpRequest) -> dict[str, object]:
    """
    Let what the tokens open last longer. The answer is the same whatever they opened.
    """
    message = native.decode(request.body, Renew)
    actions.renew(digests(message), years=message.years, on=today())
    return {}


@require_POST
@as_json
def label(request: HttpRequest) -> dict[str, object]:
    """
    Replace the notes of what the tokens open. The answer is the same whatever they opened.
    """
    message = native.decode(request.body, Label)
    notes = [b64decode(note) for note in message.notes]
    actions.label(dict(zip(digests(message), notes, strict=True)))
    return {}


def _as_json(slot: Slot) -> dict[str, Any]:
    # One list for each field, so that the names of the fields come once and not once a platform.
    note = None if slot.note is None else b64encode(slot.note).decode()
    platforms = {
        field: [platform[place] for platform in slot.platforms]
        for place, field in enumerate(PlatformView._fields)
    }
    return slot._asdict() | {"note": note, "platforms": platforms}


def _longest(view: View) -> int:
    # The length of as many slots in which every value is as long as it can be. The answer is
    # filled up to it, so that its length tells nothing but which platforms take part.
    day = date.max
    platform = PlatformView(
        max(PlatformStatus, key=len),
        max(Matching, key=len),
        day,
        max(native.FeedbackValue, key=len),
        day,
        day,
        day,
    )
    fullest = Slot(
        max(ProtectionState, key=len),
        max(native.SignalType, key=len),
        day,
        day,
        day,
        bytes(NOTE_BYTES),
        max(Rhythm, key=len),
        [platform] * len(view.platforms),
    )
    one = len(native.encode(_as_json(fullest)))
    return one * len(view.slots) + len(view.slots) - 1 + len("[]")


def _request(item: NewProtection) -> actions.Request:
    return actions.Request(
        token_digest=bytes.fromhex(item.token_digest),
        hash_value=hash_value(item.signal_type, item.hash, item.frames),
        quality=item.quality,
        note=None if item.note is None else b64decode(item.note),
    )


def digests(message: Tokens) -> list[bytes]:
    """
    What the node stores of the tokens, 32 bytes each, in their order.
    """
    return [sha256(bytes.fromhex(token)).digest() for token in message.tokens]
