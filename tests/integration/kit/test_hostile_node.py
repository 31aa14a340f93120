"""
A node that is broken, or means harm: the kit ends in time, says why, and keeps the list it had.
"""

import gzip
import re
import socket
import ssl
import time
from datetime import timedelta
from itertools import count
from pathlib import Path

import httpx2
import pytest

from tegenbeeld.errors import ExchangeError, NodeUnavailable, WireError
from tegenbeeld.kit import Exchange, Store, sync
from tegenbeeld.kit import exchange as exchange_module
from tegenbeeld.kit.retries import Retries
from tegenbeeld.kit.testing import QUICK
from testing.hostile_node import (
    KEY,
    Behaviour,
    answer,
    change,
    hostile_node,
    own_certificate,
    page,
    saying,
)

ONCE = Retries(attempts=1)
LIMIT = timedelta(seconds=0.6)
EMPTY = page([], next_=0, head=0, more=False)
DEEP = b"[" * 100_000


def drip(connection: socket.socket, start: bytes, piece: bytes) -> None:
    """
    Send *start*, and then *piece* every now and then until the other side hangs up.
    """
    connection.sendall(start)
    while True:
        time.sleep(0.05)
        connection.sendall(piece)


def saying_page(whole: bytes) -> Behaviour:
    """
    Give the same page to each look, and take every acknowledgement.
    """

    def behave(connection: socket.socket, request: str) -> None:
        is_look = request.startswith("GET")
        connection.sendall(whole if is_look else answer(b'{"through": 1}'))

    return behave


@pytest.mark.parametrize(
    ("start", "piece"),
    [
        pytest.param(b"HTT", b"P", id="status line"),
        pytest.param(b"HTTP/1.1 200 OK\r\n", b"A: b\r\n", id="headers"),
        pytest.param(b"", b"HTTP/1.1 100 Continue\r\n\r\n", id="never more than continue"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n", b" ", id="body"),
        pytest.param(b"HTTP/1.1 200 OK\r\n\r\n" + EMPTY, b" ", id="body that looks whole"),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n", id="chunks"
        ),
        pytest.param(b"HTTP/1.1 500 No\r\nContent-Length: 9999\r\n\r\n", b" ", id="refusal"),
    ],
)
def test_changes_when_the_answer_drips_for_ever(
    monkeypatch: pytest.MonkeyPatch, start: bytes, piece: bytes
) -> None:
    """
    The whole exchange is bounded, from before the first header; the message says so.
    """
    monkeypatch.setattr(exchange_module, "ANSWER_TIME", LIMIT)
    began = time.monotonic()
    with (
        hostile_node(lambda connection, _request: drip(connection, start, piece)) as credentials,
        Exchange(credentials, retries=ONCE) as client,
        pytest.raises(NodeUnavailable, match=r"more than 0\.6 seconds"),
    ):
        client.changes(after=0)
    assert 0.5 < time.monotonic() - began < 5


def test_changes_when_only_the_first_answer_drips(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    An answer that was cut off is asked for again.
    """
    monkeypatch.setattr(exchange_module, "ANSWER_TIME", LIMIT)
    numbers = count()

    def behave(connection: socket.socket, _request: str) -> None:
        if next(numbers) == 0:
            drip(connection, b"HTTP/1.1 200 OK\r\n", b"A: b\r\n")
        connection.sendall(answer(EMPTY))

    with hostile_node(behave) as credentials, Exchange(credentials, retries=QUICK) as client:
        assert client.changes(after=0).head == 0


def test_changes_when_the_headers_never_end() -> None:
    """
    Headers that come fast fill no memory.
    """

    def behave(connection: socket.socket, _request: str) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        while True:
            connection.sendall(b"A: b\r\n" * 1000)

    with (
        hostile_node(behave) as credentials,
        Exchange(credentials, retries=ONCE) as client,
        pytest.raises(NodeUnavailable, match="does not answer"),
    ):
        client.changes(after=0)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(page([], next_=0, head=5, more=True), id="more, yet nothing"),
        pytest.param(page([], next_=0, head=10**30, more=True), id="endless, yet nothing"),
        pytest.param(page([change(2)], next_=2, head=2, more=False), id="jump at the start"),
        pytest.param(
            page([change(1), change(3)], next_=3, head=3, more=False), id="jump in the middle"
        ),
        pytest.param(
            page([change(10**30)], next_=10**30, head=10**30, more=False), id="huge place"
        ),
        pytest.param(page([change(1)], next_=2**64, head=2**64, more=False), id="huge next"),
        pytest.param(b'{"changes":[],"next":1e999,"head":0,"more":false}', id="beyond floats"),
        pytest.param(b'{"changes":[],"next":NaN,"head":0,"more":false}', id="not a number"),
        pytest.param(page([change(1, seq=True)], next_=1, head=1, more=False), id="true for one"),
        pytest.param(page([change(1, seq="1")], next_=1, head=1, more=False), id="text for one"),
        pytest.param(page([change(1, id=7)], next_=1, head=1, more=False), id="number for id"),
        pytest.param(page([change(1, id="../x")], next_=1, head=1, more=False), id="path for id"),
        pytest.param(
            page([change(1, hash="5a" * 31)], next_=1, head=1, more=False), id="short hash"
        ),
        pytest.param(
            page([change(1, hash="5a" * 16)], next_=1, head=1, more=False), id="hash of a video"
        ),
        pytest.param(page([change(1, hash="5A" * 32)], next_=1, head=1, more=False), id="capitals"),
        pytest.param(
            page([change(1, hash="5a" * 32 + "\n")], next_=1, head=1, more=False), id="line end"
        ),
        pytest.param(page([change(1, kind="erase")], next_=1, head=1, more=False), id="new kind"),
        pytest.param(
            page([change(1, quality=10**30)], next_=1, head=1, more=False), id="huge quality"
        ),
        pytest.param(page([None], next_=1, head=1, more=False), id="null for a change"),
        pytest.param(page({}, next_=0, head=0, more=False), id="object for a list"),
        pytest.param(page([], next_=0, head=0, more="no"), id="text for no"),
        pytest.param(
            page([change(seq) for seq in range(1, 1002)], next_=1001, head=1001, more=False),
            id="longer than a page",
        ),
        pytest.param(DEEP, id="deep"),
        pytest.param(b'{"changes":' + DEEP, id="deep inside"),
        pytest.param(b'{"x":' * 100_000, id="deep objects"),
        pytest.param(EMPTY[:-1], id="cut off"),
        pytest.param(EMPTY + EMPTY, id="two at once"),
        pytest.param(b"\x00" * 100, id="zeros"),
    ],
)
def test_sync_when_the_page_is_bad(store: Store, body: bytes) -> None:
    """
    Nothing of a page that breaks the contract is used, and nothing is acknowledged.
    """
    with (
        hostile_node(saying(answer(body))) as credentials,
        Exchange(credentials, retries=ONCE) as client,
        pytest.raises(WireError) as told,
    ):
        sync(store, client)
    assert (store.cursor, store.listed, store.acknowledged) == (0, 0, 0)
    # Whoever reads it can read it to the end, and no hash ends up in a log.
    assert len(told.value.message) < 400
    assert "5a5a5a5a" not in told.value.message.lower()


def test_sync_when_the_same_page_comes_for_ever(store: Store) -> None:
    """
    A node that does not move on is refused at its second page; the first one is kept.
    """
    same = answer(page([change(1)], next_=1, head=100, more=True))
    with (
        hostile_node(saying_page(same)) as credentials,
        Exchange(credentials, retries=ONCE) as client,
        pytest.raises(WireError, match="jumps from change 1 to 1"),
    ):
        sync(store, client)
    assert (store.cursor, store.listed, store.acknowledged) == (1, 1, 1)


def test_sync_when_the_list_grows_while_it_is_read(store: Store) -> None:
    """
    A head that always runs ahead is followed page by page; each is kept and acknowledged.
    """
    told: list[int] = []

    def behave(connection: socket.socket, request: str) -> None:
        asked = re.search(r"after=(\d+)", request)
        if asked is None:
            told.append(1)
            connection.sendall(answer(b'{"through": 0}'))
            return
        after = int(asked[1])
        more = after < 39
        head = after + 1 + (10**30 if more else 0)
        connection.sendall(answer(page([change(after + 1)], next_=after + 1, head=head, more=more)))

    with hostile_node(behave) as credentials, Exchange(credentials, retries=ONCE) as client:
        assert sync(store, client).added == 40
    assert (store.cursor, store.acknowledged, len(told)) == (40, 40, 40)


def test_sync_when_the_acknowledgement_is_answered_with_nonsense(store: Store) -> None:
    """
    The page stays; it is acknowledged again the next time.
    """

    def behave(connection: socket.socket, request: str) -> None:
        is_look = request.startswith("GET")
        whole = page([change(1)], next_=1, head=1, more=False)
        connection.sendall(answer(whole if is_look else DEEP))

    with (
        hostile_node(behave) as credentials,
        Exchange(credentials, retries=ONCE) as client,
        pytest.raises(WireError),
    ):
        sync(store, client)
    assert (store.cursor, store.listed, store.acknowledged) == (1, 1, 0)


@pytest.mark.parametrize("asked", ["1000000", "999999", "9" * 400, "-5", "1e9", "٣", "soon", ""])
def test_changes_when_told_to_wait_for_days(asked: str) -> None:
    """
    No wait is longer than the kit's own longest one.
    """
    busy = answer(b"", status="503 Busy", headers=f"Retry-After: {asked}\r\n")
    began = time.monotonic()
    with (
        hostile_node(saying(busy)) as credentials,
        Exchange(credentials, retries=QUICK) as client,
        pytest.raises(NodeUnavailable, match="503"),
    ):
        client.changes(after=0)
    assert time.monotonic() - began < 3


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Same", "308 Same"])
def test_changes_when_sent_elsewhere(status: str) -> None:
    """
    The key goes to no address that nobody agreed to.
    """
    visits: list[str] = []

    def elsewhere(connection: socket.socket, request: str) -> None:
        visits.append(request)
        connection.sendall(answer(EMPTY))

    with hostile_node(elsewhere) as other:
        moved = answer(b"", status=status, headers=f"Location: {other.node}/api/v1/changes\r\n")
        with (
            hostile_node(saying(moved)) as credentials,
            Exchange(credentials, retries=ONCE) as client,
            pytest.raises(ExchangeError, match="another address") as told,
        ):
            client.changes(after=0)
    assert visits == []
    assert KEY not in told.value.message


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "gzip, gzip"])
@pytest.mark.parametrize("status", ["200 OK", "400 No"])
def test_changes_when_the_answer_is_a_bomb(coding: str, status: str) -> None:
    """
    A compressed answer is refused before it is unpacked.
    """
    bomb = gzip.compress(bytes(64 * 1024 * 1024))
    whole = answer(bomb, status=status, headers=f"Content-Encoding: {coding}\r\n")
    with (
        hostile_node(saying(whole)) as credentials,
        Exchange(credentials, retries=ONCE) as client,
        pytest.raises(WireError, match="compressed"),
    ):
        client.changes(after=0)


@pytest.mark.parametrize(
    "whole",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"SSH-2.0-OpenSSH_9\r\n", id="another protocol"),
        pytest.param(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nx", id="packed transfer"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", id="negative length"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{}", id="cut off"),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}", id="two lengths"
        ),
    ],
)
def test_changes_when_it_is_no_proper_http(whole: bytes) -> None:
    """
    What is no answer counts as none.
    """
    with (
        hostile_node(saying(whole)) as credentials,
        Exchange(credentials, retries=ONCE) as client,
        pytest.raises(NodeUnavailable, match="does not answer"),
    ):
        client.changes(after=0)


def test_changes_when_a_refusal_is_deep() -> None:
    """
    The reason of a refusal is read as carefully as a page.
    """
    with (
        hostile_node(saying(answer(DEEP, status="400 No"))) as credentials,
        Exchange(credentials, retries=ONCE) as client,
        pytest.raises(ExchangeError, match="refuses the request"),
    ):
        client.changes(after=0)


def test_changes_when_an_encrypted_answer_drips(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """
    The bound holds inside TLS as well.
    """
    monkeypatch.setattr(exchange_module, "ANSWER_TIME", LIMIT)
    certificate, key = own_certificate(tmp_path)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate, key)
    trusting = ssl.create_default_context(cafile=str(certificate))

    def behave(connection: socket.socket, _request: str) -> None:
        drip(connection, b"HTTP/1.1 200 OK\r\n", b"A: b\r\n")

    with (
        hostile_node(behave, tls=server) as credentials,
        Exchange(
            credentials, retries=ONCE, transport=httpx2.HTTPTransport(verify=trusting)
        ) as client,
        pytest.raises(NodeUnavailable, match=r"more than 0\.6 seconds"),
    ):
        client.changes(after=0)
