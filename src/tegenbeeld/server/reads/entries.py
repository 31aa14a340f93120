"""
Entries of the list, found by what a partner knows of them, and told as snapshots.
"""

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Q

from tegenbeeld.casework.hash_value import HashValue
from tegenbeeld.casework.lifecycle import EntryState
from tegenbeeld.server.reads.log import hash_value_of
from tegenbeeld.server.records import partner_ids
from tegenbeeld.server.records.models import Entry, PartnerFeedback
from tegenbeeld.server.records.sealing import digest, file_digest
from tegenbeeld.wire.native import SignalType

TOLD = (EntryState.LISTED, EntryState.WITHDRAWN)
"""Entries that partners know and whose value is still there."""


class Snapshot(NamedTuple):
    """
    One entry as it stands now.

    Attributes:
        stamp: The log's clock at its latest change.
        signal_type: `pdq`, `video_md5` or `vpdq`.
        hash: Lower-case hexadecimal; of a video its MD5.
        is_listed: False for a tombstone. A video whose file another entry lists is listed.
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
    elsewhere = _files_listed(found[:limit])
    told = [
        _snapshot(
            row,
            own.get(row.id),
            is_listed=row.state == EntryState.LISTED or bytes(row.file_digest or b"") in elsewhere,
        )
        for row in found[:limit]
    ]
    return told, len(found) > limit


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
    The rows of listed or withdrawn entries that are told as this value: PDQ, or MD5 of a video.
    """
    is_value = Q(value_digest=digest(HashValue(SignalType.PDQ, value)))
    rows = Entry.objects.filter(is_value | Q(file_digest=file_digest(value)), state__in=TOLD)
    return list(rows.values_list("id", flat=True))


def _feedback_of(partner: int, rows: list[Entry]) -> dict[int, tuple[str, list[str]]]:
    own = PartnerFeedback.objects.filter(partner=partner, entry__in=rows)
    return {row.entry_id: (row.value, row.tags) for row in own}


def _files_listed(rows: list[Entry]) -> set[bytes]:
    """
    Of the videos that are withdrawn in *rows*: the digests of files that another entry still lists.
    """
    ended = [row.file_digest for row in rows if row.state == EntryState.WITHDRAWN]
    listed = Entry.objects.filter(file_digest__in=ended, state=EntryState.LISTED)
    return {bytes(row.file_digest or b"") for row in listed.only("file_digest")}


def _snapshot(row: Entry, feedback: tuple[str, list[str]] | None, *, is_listed: bool) -> Snapshot:
    return Snapshot(
        stamp=row.stamp or 0,
        signal_type=row.signal_type,
        hash=hash_value_of(row).told,
        is_listed=is_listed,
        feedback=feedback,
    )
