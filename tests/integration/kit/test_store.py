"""
The list on disk.
"""

import os
import random
import sqlite3
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from tegenbeeld.errors import StoreError, WireError
from tegenbeeld.kit import Credentials, Matcher, PdqHash, Store, sync
from tegenbeeld.kit.testing import InMemoryExchange
from tegenbeeld.wire.native import ChangePage

HASHES = [f"{number:032b}".replace("0", "a5").replace("1", "5a") for number in range(40)]
FAR = [random.Random(number).randbytes(32).hex() for number in range(3)]
MD5 = "0cc175b9c0f1b6a831c399e269772661"


def page(exchange: InMemoryExchange, *, after: int = 0, limit: int = 1000) -> ChangePage:
    """
    A page as the exchange gives it.
    """
    with exchange.client() as client:
        return client.changes(after=after, limit=limit)


def test_open_when_there_is_no_store(tmp_path: Path) -> None:
    """
    Opening a folder without a list says how to get one, and makes nothing.
    """
    with pytest.raises(StoreError, match="tegenbeeld sync --store"):
        Store(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()


def test_create_when_there_is_one_already(tmp_path: Path, exchange: InMemoryExchange) -> None:
    """
    Making a store again opens the one that is there.
    """
    exchange.add(HASHES[0])
    with Store.create(tmp_path) as store:
        store.apply(page(exchange))
    with Store.create(tmp_path) as store:
        assert (store.cursor, store.listed) == (1, 1)


def test_open_when_another_program_made_the_file(tmp_path: Path) -> None:
    """
    Another program's database is left alone.
    """
    path = tmp_path / "store.sqlite3"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE theirs (x)")
    other.commit()
    other.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match="another program"):
        Store(tmp_path)
    assert path.read_bytes() == before


def test_open_when_of_another_version(store: Store) -> None:
    """
    A file of a later version is refused with advice.
    """
    store.close()
    database = sqlite3.connect(store.folder / "store.sqlite3")
    database.execute("PRAGMA user_version = 5")
    database.close()
    with pytest.raises(StoreError, match="version 4"):
        Store(store.folder)


def test_open_when_the_file_is_no_database(tmp_path: Path) -> None:
    """
    A damaged file is reported, not overwritten.
    """
    path = tmp_path / "store.sqlite3"
    path.write_bytes(b"not a database, and long enough to be looked at" * 100)
    with pytest.raises(StoreError, match="damaged"):
        Store(tmp_path)


def test_create_when_a_file_is_in_the_way(tmp_path: Path) -> None:
    """
    A folder that cannot be made gives a sentence.
    """
    (tmp_path / "list").write_text("in the way")
    with pytest.raises(StoreError, match="cannot be made"):
        Store.create(tmp_path / "list")


@pytest.mark.skipif(os.name == "nt", reason="rights on files work otherwise on Windows")
def test_files_when_made_are_closed_to_others(store: Store, exchange: InMemoryExchange) -> None:
    """
    Only the owner can read the list and the credentials.
    """
    exchange.add(HASHES[0])
    store.save_credentials(exchange.credentials)
    with exchange.client() as client:
        sync(store, client)
    modes = {path.name: path.stat().st_mode & 0o777 for path in store.folder.iterdir()}
    assert modes.pop("index") == 0o700
    assert set(modes) >= {"store.sqlite3", "store.sqlite3-wal", "credentials.json", "writer.lock"}
    assert set(modes.values()) == {0o600}
    assert store.folder.stat().st_mode & 0o777 == 0o700


def test_apply_when_repeated(store: Store, exchange: InMemoryExchange) -> None:
    """
    A page that was applied before changes nothing.
    """
    first, second = exchange.add(HASHES[0]), exchange.add(HASHES[1])
    both = page(exchange)
    assert store.apply(both) == (2, 0, 0)
    exchange.withdraw(first)
    assert store.apply(page(exchange, after=2)) == (0, 1, 0)
    assert store.apply(both) == (0, 0, 0)
    assert [entry.id for entry in store.read().entries] == [second]


def test_apply_when_pages_overlap(store: Store, exchange: InMemoryExchange) -> None:
    """
    Of a page that another process applied in part, only the rest is taken.
    """
    for hash_ in HASHES[:4]:
        exchange.add(hash_)
    assert store.apply(page(exchange, limit=3)) == (3, 0, 0)
    assert store.apply(page(exchange, after=1)) == (1, 0, 0)
    assert store.cursor == 4


def test_apply_when_a_change_is_missing(store: Store, exchange: InMemoryExchange) -> None:
    """
    A page that skips is refused, and nothing of it is kept.
    """
    for hash_ in HASHES[:4]:
        exchange.add(hash_)
    with pytest.raises(WireError, match="Nothing of it was used"):
        store.apply(page(exchange, after=1))
    whole = page(exchange)
    with pytest.raises(WireError):
        store.apply(msgspec.structs.replace(whole, changes=[*whole.changes[:2], whole.changes[3]]))
    assert (store.cursor, store.listed) == (0, 0)


def test_apply_when_a_hash_does_not_fit_its_type(store: Store, exchange: InMemoryExchange) -> None:
    """
    A picture with the hash of a video is refused with everything beside it.
    """
    exchange.add(HASHES[0])
    exchange.add(HASHES[1])
    good = page(exchange)
    bad = msgspec.structs.replace(good.changes[1], hash=MD5)
    with pytest.raises(WireError, match="do not fit"):
        store.apply(msgspec.structs.replace(good, changes=[good.changes[0], bad]))
    assert (store.cursor, store.listed) == (0, 0)


def test_apply_when_quarantined_and_restored(store: Store, exchange: InMemoryExchange) -> None:
    """
    A quarantined entry is not matched until it is restored.
    """
    entry = exchange.add(HASHES[0])
    with exchange.client() as client:
        sync(store, client)
        exchange.quarantine(entry)
        assert sync(store, client).listed == 0
        exchange.restore(entry)
        assert sync(store, client).listed == 1


@pytest.mark.parametrize("hash_", [HASHES[7], MD5])
def test_apply_when_withdrawn_leaves_no_trace(
    store: Store, exchange: InMemoryExchange, hash_: str
) -> None:
    """
    After a withdrawal the bytes of the hash are in none of the files, while others are open.

    Not in those of the index either, as long as the list is short.
    """
    for other in HASHES[:5]:
        exchange.add(other)
    entry = exchange.add(hash_)
    with exchange.client() as client, Store(store.folder) as reader:
        sync(store, client)
        assert len(reader.read().entries) == 6
        assert _is_in_files(store.folder, hash_)
        exchange.withdraw(entry)
        sync(store, client)
        assert not _is_in_files(store.folder, hash_)
        assert len(reader.read().entries) == 5
        # The files really do hold hashes in the form that was looked for.
        assert _is_in_files(store.folder, HASHES[0])


def _is_in_files(folder: Path, hash_: str) -> bool:
    # In the index a hash is four little-endian words.
    raw = bytes.fromhex(hash_)
    forms = raw, b"".join(raw[place : place + 8][::-1] for place in range(0, len(raw), 8))
    files = [path for path in folder.rglob("*") if path.is_file()]
    return any(form in path.read_bytes() for path in files for form in forms)


def test_record_acknowledged_when_lower_than_before(
    store: Store, exchange: InMemoryExchange
) -> None:
    """
    An acknowledgement that comes late does not set the newer one back.
    """
    for hash_ in HASHES[:3]:
        exchange.add(hash_)
    store.apply(page(exchange))
    store.record_acknowledged(3)
    store.record_acknowledged(1)
    assert store.acknowledged == 3


def test_create_when_many_processes_do_so_at_once(tmp_path: Path) -> None:
    """
    Processes that open the same new folder at once all get a working store.
    """
    program = (
        "import sys\n"
        "from tegenbeeld.kit.store import Store\n"
        "sys.stdin.read(1)\n"
        "with Store.create(sys.argv[1]) as store: print(store.cursor)\n"
    )
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(tmp_path / "list")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={"PYTHONPATH": ":".join(sys.path)},
        )
        for _ in range(6)
    ]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write(b"!")
        process.stdin.flush()
    assert [process.communicate()[0] for process in processes] == [b"0\n"] * 6
    assert [process.returncode for process in processes] == [0] * 6


def test_sync_when_another_store_writes(store: Store, exchange: InMemoryExchange) -> None:
    """
    A second writer is refused by name, changes nothing, and has its turn when the first ends.
    """
    exchange.add(HASHES[0])
    with exchange.client() as client, Store(store.folder) as second:
        sync(store, client)
        exchange.add(HASHES[1])
        with pytest.raises(StoreError, match="keeps the list"):
            sync(second, client)
        with pytest.raises(StoreError, match="keeps the list"):
            second.apply(page(exchange, after=1))
        assert (second.cursor, second.listed) == (1, 1)
        store.close()
        assert sync(second, client).listed == 2


def test_sync_when_another_process_writes(store: Store, exchange: InMemoryExchange) -> None:
    """
    The lock holds between processes, and a killed process does not keep it.
    """
    program = (
        "import sys\n"
        "from tegenbeeld.kit.store import Store\n"
        "store = Store(sys.argv[1])\n"
        "store.become_writer()\n"
        "print('holds', flush=True)\n"
        "sys.stdin.read()\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(store.folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={"PYTHONPATH": ":".join(sys.path)},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"holds\n"
    with exchange.client() as client:
        with pytest.raises(StoreError, match="keeps the list"):
            sync(store, client)
        process.kill()
        process.communicate()
        sync(store, client)


def test_open_when_of_version_1(tmp_path: Path, exchange: InMemoryExchange) -> None:
    """
    A list of the first version is taken over whole, carries on, and loses nothing.
    """
    database = sqlite3.connect(tmp_path / "store.sqlite3")
    database.executescript(
        f"""
        CREATE TABLE entries (
            id TEXT PRIMARY KEY,
            signal_type TEXT NOT NULL CHECK (signal_type IN ('pdq', 'video_md5')),
            hash BLOB NOT NULL
                CHECK (length(hash) = CASE signal_type WHEN 'pdq' THEN 32 ELSE 16 END),
            provenance TEXT NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE progress (
            only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
            cursor INTEGER NOT NULL CHECK (cursor >= 0),
            acknowledged INTEGER NOT NULL CHECK (acknowledged BETWEEN 0 AND cursor)
        );
        INSERT INTO progress VALUES (1, 4, 3);
        INSERT INTO entries VALUES ('{1:032x}', 'pdq', x'{FAR[0]}', 'self');
        INSERT INTO entries VALUES ('{3:032x}', 'video_md5', x'{MD5}', 'test');
        PRAGMA application_id = {0x54474E42};
        PRAGMA user_version = 1;
        """
    )
    database.close()
    for hash_ in (FAR[0], FAR[1], MD5):
        exchange.add(hash_)
    exchange.withdraw(f"{2:032x}")
    exchange.withdraw(f"{1:032x}")
    exchange.add(FAR[2])
    with Store(tmp_path) as store:
        assert (store.cursor, store.acknowledged, store.listed) == (4, 3, 2)
        assert [entry.id for entry in store.read().entries] == [f"{1:032x}", f"{3:032x}"]
        matcher = Matcher(store)
        hashes = [PdqHash.from_hex(text) for text in FAR[:3]]
        assert [len(matcher.match_hash(hash_)) for hash_ in hashes] == [1, 0, 0]
        with exchange.client() as client:
            assert sync(store, client) == (1, 1, 6, 2, 0)
        assert [len(matcher.match_hash(hash_)) for hash_ in hashes] == [0, 0, 1]
        assert [match.id for match in matcher.match_md5(MD5)] == [f"{3:032x}"]


def test_apply_when_added_again(store: Store, exchange: InMemoryExchange) -> None:
    """
    An entry that is told once more stays one; told with another hash, only that one matches.
    """
    exchange.add(FAR[0])
    exchange.add(FAR[0])
    both = page(exchange)
    assert store.apply(both) == (1, 0, 0)
    matcher = Matcher(store)
    assert len(matcher.match_hash(PdqHash.from_hex(FAR[0]))) == 1
    again = msgspec.structs.replace(both.changes[0], seq=3, hash=FAR[1])
    changed = msgspec.structs.replace(both, changes=[again], next=3, head=3)
    assert store.apply(changed) == (0, 0, 0)
    assert store.listed == 1
    assert matcher.match_hash(PdqHash.from_hex(FAR[0])) == []
    assert len(matcher.match_hash(PdqHash.from_hex(FAR[1]))) == 1


def test_close_when_used_afterwards(store: Store) -> None:
    """
    A closed store says so.
    """
    store.close()
    with pytest.raises(StoreError):
        store.read()


def test_credentials_when_missing(store: Store) -> None:
    """
    A store without credentials says where they come from.
    """
    with pytest.raises(StoreError, match="node partner add"):
        store.credentials()


@pytest.mark.parametrize("text", ["", "{}", "not json", '{"partner": 1}'])
def test_credentials_when_damaged(store: Store, text: str) -> None:
    """
    A file that holds something else is refused by name.
    """
    (store.folder / "credentials.json").write_text(text)
    with pytest.raises(StoreError, match=r"credentials\.json does not hold"):
        store.credentials()


def test_credentials_when_read_back(store: Store, exchange: InMemoryExchange) -> None:
    """
    What was saved is what is read, and no draft stays behind.
    """
    store.save_credentials(exchange.credentials)
    store.save_credentials(msgspec.structs.replace(exchange.credentials, key="renewed"))
    assert store.credentials().key == "renewed"
    assert [path.name for path in store.folder.iterdir() if "credentials" in path.name] == [
        "credentials.json"
    ]


@pytest.mark.skipif(os.name == "nt", reason="rights on files work otherwise on Windows")
def test_credentials_when_readable_by_all(store: Store, exchange: InMemoryExchange) -> None:
    """
    A file that was made by redirecting output is closed to others when it is first used.
    """
    path = store.folder / "credentials.json"
    path.write_bytes(msgspec.json.encode(exchange.credentials))
    path.chmod(0o644)
    assert store.credentials() == exchange.credentials
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("change", [{"partner": "another"}, {"node": "https://other.example"}])
def test_save_credentials_when_of_another_partner(
    store: Store, exchange: InMemoryExchange, change: dict[str, str]
) -> None:
    """
    A list that was read as one partner is not carried on as another: ids differ per partner.
    """
    exchange.add(HASHES[0])
    store.save_credentials(exchange.credentials)
    store.apply(page(exchange))
    other: Credentials = msgspec.structs.replace(exchange.credentials, **change)
    with pytest.raises(StoreError, match="another folder"):
        store.save_credentials(other)
    assert store.credentials() == exchange.credentials
