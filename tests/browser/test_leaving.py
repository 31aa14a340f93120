"""
Leaving quickly: covered at once, without scripts too, and Back does not come back.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Route, expect
from playwright.sync_api import Request as Asked

from testing.portal_pages import EXIT, ProtectPage
from testing.running_node import RunningNode

pytestmark = [pytest.mark.browser, pytest.mark.service]

COVERED_WITHIN_MS = 50

ELSEWHERE = "https://elsewhere.example/"

NOTE_WHEN_COVERED = """
addEventListener("click", (event) => {
  requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      const ms = performance.now() - event.timeStamp;
      const [shown, left] = [document.body.checkVisibility(), document.body.innerHTML];
      console.log(JSON.stringify({ ms, shown, left }));
    };
    port2.postMessage(null);
  });
}, { capture: true });
"""
"""No page is told when a frame has been drawn; this is the first moment after it."""


def stand_in(context: BrowserContext) -> None:
    """
    Answer for the sites outside.
    """
    for address in (EXIT, ELSEWHERE):
        context.route(
            f"{address}**",
            lambda route: route.fulfill(content_type="text/html", body="<h1>The weather</h1>"),
        )


@pytest.fixture(params=["kept in memory", "fetched again"])
def person(
    request: pytest.FixtureRequest, chromium_path: str, browser: Browser
) -> Iterator[BrowserContext]:
    """
    A browser; the first keeps pages in memory for Back, as people's browsers do.
    """
    if request.param == "fetched again":
        context = browser.new_context(locale="en-GB")
        stand_in(context)
        yield context
        context.close()
        return
    playwright: Playwright = request.getfixturevalue("playwright_of_the_session")
    keeping = playwright.chromium.launch(
        executable_path=chromium_path,
        args=["--no-sandbox", "--disable-dev-shm-usage"],
        ignore_default_args=["--disable-back-forward-cache"],
    )
    context = keeping.new_context(locale="en-GB")
    stand_in(context)
    yield context
    keeping.close()


def shown_texts(page: Page) -> list[str]:
    """
    Every text of the site that the page shows from now on; empty while it is covered.
    """
    texts: list[str] = []
    page.expose_function("tell", lambda text: texts.append(text))  # noqa: PLW0108  see slow_exit
    page.add_init_script(
        """
        if (location.hostname === "127.0.0.1") {
          const look = () => {
            const text = document.body?.innerText.trim();
            if (text && document.body.checkVisibility()) tell(text);
            requestAnimationFrame(look);
          };
          requestAnimationFrame(look);
        }
        """
    )
    return texts


def walk(page: Page, node: RunningNode) -> None:
    """
    Come from elsewhere, and read two pages.
    """
    page.goto(ELSEWHERE)
    page.goto(f"{node.url}/en/")
    page.locator('footer a[href="/en/help/"]').first.click()
    page.wait_for_url("**/help/")


def test_back_shows_nothing_of_this_site(person: BrowserContext, shared_node: RunningNode) -> None:
    """
    As often as somebody presses Back, and then Forward: no page of this site is drawn.
    """
    page = person.new_page()
    walk(page, shared_node)
    page.locator("[data-leave]").click()
    page.wait_for_url(EXIT)
    texts = shown_texts(page)
    page.evaluate("history.back()")
    page.wait_for_timeout(1_500)
    assert page.url == EXIT
    page.evaluate("history.back()")
    page.wait_for_timeout(1_500)
    assert page.url in {EXIT, ELSEWHERE}
    page.evaluate("history.forward()")
    page.wait_for_timeout(1_500)
    assert page.url in {EXIT, ELSEWHERE}
    assert texts == []


def test_back_from_a_link_to_elsewhere_comes_back(
    person: BrowserContext, shared_node: RunningNode
) -> None:
    """
    Who followed a link of the page meant to go there, and may return; leaving still works then.
    """
    page = person.new_page()
    page.goto(f"{shared_node.url}/en/help/")
    page.evaluate(
        """(address) => {
          const $link = Object.assign(document.createElement("a"), { href: address, id: "out" });
          $link.textContent = "Elsewhere";
          document.querySelector("main").prepend($link);
        }""",
        ELSEWHERE,
    )
    page.locator("#out").click()
    page.wait_for_url(ELSEWHERE)
    page.evaluate("history.back()")
    expect(page.locator("h1")).to_be_visible()
    assert page.url == f"{shared_node.url}/en/help/"
    page.locator('footer a[href="/en/about/"]').first.click()
    page.wait_for_url("**/about/")
    page.locator("[data-leave]").click()
    page.wait_for_url(EXIT)
    page.evaluate("history.back()")
    page.wait_for_timeout(1_500)
    assert page.url == EXIT


def test_back_within_the_site_works(person: BrowserContext, shared_node: RunningNode) -> None:
    """
    Who only reads goes back and forth as everywhere.
    """
    page = person.new_page()
    walk(page, shared_node)
    page.evaluate("history.back()")
    page.wait_for_url("**/en/")
    expect(page.locator("h1")).to_be_visible()
    page.evaluate("history.forward()")
    page.wait_for_url("**/help/")
    expect(page.locator("h1")).to_be_visible()


def test_leaving_without_scripts_forgets_and_leads_away(
    browser: Browser, shared_node: RunningNode
) -> None:
    """
    One plain link. Back is the browser's own: it asks the node anew, and answers are gone.
    """
    with browser.new_context(java_script_enabled=False) as context:
        stand_in(context)
        page = context.new_page()
        walk(page, shared_node)
        asked: list[Asked] = []
        page.wait_for_load_state("networkidle")
        page.on("request", lambda request: asked.append(request))  # noqa: PLW0108  see slow_exit
        page.locator("[data-leave]").click()
        page.wait_for_url(EXIT)
        assert asked[0].url == f"{shared_node.url}/exit"
        answer = asked[0].response()
        assert answer is not None
        assert answer.header_value("Clear-Site-Data") == '"cache", "cookies", "storage"'
        asked.clear()
        page.go_back()
        assert asked[0].url == f"{shared_node.url}/en/help/"


def test_first_thing_on_the_page_is_the_way_out(page: Page, shared_node: RunningNode) -> None:
    """
    Who moves by keyboard or listens meets it before anything else.
    """
    stand_in(page.context)
    page.goto(f"{shared_node.url}/en/")
    page.keyboard.press("Tab")
    first = page.locator(":focus")
    expect(first).to_have_text("Leave this page")
    expect(first).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.wait_for_url(EXIT)


@pytest.fixture
def slow_exit(page: Page) -> Iterator[None]:
    """
    The site outside does not answer: what she sees meanwhile is what this page shows.
    """
    waiting: list[Route] = []
    hold: Callable[[Route], Any] = lambda route: waiting.append(route)  # noqa: E731, PLW0108  a bound list method cannot carry what Playwright notes
    page.context.route(f"{EXIT}**", hold)
    yield
    for route in waiting:
        route.abort()


@pytest.mark.usefixtures("slow_exit")
@pytest.mark.parametrize("where", ["reading", "choosing"])
def test_page_is_covered_within_50_ms(
    page: Page,
    protecting: ProtectPage,
    shared_node: RunningNode,
    where: str,
) -> None:
    """
    From the click to the frame after it, nothing is shown and nothing is left in the page.
    """
    if where == "reading":
        page.goto(f"{shared_node.url}/en/about/")
    else:
        protecting.go_to_pictures()
    page.evaluate(NOTE_WHEN_COVERED)
    with page.expect_console_message() as told:
        page.locator("[data-leave]").click(no_wait_after=True)
    covered = json.loads(told.value.text)
    assert covered["left"] == ""
    assert covered["shown"] is False
    assert covered["ms"] <= COVERED_WITHIN_MS
