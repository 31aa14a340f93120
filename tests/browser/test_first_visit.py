"""
A first visit: how much is fetched, how soon it can be read, and that nothing of it stays.
"""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request

from testing.running_node import RunningNode

pytestmark = [pytest.mark.browser, pytest.mark.service]

READING = ("", "steps/", "remove/", "safety/", "friends/", "help/", "about/")
READING_BYTES = 60_000
"""CSS and JavaScript of a page to read, before they are compressed."""
BEFORE_HASHING_BYTES = 150_000
"""CSS and JavaScript of the protecting page and its workers, as sent."""

SLOW_3G = {
    "offline": False,
    "latency": 400,
    "downloadThroughput": 50_000,
    "uploadThroughput": 50_000,
}
"""400 ms for each request, 400 kbit/s. Source: Lighthouse, the preset "Slow 3G"."""
READABLE_MS = 2_000

FIRST_PAINT = """() => new Promise((resolve) => {
  new PerformanceObserver((list) => {
    for (const { name, startTime } of list.getEntries()) {
      if (name === "first-contentful-paint") resolve(startTime);
    }
  }).observe({ type: "paint", buffered: true });
})"""


def code_fetched_by(page: Page, address: str) -> list[Request]:
    """
    The requests for CSS and JavaScript that opening a page makes, those of its workers too.
    """
    requests: list[Request] = []
    page.on("requestfinished", lambda request: requests.append(request))  # noqa: PLW0108  a bound list method cannot carry what Playwright notes
    page.goto(address, wait_until="networkidle")
    code = [each for each in requests if each.url.endswith((".css", ".mjs"))]
    assert code
    return code


@pytest.mark.parametrize("path", READING)
def test_page_to_read_is_light(page: Page, shared_node: RunningNode, path: str) -> None:
    """
    Under 60 kB of CSS and JavaScript, even where nothing is compressed.
    """
    code = code_fetched_by(page, f"{shared_node.url}/nl/{path}")
    sizes = [len(answer.body()) for each in code if (answer := each.response())]
    assert sum(sizes) <= READING_BYTES


def test_protecting_page_is_light(page: Page, shared_node: RunningNode) -> None:
    """
    Under 150 kB before the first hash, with all that hashing and the code need.
    """
    code = code_fetched_by(page, f"{shared_node.url}/nl/protect/")
    assert any(each.url.endswith("/pdq/worker.mjs") for each in code)
    assert sum(each.sizes()["responseBodySize"] for each in code) <= BEFORE_HASHING_BYTES


@pytest.mark.parametrize("path", [*READING, "protect/"])
def test_first_visit_over_3g_can_be_read_within_2_s(
    browser: Browser, shared_node: RunningNode, path: str
) -> None:
    """
    Nothing in the cache, a slow line: words are on the screen.
    """
    with browser.new_context(viewport={"width": 390, "height": 844}) as context:
        page = context.new_page()
        session: Any = context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", SLOW_3G)
        page.goto(f"{shared_node.url}/nl/{path}", wait_until="commit")
        assert page.evaluate(FIRST_PAINT) <= READABLE_MS
