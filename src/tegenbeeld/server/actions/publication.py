"""
Writing the log: what was asked for since the last time becomes changes that partners read.

Requests are not written to the log as they come in. They wait a few seconds and then go in
together, in an order drawn at random, so that neighbours in the log need not belong to one
person. How well that hides anybody depends on how many people were there in the meantime;
THREAT-MODEL.md says so.
"""

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q

from tegenbeeld.casework.lifecycle import (
    EntryState,
    ProtectionState,
    change_for_ending,
    told_provenance,
)
from tegenbeeld.casework.log_clock import next_stamp
from tegenbeeld.server.records.models import Change, Entry, LogHead, Protection
from tegenbeeld.wire.native import ChangeKind, Provenance

BATCH = 500
"""Most changes in one transaction: keeps the database free for people in between."""

UNLISTED = Q(state=ProtectionState.RECEIVED)
ENDED_UNTOLD = Q(ended_on__isnull=False, listed_seq__isnull=False, ended_seq__isnull=True)


class Move(NamedTuple):
    """
    One protection, and what its move means for partners.

    Attributes:
        protection: Ended, or about to be listed.
        kind: What they are told.
        provenance: Of the entry after the move; of the ended protection where it was the last.
    """

    protection: Protection
    kind: ChangeKind
    provenance: Provenance


@transaction.atomic
def publish(*, on: date, chance: float = 1.0) -> int:
    """
    Append up to `BATCH` waiting moves to the log, endings first.

    Endings and listings, their changes and the new states are written together or not at all.

    Args:
        on: The day to write beside each change.
        chance: With which each move goes this time, above 0 to 1; the others wait on.

    Returns:
        How many moves were looked at; 0 when nothing waits.
    """
    head, _ = LogHead.objects.select_for_update().get_or_create(id=1)
    endings = _waiting(ENDED_UNTOLD, at_most=BATCH)
    listings = _waiting(UNLISTED, at_most=BATCH - len(endings))
    looked_at = len(endings) + len(listings)
    endings, listings = _drawn(endings, chance), _drawn(listings, chance)
    _share_entries([*endings, *listings])
    moves = list(_moves(endings, listings))
    changes = write_down(moves, head=head, on=on)
    Entry.objects.bulk_update(
        {move.protection.entry for move in moves}, ["state", "stamp", "withdrawn_on"]
    )
    Protection.objects.bulk_update(
        [move.protection for move in moves], ["state", "listed_seq", "ended_seq"]
    )
    Change.objects.bulk_create(changes)
    head.save()
    return looked_at


def write_down(moves: Iterable[Move], *, head: LogHead, on: date) -> list[Change]:
    """
    The changes that follow *head*, with head, protections and entries moved on to match.

    Nothing is saved: the caller does so in the transaction in which it holds *head*.
    """
    changes = []
    for protection, kind, provenance in moves:
        head.seq += 1
        head.stamp = next_stamp(head.stamp, on=on)
        _mark(protection, seq=head.seq)
        _mark_entry(protection.entry, kind, stamp=head.stamp, on=on)
        changes.append(
            Change(
                seq=head.seq,
                kind=kind,
                entry=protection.entry,
                provenance=provenance,
                stamp=head.stamp,
                made_on=on,
            )
        )
    return changes


def _waiting(which: Q, *, at_most: int) -> list[Protection]:
    waiting = Protection.objects.filter(which).select_related("entry")
    return list(waiting.order_by("id")[:at_most])


def _moves(endings: list[Protection], listings: list[Protection]) -> Iterator[Move]:
    standing = _standing({p.entry_id for p in [*endings, *listings]})
    for protection in endings:
        remaining = standing[protection.entry_id]
        kind = change_for_ending(is_still_protected=bool(remaining))
        told = told_provenance(remaining or [Provenance(protection.provenance)])
        yield Move(protection, kind, told)
    for protection in listings:
        standing[protection.entry_id].append(Provenance(protection.provenance))
        yield Move(protection, ChangeKind.ADD, told_provenance(standing[protection.entry_id]))


def _standing(entries: set[int]) -> defaultdict[int, list[Provenance]]:
    found: defaultdict[int, list[Provenance]] = defaultdict(list)
    listed = Protection.objects.filter(state=ProtectionState.LISTED, entry__in=entries)
    for entry, provenance in listed.values_list("entry", "provenance"):
        found[entry].append(Provenance(provenance))
    return found


def _mark(protection: Protection, *, seq: int) -> None:
    if protection.ended_on is None:
        protection.state = ProtectionState.LISTED
        protection.listed_seq = seq
    else:
        protection.ended_seq = seq


def _mark_entry(entry: Entry, kind: ChangeKind, *, stamp: int, on: date) -> None:
    is_listed = kind is ChangeKind.ADD
    entry.state = EntryState.LISTED if is_listed else EntryState.WITHDRAWN
    entry.withdrawn_on = None if is_listed else on
    entry.stamp = stamp


def _drawn(protections: list[Protection], chance: float) -> list[Protection]:
    # In an order drawn at random, too.
    dice = random.SystemRandom()
    drawn = [protection for protection in protections if dice.random() < chance]
    return dice.sample(drawn, len(drawn))


def _share_entries(protections: Iterable[Protection]) -> None:
    # Two moves of one entry must change one object, or the later save undoes the earlier.
    entries: dict[int, Entry] = {}
    for protection in protections:
        protection.entry = entries.setdefault(protection.entry_id, protection.entry)
