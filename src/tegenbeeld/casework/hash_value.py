"""
A hash on its way to the list: its bytes and how they were made.
"""

import re
from typing import NamedTuple

from tegenbeeld.errors import InvalidHash
from tegenbeeld.pdq import PdqHash
from tegenbeeld.wire.native import SignalType
from tegenbeeld.wire.video import decode_frames

EMPTY_FILE = "d41d8cd98f00b204e9800998ecf8427e"
"""MD5 of no bytes. Source: RFC 1321, A.5."""

MD5_BYTES = 16
MD5_TEXT = re.compile("[0-9a-fA-F]{32}")


class HashValue(NamedTuple):
    """
    A hash that may be listed.

    Attributes:
        signal_type: How it was made.
        value: 32 bytes for PDQ, 16 for MD5; for a video with frames the MD5, then the frames as
            `wire.video` writes them.
    """

    signal_type: SignalType
    value: bytes

    @property
    def told(self) -> str:
        """
        The hash as partners are told it: lower-case hexadecimal, of a video the MD5.
        """
        is_video = self.signal_type is SignalType.VPDQ
        return (self.value[:MD5_BYTES] if is_video else self.value).hex()

    @property
    def frames(self) -> str | None:
        """
        The frames of a video, as `wire.video` writes them; None without.
        """
        if self.signal_type is not SignalType.VPDQ:
            return None
        return self.value[MD5_BYTES:].decode("ascii")

    @property
    def md5(self) -> bytes | None:
        """
        The MD5 of the file of a video; None for a picture.
        """
        return None if self.signal_type is SignalType.PDQ else self.value[:MD5_BYTES]


def hash_value(signal_type: SignalType, text: str, frames: str | None = None) -> HashValue:
    """
    Read a hash that somebody wants to see listed.

    Args:
        signal_type: How it was made.
        text: 64 hexadecimal digits for PDQ, 32 for the MD5 of a video, in either case.
        frames: Of a video, as `wire.video` writes them; for `VPDQ` only.

    Raises:
        InvalidHash: Of another length, or a PDQ hash so degenerate that it means nothing.
        WireError: The frames are not written as they should be.
    """
    if (frames is None) == (signal_type is SignalType.VPDQ):
        raise InvalidHash("A video of the type vpdq comes with its frames, and nothing else does.")
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
            return HashValue(signal_type, _md5(text))
        case SignalType.VPDQ:
            decode_frames(frames or "")
            return HashValue(signal_type, _md5(text) + (frames or "").encode())


def _md5(text: str) -> bytes:
    if MD5_TEXT.fullmatch(text) is None:
        raise InvalidHash("An MD5 hash has 32 hexadecimal digits, and nothing else.")
    if text.lower() == EMPTY_FILE:
        raise InvalidHash("This is the hash of an empty file. It cannot be listed.")
    return bytes.fromhex(text)
