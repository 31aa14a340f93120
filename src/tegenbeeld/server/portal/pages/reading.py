"""
Pages to read: the start, everybody one can call, how this works.
"""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from tegenbeeld.content import support_lines
from tegenbeeld.server.portal.pages.lines import first_lines, on_page
from tegenbeeld.server.portal.pages.rendering import page


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """
    Show what this site is, the two ways in, and the nearest help by people.
    """
    return page(request, "home", {"lines": first_lines()})


@require_safe
def help_lines(request: HttpRequest) -> HttpResponse:
    """
    Show everybody one can call: danger first, then Belgium, then elsewhere.
    """
    lines = support_lines()
    context = {
        "danger_lines": on_page(line for line in lines if line.is_for_danger),
        "belgian_lines": on_page(
            line for line in lines if line.country == "BE" and not line.is_for_danger
        ),
        "other_lines": on_page(line for line in lines if line.country != "BE"),
    }
    return page(request, "help", context)


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """
    Show how it works, what it cannot do, and what is stored.
    """
    return page(request, "about", {})
