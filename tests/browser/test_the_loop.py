"""
The whole loop in Chromium: a person, a node, and the demonstration platform, all real.

It records every request of the person's browser, and fails if one carries more than it may.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx2
import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Request, expect

from tegenbeeld.media import read_pixels
from tegenbeeld.pdq import hash_rgb
from tegenbeeld.wire import native
from testing.running_node import RunningNode, free_port, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.service]

ROOT = Path(__file__).parents[2]
PLATFORM = "Demo platform"
DAY = re.compile(r"\d{1,2} \w+ \d{4}|\w+ \d{1,2}, \d{4}")

ALLOWED_BODIES = {
    "/case/protect": {"protections"},
    "/case/read": {"tokens"},
    "/case/withdraw": {"tokens"},
}
ALLOWED_ITEM = {"token_digest", "signal_type", "hash", "quality"}


class Watch:
    """
    Every request that one browser context makes.
    """

    def __init__(self, page: Page) -> None:
        self.requests: list[Request] = []
        page.context.on("request", self._note)

    def _note(self, request: Request) -> None:
        self.requests.append(request)

    def bodies(self, path: str) -> list[dict[str, object]]:
        """
        The JSON bodies that were sent to one path.
        """
        return [
            json.loads(request.post_data or "")
            for request in self.requests
            if request.url.endswith(path)
        ]

    def check(self, origin: str, *never: bytes) -> None:
        """
        Nothing went elsewhere, nothing carried more than it may, and no secret was sent.
        """
        assert self.requests
        for request in self.requests:
            assert request.url.startswith((f"{origin}/", f"blob:{origin}/")), request.url
            assert "?" not in request.url
            assert "#" not in request.url
            assert "cookie" not in request.all_headers()
            body = request.post_data_buffer or b""
            for secret in never:
                assert secret.lower() not in body.lower()
                assert secret.decode().lower() not in request.url.lower()
            if request.method == "GET":
                assert not body
            else:
                self._check_body(request, body)

    def _check_body(self, request: Request, body: bytes) -> None:
        path = request.url.removeprefix("http://").partition("/")[2]
        message = json.loads(body)
        assert set(message) == ALLOWED_BODIES[f"/{path}"]
        for item in message.get("protections", []):
            assert set(item) == ALLOWED_ITEM
            assert re.fullmatch("[0-9a-f]{64}", item["token_digest"])
            assert re.fullmatch("[0-9a-f]{64}", item["hash"])
            assert item["signal_type"] == "pdq"
            assert 50 <= item["quality"] <= 100
        for token in message.get("tokens", []):
            assert re.fullmatch("[0-9a-f]{64}", token)


class Platform:
    """
    The demonstration platform, in a process of its own.
    """

    def __init__(self, node: RunningNode) -> None:
        self.node = node
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        folder = node.data / "demo"
        folder.mkdir()
        (folder / "credentials.json").write_bytes(native.encode(node.add_partner(PLATFORM)))
        self._process = subprocess.Popen(
            [sys.executable, "examples/platform/serve.py"],
            cwd=ROOT,
            env=os.environ | {"DATA": str(node.data), "DEMO_PORT": str(self.port)},
        )
        wait_until(self._answers, seconds=60)

    def _answers(self) -> bool:
        try:
            return httpx2.get(self.url).status_code == httpx2.codes.OK
        except httpx2.TransportError:
            return False

    def stop(self) -> None:
        """
        End it.
        """
        self._process.terminate()
        self._process.wait(timeout=30)


@pytest.fixture
def platform(running_node: RunningNode) -> Iterator[Platform]:
    """
    A platform that takes part in it.
    """
    running = Platform(running_node)
    yield running
    running.stop()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """
    The person's browser: a phone, in English.
    """
    context = browser.new_context(locale="en-GB", viewport={"width": 390, "height": 844})
    yield context.new_page()
    context.close()


@pytest.fixture
def moderator(browser: Browser) -> Iterator[Page]:
    """
    Somebody else's browser, on the platform.
    """
    context = browser.new_context(locale="en-GB")
    yield context.new_page()
    context.close()


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """
    A picture with enough detail, stored sideways with an orientation, as phones do.
    """
    generator = np.random.default_rng(3)
    coarse = generator.integers(0, 256, (12, 9, 3), dtype=np.uint8)
    upright = Image.fromarray(coarse).resize((900, 1200), Image.Resampling.BICUBIC)
    path = tmp_path / "My private holiday.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Camera of Ann"
    upright.rotate(90, expand=True).save(path, quality=92, exif=exif)
    return path


@pytest.fixture
def copy(photo: Path, tmp_path: Path) -> Path:
    """
    The same, upright, half the size and recompressed: as somebody posts it.
    """
    path = tmp_path / "copy.jpg"
    Image.fromarray(read_pixels(photo)).resize((450, 600)).save(path, quality=55)
    return path


def answer(page: Page, option: str) -> None:
    """
    Choose an answer and go on.
    """
    page.get_by_label(option, exact=True).check()
    page.get_by_role("button", name="Continue").click()


def go_to_pictures(page: Page, node: RunningNode) -> None:
    """
    From the start to the step where pictures are chosen.
    """
    page.goto(node.url)
    page.get_by_role("link", name="Protect pictures").click()
    answer(page, "Yes, it is me")
    answer(page, "Yes, 18 or older")
    page.get_by_role("button", name="Continue").click()


def choose(page: Page, *paths: Path) -> None:
    """
    Choose pictures, and wait until each has been looked at.
    """
    page.locator("#files").set_input_files(list(paths))
    looked_at = page.locator(".picture-state.ready, .picture-state.unusable")
    expect(looked_at).to_have_count(len(paths), timeout=60_000)


def keep_code(page: Page) -> list[str]:
    """
    Read the code, and prove that it was kept; its words.
    """
    words = [word.strip() for word in page.locator("[data-code-words] li").all_inner_texts()]
    page.get_by_role("button", name="I have kept my code").click()
    for field in page.locator("[data-proof]").all():
        place = re.search(r"\d+", field.locator("label").inner_text())
        assert place is not None
        field.locator("input").fill(words[int(place.group()) - 1])
    page.get_by_role("button", name="Send the fingerprints").click()
    return words


def open_case(page: Page, node: RunningNode, words: list[str]) -> None:
    """
    Type the code on the page that follows.
    """
    page.goto(f"{node.url}/en/follow/")
    page.locator("#code").fill(" ".join(words))
    page.get_by_role("button", name="Look", exact=True).click()
    expect(page.locator("[data-step=pictures] h1")).to_be_visible(timeout=60_000)


def upload(page: Page, platform: Platform, path: Path) -> str:
    """
    Share a picture on the platform; the heading that follows.
    """
    page.goto(platform.url)
    page.locator("#picture").set_input_files(path)
    page.get_by_role("button", name="Share").click()
    return page.locator("h1").inner_text()


def test_the_whole_loop(
    page: Page, moderator: Page, platform: Platform, photo: Path, copy: Path
) -> None:
    """
    Protect, recognise, block, see it, withdraw, pass: nothing but the hash leaves the device.
    """
    node, watch = platform.node, Watch(page)
    go_to_pictures(page, node)
    page.context.set_offline(offline=True)
    choose(page, photo)
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Yes, protect these pictures").click()
    page.locator("[data-code-words] li").first.wait_for()
    page.context.set_offline(offline=False)
    words = keep_code(page)
    expect(page.locator("[data-done-title]")).to_be_visible(timeout=60_000)

    (sent,) = watch.bodies("/case/protect")
    (item,) = sent["protections"]  # type: ignore[misc]
    expected = hash_rgb(read_pixels(photo))
    assert item["hash"] == expected.hash.hex()
    assert item["quality"] == expected.quality

    wait_until(lambda: upload(moderator, platform, copy) == "Held for review")
    moderator.get_by_role("link", name="Moderators").click()
    moderator.get_by_role("button", name="Intimate: block it").first.click()

    def status() -> str:
        open_case(page, node, words)
        return page.locator("[data-pictures]").last.inner_text()

    text = wait_until(lambda: (seen := status()) and "stopped" in seen and seen)
    assert PLATFORM in text
    assert DAY.search(text), text

    page.get_by_role("button", name="Withdraw picture 1").click()
    page.get_by_role("button", name="Yes, withdraw").click()
    expect(page.locator("[data-step=pictures]")).to_be_visible()
    wait_until(lambda: upload(moderator, platform, copy) == "Published")

    watch.check(
        node.url,
        b"holiday",
        b"Camera of Ann",
        " ".join(words).encode(),
        photo.read_bytes()[-64:].hex().encode(),
    )
    assert page.context.cookies() == []
    state = page.context.storage_state()
    assert state["origins"] == []


@pytest.mark.parametrize("choice", ["No, younger than 18", "I am not sure"])
def test_under_18_ends_with_help_and_nothing_is_sent(
    page: Page, running_node: RunningNode, choice: str
) -> None:
    """
    Younger than 18, or not sure: Child Focus and Take It Down, and no request beyond the page.
    """
    watch = Watch(page)
    page.goto(f"{running_node.url}/en/protect/")
    answer(page, "Yes, it is me")
    answer(page, choice)
    step = page.locator("[data-step=under-18]")
    expect(step).to_be_visible()
    expect(step).to_contain_text("Child Focus")
    expect(step).to_contain_text("116 000")
    expect(step).to_contain_text("Take It Down")
    expect(page.locator("#files")).not_to_be_visible()
    assert all(request.method == "GET" for request in watch.requests)


def test_unusable_pictures_say_why_and_the_good_one_stays(
    page: Page, running_node: RunningNode, photo: Path, tmp_path: Path
) -> None:
    """
    Each bad file has its plain reason; none of them stops the good one.
    """
    bad = {
        "text.jpg": b"this is no picture",
        "empty.jpg": b"",
        "cut.jpg": photo.read_bytes()[: photo.stat().st_size // 2],
    }
    for name, content in bad.items():
        (tmp_path / name).write_bytes(content)
    Image.new("RGB", (1, 1)).save(tmp_path / "dot.png")
    Image.new("RGB", (640, 480), (200, 120, 90)).save(tmp_path / "flat.png")
    Image.new("L", (9000, 8000)).save(tmp_path / "large.png")
    names = [*bad, "dot.png", "flat.png", "large.png"]
    go_to_pictures(page, running_node)
    choose(page, *(tmp_path / name for name in names), photo)
    rows = page.locator("[data-step=pictures] [data-pictures] > li")
    expect(rows).to_have_count(7)
    reasons = {name: rows.filter(has_text=name).inner_text().replace(name, "") for name in names}
    assert len(set(reasons.values())) >= 5
    assert all(len(reason) > 30 for reason in reasons.values()), reasons
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("[data-step=confirm]")).to_be_visible()
    expect(page.locator("[data-confirm-title]")).to_contain_text("1")


def test_code_with_one_letter_wrong_is_found_on_the_device(
    page: Page, running_node: RunningNode, photo: Path
) -> None:
    """
    The wrong word is named, and no request is made before the code is right.
    """
    go_to_pictures(page, running_node)
    choose(page, photo)
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Yes, protect these pictures").click()
    words = keep_code(page)
    expect(page.locator("[data-done-title]")).to_be_visible(timeout=60_000)

    watch = Watch(page)
    page.goto(f"{running_node.url}/en/follow/")
    wrong = [*words[:3], f"{words[3][:-1]}q", *words[4:]]
    page.locator("#code").fill(" ".join(wrong))
    page.get_by_role("button", name="Look", exact=True).click()
    error = page.locator("#code-error")
    expect(error).to_be_visible()
    expect(error).to_contain_text("4")
    assert watch.bodies("/case/read") == []

    open_case(page, running_node, words)
    expect(page.locator("[data-empty]")).to_be_hidden()


def test_unknown_code_shows_the_page_of_an_empty_case(
    page: Page, running_node: RunningNode
) -> None:
    """
    A code that fits but stands for nothing is answered kindly, and tells nothing.
    """
    vectors = json.loads((ROOT / "spec" / "vectors" / "code.json").read_text())
    open_case(page, running_node, vectors["vectors"][1]["words"]["english"])
    expect(page.locator("[data-empty]")).to_be_visible()
