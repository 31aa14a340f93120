"""
Whom one can call: the help page, and the two numbers on every page.
"""

import re
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.utils import timezone

from tegenbeeld.content import support_lines
from tegenbeeld.server.portal.pages.lines import SHORTCUTS
from tegenbeeld.server.portal.pages.opening import opening

pytestmark = pytest.mark.django_db

LANGUAGES = ("en", "nl", "fr", "de")
MONDAY_NOON = datetime(2026, 1, 5, 11, tzinfo=UTC)


def page(client: Client, path: str) -> str:
    """
    The text of a page.
    """
    response = client.get(path, secure=True)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_shows_every_way_to_every_line(client: Client, language: str) -> None:
    """Each number and address is a link that leads there, with the doubt where there is any."""
    text = page(client, f"/{language}/help/")
    doubts = 0
    for line in support_lines():
        assert line.words[language].who in text.replace("&#x27;", "'")
        for channel in line.channels:
            assert f'href="{channel.address}"' in text
            doubts += not line.is_certain(channel)
    assert text.count('class="doubt"') == doubts > 0


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", ["", "help/", "about/", "protect/", "follow/"])
def test_every_page_has_the_numbers_for_danger_and_suicide(
    client: Client, language: str, path: str
) -> None:
    """In its footer, of somebody who answers in its language."""
    text = client.get(f"/{language}/{path}", secure=True).content.decode()
    footer = text[text.index("<footer") :]
    by_id = {line.id: line for line in support_lines()}
    danger, suicide = (by_id[each] for each in SHORTCUTS[language])  # type: ignore[index]
    assert danger.is_for_danger
    assert suicide.is_for_suicide
    assert language in suicide.languages
    for line in (danger, suicide):
        assert f'href="{line.channels[0].address}"' in footer


def test_help_begins_with_who_answers_in_the_language_of_the_page(client: Client) -> None:
    """Danger first; then thoughts of suicide; then this country."""
    text = page(client, "/fr/help/")
    places = [
        text.index(f'href="{number}"')
        for number in ("tel:112", "tel:101", "tel:080032123", "tel:1813")
    ]
    assert places == sorted(places)
    assert text.index("https://www.ecouteviolencesconjugales.be/") < text.index('"tel:1712"')


@pytest.mark.parametrize(
    ("at", "expected"),
    [(MONDAY_NOON, "Nu open"), (MONDAY_NOON.replace(hour=20), "Nu gesloten")],
)
def test_help_says_who_is_open(
    client: Client, monkeypatch: pytest.MonkeyPatch, at: datetime, expected: str
) -> None:
    """As it is at the moment at which the page is asked for."""
    monkeypatch.setattr(timezone, "now", lambda: at)
    text = page(client, "/nl/help/")
    after = text[text.index('href="tel:1712"') :]
    said = re.search(r"Nu open|Nu gesloten", after)
    assert said is not None
    assert said.group() == expected
    assert "maandag tot vrijdag van 9:00 tot 17:00" in after[:600]


def test_hours_are_said_in_words() -> None:
    """One day, several, each day, always; and whether the clocks there show another time."""
    by_id = {line.id: line for line in support_lines()}

    def said(id_: str, place: int = 0) -> tuple[list[str], bool]:
        hours = by_id[id_].channels[place].hours
        assert hours is not None
        shown = opening(hours, at=MONDAY_NOON)
        return shown.spans, shown.is_elsewhere

    assert said("emergency") == (["every day, day and night"], False)
    assert said("1712") == (["Monday to Friday, 9:00 to 17:00"], False)
    assert said("ecoute_enfants") == (["every day, 10:00 to 24:00"], False)
    assert said("hateaid")[0][0] == "Monday, 10:00 to 13:00"
    assert said("netsafe")[1]
    assert not said("3018")[1]
