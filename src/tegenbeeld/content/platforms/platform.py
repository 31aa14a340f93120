"""
One platform, or one kind of company behind a website, as a value.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

from tegenbeeld.content.values import CERTAIN, Grade, Language

Kind = Literal["social", "messaging", "dating", "adult", "image_host", "cloud", "search", "infra"]
Type = Literal["in_app", "web_form", "email", "contact", "none"]
"""
How a route is taken: in the app or on the site itself, by a form, by e-mail, by whatever contact
the website names, or not at all.
"""

Known = Literal["yes", "no", "unknown"]
Law = Literal["dsa", "vlop", "tida", "osa"]
"""
What binds it: the Digital Services Act of the EU, its rules for very large platforms, the TAKE IT
DOWN Act of the US, the Online Safety Act of the UK.
"""


class Other(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """
    An address that another source gives for the same route: both stay visible.
    """

    address: str
    source: str
    grade: Grade


class Route(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """
    One way to have something taken down.

    Attributes:
        type: How it is taken.
        address: https address of the form, or mail address; empty for the other types.
        steps: What to press, in order: names in `words/steps.toml`.
        asks: What it asks for: names in `words/asks.toml`.
        needs_account: Whether one must have an account there.
        covers: What else it takes, besides pictures shared without consent.
        others: Addresses by other sources.
        source: Where it was read.
        grade: How sure it is.
        verified_on: The day on which a person tried it; None if nobody did.
        verified_by: Who did, as they wish to be named.
    """

    type: Type
    steps: tuple[str, ...]
    asks: tuple[str, ...]
    needs_account: Known
    source: str
    grade: Grade
    address: str = ""
    covers: tuple[Literal["deepfake", "threat"], ...] = ()
    others: tuple[Other, ...] = ()
    verified_on: date | None = None
    verified_by: str = ""

    @property
    def is_verified(self) -> bool:
        """
        Whether a person tried it: only then may a program use it by itself.
        """
        return self.verified_on is not None

    @property
    def is_certain(self) -> bool:
        """
        Whether it may be shown without a word of doubt.
        """
        return self.grade in CERTAIN


class Platform(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """
    Who can take something down, and how to ask.

    Attributes:
        id: Name in the code; the name of the file.
        name: As it writes itself; `names` has it by language where it is a description.
        owner: The company, where it runs several; else empty.
        kinds: What it is.
        domains: Whose addresses lead here, without "www."; those of others may end with them.
        takes_hashes: Whether it is told to take part in StopNCII.
        takes_hashes_of_minors: The same for Take It Down.
        hashes_source: Where both were read.
        hashes_as_of: Until when they were said to.
        answers: "never" for those that answer nobody.
        claimed_hours: Within how many hours it says that it acts; None where it says nothing.
        law: What binds it, as far as known.
        law_source: Where that was read.
        law_grade: How sure it is.
        escalation: What to do when a report does not help, in order: names in the words.
        tips: What makes a report work better: names in the words.
        hazards: What can go wrong: names in the words.
        routes: The one to try first, first.
    """

    id: str
    name: str
    kinds: tuple[Kind, ...]
    domains: tuple[str, ...]
    takes_hashes: Literal["yes", "no", "announced", "unknown"]
    takes_hashes_of_minors: Known
    answers: Literal["never", "unknown"]
    law: tuple[Law, ...]
    escalation: tuple[str, ...]
    tips: tuple[str, ...]
    hazards: tuple[str, ...]
    routes: tuple[Route, ...]
    owner: str = ""
    law_source: str = ""
    law_grade: Grade = "M"
    hashes_source: str = ""
    hashes_as_of: date | None = None
    claimed_hours: int | None = None
    names: dict[Language, str] = {}

    def name_in(self, language: Language) -> str:
        """
        What people read.
        """
        return self.names.get(language, self.name)
