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
from datetime import UTC, date, datetime
from functools import wraps
from hashlib import sha256
from typing import Annotated

import msgspec
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from tegenbeeld.casework.case import SLOTS
from tegenbeeld.casework.hash_value import hash_value
from tegenbeeld.errors import RequestRefused
from tegenbeeld.pdq import MIN_QUALITY
from tegenbeeld.server.actions import protections as actions
from tegenbeeld.server.reads import protections as reads
from tegenbeeld.wire import native

PADDED_BYTES = 32 * 1024
"""Answers are filled up to a multiple of this, so that their length does not tell how many
pictures a code protects."""

Digits64 = Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{64}\Z")]


class NewProtection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    One picture to protect. There is no room here for anything else about it.
    """

    token_digest: Digits64
    signal_type: native.SignalType
    hash: native.HashText
    quality: Annotated[int, msgspec.Meta(ge=MIN_QUALITY, le=100)]


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
    actions.protect([_request(item) for item in message.protections], on=_today())
    return {"received": len(message.protections)}


@require_POST
@as_json
def read(request: HttpRequest) -> dict[str, object]:
    """
    What the tokens open, in the order of the request.
    """
    slots = [slot._asdict() for slot in reads.slots(_digests(request))]
    for slot in slots:
        slot["platforms"] = [platform._asdict() for platform in slot["platforms"]]
    answer: dict[str, object] = {"slots": slots, "padding": ""}
    answer["padding"] = "0" * (-len(native.encode(answer)) % PADDED_BYTES)
    return answer


@require_POST
@as_json
def withdraw(request: HttpRequest) -> dict[str, object]:
    """
    End the protections that the tokens open. The answer is the same whatever they opened.
    """
    actions.withdraw(_digests(request), on=_today())
    return {}


def _request(item: NewProtection) -> actions.Request:
    return actions.Request(
        token_digest=bytes.fromhex(item.token_digest),
        hash_value=hash_value(item.signal_type, item.hash),
        quality=item.quality,
    )


def _digests(request: HttpRequest) -> list[bytes]:
    tokens = native.decode(request.body, Tokens).tokens
    return [sha256(bytes.fromhex(token)).digest() for token in tokens]


def _today() -> date:
    return datetime.now(UTC).date()
