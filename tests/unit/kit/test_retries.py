"""
How long the kit waits before it tries again.
"""

from datetime import timedelta

from tegenbeeld.kit.retries import Retries

RETRIES = Retries(first_delay=timedelta(seconds=1), longest_delay=timedelta(seconds=10))


def test_pause_when_the_node_says_nothing() -> None:
    """
    The bound doubles with each attempt and stops at the longest delay.
    """
    for attempt, bound_s in [(1, 1), (2, 2), (3, 4), (4, 8), (5, 10), (500, 10)]:
        pauses = [RETRIES.pause(attempt, asked_for=None) for _ in range(200)]
        assert timedelta(0) <= min(pauses)
        assert max(pauses) <= timedelta(seconds=bound_s)
        # Spread out: 200 draws that all fall into one half would be no jitter.
        assert max(pauses) > timedelta(seconds=bound_s / 2)
        assert min(pauses) < timedelta(seconds=bound_s / 2)


def test_pause_when_the_node_asks_for_one() -> None:
    """
    What the node asks for is honoured, up to the longest delay.
    """
    assert RETRIES.pause(1, asked_for=timedelta(seconds=7)) == timedelta(seconds=7)
    assert RETRIES.pause(1, asked_for=timedelta(days=2)) == timedelta(seconds=10)
