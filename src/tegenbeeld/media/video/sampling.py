"""
Which frames of a video are looked at: what is on display at each instant of an even grid.
"""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import TypeVar

Shown = TypeVar("Shown")


def milliseconds(ticks: int, time_base: Fraction) -> int:
    """
    Turn a number of ticks into milliseconds, to the nearest, halves up.

    Source:
        spec/video.md §2.
    """
    scaled = 2000 * ticks * time_base.numerator + time_base.denominator
    return scaled // (2 * time_base.denominator)


def on_display(
    frames: Iterable[tuple[int, Shown]], *, every_ms: int, end_ms: int
) -> Iterator[tuple[int, Shown]]:
    """
    Give what is on display at 0, *every_ms*, 2 · *every_ms* and so on.

    Args:
        frames: When each appears, in milliseconds after the first, and the frame; in that order.
            One that is earlier than the one before appears with it.
        every_ms: Above 0.
        end_ms: Nothing is given at or after this. More frames are then not asked for.

    Returns:
        The instant, and the last frame that appears at it or before. The last instant is not after
        the last frame appears, because files do not agree on how long that one stays.

    Source:
        spec/video.md §2.
    """
    instant = 0
    held: tuple[int, Shown] | None = None
    for at_ms, frame in frames:
        appears = at_ms if held is None else max(at_ms, held[0])
        while held is not None and instant < appears:
            if instant >= end_ms:
                return
            yield instant, held[1]
            instant += every_ms
        held = (appears, frame)
    while held is not None and instant <= held[0] and instant < end_ms:
        yield instant, held[1]
        instant += every_ms
