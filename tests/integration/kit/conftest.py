"""
Exchanges, stores and pictures for the tests of the kit.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

import httpx2
import msgspec
import pytest

from tegenbeeld.kit import Credentials, Exchange, Store
from tegenbeeld.kit.testing import QUICK, InMemoryExchange, served
from tegenbeeld.wire.native import SignalType
from testing.running_node import RemotePerson, RunningNode, wait_until


class ExchangeEndpoint(Protocol):
    """
    An exchange as the scenarios of `test_sync_scenarios.py` see it, in memory or real.

    They name entries by hash, because ids differ from partner to partner.
    """

    def client(self, *, key: str | None = None) -> Exchange:
        """
        A kit client with the partner's credentials, or with another key in them.

        Whoever makes the endpoint closes its clients.
        """

    def add(self, hash_: str, *, frames: str | None = None) -> None:
        """
        List a hash, so that the next sync sees it; with *frames* that of a video.
        """

    def withdraw(self, hash_: str) -> None:
        """
        Take it off the list, so that the next sync sees that.
        """

    def has_confirmed(self, hash_: str) -> bool:
        """
        Whether this partner has acknowledged what happened to it last.
        """

    def feedback(self, hash_: str) -> str | None:
        """
        What this partner said of it last.
        """


class _Clients:
    """
    Makes the clients of an endpoint, and closes them.
    """

    def __init__(
        self, credentials: Credentials, transport: httpx2.BaseTransport | None = None
    ) -> None:
        self._credentials = credentials
        self._transport = transport
        self.opened = ExitStack()

    def client(self, *, key: str | None = None) -> Exchange:
        """
        A client, with another key if one is given.
        """
        credentials = msgspec.structs.replace(self._credentials, key=key or self._credentials.key)
        client = Exchange(credentials, retries=QUICK, transport=self._transport)
        return self.opened.enter_context(client)


class InMemoryEndpoint(_Clients):
    """
    The kit's own exchange for tests.
    """

    def __init__(
        self,
        exchange: InMemoryExchange,
        credentials: Credentials,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        super().__init__(credentials, transport)
        self._exchange = exchange
        self._ids: dict[str, str] = {}
        self._changed_at: dict[str, int] = {}
        self._changes = 0

    def add(self, hash_: str, *, frames: str | None = None) -> None:
        """
        List it and remember its id.
        """
        self._ids[hash_] = self._exchange.add(hash_, frames=frames)
        self._note(hash_)

    def withdraw(self, hash_: str) -> None:
        """
        Take it off the list.
        """
        self._exchange.withdraw(self._ids[hash_])
        self._note(hash_)

    def has_confirmed(self, hash_: str) -> bool:
        """
        Compare its last change with the highest acknowledgement.
        """
        return max(self._exchange.acknowledgements, default=0) >= self._changed_at[hash_]

    def feedback(self, hash_: str) -> str | None:
        """
        The last word on it.
        """
        said = [item.value for item in self._exchange.feedback if item.id == self._ids[hash_]]
        return said[-1] if said else None

    def _note(self, hash_: str) -> None:
        self._changes += 1
        self._changed_at[hash_] = self._changes


class NodeEndpoint(_Clients):
    """
    A running node, changed and looked at as the people who use it do.
    """

    def __init__(self, node: RunningNode, name: str) -> None:
        super().__init__(node.add_partner(name))
        self._node = node
        self._name = name
        self._people: dict[str, RemotePerson] = {}

    def add(self, hash_: str, *, frames: str | None = None) -> None:
        """
        Let a person protect it, and wait until it is in the log.
        """
        person = self._people[hash_] = RemotePerson(self._node)
        item = person.protection(0, hash_)
        if frames is not None:
            del item["quality"]
            item |= {"signal_type": SignalType.VPDQ, "frames": frames}
        self._change(lambda: person.post("protect", {"protections": [item]}))

    def withdraw(self, hash_: str) -> None:
        """
        Let her withdraw it, and wait until that is in the log.
        """
        self._change(lambda: self._people[hash_].withdraw(0))

    def has_confirmed(self, hash_: str) -> bool:
        """
        Look with her code whether the platform's date is there.
        """
        is_withdrawn = self._people[hash_].read()[0]["state"] == "withdrawn"
        date = "withdrawal_confirmed_on" if is_withdrawn else "listed_on"
        return self._platform(hash_)[date] is not None

    def feedback(self, hash_: str) -> str | None:
        """
        Look with her code what the platform said.
        """
        return self._platform(hash_)["finding"]

    def _platform(self, hash_: str) -> dict[str, str | None]:
        platforms = self._people[hash_].read()[0]["platforms"]
        found: dict[str, str | None] = next(
            item for item in platforms if item["name"] == self._name
        )
        return found

    def _change(self, move: Callable[[], httpx2.Response]) -> None:
        client = self.client()
        before = client.changes(after=0).head
        assert move().status_code == 200
        wait_until(lambda: client.changes(after=0).head > before)


@pytest.fixture
def exchange() -> InMemoryExchange:
    """
    An empty exchange in memory.
    """
    return InMemoryExchange()


@pytest.fixture(scope="session")
def scenario_node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningNode]:
    """
    One node for all scenarios; each of them is a new partner of it.
    """
    node = RunningNode(tmp_path_factory.mktemp("scenarios") / "node")
    node.start()
    yield node
    node.stop()


@pytest.fixture(
    params=["in memory", "over a socket", pytest.param("a node", marks=pytest.mark.service)]
)
def exchange_endpoint(
    request: pytest.FixtureRequest, exchange: InMemoryExchange
) -> Iterator[ExchangeEndpoint]:
    """
    Each kind of exchange in turn.
    """
    with ExitStack() as closing:
        endpoint: InMemoryEndpoint | NodeEndpoint
        if request.param == "in memory":
            endpoint = InMemoryEndpoint(exchange, exchange.credentials, exchange.transport())
        elif request.param == "over a socket":
            endpoint = InMemoryEndpoint(exchange, closing.enter_context(served(exchange)))
        else:
            node = request.getfixturevalue("scenario_node")
            endpoint = NodeEndpoint(node, request.node.name)
        closing.enter_context(endpoint.opened)
        yield endpoint


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """
    A new store in `tmp_path / "list"`.
    """
    with Store.create(tmp_path / "list") as made:
        yield made
