"""
What the decoders must have done before the worker is sealed.
"""

import importlib

from tegenbeeld.media.threads import use_one_thread

# What Pillow and Python import only when a file asks for it; afterwards it is too late.
_LATE = (
    "PIL.ImageColor",
    "PIL.ImageFilter",
    "PIL.ImagePalette",
    "PIL.ImageCms",
    "PIL.MpoImagePlugin",
    "PIL.TiffImagePlugin",
    "encodings.latin_1",
    "encodings.utf_16",
    "encodings.idna",
    "copy",
    "linecache",
    "mmap",
    "tempfile",
    "traceback",
    "tracemalloc",
)


def prepare() -> None:
    """
    Import what would be imported late, and keep every decoder to one thread.

    The pool already looks at as many files as there are processors.
    """
    for name in _LATE:
        importlib.import_module(name)
    use_one_thread()
