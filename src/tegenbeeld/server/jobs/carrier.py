"""
The mail carrier: hands in the mails that wait, until the mail server has taken them.

One thread beside the clock, so that a slow mail server keeps no withdrawal waiting. Of all
processes over one folder one carries at a time: the lock on a file goes with the process that
held it, however it ended. A mail is struck off once the server has taken it; a power cut between
the two sends it a second time, never not at all.
"""

import fcntl
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from smtplib import SMTP, SMTPResponseException
from threading import Thread
from time import sleep
from typing import NamedTuple

from django.db import close_old_connections

from tegenbeeld.server.actions import news
from tegenbeeld.server.jobs.letter import letter
from tegenbeeld.server.jobs.smtp import MailServer, Outcome, connected, hand_in

logger = logging.getLogger("tegenbeeld.mail")

LOOK_EVERY_SECONDS = 5
LONGEST_WAIT_SECONDS = 3600


class Office(NamedTuple):
    """
    How this node sends mail.

    Attributes:
        server: Where mails are handed in.
        sender: Who they come from: an address, or a name with one in angle brackets.
        site: `PUBLIC_URL`, for the link that stops the mails.
        hours: Hours of the day, UTC, at which mails are handed in: at night a phone that lights up
            is noticed.
        lock: File that is locked while mails are carried.
    """

    server: MailServer
    sender: str
    site: str
    hours: range
    lock: Path


class Carrier:
    """
    Carries what is due, and waits longer each time that something stays behind.
    """

    def __init__(self, office: Office) -> None:
        self._office = office
        self._failures = 0

    def start(self) -> None:
        """
        Begin, in a thread that ends with the process.
        """
        Thread(target=self._run, name="mail", daemon=True).start()

    def carry(self, *, now: datetime) -> bool:
        """
        Hand in all mails that wait.

        Args:
            now: In UTC.

        Returns:
            Whether none stays behind that could go now. Also true while another process carries.
        """
        if now.hour not in self._office.hours:
            return True
        with _locked(self._office.lock) as is_ours:
            return not is_ours or self._carry(news.due(today=now.date()))

    def _carry(self, mails: list[news.Mail]) -> bool:
        if not mails:
            return True
        try:
            with connected(self._office.server) as connection:
                outcomes = [_deliver(mail, connection, self._office) for mail in mails]
        except OSError as error:
            code = f" {error.smtp_code}" if isinstance(error, SMTPResponseException) else ""
            # Without its text, in which the server may repeat an address.
            logger.error("The mail server takes no mails: %s%s", type(error).__qualname__, code)
            return False
        return Outcome.LATER not in outcomes

    def _run(self) -> None:
        while True:
            sleep(min(LOOK_EVERY_SECONDS * 2**self._failures, LONGEST_WAIT_SECONDS))
            close_old_connections()
            try:
                is_done = self.carry(now=datetime.now(UTC))
            except Exception as error:  # noqa: BLE001  (the next round may go well)
                logger.error("The mails could not be carried: %s", type(error).__qualname__)
                is_done = False
            self._failures = 0 if is_done else min(self._failures + 1, 16)


def _deliver(mail: news.Mail, connection: SMTP, office: Office) -> Outcome:
    if not news.still_wanted(mail):
        return Outcome.TAKEN
    outcome = hand_in(connection, letter(mail, sender=office.sender, site=office.site))
    if outcome is not Outcome.LATER:
        news.sent(mail)
    return outcome


@contextmanager
def _locked(path: Path) -> Iterator[bool]:
    with path.open("wb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
