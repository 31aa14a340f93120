"""
Protections, and what a person gets to see of each.
"""

from django.db import models

from tegenbeeld.casework.case import NOTE_BYTES
from tegenbeeld.casework.lifecycle import LIVE, ProtectionState
from tegenbeeld.server.records.entries import Entry
from tegenbeeld.server.records.ids import RandomIdField
from tegenbeeld.server.records.partners import Partner
from tegenbeeld.wire.native import FeedbackValue, Provenance


class Protection(models.Model):
    """
    Somebody's wish that one hash be on the list.

    Nothing here says which protections belong together: there is no case. The digest is of a
    token that only the person's code can make. `listed_seq` and `ended_seq` are the places in
    the log where partners were told. `note` is sealed with a key that only the code can make: what
    she calls the picture, or nothing, which looks the same.
    """

    id = RandomIdField(primary_key=True)
    token_digest = models.BinaryField(max_length=32, null=True, unique=True)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="protections")
    provenance = models.CharField(max_length=16, choices=[(p.value, p.value) for p in Provenance])
    contributor = models.ForeignKey(Partner, on_delete=models.PROTECT, null=True)
    state = models.CharField(max_length=16, choices=[(s.value, s.value) for s in ProtectionState])
    note = models.BinaryField(max_length=NOTE_BYTES, null=True)
    created_on = models.DateField()
    ends_on = models.DateField(null=True)
    ended_on = models.DateField(null=True, db_index=True)
    listed_seq = models.BigIntegerField(null=True, unique=True)
    ended_seq = models.BigIntegerField(null=True, unique=True)

    class Meta:
        indexes = [
            models.Index(
                name="protection_to_list",
                fields=["id"],
                condition=models.Q(state=ProtectionState.RECEIVED),
            ),
            models.Index(
                name="protection_to_end",
                fields=["id"],
                condition=models.Q(
                    ended_on__isnull=False, listed_seq__isnull=False, ended_seq__isnull=True
                ),
            ),
            models.Index(name="protection_term", fields=["ends_on"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="protection_opens_to_a_person_only",
                condition=models.Q(
                    provenance=Provenance.SELF, token_digest__isnull=False, contributor__isnull=True
                )
                | (~models.Q(provenance=Provenance.SELF) & models.Q(token_digest__isnull=True)),
            ),
            models.CheckConstraint(
                name="protection_contributor_is_named",
                condition=models.Q(provenance=Provenance.PARTNER, contributor__isnull=False)
                | (~models.Q(provenance=Provenance.PARTNER) & models.Q(contributor__isnull=True)),
            ),
            models.CheckConstraint(
                name="protection_ends_with_its_day",
                condition=models.Q(state__in=sorted(LIVE), ended_on__isnull=True)
                | (~models.Q(state__in=sorted(LIVE)) & models.Q(ended_on__isnull=False)),
            ),
            models.UniqueConstraint(
                name="one_contribution_at_a_time",
                fields=["entry", "contributor"],
                condition=models.Q(contributor__isnull=False, ended_on__isnull=True),
            ),
        ]


class Finding(models.Model):
    """
    What one platform said, as one protection may see it.

    Written when the platform says it, for the protections that are listed at that moment. So a
    protection made later knows nothing of what came before it. `value` is its latest word;
    `stopped_on` stays when a later word is about another copy.
    """

    id = RandomIdField(primary_key=True)
    protection = models.ForeignKey(Protection, on_delete=models.CASCADE, related_name="findings")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT)
    value = models.CharField(max_length=16, choices=[(v.value, v.value) for v in FeedbackValue])
    found_on = models.DateField()
    stopped_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="latest_finding_of_a_partner", fields=["protection", "partner"]
            )
        ]
