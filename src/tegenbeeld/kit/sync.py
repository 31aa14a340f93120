"""
Bringing a store up to date with its node.

The order is what makes it safe: fetch a page, put it on the disk, and only then tell the node.
Whatever fails between two steps, running it again carries on from what the store holds.
"""

import logging
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from tegenbeeld.errors import StoreError
from tegenbeeld.kit.store import Applied, Store

if TYPE_CHECKING:
    # Only a name here: loading it brings the HTTP client.
    from tegenbeeld.kit.exchange import Exchange


log = logging.getLogger("tegenbeeld.kit")


class SyncReport(NamedTuple):
    """
    What a sync changed.

    Attributes:
        added: Entries that came onto the list.
        withdrawn: Entries that left it.
        cursor: The last change that was applied.
        listed: Entries on the list now.
        refused: Entries that were not listed because their hash is degenerate: it would match
            pictures that are not alike (spec/pdq.md §7); or because the frames of a video are not
            as they must be (spec/video.md §5). They are acknowledged all the same.
    """

    added: int
    withdrawn: int
    cursor: int
    listed: int
    refused: int


def sync(
    store: Store,
    exchange: "Exchange",
    *,
    after_page: Callable[[Applied], None] | None = None,
    keeps_index: bool = True,
) -> SyncReport:
    """
    Fetch what is new, keep it, acknowledge it, until nothing is left.

    Every `Matcher` on the same folder, in this process or another, uses the new list from its
    next question on; so what is acknowledged is also matched against.

    Args:
        store: The list. No other store on its folder may write meanwhile.
        exchange: The node.
        after_page: Called when a page is on the disk, before it is acknowledged.
        keeps_index: Write the index beside the list when there is enough to write. A program that
            does so in a thread of its own, with `IndexKeeper`, says no.

    Raises:
        NotAuthorised: The node does not take the key.
        NodeUnavailable: The node cannot be reached. What was fetched before is kept.
        WireError: The node's answer breaks the contract. Nothing of that answer is used.
        StoreError: The store cannot be written, or another store writes it.
    """
    store.become_writer()
    added = withdrawn = refused = 0
    while True:
        # First, because an earlier run may have stopped before the node heard of its work.
        _acknowledge(store, exchange)
        page = exchange.changes(after=store.cursor)
        applied = store.apply(page)
        added += applied.added
        withdrawn += applied.withdrawn
        refused += applied.refused
        if after_page is not None:
            after_page(applied)
        if not page.more:
            _acknowledge(store, exchange)
            break
    if refused:
        log.warning(
            "%d entries of the node were not put on the list: their hashes are of pictures that "
            "are almost one flat colour and would match unlike ones, or are not written as they "
            "must be. Tell who runs the node.",
            refused,
        )
    report = SyncReport(added, withdrawn, store.cursor, store.listed, refused)
    if keeps_index:
        _keep_index(store)
    return report


def _acknowledge(store: Store, exchange: "Exchange") -> None:
    through = store.cursor
    if store.acknowledged < through:
        exchange.acknowledge(through=through)
        store.record_acknowledged(through)


def _keep_index(store: Store) -> None:
    # Brings numpy, which a program that only syncs need not wait for when it starts.
    from tegenbeeld.kit.index_keeper import IndexKeeper

    keeper = IndexKeeper(store)
    now = time.time()
    try:
        if keeper.is_due(at=now):
            keeper.keep(at=now)
    except StoreError as error:
        # The list is whole and safe, and matchers do without the index.
        log.warning("%s", error.message)
