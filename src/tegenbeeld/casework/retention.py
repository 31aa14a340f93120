"""
How long things are kept, and the dates that follow from it.
"""

from datetime import date, timedelta
from typing import Literal

Term = Literal[1, 2, 5]
TERMS: tuple[Term, ...] = (1, 2, 5)
"""
Years that a protection may last if nobody withdraws it; she chooses, and may renew.

An end, so that nothing stays on lists for ever because somebody lost her code.
"""

LONGEST_TERM: Term = 5
"""Also the term of whoever says nothing: nobody should have to come back to a painful subject."""

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


def ends_on(day: date, *, years: int) -> date:
    """
    The first day on which a protection made or renewed on *day* no longer counts.

    Always the first of a month, after the years are full: the day itself would tell which
    protections were made or renewed together, and so would ending one by one.

    Args:
        day: On which it is made or renewed.
        years: One of `TERMS`.
    """
    return date(day.year + years + day.month // 12, day.month % 12 + 1, 1)


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
