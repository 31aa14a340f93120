"""
The client of a node's native API.

Every call is safe to repeat: reading changes nothing, an acknowledgement says the same thing
twice, and feedback replaces what was said before. So every call is tried again when the node
does not answer or is too busy. Nothing of an answer is used before it has been checked.

Source: spec/exchange.md §1 to §4.
"""

import re
import time
from collections.abc import Sequence
from datetime import timedelta
from http import HTTPStatus

import httpx2
import msgspec

from tegenbeeld.errors import ExchangeError, NodeUnavailable, NotAuthorised, WireError
from tegenbeeld.kit.closing import Closing
from tegenbeeld.kit.pages import check_page
from tegenbeeld.kit.retries import Retries
from tegenbeeld.kit.time_limit import Connections, TookTooLong
from tegenbeeld.wire.native import (
    MAX_PAGE,
    Acknowledgement,
    ChangePage,
    Credentials,
    Feedback,
    FeedbackMessage,
    FeedbackReceipt,
    decode,
    encode,
)

MAX_ANSWER_BYTES = 4 * 1024 * 1024
"""Inclusive. A full page is about 250 kB; a node that sends more is broken or not a node."""

ANSWER_TIME = timedelta(seconds=60)
"""Longest time from sending a request to the end of its answer, however steadily that drips in."""

PATIENCE = timedelta(seconds=20)
"""Longest silence: while connecting, sending, or between two pieces of an answer."""

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class _TryAgain(NodeUnavailable):
    """
    A failure that may pass. Leaves this module as the `NodeUnavailable` that it is.
    """

    def __init__(self, message: str, *, asked_for: timedelta | None = None) -> None:
        super().__init__(message)
        self.asked_for = asked_for


class _Problem(msgspec.Struct):
    message: str


class _Refusal(msgspec.Struct):
    error: _Problem


class Exchange(Closing):
    """
    One partner's connection to one node. May be shared between threads.
    """

    def __init__(
        self,
        credentials: Credentials,
        *,
        node: str | None = None,
        retries: Retries | None = None,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        """
        Prepare the connection; nothing is sent yet.

        Args:
            credentials: What `tegenbeeld node partner add NAME --json` printed.
            node: Reach the node at this address instead of the one in *credentials*, for
                example through a proxy of your own network.
            retries: None for the usual patience.
            transport: For tests: `tegenbeeld.kit.testing.InMemoryExchange.transport()`.

        Raises:
            ExchangeError: The address or the key cannot be used as they are.
        """
        self.node = (node or credentials.node).rstrip("/")
        self._retries = retries or Retries()
        _check_address(self.node)
        if node is None:
            _check_line(self.node)
        _check_key(credentials.key)
        self._connections = Connections()
        self._client = httpx2.Client(
            headers={
                "Authorization": f"Bearer {credentials.key}",
                "Accept": "application/json",
                # A small compressed answer could unpack to one that fills the memory.
                "Accept-Encoding": "identity",
                "User-Agent": "tegenbeeld-kit",
            },
            timeout=PATIENCE.total_seconds(),
            # A redirect would carry the key to an address that nobody agreed to.
            follow_redirects=False,
            # A proxy that the machine is set up with cannot reach a node on the machine itself.
            trust_env=httpx2.URL(self.node).host not in LOOPBACK,
            transport=transport,
        )

    def close(self) -> None:
        """
        Let go of the connection.
        """
        self._client.close()

    def changes(self, *, after: int, limit: int = MAX_PAGE) -> ChangePage:
        """
        Read the changes that follow *after*.

        Args:
            after: The cursor: the last change that was applied, exclusive; 0 for the start.
            limit: Most changes in the page, 1 to `MAX_PAGE` inclusive.

        Raises:
            NotAuthorised: The node does not take the key.
            NodeUnavailable: The node could not be reached, however often it was tried.
            WireError: The answer breaks the contract, for example by skipping a change.
        """
        raw = self._ask("GET", f"/changes?after={after}&limit={limit}")
        page = decode(raw, ChangePage)
        check_page(page, after=after)
        return page

    def acknowledge(self, *, through: int) -> None:
        """
        Say that everything up to and including *through* is stored and matched against.

        Raises:
            NotAuthorised, NodeUnavailable, WireError: As for `changes`.
        """
        message = Acknowledgement(through=through)
        decode(self._ask("POST", "/acknowledgements", message), Acknowledgement)

    def send_feedback(self, feedback: Sequence[Feedback]) -> FeedbackReceipt:
        """
        Say what came of matches.

        Args:
            feedback: Any number; sent `MAX_PAGE` at a time, in order.

        Returns:
            How many were recorded, and which ids are not on this partner's list.

        Raises:
            NotAuthorised, NodeUnavailable, WireError: As for `changes`.
        """
        recorded = 0
        unknown: list[str] = []
        for first in range(0, len(feedback), MAX_PAGE):
            message = FeedbackMessage(feedback=list(feedback[first : first + MAX_PAGE]))
            receipt = decode(self._ask("POST", "/feedback", message), FeedbackReceipt)
            recorded += receipt.recorded
            unknown += receipt.unknown
        return FeedbackReceipt(recorded=recorded, unknown=unknown)

    def _ask(self, method: str, path: str, message: object = None) -> bytes:
        attempt = 1
        while True:
            try:
                return self._ask_once(method, path, message)
            except _TryAgain as problem:
                if attempt >= self._retries.attempts:
                    raise
                pause = self._retries.pause(attempt, asked_for=problem.asked_for)
            time.sleep(pause.total_seconds())
            attempt += 1

    def _ask_once(self, method: str, path: str, message: object) -> bytes:
        body = None if message is None else encode(message)
        headers = {} if body is None else {"Content-Type": "application/json"}
        address = f"{self.node}/api/v1{path}"
        try:
            with (
                self._connections.limited(ANSWER_TIME),
                self._client.stream(
                    method,
                    address,
                    content=body,
                    headers=headers,
                    extensions={"trace": self._connections.note},
                ) as response,
            ):
                answer = _read(response)
        except TookTooLong as error:
            raise self._no_answer(
                f"needs more than {ANSWER_TIME.total_seconds():g} seconds to answer"
            ) from error
        except httpx2.TransportError as error:
            raise self._no_answer(f"does not answer ({type(error).__name__})") from error
        return self._checked(response, answer)

    def _no_answer(self, what: str) -> _TryAgain:
        return _TryAgain(
            f"The node {self.node} {what}. Check the address and your network, then try again; "
            "nothing is lost."
        )

    def _checked(self, response: httpx2.Response, body: bytes) -> bytes:
        status = response.status_code
        if response.is_success:
            return body
        reason = _reason(body)
        if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
            raise NotAuthorised(
                f"The node {self.node} does not take these credentials ({status}{reason}). Ask "
                "who runs the node for new ones, and store them with "
                "`tegenbeeld sync --store DIR --credentials FILE`."
            )
        if status == HTTPStatus.TOO_MANY_REQUESTS or response.is_server_error:
            raise _TryAgain(
                f"The node {self.node} cannot serve now ({status}{reason}). Try again later; "
                "nothing is lost.",
                asked_for=_retry_after(response),
            )
        if status == HTTPStatus.CONFLICT:
            raise ExchangeError(
                f"The node {self.node} knows less than this list ({status}{reason}). It was "
                "replaced or set back to a backup. Ask who runs it; to start afresh, sync into "
                "an empty folder."
            )
        if response.is_redirect or response.is_informational:
            raise ExchangeError(
                f"{self.node} sends us on to another address ({status}). Ask who runs the node "
                'for its real address and put it as "node" in the credentials.'
            )
        raise ExchangeError(
            f"The node {self.node} refuses the request ({status}{reason}). Check that the "
            "address is a node's and that this kit is not older than it."
        )


def _check_address(node: str) -> None:
    try:
        address = httpx2.URL(node)
    except httpx2.InvalidURL:
        address = httpx2.URL("")
    if address.scheme not in ("http", "https") or not address.host or address.query:
        raise ExchangeError(
            f"{node!r} is not the address of a node. It looks like https://node.example; "
            'correct "node" in the credentials.'
        )


def _check_line(node: str) -> None:
    address = httpx2.URL(node)
    if address.scheme == "http" and address.host not in LOOPBACK:
        raise ExchangeError(
            f"{node} is not encrypted, and the key would be sent in the clear. Use https; for a "
            "proxy of your own network, give its address to Exchange(..., node=...)."
        )


def _check_key(key: str) -> None:
    if not key or not key.isascii() or not key.isprintable() or " " in key:
        raise ExchangeError(
            "The key in the credentials is damaged. Use the file as the node printed it, or ask "
            "for new credentials."
        )


def _read(response: httpx2.Response) -> bytes:
    """
    Take in the answer, within the limit on its size.
    """
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise WireError("The node's answer is compressed, which was not asked for.")
    body = bytearray()
    for piece in response.iter_bytes():
        body += piece
        if len(body) > MAX_ANSWER_BYTES:
            raise WireError(
                f"The node's answer is longer than {MAX_ANSWER_BYTES} bytes. Check that the "
                "address in the credentials is a node's."
            )
    return bytes(body)


def _reason(body: bytes) -> str:
    """
    What the node says of a refusal, short and without characters that steer a terminal.
    """
    try:
        text = msgspec.json.decode(body, type=_Refusal).error.message
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ""
    return ": " + "".join(letter for letter in text if letter.isprintable())[:200]


def _retry_after(response: httpx2.Response) -> timedelta | None:
    """
    Whole seconds of `Retry-After`; None without one. The form with a date is not used by nodes.
    """
    text = response.headers.get("Retry-After", "")
    # More digits than any sensible wait has would overflow a timedelta.
    return timedelta(seconds=int(text)) if re.fullmatch("[0-9]{1,6}", text) else None
