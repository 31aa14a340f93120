"""
The command `tegenbeeld`: finds the command that was asked for and runs it.

Mistakes that we expect are one sentence on stderr and exit code 2, never a stack trace.
"""

import argparse
import os
import sys
from collections.abc import Sequence

from tegenbeeld import __version__
from tegenbeeld.content import command as content
from tegenbeeld.errors import TegenbeeldError
from tegenbeeld.kit.commands import COMMANDS
from tegenbeeld.sidecar import command as serve

SERVER_PACKAGES = frozenset({"cryptography", "django", "granian", "whitenoise"})
"""What `pip install 'tegenbeeld[server]'` brings; a platform does without."""

FAILED = 2
INTERRUPTED = 130
"""128 + SIGINT, as shells count."""
READER_LEFT = 141
"""128 + SIGPIPE."""


def main(arguments: Sequence[str] | None = None) -> int:
    """
    Run one command.

    Args:
        arguments: Without the program's name; None for those of this process.

    Returns:
        The exit code: 0, 1 if some of the work could not be done, 2 if none of it.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        chosen = _parser(with_node=words[:1] == ["node"]).parse_args(words)
        exit_code: int = chosen.run(chosen)
        sys.stdout.flush()
    except TegenbeeldError as error:
        return _fail(error.message)
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if words[:1] == ["serve"] and missing in serve.PACKAGES:
            return _fail(
                "The sidecar needs a server. Install it: pip install 'tegenbeeld[sidecar]'."
            )
        if missing not in SERVER_PACKAGES:
            raise
        return _fail(
            "The node needs more than a platform does. Install it: "
            "pip install 'tegenbeeld[server]'."
        )
    except BrokenPipeError:
        # Whoever read our output has seen enough. Python would complain when it closes stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return READER_LEFT
    except KeyboardInterrupt:
        return INTERRUPTED
    return exit_code


def _parser(*, with_node: bool) -> argparse.ArgumentParser:
    """
    The parser of all commands.

    Args:
        with_node: Whether to load the node's own commands, which a platform need not have.
    """
    parser = argparse.ArgumentParser(
        prog="tegenbeeld",
        description="Recognise intimate images that must not spread, by their hashes.",
    )
    parser.add_argument("--version", action="version", version=f"tegenbeeld {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for command in (*COMMANDS, serve, content):
        command.add_parser(commands)
    if with_node:
        from tegenbeeld.server.conf import commands as node

        node.add_parser(commands)
    else:
        commands.add_parser("node", help="run a node: see `tegenbeeld node --help`")
    return parser


def _fail(message: str) -> int:
    print(f"tegenbeeld: {message}", file=sys.stderr)
    return FAILED


if __name__ == "__main__":
    sys.exit(main())
