"""
What platforms send through the StopNCII-compatible door: hashes of their own, and answers.
"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.db import transaction

from tegenbeeld.casework.hash_value import HashValue
from tegenbeeld.casework.lifecycle import LIVE, ProtectionState
from tegenbeeld.casework.retention import LONGEST_TERM, ends_on
from tegenbeeld.server.actions import entries, feedback, protections
from tegenbeeld.server.actions.feedback import Opinion
from tegenbeeld.server.records.models import AuditEvent, Partner, Protection
from tegenbeeld.wire.native import FeedbackValue, Provenance


class Statement(NamedTuple):
    """
    What a platform says of a hash, before it is known which entry that is.

    Attributes:
        value: In the words of the door.
        finding: The same for the person, or None where it says nothing about an upload.
        tags: Free words of the platform.
    """

    value: str
    finding: FeedbackValue | None
    tags: Sequence[str] = ()


class Contribution(NamedTuple):
    """
    One hash that a platform puts on the list, with what it says of it, if anything.
    """

    hash_value: HashValue
    statement: Statement | None


@transaction.atomic
def contribute(contributions: Sequence[Contribution], *, partner: int, on: date) -> None:
    """
    Put a platform's hashes on the list, in its name, with what it says of them. All or none.

    Others are told at the next publication. What it has on the list already stays as it is.
    """
    opinions = []
    for hash_value, statement in contributions:
        row = _contribute(hash_value, partner=partner, on=on)
        if statement is not None:
            opinions.append(Opinion(row, *statement))
    _audit("hashes.contribute", len(contributions), partner=partner, on=on)
    feedback.record(opinions, partner=partner, on=on)


@transaction.atomic
def answer(
    opinions: Sequence[Opinion], *, taken_back: Sequence[int], partner: int, on: date
) -> None:
    """
    Keep what a platform says of entries, and end what it put on the list itself. All or none.

    Args:
        opinions: What it says.
        taken_back: Entries for which it takes back its own contribution; nobody else's ends.
        partner: Row of the platform.
        on: Today.
    """
    feedback.record(opinions, partner=partner, on=on)
    own = Protection.objects.filter(entry__in=taken_back, contributor=partner)
    ended = protections.end(own, state=ProtectionState.WITHDRAWN, on=on)
    if ended:
        _audit("hashes.take_back", ended, partner=partner, on=on)


def _contribute(hash_value: HashValue, *, partner: int, on: date) -> int:
    entry = entries.find_or_create(hash_value, quality=None)
    own = Protection.objects.filter(entry=entry, contributor=partner, state__in=sorted(LIVE))
    if not own.exists():
        Protection.objects.create(
            entry=entry,
            contributor_id=partner,
            provenance=Provenance.PARTNER,
            state=ProtectionState.RECEIVED,
            created_on=on,
            ends_on=ends_on(on, years=LONGEST_TERM),
        )
    row: int = entry.id
    return row


def _audit(act: str, count: int, *, partner: int, on: date) -> None:
    name = Partner.objects.values_list("name", flat=True).get(id=partner)
    AuditEvent.objects.create(done_on=on, actor=name, act=act, subject=f"{count} hashes")
