"""
Facts with source, grade and date, in the languages of the pages.
"""

from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files

import msgspec

from tegenbeeld.content.values import Grade, Language


class Fact(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """
    One fact, as a page says it.

    Attributes:
        en: In English; the others likewise.
        source: Where it was read.
        grade: How sure it is.
        verified_on: The day on which a person looked it up again; None if nobody did.
    """

    en: str
    nl: str
    fr: str
    de: str
    source: str
    grade: Grade
    verified_on: date | None = None

    def text(self, language: Language) -> str:
        """
        The sentence in a language.
        """
        said: str = getattr(self, language)
        return said


def read_facts(text: str) -> dict[str, Fact]:
    """
    Read facts from TOML.

    Raises:
        ValueError: The data break a rule.
    """
    facts = msgspec.toml.decode(text.encode(), type=dict[str, Fact])
    for id_, fact in facts.items():
        if not all((fact.en, fact.nl, fact.fr, fact.de, fact.source)):
            raise ValueError(f"The fact {id_} lacks a language or its source.")
        if fact.grade == "M" and fact.verified_on is not None:
            raise ValueError(f"The fact {id_} is from memory, so nobody has checked it on a day.")
    return facts


@cache
def facts() -> Mapping[str, Fact]:
    """
    Give the facts of this version, by id.

    Raises:
        ValueError: The data break a rule.
    """
    return read_facts(files("tegenbeeld.content").joinpath("facts.toml").read_text("utf-8"))
