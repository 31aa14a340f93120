"""
Who is told by e-mail that there is news, and what makes news.

The rows are the outbox too: `write` marks those whose mail is due, `due` reads them, and `sent`
takes the mark away. Sending itself is the mail carrier's (`jobs/carrier.py`).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import NamedTuple

from django.db import transaction

from tegenbeeld.casework.lifecycle import LIVE
from tegenbeeld.casework.news import (
    Rhythm,
    ends_soon_before,
    given_up_before,
    round_on,
)
from tegenbeeld.server.records.addresses import (
    is_of,
    seal_address,
    stop_token,
    stopped_by,
    unseal_address,
)
from tegenbeeld.server.records.ids import random_id
from tegenbeeld.server.records.models import NewsRound, Protection, Subscription

BATCH = 500
"""Rows named in one statement."""


class Wish(NamedTuple):
    """
    How somebody wants to be told.

    Attributes:
        address: ASCII, at most `LONGEST_ADDRESS` characters.
        language: Code of the language, as in the addresses of the pages.
        rhythm: How often at most.
    """

    address: str
    language: str
    rhythm: Rhythm


class Mail(NamedTuple):
    """
    One mail that waits to be sent.

    Attributes:
        address: To whom.
        language: Code of the language.
        stop_token: For the link that stops all mails to this address.
        due_on: The day of the latest round that it is of.
        rows: What it tells of.
    """

    address: str
    language: str
    stop_token: str
    due_on: date
    rows: list[int]


@transaction.atomic
def subscribe(token_digests: Iterable[bytes], wish: Wish | None) -> None:
    """
    From now on tell of the protections that these tokens open as *wish* says, or never.

    What was wished before is forgotten. A digest that stands for nothing, or for something that
    has ended, changes nothing.
    """
    live = Protection.objects.filter(
        token_digest__in=list(token_digests), state__in=sorted(LIVE)
    ).values_list("id", flat=True)
    protections = list(live)
    Subscription.objects.filter(protection__in=protections).delete()
    if wish is not None:
        Subscription.objects.bulk_create(_subscription(row, wish) for row in protections)


@transaction.atomic
def unsubscribe(token: str) -> bool:
    """
    Delete an address everywhere, with the mails to it that wait.

    Args:
        token: From `Mail.stop_token`.

    Returns:
        False for a token that is none of ours.
    """
    digest = stopped_by(token)
    if digest is None:
        return False
    stored = Subscription.objects.values_list("id", "address_sealed").iterator()
    rows = [row for row, sealed in stored if is_of(digest, unseal_address(bytes(sealed), row=row))]
    for start in range(0, len(rows), BATCH):
        Subscription.objects.filter(id__in=rows[start : start + BATCH]).delete()
    return True


def note(protections: Collection[int]) -> None:
    """
    There is news of these protections. The caller holds the transaction.
    """
    Subscription.objects.filter(protection__in=protections).update(has_news=True)


@transaction.atomic
def announce_ends(*, today: date) -> int:
    """
    Note the protections that end soon, once each.

    Returns:
        How many were noted.
    """
    soon = Subscription.objects.filter(
        protection__ends_on__lte=ends_soon_before(today), is_end_announced=False
    )
    return soon.update(has_news=True, is_end_announced=True)


@transaction.atomic
def write(*, today: date) -> int:
    """
    Hold the rounds that are due: what has news gets a mail, and has none any more.

    A round is held once, by whoever comes first; one that was missed is held later.

    Returns:
        How many rows are newly due.
    """
    due = [rhythm for rhythm in Rhythm if _begins(rhythm, today)]
    fresh = Subscription.objects.filter(has_news=True, rhythm__in=due)
    return fresh.update(has_news=False, due_on=today)


def due(*, today: date) -> list[Mail]:
    """
    The mails that wait, one for each address; those that were tried for too long are given up.
    """
    late = Subscription.objects.filter(due_on__lt=given_up_before(today))
    late.update(due_on=None)
    waiting: dict[str, list[Subscription]] = defaultdict(list)
    for row in Subscription.objects.filter(due_on__isnull=False).order_by("due_on"):
        waiting[unseal_address(bytes(row.address_sealed), row=row.id)].append(row)
    return [
        Mail(
            address=address,
            language=rows[-1].language,
            stop_token=stop_token(address),
            due_on=rows[-1].due_on or today,
            rows=[row.id for row in rows],
        )
        for address, rows in waiting.items()
    ]


def sample(address: str, *, today: date) -> Mail:
    """
    A mail that tells of nothing, for an operator to look at.
    """
    return Mail(address, "en", stop_token(address), today, [])


def still_wanted(mail: Mail) -> bool:
    """
    Whether it still waits: she may have stopped it a moment ago.
    """
    return Subscription.objects.filter(id__in=mail.rows[:BATCH], due_on__isnull=False).exists()


def sent(mail: Mail) -> None:
    """
    It is out of our hands. What a round marked meanwhile stays due.
    """
    told = Subscription.objects.filter(due_on__lte=mail.due_on)
    for start in range(0, len(mail.rows), BATCH):
        told.filter(id__in=mail.rows[start : start + BATCH]).update(due_on=None)


def _subscription(protection: int, wish: Wish) -> Subscription:
    row = random_id()
    return Subscription(
        id=row,
        protection_id=protection,
        address_sealed=seal_address(wish.address, row=row),
        language=wish.language,
        rhythm=wish.rhythm,
    )


def _begins(rhythm: Rhythm, today: date) -> bool:
    day = round_on(rhythm, today)
    _, is_first = NewsRound.objects.get_or_create(rhythm=rhythm, defaults={"held_on": day})
    return is_first or bool(
        NewsRound.objects.filter(rhythm=rhythm, held_on__lt=day).update(held_on=day)
    )
