"""
One page to one HTML document, with what every page needs.
"""

from collections.abc import Mapping
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tegenbeeld.casework.retention import LONGEST_TERM
from tegenbeeld.server.portal import words
from tegenbeeld.server.portal.pages.lines import shortcuts
from tegenbeeld.server.reads import partners


def page(request: HttpRequest, template: str, context: Mapping[str, object]) -> HttpResponse:
    """
    Render a page with what every page needs.

    The scope and the term stand next to every promise, so every page knows the platforms that
    take part and how many years a protection lasts. So do the two numbers for an emergency.
    What the operator set comes from the context processor of the server.
    """
    everywhere = {
        "leave_words": words.for_leaving(),
        "shortcuts": shortcuts(),
        "platforms": partners.names(),
        "years": LONGEST_TERM,
    }
    return render(request, f"portal/{template}.html", {**everywhere, **context})


def not_found(request: HttpRequest) -> HttpResponse:
    """
    Say that an address leads nowhere, with the ways back and to help.
    """
    response = page(request, "not_found", {})
    response.status_code = HTTPStatus.NOT_FOUND
    return response
