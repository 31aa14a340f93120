"""
Say in plain words what this machine lacks, before anything is installed.

Runs on whatever Python there is, so it uses nothing new.
"""

import shutil
import subprocess
import sys
from collections.abc import Iterator

PYTHON = (3, 11)
NODE = 20


def complaints() -> "Iterator[str]":
    """
    One sentence for each thing that is missing.
    """
    if sys.version_info < PYTHON:
        yield "Python 3.11 or newer is needed. Name it with: make setup PYTHON=python3.11"
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        yield "Python's venv module is missing. On Debian: apt install python3-venv"
    node = shutil.which("node")
    if node is None or not shutil.which("npm"):
        yield "Node.js 20 or newer with npm is needed. See nodejs.org"
    elif _node_major(node) < NODE:
        yield "Node.js 20 or newer is needed; this machine has an older one. See nodejs.org"


def _node_major(node: str) -> int:
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True)
    return int(version.stdout.lstrip("v").split(".")[0])


if __name__ == "__main__":
    found = list(complaints())
    for complaint in found:
        print(complaint, file=sys.stderr)
    sys.exit(1 if found else 0)
