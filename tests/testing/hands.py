"""
Somebody who has a keyboard and no mouse, and finds things by what they are called.
"""

from typing import Any

from playwright.sync_api import Locator, Page, expect

MOST_PRESSES = 120
"""So many times Tab and what is looked for is not there: it cannot be reached."""

FOCUS = """
() => {
  const focused = document.activeElement;
  if (focused === document.body) return null;
  // What takes the place of a hidden file input for the eyes is its label.
  const isHidden = focused.matches(".visually-hidden");
  const seen = isHidden ? document.querySelector(`label[for="${focused.id}"]`) : focused;
  const style = getComputedStyle(seen);
  const box = seen.getBoundingClientRect();
  const header = document.querySelector(".site-header");
  const isUnder = !header.contains(seen) && box.top < header.getBoundingClientRect().bottom - 1;
  return {
    what: seen.outerHTML.slice(0, 120),
    isMarked: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    isInView: !isUnder && box.bottom > 0 && box.top < innerHeight,
  };
}
"""


class Hands:
    """
    Keys only.

    At every stop of Tab the focus must be marked, and not hidden under the bar at the top
    (WCAG 2.2, 2.4.7 and 2.4.11).
    """

    def __init__(self, page: Page) -> None:
        self._page = page
        self.stops = 0

    def reach(self, role: Any, name: str) -> Locator:
        """
        Press Tab until something of this role and accessible name has the focus.
        """
        return self.reach_element(self._page.get_by_role(role, name=name, exact=True))

    def reach_element(self, wanted: Locator) -> Locator:
        """
        Press Tab until this has the focus, of which there is one.
        """
        expect(wanted).to_have_count(1)
        for _ in range(MOST_PRESSES):
            self._page.keyboard.press("Tab")
            self._look()
            if wanted.evaluate("wanted => wanted === document.activeElement"):
                return wanted
        raise AssertionError(f"Tab does not reach {wanted}.")

    def press(self, role: Any, name: str, *, key: str = "Enter") -> None:
        """
        Reach something and press it.
        """
        self.reach(role, name)
        self._page.keyboard.press(key)

    def write(self, name: str, text: str) -> None:
        """
        Reach a field and write into it.
        """
        self.reach("textbox", name)
        self._page.keyboard.press("Control+a")
        self._page.keyboard.type(text)

    def _look(self) -> None:
        focus = self._page.evaluate(FOCUS)
        if focus is None:
            return
        self.stops += 1
        assert focus["isMarked"], f"The focus does not show: {focus['what']}"
        assert focus["isInView"], f"The focus is out of view: {focus['what']}"
