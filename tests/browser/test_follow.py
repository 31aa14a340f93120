"""
Following: answers that come late, and what opens and closes a code.
"""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from testing.clips import even_times, make_clip
from testing.portal_pages import IDLE_LIMIT, FollowPage, Held, ProtectPage, new_case
from testing.running_node import RunningNode

pytestmark = [pytest.mark.browser, pytest.mark.service]


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


def _held_opening(following: FollowPage, page: Page, words: list[str]) -> Held:
    """
    Enter a code, hold its answer up, and go Forward meanwhile.
    """
    following.open_case(words)
    page.go_back()
    following.arrive("enter")
    held = Held(page, "/case/read")
    following.enter(words)
    held.wait()
    page.go_forward()
    following.arrive("enter")
    return held


def test_opening_when_she_moves_in_the_history_meanwhile_stays_shut(
    following: FollowPage, page: Page, words: list[str]
) -> None:
    """
    Forward during the opening takes the code off the page: its answer is not shown any more.
    """
    held = _held_opening(following, page, words)
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
    held = _held_opening(following, page, words)
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


def test_more_is_protected_later_under_the_same_code(
    page: Page, shared_node: RunningNode, photo: Path, tmp_path: Path
) -> None:
    """
    A second visit adds to the code: the next numbers, with their own words, beside the first.
    """
    words = new_case(page, shared_node)
    protecting = ProtectPage(page, shared_node)
    protecting.go_to_pictures()
    clip = make_clip(tmp_path / "clip.mp4", even_times(2))
    protecting.choose(clip, photo)
    page.get_by_label("Your own word for it").nth(1).fill("balcony")
    protecting.submit("pictures")
    page.get_by_role("button", name="Yes, under a code I have").click()
    protecting.arrive("existing")
    page.locator("#code").fill(" ".join([*words[:7], words[0]]))
    protecting.submit("existing")
    expect(page.locator("#code-error")).to_be_visible()
    page.locator("#code").fill(" ".join(words))
    protecting.submit("existing")
    protecting.arrive("done")
    expect(protecting.step("done")).to_contain_text("under these numbers: 3, 4")

    FollowPage(page, shared_node).open_case(words)
    expect(page.locator(".followed h2")).to_have_text(
        ["Picture 1", "Picture 2", "Video 3", "Picture 4 · balcony"]
    )


def test_her_own_word_can_be_changed_and_the_protection_made_longer(
    page: Page, shared_node: RunningNode
) -> None:
    """
    Both show at once, and still after the page was closed and opened again.
    """
    words = new_case(page, shared_node)
    following = FollowPage(page, shared_node)
    following.open_case(words)
    first = page.locator(".followed").first
    first.get_by_text("Change your own word for number 1").click()
    first.get_by_label("Your own word for it").fill("zee & <b>zon</b>")
    first.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(first.locator("h2")).to_have_text("Picture 1 · zee & <b>zon</b>")

    ends = "The protection ends on"
    before = first.get_by_text(ends).inner_text()
    page.get_by_text("Make the protection last longer").click()
    page.get_by_label("How long from today?").select_option("2 years")
    page.get_by_role("button", name="Make it last longer").click()
    expect(page.get_by_text("Done. The new day is shown")).to_be_visible()
    # It had five years already: nothing ends sooner.
    expect(first.get_by_text(ends)).to_have_text(before)

    following.open_case(words)
    expect(page.locator(".followed h2").first).to_have_text("Picture 1 · zee & <b>zon</b>")
    expect(page.locator(".followed h2").nth(1)).to_have_text("Picture 2")
