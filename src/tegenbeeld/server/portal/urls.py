"""
Addresses of the person's door. None of them says what the site is about.
"""

from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import include, path
from django.utils.translation import get_language_from_request
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from tegenbeeld.server.portal import case, news, pages


@require_safe
@vary_on_headers("Accept-Language")
def choose_language(request: HttpRequest) -> HttpResponseRedirect:
    """
    Send a visitor to the pages in the language that her browser asks for.
    """
    return HttpResponseRedirect(f"/{get_language_from_request(request)}/")


@require_safe
def leave(_request: HttpRequest) -> HttpResponse:
    """
    Send her to a site that says nothing of this one, and have her browser forget this one.

    For browsers without scripts: with them the page leads there itself, faster.
    """
    response = HttpResponse(status=HTTPStatus.SEE_OTHER)
    response.headers["Location"] = settings.EXIT_URL
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response


urlpatterns = [
    path("", choose_language),
    path("exit", leave),
    path("case/protect", case.protect),
    path("case/read", case.read),
    path("case/withdraw", case.withdraw),
    path("case/renew", case.renew),
    path("case/label", case.label),
    path("case/news", news.news),
    *(path(f"{code}/", include(pages.urlpatterns)) for code, _ in settings.LANGUAGES),
]
