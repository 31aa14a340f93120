"""
What staff and partners did, kept apart from what it was done to.

Nothing that a person does is written here: her moves leave only the rows that they are about.
"""

from django.db import models

from tegenbeeld.server.records.ids import RandomIdField


class AuditEvent(models.Model):
    """
    One act. Holds no keys to other tables, so that it outlives what it describes.
    """

    id = RandomIdField(primary_key=True)
    done_on = models.DateField()
    actor = models.CharField(max_length=80)
    act = models.CharField(max_length=40)
    subject = models.CharField(max_length=120)
