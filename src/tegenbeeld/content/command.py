"""
`tegenbeeld content check`: is what people read whole, in all languages, and not too old?
"""

import argparse
from datetime import UTC, datetime

from tegenbeeld.content import checking

USUAL_DAYS = 180
LONGEST_DAYS = 36_500


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """
    Describe the command.
    """
    content = commands.add_parser("content", help="what people read on the pages")
    content_commands = content.add_subparsers(required=True, metavar="COMMAND")
    check = content_commands.add_parser(
        "check",
        help="shape, languages and age of the data files",
        description=(
            "Reads every data file: platforms, support lines, laws, facts, articles, the plan. "
            "Says which break a rule, and what no person has verified, or not for long. Exit code "
            "1 when a rule is broken."
        ),
    )
    check.add_argument(
        "--older-than",
        type=_days,
        default=USUAL_DAYS,
        metavar="DAYS",
        help=f"what was verified before that is named (default: {USUAL_DAYS})",
    )
    check.add_argument("--list", action="store_true", help="name what nobody has verified, too")
    check.set_defaults(run=_check)


def _check(arguments: argparse.Namespace) -> int:
    problems = checking.broken()
    for problem in problems:
        print(problem)
    if problems:
        return 1
    today = datetime.now(UTC).date()
    for shelf in checking.shelves():
        unverified, stale = shelf.unverified(), shelf.stale(today, days=arguments.older_than)
        print(
            f"{shelf.name}: {len(shelf.items)}; verified by a person: "
            f"{len(shelf.items) - len(unverified)}; too long ago: {len(stale)}"
        )
        for name in [*stale, *(unverified if arguments.list else [])]:
            print(f"  {name}")
    print("Every file has its shape, and all four languages.")
    return 0


def _days(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= LONGEST_DAYS):
        raise argparse.ArgumentTypeError(f"must be a whole number from 1 to {LONGEST_DAYS}")
    return int(text)
