"""
Partners: joining, acknowledging.
"""

import secrets
from collections.abc import Mapping
from datetime import date

from django.db import IntegrityError, transaction

from tegenbeeld.casework.partnership import KeyPurpose, PartnerState, key_digest
from tegenbeeld.errors import CaseworkError
from tegenbeeld.server.records.models import Acknowledgement, AuditEvent, Partner, PartnerKey

KEY_BYTES = 32
MAX_NAME = 80


@transaction.atomic
def add(name: str, *, by: str, on: date) -> Mapping[KeyPurpose, str]:
    """
    Take in a platform and make its keys.

    Args:
        name: What people will read as the name of the platform, 1 to 80 characters.
        by: Who decided it.
        on: Today.

    Returns:
        One key for each purpose. Only digests are kept: they cannot be shown again.

    Raises:
        CaseworkError: The name is empty, too long, or taken.
    """
    name = name.strip()
    if not 1 <= len(name) <= MAX_NAME or not name.isprintable():
        raise CaseworkError(f"A partner's name has 1 to {MAX_NAME} printable characters.")
    try:
        with transaction.atomic():
            partner = Partner.objects.create(name=name, state=PartnerState.LIVE, created_on=on)
    except IntegrityError:
        raise CaseworkError(
            f"There is a partner called {name} already. Choose another name."
        ) from None
    keys = {purpose: secrets.token_urlsafe(KEY_BYTES) for purpose in KeyPurpose}
    PartnerKey.objects.bulk_create(
        PartnerKey(partner=partner, purpose=purpose, key_digest=key_digest(key), created_on=on)
        for purpose, key in keys.items()
    )
    AuditEvent.objects.create(done_on=on, actor=by, act="partner.add", subject=name)
    return keys


@transaction.atomic
def move(name: str, *, to: PartnerState, by: str, on: date) -> None:
    """
    Suspend a platform, or let it in again. Its keys follow at once.

    Args:
        name: Of the platform.
        to: Its new state; moving it to where it is changes nothing.
        by: Who decided it.
        on: Today.

    Raises:
        CaseworkError: There is no platform of this name.
    """
    if not Partner.objects.filter(name=name).update(state=to):
        raise CaseworkError(f"There is no partner called {name}. Check how it is spelled.")
    AuditEvent.objects.create(done_on=on, actor=by, act=f"partner.{to}", subject=name)


@transaction.atomic
def acknowledge(*, partner: int, through: int, with_frames: bool, on: date) -> int:
    """
    Note that a partner has stored everything up to and including a place in the log.

    It never goes back: a lower place than before changes nothing.

    Args:
        partner: Row of the platform.
        through: The place, inclusive.
        with_frames: Whether it came through the door that tells the frames of videos.
        on: Today.

    Returns:
        The furthest place that this partner has acknowledged.
    """
    newest = Acknowledgement.objects.filter(partner=partner).order_by("-seq", "-frames_seq").first()
    seq, frames_seq = (newest.seq, newest.frames_seq) if newest else (0, 0)
    reached = {
        "seq": max(seq, through),
        "frames_seq": max(frames_seq, through) if with_frames else frames_seq,
    }
    if newest is None or reached != {"seq": seq, "frames_seq": frames_seq}:
        Acknowledgement.objects.update_or_create(
            partner_id=partner, acknowledged_on=on, defaults=reached
        )
    return reached["seq"]
