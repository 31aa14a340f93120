"""
Ending protections whose term has run out.
"""

from datetime import date

from django.db import transaction

from tegenbeeld.casework.lifecycle import ProtectionState
from tegenbeeld.server.actions import protections
from tegenbeeld.server.records.models import Protection


@transaction.atomic
def expire(*, today: date) -> int:
    """
    End every protection whose last day has passed; partners are told at the next publication.

    Returns:
        How many were ended.
    """
    due = Protection.objects.filter(ends_on__lte=today)
    return protections.end(due, state=ProtectionState.EXPIRED, on=today)
