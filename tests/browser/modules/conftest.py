"""
An empty page under the node's policies, for tests of single modules.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page

from browser.modules.hashing import SET_UP
from browser.web_server import web_server


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """
    Where the browser code is served.
    """
    with web_server() as address:
        yield address


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """
    An empty page under the node's policy; an error in the page fails the test.
    """
    context = browser.new_context()
    page = context.new_page()
    errors: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error":
            errors.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(address)
    yield page
    context.close()
    assert errors == []


@pytest.fixture
def hashing_page(page: Page) -> Page:
    """
    A page whose hasher is ready.
    """
    page.evaluate(SET_UP, None)
    return page
