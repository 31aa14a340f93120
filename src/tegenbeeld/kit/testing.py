"""
An exchange in memory, for a platform's own tests: no node, no network, no waiting.

    exchange = InMemoryExchange()
    entry = exchange.add("f8f8f0cce0f4e84d0e370a22028f67f0b36e2ed596623e1d33e6b39c4e9c9b22")
    with Store.create(tmp_path) as store:
        sync(store, exchange.client())
    exchange.withdraw(entry)
    assert exchange.feedback == []

It speaks the native API byte for byte, through a transport or, with `served`, a real socket. The
tests of this project run the same scenarios against it and against a node, so it behaves alike.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

import httpx2
import msgspec

from tegenbeeld.errors import WireError
from tegenbeeld.kit.exchange import Exchange
from tegenbeeld.kit.retries import Retries
from tegenbeeld.kit.store.values import HASH_BYTES
from tegenbeeld.wire.native import (
    MAX_PAGE,
    MAX_PAGE_FRAMES,
    Acknowledgement,
    Change,
    ChangeKind,
    ChangePage,
    Credentials,
    Feedback,
    FeedbackMessage,
    FeedbackReceipt,
    Provenance,
    SignalType,
    StopnciiKeys,
    decode,
    encode,
)

QUICK = Retries(
    attempts=3,
    first_delay=timedelta(milliseconds=1),
    longest_delay=timedelta(milliseconds=20),
)
"""Retries for tests: as in real life, without the waiting."""


class Answer(NamedTuple):
    """
    What the exchange answers. Status 0: nothing, the connection breaks.
    """

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


class _Conflict(Exception):
    """
    The partner is ahead of the log.
    """


@dataclass
class _Listing:
    """
    One entry of the list.
    """

    hash: str
    quality: int | None
    provenance: Provenance
    frames: str | None
    is_listed: bool = True


@dataclass
class _Fault:
    """
    Something that goes wrong on purpose.
    """

    answer: Answer
    times: int
    on: str
    is_lost_after: bool


class InMemoryExchange:
    """
    A node with one partner, as that partner sees it. May be shared between threads.

    Attributes:
        acknowledgements: Every `through` that was acknowledged, in order.
        feedback: Every item of feedback that was recorded, in order.
        requests: Method and path of every request, in order.
    """

    def __init__(self, *, partner: str = "test", node: str = "https://exchange.test") -> None:
        """
        Begin with an empty list.
        """
        self.credentials = Credentials(
            partner=partner,
            state="live",
            node=node,
            key="a-key-for-tests",
            stopncii=StopnciiKeys(base_url=node, subscription_key="", function_keys={}),
        )
        self.acknowledgements: list[int] = []
        self.feedback: list[Feedback] = []
        self.requests: list[str] = []
        self._log: list[tuple[ChangeKind, str]] = []
        self._listings: dict[str, _Listing] = {}
        self._ids: dict[tuple[str, str | None], str] = {}
        self._faults: list[_Fault] = []
        self._lock = threading.RLock()

    def add(
        self,
        hash_: str,
        *,
        quality: int | None = 100,
        provenance: Provenance = Provenance.TEST,
        frames: str | None = None,
    ) -> str:
        """
        List a hash; one that is listed already is told to partners once more.

        Args:
            hash_: Lower-case hexadecimal: 64 digits of a picture, or 32 of a video's MD5.
            quality: Of a picture.
            provenance: Who listed it.
            frames: Of a video, as `wire.video.encode_frames` writes them. Without, it is only
                found by its file.

        Returns:
            The id of its entry.
        """
        with self._lock:
            new_id = f"{len(self._listings) + 1:032x}"
            id_ = self._ids.setdefault((hash_, frames), new_id)
            is_picture = _type_of(hash_, frames) is SignalType.PDQ
            self._listings[id_] = _Listing(
                hash_, quality if is_picture else None, provenance, frames
            )
            self._log.append((ChangeKind.ADD, id_))
            return id_

    def withdraw(self, id_: str) -> None:
        """
        Take an entry off the list.
        """
        self._change(ChangeKind.WITHDRAW, id_, is_listed=False)

    def quarantine(self, id_: str) -> None:
        """
        Take an entry off the list until it has been looked at.
        """
        self._change(ChangeKind.QUARANTINE, id_, is_listed=False)

    def restore(self, id_: str) -> None:
        """
        Put an entry back that was quarantined.
        """
        self._change(ChangeKind.RESTORE, id_, is_listed=True)

    def set_back(self, head: int) -> None:
        """
        Forget every change after *head*, as a node does that was restored from a backup.
        """
        with self._lock:
            del self._log[head:]

    def fail(  # noqa: PLR0913
        self,
        *,
        status: int = 503,
        times: int = 1,
        on: str = "",
        retry_after_s: int | None = None,
        is_lost_after: bool = False,
        body: bytes | None = None,
    ) -> None:
        """
        Let the next requests go wrong.

        Args:
            status: The answer; 0 breaks the connection instead.
            times: How many requests.
            on: Only those whose path ends in this; empty for any.
            retry_after_s: Sent as `Retry-After`.
            is_lost_after: Do the work first, and only lose the answer.
            body: Sent instead of a proper refusal.
        """
        refused = _refusal(status, "unwell", "made to fail by a test") if body is None else body
        headers = () if retry_after_s is None else (("Retry-After", str(retry_after_s)),)
        with self._lock:
            fault = _Fault(Answer(status, refused, headers), times, on, is_lost_after)
            self._faults.append(fault)

    def client(self, *, retries: Retries = QUICK) -> Exchange:
        """
        A kit client that talks to this exchange.
        """
        return Exchange(self.credentials, transport=self.transport(), retries=retries)

    def transport(self) -> httpx2.BaseTransport:
        """
        What `Exchange(credentials, transport=…)` takes.
        """
        return httpx2.MockTransport(self._handle)

    def answer(self, *, method: str, target: str, key: str, body: bytes) -> Answer:
        """
        Answer one request.

        Args:
            method: `GET` or `POST`.
            target: Path and query.
            key: The value of the `Authorization` header.
            body: Of the request.
        """
        with self._lock:
            self.requests.append(f"{method} {urlsplit(target).path}")
            fault = self._next_fault(urlsplit(target).path)
            if fault is not None and not fault.is_lost_after:
                return fault.answer
            answer = self._proper_answer(method, target, key, body)
            return answer if fault is None else fault.answer

    def _change(self, kind: ChangeKind, id_: str, *, is_listed: bool) -> None:
        with self._lock:
            self._listings[id_].is_listed = is_listed
            self._log.append((kind, id_))

    def _next_fault(self, path: str) -> _Fault | None:
        for fault in self._faults:
            if fault.times > 0 and path.endswith(fault.on):
                fault.times -= 1
                return fault
        return None

    def _proper_answer(self, method: str, target: str, key: str, body: bytes) -> Answer:
        if key != f"Bearer {self.credentials.key}":
            return Answer(401, _refusal(401, "not_authorised", "This key is not known."))
        try:
            message = self._message(method, target, body)
        except _Conflict as error:
            return Answer(409, _refusal(409, "cursor_ahead", str(error)))
        except WireError as error:
            return Answer(400, _refusal(400, "bad_request", error.message))
        if message is None:
            return Answer(404, _refusal(404, "not_found", "There is nothing at this address."))
        return Answer(200, encode(message))

    def _message(self, method: str, target: str, body: bytes) -> object:
        address = urlsplit(target)
        match method, address.path:
            case "GET", "/api/v1/changes":
                return self._page(parse_qs(address.query))
            case "POST", "/api/v1/acknowledgements":
                return self._acknowledge(body)
            case "POST", "/api/v1/feedback":
                return self._record(body)
        return None

    def _page(self, query: dict[str, list[str]]) -> ChangePage:
        after = _whole_number(query, "after", usual=0, lowest=0)
        limit = _whole_number(query, "limit", usual=MAX_PAGE, lowest=1)
        if limit > MAX_PAGE:
            raise WireError(f"limit is at most {MAX_PAGE}.")
        head = len(self._log)
        if after > head:
            raise _Conflict(f"The log ends at {head}.")
        changes: list[Change] = []
        room = MAX_PAGE_FRAMES
        for seq in range(after + 1, min(head, after + limit) + 1):
            change = self._written(seq)
            room -= len(change.frames or "")
            if room < 0 and changes:
                break
            changes.append(change)
        last = after + len(changes)
        return ChangePage(changes=changes, next=last, head=head, more=last < head)

    def _written(self, seq: int) -> Change:
        kind, id_ = self._log[seq - 1]
        listing = self._listings[id_]
        return Change(
            seq=seq,
            kind=kind,
            id=id_,
            signal_type=_type_of(listing.hash, listing.frames),
            hash=listing.hash if listing.is_listed else None,
            quality=listing.quality,
            provenance=listing.provenance,
            frames=listing.frames if listing.is_listed else None,
        )

    def _acknowledge(self, body: bytes) -> Acknowledgement:
        message = decode(body, Acknowledgement)
        if message.through > len(self._log):
            raise _Conflict(f"The log ends at {len(self._log)}.")
        self.acknowledgements.append(message.through)
        return Acknowledgement(through=max(self.acknowledgements))

    def _record(self, body: bytes) -> FeedbackReceipt:
        message = decode(body, FeedbackMessage)
        known = [item for item in message.feedback if item.id in self._listings]
        unknown = sorted({item.id for item in message.feedback} - self._listings.keys())
        self.feedback += known
        return FeedbackReceipt(recorded=len(known), unknown=unknown)

    def _handle(self, request: httpx2.Request) -> httpx2.Response:
        answer = self.answer(
            method=request.method,
            target=request.url.raw_path.decode(),
            key=request.headers.get("Authorization", ""),
            body=request.read(),
        )
        if answer.status == 0:
            raise httpx2.ReadError("The connection was broken by a test.", request=request)
        return httpx2.Response(answer.status, content=answer.body, headers=list(answer.headers))


@contextmanager
def served(exchange: InMemoryExchange) -> Iterator[Credentials]:
    """
    Serve *exchange* on a free port of this machine, as long as the `with` block lasts.

    Yields:
        Credentials with that address, for a program that is tested from outside.
    """

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._respond()

        def do_POST(self) -> None:
            self._respond()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            # A test's output is not the place for an access log.
            pass

        def _respond(self) -> None:
            length = int(self.headers.get("Content-Length", "0"))
            answer = exchange.answer(
                method=self.command,
                target=self.path,
                key=self.headers.get("Authorization", ""),
                body=self.rfile.read(length),
            )
            if answer.status == 0:
                self.close_connection = True
                return
            self.send_response(answer.status)
            for name, value in (*answer.headers, ("Content-Length", str(len(answer.body)))):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        address = f"http://127.0.0.1:{server.server_address[1]}"
        yield msgspec.structs.replace(exchange.credentials, node=address)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _type_of(hash_: str, frames: str | None) -> SignalType:
    if frames is not None:
        return SignalType.VPDQ
    is_picture = len(hash_) == 2 * HASH_BYTES[SignalType.PDQ]
    return SignalType.PDQ if is_picture else SignalType.VIDEO_MD5


def _refusal(status: int, code: str, message: str) -> bytes:
    return encode({"error": {"code": code, "message": message}}) if status else b""


def _whole_number(query: dict[str, list[str]], name: str, *, usual: int, lowest: int) -> int:
    text = query.get(name, [str(usual)])[-1]
    if not text.isdecimal() or int(text) < lowest:
        raise WireError(f"{name} must be a whole number from {lowest}.")
    return int(text)
