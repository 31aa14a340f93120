"""
Hashes from a node that would match pictures that are not alike: spec/pdq.md §7.
"""

import logging
import random

import msgspec
import pytest

from tegenbeeld.kit import Matcher, PdqHash, Store, sync
from tegenbeeld.kit.testing import InMemoryExchange

GOOD = "f8f8f0cce0f4e84d0e370a22028f67f0b36e2ed596623e1d33e6b39c4e9c9b22"
BLACK = "0" * 64
WHITE = "f" * 64


def with_ones(ones: int) -> str:
    """
    A hash with so many ones.
    """
    return f"{(1 << ones) - 1:064x}"


@pytest.mark.parametrize(
    ("ones", "listed"), [(0, 0), (31, 0), (32, 1), (128, 1), (224, 1), (225, 0), (256, 0)]
)
def test_sync_when_a_hash_has_so_many_ones(
    store: Store, exchange: InMemoryExchange, ones: int, listed: int
) -> None:
    """
    Fewer than 32 ones or more than 224 are refused, and nothing in between is.
    """
    exchange.add(with_ones(ones))
    with exchange.client() as client:
        report = sync(store, client)
    assert (report.added, report.listed, report.refused) == (listed, listed, 1 - listed)


def test_sync_when_some_are_degenerate_loses_nothing_else(
    store: Store, exchange: InMemoryExchange, caplog: pytest.LogCaptureFixture
) -> None:
    """
    The others are listed and matched, the cursor goes on, all is acknowledged, one line says so.
    """
    for number in range(1200):
        exchange.add(BLACK if number == 5 else random.Random(number).randbytes(32).hex())
    exchange.add(WHITE)
    last = exchange.add(GOOD)
    with exchange.client() as client, caplog.at_level(logging.WARNING):
        report = sync(store, client)
        again = sync(store, client)
    assert report == (1200, 0, 1202, 1200, 2)
    assert again == (0, 0, 1202, 1200, 0)
    assert exchange.acknowledgements[-1] == store.acknowledged == 1202
    (line,) = [record.getMessage() for record in caplog.records]
    assert "2 entries" in line
    assert BLACK[:16] not in line
    assert WHITE[:16] not in line
    matcher = Matcher(store)
    assert [match.id for match in matcher.match_hash(PdqHash.from_hex(GOOD))] == [last]
    # Just within the bounds, and near enough to the refused ones to match them.
    for ones in (32, 224):
        near = PdqHash.from_hex(with_ones(ones))
        assert matcher.match_hash(near) == []


def test_sync_when_a_listed_entry_becomes_degenerate(
    store: Store, exchange: InMemoryExchange
) -> None:
    """
    Told anew with a degenerate hash, the entry is off the list: its old hash is no longer it.
    """
    exchange.add(GOOD)
    with exchange.client() as client:
        first = client.changes(after=0)
    store.apply(first)
    worse = msgspec.structs.replace(first.changes[0], seq=2, hash=BLACK)
    applied = store.apply(msgspec.structs.replace(first, changes=[worse], next=2, head=2))
    assert applied == (0, 1, 1)
    assert (store.cursor, store.listed) == (2, 0)
    assert Matcher(store).match_hash(PdqHash.from_hex(GOOD)) == []


def test_withdraw_when_it_was_never_listed(store: Store, exchange: InMemoryExchange) -> None:
    """
    The withdrawal of a refused entry is taken in like any other.
    """
    entry = exchange.add(BLACK)
    with exchange.client() as client:
        assert sync(store, client).refused == 1
        exchange.withdraw(entry)
        assert sync(store, client) == (0, 0, 2, 0, 0)
    assert store.acknowledged == 2


def test_apply_when_a_video_has_an_md5_of_zeros(store: Store, exchange: InMemoryExchange) -> None:
    """
    The rule is about pictures: any MD5 is as good as another.
    """
    exchange.add("0" * 32)
    with exchange.client() as client:
        report = sync(store, client)
    assert (report.added, report.refused) == (1, 0)
