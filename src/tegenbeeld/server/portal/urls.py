"""
Addresses of the person's door. None of them says what the site is about.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import include, path
from django.utils.translation import get_language_from_request
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from tegenbeeld.server.portal import case, pages


@require_safe
@vary_on_headers("Accept-Language")
def choose_language(request: HttpRequest) -> HttpResponseRedirect:
    """
    Send a visitor to the pages in the language that her browser asks for.
    """
    return HttpResponseRedirect(f"/{get_language_from_request(request)}/")


urlpatterns = [
    path("", choose_language),
    path("case/protect", case.protect),
    path("case/read", case.read),
    path("case/withdraw", case.withdraw),
    *(path(f"{code}/", include(pages.urlpatterns)) for code, _ in settings.LANGUAGES),
]
