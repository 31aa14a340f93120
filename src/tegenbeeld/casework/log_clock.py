"""
The clock of the log: whole numbers that look like Unix seconds and only ever rise.

The StopNCII-compatible door must stamp each record with a time in seconds, and its clients
resume from the last stamp that they saw. The real second would tell when somebody was on the
site, and the node keeps days only (DESIGN.md §4). So a stamp is the start of the day plus the
place within the day: in order, never equal, and silent about the hour.
"""

from datetime import UTC, date, datetime


def day_start(day: date) -> int:
    """
    Unix seconds of midnight UTC at the start of *day*.
    """
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def next_stamp(previous: int, *, on: date) -> int:
    """
    The stamp that follows *previous* for a change made on the day *on*.

    More than 86 400 changes in a day run ahead of the calendar; nothing depends on that.
    """
    return max(previous + 1, day_start(on))
