"""
Where the link in a mail leads: one button, and no more mails.
"""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from tegenbeeld.server.actions import news
from tegenbeeld.server.portal.pages.rendering import page


@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """
    Ask first, and delete the address when asked to.

    Opening the link changes nothing: mail programmes open links by themselves. Their own button
    for stopping sends the same as ours (RFC 8058).
    """
    if request.method != "POST":
        return page(request, "stop", {"is_done": False})
    is_ours = news.unsubscribe(token)
    response = page(request, "stop", {"is_done": is_ours, "is_wrong": not is_ours})
    if not is_ours:
        response.status_code = HTTPStatus.NOT_FOUND
    return response
