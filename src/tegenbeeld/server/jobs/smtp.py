"""
Handing a mail to the operator's mail server.
"""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from enum import Enum
from ipaddress import ip_address
from typing import NamedTuple

TIMEOUT_SECONDS = 30
PERMANENT = 500
"""SMTP codes from here on say that trying again is of no use. Source: RFC 5321 §4.2.1."""


class MailServer(NamedTuple):
    """
    Where mails are handed in, from `SMTP_URL`.

    Attributes:
        host: Name or address.
        port: TCP.
        is_tls: Whether TLS begins with the connection. Otherwise STARTTLS is asked for, and a
            server that does not offer it gets nothing, unless it is this machine.
        user: To log in with, or None.
        password: To log in with, or None.
    """

    host: str
    port: int
    is_tls: bool
    user: str | None
    password: str | None


class Outcome(Enum):
    """
    What the mail server said of one mail.
    """

    TAKEN = "taken"
    LATER = "later"
    """It may take it another time."""
    NEVER = "never"
    """There is no such mailbox, or it takes nothing."""


@contextmanager
def connected(server: MailServer) -> Iterator[smtplib.SMTP]:
    """
    A connection that is ready to hand in mails.

    Raises:
        OSError: No connection, or no certificate that holds. `smtplib.SMTPException` is one.
    """
    with _open(server) as connection:
        if server.user is not None:
            connection.login(server.user, server.password or "")
        yield connection


def hand_in(connection: smtplib.SMTP, message: EmailMessage) -> Outcome:
    """
    Hand in one mail to one person.

    Raises:
        OSError: The connection is gone, or the server refuses us and not the mailbox.
    """
    try:
        connection.send_message(message)
    except smtplib.SMTPRecipientsRefused as refusal:
        code, _ = next(iter(refusal.recipients.values()))
        return Outcome.NEVER if code >= PERMANENT else Outcome.LATER
    return Outcome.TAKEN


def _open(server: MailServer) -> smtplib.SMTP:
    where = (server.host, server.port)
    if server.is_tls:
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(*where, timeout=TIMEOUT_SECONDS, context=context)
    connection = smtplib.SMTP(*where, timeout=TIMEOUT_SECONDS)
    try:
        connection.ehlo()
        if connection.has_extn("starttls") or not _is_this_machine(server.host):
            connection.starttls(context=ssl.create_default_context())
    except BaseException:
        connection.close()
        raise
    return connection


def _is_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
