"""
The opaque text with which a client of `FetchHashes` asks for the next page.

It is signed for one partner and one `startTimestamp`, so that nobody can make one up or use
another's.
"""

from datetime import timedelta
from typing import NamedTuple

from django.core import signing

from tegenbeeld.errors import RequestRefused

LIFETIME = timedelta(days=1)
"""Between two pages lie seconds; a client that was away for longer starts from its timestamp."""


class Place(NamedTuple):
    """
    Where a run over the list stands.

    Attributes:
        from_stamp: Of the next record; inclusive.
        no_tombstones_until: Tombstones up to and including this stamp are left out of the run.
    """

    from_stamp: int
    no_tombstones_until: int


def issue(place: Place, *, partner: int, start: int) -> str:
    """
    The token for the page that begins at *place*.
    """
    return signing.dumps(list(place), salt=_salt(partner, start))


def read(token: str, *, partner: int, start: int) -> Place:
    """
    Where the page that *token* asks for begins.

    Raises:
        RequestRefused: 400 for a token that was not issued for this partner and start, or is
            too old.
    """
    try:
        return Place(*signing.loads(token, salt=_salt(partner, start), max_age=LIFETIME))
    except signing.BadSignature:
        raise RequestRefused(
            400,
            "bad_page_token",
            "This nextPageToken is not valid, or no longer. Ask again with the same "
            "startTimestamp and without nextPageToken.",
        ) from None


def _salt(partner: int, start: int) -> str:
    return f"FetchHashes/{partner}/{start}"
