"""
Thirty photos as a phone takes them, by somebody who reads every step and types by hand.

`PACE=1 pytest -s tests/browser/test_thirty_photos.py` takes the time that a person takes, and
says how long it was; the suite does not wait.
"""

import os
import re
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from testing.portal_pages import FollowPage, ProtectPage
from testing.running_node import RunningNode

pytestmark = [pytest.mark.browser, pytest.mark.service]

PACE = float(os.environ.get("PACE", "0"))
"""How much of a person's time is taken: 1 for all of it."""

READING_WORDS_A_SECOND = 4
"""Silent reading: 238 a minute. Source: Brysbaert 2019, doi 10.1016/j.jml.2019.104047."""

TYPING_SECONDS_A_SIGN = 0.3
"""With thumbs: 36 words a minute. Source: Palin et al. 2019, doi 10.1145/3338286.3340120."""

WRITING_DOWN_SECONDS = 30
"""Eight words with a pen."""

COUNT = 30
SIZE = (4000, 3000)
READ_MS = 300_000


class Visitor:
    """
    Reads what is shown before she presses anything.
    """

    def __init__(self, page: Page) -> None:
        self._page = page

    def read(self, step: str) -> None:
        """
        Read every word of a step but the names of her own files.
        """
        words, names = (
            len(" ".join(self._page.locator(selector).all_inner_texts()).split())
            for selector in (f"[data-step={step}]", f"[data-step={step}] .name-list")
        )
        self._wait((words - names) / READING_WORDS_A_SECOND)

    def write_down(self) -> None:
        """
        Put the code on paper.
        """
        self._wait(WRITING_DOWN_SECONDS)

    def type(self, label: str, text: str) -> None:
        """
        Type into a field.
        """
        delay = TYPING_SECONDS_A_SIGN * PACE * 1000
        self._page.get_by_label(label, exact=True).press_sequentially(text, delay=delay)

    def _wait(self, seconds: float) -> None:
        self._page.wait_for_timeout(seconds * PACE * 1000)


@pytest.fixture(scope="module")
def camera_roll(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """
    Photos of 12 megapixels, no two alike.
    """
    folder = tmp_path_factory.mktemp("roll")
    grain = np.random.default_rng(0).integers(-12, 12, (SIZE[1], SIZE[0], 1), dtype=np.int16)
    paths = []
    for number in range(COUNT):
        coarse = np.random.default_rng(number).integers(0, 256, (9, 12, 3), dtype=np.uint8)
        smooth = Image.fromarray(coarse).resize(SIZE, Image.Resampling.BICUBIC)
        noisy = np.clip(np.asarray(smooth, dtype=np.int16) + grain, 0, 255).astype(np.uint8)
        path = folder / f"IMG_{number:04}.jpg"
        Image.fromarray(noisy).save(path, quality=88)
        paths.append(path)
    return paths


def test_thirty_photos_are_protected_while_the_page_answers(
    page: Page, shared_node: RunningNode, camera_roll: list[Path]
) -> None:
    """
    All are read, sent and followed; one may type while they are read; nothing is sent before.
    """
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.post_data else None)
    visitor, protecting = Visitor(page), ProtectPage(page, shared_node)
    begin = time.monotonic()
    protecting.open()
    for step in ("person", "age"):
        visitor.read(step)
        protecting.answer(step, "yes")
    visitor.read("explain")
    protecting.submit("explain")
    visitor.read("pictures")
    chosen = time.monotonic()
    page.locator("#files").set_input_files(camera_roll)
    page.locator(".picture-state.ready").first.wait_for(timeout=READ_MS)
    page.locator(".picture-label input").first.press_sequentially("the sea")
    expect(page.get_by_text(f"{COUNT} files are ready.")).to_be_visible(timeout=READ_MS)
    read = time.monotonic()
    expect(page.locator(".picture-label input").first).to_have_value("the sea")
    assert sent == []
    protecting.submit("pictures")
    visitor.read("confirm")
    protecting.submit("confirm")
    words = protecting.words()
    visitor.read("code")
    visitor.write_down()
    protecting.submit("code")
    for label in page.locator("[data-proof] label").all_inner_texts():
        number = re.search(r"\d+", label)
        assert number
        visitor.type(label, words[int(number.group()) - 1])
    protecting.submit("prove")
    protecting.arrive("done")
    end = time.monotonic()
    print(f"\n{COUNT} photos: {end - begin:.0f} s, {read - chosen:.0f} s of them on the device")

    following = FollowPage(page, shared_node)
    following.open_case(words)
    expect(page.locator(".followed")).to_have_count(COUNT)
    expect(page.locator("[data-standing]")).to_contain_text(f"{COUNT} are protected now.")
    expect(page.get_by_role("heading", name="Picture 1 · the sea")).to_be_visible()
