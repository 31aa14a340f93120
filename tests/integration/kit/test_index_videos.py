"""
Frames of videos in the index beside a store: added, withdrawn, written, cut off at any moment.

Whatever happens to the files, a matcher gives the answers of the list.
"""

import random
import sqlite3
import subprocess
import sys
import time

import pytest

from tegenbeeld import pdq
from tegenbeeld.kit import Matcher, Store, index_keeper, sync
from tegenbeeld.kit.index_keeper import IndexKeeper
from tegenbeeld.kit.testing import InMemoryExchange, served
from tegenbeeld.pdq import PdqHash
from tegenbeeld.wire.video import Frame, decode_frames, encode_frames

SYNC_AND_KEEP = """
import sys, time
from tegenbeeld.kit import Exchange, Store, index_keeper, sync
index_keeper.SMALL = int(sys.argv[2])
store = Store(sys.argv[1])
exchange = Exchange(store.credentials())
print("started", flush=True)
keeper = index_keeper.IndexKeeper(store)
while True:
    page = exchange.changes(after=store.cursor, limit=3)
    store.apply(page)
    keeper.keep(at=time.time())
    if not page.more:
        break
"""


def md5_of(number: int) -> str:
    """
    Another MD5 for each number.
    """
    return random.Random(f"md5 {number}").randbytes(16).hex()


def frame_hash(number: int, place: int) -> PdqHash:
    """
    The hash of a frame; the videos of ten numbers have the same ones, but for a few bits.
    """
    base = random.Random(f"{number // 10} {place}").randbytes(32)
    bits = int.from_bytes(base, "big")
    for bit in random.Random(number).sample(range(256), 5):
        bits ^= 1 << bit
    return PdqHash(bits.to_bytes(32, "big"))


def frames_of(number: int) -> str:
    """
    The frames of a video: one a second, up to forty.
    """
    count = 1 + number * 7 % 40
    return encode_frames(
        [Frame(frame_hash(number, place), 80, 1000 * place) for place in range(count)]
    )


def add(exchange: InMemoryExchange, number: int) -> str:
    """
    List a video; every fifth number is a photo that looks like a frame of the one before.
    """
    if number % 5 == 0:
        return exchange.add(frame_hash(number + 1, 0).hex())
    return exchange.add(md5_of(number), frames=frames_of(number))


def check(store: Store, matcher: Matcher, *, numbers: range = range(1, 40, 6)) -> None:
    """
    Compare every answer with the list itself, looked through one by one.
    """
    listed: list[tuple[str, str, int | None, PdqHash]] = []
    database = sqlite3.connect(store.folder / "store.sqlite3")
    for id_, hash_, frames in database.execute("SELECT id, hash, frames FROM entries"):
        if frames is None:
            listed.append((id_.hex(), "picture", None, PdqHash(hash_)))
            continue
        listed += [(id_.hex(), "frame", one.at_ms, one.hash) for one in decode_frames(frames)]
    database.close()
    words = pdq.pack(one[3] for one in listed)
    for number in numbers:
        hash_ = frame_hash(number, number % 3)
        rows, distances = pdq.scan(pdq.pack([hash_])[0], words)
        nearest: dict[str, tuple[int, str, int | None]] = {}
        for row, distance in sorted(zip(rows.tolist(), distances.tolist(), strict=True)):
            id_, found, at_ms, _ = listed[row]
            if id_ not in nearest or distance < nearest[id_][0]:
                nearest[id_] = (distance, found, at_ms)
        matches = matcher.match_hash(hash_)
        got = {one.id: (one.distance, one.found, one.at_ms) for one in matches}
        assert got == nearest
        assert len(matches) == len(nearest)


def keys_in_index(store: Store) -> int:
    """
    How many hashes a matcher of now has to search.
    """
    return len(Matcher(store)._list._state.searched)  # type: ignore[attr-defined]


@pytest.fixture
def filled(store: Store, exchange: InMemoryExchange) -> Store:
    """
    A store with forty entries and an index on the disk.
    """
    for number in range(40):
        add(exchange, number)
    with exchange.client() as client:
        sync(store, client)
    assert store.progress().index_cursor == 40
    return store


@pytest.mark.parametrize("small", [0, 50_000])
def test_withdraw_takes_all_frames_along(
    filled: Store, exchange: InMemoryExchange, monkeypatch: pytest.MonkeyPatch, small: int
) -> None:
    """
    From memory and from the files, and after a restart; what stays is found as before.
    """
    monkeypatch.setattr(index_keeper, "SMALL", small)
    matcher = Matcher(filled)
    check(filled, matcher)
    before = keys_in_index(filled)
    assert before == filled.progress().hashes
    add(exchange, 41)
    for number in (4, 13, 42):
        exchange.withdraw(f"{min(41, number):032x}")
    with exchange.client() as client:
        sync(filled, client)
    check(filled, matcher)
    gone = sum(len(decode_frames(frames_of(number))) for number in (3, 12))
    assert keys_in_index(filled) == before - gone == filled.progress().hashes
    IndexKeeper(filled).keep(at=time.time())
    check(filled, Matcher(filled))
    assert keys_in_index(filled) == before - gone


def test_withdraw_when_all_are_gone_leaves_nothing(
    filled: Store, exchange: InMemoryExchange
) -> None:
    """
    Neither in the index nor in the counters; listed again, everything is found again.
    """
    for number in range(1, 41):
        exchange.withdraw(f"{number:032x}")
    with exchange.client() as client:
        sync(filled, client)
        assert keys_in_index(filled) == filled.progress().hashes == 0
        for number in range(40):
            add(exchange, number)
        sync(filled, client)
    check(filled, Matcher(filled))
    assert keys_in_index(filled) == filled.progress().hashes > 40


def test_frames_are_gone_from_the_file(filled: Store, exchange: InMemoryExchange) -> None:
    """
    Not only marked.
    """
    secret = frames_of(3)[200:248].encode()
    files = list(filled.folder.glob("store.sqlite3*"))
    assert any(secret in file.read_bytes() for file in files)
    exchange.withdraw(f"{4:032x}")
    with exchange.client() as client:
        sync(filled, client)
    assert not any(secret in file.read_bytes() for file in files)


def test_matcher_when_another_process_writes(
    filled: Store, exchange: InMemoryExchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Readers follow videos that come and go across every write, merge and new index.
    """
    monkeypatch.setattr(index_keeper, "HASHES_IN_MEMORY", 20)
    moves = random.Random(3)
    with Store(filled.folder) as other, exchange.client() as client:
        mine, theirs = Matcher(filled), Matcher(other)
        for step in range(12):
            monkeypatch.setattr(index_keeper, "SMALL", moves.choice([0, 10_000]))
            for _ in range(moves.randrange(1, 6)):
                if moves.random() < 0.5:
                    add(exchange, moves.randrange(60))
                else:
                    exchange.withdraw(f"{moves.randrange(1, 41):032x}")
            sync(filled, client)
            check(filled, mine)
            if step % 3 == 0:
                check(other, theirs)
    check(filled, Matcher(filled))


def test_keep_when_a_video_has_many_frames(
    filled: Store, exchange: InMemoryExchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Frames count for when the index is written: a few videos may hold many.
    """
    monkeypatch.setattr(index_keeper, "HASHES_IN_MEMORY", 30)
    exchange.add(md5_of(97), frames=frames_of(97))
    with exchange.client() as client:
        sync(filled, client, keeps_index=False)
    keeper = IndexKeeper(filled)
    assert filled.progress().waiting_hashes == len(decode_frames(frames_of(97))) == 40
    assert keeper.is_due(at=time.time())
    keeper.keep(at=time.time())
    assert filled.progress().waiting_hashes == 0
    assert not keeper.is_due(at=time.time())


@pytest.mark.parametrize("small", ["0", "100000"])
def test_keep_when_killed_at_any_moment(
    store: Store, exchange: InMemoryExchange, small: str
) -> None:
    """
    Killed again and again between commit, write and merge: each time the answers are the list's.
    """
    for number in range(40):
        add(exchange, number)
        if number % 4 == 3:
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
                check(reader, Matcher(reader), numbers=range(1, 40, 13))
    with exchange.client() as client:
        sync(store, client)
    IndexKeeper(store).keep(at=time.time())
    check(store, Matcher(store))
    assert store.progress().index_cursor == store.cursor == 50
    assert keys_in_index(store) == store.progress().hashes


def test_apply_when_frames_are_not_as_they_must_be(
    store: Store, exchange: InMemoryExchange
) -> None:
    """
    The entry is not listed, is counted as refused, and the others are.
    """
    flat = frames_of(6)
    bad = flat[:8] + "A" * 40 + flat[48:]
    exchange.add(md5_of(1), frames=bad)
    exchange.add(md5_of(2), frames="no base64")
    add(exchange, 6)
    with exchange.client() as client:
        report = sync(store, client)
    assert (report.added, report.refused, report.listed) == (1, 2, 1)
    check(store, Matcher(store))


def test_open_when_the_index_of_version_3_lacks_frames(
    filled: Store, exchange: InMemoryExchange
) -> None:
    """
    A store that kept frames without looking them up finds them after the update.
    """
    filled.close()
    database = sqlite3.connect(filled.folder / "store.sqlite3")
    database.executescript(
        """
        DROP INDEX with_frames;
        ALTER TABLE withdrawn DROP COLUMN frames;
        ALTER TABLE progress DROP COLUMN hashes;
        ALTER TABLE progress DROP COLUMN waiting_hashes;
        PRAGMA user_version = 3;
        """
    )
    database.close()
    with Store(filled.folder) as store, exchange.client() as client:
        assert store.progress().index_name == ""
        assert store.progress().hashes == keys_in_index(store) > 40
        check(store, Matcher(store))
        exchange.withdraw(f"{4:032x}")
        sync(store, client)
        check(store, Matcher(store))
        assert store.progress().index_cursor == store.cursor == 41
