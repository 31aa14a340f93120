"""
Serves the browser code as the node does, with the same security policies and nothing else.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tegenbeeld.server.conf.middleware import PAGE_POLICY, WORKER_POLICIES

REPOSITORY = Path(__file__).resolve().parents[2]

# With the script of every page that lets workers start.
PAGE = (
    "<!doctype html><html lang='en'><meta charset='utf-8'><title>Test</title>"
    "<script type='module' src='/static/portal/workers.mjs'></script></html>"
)

# What a browser does that answers with noise when a page asks for pixels.
NOISE = """
const honest = OffscreenCanvasRenderingContext2D.prototype.getImageData;
OffscreenCanvasRenderingContext2D.prototype.getImageData = function (...area) {
  const image = honest.apply(this, area);
  crypto.getRandomValues(image.data.subarray(0, 65536));
  return image;
};
"""
NOISY_WORKER = 'import "/test/noise.mjs"; import "/static/pdq/worker.mjs";'

# A worker that never answers.
SILENT_WORKER = "postMessage({ ready: true });"

# A browser that gives pages no decoder of videos, only its player.
NO_DECODER_WORKER = """
import "/static/video/worker.mjs";
globalThis.VideoDecoder = undefined;
"""

# A browser whose files have no reader that reuses memory.
SLICING_WORKER = """
import "/static/video/md5-worker.mjs";
ReadableStream.prototype.getReader = () => { throw new TypeError("no such reader"); };
"""

MADE_UP = {
    "/": ("text/html; charset=utf-8", PAGE),
    "/favicon.ico": ("image/x-icon", ""),
    "/test/noise.mjs": ("text/javascript", NOISE),
    "/test/noisy-worker.mjs": ("text/javascript", NOISY_WORKER),
    "/test/silent-worker.mjs": ("text/javascript", SILENT_WORKER),
    "/test/no-decoder-worker.mjs": ("text/javascript", NO_DECODER_WORKER),
    "/test/slicing-worker.mjs": ("text/javascript", SLICING_WORKER),
}

STANDS_FOR = {
    "/test/no-decoder-worker.mjs": "/static/video/worker.mjs",
    "/test/slicing-worker.mjs": "/static/video/md5-worker.mjs",
}


class _Handler(SimpleHTTPRequestHandler):
    """
    `/` is an empty page, `/static/` is the folder web/.
    """

    extensions_map = {**SimpleHTTPRequestHandler.extensions_map, ".mjs": "text/javascript"}  # noqa: RUF012

    def do_GET(self) -> None:
        """
        Answer with a made-up file, or with one of web/.
        """
        if self.path not in MADE_UP:
            super().do_GET()
            return
        kind, text = MADE_UP[self.path]
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(text.encode())

    def translate_path(self, path: str) -> str:
        """
        Map an address to a file; what is not under /static/ is not there.
        """
        if not path.startswith("/static/"):
            return str(REPOSITORY / "web" / "nothing-here")
        return super().translate_path(path.removeprefix("/static"))

    def end_headers(self) -> None:
        """
        Add the policy that belongs to the address.
        """
        # Made-up workers stand in for real ones, and get what these get.
        real = STANDS_FOR.get(self.path, self.path)
        policy = WORKER_POLICIES.get(real, PAGE_POLICY)
        self.send_header("Content-Security-Policy", policy)
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """
        Keep the test output clean.
        """


@contextmanager
def web_server() -> Iterator[str]:
    """
    Serve on a free port of this machine, and give the address.
    """
    handler = partial(_Handler, directory=str(REPOSITORY / "web"))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
