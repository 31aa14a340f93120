"""
The days on which everybody is told.
"""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tegenbeeld.casework.news import Rhythm, ends_soon_before, round_on
from tegenbeeld.casework.retention import TERMS, ends_on


@pytest.mark.parametrize(
    ("rhythm", "day", "expected"),
    [
        (Rhythm.DAILY, date(2026, 11, 24), date(2026, 11, 24)),
        (Rhythm.WEEKLY, date(2026, 11, 23), date(2026, 11, 23)),
        (Rhythm.WEEKLY, date(2026, 11, 29), date(2026, 11, 23)),
        (Rhythm.WEEKLY, date(2027, 1, 1), date(2026, 12, 28)),
        (Rhythm.MONTHLY, date(2026, 11, 1), date(2026, 11, 1)),
        (Rhythm.MONTHLY, date(2026, 11, 30), date(2026, 11, 1)),
    ],
)
def test_round_is_the_same_day_for_everybody(rhythm: Rhythm, day: date, expected: date) -> None:
    """
    Every day, every Monday, every first of a month; over the turn of a year too.
    """
    assert round_on(rhythm, day) == expected


@given(st.sampled_from(Rhythm), st.dates(date(2026, 1, 1), date(2100, 1, 1)))
def test_round_is_never_ahead_and_stays_until_the_next(rhythm: Rhythm, day: date) -> None:
    """
    A round that was missed is found again on every day before the next.
    """
    latest = round_on(rhythm, day)
    assert latest <= day
    assert round_on(rhythm, latest) == latest
    assert round_on(rhythm, day + timedelta(days=1)) in {latest, day + timedelta(days=1)}


@given(st.dates(date(2026, 1, 1), date(2100, 1, 1)), st.sampled_from(TERMS))
def test_new_protection_does_not_end_soon(day: date, years: int) -> None:
    """
    Nobody is told of an end that is a year away, and everybody at least 28 days before it.
    """
    end = ends_on(day, years=years)
    assert end > ends_soon_before(day)
    assert end <= ends_soon_before(end - timedelta(days=31))
