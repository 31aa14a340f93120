"""
What the commands print: one JSON object per line.
"""

import json


def print_line(fields: dict[str, object]) -> None:
    """
    Print one object, at once, so that a program that reads along need not wait.

    Plain ASCII: a file name may hold bytes that are no text, and must still come through.
    """
    print(json.dumps(fields), flush=True)
