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
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Request, expect

from tegenbeeld.kit.videos import md5_of
from tegenbeeld.media import read_pixels
from tegenbeeld.pdq import hash_rgb
from tegenbeeld.wire import native
from tegenbeeld.wire.video import decode_frames, encode_frames
from testing.clips import even_times, make_clip, scene
from testing.portal_pages import FollowPage, ProtectPage, new_case
from testing.running_node import RunningNode, free_port, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.service]

ROOT = Path(__file__).parents[2]
PLATFORM = "Demo platform"
DAY = re.compile(r"\d{1,2} \w+ \d{4}|\w+ \d{1,2}, \d{4}")

ALLOWED_BODIES = {
    "/case/protect": {"protections", "years", "padding"},
    "/case/read": {"tokens"},
    "/case/withdraw": {"tokens"},
}
ALLOWED_ITEMS = {
    "pdq": {"token_digest", "signal_type", "hash", "quality", "note"},
    "vpdq": {"token_digest", "signal_type", "hash", "frames", "note"},
    "video_md5": {"token_digest", "signal_type", "hash", "note"},
}
HASH_DIGITS = {"pdq": 64, "vpdq": 32, "video_md5": 32}


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
            kind = item["signal_type"]
            assert set(item) == ALLOWED_ITEMS[kind]
            assert re.fullmatch("[0-9a-f]{64}", item["token_digest"])
            assert re.fullmatch(f"[0-9a-f]{{{HASH_DIGITS[kind]}}}", item["hash"])
            assert re.fullmatch("[A-Za-z0-9+/]{124}", item["note"])
            assert 50 <= item.get("quality", 50) <= 100
            # Nothing but frames can be read from them: their form leaves no room.
            if "frames" in item:
                assert encode_frames(decode_frames(item["frames"])) == item["frames"]
        if "padding" in message:
            assert set(message["padding"]) <= {"0"}
            assert len(body) % (16 * 1024) == 0
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
def moderator(browser: Browser) -> Iterator[Page]:
    """
    Somebody else's browser, on the platform.
    """
    context = browser.new_context(locale="en-GB")
    yield context.new_page()
    context.close()


@pytest.fixture
def copy_of_photo(photo: Path, tmp_path: Path) -> Path:
    """
    The same, upright, half the size and recompressed: as somebody posts it.
    """
    path = tmp_path / "copy.jpg"
    Image.fromarray(read_pixels(photo)).resize((450, 600)).save(path, quality=55)
    return path


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """
    A video as a phone makes it.
    """
    return make_clip(tmp_path / "party.mp4", even_times(9), size=(640, 480))


@pytest.fixture
def copy_of_clip(tmp_path: Path) -> Path:
    """
    The same, smaller, of another kind, without its beginning: as somebody posts it.
    """
    times = [at_ms for at_ms in even_times(9, rate=15) if at_ms >= 1600]
    return make_clip(
        tmp_path / "copy.webm",
        [at_ms - times[0] for at_ms in times],
        codec="libvpx",
        size=(320, 240),
        picture=lambda at_ms, size: scene(at_ms + times[0], size),
    )


@pytest.fixture
def copies(copy_of_clip: Path, copy_of_photo: Path) -> list[Path]:
    """
    Both copies.
    """
    return [copy_of_clip, copy_of_photo]


def upload(page: Page, platform: Platform, path: Path) -> str:
    """
    Share a picture or video on the platform; the heading that says how it ended.
    """
    page.goto(platform.url)
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="Share").click()
    heading = page.get_by_role("heading", name=re.compile("Held|Published|Not published|Blocked"))
    heading.wait_for()
    return heading.inner_text()


def test_the_whole_loop(  # noqa: PLR0913, PLR0917 - six who take part
    page: Page, moderator: Page, platform: Platform, photo: Path, clip: Path, copies: list[Path]
) -> None:
    """
    Protect, recognise, block, see it, withdraw, pass: nothing but hashes leaves the device.
    """
    node, watch = platform.node, Watch(page)
    protecting, following = ProtectPage(page, node), FollowPage(page, node)
    page.goto(node.url)
    page.get_by_role("link", name="Protect pictures and videos").click()
    page.get_by_label("Yes, it is me").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Yes, 18 or older").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Continue").click()
    protecting.choose(clip)
    page.context.set_offline(offline=True)
    protecting.choose(photo)
    page.get_by_label("Your own word for it").first.fill("party at Ann's")
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("How long should it last?").select_option("2 years")
    page.get_by_role("button", name="Yes, protect them").click()
    protecting.words()
    page.context.set_offline(offline=False)
    words = protecting.keep_code()
    protecting.arrive("done")

    (sent,) = watch.bodies("/case/protect")
    assert sent["years"] == 2
    items = {item["signal_type"]: item for item in sent["protections"]}  # type: ignore[attr-defined]
    expected = hash_rgb(read_pixels(photo))
    assert items["pdq"]["hash"] == expected.hash.hex()
    assert items["pdq"]["quality"] == expected.quality
    assert items["vpdq"]["hash"] == md5_of(clip)

    for copy in copies:
        wait_until(lambda: upload(moderator, platform, copy) == "Held for review", seconds=60)  # noqa: B023
    moderator.get_by_role("link", name="Moderators").click()
    for _ in copies:
        moderator.get_by_role("button", name="Intimate: block it").first.click()

    def status() -> str:
        following.open_case(words)
        return page.locator("[data-pictures]").last.inner_text()

    text = wait_until(lambda: (seen := status()).count("stopped a copy") == len(copies) and seen)
    assert "Video 1 · party at Ann's" in text
    assert "Picture 2" in text
    assert PLATFORM in text
    assert DAY.search(text), text

    page.get_by_role("button", name="Withdraw everything").click()
    page.get_by_role("button", name="Yes, withdraw").click()
    following.arrive("pictures")
    for copy in copies:
        wait_until(lambda: upload(moderator, platform, copy) == "Published", seconds=60)  # noqa: B023

    watch.check(
        node.url,
        b"holiday",
        b"party",
        clip.read_bytes()[-64:].hex().encode(),
        b"Camera of Ann",
        " ".join(words).encode(),
        photo.read_bytes()[-64:].hex().encode(),
    )
    assert page.context.cookies() == []
    state = page.context.storage_state()
    assert state["origins"] == []


@pytest.mark.parametrize("choice", ["no", "unsure"])
def test_under_18_ends_with_help_and_nothing_is_sent(
    page: Page, shared_node: RunningNode, choice: str
) -> None:
    """
    Younger than 18, or not sure: Child Focus and Take It Down, and no request beyond the page.
    """
    watch = Watch(page)
    protecting = ProtectPage(page, shared_node)
    protecting.open()
    protecting.answer("person", "yes")
    protecting.answer("age", choice)
    protecting.arrive("under-18")
    step = protecting.step("under-18")
    expect(step).to_contain_text("Child Focus")
    expect(step).to_contain_text("116 000")
    expect(step).to_contain_text("Take It Down")
    expect(page.locator("#files")).not_to_be_visible()
    assert all(request.method == "GET" for request in watch.requests)


UNUSABLE = {
    "text.jpg": "This is not a picture or video",
    "empty.jpg": "This file is empty.",
    "cut.jpg": "This picture could not be read.",
    "old.bmp": "This kind of picture cannot be read here.",
    "dot.png": "This picture is too small.",
    "flat.png": "There is too little to see in this picture",
    "large.png": "This picture is too large",
}


def make_unusable(folder: Path, photo: Path) -> None:
    """
    Write a file for each reason.
    """
    (folder / "text.jpg").write_bytes(b"this is no picture")
    (folder / "empty.jpg").write_bytes(b"")
    (folder / "cut.jpg").write_bytes(photo.read_bytes()[: photo.stat().st_size // 2])
    Image.new("RGB", (640, 480)).save(folder / "old.bmp")
    Image.new("RGB", (1, 1)).save(folder / "dot.png")
    Image.new("RGB", (640, 480), (200, 120, 90)).save(folder / "flat.png")
    Image.new("L", (9000, 8000)).save(folder / "large.png")


def test_unusable_pictures_say_why_and_the_good_one_stays(
    page: Page, shared_node: RunningNode, photo: Path, tmp_path: Path
) -> None:
    """
    Each bad file has its plain reason; none of them stops the good one.
    """
    make_unusable(tmp_path, photo)
    protecting = ProtectPage(page, shared_node)
    protecting.go_to_pictures()
    again = tmp_path / "again.jpg"
    again.write_bytes(photo.read_bytes())
    protecting.choose(photo, again, *(tmp_path / name for name in UNUSABLE))
    repeated = protecting.step("pictures").locator(".picture").filter(has_text=again.name)
    expect(repeated.locator(".picture-title")).to_have_text("The same as number 1")
    for name, reason in UNUSABLE.items():
        row = protecting.step("pictures").locator(".picture").filter(has_text=name)
        expect(row.locator(".picture-state")).to_contain_text(reason)
    protecting.submit("pictures")
    protecting.arrive("confirm")
    assert protecting.confirmed_names() == [photo.name]
    expect(page.locator("[data-confirm-title]")).to_have_text("1 picture will be protected")
    expect(page.locator("[data-confirm-left-out]")).to_contain_text("7 files")


def test_code_with_one_letter_wrong_is_found_on_the_device(
    page: Page, shared_node: RunningNode
) -> None:
    """
    The wrong word is named, and no request is made before the code is right.
    """
    words = new_case(page, shared_node)
    watch = Watch(page)
    following = FollowPage(page, shared_node)
    following.open()
    following.enter([*words[:3], f"{words[3][:-1]}q", *words[4:]])
    error = page.locator("#code-error")
    expect(error).to_be_visible()
    expect(error).to_contain_text("4")
    assert watch.bodies("/case/read") == []

    following.enter(words)
    following.arrive("pictures")
    expect(page.locator(".followed")).to_have_count(2)


def test_unknown_code_shows_the_page_of_an_empty_case(page: Page, shared_node: RunningNode) -> None:
    """
    A code that fits but stands for nothing is answered kindly, and tells nothing.
    """
    vectors = json.loads((ROOT / "spec" / "vectors" / "code.json").read_text())
    FollowPage(page, shared_node).open_case(vectors["vectors"][1]["words"]["english"])
    expect(page.locator("[data-empty]")).to_be_visible()
