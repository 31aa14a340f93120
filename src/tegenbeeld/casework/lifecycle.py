"""
States of a protection and of an entry of the list, and what a move means for partners.

A *protection* is one person's wish that one hash be on the list. An *entry* is the hash itself,
once, however many protections it has. `spec/lifecycle.md` draws both.

Rules that this module keeps:
    1. An entry is listed as long as one of its protections is.
    2. Each listing and each ending of a listed protection is exactly one change in the log,
       also where the entry stays listed: otherwise somebody who holds a picture could see, from
       how his own protection behaves, whether somebody else protected it before.
    3. A protection that ends before it was listed leaves no trace in the log.
"""

from collections.abc import Iterable
from enum import StrEnum

from tegenbeeld.wire.native import ChangeKind, Provenance


class ProtectionState(StrEnum):
    """
    Where one protection stands.
    """

    RECEIVED = "received"
    """Stored; partners have not been told yet."""
    LISTED = "listed"
    """In the log: partners look out for the hash."""
    WITHDRAWN = "withdrawn"
    """Ended by the person, or by the partner who contributed the hash."""
    EXPIRED = "expired"
    """Ended because its term ran out."""


class EntryState(StrEnum):
    """
    Where one hash stands.
    """

    RECEIVED = "received"
    """Never listed yet."""
    LISTED = "listed"
    """At least one protection is listed."""
    WITHDRAWN = "withdrawn"
    """Was listed; kept for a while as a tombstone, so that every partner learns of the end."""
    ERASED = "erased"
    """Its value is gone; only the empty row stays, so that the log keeps its order."""


LIVE = frozenset({ProtectionState.RECEIVED, ProtectionState.LISTED})

PRECEDENCE = (
    Provenance.COURT,
    Provenance.INSTITUTE,
    Provenance.SELF,
    Provenance.PARTNER,
    Provenance.TEST,
    Provenance.SYNTHETIC,
)
"""
Which of several provenances partners are told.

What a court or the institute has seen comes first. A person's own word comes before another
platform's, so that a hash nobody impartial has seen is always told as one that needs review.
"""


def change_for_ending(*, is_still_protected: bool) -> ChangeKind:
    """
    What partners are told when a listed protection ends.

    Args:
        is_still_protected: Whether another listed protection of the same entry remains.

    Returns:
        `WITHDRAW` for the last one. `ADD` otherwise: the hash stays, and the log moves on just
        as it does for the last one (rule 2).
    """
    return ChangeKind.ADD if is_still_protected else ChangeKind.WITHDRAW


def told_provenance(standing: Iterable[Provenance]) -> Provenance:
    """
    The provenance of an entry that is protected by all of *standing*, at least one.
    """
    return min(standing, key=PRECEDENCE.index)
