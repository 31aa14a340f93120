"""
Reads the support lines, and refuses data that break a rule.

The data stand in one file per country beside this module, in the order in which a page shows
them: the most urgent within reach first. A broken line stops the program at start: a wrong
number on a help page is worse than no page.

Rules:
    - every line has an id of its own, and at least one way to reach it;
    - every text exists in every language of the pages, or in none;
    - a phone number is written as people read it, and has 2 to 15 digits;
    - an address on the web is https and carries no query; a mail address is one;
    - what is graded otherwise than the line says where it was read;
    - what nobody knows for certain carries no day on which it was checked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import msgspec

from tegenbeeld.content.support_lines.line import Channel, SupportLine, Way

FILES = (
    "be.toml",
    "nl.toml",
    "fr.toml",
    "de.toml",
    "lu.toml",
    "gb.toml",
    "ie.toml",
    "us.toml",
    "ca.toml",
    "au.toml",
    "nz.toml",
    "in.toml",
    "it.toml",
    "world.toml",
)
"""The files, in the order in which a page shows their countries."""

_ADDRESSES: dict[Way, re.Pattern[str]] = {
    "phone": re.compile(r"tel:\+?[0-9]{2,15}"),
    "chat": re.compile(r"https://[a-z0-9.-]+(?:/[A-Za-z0-9./_-]*)?"),
    "mail": re.compile(r"mailto:[A-Za-z0-9._-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+"),
    "web": re.compile(r"https://[a-z0-9.-]+(?:/[A-Za-z0-9./_-]*)?"),
}
_PHONE = re.compile(r"\+?[0-9][0-9 -]*[0-9]")


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
    if not line.channels:
        yield "there is no way to reach it"
    for channel in line.channels:
        yield from _channel_rules_broken(channel)
    if set(line.words) != {"en", "nl", "fr", "de"}:
        yield "a language is missing"
    for field in ("not_for", "covers"):
        if len({bool(getattr(words, field)) for words in line.words.values()}) > 1:
            yield f"{field} is there in one language and not in another"
    if line.grade == "M" and line.verified_on is not None:
        yield "it is from memory, so nobody has checked it on a day"


def _channel_rules_broken(channel: Channel) -> Iterable[str]:
    if channel.way == "phone" and not _PHONE.fullmatch(channel.to):
        yield f"“{channel.to}” is not a phone number as people read it"
    elif not _ADDRESSES[channel.way].fullmatch(channel.address):
        yield f"“{channel.to}” is not a plain address for {channel.way}"
    if (channel.grade or channel.hours_grade) and not channel.source:
        yield f"“{channel.to}” has a grade of its own but no source of its own"
    if channel.hours_grade and channel.hours is None:
        yield f"“{channel.to}” grades hours that are not there"


def read_support_lines(text: str) -> tuple[SupportLine, ...]:
    """
    Read support lines from TOML.

    Args:
        text: The content of a file like `be.toml`.

    Returns:
        The lines in the order of the file.

    Raises:
        ValueError: The data break a rule; the message names the line and the rule.
    """
    lines = msgspec.toml.decode(text.encode(), type=_File).lines
    _refuse_broken(lines)
    return lines


def _refuse_broken(lines: Iterable[SupportLine]) -> None:
    broken = broken_lines(lines)
    if broken:
        listed = "; ".join(f"{line.id}: {line.rule}" for line in broken)
        raise ValueError(f"Support lines are not right. Correct their files: {listed}.")


@cache
def support_lines() -> tuple[SupportLine, ...]:
    """
    Give the support lines of this version, in the order in which a page shows them.

    Raises:
        ValueError: The data break a rule; the message names the line and the rule.
    """
    folder = files("tegenbeeld.content.support_lines")
    texts = [folder.joinpath(name).read_text("utf-8") for name in FILES]
    lines = tuple(line for text in texts for line in read_support_lines(text))
    _refuse_broken(lines)
    return lines
