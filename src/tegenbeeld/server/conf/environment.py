"""
What an operator sets in the environment, read with limits and clear complaints.
"""

import math
import os
from urllib.parse import urlsplit

from tegenbeeld.errors import BadSetting

LARGEST_PORT = 65_535


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
