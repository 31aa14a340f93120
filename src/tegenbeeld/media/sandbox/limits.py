"""
What one file may cost.
"""

from dataclasses import dataclass

from tegenbeeld.media.limits import MAX_BYTES


@dataclass(frozen=True, kw_only=True)
class Limits:
    """
    The bounds of a worker. All are inclusive.

    Attributes:
        seconds: From handing over a file to its answer, by the clock on the wall.
        cpu_seconds: Processor time for one file.
        memory_bytes: Address space of a worker: Python, the decoders, the file and its pixels.
        content_bytes: Size of a file.
        options_bytes: Size of what is said to the job besides.
        files: So many files, then the worker is replaced.
        answer_bytes: Size of what a job answers. Hashes are small; pictures stay inside.
    """

    seconds: float = 15.0
    cpu_seconds: float = 10.0
    memory_bytes: int = 2 * 1024**3
    content_bytes: int = MAX_BYTES
    options_bytes: int = 64 * 1024
    files: int = 200
    answer_bytes: int = 64 * 1024
