"""
One organisation that helps, as a value.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal

import msgspec

from tegenbeeld.content.support_lines.hours import Hours
from tegenbeeld.content.values import CERTAIN, Grade, Language

Way = Literal["phone", "chat", "mail", "web"]
Cost = Literal["free", "unknown"]
ForWhom = Literal["adults", "minors", "everybody"]
Anonymous = Literal["yes", "no", "unknown"]

Text = Annotated[str, msgspec.Meta(min_length=1)]

_NOT_DIALLED = re.compile(r"[^0-9+]")


class Channel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """
    One way to reach a line.

    Attributes:
        way: How.
        to: The number or mail address as people read it, or the https address.
        languages: Where this way knows other languages than the line; else empty.
        hours: When somebody answers; absent where no source says it.
        grade: How sure *to* is, where that differs from the line; then *source* says why.
        hours_grade: The same for *hours*.
        source: Where the facts of this way were read, where that differs from the line.
    """

    way: Way
    to: Text
    languages: tuple[str, ...] = ()
    hours: Hours | None = None
    grade: Grade | None = None
    hours_grade: Grade | None = None
    source: str = ""

    @property
    def address(self) -> str:
        """
        What a link leads to.
        """
        if self.way == "phone":
            return f"tel:{_NOT_DIALLED.sub('', self.to)}"
        return f"mailto:{self.to}" if self.way == "mail" else self.to


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """
    What a page says about a line, in one language.

    Attributes:
        who: Who may turn to it, in a few words.
        about: One to three plain sentences.
        not_for: What it does not do, or who has to go elsewhere; may be empty.
        covers: What it does that this service does not; may be empty.
        name: The name in this language, where the organisation has one; else empty.
    """

    who: Text
    about: Text
    not_for: str = ""
    covers: str = ""
    name: str = ""


class SupportLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """
    One organisation that helps, and how to reach it.

    Attributes:
        id: Name of the line in the code and in articles.
        name: As the organisation writes it; `words` may have one for a language.
        country: Two letters (ISO 3166), or "world".
        for_whom: Whether it helps adults, people under 18, or both.
        languages: Languages in which it answers (ISO 639); empty when not known.
        channels: Ways to reach it, best first.
        words: What a page says, per language of the pages.
        source: Where the facts were read.
        grade: How sure they are.
        cost: "free" only where the organisation or two others say so.
        anonymous: Whether one may stay without a name there.
        is_for_danger: A line to call when somebody is in danger now.
        is_for_suicide: A line for people who think of suicide.
        verified_on: The day on which a person checked the line; absent if nobody did.
    """

    id: Text
    name: Text
    country: Text
    for_whom: ForWhom
    languages: tuple[str, ...]
    channels: tuple[Channel, ...]
    words: dict[Language, Words]
    source: Text
    grade: Grade
    cost: Cost = "unknown"
    anonymous: Anonymous = "unknown"
    is_for_danger: bool = False
    is_for_suicide: bool = False
    verified_on: date | None = None

    def is_certain(self, channel: Channel) -> bool:
        """
        Whether the number or address may be shown without a word of doubt.
        """
        return (channel.grade or self.grade) in CERTAIN

    def are_hours_certain(self, channel: Channel) -> bool:
        """
        Whether the hours may be shown without a word of doubt.
        """
        return (channel.hours_grade or channel.grade or self.grade) in CERTAIN
