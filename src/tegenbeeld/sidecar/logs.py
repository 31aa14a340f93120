"""
What the sidecar tells of itself: one JSON object per line on stderr.

Never a hash, an address, a file name of a picture or anything else that a request brought.
"""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from typing import Any

CONFIGURATION: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": "tegenbeeld.sidecar.logs.Lines"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "stream": "ext://sys.stderr",
            "formatter": "lines",
        }
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"_granian": {"handlers": ["stderr"], "level": "WARNING", "propagate": False}},
}
"""Sends the warnings of the kit and of the HTTP server the same way."""


class Lines(logging.Formatter):
    """
    Turns a record of Python's logging into a line.
    """

    def format(self, record: logging.LogRecord) -> str:
        """
        The record as one JSON object.
        """
        return _line("warning", {"message": record.getMessage(), "from": record.name})


def write(event: str, **fields: object) -> None:
    """
    Write one line.

    Args:
        event: What happened, in a word or two.
        fields: About it. Nothing that came with a request.
    """
    sys.stderr.write(_line(event, fields) + "\n")
    sys.stderr.flush()


def write_failure(event: str, error: BaseException) -> None:
    """
    Write what went wrong that should not have, and where.

    The text of the error stays out: it may quote what a request brought.
    """
    frames = traceback.extract_tb(error.__traceback__)
    where = [f"{frame.name}:{frame.lineno}" for frame in frames[-5:]]
    write(event, kind=type(error).__name__, where=where)


def _line(event: str, fields: dict[str, object]) -> str:
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    return json.dumps({"at": at, "event": event, **fields})
