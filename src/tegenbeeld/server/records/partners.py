"""
Platforms: who they are, how they prove it, what they have taken in and what they said.
"""

from django.db import models

from tegenbeeld.casework.partnership import KeyPurpose, PartnerState
from tegenbeeld.server.records.entries import Entry
from tegenbeeld.server.records.ids import RandomIdField


class Partner(models.Model):
    """
    A platform that reads the list.
    """

    id = RandomIdField(primary_key=True)
    name = models.CharField(max_length=80, unique=True)
    state = models.CharField(max_length=16, choices=[(s.value, s.value) for s in PartnerState])
    created_on = models.DateField()


class PartnerKey(models.Model):
    """
    A key, of which only the SHA-256 digest is kept.
    """

    id = RandomIdField(primary_key=True)
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="keys")
    purpose = models.CharField(max_length=16, choices=[(p.value, p.value) for p in KeyPurpose])
    key_digest = models.BinaryField(max_length=32, unique=True)
    created_on = models.DateField()


class Acknowledgement(models.Model):
    """
    The furthest place in the log that a partner had stored on one day.

    `frames_seq` is the furthest that it had stored with the frames of videos: 0 for a platform that
    reads through the StopNCII-compatible door only.
    """

    id = RandomIdField(primary_key=True)
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="acknowledgements")
    acknowledged_on = models.DateField()
    seq = models.BigIntegerField()
    frames_seq = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_acknowledgement_a_day", fields=["partner", "acknowledged_on"]
            )
        ]


class PartnerFeedback(models.Model):
    """
    The latest that a partner said of an entry, in the words of the StopNCII-compatible door.
    """

    id = RandomIdField(primary_key=True)
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE)
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE)
    value = models.CharField(max_length=16)
    tags = models.JSONField(default=list)
    given_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="latest_feedback_of_a_partner", fields=["partner", "entry"]
            )
        ]
