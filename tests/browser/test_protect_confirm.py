"""
Protecting: what is confirmed is what is sent, however she went back and forth.
"""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from testing.portal_pages import HOLD_WORKERS, LET_WORKERS_GO, ProtectPage, sent_by

pytestmark = [pytest.mark.browser, pytest.mark.service]


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


def test_code_step_lists_the_numbers_and_paper_does_not(
    protecting: ProtectPage, page: Page, photos: list[Path]
) -> None:
    """
    She can note which picture is which number; the names are not printed.
    """
    protecting.go_to_pictures()
    protecting.choose(*photos)
    protecting.submit("pictures")
    expect(page.get_by_label("How long should it last?")).to_have_value("5")
    protecting.submit("confirm")
    names = page.locator("[data-code-names]")
    expect(names.locator("li").nth(1)).to_have_text(f"Picture 2 · {photos[1].name}")
    page.emulate_media(media="print")
    expect(names).to_be_hidden()
    expect(page.locator("[data-code-words]")).to_be_visible()
