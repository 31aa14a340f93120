"""
Hashes that a platform itself puts on the list.
"""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from tegenbeeld.casework.hash_value import HashValue
from tegenbeeld.casework.lifecycle import LIVE, ProtectionState
from tegenbeeld.casework.retention import ends_on
from tegenbeeld.server.actions import entries, protections
from tegenbeeld.server.records.models import Protection
from tegenbeeld.wire.native import Provenance


@transaction.atomic
def contribute(hash_values: Sequence[HashValue], *, partner: int, on: date) -> list[int]:
    """
    Put a platform's hashes on the list, in its name.

    Others are told at the next publication. What it has on the list already stays as it is.

    Returns:
        The rows of the entries, in the order of *hash_values*.
    """
    return [_contribute(value, partner=partner, on=on) for value in hash_values]


@transaction.atomic
def withdraw(entry_rows: Sequence[int], *, partner: int, on: date) -> None:
    """
    End what this platform, and nobody else, put on the list for these entries.
    """
    own = Protection.objects.filter(entry__in=entry_rows, contributor=partner)
    protections.end(own, state=ProtectionState.WITHDRAWN, on=on)


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
            ends_on=ends_on(on),
        )
    row: int = entry.id
    return row
