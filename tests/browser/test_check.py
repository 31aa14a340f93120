"""
The self-test: what it says is what happened.
"""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from tegenbeeld.media import read_pixels
from tegenbeeld.pdq import hash_rgb
from testing.running_node import RunningNode

pytestmark = [pytest.mark.browser, pytest.mark.service]

NOTHING_ASKED = (
    "The fingerprint is made, and the picture did not leave your device: "
    "meanwhile your browser asked for nothing."
)


@pytest.fixture
def checking(page: Page, shared_node: RunningNode) -> Page:
    """
    The page of the self-test, loaded with all it fetches.
    """
    page.goto(f"{shared_node.url}/en/check/", wait_until="networkidle")
    return page


def test_drawn_picture_is_hashed_and_nothing_is_asked_for(checking: Page) -> None:
    """
    It says that nothing left, and nothing did; the list names every file that came before.
    """
    asked: list[Request] = []
    checking.on("request", lambda request: asked.append(request))  # noqa: PLW0108  a bound list method cannot carry what Playwright notes
    checking.locator("[data-check-draw]").click()
    expect(checking.locator("[data-check-status]")).to_have_text(NOTHING_ASKED)
    assert len(checking.locator("[data-check-hash]").inner_text()) == 64
    assert asked == []
    listed = checking.locator("[data-check-requests] code").all_inner_texts()
    assert "/static/pdq/worker.mjs" in listed
    assert all(path.startswith("/static/") for path in listed)


def test_picture_of_her_own_has_its_real_hash_with_the_network_cut(
    checking: Page, photo: Path
) -> None:
    """
    As the page advises: without internet it works as well, and it is the real fingerprint.
    """
    checking.context.set_offline(True)
    checking.locator("#check-file").set_input_files(photo)
    expect(checking.locator("[data-check-status]")).to_have_text(NOTHING_ASKED)
    shown = int(checking.locator("[data-check-hash]").inner_text(), 16)
    expected = int(hash_rgb(read_pixels(photo.read_bytes())).hash.hex(), 16)
    assert (shown ^ expected).bit_count() <= 10


def test_request_during_the_test_is_told(checking: Page) -> None:
    """
    Were something asked for meanwhile, the page would say so.
    """
    checking.evaluate(
        """() => document.querySelector("[data-check-draw]").addEventListener("click", () => {
          void fetch("/static/portal/icon.svg").then((answer) => answer.text());
        })"""
    )
    checking.locator("[data-check-draw]").click()
    expect(checking.locator("[data-check-status]")).to_contain_text("asked for 1 file of this site")
    expect(checking.locator("[data-check-requests]")).to_contain_text("icon.svg (during the test")


def test_file_that_is_no_picture_is_told(checking: Page, tmp_path: Path) -> None:
    """
    It can be tried again with another one.
    """
    text = tmp_path / "text.jpg"
    text.write_text("no picture")
    checking.locator("#check-file").set_input_files(text)
    expect(checking.locator("[data-check-status]")).to_have_text(
        "This picture could not be used. Try another one."
    )
    expect(checking.locator("[data-check-result]")).to_be_hidden()


def test_page_without_scripts_explains(browser: Browser, shared_node: RunningNode) -> None:
    """
    No button that does nothing, and how to check without us.
    """
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{shared_node.url}/en/check/")
        expect(page.locator("[data-needs-script]")).to_be_visible()
        expect(page.locator("[data-check]")).to_be_hidden()
        expect(page.get_by_role("heading", name="Check it without us")).to_be_visible()
