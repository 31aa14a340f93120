"""
Ready for languages that run from the right: nothing is in the way but the words.
"""

import pytest
from playwright.sync_api import Page, expect

from testing.running_node import RunningNode

pytestmark = [pytest.mark.browser, pytest.mark.service]

TURN = "() => { document.documentElement.dir = 'rtl'; }"

FITS = "() => document.documentElement.scrollWidth <= innerWidth"

EDGES = """
(selector) => {
  const { left, right } = document.querySelector(selector).getBoundingClientRect();
  return [left, innerWidth - right];
}
"""


@pytest.mark.parametrize("path", ["", "steps/", "help/", "protect/", "safety/", "about/"])
def test_page_is_mirrored_and_fits(page: Page, shared_node: RunningNode, path: str) -> None:
    """
    The way out moves to the other side, with the same room at the edge; nothing sticks out.
    """
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(f"{shared_node.url}/en/{path}")
    expect(page.locator("html")).to_have_attribute("dir", "ltr")
    far, near = page.evaluate(EDGES, ".leave")
    assert near < far
    page.evaluate(TURN)
    assert page.evaluate(EDGES, ".leave") == [near, far]
    assert page.evaluate(FITS)
