"""
The pages of the portal as a person uses them, whatever their language.
"""

import json
import re
from pathlib import Path
from typing import Any

import httpx2
from playwright.sync_api import Locator, Page, Route, expect

from testing.people import random_hash
from testing.running_node import RunningNode

KEYS_TIMEOUT_MS = 15_000
"""Longest that a step may take at which a code is turned into keys, or pictures are read."""

SETTLE_MS = 300

EXIT = "https://www.meteo.be/"
"""Where "Leave this page" leads."""

SENDER = "info@help.example.org"
"""Who the e-mails of a test's node come from."""

IDLE_LIMIT = "10:00"
"""After which a page locks, for a clock of the browser."""

HOLD_WORKERS = """
const send = Worker.prototype.postMessage;
Worker.prototype.postMessage = function (...message) {
  if (globalThis.held) globalThis.held.push(() => send.apply(this, message));
  else send.apply(this, message);
};
"""
"""From `held = []` on, no worker hears anything until `held` is let go."""

LET_WORKERS_GO = "() => { const waiting = held; held = null; for (const go of waiting) go(); }"

DRAW_A_CODE = """
async () => {
  const { newSecret, toWords } = await import("/static/code/code.mjs");
  const { wordlist } = await import("/static/code/wordlists.mjs");
  const { Vault } = await import("/static/code/vault.mjs");
  const secret = newSecret();
  const words = toWords(secret, wordlist("en"));
  const vault = await Vault.open(secret);
  return { words, digests: vault.digests() };
}
"""


class PortalPage:
    """
    A page of steps, one of which is shown.
    """

    path = ""

    def __init__(self, page: Page, node: RunningNode, language: str = "en") -> None:
        self.page = page
        self.url = f"{node.url}/{language}/{self.path}"

    def open(self) -> None:
        """
        Load the page.
        """
        self.page.goto(self.url)

    def step(self, name: str) -> Locator:
        """
        The section of one step, shown or not.
        """
        return self.page.locator(f"[data-step={name}]")

    def arrive(self, name: str) -> None:
        """
        Wait until a step is shown, and no other.
        """
        expect(self.step(name)).to_be_visible(timeout=KEYS_TIMEOUT_MS)
        expect(self.page.locator("[data-step]:not([hidden])")).to_have_count(1)

    def submit(self, name: str) -> None:
        """
        Press the button that leads on from a step.
        """
        self.step(name).locator("button[type=submit]").click()

    def back(self, name: str) -> None:
        """
        Press the button of a step that leads back.
        """
        self.step(name).locator("[data-back]").click()


class ProtectPage(PortalPage):
    """
    From the first question to the fingerprints being sent.
    """

    path = "protect/"

    def answer(self, question: str, choice: str) -> None:
        """
        Answer one of the first two questions and go on.
        """
        self.page.locator(f"#{question}-{choice}").check()
        self.submit(question)

    def go_to_pictures(self) -> None:
        """
        From the load of the page to the step where pictures are chosen.
        """
        self.open()
        self.answer("person", "yes")
        self.answer("age", "yes")
        self.submit("explain")

    def choose(self, *paths: Path) -> None:
        """
        Choose pictures, and wait until each has been looked at.
        """
        looked_at = self.page.locator(".picture-state:is(.ready, .repeated, .unusable)")
        before = looked_at.count()
        self.page.locator("#files").set_input_files(list(paths))
        expect(looked_at).to_have_count(before + len(paths), timeout=KEYS_TIMEOUT_MS)

    def remove(self, place: int) -> None:
        """
        Take a chosen picture off the list again.
        """
        self.step("pictures").locator(".picture button").nth(place).click()

    def confirmed_names(self) -> list[str]:
        """
        The files that the confirming step names.
        """
        return self.page.locator("[data-confirm-names] bdi").all_inner_texts()

    def words(self) -> list[str]:
        """
        The words of the code, as they are shown.
        """
        shown = self.page.locator("[data-code-words] li")
        shown.first.wait_for()
        return [word.strip() for word in shown.all_inner_texts()]

    def prove(self, words: list[str]) -> None:
        """
        Go on from the code, type the words that are asked for, and send.
        """
        self.submit("code")
        for field in self.page.locator("[data-proof]").all():
            place = re.search(r"\d+", field.locator("label").inner_text())
            assert place is not None
            field.locator("input").fill(words[int(place.group()) - 1])
        self.submit("prove")

    def keep_code(self) -> list[str]:
        """
        Read the code, prove that it was kept, and send; its words.
        """
        words = self.words()
        self.prove(words)
        return words

    def protect(self, *paths: Path) -> list[str]:
        """
        All steps; the words of the code.
        """
        self.go_to_pictures()
        self.choose(*paths)
        self.submit("pictures")
        self.submit("confirm")
        words = self.keep_code()
        self.arrive("done")
        return words


class FollowPage(PortalPage):
    """
    What a code opens.
    """

    path = "follow/"

    def enter(self, words: list[str]) -> None:
        """
        Type a code and look.
        """
        self.page.locator("#code").fill(" ".join(words))
        self.submit("enter")

    def open_case(self, words: list[str]) -> None:
        """
        Load the page, type a code and wait for what it opens.
        """
        self.open()
        self.enter(words)
        self.arrive("pictures")

    def ask_to_withdraw(self, number: int) -> None:
        """
        Go to the step that asks whether to withdraw a picture.
        """
        self.step("pictures").locator(".followed").nth(number - 1).locator(".link-button").click()
        self.arrive("withdraw")


class Held:
    """
    Requests to one address, kept waiting until the test lets them go.
    """

    def __init__(self, page: Page, path: str) -> None:
        self._page = page
        self._routes: list[Route] | None = []
        page.route(f"**{path}", self._take)

    def _take(self, route: Route) -> None:
        if self._routes is None:
            route.continue_()
        else:
            self._routes.append(route)

    def wait(self) -> None:
        """
        Wait until there is one.
        """
        for _ in range(300):
            if self._routes:
                return
            self._page.wait_for_timeout(50)
        raise TimeoutError("No such request was made.")

    def let_go(self) -> None:
        """
        Let them, and those to come, reach the node; wait until the page has the answers.
        """
        for route in self._open():
            route.continue_()
            route.request.response()
        # What the page does with an answer, it does right after it.
        self._page.wait_for_timeout(SETTLE_MS)

    def fail(self) -> None:
        """
        Break the connection of each, and let those to come reach the node.
        """
        for route in self._open():
            route.abort()
        self._page.wait_for_timeout(SETTLE_MS)

    def _open(self) -> list[Route]:
        assert self._routes
        routes, self._routes = self._routes, None
        return routes


def new_case(page: Page, node: RunningNode, *, pictures: int = 2) -> list[str]:
    """
    Protect pictures under a new code without going through the steps; the words of the code.
    """
    page.goto(f"{node.url}/en/about/")
    made: dict[str, Any] = page.evaluate(DRAW_A_CODE)
    items = [
        {"token_digest": digest, "signal_type": "pdq", "hash": random_hash(), "quality": 100}
        for digest in made["digests"][:pictures]
    ]
    httpx2.post(f"{node.url}/case/protect", json={"protections": items}).raise_for_status()
    return list(made["words"])


def sent_by(page: Page) -> list[dict[str, Any]]:
    """
    What the page asks to have protected, from now on.
    """
    sent: list[dict[str, Any]] = []

    def note(request: Any) -> None:
        if request.url.endswith("/case/protect"):
            sent.append(json.loads(request.post_data))

    page.on("request", note)
    return sent
