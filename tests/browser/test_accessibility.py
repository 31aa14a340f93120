"""
Every page and every step, looked at by axe in four languages, narrow and wide, light and dark.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from browser.web_server import REPOSITORY
from tegenbeeld.content.articles import ARTICLES
from testing.portal_pages import FollowPage, ProtectPage, new_case
from testing.running_node import RunningNode

pytestmark = [pytest.mark.browser, pytest.mark.service]

AXE = REPOSITORY / "node_modules" / "axe-core" / "axe.min.js"

LANGUAGES = ("en", "nl", "fr", "de")

NARROW: ViewportSize = {"width": 320, "height": 640}
WIDE: ViewportSize = {"width": 1280, "height": 900}
"""The narrowest phone that people have (WCAG 2.2, 1.4.10), and a desk."""

LOOKS: tuple[tuple[ViewportSize, Literal["light", "dark"], tuple[str, ...]], ...] = (
    (NARROW, "light", ()),
    (WIDE, "dark", ()),
    # What the other two looks cannot see: the same elements in other colours and places.
    (NARROW, "dark", ("color-contrast",)),
    (WIDE, "light", ("color-contrast", "target-size")),
)
"""Size, colours, and the rules that are tried; all where none is named."""

OPEN_ALL = "all => { for (const one of all) one.open = true; }"

LOOK = """
async (rules) => {
  // Not among the rules that axe tries by itself.
  const enabled = { "target-size": { enabled: true } };
  const only = rules.length > 0 ? { runOnly: rules } : { rules: enabled };
  const { violations } = await axe.run({ resultTypes: ["violations"], ...only });
  const problems = violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
  const { scrollWidth } = document.documentElement;
  if (scrollWidth > innerWidth) problems.push(["wider than the screen", scrollWidth]);
  return problems;
}
"""


class Inspector:
    """
    Looks at what a page shows, and collects what is wrong.
    """

    def __init__(self, page: Page) -> None:
        self._page = page
        self.problems: dict[str, Any] = {}
        self.seen: list[str] = []

    def look(self, what: str) -> None:
        """
        Look at the page as it is now, in all four ways.
        """
        if not self._page.evaluate("'axe' in window"):
            self._page.evaluate(AXE.read_text(encoding="utf-8"))
        self.seen.append(what)
        for size, colours, rules in LOOKS:
            self._page.set_viewport_size(size)
            self._page.emulate_media(color_scheme=colours)
            found = self._page.evaluate(LOOK, list(rules))
            if found:
                self.problems[f"{what} ({size['width']}, {colours})"] = found
        self._page.set_viewport_size(NARROW)


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    """
    Each language of the pages.
    """
    code: str = request.param
    return code


@pytest.fixture
def narrow(browser: Browser) -> Iterator[Page]:
    """
    A phone, between the looks.
    """
    context = browser.new_context(viewport=NARROW)
    yield context.new_page()
    context.close()


def test_plain_pages(narrow: Page, shared_node: RunningNode, language: str) -> None:
    """
    All that is only read.
    """
    inspector = Inspector(narrow)
    for path in (
        "",
        "help/",
        "about/",
        "check/",
        "steps/",
        "remove/",
        *(f"{name}/" for name in ARTICLES),
        "stop/x",
    ):
        narrow.goto(f"{shared_node.url}/{language}/{path}")
        inspector.look(path or "home")
    for path in ("help/", "remove/"):
        narrow.goto(f"{shared_node.url}/{language}/{path}")
        narrow.locator("details").evaluate_all(OPEN_ALL)
        inspector.look(f"{path}, all open")
    narrow.goto(f"{shared_node.url}/{language}/stop/x")
    narrow.locator("button").click()
    inspector.look("stop, a broken link")
    assert inspector.problems == {}


def test_examples_of_components(narrow: Page, shared_node: RunningNode) -> None:
    """
    Every component in every state, also those that pages reach by rare ways only.
    """
    inspector = Inspector(narrow)
    narrow.goto(f"{shared_node.url}/static/components/examples/index.html")
    narrow.locator(".followed").last.wait_for()
    narrow.locator("details").evaluate_all(OPEN_ALL)
    inspector.look("examples")
    narrow.get_by_role("button", name="Show what is wrong").click()
    inspector.look("examples, with errors")
    assert inspector.problems == {}, json.dumps(inspector.problems, indent=2)


def test_steps_of_protecting(
    narrow: Page, shared_node: RunningNode, language: str, photos: list[Path], tmp_path: Path
) -> None:
    """
    Every step, with and without something wrong in it.
    """
    bad = tmp_path / "text.jpg"
    bad.write_text("no picture")
    protecting, inspector = ProtectPage(narrow, shared_node, language), Inspector(narrow)

    protecting.open()
    inspector.look("person")
    protecting.submit("person")
    inspector.look("person, unanswered")
    protecting.answer("person", "no")
    inspector.look("not-you")
    protecting.back("not-you")
    protecting.answer("person", "yes")
    inspector.look("age")
    protecting.answer("age", "no")
    inspector.look("under-18")
    protecting.back("under-18")
    protecting.answer("age", "yes")
    inspector.look("explain")
    protecting.submit("explain")
    protecting.submit("pictures")
    inspector.look("pictures, none chosen")
    protecting.choose(*photos, photos[0], bad)
    inspector.look("pictures")
    protecting.submit("pictures")
    inspector.look("confirm")
    narrow.locator("[data-existing]").click()
    protecting.submit("existing")
    inspector.look("existing, empty")
    protecting.back("existing")
    protecting.submit("confirm")
    words = protecting.words()
    inspector.look("code")
    protecting.submit("code")
    protecting.submit("prove")
    inspector.look("prove, empty")
    protecting.back("prove")
    narrow.route("**/case/protect", lambda route: route.fulfill(status=409, json={}))
    protecting.prove(words)
    narrow.locator("[data-send-failed]").wait_for()
    inspector.look("send, refused")
    narrow.unroute("**/case/protect")
    narrow.locator("[data-retry]").click()
    protecting.arrive("done")
    inspector.look("done")

    shown = narrow.locator("[data-step]").evaluate_all("all => all.map(one => one.dataset.step)")
    assert {what.split(",")[0] for what in inspector.seen} == set(shown)
    assert inspector.problems == {}, json.dumps(inspector.problems, indent=2)


def test_steps_of_following(narrow: Page, mailing_node: RunningNode, language: str) -> None:
    """
    Every step, with and without something wrong in it, and with what is folded away.
    """
    words = new_case(narrow, mailing_node)
    following, inspector = FollowPage(narrow, mailing_node, language), Inspector(narrow)

    following.open()
    inspector.look("enter")
    following.enter([*words[:3], "wrongest", *words[4:]])
    inspector.look("enter, a wrong word")
    following.enter(words)
    following.arrive("pictures")
    inspector.look("pictures")
    folded = following.step("pictures").locator("details")
    folded.evaluate_all(OPEN_ALL)
    inspector.look("pictures, all open")
    narrow.locator("[data-news] button[type=submit]").click()
    inspector.look("pictures, no address")
    following.ask_to_withdraw(1)
    inspector.look("withdraw")
    narrow.locator("[data-withdraw-yes]").click()
    following.arrive("pictures")
    narrow.locator("[data-notice]").wait_for()
    inspector.look("pictures, one withdrawn")

    assert inspector.problems == {}, json.dumps(inspector.problems, indent=2)
