"""
What holds for every request and answer: headers, limits, refusals, language.

Each wraps the next step, in the order of `settings.MIDDLEWARE`.
"""

import gzip
import logging
import re
from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import BadRequest, DisallowedHost, SuspiciousOperation
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils import translation
from django.utils.cache import patch_vary_headers

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
    "media-src blob:; connect-src 'self'; worker-src 'self'; manifest-src 'none'; "
    "object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types default"
)
"""
What a document may do. Text never becomes script: the only policy of Trusted Types is that of
`web/portal/workers.mjs`, and it lets nothing through but the addresses of our workers.
"""

ONLY_CODE = "default-src 'none'; script-src 'self'"
MAY_COMPILE = f"{ONLY_CODE} 'wasm-unsafe-eval'"
NO_TEXT_AS_SCRIPT = "require-trusted-types-for 'script'; trusted-types 'none'"

WORKER_POLICIES = {
    path: f"{policy}; {NO_TEXT_AS_SCRIPT}"
    for path, policy in {
        "/static/pdq/worker.mjs": ONLY_CODE,
        "/static/pdq/heic-worker.mjs": MAY_COMPILE,
        "/static/video/worker.mjs": ONLY_CODE,
        "/static/video/md5-worker.mjs": MAY_COMPILE,
        "/static/code/worker.mjs": MAY_COMPILE,
    }.items()
}
"""
Workers may load their own code and nothing else: what sees a picture cannot send anything.

Only those that decode HEIC, count MD5 and stretch the code may compile WebAssembly; no page may.
"""

STOP_PAGE = re.compile(r"/[a-z]{2}/stop/")
"""The one page with a form: it stops e-mails, and works without scripts."""

OTHER_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""What is no document and no worker: opened as one, it may do nothing."""

_FEATURES = (
    "accelerometer ambient-light-sensor aria-notify autoplay battery bluetooth browsing-topics "
    "camera captured-surface-control ch-device-memory ch-downlink ch-dpr ch-ect "
    "ch-prefers-color-scheme ch-prefers-reduced-motion ch-prefers-reduced-transparency ch-rtt "
    "ch-save-data ch-ua ch-ua-arch ch-ua-bitness ch-ua-form-factors ch-ua-full-version "
    "ch-ua-full-version-list ch-ua-high-entropy-values ch-ua-mobile ch-ua-model ch-ua-platform "
    "ch-ua-platform-version ch-ua-wow64 ch-viewport-height ch-viewport-width ch-width "
    "clipboard-read compute-pressure cross-origin-isolated deferred-fetch deferred-fetch-minimal "
    "digital-credentials-create digital-credentials-get display-capture encrypted-media "
    "fullscreen gamepad geolocation gyroscope hid identity-credentials-get idle-detection "
    "interest-cohort keyboard-map language-detector language-model local-fonts local-network "
    "local-network-access loopback-network magnetometer microphone midi "
    "on-device-speech-recognition otp-credentials payment picture-in-picture "
    "private-state-token-issuance private-state-token-redemption publickey-credentials-create "
    "publickey-credentials-get screen-wake-lock serial speaker-selection storage-access "
    "summarizer sync-xhr translator unload usb web-share window-management xr-spatial-tracking"
)
DENIED_FEATURES = tuple(_FEATURES.split())
"""
All that browsers can grant, but two: `clipboard-write`, to copy the code, and
`media-playback-while-not-visible`, with which a video is read while she looks elsewhere.
Source: `document.featurePolicy.features()` of Chromium 156, which a test holds this against; and
Bluetooth, battery, light and sharing of other systems.
"""

HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Origin-Agent-Cluster": "?1",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-DNS-Prefetch-Control": "off",
    "Cache-Control": "no-store",
}
"""
On every answer. `no-store`: a page of this site leaves nothing in the browser's cache.

There is no Integrity-Policy: the scripts import each other, and an import can carry an integrity
only through an inline import map, which the page's policy rightly forbids.
Source: OWASP ASVS 5.0, chapter 3.
"""

PERMISSIONS = ", ".join(f"{feature}=()" for feature in DENIED_FEATURES)

HSTS = "max-age=63072000; includeSubDomains"
"""Without `preload`: that binds a whole domain for years, and is the operator's to ask for."""

START = re.compile(r"/(?:[a-z]{2}/)?")
"""The pages that search engines may show; what lies behind them they may not."""


def protective_headers(next_step: Step) -> Step:
    """
    Put the protective headers on every answer, static files included.
    """

    def step(request: HttpRequest) -> HttpResponse:
        response = next_step(request)
        for name, value in HEADERS.items():
            response.headers[name] = value
        kind = response.headers.get("Content-Type", "").partition(";")[0]
        if kind in {"text/html", "image/svg+xml"}:
            response.headers["Permissions-Policy"] = PERMISSIONS
        response.headers["Content-Security-Policy"] = _policy(request.path, kind)
        is_start = START.fullmatch(request.path) is not None
        response.headers["X-Robots-Tag"] = "noarchive" if is_start else "noindex, noarchive"
        if settings.IS_HTTPS:
            response.headers["Strict-Transport-Security"] = HSTS
        return response

    return step


def _policy(path: str, kind: str) -> str:
    if path in WORKER_POLICIES:
        return WORKER_POLICIES[path]
    if kind != "text/html":
        return OTHER_POLICY
    policy = PAGE_POLICY
    if STOP_PAGE.match(path):
        policy = policy.replace("form-action 'none'", "form-action 'self'")
    return f"{policy}; upgrade-insecure-requests" if settings.IS_HTTPS else policy


COMPRESSED_KINDS = {"text/html", "text/css", "text/javascript", "image/svg+xml", "application/wasm"}
"""
Pages and files, which are the same for everybody. Never JSON: the length of a compressed answer
would tell something of what it holds.
"""


def compression(next_step: Step) -> Step:
    """
    Send pages and files with gzip where the browser takes it: a phone on 3G waits less.

    A file is compressed once and kept: files do not change while the node runs.
    """
    kept: dict[str, bytes] = {}

    def step(request: HttpRequest) -> HttpResponse:
        response = next_step(request)
        kind = response.headers.get("Content-Type", "").partition(";")[0]
        if kind not in COMPRESSED_KINDS or response.status_code != HTTPStatus.OK:
            return response
        patch_vary_headers(response, ["Accept-Encoding"])
        if request.method != "GET" or "gzip" not in request.headers.get("Accept-Encoding", ""):
            return response
        if not response.streaming:
            response.content = gzip.compress(response.content, mtime=0)
            body = response
        else:
            path = request.path_info
            if path not in kept:
                kept[path] = gzip.compress(b"".join(response), mtime=0)
            response.close()
            body = HttpResponse(kept[path], headers=dict(response.headers))
        body.headers["Content-Encoding"] = "gzip"
        body.headers["Content-Length"] = str(len(body.content))
        return body

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
