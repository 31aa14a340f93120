"""
A hash on its way to the list: its bytes and how they were made.
"""

import re
from typing import NamedTuple

from tegenbeeld.errors import InvalidHash
from tegenbeeld.pdq import PdqHash
from tegenbeeld.wire.native import SignalType

EMPTY_FILE = "d41d8cd98f00b204e9800998ecf8427e"
"""MD5 of no bytes. Source: RFC 1321, A.5."""

MD5_TEXT = re.compile("[0-9a-fA-F]{32}")


class HashValue(NamedTuple):
    """
    A hash that may be listed.

    Attributes:
        signal_type: How it was made.
        value: 32 bytes for PDQ, 16 for MD5.
    """

    signal_type: SignalType
    value: bytes


def hash_value(signal_type: SignalType, text: str) -> HashValue:
    """
    Read a hash that somebody wants to see listed.

    Args:
        signal_type: How it was made.
        text: 64 hexadecimal digits for PDQ, 32 for MD5, in either case.

    Raises:
        InvalidHash: Of another length, or a PDQ hash so degenerate that it means nothing.
    """
    match signal_type:
        case SignalType.PDQ:
            pdq = PdqHash.from_hex(text.lower())
            if pdq.is_degenerate():
                raise InvalidHash(
                    "This hash has almost only zeros or ones, as a flat picture gives. It would "
                    "match pictures that are not alike, so it cannot be listed."
                )
            return HashValue(signal_type, pdq.value)
        case SignalType.VIDEO_MD5:
            if MD5_TEXT.fullmatch(text) is None:
                raise InvalidHash("An MD5 hash has 32 hexadecimal digits, and nothing else.")
            if text.lower() == EMPTY_FILE:
                raise InvalidHash("This is the hash of an empty file. It cannot be listed.")
            return HashValue(signal_type, bytes.fromhex(text))
