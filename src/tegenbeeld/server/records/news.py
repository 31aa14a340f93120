"""
Who wants to be told by e-mail, and when everybody was told last.
"""

from django.db import models

from tegenbeeld.casework.news import Rhythm
from tegenbeeld.server.records.ids import RandomIdField
from tegenbeeld.server.records.protections import Protection


class Subscription(models.Model):
    """
    Somebody's wish to be told when there is news of one protection.

    One row for each protection, each with the address sealed anew: nothing in the database says
    which of them are of one address. A row with `due_on` is a mail that waits, since that day:
    the rows are the outbox as well. The row goes when the protection ends.
    """

    id = RandomIdField(primary_key=True)
    protection = models.OneToOneField(
        Protection, on_delete=models.CASCADE, related_name="subscription"
    )
    address_sealed = models.BinaryField()
    language = models.CharField(max_length=2)
    rhythm = models.CharField(max_length=8, choices=[(r.value, r.value) for r in Rhythm])
    has_news = models.BooleanField(default=False, db_index=True)
    is_end_announced = models.BooleanField(default=False)
    due_on = models.DateField(null=True, db_index=True)


class NewsRound(models.Model):
    """
    The day of the last round of one rhythm.
    """

    rhythm = models.CharField(
        max_length=8, primary_key=True, choices=[(r.value, r.value) for r in Rhythm]
    )
    held_on = models.DateField()
