"""
The hashes themselves: found or made when somebody protects one, erased when nobody does.
"""

from datetime import date

from django.db import transaction
from django.db.models import Max, QuerySet

from tegenbeeld.casework.hash_value import HashValue
from tegenbeeld.casework.lifecycle import LIVE, EntryState
from tegenbeeld.casework.retention import erasable_before, forgettable_before
from tegenbeeld.server.records.ids import random_id
from tegenbeeld.server.records.models import Entry, LogHead, PartnerFeedback, Protection
from tegenbeeld.server.records.sealing import digest, file_digest, seal

Protections = QuerySet[Protection]

BATCH = 5_000
"""Rows named in one statement; databases take a limited number of them."""


def find_or_create(hash_value: HashValue, *, quality: int | None) -> Entry:
    """
    The entry for a hash. The caller holds the transaction.

    The value is sealed whether or not the hash is known, so that both take the same work.
    """
    made = new_entry(hash_value, quality=quality)
    known = Entry.objects.filter(value_digest=made.value_digest).first()
    if known is not None:
        return known
    made.save(force_insert=True)
    return made


def new_entry(hash_value: HashValue, *, quality: int | None) -> Entry:
    """
    An entry that is not in the database yet.
    """
    row = random_id()
    return Entry(
        id=row,
        signal_type=hash_value.signal_type,
        value_sealed=seal(hash_value, row=row),
        value_digest=digest(hash_value),
        file_digest=None if hash_value.md5 is None else file_digest(hash_value.md5),
        quality=quality,
        state=EntryState.RECEIVED,
    )


@transaction.atomic
def erase_unlisted() -> int:
    """
    Erase entries that no partner was ever told of and nobody protects any more.

    Not done in the request that ends the last protection: it would take longer exactly when
    nobody else protects the hash.

    Returns:
        How many were erased.
    """
    never_listed = Entry.objects.filter(state=EntryState.RECEIVED)
    return _erase(never_listed.exclude(protections__state__in=sorted(LIVE)))


@transaction.atomic
def erase_withdrawn(*, today: date) -> int:
    """
    Erase the values of entries whose tombstone has stood long enough.

    Returns:
        How many were erased.
    """
    outlived = Entry.objects.filter(
        state=EntryState.WITHDRAWN, withdrawn_on__lte=erasable_before(today)
    )
    return _erase(outlived.exclude(protections__state__in=sorted(LIVE)))


@transaction.atomic
def forget_ended_protections(*, today: date) -> int:
    """
    Delete protections that ended long ago, with what was found for them.

    An erased entry that the log never named goes with the last of them.

    Returns:
        How many were deleted.
    """
    old = Protection.objects.filter(ended_on__lte=forgettable_before(today)).exclude(
        listed_seq__isnull=False, ended_seq__isnull=True
    )
    forgotten = 0
    while rows := list(old.values_list("id", flat=True)[:BATCH]):
        Protection.objects.filter(id__in=rows).delete()
        forgotten += len(rows)
    Entry.objects.filter(state=EntryState.ERASED, stamp__isnull=True, protections=None).delete()
    return forgotten


def _erase(erasable: QuerySet[Entry]) -> int:
    newest = erasable.aggregate(Max("stamp"))["stamp__max"]
    if newest is not None:
        LogHead.objects.filter(erased_stamp__lt=newest).update(erased_stamp=newest)
    erased = 0
    while rows := list(erasable.values_list("id", flat=True)[:BATCH]):
        PartnerFeedback.objects.filter(entry__in=rows).delete()
        erased += Entry.objects.filter(id__in=rows).update(
            state=EntryState.ERASED,
            value_sealed=None,
            value_digest=None,
            file_digest=None,
            quality=None,
        )
    return erased
