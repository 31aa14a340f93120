"""
Being told by e-mail, from the page with the code to the mailbox and back.
"""

import json

import httpx2
import pytest
from playwright.sync_api import Page, expect

from testing.mail_server import MailServer
from testing.portal_pages import SENDER, FollowPage, new_case
from testing.running_node import RunningNode, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.service]

ROUND = """
from datetime import date
from tegenbeeld.server.actions import news
assert news.write(today=date(2100, 1, 4))
"""


def open_choice(page: Page, node: RunningNode) -> FollowPage:
    """
    Open a case of two pictures, and the choice.
    """
    following = FollowPage(page, node)
    following.open_case(new_case(page, node))
    page.get_by_text("Be told by e-mail").click()
    return following


def test_nothing_is_asked_where_the_operator_sends_no_mail(
    following: FollowPage, page: Page, words: list[str]
) -> None:
    """
    No field for an address that nobody would write to.
    """
    following.open_case(words)
    expect(page.locator("input[type=email]")).to_have_count(0)


def test_she_is_told_and_can_stop_it(
    page: Page, mailing_node: RunningNode, mail_server: MailServer
) -> None:
    """
    Never on by itself; asked for by name and keyboard; the letter's link ends it.
    """
    partner = mailing_node.add_partner("Platform A")
    key = {"Authorization": f"Bearer {partner.key}"}
    following = open_choice(page, mailing_node)
    now = page.locator("[data-news-now]")
    expect(now).to_contain_text("no e-mails")
    expect(page.locator("[data-news]")).to_contain_text(SENDER)
    field = page.get_by_label("Your e-mail address")
    field.focus()
    page.keyboard.type("ann@example.org")
    page.keyboard.press("Enter")
    status = following.step("pictures").locator("[data-refreshing]")
    expect(status).to_contain_text("at most once a week")
    expect(field).to_have_value("")
    page.get_by_text("Be told by e-mail").click()
    expect(now).to_contain_text("at most once a week")

    changes = httpx2.get(f"{mailing_node.url}/api/v1/changes", headers=key).json()["changes"]
    feedback = [{"id": change["id"], "value": "blocked"} for change in changes]
    httpx2.post(
        f"{mailing_node.url}/api/v1/feedback",
        content=json.dumps({"feedback": feedback}),
        headers=key | {"Content-Type": "application/json"},
    ).raise_for_status()
    mailing_node.inside(ROUND)
    wait_until(lambda: mail_server.letters, seconds=30)
    (letter,) = mail_server.letters
    assert letter["To"] == "ann@example.org"

    visit = page.context.new_page()
    visit.goto(letter["List-Unsubscribe"].strip("<>"))
    visit.keyboard.press("Tab")
    visit.get_by_role("button", name="Stop the messages").focus()
    visit.keyboard.press("Enter")
    expect(visit.get_by_role("heading", level=1)).to_have_text("The messages have stopped")
    page.get_by_role("button", name="Look again").click()
    expect(now).to_contain_text("no e-mails")


def test_she_can_stop_it_with_her_code(page: Page, mailing_node: RunningNode) -> None:
    """
    One button, which is there only while there is something to stop.
    """
    open_choice(page, mailing_node)
    stop = page.get_by_role("button", name="Send me no more e-mails")
    expect(stop).to_be_hidden()
    page.get_by_label("Your e-mail address").fill("ann@example.org")
    page.get_by_label("How often at most?").select_option("daily")
    page.get_by_role("button", name="Tell me by e-mail").click()
    expect(page.locator("[data-refreshing]")).to_contain_text("once a day")
    page.get_by_text("Be told by e-mail").click()
    stop.click()
    expect(page.locator("[data-refreshing]")).to_contain_text("no more e-mails")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Type your e-mail address"),
        *((text, "does not look like") for text in ("ann", "ann@example", "a b@example.org")),
        *((text, "does not look like") for text in ("ann@@example.org", "a..b@example.org")),
    ],
)
def test_what_is_no_address_is_said_at_the_field(
    page: Page, mailing_node: RunningNode, typed: str, said: str
) -> None:
    """
    In words, before anything is sent, and the focus is at the words.
    """
    following = open_choice(page, mailing_node)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    page.get_by_label("Your e-mail address").fill(typed)
    page.get_by_role("button", name="Tell me by e-mail").click()
    summary = following.step("pictures").locator("[data-error-summary]")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text(said)
    expect(page.locator("#address-error")).to_contain_text(said)
    assert sent == []


def test_request_has_one_length_whatever_the_address(page: Page, mailing_node: RunningNode) -> None:
    """
    Who watches the line cannot tell a short address from a long one, or from none.
    """
    open_choice(page, mailing_node)
    lengths = set()
    for address in ("a@b.be", f"{'a' * 60}@{'b' * 60}.example.org"):
        page.get_by_label("Your e-mail address").fill(address)
        with page.expect_request("**/case/news") as asked:
            page.get_by_role("button", name="Tell me by e-mail").click()
        lengths.add(len(asked.value.post_data_buffer or b""))
        expect(page.locator("[data-refreshing]")).to_contain_text("once a week")
        page.get_by_text("Be told by e-mail").click()
    with page.expect_request("**/case/news") as asked:
        page.get_by_role("button", name="Send me no more e-mails").click()
    lengths.add(len(asked.value.post_data_buffer or b""))
    assert lengths == {16 * 1024}
