"""
`tegenbeeld feedback --store DIR ID VALUE`: say what came of a match.
"""

import argparse
import re
import sys

from tegenbeeld.kit.commands.arguments import add_store
from tegenbeeld.kit.commands.output import print_line
from tegenbeeld.kit.commands.subparsers import Subparsers
from tegenbeeld.kit.store import Store
from tegenbeeld.wire.native import Feedback, FeedbackValue

_ID = re.compile(r"[0-9a-f]{32}")


def add_parser(commands: Subparsers) -> None:
    """
    Describe the command.
    """
    parser = commands.add_parser(
        "feedback",
        help="say what came of a match",
        description=(
            "Tell the node what your people decided. The person in the picture sees it, with the "
            "name of your platform and the day."
        ),
    )
    add_store(parser)
    parser.add_argument("id", type=_id, metavar="ID", help="the id that match printed")
    parser.add_argument(
        "value",
        choices=[value.value for value in FeedbackValue],
        metavar="VALUE",
        help="pending_review (held, waits for a person), blocked (intimate) or not_blocked",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """
    Send the feedback.

    Returns:
        0, or 1 if the node does not know the id.
    """
    from tegenbeeld.kit.exchange import Exchange

    feedback = Feedback(id=arguments.id, value=FeedbackValue(arguments.value))
    with Store(arguments.store) as store, Exchange(store.credentials()) as exchange:
        receipt = exchange.send_feedback([feedback])
    if receipt.unknown:
        print(
            f"tegenbeeld: the node has no entry {arguments.id} on your list. Use an id that "
            "`tegenbeeld match` printed with the same --store.",
            file=sys.stderr,
        )
        return 1
    print_line({"id": arguments.id, "value": arguments.value, "recorded": receipt.recorded})
    return 0


def _id(text: str) -> str:
    if not _ID.fullmatch(text):
        raise argparse.ArgumentTypeError(f"{text!r} is not an id; one has 32 digits, 0-9 and a-f")
    return text
