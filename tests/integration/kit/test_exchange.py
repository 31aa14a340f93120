"""
The client against an exchange that misbehaves, over a real socket.
"""

import time
from collections.abc import Iterator

import msgspec
import pytest

from tegenbeeld.kit import (
    Credentials,
    Exchange,
    ExchangeError,
    Feedback,
    FeedbackValue,
    NodeUnavailable,
    NotAuthorised,
    WireError,
)
from tegenbeeld.kit.exchange import MAX_ANSWER_BYTES
from tegenbeeld.kit.testing import QUICK, InMemoryExchange, served

HASH = "f8f8f0cce0f4e84d0e370a22028f67f0b36e2ed596623e1d33e6b39c4e9c9b22"


@pytest.fixture
def credentials(exchange: InMemoryExchange) -> Iterator[Credentials]:
    """
    Those of the exchange, with the address where it is served.
    """
    with served(exchange) as made:
        yield made


@pytest.fixture
def client(credentials: Credentials) -> Iterator[Exchange]:
    """
    A client over the socket.
    """
    with Exchange(credentials, retries=QUICK) as made:
        yield made


@pytest.mark.parametrize("status", [0, 429, 500, 502, 503])
def test_changes_when_the_node_is_unwell_for_a_moment(
    exchange: InMemoryExchange, client: Exchange, status: int
) -> None:
    """
    A failure that passes is not noticed.
    """
    exchange.add(HASH)
    exchange.fail(status=status, times=QUICK.attempts - 1)
    assert len(client.changes(after=0).changes) == 1
    assert len(exchange.requests) == QUICK.attempts


@pytest.mark.parametrize("status", [0, 429, 503])
def test_changes_when_the_node_stays_unwell(
    exchange: InMemoryExchange, client: Exchange, status: int
) -> None:
    """
    After the last attempt the error says what to do, and no attempt follows.
    """
    exchange.fail(status=status, times=100)
    with pytest.raises(NodeUnavailable, match=r"try again|Try again"):
        client.changes(after=0)
    assert len(exchange.requests) == QUICK.attempts


def test_changes_when_told_to_wait(exchange: InMemoryExchange, client: Exchange) -> None:
    """
    `Retry-After` is honoured, but a node cannot make us wait longer than our own bound.
    """
    exchange.fail(status=429, retry_after_s=86_400)
    began_at = time.monotonic()
    client.changes(after=0)
    assert QUICK.longest_delay.total_seconds() <= time.monotonic() - began_at < 5


def test_changes_when_nobody_listens() -> None:
    """
    An address where nothing runs gives one clear sentence.
    """
    exchange = InMemoryExchange()
    with served(exchange) as credentials:
        pass
    with (
        Exchange(credentials, retries=QUICK) as client,
        pytest.raises(NodeUnavailable, match="does not answer"),
    ):
        client.changes(after=0)


@pytest.mark.parametrize("status", [401, 403])
def test_changes_when_not_authorised(
    exchange: InMemoryExchange, client: Exchange, status: int
) -> None:
    """
    A refused key is not tried again: it would only look like guessing.
    """
    exchange.fail(status=status)
    with pytest.raises(NotAuthorised, match="made to fail by a test"):
        client.changes(after=0)
    assert len(exchange.requests) == 1


@pytest.mark.parametrize("status", [301, 307, 400, 404, 410])
def test_changes_when_the_answer_is_no_answer(
    exchange: InMemoryExchange, client: Exchange, status: int
) -> None:
    """
    Redirects are not followed, and other refusals are not repeated.
    """
    exchange.fail(status=status)
    with pytest.raises(ExchangeError) as told:
        client.changes(after=0)
    assert not isinstance(told.value, NodeUnavailable)
    assert len(exchange.requests) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>Log in to the network</html>",
        b"\xff\xfe",
        b'{"changes": [], "next": 0, "head": 0}',
        b'{"changes": [], "next": -1, "head": 0, "more": false}',
        b'{"changes": [{"seq": 1}], "next": 1, "head": 1, "more": false}',
        b'{"changes": [], "next": 3, "head": 3, "more": false}',
    ],
)
def test_changes_when_the_bytes_are_bad(
    exchange: InMemoryExchange, client: Exchange, body: bytes
) -> None:
    """
    Whatever is not a page that follows the cursor is refused.
    """
    exchange.fail(status=200, body=body)
    with pytest.raises(WireError):
        client.changes(after=0)


def test_changes_when_the_answer_never_ends(exchange: InMemoryExchange, client: Exchange) -> None:
    """
    An answer over the limit is cut off instead of filling the memory.
    """
    exchange.fail(status=200, body=b" " * (MAX_ANSWER_BYTES + 1))
    with pytest.raises(WireError, match="longer than"):
        client.changes(after=0)


def test_changes_when_the_refusal_steers_a_terminal(
    exchange: InMemoryExchange, client: Exchange
) -> None:
    """
    What the node says is shown without control characters, and short.
    """
    text = "\\u001b[2Jgone " + "x" * 5000
    exchange.fail(status=401, body=f'{{"error": {{"code": "x", "message": "{text}"}}}}'.encode())
    with pytest.raises(NotAuthorised) as told:
        client.changes(after=0)
    assert "\x1b" not in told.value.message
    assert len(told.value.message) < 600


def test_send_feedback_when_there_is_more_than_fits(
    exchange: InMemoryExchange, client: Exchange
) -> None:
    """
    Much feedback goes in several messages, in order, and the receipts are added up.
    """
    entry = exchange.add(HASH)
    known = Feedback(id=entry, value=FeedbackValue.BLOCKED)
    stranger = Feedback(id="e" * 32, value=FeedbackValue.BLOCKED)
    receipt = client.send_feedback([known] * 1000 + [stranger] + [known] * 5)
    assert receipt.recorded == 1005
    assert receipt.unknown == ["e" * 32]
    assert exchange.requests == ["POST /api/v1/feedback"] * 2


def test_send_feedback_when_there_is_none(exchange: InMemoryExchange, client: Exchange) -> None:
    """
    Nothing to say sends nothing.
    """
    assert client.send_feedback([]).recorded == 0
    assert exchange.requests == []


def test_exchange_when_reached_at_another_address(
    exchange: InMemoryExchange, credentials: Credentials
) -> None:
    """
    `node=` replaces the address of the credentials.
    """
    moved = msgspec.structs.replace(credentials, node="http://127.0.0.1:1")
    with Exchange(moved, node=credentials.node + "/", retries=QUICK) as client:
        assert client.changes(after=0).head == 0
    assert exchange.requests == ["GET /api/v1/changes"]


def test_exchange_when_a_proxy_is_set_up(
    exchange: InMemoryExchange, credentials: Credentials, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    A node on this machine is reached directly, whatever proxy the machine uses.
    """
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    with Exchange(credentials, retries=QUICK) as client:
        assert client.changes(after=0).head == 0
    assert len(exchange.requests) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"node": "node.example"},
        {"node": "ftp://node.example"},
        {"node": "http://"},
        {"node": "http://[::1"},
        {"node": "https://node.example/?x=1"},
        {"key": ""},
        {"key": "two words"},
        {"key": "line\nbreak"},
        {"key": "clé"},
    ],
)
def test_exchange_when_the_credentials_are_damaged(
    exchange: InMemoryExchange, change: dict[str, str]
) -> None:
    """
    An address or key that cannot work is refused before anything is sent.
    """
    damaged = msgspec.structs.replace(exchange.credentials, **change)
    with pytest.raises(ExchangeError, match="credentials"):
        Exchange(damaged)
