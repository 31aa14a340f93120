"""
Pages to read: the start, everybody one can call, how this works.
"""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from tegenbeeld.server.portal.pages.facts import facts_on_page
from tegenbeeld.server.portal.pages.lines import countries, first_lines, urgent_lines
from tegenbeeld.server.portal.pages.rendering import page

FACTS = ("law-sharing", "study", "sure-it-stopped")
"""What somebody should know who comes here first: it is wrong, and she is not the only one."""


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """
    Show what this site is, the two ways in, and the nearest help by people.
    """
    return page(request, "home", {"lines": first_lines(), "facts": facts_on_page(FACTS)})


@require_safe
def help_lines(request: HttpRequest) -> HttpResponse:
    """
    Show everybody one can call: danger first, then this country, then others.
    """
    danger, suicide = urgent_lines()
    here, *others = countries()
    context = {"danger": danger, "suicide": suicide, "here": here, "others": others}
    return page(request, "help", context)


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """
    Show how it works, what it cannot do, and what is stored.
    """
    return page(request, "about", {})
