"""
The people one can call, as values.

The data stand in `support_lines.toml`, in the order in which a page shows them: Belgian
lines first, the most urgent within reach first. A line whose data break a rule below stops
the program at start: a wrong number on a help page is worse than no page.

Rules:
    - every line has an id of its own, and a phone number, an address on the web or both;
    - every text exists in every language of the pages;
    - a phone number is written as people read it, and dialled as `tel` says;
    - an address on the web is https and carries no query.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal, NamedTuple

import msgspec

Language = Literal["en", "nl", "fr", "de"]
Cost = Literal["free", "unknown"]
Grade = Literal["A", "B", "C", "M"]
"""
How sure the fact is: A the organisation's own page, B two sources agree, C one secondary
source, M from memory. M is never shown as certain.
"""

Text = Annotated[str, msgspec.Meta(min_length=1)]
_TELEPHONE = re.compile(r"\+?[0-9]{3,15}")
_ADDRESS = re.compile(r"https://[a-z0-9.-]+(?:/[A-Za-z0-9./_-]*)?")


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """
    What a page says about a line, in one language.

    Attributes:
        for_whom: Whom the line is for, in a few words.
        about: One to three plain sentences.
        hours: When somebody answers, in words; empty when it is not known well enough.
        name: The name in this language, where the organisation has one; else empty.
    """

    for_whom: Text
    about: Text
    hours: str = ""
    name: str = ""


class SupportLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """
    One organisation that helps, and how to reach it.

    Attributes:
        id: Name of the line in the code.
        name: As the organisation writes it; `words` may have one for a language.
        country: Two letters, or "world".
        languages: Languages in which it answers; empty when not known.
        words: What a page says, per language of the pages.
        source: Where the fact was read.
        grade: How sure it is.
        cost: "free" only where the organisation says so.
        phone: As people read it; empty if there is none.
        tel: As it is dialled; present exactly when *phone* is.
        email: Address for mail; empty if none is known.
        url: Address on the web; empty if none is known well enough.
        has_chat: The organisation offers chat.
        is_for_danger: A line to call when somebody is in danger now.
        verified_on: The day on which a person checked the line; absent if nobody did.
    """

    id: Text
    name: Text
    country: Text
    languages: tuple[str, ...]
    words: dict[Language, Words]
    source: Text
    grade: Grade
    cost: Cost = "unknown"
    phone: str = ""
    tel: str = ""
    email: str = ""
    url: str = ""
    has_chat: bool = False
    is_for_danger: bool = False
    verified_on: date | None = None

    @property
    def is_certain(self) -> bool:
        """
        Whether the fact may be shown without a word of doubt.
        """
        return self.grade in ("A", "B")


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    lines: tuple[SupportLine, ...]


class BrokenLine(NamedTuple):
    """
    A line that breaks a rule, and which.
    """

    id: str
    rule: str


def broken_lines(lines: Iterable[SupportLine]) -> list[BrokenLine]:
    """
    Check the rules of this module.

    Args:
        lines: Lines as read; their types are already right.

    Returns:
        One entry per rule broken; empty if all is well.
    """
    broken: list[BrokenLine] = []
    seen: set[str] = set()
    for line in lines:
        if line.id in seen:
            broken.append(BrokenLine(line.id, "the id is used twice"))
        seen.add(line.id)
        broken.extend(BrokenLine(line.id, rule) for rule in _rules_broken(line))
    return broken


def _rules_broken(line: SupportLine) -> Iterable[str]:
    if not (line.phone or line.url):
        yield "there is neither a phone number nor an address on the web"
    if bool(line.phone) != bool(line.tel):
        yield "phone and tel go together"
    if line.tel and not _TELEPHONE.fullmatch(line.tel):
        yield "tel is not a number that can be dialled"
    if line.url and not _ADDRESS.fullmatch(line.url):
        yield "url is not a plain https address"
    if set(line.words) != {"en", "nl", "fr", "de"}:
        yield "a language is missing"


def read_support_lines(text: str) -> tuple[SupportLine, ...]:
    """
    Read support lines from TOML.

    Args:
        text: The content of a file like `support_lines.toml`.

    Returns:
        The lines in the order of the file.

    Raises:
        ValueError: The data break a rule; the message names the line and the rule.
    """
    lines = msgspec.toml.decode(text.encode(), type=_File).lines
    broken = broken_lines(lines)
    if broken:
        listed = "; ".join(f"{line.id}: {line.rule}" for line in broken)
        raise ValueError(f"Support lines are not right. Correct support_lines.toml: {listed}.")
    return lines


@cache
def support_lines() -> tuple[SupportLine, ...]:
    """
    Give the support lines of this version, in the order in which a page shows them.
    """
    text = files("tegenbeeld.content").joinpath("support_lines.toml").read_text("utf-8")
    return read_support_lines(text)
