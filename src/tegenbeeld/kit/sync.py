"""
Bringing a store up to date with its node.

The order is what makes it safe: fetch a page, put it on the disk, and only then tell the node.
Whatever fails between two steps, running it again carries on from what the store holds.
"""

from typing import TYPE_CHECKING, NamedTuple

from tegenbeeld.kit.store import Store

if TYPE_CHECKING:
    # Only a name here: loading it brings the HTTP client.
    from tegenbeeld.kit.exchange import Exchange


class SyncReport(NamedTuple):
    """
    What a sync changed.

    Attributes:
        added: Entries that came onto the list.
        withdrawn: Entries that left it.
        cursor: The last change that was applied.
        listed: Entries on the list now.
    """

    added: int
    withdrawn: int
    cursor: int
    listed: int


def sync(store: Store, exchange: "Exchange") -> SyncReport:
    """
    Fetch what is new, keep it, acknowledge it, until nothing is left.

    Every `Matcher` on the same folder, in this process or another, uses the new list from its
    next question on; so what is acknowledged is also matched against.

    Raises:
        NotAuthorised: The node does not take the key.
        NodeUnavailable: The node cannot be reached. What was fetched before is kept.
        WireError: The node's answer breaks the contract. Nothing of that answer is used.
        StoreError: The store cannot be written.
    """
    added = withdrawn = 0
    while True:
        # First, because an earlier run may have stopped before the node heard of its work.
        _acknowledge(store, exchange)
        page = exchange.changes(after=store.cursor)
        applied = store.apply(page)
        added += applied.added
        withdrawn += applied.withdrawn
        if not page.more:
            _acknowledge(store, exchange)
            return SyncReport(added, withdrawn, store.cursor, store.listed)


def _acknowledge(store: Store, exchange: "Exchange") -> None:
    through = store.cursor
    if store.acknowledged < through:
        exchange.acknowledge(through=through)
        store.record_acknowledged(through)
