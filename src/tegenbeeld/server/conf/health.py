"""
Whether the node runs, and its plain answers to addresses that lead nowhere.
"""

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import is_valid_path
from django.views.decorators.http import require_safe

from tegenbeeld.server.portal.pages.rendering import not_found as page_not_found
from tegenbeeld.server.reads import log


@require_safe
def alive(_request: HttpRequest) -> HttpResponse:
    """
    The process answers.
    """
    return _plain(200, "alive")


@require_safe
def ready(_request: HttpRequest) -> HttpResponse:
    """
    The database answers too.
    """
    try:
        log.head()
    except DatabaseError:
        return _plain(503, "the database does not answer")
    return _plain(200, "ready")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """
    400 without a page around it.
    """
    return _plain(400, "This request could not be understood.")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """
    404: with the slash that was left out, with a page for people, or in one line for programs.
    """
    with_slash = f"{request.path_info}/"
    if request.method in {"GET", "HEAD"} and is_valid_path(with_slash):
        # Only onto this site: the path begins with one slash.
        return HttpResponseRedirect("/" + with_slash.lstrip("/"))
    if request.accepts("text/html") and "text/html" in request.headers.get("Accept", ""):
        return page_not_found(request)
    return _plain(404, "There is nothing at this address.")


def failed(_request: HttpRequest) -> HttpResponse:
    """
    500 without a page around it, and without a trace of what happened.
    """
    return _plain(500, "Something went wrong here, and nothing was changed. Try again later.")


def _plain(status: int, text: str) -> HttpResponse:
    return HttpResponse(text + "\n", status=status, content_type="text/plain; charset=utf-8")
