"""
Numbers in the query string.
"""

from django.http import HttpRequest

from tegenbeeld.errors import RequestRefused

LARGEST = 2**63 - 1
"""The largest number that the database can compare."""


def whole_number(
    request: HttpRequest, name: str, *, default: int, lowest: int, highest: int = LARGEST
) -> int:
    """
    Read a whole number.

    Args:
        request: Its query string is read.
        name: Of the parameter.
        default: Where the parameter is absent.
        lowest: Inclusive.
        highest: Inclusive.

    Raises:
        RequestRefused: 400 for anything else.
    """
    text = request.GET.get(name, str(default))
    is_number = text.isascii() and text.isdecimal() and len(text) <= len(str(LARGEST))
    if not is_number or not lowest <= int(text) <= highest:
        raise RequestRefused(
            400, "bad_parameter", f"{name} must be a whole number from {lowest} to {highest}."
        )
    return int(text)
