"""
The job of bench/hostile.py: a file to its PDQ hash, as a platform has it done.
"""

import os

from tegenbeeld import media, pdq

BREAKS = b"tegenbeeld bench: "
"""
What files start with that break the decoder, since few of the known ones do.
"""


def look(content: bytes, options: bytes) -> bytes:
    """
    Decode and hash one file.

    Returns:
        Hash, 64 hexadecimal digits, and quality.
    """
    del options
    if content.startswith(BREAKS):
        _break(content.removeprefix(BREAKS))
    hashed = pdq.hash_rgb(media.read_pixels(content))
    return f"{hashed.hash.hex()} {hashed.quality}".encode()


def _break(how: bytes) -> None:
    if how == b"crash":
        os.abort()
    kept = []
    while True:
        if how == b"memory":
            kept.append(bytes(64 * 1024 * 1024))
