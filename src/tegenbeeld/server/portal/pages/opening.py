"""
When somebody answers, in words of the page's language.
"""

from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from tegenbeeld.content.support_lines import Hours
from tegenbeeld.content.support_lines.hours import MIDNIGHT, Span

# Whose clocks most readers look at; other hours are said to be those of another place.
HERE = "Europe/Brussels"


class OpeningOnPage(NamedTuple):
    """
    The hours of one way to reach a line.

    Attributes:
        spans: When somebody answers, in words.
        is_open: Whether somebody should answer now.
        may_close: Whether it may be closed on a holiday: it has hours at all.
        is_elsewhere: Whether the hours are by clocks that show another time than those here.
    """

    spans: list[str]
    is_open: bool
    may_close: bool
    is_elsewhere: bool


def opening(hours: Hours, *, at: datetime) -> OpeningOnPage:
    """
    Put hours into words.

    Args:
        hours: As the data have them.
        at: Now, as an aware time.
    """
    spans = [_("every day, day and night")] if hours.is_always else [_span(s) for s in hours.spans]
    return OpeningOnPage(
        spans=spans,
        is_open=hours.is_open(at),
        may_close=not hours.is_always,
        is_elsewhere=not hours.is_always and not _same_clock(hours.time_zone, at),
    )


def _span(span: Span) -> str:
    times = {"opens": _clock(span.opens), "closes": _clock(span.closes)}
    if (span.last - span.first) % 7 == 6:  # noqa: PLR2004 - Monday to Sunday, or the like
        return _("every day, {opens} to {closes}").format(**times)
    first = str(WEEKDAYS[span.first])
    if span.first == span.last:
        return _("{day}, {opens} to {closes}").format(day=first, **times)
    last = str(WEEKDAYS[span.last])
    return _("{first} to {last}, {opens} to {closes}").format(first=first, last=last, **times)


def _clock(minute: int) -> str:
    hour, rest = divmod(minute % MIDNIGHT if minute < MIDNIGHT else MIDNIGHT, 60)
    return f"{hour}:{rest:02}"


def _same_clock(time_zone: str, at: datetime) -> bool:
    return (
        at.astimezone(ZoneInfo(time_zone)).utcoffset() == at.astimezone(ZoneInfo(HERE)).utcoffset()
    )
