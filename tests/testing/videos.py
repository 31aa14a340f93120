"""
Videos of nobody: an MD5 and frames that no camera took.
"""

import secrets
from typing import Any

from tegenbeeld.pdq import PdqHash
from tegenbeeld.wire.video import Frame, encode_frames
from testing.people import random_hash


def random_md5() -> str:
    """
    The MD5 of no file, as lower-case hexadecimal.
    """
    return secrets.token_hex(16)


def random_frames(count: int = 5) -> str:
    """
    One frame a second, each unlike the others, as they are written on the wire.
    """
    return encode_frames(
        [Frame(PdqHash.from_hex(random_hash()), 90, 1000 * second) for second in range(count)]
    )


def video(md5: str | None = None, frames: str | None = None) -> dict[str, Any]:
    """
    What a browser sends of a video beside its token.
    """
    return {
        "signal_type": "vpdq",
        "hash": md5 or random_md5(),
        "frames": frames or random_frames(),
    }
