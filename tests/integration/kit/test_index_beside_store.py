"""
The index beside a store: written, read by others, damaged, and cut off at any moment.

Whatever happens to its files, a matcher gives the answers of the list.
"""

import errno
import random
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tegenbeeld import pdq
from tegenbeeld.errors import StoreError
from tegenbeeld.kit import Entry, Matcher, SignalType, Store, index_keeper, sync
from tegenbeeld.kit.index_keeper import FORGOTTEN_WITHIN_S, IndexKeeper
from tegenbeeld.kit.testing import InMemoryExchange, served
from tegenbeeld.pdq.index import HashIndex

SYNC_AND_KEEP = """
import sys, time
from tegenbeeld.kit import Exchange, Store, index_keeper, sync
index_keeper.SMALL = int(sys.argv[2])
index_keeper.CHANGES_IN_MEMORY = 10
store = Store(sys.argv[1])
exchange = Exchange(store.credentials())
print("started", flush=True)
keeper = index_keeper.IndexKeeper(store)
while True:
    page = exchange.changes(after=store.cursor, limit=7)
    store.apply(page)
    keeper.keep(at=time.time())
    if not page.more:
        break
"""


def hash_text(number: int) -> str:
    """
    Another hash for each number; those of one hundred are near to each other.
    """
    base = int(random.Random(number // 100).randbytes(32).hex(), 16)
    for bit in random.Random(number).sample(range(256), 12):
        base ^= 1 << bit
    return f"{base:064x}"


def check(store: Store, matcher: Matcher, *, numbers: range = range(0, 300, 7)) -> None:
    """
    Compare every answer with the list itself, looked through one by one.
    """
    entries = [entry for entry in store.read().entries if entry.signal_type is SignalType.PDQ]
    words = pdq.pack(pdq.PdqHash(entry.hash) for entry in entries)
    for number in numbers:
        hash_ = pdq.PdqHash.from_hex(hash_text(number))
        rows, distances = pdq.scan(pdq.pack([hash_])[0], words)
        pairs = zip(rows.tolist(), distances.tolist(), strict=True)
        expected = sorted((distance, entries[row].id) for row, distance in pairs)
        found = [(match.distance, match.id) for match in matcher.match_hash(hash_)]
        assert found == expected


def folder(store: Store) -> Path:
    """
    Where the index in use lies.
    """
    return store.index_folder / store.progress().index_name


@pytest.fixture
def filled(store: Store, exchange: InMemoryExchange) -> Store:
    """
    A store with 150 entries and an index on the disk.
    """
    for number in range(150):
        exchange.add(hash_text(number))
    with exchange.client() as client:
        sync(store, client)
    assert store.progress().index_cursor == 150
    return store


@pytest.fixture
def _large(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Treat every list as too large to be made anew at each withdrawal.
    """
    monkeypatch.setattr(index_keeper, "SMALL", 0)


def test_sync_when_little_has_changed(filled: Store, exchange: InMemoryExchange) -> None:
    """
    A few additions stay in the memory of matchers; after a while they are written.
    """
    exchange.add(hash_text(151))
    with exchange.client() as client:
        sync(filled, client)
    assert filled.progress().index_cursor == 150
    check(filled, Matcher(filled))
    keeper = IndexKeeper(filled)
    assert not keeper.is_due(at=time.time())
    assert keeper.is_due(at=time.time() + 301)
    keeper.keep(at=time.time())
    assert filled.progress().index_cursor == 151
    assert not keeper.is_due(at=time.time() + 301)
    check(filled, Matcher(filled))


def test_keep_when_withdrawn_from_a_short_list(filled: Store, exchange: InMemoryExchange) -> None:
    """
    A short index is made anew at once, and the old files are gone.
    """
    before = folder(filled)
    exchange.withdraw(f"{3:032x}")
    with exchange.client() as client:
        sync(filled, client)
    assert folder(filled) != before
    assert [path.name for path in filled.index_folder.iterdir()] == [folder(filled).name]
    check(filled, Matcher(filled))


@pytest.mark.usefixtures("_large")
def test_keep_when_withdrawn_from_a_long_list(filled: Store, exchange: InMemoryExchange) -> None:
    """
    A long index only marks what was withdrawn, and is made anew within a day.
    """
    before, now = folder(filled), time.time()
    for number in range(1, 20):
        exchange.withdraw(f"{number:032x}")
    with exchange.client() as client:
        sync(filled, client)
    keeper = IndexKeeper(filled)
    keeper.keep(at=now)
    assert folder(filled) == before
    assert filled.progress().index_withdrawn == 19
    assert filled.progress().waiting_withdrawn == 0
    check(filled, Matcher(filled))
    assert not keeper.is_due(at=now + FORGOTTEN_WITHIN_S / 2)
    assert keeper.is_due(at=now + FORGOTTEN_WITHIN_S + 1)
    keeper.keep(at=now + FORGOTTEN_WITHIN_S + 1)
    assert folder(filled) != before
    assert filled.progress().index_withdrawn == 0
    check(filled, Matcher(filled))


@pytest.mark.parametrize("small", [0, 1000])
def test_matcher_when_the_index_is_written_meanwhile(
    filled: Store, exchange: InMemoryExchange, monkeypatch: pytest.MonkeyPatch, small: int
) -> None:
    """
    Readers in this and another store follow additions and withdrawals across every write.
    """
    monkeypatch.setattr(index_keeper, "SMALL", small)
    monkeypatch.setattr(index_keeper, "CHANGES_IN_MEMORY", 5)
    moves = random.Random(3)
    with Store(filled.folder) as other, exchange.client() as client:
        mine, theirs = Matcher(filled), Matcher(other)
        for step in range(12):
            for _ in range(moves.randrange(1, 9)):
                number = moves.randrange(300)
                if moves.random() < 0.5:
                    exchange.add(hash_text(number))
                else:
                    exchange.withdraw(f"{1 + number % 150:032x}")
            sync(filled, client)
            check(filled, mine)
            if step % 3 == 0:
                # Has missed some of the writes, and of what was forgotten with them.
                check(other, theirs)


def test_matcher_when_searched_while_it_catches_up(
    filled: Store, exchange: InMemoryExchange
) -> None:
    """
    An entry that stays listed is found at every moment, whatever else comes and goes.
    """
    matcher = Matcher(filled, follows=False)
    hash_ = pdq.PdqHash.from_hex(hash_text(0))
    missed: list[int] = []
    is_over = threading.Event()

    def search() -> None:
        count = 0
        while not is_over.is_set():
            count += 1
            if f"{1:032x}" not in [match.id for match in matcher.match_hash(hash_)]:
                missed.append(count)

    searching = threading.Thread(target=search)
    searching.start()
    with exchange.client() as client:
        for number in range(2, 60):
            exchange.withdraw(f"{number:032x}")
            exchange.add(hash_text(number + 200))
            sync(filled, client)
            matcher.catch_up()
    is_over.set()
    searching.join()
    assert missed == []


def _cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def _emptied(path: Path) -> None:
    path.write_bytes(b"")


def _changed(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("damage", [_cut_off, _emptied, Path.unlink])
def test_open_when_a_file_of_the_index_is_damaged(
    filled: Store,
    exchange: InMemoryExchange,
    caplog: pytest.LogCaptureFixture,
    damage: Callable[[Path], None],
) -> None:
    """
    Each file in turn: the answers stay right, one line says so, and the next sync repairs it.
    """
    names = sorted(path.name for path in folder(filled).iterdir())
    for number, name in enumerate(names):
        path = folder(filled) / name
        if not path.exists() or (not path.stat().st_size and damage is not Path.unlink):
            continue
        damage(path)
        caplog.clear()
        with Store(filled.folder) as reader:
            check(reader, Matcher(reader))
        exchange.add(hash_text(400 + number))
        with exchange.client() as client:
            sync(filled, client)
        IndexKeeper(filled).keep(at=time.time())
        assert HashIndex.open(folder(filled)).verify() is None
        caplog.clear()
        check(filled, Matcher(filled))
        assert not caplog.records


def test_verify_when_a_bit_of_the_index_is_turned(
    filled: Store, caplog: pytest.LogCaptureFixture
) -> None:
    """
    A bit that opening does not notice is found by looking at everything; then the list is used.
    """
    largest = max(folder(filled).iterdir(), key=lambda path: path.stat().st_size)
    _changed(largest)
    matcher = Matcher(filled)
    matcher.verify()
    check(filled, matcher)
    assert len([record for record in caplog.records if "cannot be used" in record.message]) == 1
    before = folder(filled)
    IndexKeeper(filled).keep(at=time.time())
    assert folder(filled) != before
    check(filled, Matcher(filled))


def test_open_when_the_index_is_of_another_moment(
    filled: Store, exchange: InMemoryExchange, tmp_path: Path
) -> None:
    """
    An index, or a list, that was put back from a backup is noticed.
    """
    old_index = tmp_path / "old-index"
    shutil.copytree(folder(filled), old_index)
    old_list = (filled.folder / "store.sqlite3").read_bytes()
    exchange.add(hash_text(160))
    with exchange.client() as client:
        sync(filled, client)
    IndexKeeper(filled).keep(at=time.time())
    new_index = folder(filled)
    shutil.rmtree(new_index)
    shutil.copytree(old_index, new_index)
    check(filled, Matcher(filled), numbers=range(150, 170))
    IndexKeeper(filled).keep(at=time.time())
    check(filled, Matcher(filled), numbers=range(150, 170))
    filled.close()
    (filled.folder / "store.sqlite3").write_bytes(old_list)
    with Store(filled.folder) as back, exchange.client() as client:
        check(back, Matcher(back))
        sync(back, client)
        check(back, Matcher(back), numbers=range(150, 170))


def test_sync_when_the_index_cannot_be_written(
    filled: Store,
    exchange: InMemoryExchange,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """
    On a full disk the sync still counts, matching goes on, and a line says what is wrong.
    """

    def full(_index: HashIndex, _cursor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(index_keeper, "CHANGES_IN_MEMORY", 1)
    with monkeypatch.context() as patch:
        patch.setattr(HashIndex, "flush", full)
        exchange.add(hash_text(200))
        with exchange.client() as client:
            assert sync(filled, client).listed == 151
        assert "cannot be written" in caplog.text
        check(filled, Matcher(filled))
        with pytest.raises(StoreError, match="No space left"):
            IndexKeeper(filled).keep(at=time.time())
    IndexKeeper(filled).keep(at=time.time())
    assert filled.progress().index_cursor == 151
    check(filled, Matcher(filled))


@pytest.mark.parametrize("moment", ["flush", "record_index", "merge_once"])
def test_keep_when_cut_off(
    filled: Store, exchange: InMemoryExchange, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    """
    Cut off before the files are written, before the store notes it, and before files are merged.
    """
    monkeypatch.setattr(index_keeper, "SMALL", 0)
    where = Store if moment == "record_index" else HashIndex

    class CutOff(BaseException):
        pass

    def cut(*_arguments: object, **_more: object) -> None:
        raise CutOff

    for number in range(20):
        exchange.withdraw(f"{1 + number:032x}")
        exchange.add(hash_text(200 + number))
    with exchange.client() as client:
        sync(filled, client, keeps_index=False)
    with monkeypatch.context() as patch:
        patch.setattr(where, moment, cut)
        with pytest.raises(CutOff):
            IndexKeeper(filled).keep(at=time.time())
    check(filled, Matcher(filled))
    IndexKeeper(filled).keep(at=time.time())
    check(filled, Matcher(filled))
    assert filled.progress().waiting_withdrawn == 0


@pytest.mark.parametrize("small", ["0", "100000"])
def test_keep_when_killed_at_any_moment(
    store: Store, exchange: InMemoryExchange, small: str
) -> None:
    """
    Killed again and again between commit, write and merge: each time the answers are the list's.
    """
    for number in range(150):
        exchange.add(hash_text(number))
        if number % 3 == 0:
            exchange.withdraw(f"{1 + number // 2:032x}")
    moments = random.Random(5)
    with served(exchange) as credentials:
        store.save_credentials(credentials)
        for _ in range(8):
            process = subprocess.Popen(
                [sys.executable, "-c", SYNC_AND_KEEP, str(store.folder), small],
                stdout=subprocess.PIPE,
                env={"PYTHONPATH": ":".join(sys.path)},
            )
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(moments.uniform(0, 0.25))
            process.kill()
            process.communicate()
            with Store(store.folder) as reader:
                check(reader, Matcher(reader), numbers=range(0, 150, 31))
    with exchange.client() as client:
        sync(store, client)
    IndexKeeper(store).keep(at=time.time())
    check(store, Matcher(store))
    assert store.progress().index_cursor == store.cursor == 200


def test_matcher_when_a_hash_is_withdrawn_but_not_yet_caught_up(
    filled: Store, exchange: InMemoryExchange
) -> None:
    """
    A withdrawn hash stops matching at once, even in a matcher that has not heard of it.
    """
    matcher = Matcher(filled, follows=False)
    hash_ = pdq.PdqHash.from_hex(hash_text(0))
    assert f"{1:032x}" in [match.id for match in matcher.match_hash(hash_)]
    exchange.withdraw(f"{1:032x}")
    with exchange.client() as client:
        sync(filled, client, keeps_index=False)
    assert f"{1:032x}" not in [match.id for match in matcher.match_hash(hash_)]


@pytest.mark.parametrize("count", [0, 1])
def test_matcher_when_the_list_is_nearly_empty(
    store: Store, exchange: InMemoryExchange, count: int
) -> None:
    """
    A list without entries, and a list of one, are lists.
    """
    for number in range(count):
        exchange.add(hash_text(number))
    with exchange.client() as client:
        sync(store, client)
    IndexKeeper(store).keep(at=time.time())
    check(store, Matcher(store), numbers=range(3))
    assert len(Matcher(store).match_hash(pdq.PdqHash.from_hex(hash_text(0)))) == count


def test_matcher_when_ten_thousand_entries_have_one_hash() -> None:
    """
    Duplicates are all found.
    """
    value = bytes.fromhex(hash_text(1))
    entries = [Entry(f"{number:032x}", SignalType.PDQ, value, None) for number in range(10_000)]
    found = Matcher(entries).match_hash(pdq.PdqHash(value))
    assert [match.distance for match in found] == [0] * 10_000
