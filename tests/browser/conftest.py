"""
A real browser for the tests of this folder.
"""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

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
def browser(chromium_path: str) -> Iterator[Browser]:
    """
    One Chromium for the whole session; each test opens its own context.
    """
    with sync_playwright() as playwright:
        # The sandbox of Chromium needs rights that containers do not give.
        browser = playwright.chromium.launch(
            executable_path=chromium_path, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()
