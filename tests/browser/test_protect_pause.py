"""
Pausing while files are read: somebody came in, or the phone gets hot.
"""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from testing.portal_pages import HOLD_WORKERS, KEYS_TIMEOUT_MS, LET_WORKERS_GO, ProtectPage

pytestmark = [pytest.mark.browser, pytest.mark.service]


@pytest.fixture
def held(protecting: ProtectPage, page: Page, photos: list[Path]) -> ProtectPage:
    """
    Three pictures are chosen, and the first is being read.
    """
    page.add_init_script(HOLD_WORKERS)
    protecting.go_to_pictures()
    page.evaluate("() => { held = []; }")
    page.locator("#files").set_input_files(photos)
    page.wait_for_function("() => held.length === 1")
    return protecting


def test_pause_lets_the_first_be_finished_and_begins_no_other(
    held: ProtectPage, page: Page
) -> None:
    """
    Nothing more is read until she goes on; then all is read, once, in the order of choosing.
    """
    ready = page.locator(".picture-state.ready")
    page.get_by_role("button", name="Pause").click()
    status = held.step("pictures").locator("[data-picture-status]")
    expect(status).to_contain_text("Paused")
    page.evaluate(LET_WORKERS_GO)
    expect(ready).to_have_count(1, timeout=KEYS_TIMEOUT_MS)
    page.wait_for_timeout(500)
    expect(ready).to_have_count(1)
    held.submit("pictures")
    expect(held.step("pictures")).to_contain_text("Wait until everything has been read.")

    page.get_by_role("button", name="Go on reading").click()
    expect(ready).to_have_count(3, timeout=KEYS_TIMEOUT_MS)
    expect(status).to_have_text("3 files are ready.")
    expect(page.locator("[data-pause]")).to_be_hidden()
    held.submit("pictures")
    held.arrive("confirm")


def test_removing_all_while_paused_ends_the_pause(
    held: ProtectPage, page: Page, photo: Path
) -> None:
    """
    What is chosen afterwards is read without a word about a pause.
    """
    page.get_by_role("button", name="Pause").click()
    page.evaluate(LET_WORKERS_GO)
    expect(page.locator(".picture-state.ready")).to_have_count(1, timeout=KEYS_TIMEOUT_MS)
    for _ in range(3):
        held.remove(0)
    expect(page.locator("[data-pause]")).to_be_hidden()
    held.choose(photo)
    expect(page.locator(".picture-state.ready")).to_have_count(1)
