"""
How one protection stands at one platform, in one word, and what that platform can recognise.
"""

from enum import StrEnum

from tegenbeeld.wire.native import FeedbackValue, SignalType


class PlatformStatus(StrEnum):
    """
    Where one protection stands at one platform.
    """

    WAITING = "waiting"
    """The platform has not fetched the hash yet."""
    DELIVERED = "delivered"
    """It has confirmed that it looks out for the hash."""
    CHECKING = "checking"
    """It found a possible copy, and people there are looking at it."""
    BLOCKED = "blocked"
    """It stopped a copy."""
    NOT_COVERED = "not_covered"
    """People there looked at a possible copy, and its rules do not cover it."""
    ENDING = "ending"
    """The protection has ended, and the platform has not confirmed that yet."""
    ENDED = "ended"
    """It has confirmed the end."""
    NEVER_HAD = "never_had"
    """The protection ended before any platform was told: there is nothing to confirm."""
    NOT_CONCERNED = "not_concerned"
    """The platform joined after the protection had ended."""


class Matching(StrEnum):
    """
    What a platform recognises with what it fetched.
    """

    COPIES = "copies"
    """Copies that look alike, also made smaller or stored anew."""
    FILE = "file"
    """The very same file only: it knows a video by its MD5 alone."""


FOUND = {
    FeedbackValue.PENDING_REVIEW: PlatformStatus.CHECKING,
    FeedbackValue.BLOCKED: PlatformStatus.BLOCKED,
    FeedbackValue.NOT_BLOCKED: PlatformStatus.NOT_COVERED,
}


def live_status(*, finding: FeedbackValue | None, is_delivered: bool) -> PlatformStatus:
    """
    The status of a protection that counts.

    Args:
        finding: The platform's latest word on an upload that matched, or None. It holds also
            where the platform has not confirmed the delivery yet.
        is_delivered: Whether it has.
    """
    if finding is not None:
        return FOUND[finding]
    return PlatformStatus.DELIVERED if is_delivered else PlatformStatus.WAITING


def ended_status(*, was_there: bool, was_told: bool, is_confirmed: bool) -> PlatformStatus:
    """
    The status of a protection that has ended.

    Args:
        was_there: Whether the platform took part before the end.
        was_told: Whether the protection was ever listed.
        is_confirmed: Whether the platform has confirmed the end.
    """
    if not was_there:
        return PlatformStatus.NOT_CONCERNED
    if is_confirmed:
        return PlatformStatus.ENDED
    return PlatformStatus.ENDING if was_told else PlatformStatus.NEVER_HAD


def matching(signal_type: SignalType, *, has_frames: bool) -> Matching:
    """
    What a platform recognises that has fetched a hash.

    Args:
        signal_type: Of the hash.
        has_frames: Whether the platform fetched it through the door that tells the frames of
            videos.
    """
    is_alike = signal_type is SignalType.PDQ or (signal_type is SignalType.VPDQ and has_frames)
    return Matching.COPIES if is_alike else Matching.FILE
