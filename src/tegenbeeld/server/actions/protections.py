"""
What a person does to her protections: make, withdraw, renew and label them.
"""

import random
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from django.db import transaction

from tegenbeeld.casework.hash_value import HashValue
from tegenbeeld.casework.lifecycle import LIVE, ProtectionState
from tegenbeeld.casework.retention import ends_on
from tegenbeeld.errors import TokenTaken
from tegenbeeld.server.actions import entries
from tegenbeeld.server.records.models import Protection, Subscription
from tegenbeeld.server.records.sealing import digest
from tegenbeeld.wire.native import Provenance


class Request(NamedTuple):
    """
    One hash to protect.

    Attributes:
        token_digest: 32 bytes, SHA-256 of the token that will open this protection.
        hash_value: What to put on the list.
        quality: PDQ quality of a picture, 0 to 100; None for a video.
        note: What only she can read, `NOTE_BYTES` long; None where her browser made none.
    """

    token_digest: bytes
    hash_value: HashValue
    quality: int | None
    note: bytes | None = None


@transaction.atomic
def protect(requests: Sequence[Request], *, years: int, on: date) -> None:
    """
    Store protections; partners are told at the next publication.

    All of them are stored or none. The same request again changes nothing, so that a browser
    whose connection broke can safely ask once more; the note and the term of the first stay.

    Args:
        requests: Written in an order drawn at random.
        years: The term, one of `TERMS`.
        on: Today.

    Raises:
        TokenTaken: A token digest already stands for another hash, or for one that has ended.
    """
    for request in random.SystemRandom().sample(requests, len(requests)):
        known = (
            Protection.objects.filter(token_digest=request.token_digest)
            .select_related("entry")
            .first()
        )
        if known is None:
            _store(request, years=years, on=on)
        elif not _is_repeated(known, request):
            raise TokenTaken(
                "This code already protects another picture in this place. "
                "Please start again with a new code."
            )


@transaction.atomic
def withdraw(token_digests: Iterable[bytes], *, on: date) -> None:
    """
    End the protections that these tokens open; partners are told at the next publication.

    A digest that stands for nothing, or for something that has ended, changes nothing.
    """
    end(
        Protection.objects.filter(token_digest__in=list(token_digests)),
        state=ProtectionState.WITHDRAWN,
        on=on,
    )


@transaction.atomic
def renew(token_digests: Iterable[bytes], *, years: int, on: date) -> None:
    """
    Let the protections that these tokens open last *years* from today; none ends sooner for it.

    A digest that stands for nothing, or for something that has ended, changes nothing.
    """
    until = ends_on(on, years=years)
    known = Protection.objects.filter(token_digest__in=list(token_digests), ends_on__lt=until)
    sooner = list(known.filter(state__in=sorted(LIVE)).values_list("id", flat=True))
    Protection.objects.filter(id__in=sooner).update(ends_on=until)
    Subscription.objects.filter(protection__in=sooner).update(is_end_announced=False)


@transaction.atomic
def label(notes: Mapping[bytes, bytes]) -> None:
    """
    Replace what only the person can read.

    Args:
        notes: By token digest, `NOTE_BYTES` each. A digest that stands for nothing changes nothing.
    """
    known = list(Protection.objects.filter(token_digest__in=list(notes)))
    for protection in known:
        protection.note = notes[bytes(protection.token_digest or b"")]
    Protection.objects.bulk_update(known, ["note"])


def end(protections: "entries.Protections", *, state: ProtectionState, on: date) -> int:
    """
    End those of *protections* that are live, and forget who is told of them by e-mail.

    The caller holds the transaction.

    Returns:
        How many were ended.
    """
    live = protections.filter(state__in=sorted(LIVE))
    Subscription.objects.filter(protection__in=live).delete()
    return live.update(state=state, ended_on=on)


def _is_repeated(known: Protection, request: Request) -> bool:
    # An ended protection is never compared: its entry may be gone or not, depending on whether
    # somebody else protects the same hash, and the answer must not depend on that.
    return known.state in LIVE and known.entry.value_digest == digest(request.hash_value)


def _store(request: Request, *, years: int, on: date) -> None:
    Protection.objects.create(
        token_digest=request.token_digest,
        entry=entries.find_or_create(request.hash_value, quality=request.quality),
        provenance=Provenance.SELF,
        state=ProtectionState.RECEIVED,
        created_on=on,
        ends_on=ends_on(on, years=years),
        note=request.note,
    )
