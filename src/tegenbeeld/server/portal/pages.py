"""
The pages that a person opens: start, protect, follow, help lines, how this works.

Each view gives one HTML document and takes nothing from the request but the active
language. What a person does on a page happens in her browser; what has to be sent goes to
the JSON endpoints of this door, never to a page. No view sets a cookie or reads one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import NamedTuple, cast
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from tegenbeeld.casework.retention import TERM
from tegenbeeld.content import Language, SupportLine, support_lines
from tegenbeeld.server.portal import words
from tegenbeeld.server.reads import partners

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

UNDER_18_LINES = ("child_focus", "take_it_down")
PROOF_PLACES = ("first", "second", "third")


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


def _active_language() -> Language:
    """
    Give the language of the page; English where nothing else is active.
    """
    code = (get_language() or "en").split("-")[0]
    return cast("Language", code) if code in {"en", "nl", "fr", "de"} else "en"


def _on_page(lines: Iterable[SupportLine]) -> list[LineOnPage]:
    language = _active_language()
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


def _first_lines() -> list[LineOnPage]:
    return _chosen(FIRST_LINES[_active_language()])


def _chosen(ids: Iterable[str]) -> list[LineOnPage]:
    by_id = {line.id: line for line in support_lines()}
    return _on_page(by_id[each] for each in ids)


def _page(request: HttpRequest, template: str, context: Mapping[str, object]) -> HttpResponse:
    """
    Render a page with what every page needs.

    The scope and the term stand next to every promise, so every page knows the platforms that
    take part and how many years a protection lasts.
    What the operator set comes from the context processor of the server.
    """
    everywhere = {
        "leave_words": words.for_leaving(),
        "platforms": partners.names(),
        "years": TERM.days // 365,
    }
    return render(request, f"portal/{template}.html", {**everywhere, **context})


def not_found(request: HttpRequest) -> HttpResponse:
    """
    Say that an address leads nowhere, with the ways back and to help.
    """
    response = _page(request, "not_found", {})
    response.status_code = HTTPStatus.NOT_FOUND
    return response


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """
    Show what this site is, the two ways in, and the nearest help by people.
    """
    return _page(request, "home", {"lines": _first_lines()})


@require_safe
def protect(request: HttpRequest) -> HttpResponse:
    """
    Show the steps from the first question to the fingerprints being sent, one document.
    """
    context = {
        "words": words.for_protecting(),
        "helper_lines": _first_lines(),
        "under_18_lines": _chosen(UNDER_18_LINES),
        "needs_script_lines": _first_lines(),
        "places": PROOF_PLACES,
    }
    return _page(request, "protect", context)


@require_safe
def follow(request: HttpRequest) -> HttpResponse:
    """
    Show the entry of a code; what the code opens is filled in by the browser.
    """
    context = {
        "words": words.for_following(),
        "needs_script_lines": _first_lines(),
    }
    return _page(request, "follow", context)


@require_safe
def help_lines(request: HttpRequest) -> HttpResponse:
    """
    Show everybody one can call: danger first, then Belgium, then elsewhere.
    """
    lines = support_lines()
    context = {
        "danger_lines": _on_page(line for line in lines if line.is_for_danger),
        "belgian_lines": _on_page(
            line for line in lines if line.country == "BE" and not line.is_for_danger
        ),
        "other_lines": _on_page(line for line in lines if line.country != "BE"),
    }
    return _page(request, "help", context)


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """
    Show how it works, what it cannot do, and what is stored.
    """
    return _page(request, "about", {})


urlpatterns = [
    path("", home, name="home"),
    path("protect/", protect, name="protect"),
    path("follow/", follow, name="follow"),
    path("help/", help_lines, name="help"),
    path("about/", about, name="about"),
]
