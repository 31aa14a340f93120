"""
What becomes of the warnings that Pillow gives while it looks at the head of a file.
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from PIL import Image

# Filters for warnings belong to the whole process: one thread at a time may change them.
_FILTERS = Lock()


@contextmanager
def own_warnings() -> Iterator[None]:
    """
    Let warnings mean the same, whatever the host program makes of them.

    Too many pixels is an error, so that it stays with us: a frame of a GIF may be larger than the
    header says. Damaged notes beside the pixels are nothing to tell anybody.

    Not for decoding: it lets one thread pass at a time.
    """
    with _FILTERS, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        yield
