"""
How many threads the decoders start.
"""

import pi_heif
from PIL import AvifImagePlugin


def use_one_thread() -> None:
    """
    Let AVIF be decoded in the calling thread, and HEIC with as few threads as its decoder can.

    For a process that reads one picture at a time beside others that do the same: threads would
    only take the cores from each other. It changes how the whole process decodes AVIF and HEIC,
    and is therefore left to whoever owns the process. HEIC keeps one thread beside the caller's:
    a process that may start none dies of a HEIC file.
    """
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    pi_heif.options.DECODE_THREADS = 1
