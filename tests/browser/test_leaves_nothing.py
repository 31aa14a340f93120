"""
No cookie and not a byte in any store of the browser, whatever she did and however she left.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from testing.leftovers import leftovers
from testing.portal_pages import EXIT, FollowPage, ProtectPage, new_case
from testing.running_node import RunningNode

pytestmark = [pytest.mark.browser, pytest.mark.service]

Visit = Callable[[Page, RunningNode, Path], object]


def protect(page: Page, node: RunningNode, photo: Path) -> None:
    """
    A picture with a word of her own, to the end.
    """
    protecting = ProtectPage(page, node)
    protecting.go_to_pictures()
    protecting.choose(photo)
    page.locator(".picture-label input").fill("red dress")
    protecting.submit("pictures")
    protecting.submit("confirm")
    protecting.keep_code()
    protecting.arrive("done")


def follow(page: Page, node: RunningNode, _photo: Path) -> None:
    """
    Look, ask for e-mails, withdraw, and close.
    """
    following = FollowPage(page, node)
    following.open_case(new_case(page, node))
    page.get_by_text("Be told by e-mail").click()
    page.get_by_label("Your e-mail address").fill("ann@example.org")
    page.get_by_role("button", name="Tell me by e-mail").click()
    expect(page.locator("[data-refreshing]")).to_contain_text("once a week")
    following.ask_to_withdraw(1)
    page.locator("[data-withdraw-yes]").click()
    expect(page.locator("[data-notice]")).to_contain_text("Withdrawn")
    assert leftovers(page) == {}
    page.locator("[data-lock]").click()
    following.arrive("enter")


def check(page: Page, node: RunningNode, photo: Path) -> None:
    """
    The self-test, with a picture of her own.
    """
    page.goto(f"{node.url}/en/check/")
    page.locator("#check-file").set_input_files(photo)
    expect(page.locator("[data-check-result]")).to_be_visible(timeout=15_000)


def plan(page: Page, node: RunningNode, _photo: Path) -> None:
    """
    A few answers, and a page to read from there.
    """
    page.goto(f"{node.url}/en/steps/")
    page.get_by_label("It is on the internet").check()
    assert leftovers(page) == {}
    page.get_by_role("link", name="Read on: Talk to somebody").click()
    page.wait_for_url("**/help/")


def stop(page: Page, node: RunningNode, _photo: Path) -> None:
    """
    The page that ends e-mails.
    """
    page.goto(f"{node.url}/en/stop/x")
    page.get_by_role("button", name="Stop the messages").click()


@pytest.mark.parametrize("visit", [protect, follow, check, plan, stop])
def test_nothing_is_left_after_a_visit_and_after_leaving(
    visit: Visit, page: Page, mailing_node: RunningNode, photo: Path, outside: list[Route]
) -> None:
    """
    While she is there, and when she has left by the button.
    """
    visit(page, mailing_node, photo)
    assert leftovers(page) == {}
    page.locator("[data-leave]").click()
    page.wait_for_url(EXIT)
    assert outside
    assert page.context.cookies() == []
    usage = page.context.new_cdp_session(page).send(
        "Storage.getUsageAndQuota", {"origin": mailing_node.url}
    )
    assert usage["usage"] == 0


@pytest.mark.parametrize(
    ("leave", "found"),
    [
        ("(document.cookie = 'a=b')", "cookies"),
        ("localStorage.setItem('a', 'b')", "local"),
        ("sessionStorage.setItem('a', 'b')", "session"),
        ("new Promise((done) => { indexedDB.open('a').onsuccess = done; })", "databases"),
        ("caches.open('a')", "caches"),
        (
            "(await navigator.storage.getDirectory()).getFileHandle('a', { create: true })",
            "files",
        ),
        ("history.replaceState({ words: 'a b c' }, '')", "history"),
        ("history.replaceState(null, '', '?a')", "address"),
    ],
)
def test_what_is_left_is_found(
    page: Page, shared_node: RunningNode, leave: str, found: str
) -> None:
    """
    The look at it misses none of the places.
    """
    page.goto(f"{shared_node.url}/en/")
    page.evaluate(f"async () => {{ await {leave}; }}")
    assert set(leftovers(page)) == {found}
