"""
A sync that is killed, or whose last word is lost, at each step.
"""

import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tegenbeeld.errors import ExchangeError, NodeUnavailable
from tegenbeeld.kit import Matcher, PdqHash, Store, sync
from tegenbeeld.kit.testing import InMemoryExchange, served
from tegenbeeld.wire.native import Change, ChangeKind

APPLIED_THEN_KILLED = """
import os, signal, sys
from tegenbeeld.kit import Exchange, Store
store = Store(sys.argv[1])
exchange = Exchange(store.credentials())
store.apply(exchange.changes(after=store.cursor))
os.kill(os.getpid(), signal.SIGKILL)
"""

SYNC_IN_SMALL_PAGES = """
import sys
from tegenbeeld.kit import Exchange, Store
store = Store(sys.argv[1])
exchange = Exchange(store.credentials())
print("started", flush=True)
while True:
    page = exchange.changes(after=store.cursor, limit=3)
    store.apply(page)
    exchange.acknowledge(through=store.cursor)
    store.record_acknowledged(store.cursor)
    if not page.more:
        break
"""


SYNC_COMMAND = "import sys; from tegenbeeld.cli import main; main(['sync', '--store', sys.argv[1]])"


def hash_text(number: int) -> str:
    """
    Another hash for each number.
    """
    return random.Random(number).randbytes(32).hex()


def start(program: str, folder: Path) -> "subprocess.Popen[bytes]":
    """
    Run *program* in a process of its own.
    """
    return subprocess.Popen(
        [sys.executable, "-c", program, str(folder)],
        stdout=subprocess.PIPE,
        env={"PYTHONPATH": ":".join(sys.path)},
    )


def test_sync_when_killed_between_applying_and_acknowledging(
    store: Store, exchange: InMemoryExchange
) -> None:
    """
    What was applied is on the disk, and the next sync tells the node of it.
    """
    exchange.add(hash_text(1))
    exchange.add(hash_text(2))
    with served(exchange) as credentials:
        store.save_credentials(credentials)
        process = start(APPLIED_THEN_KILLED, store.folder)
        process.communicate()
        assert process.returncode == -9
    assert (store.cursor, store.acknowledged, store.listed) == (2, 0, 2)
    assert exchange.acknowledgements == []
    with exchange.client() as client:
        report = sync(store, client)
    assert (report.added, report.cursor) == (0, 2)
    assert exchange.acknowledgements == [2]
    assert store.acknowledged == 2


def test_sync_when_killed_at_any_moment(store: Store, exchange: InMemoryExchange) -> None:
    """
    Killed again and again, the list is after each time that of its cursor, and at the end whole.
    """
    entries = [exchange.add(hash_text(number)) for number in range(200)]
    for entry in entries[::2]:
        exchange.withdraw(entry)
    moments = random.Random(7)
    with served(exchange) as credentials:
        store.save_credentials(credentials)
        for _ in range(8):
            process = start(SYNC_IN_SMALL_PAGES, store.folder)
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(moments.uniform(0, 0.15))
            process.kill()
            process.communicate()
            cursor = store.cursor
            # Until 200 each change adds one; half of those are no longer listed and so have no
            # hash; what follows takes off what was never added.
            assert store.listed == min(cursor, 200) // 2
            assert store.acknowledged <= max(exchange.acknowledgements, default=0) <= cursor
    with exchange.client() as client:
        sync(store, client)
    assert (store.cursor, store.listed, store.acknowledged) == (300, 100, 300)
    assert max(exchange.acknowledgements) == 300


def test_sync_command_when_killed_at_any_moment(store: Store, exchange: InMemoryExchange) -> None:
    """
    Killed while it fetches, writes or makes the index: the list opens as its cursor says.
    """
    entries = [exchange.add(hash_text(number)) for number in range(4000)]
    for entry in entries[::3]:
        exchange.withdraw(entry)
    expected = listed_after(exchange)
    moments = random.Random(11)
    reached = set()
    with served(exchange) as credentials:
        store.save_credentials(credentials)
        store.close()
        for _ in range(10):
            process = start(SYNC_COMMAND, store.folder)
            wait_for_requests(exchange, process, count=moments.randint(1, 4))
            time.sleep(moments.uniform(0, 0.03))
            process.kill()
            process.communicate()
            with Store(store.folder) as again:
                listed = {entry.id: entry.hash for entry in again.read().entries}
                assert listed == expected(again.cursor)
                assert again.listed == len(listed)
                assert again.acknowledged <= again.cursor
                check_matches(again, listed)
                reached.add(again.cursor)
    assert len(reached) > 1, "every kill came at the same place"
    with Store(store.folder) as again, exchange.client() as client:
        sync(again, client)
        assert {entry.id for entry in again.read().entries} == set(entries) - set(entries[::3])
        assert again.acknowledged == again.cursor == 4000 + len(entries[::3])
        check_matches(again, {entry.id: entry.hash for entry in again.read().entries})


def wait_for_requests(
    exchange: InMemoryExchange, process: "subprocess.Popen[bytes]", *, count: int
) -> None:
    """
    Wait until the process has asked so often, or has ended. So the kill comes while it works.
    """
    before = len(exchange.requests)
    while len(exchange.requests) < before + count and process.poll() is None:
        time.sleep(0.001)


def listed_after(exchange: InMemoryExchange) -> Callable[[int], dict[str, bytes]]:
    """
    Work out by other means what is on the list after each place in the log.
    """
    changes: list[Change] = []
    with exchange.client() as client:
        while (found := client.changes(after=len(changes))).changes:
            changes += found.changes

    def expected(cursor: int) -> dict[str, bytes]:
        listed: dict[str, bytes] = {}
        for change in changes[:cursor]:
            listed.pop(change.id, None)
            if change.kind is ChangeKind.ADD and change.hash is not None:
                listed[change.id] = bytes.fromhex(change.hash)
        return listed

    return expected


def check_matches(store: Store, listed: dict[str, bytes]) -> None:
    """
    Some of the listed hashes match, and some that are not listed do not.
    """
    matcher = Matcher(store)
    for id_, hash_ in list(listed.items())[::97]:
        assert [match.id for match in matcher.match_hash(PdqHash(hash_))] == [id_]
    for number in range(0, 4000, 3 * 97):
        assert matcher.match_hash(PdqHash.from_hex(hash_text(number))) == []


def test_sync_when_the_acknowledgement_cannot_be_sent(
    store: Store, exchange: InMemoryExchange
) -> None:
    """
    The list is kept, and the next sync acknowledges it although there is no news.
    """
    exchange.add(hash_text(1))
    exchange.fail(on="/acknowledgements", times=3)
    with exchange.client() as client:
        with pytest.raises(NodeUnavailable):
            sync(store, client)
        assert (store.listed, store.acknowledged) == (1, 0)
        sync(store, client)
    assert exchange.acknowledgements == [1]


def test_sync_when_only_the_answer_is_lost(store: Store, exchange: InMemoryExchange) -> None:
    """
    A node that heard the acknowledgement but whose answer was lost hears it once more.
    """
    exchange.add(hash_text(1))
    exchange.fail(on="/acknowledgements", status=0, is_lost_after=True)
    with exchange.client() as client:
        sync(store, client)
    assert exchange.acknowledgements == [1, 1]
    assert store.acknowledged == 1


def test_sync_when_the_node_was_set_back(store: Store, exchange: InMemoryExchange) -> None:
    """
    A node restored from an older backup changes nothing here, and is named as the cause.
    """
    for number in range(4):
        exchange.add(hash_text(number))
    with exchange.client() as client:
        sync(store, client)
        exchange.set_back(2)
        with pytest.raises(ExchangeError, match="set back"):
            sync(store, client)
    assert (store.cursor, store.listed) == (4, 4)


def test_sync_when_the_node_goes_away_halfway(store: Store, exchange: InMemoryExchange) -> None:
    """
    Pages that came before the failure are kept, and the next sync carries on from there.
    """
    for number in range(1500):
        exchange.add(hash_text(number))
    with exchange.client() as client:
        store.apply(client.changes(after=0))
        exchange.fail(on="/changes", times=3)
        with pytest.raises(NodeUnavailable):
            sync(store, client)
        assert (store.cursor, store.acknowledged) == (1000, 1000)
        assert sync(store, client).added == 500
