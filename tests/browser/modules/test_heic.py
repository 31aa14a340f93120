"""
HEIC in a browser that does not decode it: what is fetched for that, when, and what comes out.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route

from browser.modules.hashing import (
    SET_UP,
    bits_apart,
    encoded,
    hash_in,
    hashed_by_python,
    textured,
)
from browser.web_server import REPOSITORY
from testing.heif_file import Item, coded_in, extent, grid, heif_file

pytestmark = pytest.mark.browser

PICTURES = REPOSITORY / "tests" / "pictures"

# Both sides use libheif, of different builds. Source: the figures that this project sets itself.
CLOSE = 10

LIBRARY = ("libheif.wasm", "libheif.mjs", "heic-worker.mjs")


class Visit:
    """
    A page that hashes, with what it asked the network for.
    """

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.asked: list[str] = []
        page.on("request", lambda request: self.asked.append(request.url.rsplit("/", 1)[-1]))
        page.goto(address)
        page.evaluate(SET_UP, None)

    def hash(self, content: bytes) -> dict[str, str]:
        """
        Hash a file.
        """
        return hash_in(self.page, content)

    def set_offline(self, *, is_offline: bool) -> None:
        """
        Cut the network, or mend it.
        """
        self.page.context.set_offline(is_offline)

    def wait_for_worker(self, count: int) -> None:
        """
        Wait until the worker for HEIC has been fetched so many times, and is there.
        """
        for _ in range(250):
            if self.asked.count("heic-worker.mjs") >= count and len(self.page.workers) == 2:
                break
            self.page.wait_for_timeout(40)
        else:
            pytest.fail(f"the worker for HEIC was not fetched {count} times in ten seconds")
        self.page.wait_for_timeout(300)


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Visit]:
    """
    A page of its own, without the check that nothing is written to the console.
    """
    context = browser.new_context()
    yield Visit(context.new_page(), address)
    context.close()


def plain() -> bytes:
    """
    Give a HEIC file with nothing special about it.
    """
    return (PICTURES / "plain.heic").read_bytes()


@pytest.mark.parametrize("path", sorted(PICTURES.glob("*.heic")), ids=lambda path: path.stem)
def test_heic_has_the_hash_of_python(hashing_page: Page, path: Path) -> None:
    """
    Turned, mirrored, deep, grey, half clear, in tiles or with a thumbnail: as a platform hashes it.
    """
    content = path.read_bytes()
    answer = hash_in(hashing_page, content)
    assert "hash" in answer, answer
    assert bits_apart(answer["hash"], hashed_by_python(content)) <= CLOSE
    assert answer["progress"] == sorted(answer["progress"])
    assert (answer["progress"][0], answer["progress"][-1]) == (0, 1)


def test_turn_when_only_exif_asks_is_not_made(hashing_page: Page) -> None:
    """
    HEIC turns by its own properties, once. Source: spec/pdq.md §2.
    """
    upright, noted, turned = (
        hash_in(hashing_page, (PICTURES / f"{name}.heic").read_bytes())["hash"]
        for name in ("plain", "exif-turn", "turned")
    )
    assert noted == upright
    assert bits_apart(turned, upright) > 90


def test_nothing_for_heic_is_fetched_before_the_first_one(visit: Visit) -> None:
    """
    Who has no HEIC does not pay for it; who has several fetches the library once.
    """
    assert "hash" in visit.hash(encoded(textured(300, 200), "JPEG"))
    assert not [name for name in visit.asked if "heic-worker" in name or "libheif" in name]
    for _ in range(3):
        assert "hash" in visit.hash(plain())
    assert visit.asked.count("libheif.wasm") == 1


def test_heic_when_the_network_was_cut_before_says_so(visit: Visit) -> None:
    """
    Its reason is its own, other pictures still work, and with the network back it works as well.
    """
    png = encoded(textured(300, 200), "PNG")
    visit.hash(png)
    visit.set_offline(is_offline=True)
    assert visit.hash(plain())["reason"] == "heic-not-loaded"
    assert "hash" in visit.hash(png)
    visit.set_offline(is_offline=False)
    assert "hash" in visit.hash(plain())


def test_heic_when_the_network_is_cut_after_the_first_one_works(visit: Visit) -> None:
    """
    With the first one all that is needed was fetched: nothing is asked for any more.
    """
    first = visit.hash(plain())
    visit.set_offline(is_offline=True)
    before = len([name for name in visit.asked if name in LIBRARY])
    for _ in range(3):
        assert visit.hash(plain())["hash"] == first["hash"]
    # The worker that would free the memory cannot be fetched, so the first one stays.
    assert visit.asked.count("libheif.wasm") == 1
    assert before >= len(LIBRARY)


def test_worker_is_ended_after_the_last_heic(visit: Visit) -> None:
    """
    WebAssembly never gives memory back; the end of its worker does. Another one waits then.
    """
    texts = [plain(), (PICTURES / "tiles.heic").read_bytes()]
    for content in texts:
        visit.hash(content)
    visit.wait_for_worker(2)
    workers = [worker.url.rsplit("/", 1)[-1] for worker in visit.page.workers]
    assert sorted(workers) == ["heic-worker.mjs", "worker.mjs"]
    visit.set_offline(is_offline=True)
    assert "hash" in visit.hash(plain())


def test_heic_worker_may_run_webassembly_and_not_connect(visit: Visit) -> None:
    """
    What sees a picture cannot send anything: its policy lets it fetch its own code only.
    """
    script = """
    async () => {
      globalThis.kept = new Worker("/static/pdq/heic-worker.mjs", { type: "module" });
      await new Promise((resolve) => kept.addEventListener("message", resolve, { once: true }));
    }
    """
    visit.page.evaluate(script)
    worker = next(one for one in visit.page.workers if one.url.endswith("heic-worker.mjs"))
    send = "fetch('/static/pdq/pdq.mjs').then(() => 'sent', () => 'refused')"
    empty = "new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])"
    assert worker.evaluate(send) == "refused"
    assert worker.evaluate(f"WebAssembly.compile({empty}).then(() => 'compiled')") == "compiled"


def test_heic_where_webassembly_is_forbidden_is_not_read(browser: Browser, address: str) -> None:
    """
    Some browsers are set to run none: then the picture must be saved in another format first.
    """
    context = browser.new_context()
    page = context.new_page()
    headers = {
        "Content-Type": "text/javascript",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Content-Security-Policy": "default-src 'none'; script-src 'self'",
    }
    page.route(
        "**/heic-worker.mjs",
        lambda route: route.fulfill(response=route.fetch(), headers=headers),
    )
    assert Visit(page, address).hash(plain())["reason"] == "unknown-format"
    context.close()


def _harmful() -> dict[str, tuple[bytes, set[str]]]:
    coded = coded_in(plain())

    def claiming(width: int, height: int) -> bytes:
        return heif_file([Item(b"hvc1", coded.data, (coded.settings, extent(width, height)))])

    tile = Item(b"hvc1", coded.data, (coded.settings, extent(320, 240)))
    nested = [tile]
    for number in range(1, 9):
        ties = ((b"dimg", (number,) * 16),)
        nested.append(Item(b"grid", grid(4, 4, (320, 240)), (extent(320, 240),), ties))
    itself = Item(b"grid", grid(2, 2, (640, 480)), (extent(640, 480),), ((b"dimg", (1,) * 4),))
    damaged = {"unreadable", "too-large"}
    return {
        "a size of 65,535 squared": (claiming(65_535, 65_535), {"too-large"}),
        "a side of 20,001": (claiming(20_001, 240), {"too-large"}),
        "more pixels than it has": (claiming(8_000, 8_000), damaged),
        "fewer pixels than it has": (claiming(8, 8), damaged),
        "four rows": (claiming(320, 4), {"too-small"}),
        "grids in grids, 16 to the power of 8": (heif_file(nested, primary=9), damaged),
        "a grid of itself": (heif_file([itself]), damaged),
        "another code than HEVC": (plain().replace(b"hvc1", b"vvc1"), {"unknown-format", *damaged}),
        "no picture": (heif_file([Item(b"Exif", bytes(40))]), damaged),
        "its data cut off": (plain()[:-900], {"unreadable"}),
    }


@pytest.mark.parametrize("what", _harmful())
def test_harmful_heic_is_refused_soon_and_the_next_one_works(visit: Visit, what: str) -> None:
    """
    Sizes are looked at before decoding; what lies about them costs neither the page nor the time.
    """
    content, reasons = _harmful()[what]
    answer = visit.hash(content)
    assert answer.get("reason") in reasons, answer
    assert "hash" in visit.hash(plain())


def test_heic_that_takes_too_long_is_given_up(browser: Browser, address: str) -> None:
    """
    Its worker is ended with it, and the next file gets a new one.
    """
    context = browser.new_context()
    page = context.new_page()
    silent = "postMessage({ ready: true });"
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) == 1:
            route.fulfill(body=silent, content_type="text/javascript")
        else:
            route.continue_()

    page.route("**/heic-worker.mjs", answer)
    visit = Visit(page, address)
    page.evaluate(SET_UP.replace("workerUrl ?? undefined", "undefined, { limitMs: 8000 }"), None)
    assert visit.hash(plain())["reason"] == "unreadable"
    assert "hash" in visit.hash(plain())
    assert len(asked) > 1
    context.close()
