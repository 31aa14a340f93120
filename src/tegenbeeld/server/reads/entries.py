"""
Entries of the list, found by what a partner knows of them, and told as snapshots.
"""

from collections.abc import Iterable
from typing import NamedTuple

from tegenbeeld.casework.hash_value import HashValue
from tegenbeeld.casework.lifecycle import EntryState
from tegenbeeld.server.reads.log import value_text
from tegenbeeld.server.records import partner_ids
from tegenbeeld.server.records.models import Entry, PartnerFeedback
from tegenbeeld.server.records.sealing import digest
from tegenbeeld.wire.native import SignalType

TOLD = (EntryState.LISTED, EntryState.WITHDRAWN)
"""Entries that partners know and whose value is still there."""


class Snapshot(NamedTuple):
    """
    One entry as it stands now.

    Attributes:
        stamp: The log's clock at its latest change.
        signal_type: `pdq` or `video_md5`.
        hash: Lower-case hexadecimal.
        is_listed: False for a tombstone.
        feedback: What the asking partner itself said of it: value and tags, or None.
    """

    stamp: int
    signal_type: str
    hash: str
    is_listed: bool
    feedback: tuple[str, list[str]] | None


def snapshots(
    *, partner: int, from_stamp: int, no_tombstones_until: int, limit: int
) -> tuple[list[Snapshot], bool]:
    """
    Entries in the order of their latest change.

    Args:
        partner: Row of the partner who asks.
        from_stamp: Inclusive.
        no_tombstones_until: Tombstones stamped at or before this are left out; those after it
            are told. 0 tells all.
        limit: Most entries.

    Returns:
        The entries, and whether there are more.
    """
    rows = Entry.objects.filter(stamp__gte=from_stamp, state__in=TOLD).exclude(
        state=EntryState.WITHDRAWN, stamp__lte=no_tombstones_until
    )
    found = list(rows.order_by("stamp")[: limit + 1])
    own = _feedback_of(partner, found[:limit])
    return [_snapshot(row, own.get(row.id)) for row in found[:limit]], len(found) > limit


def known_to(partner: int, identifiers: Iterable[str]) -> dict[str, int]:
    """
    The rows behind a partner's own numbers; numbers that it was never given are left out.
    """
    rows = {text: partner_ids.entry_row(text, partner=partner) for text in identifiers}
    listed = Entry.objects.filter(id__in=[row for row in rows.values() if row is not None])
    present = set(listed.filter(state__in=TOLD).values_list("id", flat=True))
    return {text: row for text, row in rows.items() if row in present}


def with_value(value: bytes) -> list[int]:
    """
    The rows of listed or withdrawn entries that hold this value, whatever their signal type.
    """
    digests = [digest(HashValue(signal_type, value)) for signal_type in SignalType]
    rows = Entry.objects.filter(value_digest__in=digests, state__in=TOLD)
    return list(rows.values_list("id", flat=True))


def _feedback_of(partner: int, rows: list[Entry]) -> dict[int, tuple[str, list[str]]]:
    own = PartnerFeedback.objects.filter(partner=partner, entry__in=rows)
    return {row.entry_id: (row.value, row.tags) for row in own}


def _snapshot(row: Entry, feedback: tuple[str, list[str]] | None) -> Snapshot:
    return Snapshot(
        stamp=row.stamp or 0,
        signal_type=row.signal_type,
        hash=value_text(row),
        is_listed=row.state == EntryState.LISTED,
        feedback=feedback,
    )
