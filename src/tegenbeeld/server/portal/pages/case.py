"""
Protecting and following: the steps are one document each, and a browser fills them in.
"""

from email.utils import parseaddr

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from tegenbeeld.casework.retention import TERMS
from tegenbeeld.server.portal import words
from tegenbeeld.server.portal.pages.lines import chosen, first_lines
from tegenbeeld.server.portal.pages.rendering import page

UNDER_18_LINES = ("child_focus", "take_it_down")
PROOF_PLACES = ("first", "second", "third")


@require_safe
def protect(request: HttpRequest) -> HttpResponse:
    """
    Show the steps from the first question to the fingerprints being sent, one document.
    """
    context = {
        "words": words.for_protecting(),
        "helper_lines": first_lines(),
        "under_18_lines": chosen(UNDER_18_LINES),
        "needs_script_lines": first_lines(),
        "places": PROOF_PLACES,
        "terms": TERMS,
        "mail_from": _mail_from(),
    }
    return page(request, "protect", context)


@require_safe
def follow(request: HttpRequest) -> HttpResponse:
    """
    Show the entry of a code; what the code opens is filled in by the browser.
    """
    context = {
        "words": words.for_following(),
        "terms": TERMS,
        "needs_script_lines": first_lines(),
        "mail_from": _mail_from(),
    }
    return page(request, "follow", context)


@require_safe
def check(request: HttpRequest) -> HttpResponse:
    """
    Show the self-test: what leaves the browser while a picture is read.
    """
    return page(request, "check", {"words": words.for_checking()})


def _mail_from() -> str:
    # The address by which she will know our mails, or "" where there are none.
    return parseaddr(settings.MAIL_FROM)[1]
