"""
The day, as every part of the node that may look at the clock reads it.
"""

from datetime import UTC, date, datetime


def today() -> date:
    """
    The day in UTC, wherever the machine stands.
    """
    return datetime.now(UTC).date()
