"""
How long things are kept, and the dates that follow from it.
"""

from datetime import date, timedelta

TERM = timedelta(days=5 * 365)
"""
How long a protection lasts if nobody withdraws it.

Long enough that nobody has to come back to a painful subject every year, and an end, so that
nothing stays on lists for ever because somebody lost her code.
"""

TOMBSTONE = timedelta(days=35)
"""
How long a withdrawn hash is still told to partners as withdrawn, before its value is erased.

A client of the StopNCII-compatible door may be away for 30 days before it starts afresh; five
more leave room for a weekend. Source: reference client, `StopNCIICheckpoint.is_stale`.
"""

MEMORY = timedelta(days=180)
"""
How long a person can still see that an ended protection was withdrawn, and by whom confirmed.
"""


def ends_on(created_on: date) -> date:
    """
    The first day on which a protection made on *created_on* no longer counts.
    """
    return created_on + TERM


def erasable_before(today: date) -> date:
    """
    Entries withdrawn on or before this date have outlived their tombstone.
    """
    return today - TOMBSTONE


def forgettable_before(today: date) -> date:
    """
    Protections ended on or before this date are deleted.
    """
    return today - MEMORY
