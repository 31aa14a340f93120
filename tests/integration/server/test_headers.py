"""
The protective headers, by their values: a header with a wrong value protects nobody.
"""

import pytest
from django.test import Client
from pytest_django import Settings

from tegenbeeld.server.conf.middleware import DENIED_FEATURES

# Closing a file response ends its request, and so the database connection of the thread.
pytestmark = pytest.mark.django_db(transaction=True)

EVERYWHERE = {
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

PAGE = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "media-src": "blob:",
    "connect-src": "'self'",
    "worker-src": "'self'",
    "manifest-src": "'none'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "default",
}

NOTHING = {
    "default-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}

WORKER = {
    "default-src": "'none'",
    "script-src": "'self'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "'none'",
}

ADDRESSES = {
    "/en/": (200, PAGE),
    "/de/protect/": (200, PAGE),
    "/fr/nothing": (404, PAGE),
    "/nl/stop/token": (200, PAGE | {"form-action": "'self'"}),
    "/": (302, PAGE),
    "/nl/protect": (302, PAGE),
    "/exit": (303, PAGE),
    "/healthz": (200, NOTHING),
    "/api/v1/openapi.json": (200, NOTHING),
    "/api/v1/changes": (401, NOTHING),
    "/case/read": (405, NOTHING),
    "/static/styles/page.css": (200, NOTHING),
    "/static/portal/exit.mjs": (200, NOTHING),
    "/static/portal/icon.svg": (200, NOTHING),
    "/static/pdq/worker.mjs": (200, WORKER),
    "/static/code/worker.mjs": (200, WORKER | {"script-src": "'self' 'wasm-unsafe-eval'"}),
}


def headers_of(address: str, status: int, **request: str) -> dict[str, str]:
    """
    The headers of an answer to GET.
    """
    response = Client().get(address, headers={"Accept": "text/html"}, **request)
    response.close()
    assert response.status_code == status
    return dict(response.headers)


def directives(policy: str) -> dict[str, str]:
    """
    A Content-Security-Policy as a browser takes it apart.
    """
    parts = [part.strip().partition(" ") for part in policy.split(";")]
    names = [name for name, _, _ in parts]
    assert len(set(names)) == len(names), "A browser ignores a directive that comes again."
    return {name: value for name, _, value in parts}


@pytest.mark.parametrize("address", ADDRESSES)
def test_headers_of_every_kind_of_address(address: str) -> None:
    """
    Pages, refusals, redirections, files and workers: each value, and nothing by accident.
    """
    status, policy = ADDRESSES[address]
    given = headers_of(address, status)
    assert {name: given.get(name) for name in EVERYWHERE} == EVERYWHERE
    assert directives(given["Content-Security-Policy"]) == policy
    assert "Set-Cookie" not in given
    assert "Access-Control-Allow-Origin" not in given
    assert "Server" not in given


@pytest.mark.parametrize("address", ["/en/", "/fr/nothing", "/static/portal/icon.svg"])
def test_documents_are_denied_what_a_browser_could_grant(address: str) -> None:
    """
    Each feature once, with an empty list of origins.
    """
    given = headers_of(address, 404 if "nothing" in address else 200)["Permissions-Policy"]
    denied = given.split(", ")
    assert denied == [f"{feature}=()" for feature in DENIED_FEATURES]
    assert len(set(denied)) == len(denied)
    assert {"camera=()", "microphone=()", "geolocation=()", "clipboard-read=()"} <= set(denied)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/", "noarchive"),
        ("/nl/", "noarchive"),
        ("/nl/follow/", "noindex, noarchive"),
        ("/healthz", "noindex, noarchive"),
    ],
)
def test_search_engines_find_the_start_only(address: str, expected: str) -> None:
    """
    Whoever searches finds the way in; nobody keeps a copy of a page.
    """
    status = 302 if address == "/" else 200
    assert headers_of(address, status)["X-Robots-Tag"] == expected


def test_https_is_kept_where_the_node_is_reached_by_it(settings: Settings) -> None:
    """
    Two years, and no request goes out in clear; a node without https does not claim it.
    """
    plain = headers_of("/en/", 200)
    assert "Strict-Transport-Security" not in plain
    assert "upgrade-insecure-requests" not in plain["Content-Security-Policy"]
    settings.IS_HTTPS = True
    kept = headers_of("/en/", 200)
    assert kept["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"
    assert directives(kept["Content-Security-Policy"]) == PAGE | {"upgrade-insecure-requests": ""}


def test_exit_forgets_all_and_leads_away(settings: Settings) -> None:
    """
    Without a script the way out is one plain address, which changes nothing on the node.
    """
    given = headers_of("/exit", 303)
    assert given["Location"] == settings.EXIT_URL
    assert given["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert Client().post("/exit").status_code == 405
