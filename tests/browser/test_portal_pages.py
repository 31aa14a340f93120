"""
The pages of the portal when somebody goes back and forth, waits, or leaves.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from testing.portal_pages import FollowPage, Held, ProtectPage, new_case
from testing.running_node import RunningNode

pytestmark = [pytest.mark.browser, pytest.mark.service]

EXIT = "https://www.meteo.be/"
IDLE_LIMIT = "10:00"

HOLD_WORKERS = """
const send = Worker.prototype.postMessage;
Worker.prototype.postMessage = function (...message) {
  if (globalThis.held) globalThis.held.push(() => send.apply(this, message));
  else send.apply(this, message);
};
"""
"""From `held = []` on, no worker hears anything until `held` is let go."""

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
  console.log(`left with <${document.body.innerHTML}>`);
}).observe(document, { attributes: true, subtree: true });
"""

LET_WORKERS_GO = "() => { const waiting = held; held = null; for (const go of waiting) go(); }"


@pytest.fixture
def protecting(page: Page, shared_node: RunningNode) -> ProtectPage:
    """
    The page that protects.
    """
    return ProtectPage(page, shared_node)


@pytest.fixture
def following(page: Page, shared_node: RunningNode) -> FollowPage:
    """
    The page that follows.
    """
    return FollowPage(page, shared_node)


@pytest.fixture(scope="module")
def words(browser: Browser, shared_node: RunningNode) -> Iterator[list[str]]:
    """
    A code that holds two pictures; nothing withdraws them.
    """
    with browser.new_context() as context:
        yield new_case(context.new_page(), shared_node)


@pytest.fixture
def outside(page: Page) -> list[Route]:
    """
    Stands for the site to which "Leave this page" leads; the requests that reached it.
    """
    visits: list[Route] = []

    def answer(route: Route) -> None:
        visits.append(route)
        route.fulfill(content_type="text/html", body="<h1>The weather</h1>")

    page.context.route(f"{EXIT}**", answer)
    return visits


def sent_by(page: Page) -> list[dict[str, Any]]:
    """
    What the page asks to have protected, from now on.
    """
    sent: list[dict[str, Any]] = []

    def note(request: Any) -> None:
        if request.url.endswith("/case/protect"):
            sent.append(json.loads(request.post_data))

    page.on("request", note)
    return sent


# Confirming


def test_confirm_when_a_picture_was_removed_shows_the_list_as_it_is(
    protecting: ProtectPage, page: Page, photos: list[Path]
) -> None:
    """
    Back, remove one, browser Forward: what is confirmed is what will be sent.
    """
    sent = sent_by(page)
    protecting.go_to_pictures()
    protecting.choose(*photos)
    protecting.submit("pictures")
    protecting.back("confirm")
    protecting.remove(0)
    page.go_forward()
    protecting.arrive("confirm")
    assert protecting.confirmed_names() == [photos[1].name, photos[2].name]
    expect(page.locator("[data-confirm-title]")).to_have_text("2 pictures will be protected")

    protecting.submit("confirm")
    protecting.keep_code()
    protecting.arrive("done")
    assert [len(message["protections"]) for message in sent] == [2]


def test_confirm_when_all_were_removed_asks_for_pictures(
    protecting: ProtectPage, page: Page, photo: Path
) -> None:
    """
    Without a picture there is nothing to confirm.
    """
    protecting.go_to_pictures()
    protecting.choose(photo)
    protecting.submit("pictures")
    protecting.back("confirm")
    protecting.remove(0)
    page.go_forward()
    protecting.arrive("pictures")
    protecting.submit("pictures")
    expect(protecting.step("pictures").locator("[data-error-summary]")).to_be_visible()


def test_confirm_while_a_picture_is_being_read_waits(
    protecting: ProtectPage, page: Page, photos: list[Path]
) -> None:
    """
    As long as it is not known whether a picture can be protected, nothing is confirmed.
    """
    page.add_init_script(HOLD_WORKERS)
    protecting.go_to_pictures()
    protecting.choose(photos[0])
    protecting.submit("pictures")
    protecting.back("confirm")
    page.evaluate("globalThis.held = []; undefined")
    page.locator("#files").set_input_files(photos[1])
    page.go_forward()
    protecting.arrive("pictures")
    page.evaluate(LET_WORKERS_GO)
    expect(page.locator(".picture-state.ready")).to_have_count(2)
    protecting.submit("pictures")
    protecting.arrive("confirm")
    assert len(protecting.confirmed_names()) == 2


@pytest.mark.parametrize("steps", [2, 3])
def test_code_when_the_pictures_changed_asks_again(
    protecting: ProtectPage, page: Page, photos: list[Path], steps: int
) -> None:
    """
    A leap in the history past the confirming step, to the code or its words, ends at that step.
    """
    protecting.go_to_pictures()
    protecting.choose(photos[0], photos[1])
    protecting.submit("pictures")
    protecting.submit("confirm")
    if steps == 3:
        protecting.submit("code")
    page.evaluate(f"history.go(-{steps})")
    protecting.arrive("pictures")
    protecting.remove(1)
    page.evaluate(f"history.go({steps})")
    protecting.arrive("confirm")
    assert protecting.confirmed_names() == [photos[0].name]


def test_picture_that_comes_after_the_confirmation_is_not_sent(
    protecting: ProtectPage, page: Page, photos: list[Path]
) -> None:
    """
    A file dialog that was still open gives its file late: only what was confirmed is sent.
    """
    sent = sent_by(page)
    protecting.go_to_pictures()
    protecting.choose(photos[0])
    protecting.submit("pictures")
    protecting.arrive("confirm")
    protecting.choose(photos[1])
    protecting.submit("confirm")
    protecting.keep_code()
    protecting.arrive("done")
    assert [len(message["protections"]) for message in sent] == [1]
    expect(page.locator("[data-done-title]")).to_contain_text("1 fingerprint")


# Back and Forward, and sending again


def test_back_and_forward_when_answering_change_neither_address_nor_title(
    protecting: ProtectPage, page: Page
) -> None:
    """
    Each step is one step of the history, and the history shows one page.
    """
    protecting.open()
    title = page.title()
    protecting.answer("person", "yes")
    protecting.answer("age", "yes")
    protecting.arrive("explain")
    page.go_back()
    protecting.arrive("age")
    expect(page.locator("#age-yes")).to_be_checked()
    page.go_back()
    protecting.arrive("person")
    page.go_forward()
    protecting.arrive("age")
    protecting.back("age")
    protecting.arrive("person")
    assert (page.url, page.title()) == (protecting.url, title)


def test_reload_at_a_step_begins_anew(protecting: ProtectPage, page: Page) -> None:
    """
    After a reload nothing is remembered, and the entries from before lead to the first step.
    """
    protecting.open()
    protecting.answer("person", "yes")
    protecting.answer("age", "yes")
    page.reload()
    protecting.arrive("person")
    page.go_back()
    protecting.arrive("person")


def test_back_after_sending_stays_at_the_end(
    protecting: ProtectPage, page: Page, photo: Path
) -> None:
    """
    The code is gone from the page, and no step comes back.
    """
    protecting.protect(photo)
    page.go_back()
    protecting.arrive("done")
    expect(page.locator("[data-code-words] li")).to_have_count(0)
    page.go_forward()
    protecting.arrive("done")


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


def test_code_step_lists_the_numbers_and_paper_does_not(
    protecting: ProtectPage, page: Page, photos: list[Path]
) -> None:
    """
    She can note which picture is which number; the names are not printed.
    """
    protecting.go_to_pictures()
    protecting.choose(*photos)
    protecting.submit("pictures")
    expect(protecting.step("confirm")).to_contain_text("after 5 years")
    protecting.submit("confirm")
    names = page.locator("[data-code-names]")
    expect(names.locator("li").nth(1)).to_have_text(f"Picture 2 · {photos[1].name}")
    page.emulate_media(media="print")
    expect(names).to_be_hidden()
    expect(page.locator("[data-code-words]")).to_be_visible()


# Following


def test_withdraw_when_she_said_no_meanwhile_stays_at_her_pictures(
    following: FollowPage, page: Page, shared_node: RunningNode
) -> None:
    """
    The answer comes after "No": she is told what happened, and is not taken elsewhere.
    """
    following.open_case(new_case(page, shared_node))
    following.ask_to_withdraw(1)
    held = Held(page, "/case/withdraw")
    page.locator("[data-withdraw-yes]").click()
    held.wait()
    following.back("withdraw")
    following.arrive("pictures")
    held.let_go()
    following.arrive("pictures")
    expect(page.locator("[data-notice]")).to_contain_text("Withdrawn")
    expect(page.locator(".followed").first).to_contain_text("You withdrew it")


def test_withdraw_when_another_is_asked_about_meanwhile_stays_at_that_question(
    following: FollowPage, page: Page, shared_node: RunningNode
) -> None:
    """
    The answer about the first picture does not take away the question about the second.
    """
    following.open_case(new_case(page, shared_node))
    following.ask_to_withdraw(1)
    held = Held(page, "/case/withdraw")
    page.locator("[data-withdraw-yes]").click()
    held.wait()
    following.back("withdraw")
    following.ask_to_withdraw(2)
    held.let_go()
    following.arrive("withdraw")
    page.locator("[data-withdraw-yes]").click()
    following.arrive("pictures")
    expect(page.locator(".followed").last).to_contain_text("You withdrew it")


def test_withdraw_when_it_fails_after_no_is_told_where_she_is(
    following: FollowPage, page: Page, words: list[str]
) -> None:
    """
    She pressed "Yes" and then "No": that the request broke is said on the page she sees.
    """
    following.open_case(words)
    following.ask_to_withdraw(1)
    held = Held(page, "/case/withdraw")
    page.locator("[data-withdraw-yes]").click()
    held.wait()
    following.back("withdraw")
    following.arrive("pictures")
    held.fail()
    summary = following.step("pictures").locator("[data-error-summary]")
    expect(summary).to_contain_text("We could not reach the server")


def test_withdraw_when_locked_meanwhile_does_not_leave_the_site(
    following: FollowPage, page: Page, shared_node: RunningNode
) -> None:
    """
    The page locks while the answer is on its way: it stays here, and shows nothing.
    """
    words = new_case(page, shared_node)
    page.clock.install()
    following.open_case(words)
    following.ask_to_withdraw(1)
    held = Held(page, "/case/withdraw")
    page.locator("[data-withdraw-yes]").click()
    held.wait()
    page.clock.fast_forward(IDLE_LIMIT)
    following.arrive("enter")
    held.let_go()
    following.arrive("enter")
    assert page.url == following.url
    expect(page.locator(".followed")).to_have_count(0)


def test_opening_when_she_moves_in_the_history_meanwhile_stays_shut(
    following: FollowPage, page: Page, words: list[str]
) -> None:
    """
    Forward during the opening takes the code off the page: its answer is not shown any more.
    """
    following.open_case(words)
    page.go_back()
    following.arrive("enter")
    held = Held(page, "/case/read")
    following.enter(words)
    held.wait()
    page.go_forward()
    following.arrive("enter")
    held.let_go()
    following.arrive("enter")
    expect(page.locator("#code")).to_have_value("")
    expect(page.locator(".followed")).to_have_count(0)


def test_opening_when_it_fails_after_that_does_not_bring_the_code_back(
    following: FollowPage, page: Page, words: list[str]
) -> None:
    """
    A code that was taken off the page stays off, also when its request breaks.
    """
    following.open_case(words)
    page.go_back()
    following.arrive("enter")
    held = Held(page, "/case/read")
    following.enter(words)
    held.wait()
    page.go_forward()
    following.arrive("enter")
    held.fail()
    expect(page.locator("#code")).to_have_value("")


def test_looking_again_when_closed_meanwhile_shows_nothing(
    following: FollowPage, page: Page, words: list[str]
) -> None:
    """
    "Close" while an answer is on its way: the answer is thrown away, and the code opens anew.
    """
    following.open_case(words)
    held = Held(page, "/case/read")
    page.locator("[data-refresh]").click()
    held.wait()
    page.locator("[data-lock]").click()
    following.arrive("enter")
    held.let_go()
    following.arrive("enter")
    expect(page.locator(".followed")).to_have_count(0)
    following.enter(words)
    following.arrive("pictures")
    page.locator("[data-refresh]").click()
    expect(page.locator("[data-refreshing]")).to_have_text("This is how things stand now.")


def test_back_from_the_pictures_locks(following: FollowPage, page: Page, words: list[str]) -> None:
    """
    Back closes what the code opened, and Forward does not open it again.
    """
    following.open_case(words)
    page.go_back()
    following.arrive("enter")
    expect(page.locator("#code")).to_have_value("")
    page.go_forward()
    following.arrive("enter")
    expect(page.locator(".followed")).to_have_count(0)


def test_long_text_in_place_of_a_code_is_cut_in_the_message(
    following: FollowPage, page: Page
) -> None:
    """
    Five thousand letters are not repeated.
    """
    following.open()
    following.enter(["b" * 5000, *["abandon"] * 7])
    error = page.locator("#code-error")
    expect(error).to_contain_text("bbbbb…")
    assert len(error.inner_text()) < 200


# Locking


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


# Leaving


def test_leaving_wipes_the_page_and_back_leads_to_no_step(
    protecting: ProtectPage,
    page: Page,
    photo: Path,
    shared_node: RunningNode,
    outside: list[Route],
) -> None:
    """
    The link goes elsewhere at once, nothing is left in the page, and Back leads to its start.
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
    page.go_back()
    assert page.url == f"{shared_node.url}/en/"


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
        assert page.locator("[data-leave]").get_attribute("href") == EXIT
