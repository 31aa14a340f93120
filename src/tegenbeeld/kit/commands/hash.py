"""
`tegenbeeld hash PATH...`: the hash of each picture, one JSON object per line.
"""

import argparse
from pathlib import Path

from tegenbeeld.errors import MediaError
from tegenbeeld.kit.commands.output import print_line
from tegenbeeld.kit.commands.subparsers import Subparsers


def add_parser(commands: Subparsers) -> None:
    """
    Describe the command.
    """
    parser = commands.add_parser(
        "hash",
        help="hash pictures",
        description=(
            "Print one JSON object per file: path, media, algorithm, hash and quality. A file "
            "that cannot be hashed gives path and error; the others are still hashed, and the "
            "exit code is 1."
        ),
    )
    parser.add_argument(
        "--exact",
        action="store_true",
        help="decode every picture at full size, as the person's browser does. Without it a large "
        "one is decoded smaller, many times faster, and its hash may be a few bits from that",
    )
    parser.add_argument("paths", nargs="+", metavar="PATH", help="a picture")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """
    Hash each file in turn.

    Returns:
        0, or 1 if a file could not be hashed.
    """
    from tegenbeeld.kit.pictures import hash_file

    exit_code = 0
    for path in arguments.paths:
        try:
            hashed = hash_file(Path(path), exact=arguments.exact)
        except MediaError as error:
            print_line({"path": path, "error": error.message})
            exit_code = 1
        else:
            print_line(
                {
                    "path": path,
                    "media": "image",
                    "algorithm": "pdq",
                    "hash": hashed.hash.hex(),
                    "quality": hashed.quality,
                }
            )
    return exit_code
