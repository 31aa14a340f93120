"""
What locks the page, and what leaves it: nothing stays behind.
"""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from testing.portal_pages import EXIT, HOLD_WORKERS, FollowPage, ProtectPage, sent_by
from testing.running_node import RunningNode

pytestmark = [pytest.mark.browser, pytest.mark.service]

LET_WORKERS_GO_WHEN_LEAVING = """
new MutationObserver(() => {
  if (!document.documentElement.classList.contains("leaving") || !globalThis.held) return;
  const waiting = held;
  globalThis.held = null;
  for (const go of waiting) go();
}).observe(document, { attributes: true, subtree: true });
"""

TELL_WHAT_IS_LEFT = """
new MutationObserver(() => {
  if (!document.documentElement.classList.contains("leaving")) return;
  console.log(`left with <${document.body?.innerHTML}>`);
}).observe(document, { attributes: true, subtree: true });
"""


def test_idle_page_locks_after_ten_minutes_and_says_so(
    following: FollowPage, page: Page, words: list[str]
) -> None:
    """
    A sign of life puts the lock off; without one the pictures and the code are gone.
    """
    page.clock.install()
    following.open_case(words)
    page.clock.fast_forward("09:50")
    page.keyboard.press("Tab")
    page.clock.fast_forward("09:50")
    following.arrive("pictures")
    page.clock.fast_forward("00:20")
    following.arrive("enter")
    expect(page.locator("[data-locked]")).to_be_visible()
    expect(page.locator(".followed")).to_have_count(0)
    page.go_forward()
    following.arrive("enter")


def test_leaving_wipes_the_page_and_back_does_not_come_back(
    protecting: ProtectPage,
    page: Page,
    photo: Path,
    shared_node: RunningNode,
    outside: list[Route],
) -> None:
    """
    The link goes elsewhere at once, nothing is left in the page, and Back stays outside.
    """
    left: list[str] = []
    page.on("console", lambda message: left.append(message.text))
    page.add_init_script(TELL_WHAT_IS_LEFT)
    page.goto(f"{shared_node.url}/en/")
    protecting.go_to_pictures()
    protecting.choose(photo)
    page.locator("[data-leave]").click()
    page.wait_for_url(EXIT)
    assert left[-1] == "left with <>"
    assert len(outside) == 1
    page.go_back(wait_until="commit")
    page.wait_for_url(EXIT)


def test_leaving_with_a_code_on_the_page_asks_nothing(
    protecting: ProtectPage, page: Page, photo: Path, outside: list[Route]
) -> None:
    """
    The browser's question about leaving is for accidents, not for this.
    """
    questions: list[str] = []
    page.on("dialog", lambda dialog: (questions.append(dialog.type), dialog.accept()))
    protecting.go_to_pictures()
    protecting.choose(photo)
    protecting.submit("pictures")
    protecting.submit("confirm")
    protecting.words()
    page.locator("[data-leave]").click()
    page.wait_for_url(EXIT)
    assert questions == []
    assert outside


def test_leaving_while_the_keys_are_made_sends_nothing(
    protecting: ProtectPage, page: Page, photo: Path
) -> None:
    """
    She leaves before anything was sent: then nothing is.
    """
    sent = sent_by(page)
    waiting: list[Route] = []
    page.context.route(f"{EXIT}**", lambda route: waiting.append(route))  # noqa: PLW0108  a bound list method cannot carry what Playwright notes
    page.add_init_script(HOLD_WORKERS + LET_WORKERS_GO_WHEN_LEAVING)
    protecting.go_to_pictures()
    protecting.choose(photo)
    protecting.submit("pictures")
    page.evaluate("globalThis.held = []; undefined")
    protecting.submit("confirm")
    protecting.keep_code()
    protecting.arrive("send")
    page.locator("[data-leave]").click(no_wait_after=True)
    page.wait_for_timeout(2_500)
    assert len(waiting) == 1
    assert sent == []
    waiting[0].fulfill(content_type="text/html", body="<h1>The weather</h1>")


def test_page_that_is_left_in_another_way_keeps_nothing(
    following: FollowPage, page: Page, words: list[str], shared_node: RunningNode
) -> None:
    """
    A browser may keep a page in memory for Back: by then it is empty.
    """
    following.open_case(words)
    page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
    assert page.evaluate("document.body.innerHTML") == ""
    page.goto(f"{shared_node.url}/en/help/")
    page.go_back()
    following.arrive("enter")
    expect(page.locator("#code")).to_have_value("")
    expect(page.locator(".followed")).to_have_count(0)


def test_leaving_in_one_tab_leaves_in_all(
    protecting: ProtectPage,
    page: Page,
    shared_node: RunningNode,
    words: list[str],
    outside: list[Route],
) -> None:
    """
    Other tabs of this site, where a code may be open, leave too.
    """
    protecting.open()
    other = page.context.new_page()
    FollowPage(other, shared_node).open_case(words)
    page.locator("[data-leave]").click()
    page.wait_for_url(EXIT)
    other.wait_for_url(EXIT)
    assert len(outside) == 2


def test_shift_three_times_leaves(
    following: FollowPage, page: Page, words: list[str], outside: list[Route]
) -> None:
    """
    The dots count along, and each press is read out.
    """
    following.open_case(words)
    page.keyboard.press("Shift")
    expect(page.locator("[data-leave-status]")).to_have_text("Press Shift two more times to leave.")
    expect(page.locator(".leave-dots .on")).to_have_count(1)
    page.keyboard.press("Shift")
    expect(page.locator("[data-leave-status]")).to_have_text("Press Shift one more time to leave.")
    page.keyboard.press("Shift")
    page.wait_for_url(EXIT)
    assert len(outside) == 1


def test_shift_for_capitals_or_slowly_does_not_leave(
    following: FollowPage, page: Page, outside: list[Route]
) -> None:
    """
    A code typed in capitals keeps the page, and so do presses that are seconds apart.
    """
    page.clock.install()
    following.open()
    page.locator("#code").focus()
    for letter in "ABCD":
        page.keyboard.press(f"Shift+{letter}")
    expect(page.locator("#code")).to_have_value("ABCD")
    page.keyboard.press("Shift")
    page.keyboard.press("Shift")
    page.clock.fast_forward("00:06")
    expect(page.locator("[data-leave-status]")).to_have_text("Leaving was cancelled.")
    expect(page.locator(".leave-dots")).to_be_hidden()
    page.keyboard.press("Shift")
    following.arrive("enter")
    assert outside == []


@pytest.mark.parametrize("path", ["protect", "follow"])
def test_page_without_scripts_says_so_and_can_be_left(
    browser: Browser, shared_node: RunningNode, path: str
) -> None:
    """
    No step is shown, help is, and the way out is a plain link.
    """
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{shared_node.url}/en/{path}/")
        expect(page.locator("[data-needs-script]")).to_be_visible()
        expect(page.locator("[data-step]:not([hidden])")).to_have_count(0)
        assert page.locator("[data-leave]").get_attribute("href") == "/exit"
