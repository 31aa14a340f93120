"""
Ways to bring pictures to the page besides the button: dropping and pasting.
"""

import base64
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from testing.portal_pages import KEYS_TIMEOUT_MS, ProtectPage

pytestmark = [pytest.mark.browser, pytest.mark.service]

BRING = """
([selector, kind, name, content]) => {
  const bytes = Uint8Array.from(atob(content), (sign) => sign.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], name, { type: "image/png" }));
  const event = kind === "paste"
    ? new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })
    : new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true });
  return document.querySelector(selector).dispatchEvent(event);
}
"""


def bring(page: Page, selector: str, kind: str, photo: Path) -> bool:
    """
    Let a file arrive at an element; whether the browser would do its own with it.
    """
    content = base64.b64encode(photo.read_bytes()).decode()
    return bool(page.evaluate(BRING, [selector, kind, photo.name, content]))


@pytest.mark.parametrize(
    ("selector", "kind"), [("[data-drop]", "drop"), ("body", "paste"), ("#main", "paste")]
)
def test_picture_that_is_dropped_or_pasted_is_read(
    protecting: ProtectPage, page: Page, photos: list[Path], selector: str, kind: str
) -> None:
    """
    As one that was chosen by the button.
    """
    protecting.go_to_pictures()
    assert not bring(page, selector, kind, photos[1])
    expect(page.locator(".picture-state.ready")).to_have_count(1, timeout=KEYS_TIMEOUT_MS)
    expect(page.locator(".picture-file")).to_have_text(photos[1].name)


def test_picture_beside_the_field_does_not_take_the_place_of_the_page(
    protecting: ProtectPage, page: Page, photos: list[Path]
) -> None:
    """
    Dropped elsewhere it is ignored, and not opened.
    """
    protecting.go_to_pictures()
    assert not bring(page, "h1", "drop", photos[1])
    expect(page.locator(".picture")).to_have_count(0)


def test_paste_before_the_step_is_ignored(
    protecting: ProtectPage, page: Page, photos: list[Path]
) -> None:
    """
    No picture comes in before she said that she is 18, and text pastes as always.
    """
    protecting.open()
    assert bring(page, "body", "paste", photos[1])
    protecting.answer("person", "yes")
    protecting.answer("age", "yes")
    protecting.submit("explain")
    expect(page.locator(".picture")).to_have_count(0)
    assert page.evaluate(
        "() => document.body.dispatchEvent(new ClipboardEvent('paste', { cancelable: true,"
        " clipboardData: new DataTransfer(), bubbles: true }))"
    )
