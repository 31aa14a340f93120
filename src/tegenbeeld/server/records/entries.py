"""
The list: one row for each hash that was ever protected.
"""

from django.db import models

from tegenbeeld.casework.lifecycle import EntryState
from tegenbeeld.server.records.ids import RandomIdField
from tegenbeeld.wire.native import SignalType


class Entry(models.Model):
    """
    One hash, once, whoever protects it.

    `value_sealed` and `value_digest` are empty once the entry is erased. `file_digest` is that of a
    video's MD5 alone: the same file may have several entries, with and without frames. `stamp` is
    the log's clock at the entry's latest change: the order in which the StopNCII-compatible door
    tells it.
    """

    id = RandomIdField(primary_key=True)
    signal_type = models.CharField(max_length=16, choices=[(t.value, t.value) for t in SignalType])
    value_sealed = models.BinaryField(null=True)
    value_digest = models.BinaryField(max_length=32, null=True, unique=True)
    file_digest = models.BinaryField(max_length=32, null=True, db_index=True)
    quality = models.PositiveSmallIntegerField(null=True)
    state = models.CharField(max_length=16, choices=[(s.value, s.value) for s in EntryState])
    stamp = models.BigIntegerField(null=True, unique=True)
    withdrawn_on = models.DateField(null=True, db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="entry_value_is_whole_or_erased",
                condition=models.Q(
                    state=EntryState.ERASED,
                    value_sealed__isnull=True,
                    value_digest__isnull=True,
                    file_digest__isnull=True,
                )
                | (
                    ~models.Q(state=EntryState.ERASED)
                    & models.Q(value_sealed__isnull=False, value_digest__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="entry_is_withdrawn_with_its_day",
                condition=models.Q(state=EntryState.WITHDRAWN, withdrawn_on__isnull=False)
                | ~models.Q(state=EntryState.WITHDRAWN),
            ),
        ]
