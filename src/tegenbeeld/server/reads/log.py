"""
The log as partners read it.
"""

from tegenbeeld.casework.lifecycle import EntryState
from tegenbeeld.server.records import partner_ids
from tegenbeeld.server.records.models import Change, Entry, LogHead
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


def seq_at(stamp: int) -> int:
    """
    The last place in the log whose stamp is *stamp* or earlier; 0 if there is none.
    """
    change = Change.objects.filter(stamp__lte=stamp).order_by("-stamp").first()
    return 0 if change is None else change.seq


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
    changes = [_change(row, partner=partner) for row in rows.order_by("seq")[:limit]]
    reached = changes[-1].seq if changes else after
    return native.ChangePage(changes=changes, next=reached, head=newest, more=reached < newest)


def value_text(entry: Entry) -> str:
    """
    The hash of an entry that is not erased, as lower-case hexadecimal.
    """
    sealed = bytes(entry.value_sealed or b"")
    return unseal(sealed, signal_type=entry.signal_type, row=entry.id).hex()


def _head() -> LogHead:
    return LogHead.objects.filter(id=1).first() or LogHead()


def _change(row: Change, *, partner: int) -> native.Change:
    entry = row.entry
    is_listed = entry.state == EntryState.LISTED
    return native.Change(
        seq=row.seq,
        kind=native.ChangeKind(row.kind),
        id=partner_ids.partner_id(entry.id, partner=partner),
        signal_type=native.SignalType(entry.signal_type),
        hash=value_text(entry) if is_listed else None,
        quality=entry.quality if is_listed else None,
        provenance=native.Provenance(row.provenance),
    )
