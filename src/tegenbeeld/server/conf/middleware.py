"""
What holds for every request and answer: headers, limits, refusals, language.

Each wraps the next step, in the order of `settings.MIDDLEWARE`.
"""

import logging
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import BadRequest, DisallowedHost, SuspiciousOperation
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils import translation

from tegenbeeld.errors import (
    CaseworkError,
    InvalidHash,
    NotReady,
    RequestRefused,
    WireError,
)
from tegenbeeld.wire import native

Step = Callable[[HttpRequest], HttpResponse]

logger = logging.getLogger("tegenbeeld.node")

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "media-src blob:; connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)

WORKER_POLICIES = {
    "/static/pdq/worker.mjs": "default-src 'none'; script-src 'self'",
    "/static/pdq/heic-worker.mjs": "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'",
    "/static/video/worker.mjs": "default-src 'none'; script-src 'self'",
    "/static/video/md5-worker.mjs": "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'",
    "/static/code/worker.mjs": "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'",
}
"""
Workers may load their own code and nothing else: what sees a picture cannot send anything.

Only those that decode HEIC, count MD5 and stretch the code may compile WebAssembly; no page may.
"""

HEADERS = {
    "Content-Security-Policy": PAGE_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Origin-Agent-Cluster": "?1",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-DNS-Prefetch-Control": "off",
    "Permissions-Policy": (
        "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), "
        "gyroscope=(), magnetometer=(), microphone=(), payment=(), usb=()"
    ),
    "Cache-Control": "no-store",
}
"""
Source: reference lists of OWASP ASVS 5.0 chapter 3, and of comparable services for people who
report abuse. `no-store`: a page of this site leaves nothing in the browser's cache.
"""

HSTS = "max-age=63072000; includeSubDomains"


def protective_headers(next_step: Step) -> Step:
    """
    Put the protective headers on every answer, static files included.
    """

    def step(request: HttpRequest) -> HttpResponse:
        response = next_step(request)
        for name, value in HEADERS.items():
            response.headers[name] = value
        policy = WORKER_POLICIES.get(request.path, PAGE_POLICY)
        response.headers["Content-Security-Policy"] = policy
        if settings.IS_HTTPS:
            response.headers["Strict-Transport-Security"] = HSTS
        return response

    return step


def body_limit(next_step: Step) -> Step:
    """
    Refuse a body that is too long before anything reads it, or whose length is not told.
    """

    def step(request: HttpRequest) -> HttpResponse:
        limits = settings.BODY_LIMITS
        limit = next((limits[start] for start in limits if request.path.startswith(start)), 0)
        length = request.META.get("CONTENT_LENGTH") or "0"
        if request.META.get("HTTP_TRANSFER_ENCODING"):
            return _refusal(411, "length_required", "Send the body with a Content-Length.")
        if not length.isdecimal() or int(length) > limit:
            return _refusal(413, "too_large", f"A request body has at most {limit} bytes.")
        return next_step(request)

    return step


REFUSALS: tuple[tuple[type[Exception], int, str], ...] = (
    (WireError, 400, "bad_message"),
    (InvalidHash, 400, "bad_hash"),
    (CaseworkError, 409, "not_possible"),
)
"""What the doors let through: each message is our own and says what to do."""

OUTAGES: tuple[type[Exception], ...] = (NotReady, DatabaseError)
"""Not the visitor's doing, and over after a while."""


class PlainRefusals:
    """
    Turn every error into an answer that says what to do, never into a trace.
    """

    def __init__(self, next_step: Step) -> None:
        self.next_step = next_step

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """
        Refuse names that are not the node's, and give the answer to a wrong method a body.
        """
        try:
            request.get_host()
        except DisallowedHost:
            return _refusal(400, "unknown_host", "This node is not known under this name.")
        response = self.next_step(request)
        if isinstance(response, HttpResponseNotAllowed):
            allowed = response.headers["Allow"]
            response = _refusal(405, "wrong_method", f"This address takes {allowed} only.")
            response.headers["Allow"] = allowed
        return response

    def process_exception(self, _request: HttpRequest, error: Exception) -> HttpResponse | None:
        """
        Called by Django when a view raises. None leaves the error to Django's plain pages.
        """
        if isinstance(error, RequestRefused):
            return _refusal(error.status, error.code, error.message)
        for kind, status, code in REFUSALS:
            if isinstance(error, kind):
                return _refusal(status, code, str(error))
        if isinstance(error, Http404 | SuspiciousOperation | BadRequest):
            return None
        # The type alone is logged: the text of such an error may hold what a person sent.
        logger.error("A request failed: %s", type(error).__qualname__)
        if isinstance(error, OUTAGES):
            return _refusal(503, "busy", "The service cannot answer now. Try again in a minute.")
        return _refusal(
            500, "failed", "Something went wrong, and nothing was changed. Try again later."
        )


def language_of_the_path(next_step: Step) -> Step:
    """
    Speak the language that the address names first, without a cookie.
    """
    codes = {code for code, _ in settings.LANGUAGES}

    def step(request: HttpRequest) -> HttpResponse:
        first = request.path.lstrip("/").partition("/")[0]
        code = first if first in codes else settings.LANGUAGE_CODE
        with translation.override(code):
            response = next_step(request)
        response.headers.setdefault("Content-Language", code)
        return response

    return step


def _refusal(status: int, code: str, message: str) -> HttpResponse:
    body = native.encode({"error": {"code": code, "message": message}})
    return HttpResponse(body, status=status, content_type="application/json")
