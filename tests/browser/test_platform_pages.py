"""
The demonstration platform in a real browser: what a visitor and a moderator see and press.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx2
import msgspec
import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tegenbeeld import pdq
from tegenbeeld.kit.testing import InMemoryExchange, served
from tegenbeeld.kit.videos import hash_video
from tegenbeeld.wire.video import encode_frames
from testing.listed import smaller
from testing.running_node import free_port, wait_until
from testing.video_files import moving, video

pytestmark = [pytest.mark.browser, pytest.mark.service]

ROOT = Path(__file__).resolve().parents[2]

WIDTHS = [360, 1280]


@pytest.fixture
def exchange() -> InMemoryExchange:
    """
    The node's side.
    """
    return InMemoryExchange()


@pytest.fixture
def listed_picture(tmp_path: Path, exchange: InMemoryExchange) -> Path:
    """
    A picture that is on the list.
    """
    noise = np.random.default_rng(1).integers(0, 256, (12, 12, 3), dtype=np.uint8)
    image = Image.fromarray(noise).resize((600, 400), Image.Resampling.BICUBIC)
    path = tmp_path / "listed.png"
    image.save(path)
    exchange.add(pdq.hash_rgb(np.asarray(image)).hash.hex())
    return path


@pytest.fixture
def address(
    tmp_path: Path,
    exchange: InMemoryExchange,
    listed_picture: Path,  # noqa: ARG001
) -> Iterator[str]:
    """
    Where the platform is served, once it has fetched the list.
    """
    port = free_port()
    with served(exchange) as credentials:
        (tmp_path / "demo").mkdir()
        (tmp_path / "demo" / "credentials.json").write_bytes(msgspec.json.encode(credentials))
        process = subprocess.Popen(
            [sys.executable, "examples/platform/serve.py"],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            env=os.environ | {"DATA": str(tmp_path), "DEMO_PORT": str(port)},
        )
        try:
            wait_until(lambda: exchange.acknowledgements)
            wait_until(lambda: _is_up(port))
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(timeout=30)


def _is_up(port: int) -> bool:
    try:
        return httpx2.get(f"http://127.0.0.1:{port}/healthz").is_success
    except httpx2.TransportError:
        return False


@pytest.fixture(params=WIDTHS)
def page(
    request: pytest.FixtureRequest,
    browser: Browser,
    address: str,  # noqa: ARG001 - so that the platform outlives the page
) -> Iterator[Page]:
    """
    A page at the width of a phone, then of a desktop; fails on any complaint of the browser.
    """
    context = browser.new_context(viewport={"width": request.param, "height": 800})
    complaints: list[str] = []
    made = context.new_page()
    made.on("console", lambda message: complaints.append(message.text))
    made.on("pageerror", lambda error: complaints.append(str(error)))
    yield made
    context.close()
    # A refused upload is an answer, though the browser lists it as a failure.
    assert [text for text in complaints if "status of 422" not in text] == []


def share(page: Page, address: str, picture: Path) -> None:
    """
    Upload a picture as a visitor does.
    """
    page.goto(address)
    page.get_by_label("Your picture").set_input_files(picture)
    page.get_by_role("button", name="Share").click()


def fits(page: Page) -> bool:
    """
    Whether nothing sticks out of the page to the right.
    """
    return bool(
        page.evaluate(
            "[...document.querySelectorAll('main *')].every("
            "item => item.getBoundingClientRect().right <= window.innerWidth + 1)"
        )
    )


def test_review_when_a_copy_was_uploaded(
    page: Page, address: str, listed_picture: Path, exchange: InMemoryExchange
) -> None:
    """
    The copy is held; a moderator sees it veiled, unveils it, blocks it; the node hears of it.
    """
    share(page, address, listed_picture)
    expect(page.get_by_role("heading", name="Held for review")).to_be_visible()
    expect(page.get_by_text("This is a demonstration")).to_be_visible()

    page.get_by_role("link", name="Moderators").click()
    picture = page.get_by_role("img", name="Held upload")
    expect(picture).to_have_css("filter", "grayscale(1) blur(22.4px)")
    assert fits(page)
    page.get_by_label("Show the picture").check()
    expect(picture).to_have_css("filter", "none")
    page.get_by_role("button", name="Intimate: block it").click()
    expect(page.get_by_text("Nothing waits for you")).to_be_visible()
    wait_until(lambda: [item.value for item in exchange.feedback] == ["pending_review", "blocked"])


def test_review_when_a_copy_of_a_video_was_uploaded(
    page: Page, address: str, tmp_path: Path, exchange: InMemoryExchange
) -> None:
    """
    The page says by itself that it is held; a moderator is told why, sees it veiled, lets it pass.
    """
    clip = moving(8)
    hashed = hash_video(video(clip))
    exchange.add(hashed.md5, frames=encode_frames(hashed.frames))
    wait_until(lambda: exchange.acknowledgements[-1] == 2)
    copy = tmp_path / "copy.webm"
    copy.write_bytes(video(smaller(clip), codec="libvpx", container="webm"))
    share(page, address, copy)
    expect(page.get_by_role("heading", name="Held for review")).to_be_visible(timeout=30_000)
    shared = page.url

    page.get_by_role("link", name="Moderators").click()
    expect(page.get_by_text("a copy of a listed video")).to_be_visible()
    expect(page.get_by_text(re.compile("[0-9]+ of [0-9]+ agree"))).to_be_visible()
    held = page.get_by_label("Held upload")
    expect(held).to_have_css("filter", "grayscale(1) blur(22.4px)")
    assert fits(page)
    page.get_by_label("Show the video").check()
    expect(held).to_have_css("filter", "none")
    wait_until(lambda: held.evaluate("video => video.readyState >= 1 && video.duration > 7"))
    page.get_by_role("button", name="Not intimate: let it through").click()
    expect(page.get_by_text("Nothing waits for you")).to_be_visible()

    page.goto(shared)
    expect(page.get_by_role("heading", name="Published")).to_be_visible()
    assert fits(page)
    page.get_by_role("link", name="Back to the gallery").click()
    expect(page.get_by_text("Video 1")).to_be_visible()
    wait_until(
        lambda: [item.value for item in exchange.feedback] == ["pending_review", "not_blocked"]
    )


def test_home_when_an_upload_is_refused(page: Page, address: str, tmp_path: Path) -> None:
    """
    A file that is no picture gives a sentence beside the form.
    """
    text = tmp_path / "text.jpg"
    text.write_text("no picture")
    page.goto(address)
    assert fits(page)
    page.get_by_label("Your picture").set_input_files(text)
    with page.expect_response("**/uploads") as answered:
        page.get_by_role("button", name="Share").click()
    assert answered.value.status == 422
    expect(page.get_by_role("alert")).to_contain_text("Only JPEG, PNG and WebP")
    assert fits(page)
