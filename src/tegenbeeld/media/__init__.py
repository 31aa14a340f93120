"""
Files to pixels: reads a picture within limits, or says plainly why it cannot.

Knows nothing of hashes. Bytes go in, an array comes out.
"""

from tegenbeeld.media.limits import MAX_BYTES, MAX_PIXELS, MAX_SIDE, MIN_SIDE
from tegenbeeld.media.pictures import Reduced, read_frames, read_luma, read_pixels, read_reduced
from tegenbeeld.media.threads import use_one_thread

__all__ = [
    "MAX_BYTES",
    "MAX_PIXELS",
    "MAX_SIDE",
    "MIN_SIDE",
    "Reduced",
    "read_frames",
    "read_luma",
    "read_pixels",
    "read_reduced",
    "use_one_thread",
]
