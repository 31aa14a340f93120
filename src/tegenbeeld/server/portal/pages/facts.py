"""
Facts as a page shows them: in one language, with where they come from.
"""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from tegenbeeld.content.facts import facts
from tegenbeeld.content.values import CERTAIN
from tegenbeeld.server.portal.language import active_language


class FactOnPage(NamedTuple):
    """
    A fact, and how sure it is.

    Attributes:
        is_certain: Whether it may stand without a word of doubt.
        verified_on: The day on which a person looked it up again; None if nobody did.
    """

    text: str
    source: str
    is_certain: bool
    verified_on: date | None


def facts_on_page(ids: Iterable[str]) -> list[FactOnPage]:
    """
    Put facts into the language of the page, each once.

    Raises:
        KeyError: There is no such fact.
    """
    language = active_language()
    return [
        FactOnPage(fact.text(language), fact.source, fact.grade in CERTAIN, fact.verified_on)
        for fact in (facts()[id_] for id_ in dict.fromkeys(ids))
    ]
