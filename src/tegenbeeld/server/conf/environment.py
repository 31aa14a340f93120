"""
What an operator sets in the environment, read with limits and clear complaints.
"""

import math
import os
from email.utils import parseaddr
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from tegenbeeld.errors import BadSetting
from tegenbeeld.server.jobs.smtp import MailServer

LARGEST_PORT = 65_535
HOURS_OF_A_DAY = 24


def port(name: str, default: int) -> int:
    """
    A TCP port, 1 to 65535 inclusive.

    Raises:
        BadSetting: Anything else.
    """
    text = os.environ.get(name, str(default))
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= LARGEST_PORT):
        raise BadSetting(f"{name} is {text!r}. It must be a port: a whole number up to 65535.")
    return int(text)


def seconds(name: str, default: float, *, longest: float) -> float:
    """
    A duration in seconds, up to *longest* inclusive; 0 only where it is the default.

    Raises:
        BadSetting: Anything else.
    """
    text = os.environ.get(name, str(default))
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not (0 < number <= longest or number == default):
        raise BadSetting(f"{name} is {text!r}. It must be seconds: above 0, at most {longest:g}.")
    return number


def hours(name: str, default: str) -> range:
    """
    Hours of a day, such as "8-20": from the first, inclusive, to the last, exclusive.

    Raises:
        BadSetting: Not two whole numbers from 0 to 24, the smaller first.
    """
    text = os.environ.get(name, default)
    first, _, last = text.partition("-")
    try:
        found = range(int(first), int(last))
    except ValueError:
        found = range(0)
    if not found or found.start < 0 or found.stop > HOURS_OF_A_DAY:
        raise BadSetting(f"{name} is {text!r}. It must be like 8-20: hours from 0 to 24, UTC.")
    return found


def address(name: str, default: str) -> str:
    """
    The address of a site, without a slash at its end.

    Raises:
        BadSetting: Not http or https, or with a path.
    """
    text = os.environ.get(name, default).rstrip("/")
    try:
        parts = urlsplit(text)
        is_site = parts.scheme in {"http", "https"} and bool(parts.hostname) and not parts.path
    except ValueError:
        is_site = False
    if not is_site:
        raise BadSetting(f"{name} is {text!r}. It must be like https://help.example.org")
    return text


SMTP_PORTS = {"smtps": 465, "smtp": 587}
"""Source: RFC 8314."""


def mail_server(name: str) -> MailServer | None:
    """
    Where mails are handed in; None where the setting is missing or empty.

    Raises:
        BadSetting: Neither smtps nor smtp, or with a path.
    """
    if not os.environ.get(name):
        return None
    try:
        parts = urlsplit(os.environ[name])
        port = parts.port
        is_server = parts.scheme in SMTP_PORTS and bool(parts.hostname) and parts.path in {"", "/"}
    except ValueError:
        is_server = False
    if not is_server:
        # Without its value: a password stands in it.
        raise BadSetting(
            f"{name} is no address of a mail server. "
            "It must be like smtps://user:password@mail.example.org or smtp://localhost:25"
        )
    return MailServer(
        host=parts.hostname or "",
        port=port or SMTP_PORTS[parts.scheme],
        is_tls=parts.scheme == "smtps",
        user=None if parts.username is None else unquote(parts.username),
        password=None if parts.password is None else unquote(parts.password),
    )


def mail_address(name: str) -> str:
    """
    An address to send from, with or without a name.

    Raises:
        BadSetting: No address, or none at all.
    """
    text = os.environ.get(name, "")
    try:
        validate_email(parseaddr(text)[1] if text.isprintable() else "")
    except ValidationError:
        raise BadSetting(f"{name} is {text!r}. It must be like Info <info@example.org>") from None
    return text
