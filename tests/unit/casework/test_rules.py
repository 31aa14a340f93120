"""
The rules, without a database.
"""

from datetime import date, timedelta

import pytest

from tegenbeeld.casework import retention
from tegenbeeld.casework.hash_value import hash_value
from tegenbeeld.casework.lifecycle import PRECEDENCE, change_for_ending, told_provenance
from tegenbeeld.casework.log_clock import day_start, next_stamp
from tegenbeeld.casework.platform_status import ended_status, live_status, matching
from tegenbeeld.errors import InvalidHash
from tegenbeeld.wire.native import ChangeKind, FeedbackValue, Provenance, SignalType

DAY = date(2026, 11, 23)


def test_ending_when_last_withdraws_and_otherwise_confirms() -> None:
    """
    The log moves by one change either way; only the last one takes the hash off.
    """
    assert change_for_ending(is_still_protected=False) is ChangeKind.WITHDRAW
    assert change_for_ending(is_still_protected=True) is ChangeKind.ADD


def test_provenance_when_mixed_asks_for_review_unless_somebody_impartial_saw_it() -> None:
    """
    A person's word comes before a platform's; a court's and the institute's before both.
    """
    assert set(PRECEDENCE) == set(Provenance)
    assert told_provenance([Provenance.PARTNER, Provenance.SELF]) is Provenance.SELF
    assert told_provenance([Provenance.SELF, Provenance.COURT]) is Provenance.COURT
    assert told_provenance([Provenance.PARTNER]) is Provenance.PARTNER


def test_stamps_rise_within_a_day_and_start_anew_the_next() -> None:
    """
    Stamps are the day's start plus the place in the day.
    """
    first = next_stamp(0, on=DAY)
    assert first == day_start(DAY) == 1_795_392_000
    assert next_stamp(first, on=DAY) == first + 1
    assert next_stamp(first + 5, on=DAY + timedelta(days=1)) == day_start(DAY) + 86_400


def test_stamps_never_fall_when_the_calendar_does() -> None:
    """
    A clock set back by a day or a very full day cannot make a stamp repeat.
    """
    late = day_start(DAY) + 200_000
    assert next_stamp(late, on=DAY) == late + 1
    assert next_stamp(late, on=DAY - timedelta(days=1)) == late + 1


def test_retention_outlasts_a_client_that_was_away_for_30_days() -> None:
    """
    The tombstone stands longer than the reference client may stay away.
    """
    assert retention.erasable_before(DAY) <= DAY - timedelta(days=30)
    assert retention.forgettable_before(DAY) < retention.erasable_before(DAY)


@pytest.mark.parametrize(
    ("day", "years", "expected"),
    [
        (date(2026, 11, 1), 1, date(2027, 12, 1)),
        (date(2026, 11, 30), 2, date(2028, 12, 1)),
        (date(2026, 12, 1), 5, date(2032, 1, 1)),
        (date(2028, 2, 29), 1, date(2029, 3, 1)),
    ],
)
def test_term_is_full_and_ends_on_a_first(day: date, years: int, expected: date) -> None:
    """
    All that is made in one month for as many years ends together.
    """
    assert years in retention.TERMS
    assert retention.ends_on(day, years=years) == expected


def test_live_status_is_the_platforms_latest_word_and_else_the_delivery() -> None:
    """
    Every finding has its status; a platform may speak before it has confirmed.
    """
    for is_delivered in (False, True):
        found = {live_status(finding=value, is_delivered=is_delivered) for value in FeedbackValue}
        assert found == {"checking", "blocked", "not_covered"}
    assert live_status(finding=None, is_delivered=False) == "waiting"
    assert live_status(finding=None, is_delivered=True) == "delivered"


@pytest.mark.parametrize("is_confirmed", [False, True])
@pytest.mark.parametrize("was_told", [False, True])
@pytest.mark.parametrize("was_there", [False, True])
def test_ended_status_asks_only_those_who_may_have_it(
    *, was_there: bool, was_told: bool, is_confirmed: bool
) -> None:
    """
    Something is missing from a platform exactly when it was there, was told and has not confirmed.
    """
    status = ended_status(was_there=was_there, was_told=was_told, is_confirmed=is_confirmed)
    assert (status == "ending") is (was_there and was_told and not is_confirmed)
    assert (status == "not_concerned") is (not was_there)
    assert (status == "ended") is (was_there and is_confirmed)


def test_matching_of_a_video_needs_its_frames() -> None:
    """
    A picture is found by copies everywhere, a video only where its frames are known.
    """
    for has_frames in (False, True):
        assert matching(SignalType.PDQ, has_frames=has_frames) == "copies"
        assert matching(SignalType.VIDEO_MD5, has_frames=has_frames) == "file"
    assert matching(SignalType.VPDQ, has_frames=True) == "copies"
    assert matching(SignalType.VPDQ, has_frames=False) == "file"


def test_hash_value_reads_either_case_of_the_wire() -> None:
    """
    Hexadecimal in capitals means the same hash.
    """
    text = "0123456789abcdef" * 4
    assert hash_value(SignalType.PDQ, text) == hash_value(SignalType.PDQ, text.upper())
    assert len(hash_value(SignalType.VIDEO_MD5, "AB" * 16).value) == 16


@pytest.mark.parametrize(
    ("signal_type", "text"),
    [
        (SignalType.PDQ, "0" * 64),
        (SignalType.PDQ, "f" * 64),
        (SignalType.PDQ, "0" * 63 + "1"),
        (SignalType.PDQ, "ab" * 16),
        (SignalType.VIDEO_MD5, "ab" * 32),
        (SignalType.VIDEO_MD5, "zz" * 16),
        (SignalType.VIDEO_MD5, "ab " * 10 + "ab"),
        (SignalType.VIDEO_MD5, "ab" * 16 + "\n"),
    ],
)
def test_hash_value_when_meaningless_is_refused(signal_type: SignalType, text: str) -> None:
    """
    Flat pictures' hashes, and hashes of another length, are never listed.
    """
    with pytest.raises(InvalidHash):
        hash_value(signal_type, text)
