"""
Sandboxes for tests.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tegenbeeld.media.sandbox import Limits, Sandbox

JOB = "testing.sandbox_jobs:do"

QUICK = Limits(seconds=5, cpu_seconds=0.5, memory_bytes=512 * 1024**2)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """
    One sandbox with one worker and short limits, for many tests: each leaves it in order.
    """
    with Sandbox(JOB, workers=1, waiting=100, limits=QUICK) as one:
        yield one


@pytest.fixture
def processes() -> Callable[[], set[int]]:
    """
    Lists the living descendants of this process.
    """

    def find() -> set[int]:
        found = {os.getpid()}
        parents = dict(_parents())
        for _ in range(4):
            found |= {pid for pid, parent in parents.items() if parent in found}
        return found - {os.getpid()}

    return find


def _parents() -> Iterator[tuple[int, int]]:
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
            except OSError:
                continue
            if state not in "ZX":
                yield int(folder.name), int(parent)
