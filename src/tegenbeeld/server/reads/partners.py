"""
Who a key belongs to, and which platforms take part.
"""

from typing import NamedTuple

from tegenbeeld.casework.partnership import KeyPurpose, PartnerState, key_digest
from tegenbeeld.server.records.models import Partner, PartnerKey


class KnownPartner(NamedTuple):
    """
    A platform that has proved who it is.
    """

    id: int
    name: str


def for_key(key: str, *, purpose: KeyPurpose) -> KnownPartner | None:
    """
    The live partner that holds this key for this purpose, or None.
    """
    row = (
        PartnerKey.objects.filter(
            key_digest=key_digest(key), purpose=purpose, partner__state=PartnerState.LIVE
        )
        .select_related("partner")
        .first()
    )
    return None if row is None else KnownPartner(row.partner.id, row.partner.name)


def names() -> list[str]:
    """
    The platforms that take part, in alphabetical order.

    One that has not stored the list yet does not: people are promised nothing in its name.
    """
    connected = Partner.objects.filter(state=PartnerState.LIVE, acknowledgements__isnull=False)
    return list(connected.order_by("name").values_list("name", flat=True).distinct())
