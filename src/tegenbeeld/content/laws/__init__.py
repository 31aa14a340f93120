"""
Laws, each for the days on which it holds: letters and notices cite those of the day of the facts.

Rules for the files beside this module, one for each jurisdiction:
    - a citation and a text in our own words in four languages, with source and grade;
    - a law holds from a day, inclusive, to a day, inclusive, or until today;
    - what is from memory carries no day of verification;
    - for each form of abuse there is one on every day since June 2022, in Belgium; but for unwanted
      pictures and threats, of which no source was found for the time before September 2026.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec

from tegenbeeld.content.values import CERTAIN, Grade, Text

Form = Literal["spread", "threat", "deepnude", "unwanted", "voyeurism"]
"""
What was done: spread or shown, threatened with, made with a computer, sent unasked, or watched and
recorded in secret.
"""

JURISDICTIONS = ("be", "eu", "fr", "gb", "us")
"""Names of the files: ISO 3166, and the European Union."""


class Law(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """
    One article, as people may cite it.

    Attributes:
        id: Its name in the code; begins with the jurisdiction.
        forms: What it is about.
        cite: How to name it.
        text: What it says, in our own words.
        source: Where it was read.
        grade: How sure it is.
        valid_from: The first day on which it holds for what is done.
        valid_to: The last such day; None while it holds.
        is_settled: False for a reading that no judge has confirmed: shown as such, and never alone.
        verified_on: The day on which a person looked it up again; None if nobody did.
    """

    id: str
    forms: tuple[Form, ...]
    cite: Text
    text: Text
    source: str
    grade: Grade
    valid_from: date
    valid_to: date | None = None
    is_settled: bool = True
    verified_on: date | None = None

    @property
    def is_certain(self) -> bool:
        """
        Whether it may be shown without a word of doubt.
        """
        return self.is_settled and self.grade in CERTAIN

    def holds_on(self, day: date) -> bool:
        """
        Whether it holds for what was done on this day.
        """
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    laws: tuple[Law, ...]


@cache
def laws() -> tuple[Law, ...]:
    """
    All of them, in the order of the files.

    Raises:
        ValueError: The data break a rule; the message names the law and the rule.
    """
    folder = files("tegenbeeld.content.laws")
    texts = [folder.joinpath(f"{name}.toml").read_bytes() for name in JURISDICTIONS]
    read = [law for text in texts for law in msgspec.toml.decode(text, type=_File).laws]
    broken = broken_laws(read)
    if broken:
        raise ValueError(f"Laws are not right. Correct their files: {'; '.join(broken)}.")
    return tuple(read)


def laws_for(form: Form, *, day: date) -> list[Law]:
    """
    The laws about one form that hold for what was done on a day, those at home first.
    """
    return [law for law in laws() if form in law.forms and law.holds_on(day)]


def broken_laws(read: Sequence[Law]) -> list[str]:
    """
    Check the rules of this module that one law can break.

    Returns:
        A sentence for each rule that is broken, with the law; none if all is well.
    """
    ids = [law.id for law in read]
    twice = [f"{id_}: the id is used twice" for id_ in {id_ for id_ in ids if ids.count(id_) > 1}]
    return sorted(twice + [f"{law.id}: {rule}" for law in read for rule in _rules_broken(law)])


def _rules_broken(law: Law) -> Iterable[str]:
    if law.id.partition("-")[0] not in JURISDICTIONS:
        yield "its id does not begin with a jurisdiction"
    if not law.forms:
        yield "it is about nothing"
    if not law.source:
        yield "it does not say where it was read"
    if law.valid_to is not None and law.valid_to < law.valid_from:
        yield "it ends before it begins"
    if law.grade == "M" and law.verified_on is not None:
        yield "it is from memory, so nobody has verified it on a day"
