"""
Clients that follow the rules end with the true list, whatever happens in between.

Random traces of people who protect and withdraw, publications, erasures, and two partners who
read page by page and lose their place at any moment.
"""

import random
from datetime import timedelta
from typing import Any

import pytest

from tegenbeeld.server.actions import entries
from tegenbeeld.server.actions.publication import publish
from testing.partners import DAY, Partner
from testing.people import Person, random_hash

MOVES = 120


class StopnciiReader:
    """
    A client of `FetchHashes` that also acts on `Withdrawn`, and may crash between pages.
    """

    def __init__(self, partner: Partner, chance: random.Random) -> None:
        self.partner = partner
        self.listed: set[str] = set()
        self.checkpoint = 10
        self._chance = chance
        self._token: str | None = None
        self._start = 10

    def read_page(self) -> bool:
        """
        Read and store one page; whether there are more.
        """
        query: dict[str, Any] = {"pageSize": self._chance.randint(1, 4)}
        if self._token is not None:
            query["nextPageToken"] = self._token
        page = self.partner.fetch(self._start, **query)
        for record in page["hashRecords"]:
            if record["hashStatus"] == "Active":
                self.listed.add(record["hashValue"])
            else:
                self.listed.discard(record["hashValue"])
        assert page["nextSetTimestamp"] >= self.checkpoint
        self.checkpoint = page["nextSetTimestamp"]
        self._token = page["nextPageToken"]
        if not page["hasMoreRecords"]:
            self.crash()
        return bool(page["hasMoreRecords"])

    def crash(self) -> None:
        """
        Forget everything but what is stored: the list and the checkpoint.
        """
        self._token, self._start = None, self.checkpoint


class NativeReader:
    """
    A client of the native feed.
    """

    def __init__(self, partner: Partner, chance: random.Random) -> None:
        self.partner = partner
        self.cursor = 0
        self._by_id: dict[str, str] = {}
        self._chance = chance

    @property
    def listed(self) -> set[str]:
        """
        The hashes that it would match.
        """
        return set(self._by_id.values())

    def read_page(self) -> bool:
        """
        Read and store one page; whether there are more.
        """
        page = self.partner.changes(after=self.cursor, limit=self._chance.randint(1, 4))
        for change in page["changes"]:
            assert change["seq"] == self.cursor + 1
            self.cursor = change["seq"]
            if change["kind"] == "add" and change["hash"] is not None:
                self._by_id[change["id"]] = change["hash"]
            elif change["kind"] == "withdraw":
                self._by_id.pop(change["id"], None)
        return bool(page["more"])

    def crash(self) -> None:
        """
        Each page is stored with its cursor, so there is nothing to lose.
        """


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(25))
def test_readers_converge_to_the_true_list(seed: int) -> None:
    """
    After any trace, one complete reading gives every listed hash and no other.
    """
    chance = random.Random(seed)
    readers = [
        StopnciiReader(Partner("First"), chance),
        NativeReader(Partner("Second"), chance),
    ]
    texts = [random_hash() for _ in range(12)]
    holders: list[tuple[Person, str]] = []
    for _ in range(MOVES):
        match chance.choice(
            ["protect", "withdraw", "publish", "publish", "read", "crash", "erase"]
        ):
            case "protect":
                person, text = Person(), chance.choice(texts)
                person.protect(text)
                holders.append((person, text))
            case "withdraw" if holders:
                person, _ = holders.pop(chance.randrange(len(holders)))
                person.withdraw(0)
            case "publish":
                publish(on=DAY)
            case "read":
                chance.choice(readers).read_page()
            case "crash":
                chance.choice(readers).crash()
            case "erase" if chance.random() < 0.1:
                # Erasure waits until every reader has long been back: see the terms.
                _read_all(readers)
                entries.erase_withdrawn(today=DAY + timedelta(days=40))
    publish(on=DAY)
    _read_all(readers)
    expected = {text for _, text in holders}
    for reader in readers:
        assert reader.listed == expected


def _read_all(readers: list[Any]) -> None:
    for reader in readers:
        while reader.read_page():
            pass
        # Once more: a run that began before the last changes may end without them.
        while reader.read_page():
            pass
