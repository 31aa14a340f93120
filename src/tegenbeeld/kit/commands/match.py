"""
`tegenbeeld match PATH_OR_HASH...`: what each matches on a list, one JSON object per query.
"""

import argparse
import re
from pathlib import Path
from typing import TYPE_CHECKING

from tegenbeeld.errors import InvalidHash, MediaError
from tegenbeeld.kit.commands.output import print_line
from tegenbeeld.kit.commands.subparsers import Subparsers

if TYPE_CHECKING:
    from tegenbeeld.kit.matcher import Matcher
    from tegenbeeld.kit.matches import Match

LARGEST_DISTANCE = 31
"""Inclusive. The same as `pdq.MAX_DISTANCE`, which would bring numpy with it (a test compares)."""

_PDQ = re.compile(r"[0-9a-fA-F]{64}")
_MD5 = re.compile(r"[0-9a-fA-F]{32}")
_MEANT_AS_HASH = re.compile(r"\s*[0-9A-Za-z]{24,}\s*")
"""What nobody would call a file: somebody cut off a hash, or copied too much."""


def add_parser(commands: Subparsers) -> None:
    """
    Describe the command.
    """
    parser = commands.add_parser(
        "match",
        help="look pictures, videos or hashes up on a list",
        description=(
            "Print one JSON object per query, in order: path or hash, and matches, nearest "
            "first; or error, and the exit code is 1. A picture is looked up whole, turned, "
            "mirrored, and without frames, bars or screens around it; a video as a whole and in "
            "part."
        ),
    )
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--store", type=Path, metavar="DIR", help="the list that sync keeps")
    where.add_argument(
        "--list", type=Path, metavar="FILE", dest="list_file", help="lines of `tegenbeeld hash`"
    )
    parser.add_argument(
        "--max-distance",
        type=_distance,
        default=LARGEST_DISTANCE,
        metavar="N",
        help="most bits that may differ in a picture, inclusive: 0 to "
        f"{LARGEST_DISTANCE} (default: {LARGEST_DISTANCE})",
    )
    parser.add_argument(
        "queries",
        nargs="+",
        metavar="PATH_OR_HASH",
        help="a picture or video; or a PDQ hash of 64 digits, or the MD5 of a video of 32",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """
    Look each query up in turn.

    Returns:
        0, or 1 if a query could not be looked up.
    """
    from tegenbeeld.errors import StoreError
    from tegenbeeld.kit.list_file import read_list
    from tegenbeeld.kit.matcher import Matcher
    from tegenbeeld.kit.store import Store

    if arguments.store is None:
        entries = read_list(arguments.list_file)
        matcher = Matcher(entries, max_distance=arguments.max_distance)
        return _match_all(matcher, arguments.queries)
    with Store(arguments.store) as store:
        if store.cursor == 0:
            raise StoreError(
                f"The list in {arguments.store} was never fetched, so nothing can match. Fetch it: "
                f"tegenbeeld sync --store {arguments.store}"
            )
        matcher = Matcher(store, max_distance=arguments.max_distance)
        return _match_all(matcher, arguments.queries)


def _match_all(matcher: "Matcher", queries: list[str]) -> int:
    exit_code = 0
    for query in queries:
        kind, value = _understood(query)
        try:
            matches = _matches(matcher, kind, value)
        except (MediaError, InvalidHash) as error:
            print_line({kind: value, "error": error.message})
            exit_code = 1
        else:
            print_line({kind: value, "matches": [_fields(match) for match in matches]})
    return exit_code


def _understood(query: str) -> tuple[str, str]:
    """
    Tell a hash from a path. A file that is there wins over a hash that looks like its name.
    """
    is_hash = _PDQ.fullmatch(query) or _MD5.fullmatch(query)
    if is_hash and not Path(query).exists():
        return "hash", query.lower()
    return "path", query


def _matches(matcher: "Matcher", kind: str, value: str) -> "list[Match]":
    from tegenbeeld.pdq import PdqHash

    if kind == "path" and _MEANT_AS_HASH.fullmatch(value) and not Path(value).exists():
        raise InvalidHash(
            f"There is no file with this name, and it is no hash either. It has {len(value)} "
            "characters; a PDQ hash has 64 digits, 0 to 9 and a to f, and the MD5 of a video 32."
        )
    if kind == "path":
        return matcher.match_file(Path(value))
    if _MD5.fullmatch(value):
        return matcher.match_md5(value)
    return matcher.match_hash(PdqHash.from_hex(value))


def _fields(match: "Match") -> dict[str, object]:
    """
    What is printed of a match. Not the listed hash: output ends up in logs.
    """
    fields: dict[str, object] = {
        "id": match.id,
        "found": match.found,
        "distance": match.distance,
        "view": match.view,
        "orientation": match.orientation,
    }
    others = {
        "at_ms": match.at_ms,
        "agreed": match.agreed,
        "compared": match.compared,
        "provenance": match.provenance,
    }
    return fields | {name: value for name, value in others.items() if value is not None}


def _distance(text: str) -> int:
    if not text.isdecimal() or int(text) > LARGEST_DISTANCE:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a whole number from 0 to {LARGEST_DISTANCE}"
        )
    return int(text)
