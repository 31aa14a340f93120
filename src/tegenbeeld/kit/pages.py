"""
The order that every page of changes must keep, checked before anything of it is used.

A page that leaves a change out could hide a withdrawal for ever, because the cursor would have
moved past it. So a gap is an error and never a thing to work around.

Source: spec/exchange.md §2.
"""

from tegenbeeld.errors import WireError
from tegenbeeld.wire.native import ChangePage


def check_page(page: ChangePage, *, after: int) -> None:
    """
    Check that *page* is what the node must answer to "what came after *after*?".

    Args:
        page: As it was decoded.
        after: The cursor that was asked with; the first change must be the next one.

    Raises:
        WireError: The page has a gap, goes back, or contradicts itself.
    """
    if page.head < after:
        raise WireError(
            f"The node's log ends at {page.head}, but this list has been read up to {after}. "
            "The node was replaced or set back. Ask who runs it; to start afresh, sync into an "
            "empty folder."
        )
    expected = after
    for change in page.changes:
        expected += 1
        if change.seq != expected:
            raise WireError(
                f"The node's page jumps from change {expected - 1} to {change.seq}. "
                "Nothing of it was used. Try again; if it stays so, tell who runs the node."
            )
    is_consistent = (
        page.next == expected
        and page.next <= page.head
        and page.more == (page.next < page.head)
        and not (page.more and not page.changes)
    )
    if not is_consistent:
        raise WireError(
            f"The node's page ends at change {expected} but says next={page.next}, "
            f"head={page.head}, more={page.more}. Nothing of it was used. "
            "Try again; if it stays so, tell who runs the node."
        )
