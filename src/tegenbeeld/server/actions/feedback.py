"""
What platforms say of uploads that matched.
"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.db import transaction

from tegenbeeld.casework.lifecycle import ProtectionState
from tegenbeeld.server.actions import news
from tegenbeeld.server.records.models import (
    AuditEvent,
    Finding,
    Partner,
    PartnerFeedback,
    Protection,
)
from tegenbeeld.wire.native import FeedbackValue


class Opinion(NamedTuple):
    """
    What a platform says of one entry.

    Attributes:
        entry: Row of the entry.
        value: In the words of the StopNCII-compatible door.
        finding: The same for the person, or None where it says nothing about an upload.
        tags: Free words of the platform.
    """

    entry: int
    value: str
    finding: FeedbackValue | None
    tags: Sequence[str] = ()


@transaction.atomic
def record(opinions: Sequence[Opinion], *, partner: int, on: date) -> None:
    """
    Keep what a platform said, and let those who protect the hashes see it.

    The latest word of a platform on an entry replaces its earlier one; the same again changes
    nothing.
    """
    for opinion in opinions:
        PartnerFeedback.objects.update_or_create(
            partner_id=partner,
            entry_id=opinion.entry,
            defaults={"value": opinion.value, "tags": sorted(opinion.tags), "given_on": on},
        )
        if opinion.finding is not None:
            _show(opinion.finding, entry=opinion.entry, partner=partner, on=on)
    if opinions:
        name = Partner.objects.values_list("name", flat=True).get(id=partner)
        subject = f"{len(opinions)} hashes"
        AuditEvent.objects.create(done_on=on, actor=name, act="feedback.give", subject=subject)


def _show(value: FeedbackValue, *, entry: int, partner: int, on: date) -> None:
    listed = Protection.objects.filter(entry=entry, state=ProtectionState.LISTED)
    stopped = {"stopped_on": on} if value is FeedbackValue.BLOCKED else {}
    seen = Finding.objects.filter(protection__in=listed, partner=partner).exclude(value=value)
    changed = list(seen.values_list("protection", flat=True))
    seen.update(value=value, found_on=on, **stopped)
    blind = list(listed.exclude(findings__partner=partner))
    Finding.objects.bulk_create(
        Finding(protection=protection, partner_id=partner, value=value, found_on=on, **stopped)
        for protection in blind
    )
    news.note([*changed, *(protection.id for protection in blind)])
