"""
Protecting: Back, Forward and reload.
"""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from testing.portal_pages import ProtectPage

pytestmark = [pytest.mark.browser, pytest.mark.service]


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
