"""
`tegenbeeld serve --store DIR`: answer what uploads match, over HTTP, with a list that stays new.
"""

import argparse
import os
from pathlib import Path

from tegenbeeld.kit.commands.arguments import add_credentials, add_store, number
from tegenbeeld.kit.commands.subparsers import Subparsers
from tegenbeeld.kit.credentials import FILE_NAME, read_credentials
from tegenbeeld.kit.store import Store

PACKAGES = frozenset({"granian", "multipart", "prometheus_client"})
"""What `pip install 'tegenbeeld[sidecar]'` brings."""

LOOPBACK = "127.0.0.1"
USUAL_PORT = 8200
USUAL_PAUSE_S = 10.0
HIGHEST_PORT = 65_535
MOST_THREADS = 256
LONGEST_PAUSE_S = 3600.0
"""Inclusive."""


def add_parser(commands: Subparsers) -> None:
    """
    Describe the command.
    """
    parser = commands.add_parser(
        "serve",
        help="answer what uploads match, over HTTP",
        description=(
            "Answer POST /v1/match with the list in DIR, and keep that up to date. See also "
            "/healthz, /readyz, /metrics and /v1/openapi.json. Writes one JSON object per line on "
            "stderr."
        ),
    )
    add_store(parser)
    add_credentials(parser)
    parser.add_argument(
        "--host",
        default=LOOPBACK,
        help=f"the address to listen on (default: {LOOPBACK}, which only this machine reaches)",
    )
    parser.add_argument("--port", type=_port, default=USUAL_PORT, help=f"default: {USUAL_PORT}")
    parser.add_argument(
        "--token-file",
        type=Path,
        metavar="FILE",
        help="holds the token that requests must bring; required where others can reach it",
    )
    parser.add_argument(
        "--no-sync",
        action="store_true",
        help="never ask the node; follow what another process writes, such as sync --watch",
    )
    parser.add_argument(
        "--sync-every",
        type=_seconds,
        default=USUAL_PAUSE_S,
        metavar="SECONDS",
        help=f"look at the node again after this many seconds (default: {USUAL_PAUSE_S:g})",
    )
    parser.add_argument(
        "--threads",
        type=_threads,
        metavar="N",
        help="requests with hashes that are taken in at once (default: 16, or eight for each core)",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """
    Serve until interrupted.
    """
    from tegenbeeld.sidecar import server
    from tegenbeeld.sidecar.settings import Settings

    token = None if arguments.token_file is None else server.read_token(arguments.token_file)
    _check_store(arguments)
    server.check_address(arguments.host, arguments.port, has_token=token is not None)
    cores = os.cpu_count() or 1
    server.serve(
        Settings(
            store=arguments.store,
            host=arguments.host,
            port=arguments.port,
            token=token,
            sync_every_s=None if arguments.no_sync else arguments.sync_every,
            hash_threads=arguments.threads or max(16, 8 * cores),
            picture_threads=max(1, cores - 1),
            video_threads=max(1, cores // 2),
        )
    )
    return 0


def _check_store(arguments: argparse.Namespace) -> None:
    """
    Find out now what would only show in the log later.
    """
    if arguments.credentials is not None:
        given = read_credentials(arguments.credentials)
        with Store.create(arguments.store) as store:
            store.save_credentials(given)
    if not arguments.no_sync:
        # First, so that a wrong folder is not filled with an empty list.
        read_credentials(arguments.store / FILE_NAME)
        Store.create(arguments.store).close()
    with Store(arguments.store) as store:
        if not arguments.no_sync:
            store.become_writer()


def _port(text: str) -> int:
    return int(number(text, least=1, most=HIGHEST_PORT))


def _threads(text: str) -> int:
    return int(number(text, least=1, most=MOST_THREADS))


def _seconds(text: str) -> float:
    return number(text, least=0.1, most=LONGEST_PAUSE_S)
