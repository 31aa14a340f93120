"""
One page to one HTML document, with what every page needs.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from tegenbeeld.casework.retention import TERM
from tegenbeeld.content import Language
from tegenbeeld.server.portal import words
from tegenbeeld.server.reads import partners


def active_language() -> Language:
    """
    Give the language of the page; English where nothing else is active.
    """
    code = (get_language() or "en").split("-")[0]
    return cast("Language", code) if code in {"en", "nl", "fr", "de"} else "en"


def page(request: HttpRequest, template: str, context: Mapping[str, object]) -> HttpResponse:
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
    response = page(request, "not_found", {})
    response.status_code = HTTPStatus.NOT_FOUND
    return response
