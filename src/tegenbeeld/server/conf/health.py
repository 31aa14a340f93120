"""
Whether the node runs, and its plain answers to addresses that lead nowhere.
"""

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

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


def bad_request(_request: HttpRequest, **_exception: Exception) -> HttpResponse:
    """
    400 without a page around it.
    """
    return _plain(400, "This request could not be understood.")


def not_found(_request: HttpRequest, **_exception: Exception) -> HttpResponse:
    """
    404 without a page around it.
    """
    return _plain(404, "There is nothing at this address.")


def failed(_request: HttpRequest) -> HttpResponse:
    """
    500 without a page around it, and without a trace of what happened.
    """
    return _plain(500, "Something went wrong here, and nothing was changed. Try again later.")


def _plain(status: int, text: str) -> HttpResponse:
    return HttpResponse(text + "\n", status=status, content_type="text/plain; charset=utf-8")
