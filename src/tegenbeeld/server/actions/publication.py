"""
Writing the log: what was asked for since the last time becomes changes that partners read.

Requests are not written to the log as they come in. They wait a few seconds and then go in
together, in an order drawn at random, so that neighbours in the log need not belong to one
person. How well that hides anybody depends on how many people were there in the meantime;
THREAT-MODEL.md says so.
"""

import random
from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.db import transaction
from django.db.models import Count

from tegenbeeld.casework.lifecycle import ProtectionState, change_for_ending, state_after
from tegenbeeld.casework.log_clock import next_stamp
from tegenbeeld.server.records.models import Change, Entry, LogHead, Protection
from tegenbeeld.wire.native import ChangeKind

BATCH = 500
"""Most changes in one transaction: keeps the database free for people in between."""


class Move(NamedTuple):
    """
    One protection and what its move means for partners.
    """

    protection: Protection
    kind: ChangeKind


@transaction.atomic
def publish(*, on: date) -> int:
    """
    Append up to `BATCH` waiting moves to the log, endings first.

    Endings and listings, their changes and the new states are written together or not at all.

    Args:
        on: The day to write beside each change.

    Returns:
        How many changes were appended; 0 when nothing waits.
    """
    head, _ = LogHead.objects.select_for_update().get_or_create(id=1)
    endings = _shuffled(_waiting_to_end())
    listings = _shuffled(_waiting_to_be_listed()[: BATCH - len(endings)])
    _share_entries([*endings, *listings])
    moves = [*_endings(endings), *(Move(p, ChangeKind.ADD) for p in listings)]
    changes = write_down(moves, head=head, on=on)
    Entry.objects.bulk_update(
        {move.protection.entry for move in moves}, ["state", "stamp", "withdrawn_on"]
    )
    Protection.objects.bulk_update(
        [move.protection for move in moves], ["state", "listed_seq", "ended_seq"]
    )
    Change.objects.bulk_create(changes)
    head.save()
    return len(moves)


def write_down(moves: Iterable[Move], *, head: LogHead, on: date) -> list[Change]:
    """
    The changes that follow *head*, with head, protections and entries moved on to match.

    Nothing is saved: the caller does so in the transaction in which it holds *head*.
    """
    changes = []
    for protection, kind in moves:
        head.seq += 1
        head.stamp = next_stamp(head.stamp, on=on)
        _mark(protection, seq=head.seq)
        entry = protection.entry
        entry.state, entry.stamp = state_after(kind), head.stamp
        entry.withdrawn_on = on if kind is ChangeKind.WITHDRAW else None
        changes.append(
            Change(
                seq=head.seq,
                kind=kind,
                entry=entry,
                provenance=protection.provenance,
                stamp=head.stamp,
                made_on=on,
            )
        )
    return changes


def _waiting_to_end() -> list[Protection]:
    return list(
        Protection.objects.filter(
            ended_on__isnull=False, listed_seq__isnull=False, ended_seq__isnull=True
        )
        .select_related("entry")
        .order_by("id")[:BATCH]
    )


def _waiting_to_be_listed() -> list[Protection]:
    return list(
        Protection.objects.filter(state=ProtectionState.RECEIVED)
        .select_related("entry")
        .order_by("id")[:BATCH]
    )


def _endings(endings: list[Protection]) -> Iterable[Move]:
    remaining = Counter(
        dict(
            Protection.objects.filter(
                state=ProtectionState.LISTED, entry__in={p.entry_id for p in endings}
            )
            .values_list("entry")
            .annotate(Count("id"))
        )
    )
    for protection in endings:
        is_still_protected = remaining[protection.entry_id] > 0
        yield Move(protection, change_for_ending(is_still_protected=is_still_protected))


def _mark(protection: Protection, *, seq: int) -> None:
    if protection.ended_on is None:
        protection.state = ProtectionState.LISTED
        protection.listed_seq = seq
    else:
        protection.ended_seq = seq


def _shuffled(protections: list[Protection]) -> list[Protection]:
    return random.SystemRandom().sample(protections, len(protections))


def _share_entries(protections: Iterable[Protection]) -> None:
    # Two moves of one entry must change one object, or the later save undoes the earlier.
    entries: dict[int, Entry] = {}
    for protection in protections:
        protection.entry = entries.setdefault(protection.entry_id, protection.entry)
