"""
What goes out compressed, and what never does.
"""

import gzip
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from testing.people import Person

# Closing a file response ends its request, and so the database connection of the thread.
pytestmark = pytest.mark.django_db(transaction=True)

TAKES_GZIP = {"Accept-Encoding": "gzip, br"}


@pytest.mark.parametrize("path", ["styles/page.css", "portal/exit.mjs", "vendor/libheif.wasm"])
def test_file_when_the_browser_takes_gzip(path: str) -> None:
    """
    The same bytes once unpacked, at most half of them on the way; twice the same.
    """
    content = (Path(settings.WEB_ROOT) / path).read_bytes()
    for _ in range(2):
        response = Client().get(f"/static/{path}", headers=TAKES_GZIP)
        assert response.headers["Content-Encoding"] == "gzip"
        assert response.headers["Vary"] == "Accept-Encoding"
        assert int(response.headers["Content-Length"]) == len(response.content) < len(content) / 2
        assert gzip.decompress(response.content) == content


def test_page_when_the_browser_takes_gzip() -> None:
    """
    Pages are small to begin with, and a third of that on the way.
    """
    plain, packed = (Client().get("/nl/", headers=given) for given in ({}, TAKES_GZIP))
    assert gzip.decompress(packed.content) == plain.content
    assert "Content-Encoding" not in plain.headers
    assert plain.headers["Vary"] == packed.headers["Vary"] == "Accept-Encoding"


def test_file_when_the_browser_takes_none() -> None:
    """
    It gets the file as it lies in the folder.
    """
    response = Client().get("/static/styles/page.css")
    content = b"".join(response)
    response.close()
    assert "Content-Encoding" not in response.headers
    assert content == (Path(settings.WEB_ROOT) / "styles" / "page.css").read_bytes()


def test_answers_about_a_case_are_never_compressed() -> None:
    """
    Their length would tell how alike the protections are.
    """
    tokens = [token.hex() for token in Person().tokens]
    response = Client().post(
        "/case/read", {"tokens": tokens}, content_type="application/json", headers=TAKES_GZIP
    )
    assert response.status_code == 200
    assert "Content-Encoding" not in response.headers
