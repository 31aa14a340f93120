"""
`tegenbeeld sync --store DIR`: bring the list up to date, once or again and again.
"""

import argparse
import sys
import time
from typing import TYPE_CHECKING

from tegenbeeld.errors import NodeUnavailable
from tegenbeeld.kit.commands.arguments import add_credentials, add_store, number
from tegenbeeld.kit.commands.output import print_line
from tegenbeeld.kit.commands.subparsers import Subparsers
from tegenbeeld.kit.credentials import FILE_NAME, read_credentials
from tegenbeeld.kit.store import Store
from tegenbeeld.kit.sync import SyncReport, sync

if TYPE_CHECKING:
    from tegenbeeld.kit.exchange import Exchange

USUAL_PAUSE_S = 10.0
"""Between two looks at the node with `--watch`, in seconds."""

SHORTEST_PAUSE_S = 0.01
LONGEST_PAUSE_S = 86_400.0
"""Inclusive. A list that is older than a day misses people who were promised protection."""


def add_parser(commands: Subparsers) -> None:
    """
    Describe the command.
    """
    parser = commands.add_parser(
        "sync",
        help="fetch what is new on the list",
        description=(
            "Fetch what is new, keep it, and tell the node so. Prints one JSON object: added "
            "and withdrawn, the entries that came and went; cursor, the last change that was "
            "read; listed, how many there are now; refused, those with a hash that would match "
            "almost anything."
        ),
    )
    add_store(parser)
    add_credentials(parser)
    parser.add_argument(
        "--watch",
        type=_seconds,
        nargs="?",
        const=USUAL_PAUSE_S,
        metavar="SECONDS",
        help=f"stay, and look again after this many seconds (default: {USUAL_PAUSE_S:g}); "
        "prints a line whenever something changed",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """
    Sync once, or until interrupted.
    """
    from tegenbeeld.kit.exchange import Exchange

    # Read first, so that a wrong file name leaves no empty store behind.
    given = read_credentials(arguments.credentials or arguments.store / FILE_NAME)
    with Store.create(arguments.store) as store, Exchange(given) as exchange:
        if arguments.credentials is not None:
            # Kept only once the node takes them: keys that work are not given up for others.
            exchange.changes(after=0, limit=1)
            store.save_credentials(given)
        if arguments.watch is None:
            _print(sync(store, exchange))
        else:
            _watch(store, exchange, pause_s=arguments.watch)
    return 0


def _watch(store: Store, exchange: "Exchange", *, pause_s: float) -> None:
    is_first = True
    while True:
        try:
            report = sync(store, exchange)
        except NodeUnavailable as error:
            # A node that is away comes back; everything else needs somebody to look.
            print(f"tegenbeeld: {error.message}", file=sys.stderr, flush=True)
        else:
            if is_first or report.added or report.withdrawn or report.refused:
                _print(report)
            is_first = False
        time.sleep(pause_s)


def _print(report: SyncReport) -> None:
    print_line(dict(report._asdict()))


def _seconds(text: str) -> float:
    return number(text, least=SHORTEST_PAUSE_S, most=LONGEST_PAUSE_S)
