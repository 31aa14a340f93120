"""
The clock: what happens on the node without anybody asking.

One thread beside the web requests. Everything it does may safely be done twice, or by two
processes at once: the database decides who comes first.
"""

import logging
from collections.abc import Callable
from datetime import UTC, date, datetime
from threading import Thread
from time import sleep

from django.db import close_old_connections

from tegenbeeld.server.actions import entries, expiry, news, publication, storage

logger = logging.getLogger("tegenbeeld.clock")

DAILY: tuple[Callable[..., int], ...] = (
    expiry.expire,
    news.announce_ends,
    entries.erase_withdrawn,
    entries.forget_ended_protections,
)


class Clock:
    """
    Publishes every few seconds, and does the daily work once a day.

    Args:
        publish_every_seconds: How long it sleeps in between.
        mix_seconds: How long each request waits on average before it is published.
        mail_hours: Hours of the day, UTC, at which e-mails are written.
    """

    def __init__(
        self, *, publish_every_seconds: float, mix_seconds: float, mail_hours: range
    ) -> None:
        self._publish_every_seconds = publish_every_seconds
        self._mail_hours = mail_hours
        # A wait without memory, of that length on average: the rounds it lasts tell nothing.
        self._chance = 1 / (1 + mix_seconds / publish_every_seconds)
        self._daily_work_done_on: date | None = None

    def start(self) -> None:
        """
        Begin, in a thread that ends with the process.
        """
        Thread(target=self._run, name="clock", daemon=True).start()

    def tick(self, now: datetime) -> None:
        """
        Do what is due: first what people wait for, then the daily work.

        One part that fails keeps no other from being done; it is tried again at the next tick.

        Args:
            now: Aware.
        """
        today = now.astimezone(UTC).date()
        _attempt(_publish_all, on=today, chance=self._chance)
        _attempt(entries.erase_unlisted)
        if now.astimezone(UTC).hour in self._mail_hours:
            _attempt(news.write, today=today)
        _attempt(storage.empty_journal)
        if self._daily_work_done_on != today:
            done = [_attempt(work, today=today) for work in DAILY]
            self._daily_work_done_on = today if all(done) else None

    def _run(self) -> None:
        while True:
            sleep(self._publish_every_seconds)
            close_old_connections()
            self.tick(datetime.now(UTC))


def _publish_all(*, on: date, chance: float) -> None:
    while publication.publish(on=on, chance=chance) == publication.BATCH:
        pass


def _attempt(work: Callable[..., object], **how: object) -> bool:
    try:
        work(**how)
    except Exception as error:  # noqa: BLE001  (withdrawals must not wait for a restart)
        # The type alone: the text may hold what a person sent.
        logger.error("The clock could not %s: %s", work.__name__, type(error).__qualname__)
        return False
    return True
