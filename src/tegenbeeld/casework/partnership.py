"""
What a partner may be and hold.
"""

from enum import StrEnum
from hashlib import sha256


class PartnerState(StrEnum):
    """
    Where a partner stands.
    """

    LIVE = "live"
    SUSPENDED = "suspended"


class KeyPurpose(StrEnum):
    """
    What one key opens. The last three are the endpoints of the StopNCII-compatible door.
    """

    NATIVE = "native"
    SUBSCRIPTION = "subscription"
    FETCH_HASHES = "FetchHashes"
    SUBMIT_HASHES = "SubmitHashes"
    SUBMIT_FEEDBACK = "SubmitFeedback"


def key_digest(key: str) -> bytes:
    """
    What is kept of a key: 32 bytes. A key carries 256 random bits, so a plain digest is enough.
    """
    return sha256(key.encode()).digest()
