"""
A real browser for the tests of this folder.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Playwright, Route, sync_playwright

from testing.mail_server import MailServer
from testing.portal_pages import EXIT, SENDER, FollowPage, ProtectPage, new_case
from testing.running_node import RunningNode

# Names under which systems install Chromium, in the order in which they are tried.
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")

ADVICE = "install Chromium: `apt-get install chromium` on Debian, then run the tests again"


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """
    Where Chromium is installed; without it the test is skipped, or fails where all must run.
    """
    for program in PROGRAMS:
        path = shutil.which(program)
        if path is not None:
            return path
    if os.environ.get("TEGENBEELD_REQUIRE_ALL") == "1":
        pytest.fail(ADVICE)
    pytest.skip(ADVICE)


@pytest.fixture(scope="session")
def playwright_of_the_session() -> Iterator[Playwright]:
    """
    What starts browsers.
    """
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(playwright_of_the_session: Playwright, chromium_path: str) -> Iterator[Browser]:
    """
    One Chromium for the whole session; each test opens its own context.
    """
    # The sandbox of Chromium needs rights that containers do not give.
    browser = playwright_of_the_session.chromium.launch(
        executable_path=chromium_path, args=["--no-sandbox", "--disable-dev-shm-usage"]
    )
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def shared_node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningNode]:
    """
    One node, with a platform that takes part, for all tests that open cases of their own.
    """
    node = RunningNode(tmp_path_factory.mktemp("shared") / "node")
    node.start()
    node.add_partner("Platform A")
    yield node
    node.stop()


@pytest.fixture(scope="session")
def mail_server() -> Iterator[MailServer]:
    """
    Takes every letter.
    """
    with MailServer() as server:
        yield server


@pytest.fixture(scope="session")
def mailing_node(
    tmp_path_factory: pytest.TempPathFactory, mail_server: MailServer
) -> Iterator[RunningNode]:
    """
    A node that sends e-mails.
    """
    folder = tmp_path_factory.mktemp("mailing") / "node"
    node = RunningNode(
        folder, SMTP_URL=mail_server.url, MAIL_FROM=f"Info <{SENDER}>", MAIL_HOURS="0-24"
    )
    node.start()
    yield node
    node.stop()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """
    The person's browser: a phone, in English. An error that no script catches fails the test.
    """
    context = browser.new_context(locale="en-GB", viewport={"width": 390, "height": 844})
    errors: list[str] = []
    context.on("weberror", lambda error: errors.append(str(error.error)))
    yield context.new_page()
    context.close()
    assert errors == []


@pytest.fixture(scope="session")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """
    A picture with enough detail, stored sideways with an orientation, as phones do.
    """
    path = tmp_path_factory.mktemp("photo") / "My private holiday.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Camera of Ann"
    upright = detailed(seed=3, size=(900, 1200))
    upright.rotate(90, expand=True).save(path, quality=92, exif=exif)
    return path


def detailed(*, seed: int, size: tuple[int, int]) -> Image.Image:
    """
    A picture that can be protected; another seed gives another one.
    """
    generator = np.random.default_rng(seed)
    coarse = generator.integers(0, 256, (12, 9, 3), dtype=np.uint8)
    return Image.fromarray(coarse).resize(size, Image.Resampling.BICUBIC)


@pytest.fixture(scope="session")
def photos(photo: Path) -> list[Path]:
    """
    Three pictures.
    """
    others = [photo.with_name("beach.png"), photo.with_name("party.png")]
    for seed, path in enumerate(others, start=4):
        detailed(seed=seed, size=(300, 400)).save(path)
    return [photo, *others]


@pytest.fixture
def protecting(page: Page, shared_node: RunningNode) -> ProtectPage:
    """
    The page that protects.
    """
    return ProtectPage(page, shared_node)


@pytest.fixture
def following(page: Page, shared_node: RunningNode) -> FollowPage:
    """
    The page that follows.
    """
    return FollowPage(page, shared_node)


@pytest.fixture(scope="module")
def words(browser: Browser, shared_node: RunningNode) -> Iterator[list[str]]:
    """
    A code that holds two pictures; nothing withdraws them.
    """
    with browser.new_context() as context:
        yield new_case(context.new_page(), shared_node)


@pytest.fixture
def outside(page: Page) -> list[Route]:
    """
    Stands for the site to which "Leave this page" leads; the requests that reached it.
    """
    visits: list[Route] = []

    def answer(route: Route) -> None:
        visits.append(route)
        route.fulfill(content_type="text/html", body="<h1>The weather</h1>")

    page.context.route(f"{EXIT}**", answer)
    return visits
