"""
Support lines as a page shows them: in one language.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from itertools import groupby
from typing import NamedTuple
from urllib.parse import urlsplit

from django.utils import timezone

from tegenbeeld.content import Channel, Language, SupportLine, support_lines
from tegenbeeld.content.support_lines import Words
from tegenbeeld.server.portal import words
from tegenbeeld.server.portal.language import active_language
from tegenbeeld.server.portal.pages.opening import OpeningOnPage, opening

HERE = "BE"

FIRST_LINES: Mapping[Language, tuple[str, ...]] = {
    "en": ("institute", "1712", "child_focus"),
    "nl": ("1712", "institute", "child_focus"),
    "fr": ("institute", "tele_accueil", "child_focus"),
    "de": ("telefonhilfe", "institute", "child_focus"),
}
"""
Whom to call first, by the language of the page: somebody who answers in it begins the list.
No line in English is for everybody; the institute's helps adults in two languages.
"""

SHORTCUTS: Mapping[Language, tuple[str, str]] = {
    "en": ("emergency", "chs"),
    "nl": ("emergency", "zelfmoordlijn"),
    "fr": ("emergency", "prevention_suicide"),
    "de": ("emergency", "telefonhilfe"),
}
"""For danger and for thoughts of suicide, on every page: somebody who answers in its language."""


class WayOnPage(NamedTuple):
    """
    One way to reach a line.

    Attributes:
        way: "phone", "chat", "mail" or "web".
        name: What kind of way it is, in words.
        text: The number or address as people read it.
        address: What a link leads to.
        languages: Where they differ from those of the line, in words; else empty.
        is_certain: Whether *text* may be shown without a word of doubt.
        hours: When somebody answers; None where no source says it.
        are_hours_certain: Whether the hours may be shown without a word of doubt.
    """

    way: str
    name: str
    text: str
    address: str
    languages: str
    is_certain: bool
    hours: OpeningOnPage | None
    are_hours_certain: bool


class LineOnPage(NamedTuple):
    """
    A support line with the words of one language only, for the templates.

    Attributes:
        languages: In which it answers, in words; empty when not known.
        is_open: Whether somebody should answer now; None where no source says when.
        words: Who may call, what about, what it does not do, in the language of the page.
    """

    name: str
    for_whom: str
    ways: list[WayOnPage]
    is_free: bool
    anonymous: str
    languages: str
    is_open: bool | None
    verified_on: date | None
    words: Words


class CountryOnPage(NamedTuple):
    """
    The lines of one country.
    """

    code: str
    name: str
    lines: list[LineOnPage]


def on_page(lines: Iterable[SupportLine]) -> list[LineOnPage]:
    """
    Put lines into the language of the page, as they are now.
    """
    language, now = active_language(), timezone.now()
    return [_line(line, language, now) for line in lines]


def _line(line: SupportLine, language: Language, now: datetime) -> LineOnPage:
    said = line.words[language]
    ways = [_way(line, channel, now) for channel in line.channels]
    known = [way.hours.is_open for way in ways if way.hours is not None]
    return LineOnPage(
        name=said.name or line.name,
        for_whom=str(words.FOR_WHOM[line.for_whom]),
        ways=ways,
        is_free=line.cost == "free",
        anonymous=line.anonymous,
        languages=_languages(line.languages),
        is_open=any(known) if known else None,
        verified_on=line.verified_on,
        words=said,
    )


def _way(line: SupportLine, channel: Channel, now: datetime) -> WayOnPage:
    is_on_web = channel.way in ("web", "chat")
    return WayOnPage(
        way=channel.way,
        name=str(words.WAYS[channel.way]),
        text=urlsplit(channel.to).netloc if is_on_web else channel.to,
        address=channel.address,
        languages=_languages(channel.languages),
        is_certain=line.is_certain(channel),
        hours=None if channel.hours is None else opening(channel.hours, at=now),
        are_hours_certain=line.are_hours_certain(channel),
    )


def _languages(codes: Iterable[str]) -> str:
    return ", ".join(str(words.LANGUAGES[code]) for code in codes)


def first_lines() -> list[LineOnPage]:
    """
    Give the lines to call first.
    """
    return chosen(FIRST_LINES[active_language()])


def shortcuts() -> dict[str, LineOnPage]:
    """
    Give the lines that stand on every page, by what they are for.
    """
    danger, suicide = chosen(SHORTCUTS[active_language()])
    return {"danger": danger, "suicide": suicide}


def chosen(ids: Iterable[str]) -> list[LineOnPage]:
    """
    Give the lines with these ids.

    Raises:
        KeyError: There is no such line.
    """
    by_id = {line.id: line for line in support_lines()}
    return on_page(by_id[each] for each in ids)


def urgent_lines() -> tuple[list[LineOnPage], list[LineOnPage]]:
    """
    Give the lines of this country for danger and for thoughts of suicide.
    """
    here = _in_own_language_first(line for line in support_lines() if line.country == HERE)
    return (
        on_page(line for line in here if line.is_for_danger),
        on_page(line for line in here if line.is_for_suicide),
    )


def countries() -> list[CountryOnPage]:
    """
    Give all other lines by country, this one first, and those for everywhere last.
    """
    found = []
    for code, lines in groupby(support_lines(), key=lambda line: line.country):
        shown = [line for line in lines if code != HERE or not _is_urgent(line)]
        name = str(words.COUNTRIES[code])
        found.append(CountryOnPage(code, name, on_page(_in_own_language_first(shown))))
    return found


def _is_urgent(line: SupportLine) -> bool:
    return line.is_for_danger or line.is_for_suicide


def _in_own_language_first(lines: Iterable[SupportLine]) -> list[SupportLine]:
    """
    Put those that answer in the language of the page first; else the order stays.

    A line without languages is for everybody.
    """
    language = active_language()
    return sorted(lines, key=lambda line: bool(line.languages) and language not in line.languages)
