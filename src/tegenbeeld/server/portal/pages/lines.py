"""
Support lines as a page shows them: in one language.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from tegenbeeld.content import Language, SupportLine, support_lines
from tegenbeeld.server.portal import words
from tegenbeeld.server.portal.pages.rendering import active_language

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


class LineOnPage(NamedTuple):
    """
    A support line with the words of one language only, for the templates.

    Attributes:
        address: The address on the web as people read it, without `https://`.
        languages: In which it answers, in words; empty when not known.
        words: For whom, what about and when, in the language of the page.
    """

    name: str
    phone: str
    tel: str
    email: str
    url: str
    address: str
    cost: str
    has_chat: bool
    is_certain: bool
    verified_on: object
    languages: str
    words: object


def on_page(lines: Iterable[SupportLine]) -> list[LineOnPage]:
    """
    Put lines into the language of the page.
    """
    language = active_language()
    return [
        LineOnPage(
            name=line.words[language].name or line.name,
            phone=line.phone,
            tel=line.tel,
            email=line.email,
            url=line.url,
            address=urlsplit(line.url).netloc,
            cost=line.cost,
            has_chat=line.has_chat,
            is_certain=line.is_certain,
            verified_on=line.verified_on,
            languages=", ".join(str(words.LANGUAGES[code]) for code in line.languages),
            words=line.words[language],
        )
        for line in lines
    ]


def first_lines() -> list[LineOnPage]:
    """
    Give the lines to call first.
    """
    return chosen(FIRST_LINES[active_language()])


def chosen(ids: Iterable[str]) -> list[LineOnPage]:
    """
    Give the lines with these ids.

    Raises:
        KeyError: There is no such line.
    """
    by_id = {line.id: line for line in support_lines()}
    return on_page(by_id[each] for each in ids)
