"""
The node that bench/sidecar.py syncs with: a log of changes that grows at a steady rate.
"""

import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from tegenbeeld.kit import Provenance, SignalType
from tegenbeeld.wire.native import (
    MAX_PAGE,
    Acknowledgement,
    Change,
    ChangeKind,
    ChangePage,
    decode,
    encode,
)

LISTED_FOR = 100_000
"""Changes from an addition to its withdrawal. So the list keeps its length."""


def added(seq: int, hash_: str) -> Change:
    """
    Give the change that lists a hash.
    """
    return Change(
        seq=seq,
        kind=ChangeKind.ADD,
        id=f"{seq:032x}",
        signal_type=SignalType.PDQ,
        hash=hash_,
        quality=100,
        provenance=Provenance.SYNTHETIC,
    )


class Feed:
    """
    A node whose log grows steadily: by turns an addition, and the withdrawal of an older one.

    Attributes:
        rate: Changes per second from `begin` on.
        newest: The last hash that was added, and when it was given out.
    """

    def __init__(self, head: int) -> None:
        self.rate = 0
        self.newest = ("", 0.0)
        self._start = head
        self._began = time.monotonic()

    def begin(self, rate: int) -> None:
        """
        Let the log grow from now on.
        """
        self._began, self.rate = time.monotonic(), rate

    def page(self, after: int) -> ChangePage:
        """
        Give what came after a place.
        """
        head = self._start + int(self.rate * (time.monotonic() - self._began))
        last = min(head, after + MAX_PAGE)
        changes = [self._change(seq) for seq in range(after + 1, last + 1)]
        return ChangePage(changes=changes, next=last, head=max(head, after), more=last < head)

    def _change(self, seq: int) -> Change:
        if seq % 2 == 0:
            return Change(
                seq=seq,
                kind=ChangeKind.WITHDRAW,
                id=f"{seq - LISTED_FOR - 1:032x}",
                signal_type=SignalType.PDQ,
                hash=None,
                quality=None,
                provenance=Provenance.SYNTHETIC,
            )
        self.newest = (secrets.token_hex(32), time.monotonic())
        return added(seq, self.newest[0])


@contextmanager
def served(feed: Feed) -> Iterator[str]:
    """
    Serve a feed on a free port; its address.
    """

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            after = int(parse_qs(urlsplit(self.path).query)["after"][0])
            self._send(encode(feed.page(after)))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self._send(encode(decode(body, Acknowledgement)))

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

        def _send(self, body: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
