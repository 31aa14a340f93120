"""
Options that several commands have, and the numbers in them.
"""

import argparse
from pathlib import Path


def add_store(parser: argparse.ArgumentParser) -> None:
    """
    Add `--store DIR`.
    """
    parser.add_argument("--store", type=Path, required=True, metavar="DIR", help="your list")


def add_credentials(parser: argparse.ArgumentParser) -> None:
    """
    Add `--credentials FILE`.
    """
    parser.add_argument(
        "--credentials",
        type=Path,
        metavar="FILE",
        help="what the node printed for you; needed the first time, kept in DIR afterwards",
    )


def number(text: str, *, least: float, most: float) -> float:
    """
    Read a number; both bounds are inclusive.

    Raises:
        argparse.ArgumentTypeError: It is none, or outside the bounds.
    """
    try:
        found = float(text)
    except ValueError:
        found = float("nan")
    if not least <= found <= most:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from {least:g} to {most:g}")
    return found
