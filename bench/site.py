"""
What a first visit costs on a bad connection, and how quickly the page does what it must.

    python bench/site.py [--rounds N] [--json]

A node of its own and Chromium, both on this machine. For each page, without a cache, over a
connection throttled to 400 kbit/s down and 400 ms per request ("Slow 3G" as Lighthouse has it):
milliseconds to the first contentful paint, and bytes of CSS and JavaScript, as sent (gzip) and
unpacked, workers included. Then, not throttled: milliseconds from choosing a photo of 12 million
pixels to its hash, with the longest task of the page's main thread meanwhile; and from the click
on "Leave this page" to the frame that covers it. Medians; the most for tasks and covering. With
`--json` the last line is one JSON object.
"""

import argparse
import io
import json
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from testing.running_node import RunningNode  # noqa: E402

DOWN_BYTES_PER_SECOND = 400_000 / 8
LATENCY_MS = 400
READING = ("", "steps/", "remove/", "safety/", "help/", "about/")
PAGES = (*READING, "protect/", "follow/", "check/")
CAMERA = (4000, 3000)

TARGETS = {"paint_ms": 2000, "reading_bytes": 60_000, "before_hash_bytes": 150_000}
TARGETS |= {"hash_ms": 1500, "task_ms": 100, "cover_ms": 50}

FIRST_PAINT = """() => new Promise((resolve) => {
  new PerformanceObserver((list) => {
    for (const { name, startTime } of list.getEntries()) {
      if (name === "first-contentful-paint") resolve(startTime);
    }
  }).observe({ type: "paint", buffered: true });
})"""

NOTE_TASKS = """() => {
  globalThis.longest = 0;
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
  }).observe({ type: "longtask" });
}"""

HASH = """async (address) => {
  const { PictureHasher } = await import("/static/pdq/hasher.mjs");
  const hasher = new PictureHasher();
  const file = await (await fetch(address)).blob();
  await hasher.hash(file);
  const start = performance.now();
  await hasher.hash(file);
  const took = performance.now() - start;
  await new Promise((resolve) => setTimeout(resolve, 100));
  return [took, longest];
}"""

NOTE_COVER = """() => addEventListener("click", (event) => {
  requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => console.log(performance.now() - event.timeStamp);
    port2.postMessage(null);
  });
}, { capture: true })"""


class Weight:
    """
    Bytes of CSS and JavaScript that a page and its workers fetch.
    """

    def __init__(self, page: Page) -> None:
        self.sent = self.unpacked = 0
        page.on("requestfinished", self._note)

    def _note(self, request: Any) -> None:
        if not request.url.endswith((".css", ".mjs")):
            return
        self.sent += request.sizes()["responseBodySize"]
        self.unpacked += len(request.response().body())


def first_visit(browser: Browser, address: str) -> tuple[float, Weight]:
    with browser.new_context(viewport={"width": 390, "height": 844}) as context:
        page = context.new_page()
        weight = Weight(page)
        session: CDPSession = context.new_cdp_session(page)
        session.send("Network.enable")
        session.send(
            "Network.emulateNetworkConditions",
            {
                "offline": False,
                "latency": LATENCY_MS,
                "downloadThroughput": DOWN_BYTES_PER_SECOND,
                "uploadThroughput": DOWN_BYTES_PER_SECOND,
            },
        )
        page.goto(address, wait_until="networkidle")
        paint: float = page.evaluate(FIRST_PAINT)
        return paint, weight


def camera_photo() -> bytes:
    rng = np.random.default_rng(1)
    coarse = rng.integers(0, 256, (300, 400, 3), dtype=np.uint8)
    picture = Image.fromarray(coarse).resize(CAMERA, Image.Resampling.BICUBIC)
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=88)
    return file.getvalue()


def hashing(browser: Browser, node: RunningNode, photo: bytes) -> tuple[float, float]:
    with browser.new_context() as context:
        page = context.new_page()
        page.route("**/photo.jpg", lambda route: route.fulfill(body=photo))
        page.goto(f"{node.url}/en/about/", wait_until="networkidle")
        page.evaluate(NOTE_TASKS)
        took, longest = page.evaluate(HASH, "/photo.jpg")
        return took, longest


def covering(browser: Browser, node: RunningNode) -> float:
    with browser.new_context() as context:
        page = context.new_page()
        held: list[Any] = []
        context.route(lambda url: not url.startswith(node.url), lambda route: held.append(route))  # noqa: PLW0108  a bound list method cannot carry what Playwright notes
        page.goto(f"{node.url}/en/protect/", wait_until="networkidle")
        page.evaluate(NOTE_COVER)
        with page.expect_console_message() as told:
            page.locator("[data-leave]").click(no_wait_after=True)
        for route in held:
            route.abort()
        return float(told.value.text)


def measure(browser: Browser, node: RunningNode, rounds: int) -> dict[str, Any]:
    pages = {}
    for path in PAGES:
        visits = [first_visit(browser, f"{node.url}/en/{path}") for _ in range(rounds)]
        pages[path or "start"] = {
            "paint_ms": round(statistics.median(paint for paint, _ in visits)),
            "sent_bytes": visits[-1][1].sent,
            "unpacked_bytes": visits[-1][1].unpacked,
        }
    photo = camera_photo()
    hashed = [hashing(browser, node, photo) for _ in range(rounds)]
    return {
        "pages": pages,
        "hash_ms": round(statistics.median(took for took, _ in hashed)),
        "task_ms": round(max(longest for _, longest in hashed)),
        "cover_ms": round(max(covering(browser, node) for _ in range(rounds)), 1),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        parser.error("Chromium is missing: `apt-get install chromium` on Debian.")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        node = RunningNode(Path(folder) / "node")
        node.start()
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        start = time.monotonic()
        found = measure(browser, node, arguments.rounds)
        browser.close()
        node.stop()
    print(f"{'page':10}{'paint ms':>10}{'sent':>10}{'unpacked':>10}")
    for name, page in found["pages"].items():
        print(
            f"{name:10}{page['paint_ms']:>10}{page['sent_bytes']:>10}{page['unpacked_bytes']:>10}"
        )
    print(f"hash of a 12 MP photo: {found['hash_ms']} ms; longest task: {found['task_ms']} ms")
    print(f"covered after leaving: {found['cover_ms']} ms at most")
    print(f"{arguments.rounds} rounds, {time.monotonic() - start:.0f} s; targets: {TARGETS}")
    if arguments.json:
        print(json.dumps(found | {"targets": TARGETS}))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
