"""
What a person who keeps the content should look at.

What breaks a rule, what nobody has verified, and what was verified too long ago.
"""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import NamedTuple

from tegenbeeld.content.articles import broken_articles
from tegenbeeld.content.facts import facts
from tegenbeeld.content.laws import laws
from tegenbeeld.content.notices import notice_parts
from tegenbeeld.content.platforms import platforms
from tegenbeeld.content.support_lines import support_lines
from tegenbeeld.content.triage import triage


class Item(NamedTuple):
    """
    One thing that a person can verify.

    Attributes:
        name: As the files call it.
        verified_on: When somebody last did; None if nobody did.
    """

    name: str
    verified_on: date | None


class Shelf(NamedTuple):
    """
    Everything of one kind.
    """

    name: str
    items: list[Item]

    def unverified(self) -> list[str]:
        """
        Names of what nobody has verified.
        """
        return [item.name for item in self.items if item.verified_on is None]

    def stale(self, today: date, *, days: int) -> list[str]:
        """
        Names of what was verified more than so many days ago.
        """
        oldest = today - timedelta(days=days)
        dated = ((item.name, item.verified_on) for item in self.items)
        return [name for name, day in dated if day is not None and day < oldest]


def shelves() -> list[Shelf]:
    """
    All that can be verified.

    Raises:
        ValueError: The data break a rule.
    """
    routes = [
        Item(f"{platform.id}: {route.type} {route.address}".strip(), route.verified_on)
        for platform in platforms()
        for route in platform.routes
    ]
    lines = [Item(line.id, line.verified_on) for line in support_lines()]
    articles = [Item(law.id, law.verified_on) for law in laws()]
    said = [Item(name, fact.verified_on) for name, fact in facts().items()]
    return [
        Shelf("routes", routes),
        Shelf("support lines", lines),
        Shelf("laws", articles),
        Shelf("facts", said),
    ]


def broken() -> list[str]:
    """
    A sentence for each rule that the files break; none if all is well.
    """
    return [problem for check in _CHECKS for problem in check()]


def _raised(read: Callable[[], object]) -> Iterable[str]:
    try:
        read()
    except ValueError as error:
        yield str(error)


_CHECKS: tuple[Callable[[], Iterable[str]], ...] = (
    lambda: _raised(platforms),
    lambda: _raised(support_lines),
    lambda: _raised(facts),
    lambda: _raised(laws),
    lambda: _raised(notice_parts),
    lambda: _raised(triage),
    broken_articles,
)
