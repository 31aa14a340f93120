"""
Make the pictures of the pages in docs/pictures/, from a node that runs for the purpose.

    .venv/bin/python tools/pictures.py

Needs Chromium, as the tests in tests/browser do. Run it after a change of the look.
"""

import io
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import httpx2
import numpy as np
from PIL import Image
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from testing.portal_pages import FollowPage, ProtectPage, new_case  # noqa: E402
from testing.running_node import RunningNode, wait_until  # noqa: E402

FOLDER = ROOT / "docs" / "pictures"

PHONE, DESK = (390, 844), (1000, 760)

Colours = Literal["light", "dark"]

PALETTE = 64
"""Enough for pages without photos; it keeps the files small."""


def main() -> None:
    """
    Make all of them.
    """
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        node = RunningNode(Path(folder) / "node", SITE_NAME="Help page")
        node.start()
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        try:
            words = found_case(node, browser.new_page())
            for name, (size, colours, show) in shows(node, words, Path(folder)).items():
                context = browser.new_context(
                    viewport={"width": size[0], "height": size[1]}, color_scheme=colours
                )
                page = context.new_page()
                show(page)
                save(page, FOLDER / f"{name}.png")
                context.close()
        finally:
            browser.close()
            node.stop()


def shows(
    node: RunningNode, words: list[str], folder: Path
) -> dict[str, tuple[tuple[int, int], Colours, Callable[[Page], object]]]:
    """
    What to show: by name, the size of the window, its colours, and how to get there.
    """

    def protect(page: Page) -> None:
        protecting = ProtectPage(page, node, "nl")
        protecting.go_to_pictures()
        protecting.choose(*photos(folder))

    return {
        "start": (PHONE, "light", lambda page: page.goto(f"{node.url}/en/")),
        "start-desk": (DESK, "light", lambda page: page.goto(f"{node.url}/fr/")),
        "plan": (PHONE, "light", lambda page: plan(page, node)),
        "protect": (PHONE, "light", protect),
        "follow": (PHONE, "dark", lambda page: FollowPage(page, node, "de").open_case(words)),
        "help": (PHONE, "dark", lambda page: page.goto(f"{node.url}/fr/help/")),
    }


def plan(page: Page, node: RunningNode) -> None:
    """
    One answer, and the steps that follow from them.
    """
    page.goto(f"{node.url}/en/steps/")
    page.get_by_label("It is on the internet").check()
    page.locator("#plan").evaluate("heading => heading.scrollIntoView()")


def found_case(node: RunningNode, page: Page) -> list[str]:
    """
    A code with two pictures, of which platforms found copies.
    """
    words = new_case(page, node)
    for name, values in {"Platform A": ("blocked", "pending_review"), "Platform B": ()}.items():
        key = {"Authorization": f"Bearer {node.add_partner(name).key}"}
        own = wait_until(lambda key=key: listed(node, key))
        feedback = [
            {"id": change["id"], "value": value} for change, value in zip(own, values, strict=False)
        ]
        through = {"through": own[-1]["seq"]}
        httpx2.post(f"{node.url}/api/v1/acknowledgements", json=through, headers=key)
        httpx2.post(f"{node.url}/api/v1/feedback", json={"feedback": feedback}, headers=key)
    page.context.close()
    return words


def listed(node: RunningNode, key: dict[str, str]) -> list[dict[str, object]]:
    """
    The two pictures, once they are in the log.
    """
    changes = httpx2.get(f"{node.url}/api/v1/changes", headers=key).json()["changes"]
    return [change for change in changes if change["provenance"] == "self"]


def photos(folder: Path) -> list[Path]:
    """
    Two pictures with enough detail.
    """
    made = []
    for number in (1, 2):
        coarse = np.random.default_rng(number).integers(0, 256, (12, 9, 3), dtype=np.uint8)
        path = folder / f"IMG_{number}.jpg"
        Image.fromarray(coarse).resize((900, 1200), Image.Resampling.BICUBIC).save(path)
        made.append(path)
    return made


def save(page: Page, path: Path) -> None:
    """
    What the window shows, with few colours.
    """
    shot = Image.open(io.BytesIO(page.screenshot()))
    shot.convert("RGB").quantize(PALETTE, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    main()
