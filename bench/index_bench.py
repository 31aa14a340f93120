"""
What the benchmarks of the index have in common: sizes, a folder for a while, and their report.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

Figures = dict[str, float]

SIZES = {"100k": 100_000, "1M": 1_000_000, "10M": 10_000_000, "100M": 100_000_000}


def size_of(text: str) -> int:
    """
    Read 100k, 1M, 10M, 100M or a plain number.
    """
    return SIZES.get(text) or int(text)


def start_with(settings: dict[str, str]) -> None:
    """
    Start the program anew with these settings, unless it has them.

    Libraries read them when they are loaded, the C library when a process starts.
    """
    if any(os.environ.get(name) != value for name, value in settings.items()):
        os.execve(sys.executable, [sys.executable, *sys.argv], os.environ | settings)


def report(
    parser: argparse.ArgumentParser, measured: Callable[[argparse.Namespace, Path], Figures]
) -> None:
    """
    Measure in a folder that is deleted afterwards; print the figures.
    """
    parser.add_argument("--json", action="store_true", help="end with one JSON object")
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="index-"))
    try:
        figures = measured(arguments, folder)
    finally:
        shutil.rmtree(folder)
    for name, value in figures.items():
        print(f"{name:24} {value}")
    if arguments.json:
        print(json.dumps(figures))
