"""
The policies of the pages, in a real browser: each is tried to be broken, and holds.
"""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Page, Playwright

from testing.running_node import RunningNode

pytestmark = [pytest.mark.browser, pytest.mark.service]

ALLOWED_FEATURES = {"clipboard-write", "media-playback-while-not-visible"}

ATTEMPTS = {
    "an inline script": (
        "require-trusted-types-for",
        """() => {
      const $script = document.createElement("script");
      try { $script.textContent = "globalThis.broken = true"; } catch { return "refused"; }
      document.head.append($script);
      return globalThis.broken ? "done" : "refused";
    }""",
    ),
    "an inline handler": (
        "require-trusted-types-for",
        """() => {
      try { document.body.setAttribute("onclick", "globalThis.broken = true"); } catch { }
      document.body.click();
      return globalThis.broken ? "done" : "refused";
    }""",
    ),
    "an inline style": (
        "style-src-elem",
        """() => {
      const $style = document.createElement("style");
      $style.textContent = "body { color: rgb(1, 2, 3) }";
      document.head.append($style);
      return getComputedStyle(document.body).color === "rgb(1, 2, 3)" ? "done" : "refused";
    }""",
    ),
    "markup out of text": (
        "require-trusted-types-for",
        """() => {
      try { document.body.innerHTML = "<p>x</p>"; return "done"; } catch { return "refused"; }
    }""",
    ),
    "a script of another site": (
        None,
        """() => new Promise((resolve) => {
      const $script = document.createElement("script");
      $script.onload = () => resolve("done");
      $script.onerror = () => resolve("refused");
      try { $script.src = "OUTSIDE/x.js"; } catch { resolve("refused"); }
      document.head.append($script);
    })""",
    ),
    "a request to another site": (
        "connect-src",
        """() => fetch("OUTSIDE/").then(() => "done", () => "refused")""",
    ),
    "a socket to another site": (
        "connect-src",
        """() => new Promise((resolve) => {
      try {
        const socket = new WebSocket("OUTSIDE/".replace("http", "ws"));
        socket.onopen = () => resolve("done");
        socket.onerror = () => resolve("refused");
      } catch { resolve("refused"); }
    })""",
    ),
    "a picture of another site": (
        "img-src",
        """() => new Promise((resolve) => {
      const $image = new Image();
      $image.onload = () => resolve("done");
      $image.onerror = () => resolve("refused");
      $image.src = "OUTSIDE/picture.svg";
    })""",
    ),
    "a worker out of text": (
        None,
        """() => {
      const code = URL.createObjectURL(new Blob([""], { type: "text/javascript" }));
      try { new Worker(code); return "done"; } catch { return "refused"; }
    }""",
    ),
    "a worker that is none of ours": (
        None,
        """() => {
      try { new Worker("/static/pdq/pdq.mjs"); return "done"; } catch { return "refused"; }
    }""",
    ),
    "WebAssembly in the page": (
        "script-src",
        """() => WebAssembly.compile(
      new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])).then(() => "done", () => "refused")""",
    ),
    "a frame in the page": (
        "frame-src",
        """() => new Promise((resolve) => {
      const $frame = document.createElement("iframe");
      document.addEventListener("securitypolicyviolation", () => resolve("refused"));
      $frame.onload = () => resolve("done");
      $frame.src = "/en/about/";
      document.body.append($frame);
    })""",
    ),
    "a form": (
        "form-action",
        """() => new Promise((resolve) => {
      const $form = Object.assign(document.createElement("form"), { action: "/en/about/" });
      document.addEventListener("securitypolicyviolation", () => resolve("refused"));
      addEventListener("pagehide", () => resolve("done"));
      document.body.append($form);
      $form.submit();
    })""",
    ),
}
"""Attempts, and the part of the policy that the browser names as it refuses; none where our own
policy of Trusted Types throws."""

FEATURES = {
    "the camera": """() => navigator.mediaDevices.getUserMedia({ video: true })
      .then(() => "done", (error) => error.name === "NotAllowedError" ? "refused" : error.name)""",
    "the place": """() => new Promise((resolve) => navigator.geolocation.getCurrentPosition(
      () => resolve("done"),
      ({ message }) => resolve(/policy/.test(message) ? "refused" : message)))""",
    "the clipboard": """() => navigator.clipboard.readText().then(() => "done", () => "refused")""",
}


NOTE_VIOLATIONS = """
() => {
  globalThis.violated = [];
  addEventListener("securitypolicyviolation", (event) => violated.push(event.effectiveDirective));
}
"""


class _Outside(BaseHTTPRequestHandler):
    """
    Another site, which would let anybody use what it has.
    """

    def do_GET(self) -> None:
        """
        Answer whatever is asked for with what would work if the policy let it through.
        """
        kind, text = "text/html", f"<iframe src='{self.path[1:]}'></iframe>"
        if self.path.endswith(".js"):
            kind, text = "text/javascript", "globalThis.broken = true"
        if self.path.endswith(".svg"):
            kind, text = "image/svg+xml", "<svg xmlns='http://www.w3.org/2000/svg'/>"
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Cross-Origin-Resource-Policy", "cross-origin")
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """
        Keep the test output clean.
        """


@pytest.fixture(scope="module")
def outside_address() -> Iterator[str]:
    """
    Where another site runs.
    """
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Outside)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def willing(playwright_of_the_session: Playwright, chromium_path: str) -> Iterator[Page]:
    """
    A browser with a camera, whose owner grants everything: only the page's own policy refuses.
    """
    browser = playwright_of_the_session.chromium.launch(
        executable_path=chromium_path,
        args=[
            "--no-sandbox",
            "--disable-dev-shm-usage",
            "--use-fake-device-for-media-stream",
            "--use-fake-ui-for-media-stream",
        ],
    )
    context = browser.new_context(
        permissions=["camera", "geolocation", "clipboard-read"],
        geolocation={"latitude": 50.8, "longitude": 4.4},
    )
    yield context.new_page()
    browser.close()


@pytest.mark.parametrize("what", ATTEMPTS)
def test_page_refuses(
    page: Page, shared_node: RunningNode, outside_address: str, what: str
) -> None:
    """
    Whatever somebody could bring into a page gets no further, and it is the policy that stops it.
    """
    directive, attempt = ATTEMPTS[what]
    page.goto(f"{shared_node.url}/en/protect/")
    page.evaluate(NOTE_VIOLATIONS)
    assert page.evaluate(attempt.replace("OUTSIDE", outside_address)) == "refused"
    page.wait_for_timeout(100)
    violated = page.evaluate("violated")
    assert directive in violated or (directive is None and not violated), violated


@pytest.mark.parametrize("what", FEATURES)
def test_page_gets_no_sensor(willing: Page, shared_node: RunningNode, what: str) -> None:
    """
    Not even where the owner of the browser grants it.
    """
    willing.goto(f"{shared_node.url}/en/protect/")
    assert willing.evaluate(FEATURES[what]) == "refused"


def test_every_feature_of_the_browser_is_denied_but_two(
    page: Page, shared_node: RunningNode
) -> None:
    """
    A browser that learns a new one fails here, until somebody decides about it.
    """
    page.goto(f"{shared_node.url}/en/")
    allowed = page.evaluate("document.featurePolicy.allowedFeatures()")
    assert set(allowed) == ALLOWED_FEATURES


def test_other_sites_cannot_frame_a_page(
    page: Page, shared_node: RunningNode, outside_address: str
) -> None:
    """
    Nobody lays the site under something else.
    """
    page.goto(f"{outside_address}/{shared_node.url}/en/")
    page.wait_for_timeout(500)
    assert page.frames[1].url.startswith("chrome-error:")


def test_other_sites_cannot_hold_the_window(
    page: Page, shared_node: RunningNode, outside_address: str
) -> None:
    """
    A site that opens ours in a window of its own cannot watch or steer it.
    """
    page.goto(outside_address)
    with page.expect_popup() as opened:
        page.evaluate(
            "(address) => { globalThis.theirs = open(address); }", f"{shared_node.url}/en/"
        )
    opened.value.wait_for_load_state()
    assert opened.value.evaluate("opener === null")
    assert page.evaluate("theirs.closed")
