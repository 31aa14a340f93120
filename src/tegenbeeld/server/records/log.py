"""
The log of changes that partners read: append-only, numbered without gaps.
"""

from django.db import models

from tegenbeeld.server.records.entries import Entry
from tegenbeeld.wire.native import ChangeKind, Provenance


class LogHead(models.Model):
    """
    The newest place in the log. One row; whoever appends holds it.

    `erased_stamp` is the largest stamp among erased tombstones: whoever has read only up to an
    earlier one cannot be told of all withdrawals any more.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    seq = models.BigIntegerField(default=0)
    stamp = models.BigIntegerField(default=0)
    erased_stamp = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(name="the_log_has_one_head", condition=models.Q(id=1))
        ]


class Change(models.Model):
    """
    One line of the log. Never changed, never deleted.
    """

    seq = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=16, choices=[(k.value, k.value) for k in ChangeKind])
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT)
    provenance = models.CharField(max_length=16, choices=[(p.value, p.value) for p in Provenance])
    stamp = models.BigIntegerField(unique=True)
    made_on = models.DateField()
