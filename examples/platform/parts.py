"""
The parts that the pages work with, put together once in `serve.py`.
"""

from typing import NamedTuple, cast

from checks import Checks
from flask import Flask, current_app
from uploads import Uploads
from videos import VideoChecks
from worker import Worker


class Parts(NamedTuple):
    """
    What a page may use.
    """

    uploads: Uploads
    checks: Checks
    worker: Worker
    video_checks: VideoChecks


def install(app: Flask, given: Parts) -> None:
    """
    Give *app* its parts.
    """
    app.extensions["parts"] = given


def parts() -> Parts:
    """
    The parts of the application that answers this request.
    """
    return cast("Parts", current_app.extensions["parts"])
