"""
The background thread that compares videos with the list: that may take a minute, so nobody waits.

A video is seen by nobody before that.
"""

import logging
import threading

from checks import Checks
from uploads import Uploads
from worker import Worker

from tegenbeeld.kit import MediaError, TegenbeeldError

PAUSE_S = 2.0
"""Before it is tried again what could not be looked at, in seconds."""

log = logging.getLogger("demonstration")


class VideoChecks(threading.Thread):
    """
    Checks one video after another until the process ends.
    """

    def __init__(self, checks: Checks, uploads: Uploads, worker: Worker) -> None:
        super().__init__(name="videos", daemon=True)
        self._checks = checks
        self._uploads = uploads
        self._worker = worker
        self._woken = threading.Event()

    def run(self) -> None:
        """
        Go round and round. After a restart it goes on with what still waits.
        """
        while True:
            try:
                self.go_round()
            except TegenbeeldError as error:
                # Nothing is published that was not looked at.
                log.warning("%s", error)
            self._woken.wait(PAUSE_S)
            self._woken.clear()

    def go_round(self) -> None:
        """
        Publish or hold each video that waits; delete what is none.
        """
        for upload in self._uploads.waiting():
            try:
                matches = self._checks.video_matches(self._uploads.path(upload.id))
            except MediaError as error:
                self._uploads.refuse(upload.id, problem=error.message)
                continue
            self._uploads.settle(upload.id, matches=matches)
            if matches:
                self._worker.wake()

    def wake(self) -> None:
        """
        Start the next round now: there is a video to check.
        """
        self._woken.set()
