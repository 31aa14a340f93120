"""
A running node, many people at once, and a power cut.
"""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import httpx2
import pytest

from tegenbeeld.wire import native
from testing.people import random_hash
from testing.running_node import RemotePerson, RunningNode, wait_until

pytestmark = pytest.mark.service

PEOPLE_AT_ONCE = 6


def read_log(node: RunningNode, credentials: native.Credentials) -> list[native.Change]:
    """
    The whole log, as one partner sees it.
    """
    response = httpx2.get(
        f"{node.url}/api/v1/changes", headers={"Authorization": f"Bearer {credentials.key}"}
    )
    return native.decode(response.content, native.ChangePage).changes


def test_log_has_no_gaps_when_many_come_at_once(running_node: RunningNode) -> None:
    """
    People who come at the same time leave no gaps, and each hash ends as its person left it.
    """
    credentials = running_node.add_partner("Platform A")

    def visit(number: int) -> tuple[str, bool]:
        person, text = RemotePerson(running_node), random_hash()
        assert person.protect(text).status_code == 200
        withdraws = number % 3 == 0
        if withdraws:
            assert person.withdraw(0).status_code == 200
        return text, withdraws

    with ThreadPoolExecutor(PEOPLE_AT_ONCE) as pool:
        visits = list(pool.map(visit, range(60)))
    staying = {text for text, withdraws in visits if not withdraws}

    def listed() -> set[str]:
        changes = read_log(running_node, credentials)
        assert [change.seq for change in changes] == list(range(1, len(changes) + 1))
        return {c.hash for c in changes if c.hash and c.provenance is native.Provenance.SELF}

    # What was withdrawn right after a publication leaves the list with the next.
    wait_until(lambda: listed() == staying)


def test_nothing_acknowledged_is_lost_when_the_power_goes(running_node: RunningNode) -> None:
    """
    Whatever the node said yes to before a kill is there after the restart, whole.
    """
    stopped = Event()
    acknowledged: list[RemotePerson] = []

    def keep_protecting(_worker: int) -> None:
        while not stopped.is_set():
            person = RemotePerson(running_node)
            try:
                response = person.protect(random_hash(), random_hash())
            except httpx2.TransportError:
                return
            if response.status_code == httpx2.codes.OK:
                acknowledged.append(person)

    with ThreadPoolExecutor(PEOPLE_AT_ONCE) as pool:
        workers = pool.map(keep_protecting, range(PEOPLE_AT_ONCE))
        wait_until(lambda: len(acknowledged) >= 20)
        running_node.kill()
        stopped.set()
        list(workers)
    running_node.start()
    for person in acknowledged:
        states = {slot["state"] for slot in person.read()[:2]}
        assert states <= {"received", "listed"}
