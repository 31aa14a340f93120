"""
When somebody answers: a week that repeats, by the clocks of one place.

A span is written as schema.org writes it: `Mo-Fr 09:00-17:00`. A span that ends before it
begins lasts into the next day: `Fr 20:00-02:00`. Holidays are not known here; whoever shows
that a line is open says so.

Source: https://schema.org/openingHours
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
MIDNIGHT = 24 * 60

_DAY = "|".join(DAYS)
_SPAN = re.compile(
    rf"(?P<first>{_DAY})(?:-(?P<last>{_DAY}))? "
    r"(?P<opens>[01][0-9]:[0-5][0-9]|2[0-3]:[0-5][0-9])-"
    r"(?P<closes>[01][0-9]:[0-5][0-9]|2[0-3]:[0-5][0-9]|24:00)"
)


class Span(NamedTuple):
    """
    The same hours on one day or on several days in a row.

    Attributes:
        first: Day on which it begins, 0 (Monday) to 6.
        last: Last day on which it begins, inclusive; before *first* it goes over Sunday.
        opens: Minute of the day, 0 to 1439.
        closes: Minute of the day, 0 to 1440, exclusive; not after *opens*: of the next day.
    """

    first: int
    last: int
    opens: int
    closes: int

    def holds(self, day: int, minute: int) -> bool:
        """
        Tell whether a moment of the week lies in the span.

        Args:
            day: 0 (Monday) to 6.
            minute: Minute of that day, 0 to 1439.
        """
        if self.opens < self.closes:
            return self._begins_on(day) and self.opens <= minute < self.closes
        began_today = self._begins_on(day) and minute >= self.opens
        began_yesterday = self._begins_on((day - 1) % 7) and minute < self.closes
        return began_today or began_yesterday

    def _begins_on(self, day: int) -> bool:
        return (day - self.first) % 7 <= (self.last - self.first) % 7


ALWAYS = Span(first=0, last=6, opens=0, closes=MIDNIGHT)


def read_span(text: str) -> Span:
    """
    Read a span like `Mo-Fr 09:00-17:00` or `Sa 10:00-12:00`.

    Raises:
        ValueError: It is written otherwise.
    """
    found = _SPAN.fullmatch(text)
    if found is None:
        raise ValueError(f"“{text}” is not a span. Write it like “Mo-Fr 09:00-17:00”.")
    first = DAYS.index(found["first"])
    last = DAYS.index(found["last"]) if found["last"] else first
    return Span(first, last, _minute(found["opens"]), _minute(found["closes"]))


def _minute(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


class Hours(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """
    The hours of one way to reach a line.

    Attributes:
        open: Spans of a week, in the order in which a page shows them.
        time_zone: Whose clocks are meant, for example "Europe/Brussels".
    """

    open: tuple[str, ...]
    time_zone: str

    def __post_init__(self) -> None:
        """
        Refuse hours that could not be used later.

        Raises:
            ValueError: There is no span, a span or the time zone is not one.
        """
        if not self.open:
            raise ValueError("Hours need at least one span; leave them out if not known.")
        for text in self.open:
            read_span(text)
        try:
            ZoneInfo(self.time_zone)
        except (ZoneInfoNotFoundError, ValueError) as unknown:
            raise ValueError(f"“{self.time_zone}” is not a time zone.") from unknown

    @property
    def spans(self) -> tuple[Span, ...]:
        """
        The spans, read.
        """
        return tuple(read_span(text) for text in self.open)

    @property
    def is_always(self) -> bool:
        """
        Whether somebody answers day and night.
        """
        return ALWAYS in self.spans

    def is_open(self, at: datetime) -> bool:
        """
        Tell whether somebody answers at this moment; holidays are not known.

        Args:
            at: Aware time.

        Raises:
            ValueError: *at* has no time zone.
        """
        if at.tzinfo is None:
            raise ValueError("Whether a line is open can only be told for an aware time.")
        there = at.astimezone(ZoneInfo(self.time_zone))
        minute = there.hour * 60 + there.minute
        return any(span.holds(there.weekday(), minute) for span in self.spans)
