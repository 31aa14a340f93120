"""
Every way through the site with a keyboard alone, and everything found by what it is called.
"""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from testing.hands import Hands
from testing.portal_pages import EXIT, KEYS_TIMEOUT_MS
from testing.running_node import RunningNode

pytestmark = [pytest.mark.browser, pytest.mark.service]


@pytest.fixture
def hands(page: Page) -> Hands:
    """
    Of the person before this page.
    """
    return Hands(page)


def arrive(page: Page, heading: str | re.Pattern[str]) -> None:
    """
    Wait until a step with this heading is shown, and nothing else; its heading is read out.
    """
    title = page.get_by_role("heading", level=1, name=heading)
    expect(title).to_be_focused(timeout=KEYS_TIMEOUT_MS)
    expect(page.get_by_role("heading", level=1)).to_have_count(1)


def protect(page: Page, hands: Hands, photos: list[Path], own_word: str) -> list[str]:
    """
    From the start page until the fingerprints are sent; the words of the code.
    """
    hands.press("link", "Protect pictures and videos")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Are you the person")
    hands.press("radio", "Yes, it is me", key="Space")
    hands.press("button", "Continue")
    arrive(page, "Were you 18 or older when it was made?")
    hands.reach("radio", "Yes, 18 or older")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("radio", name="Yes, 18 or older")).to_be_checked()
    page.keyboard.press("Enter")
    arrive(page, "What happens now")
    hands.press("button", "Continue")
    arrive(page, "Which pictures and videos do you want to protect?")
    with page.expect_file_chooser() as chooser:
        hands.press("button", "Choose pictures and videos", key="Space")
    chooser.value.set_files(photos)
    said = page.get_by_role("status").filter(has_text="files are ready")
    expect(said).to_have_text(f"{len(photos)} files are ready.", timeout=KEYS_TIMEOUT_MS)
    page.keyboard.press("Tab")
    hands.press("button", f"Remove {photos[-1].name}")
    expect(page.get_by_role("listitem").filter(has_text=photos[-1].name)).to_have_count(0)
    first = page.get_by_role("listitem").filter(has_text=photos[0].name).get_by_role("textbox")
    while not first.evaluate("field => field === document.activeElement"):
        page.keyboard.press("Shift+Tab")
    page.keyboard.type(own_word)
    hands.press("button", "Continue")
    arrive(page, re.compile("will be protected"))
    hands.reach("combobox", "How long should it last?")
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("combobox")).to_have_value("2")
    hands.press("button", "Yes, protect them")
    arrive(page, "This is your code")
    listed = [item.strip() for item in page.get_by_role("listitem").all_inner_texts()]
    words = [item for item in listed if re.fullmatch(r"[a-z]+", item)]
    assert len(words) == 8
    hands.press("button", "I have kept my code")
    arrive(page, "Do you have the words?")
    for field in page.get_by_role("textbox").all():
        name = field.evaluate("field => field.labels[0].innerText")
        number = re.search(r"\d+", name)
        assert number
        hands.write(name, words[int(number.group()) - 1])
    page.keyboard.press("Enter")
    arrive(page, re.compile("have been received"))
    return words


def test_protect_follow_and_withdraw(
    hands: Hands, page: Page, mailing_node: RunningNode, photos: list[Path]
) -> None:
    """
    The whole way of a person who uses no mouse.
    """
    page.goto(f"{mailing_node.url}/en/")
    words = protect(page, hands, photos, "red dress")
    hands.press("link", "Look with my code")
    hands.write("Your code", " ".join(words).upper())
    hands.press("button", "Look")
    arrive(page, "Your pictures and videos")
    expect(page.get_by_role("heading", name="Picture 1 · red dress")).to_be_visible()

    hands.press("button", "Look again")
    expect(page.get_by_role("status").filter(has_text="how things stand")).to_be_visible()
    reach_summary(hands, page, "Be told by e-mail")
    hands.write("Your e-mail address", "ann@example.org")
    hands.reach("combobox", "How often at most?")
    page.keyboard.press("ArrowDown")
    hands.press("button", "Tell me by e-mail")
    expect(page.get_by_role("status").filter(has_text="once a month")).to_be_visible()

    reach_summary(hands, page, "Make the protection last longer")
    hands.press("button", "Make it last longer")
    expect(page.get_by_role("status").filter(has_text="Done.")).to_be_visible()

    reach_summary(hands, page, "Change your own word for number 2")
    page.keyboard.press("Tab")
    page.keyboard.type("beach")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Picture 2 · beach")).to_be_visible()

    hands.press("button", "Withdraw picture 2")
    arrive(page, "Withdraw picture 2?")
    hands.press("button", "No, keep the protection")
    arrive(page, "Your pictures and videos")
    hands.press("button", "Withdraw picture 2")
    arrive(page, "Withdraw picture 2?")
    hands.press("button", "Yes, withdraw")
    arrive(page, "Your pictures and videos")
    expect(page.get_by_text("You withdrew it on")).to_be_visible()
    hands.press("button", "Close")
    expect(page.get_by_role("textbox", name="Your code")).to_have_value("")
    assert hands.stops > 100


def test_mistakes_are_read_out_and_lead_to_the_field(
    hands: Hands, page: Page, shared_node: RunningNode
) -> None:
    """
    Nothing typed: the words about it have the focus, and Enter on them leads to the field.
    """
    page.goto(f"{shared_node.url}/en/follow/")
    hands.press("button", "Look")
    alert = page.get_by_role("alert").filter(has_text="Something needs your attention")
    expect(alert).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    field = page.get_by_role("textbox", name="Your code")
    expect(field).to_be_focused()
    expect(field).to_have_accessible_description(re.compile("Type your code"))


def test_plan_and_a_page_to_read(hands: Hands, page: Page, shared_node: RunningNode) -> None:
    """
    Answers by Space, the steps read on, another language, and the way to the content.
    """
    page.goto(f"{shared_node.url}/en/")
    hands.press("link", "What can I do now?")
    page.wait_for_url("**/steps/")
    hands.press("checkbox", "It is on the internet", key="Space")
    expect(page.get_by_role("status").filter(has_text="steps fit")).to_be_visible()
    hands.press("link", "Read on: If you want: the police")
    page.wait_for_url("**/appointment/")
    hands.press("link", "Nederlands")
    page.wait_for_url("**/nl/appointment/")
    page.keyboard.press("Tab")
    hands.press("link", "Naar de inhoud")
    expect(page.get_by_role("main")).to_be_focused()


def test_help_lines_open_by_key(hands: Hands, page: Page, shared_node: RunningNode) -> None:
    """
    Other countries are folded away, and open.
    """
    page.goto(f"{shared_node.url}/en/help/")
    line = page.get_by_text("Helpwanted", exact=True).first
    expect(line).to_be_hidden()
    reach_summary(hands, page, "Netherlands")
    expect(line).to_be_visible()


def test_first_key_leads_away(page: Page, shared_node: RunningNode, outside: list[Route]) -> None:
    """
    Tab, Enter: gone, on each page.
    """
    for path in ("", "protect/", "follow/", "steps/", "safety/"):
        page.goto(f"{shared_node.url}/en/{path}")
        page.keyboard.press("Tab")
        link = page.get_by_role("link", name="Leave this page", exact=True).first
        expect(link).to_be_focused()
        page.keyboard.press("Enter")
        page.wait_for_url(EXIT)
    assert outside


def reach_summary(hands: Hands, page: Page, name: str) -> None:
    """
    Open what is folded behind a line.
    """
    # Chromium gives a `summary` no role that can be asked for.
    fold = page.locator("summary").filter(has_text=re.compile(f"^\\s*{re.escape(name)}\\s*$"))
    hands.reach_element(fold)
    page.keyboard.press("Enter")
    expect(fold.locator("..")).to_have_attribute("open", "")
