"""
Protecting: sending when the network or the node is unwell.
"""

from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from testing.portal_pages import Held, ProtectPage, sent_by

pytestmark = [pytest.mark.browser, pytest.mark.service]


def test_sending_when_the_connection_broke_repeats_the_same_message(
    protecting: ProtectPage, page: Page, photos: list[Path]
) -> None:
    """
    What may have arrived is sent again as it was; until then there is no way back.
    """
    sent = sent_by(page)
    protecting.go_to_pictures()
    protecting.choose(*photos)
    protecting.submit("pictures")
    protecting.submit("confirm")
    held = Held(page, "/case/protect")
    protecting.keep_code()
    held.wait()
    held.fail()
    expect(page.locator("[data-send-failed]")).to_be_visible()
    page.go_back()
    protecting.arrive("send")
    page.locator("[data-retry]").click()
    protecting.arrive("done")
    assert len(sent) == 2
    assert sent[0] == sent[1]


def test_sending_when_the_keys_cannot_be_fetched_says_so_and_works_later(
    protecting: ProtectPage, page: Page, photo: Path
) -> None:
    """
    Without a network for the code of the keys nothing is lost: trying again is enough.
    """
    pattern = "**/static/code/worker.mjs"
    page.route(pattern, lambda route: route.abort())
    protecting.go_to_pictures()
    protecting.choose(photo)
    protecting.submit("pictures")
    protecting.submit("confirm")
    protecting.keep_code()
    expect(page.locator("[data-send-reason]")).to_contain_text("could not reach the server")
    expect(page.locator("[data-send-refused]")).to_be_hidden()
    page.unroute(pattern)
    page.locator("[data-retry]").click()
    protecting.arrive("done")


def test_sending_when_it_is_slow_or_refused_says_what_to_do(
    protecting: ProtectPage, page: Page, photo: Path
) -> None:
    """
    After some seconds that is said; a refusal leads to a new beginning without a question.
    """
    page.clock.install()
    protecting.go_to_pictures()
    protecting.choose(photo)
    protecting.submit("pictures")
    protecting.submit("confirm")
    waiting: list[Route] = []
    page.route("**/case/protect", lambda route: waiting.append(route))  # noqa: PLW0108  a bound list method cannot carry what Playwright notes
    protecting.keep_code()
    for _ in range(100):
        if waiting:
            break
        page.wait_for_timeout(50)
    page.clock.fast_forward("00:09")
    expect(page.locator("[data-send-slow]")).to_contain_text("longer than usual")
    waiting[0].fulfill(status=409, json={})
    expect(page.locator("[data-send-refused]")).to_contain_text("protects nothing yet")
    page.locator("[data-again]").click()
    protecting.arrive("person")
