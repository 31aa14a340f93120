"""
The clock: what happens on the node without anybody asking.

One thread beside the web requests. Everything it does may safely be done twice, or by two
processes at once: the database decides who comes first.
"""

import logging
from collections.abc import Callable
from datetime import UTC, date, datetime
from threading import Event, Thread

from django.db import DatabaseError, close_old_connections

from tegenbeeld.server.actions import entries, expiry, publication

logger = logging.getLogger("tegenbeeld.clock")

DAILY: tuple[Callable[..., int], ...] = (
    expiry.expire,
    entries.erase_withdrawn,
    entries.forget_ended_protections,
)


class Clock:
    """
    Publishes every few seconds, and does the daily work once a day.
    """

    def __init__(self, *, publish_every_seconds: float) -> None:
        self._publish_every_seconds = publish_every_seconds
        self._stopped = Event()
        self._daily_work_done_on: date | None = None
        self._thread = Thread(target=self._run, name="clock", daemon=True)

    def start(self) -> None:
        """
        Begin, in a thread of its own.
        """
        self._thread.start()

    def stop(self) -> None:
        """
        Finish what is being done, and end.
        """
        self._stopped.set()
        self._thread.join()

    def tick(self, now: datetime) -> None:
        """
        Do what is due.

        Args:
            now: Aware.
        """
        today = now.astimezone(UTC).date()
        if self._daily_work_done_on != today:
            for work in DAILY:
                work(today=today)
            self._daily_work_done_on = today
        while publication.publish(on=today) == publication.BATCH:
            pass

    def _run(self) -> None:
        while not self._stopped.wait(self._publish_every_seconds):
            close_old_connections()
            try:
                self.tick(datetime.now(UTC))
            except DatabaseError as error:
                # The database may be busy or away for a while: the next round tries again.
                logger.error("The clock missed a round: %s", type(error).__name__)
