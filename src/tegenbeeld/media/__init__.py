"""
Files to pixels: reads a picture within limits, or says plainly why it cannot.

Knows nothing of hashes. Bytes go in, an array comes out.
"""

from tegenbeeld.media.limits import MAX_BYTES, MAX_PIXELS, MAX_SIDE, MIN_SIDE
from tegenbeeld.media.pictures import read_pixels

__all__ = ["MAX_BYTES", "MAX_PIXELS", "MAX_SIDE", "MIN_SIDE", "read_pixels"]
