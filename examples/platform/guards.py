"""
What protects the pages: who may post to them, and what a browser may load on them.
"""

from urllib.parse import urlsplit

from flask import Flask, Response, abort, request
from werkzeug.exceptions import SecurityError

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; img-src 'self'; media-src 'self'; "
    "style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def install(app: Flask) -> None:
    """
    Guard every page of *app*.
    """
    app.before_request(refuse_other_sites)
    app.after_request(add_headers)
    app.register_error_handler(SecurityError, refuse_other_names)


def refuse_other_sites() -> None:
    """
    Take forms only from our own pages.

    There are no cookies here, but another site could still upload or decide through a visitor's
    browser.
    """
    if request.method in ("GET", "HEAD"):
        return
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if site not in (None, "same-origin", "none"):
        abort(403)
    # For older browsers. Programs that are no browser send neither, and carry nobody's trust.
    if origin is not None and urlsplit(origin).netloc != request.host:
        abort(403)


def refuse_other_names(_error: SecurityError) -> tuple[str, int]:
    """
    Answer a request for a name that is not in `TRUSTED_HOSTS`; no page can be made for it.
    """
    return "This platform is not known under this name.\n", 400


def add_headers(response: Response) -> Response:
    """
    Add to each response what browsers need to be told.
    """
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response
