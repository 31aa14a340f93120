"""
The log as partners read it.
"""

from collections.abc import Iterable, Iterator

from django.db.models import Max

from tegenbeeld.casework.hash_value import HashValue
from tegenbeeld.casework.lifecycle import EntryState
from tegenbeeld.server.records import partner_ids
from tegenbeeld.server.records.models import Acknowledgement, Change, Entry, LogHead
from tegenbeeld.server.records.sealing import unseal
from tegenbeeld.wire import native


def head() -> int:
    """
    The newest place in the log, 0 when it is empty.
    """
    return _head().seq


def head_stamp() -> int:
    """
    The log's clock at its newest place.
    """
    return _head().stamp


def erased_stamp() -> int:
    """
    The largest stamp among tombstones that are not told any more, 0 if there is none.
    """
    return _head().erased_stamp


def stored_through(stamp: int, *, partner: int) -> int | None:
    """
    How far a partner has stored the log whose last page of snapshots ended at *stamp*.

    A hash that changed again after *stamp* was not in that page, so what the log said of it
    since the partner's last acknowledgement cannot be stored yet.

    Returns:
        A place in the log, or None where no change has exactly this stamp: then it is no
        checkpoint of ours.
    """
    last = Change.objects.filter(stamp=stamp).first()
    if last is None:
        return None
    known = Acknowledgement.objects.filter(partner=partner).aggregate(Max("seq"))["seq__max"]
    missed = Change.objects.filter(
        seq__gt=known or 0, seq__lte=last.seq, entry__stamp__gt=stamp
    ).order_by("seq")
    first_missed = missed.values_list("seq", flat=True).first()
    return last.seq if first_missed is None else first_missed - 1


def page(*, partner: int, after: int, limit: int) -> native.ChangePage:
    """
    The changes behind a place in the log, as one partner sees them.

    Args:
        partner: Row of the partner, whose own numbers the entries get.
        after: Exclusive.
        limit: Most changes, 1 to `native.MAX_PAGE`.
    """
    newest = head()
    rows = Change.objects.filter(seq__gt=after, seq__lte=newest).select_related("entry")
    changes = list(
        _within_bytes(_change(row, partner=partner) for row in rows.order_by("seq")[:limit])
    )
    reached = changes[-1].seq if changes else after
    return native.ChangePage(changes=changes, next=reached, head=newest, more=reached < newest)


def hash_value_of(entry: Entry) -> HashValue:
    """
    What an entry that is not erased holds.
    """
    sealed = bytes(entry.value_sealed or b"")
    value = unseal(sealed, signal_type=entry.signal_type, row=entry.id)
    return HashValue(native.SignalType(entry.signal_type), value)


def _head() -> LogHead:
    return LogHead.objects.filter(id=1).first() or LogHead()


def _within_bytes(changes: Iterable[native.Change]) -> Iterator[native.Change]:
    """
    Pass changes on until the frames of videos among them fill a page; at least one.
    """
    used = 0
    for change in changes:
        used += len(change.frames or "")
        if used > native.MAX_PAGE_FRAMES and used > len(change.frames or ""):
            return
        yield change


def _change(row: Change, *, partner: int) -> native.Change:
    entry = row.entry
    known = hash_value_of(entry) if entry.state == EntryState.LISTED else None
    return native.Change(
        seq=row.seq,
        kind=native.ChangeKind(row.kind),
        id=partner_ids.partner_id(entry.id, partner=partner),
        signal_type=native.SignalType(entry.signal_type),
        hash=None if known is None else known.told,
        quality=None if known is None else entry.quality,
        provenance=native.Provenance(row.provenance),
        frames=None if known is None else known.frames,
    )
