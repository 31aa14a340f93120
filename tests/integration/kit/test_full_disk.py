"""
A list on a disk that fills up: a clear error, nothing half-written, and on it goes with room again.
"""

import json
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from tegenbeeld.kit import Matcher, PdqHash, Store, sync
from tegenbeeld.kit.testing import InMemoryExchange, served

COUNT = 6000
"""Entries that need more room than the small disk has."""

ON_A_SMALL_DISK = """
import json, os, subprocess, sys
from pathlib import Path
disk = Path(sys.argv[1])
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=500k", "tmpfs", str(disk)], check=True)
from tegenbeeld.errors import StoreError
from tegenbeeld.kit import Exchange, Store, sync
from tegenbeeld.kit.credentials import read_credentials

def state(store):
    return {"cursor": store.cursor, "listed": store.listed, "read": len(store.read().entries),
            "acknowledged": store.acknowledged}

def tried(store, exchange):
    try:
        sync(store, exchange)
    except StoreError as error:
        return {"error": error.message, **state(store)}
    return {"error": None, **state(store)}

told = []
credentials = read_credentials(Path(sys.argv[2]))
with Store.create(disk / "list") as store, Exchange(credentials) as exchange:
    told.append(tried(store, exchange))
    told.append(tried(store, exchange))
with Store(disk / "list") as store:
    told.append({"error": None, **state(store)})
subprocess.run(["mount", "-o", "remount,size=64m", str(disk)], check=True)
with Store(disk / "list") as store, Exchange(credentials) as exchange:
    told.append(tried(store, exchange))
try:
    filler = open(disk / "filler", "wb")
    while True:
        filler.write(bytes(65536))
except OSError:
    pass
try:
    Store.create(disk / "another").close()
    told.append({"error": None})
except StoreError as error:
    told.append({"error": error.message})
print(json.dumps(told))
"""

WITH_SMALL_FILES = """
import resource, signal, sys
from tegenbeeld.errors import StoreError
from tegenbeeld.kit import Exchange, Store, sync
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
with Store(sys.argv[1]) as store, Exchange(store.credentials()) as exchange:
    try:
        sync(store, exchange)
    except StoreError as error:
        print(error.message)
"""


def hash_text(number: int) -> str:
    """
    Another hash for each number.
    """
    return random.Random(number).randbytes(32).hex()


@pytest.fixture
def long_exchange(exchange: InMemoryExchange) -> Iterator[InMemoryExchange]:
    """
    An exchange whose list is longer than the disk.
    """
    for number in range(COUNT):
        exchange.add(hash_text(number))
    return exchange


def can_mount() -> bool:
    """
    Whether a program may have a small disk of its own here.
    """
    if shutil.which("unshare") is None:
        return False
    asked = ["unshare", "-rm", "mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", "/mnt"]
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not can_mount(), reason="a program may not mount a disk of its own here")
def test_sync_when_the_disk_is_full(long_exchange: InMemoryExchange, tmp_path: Path) -> None:
    """
    Whole pages are kept up to the one that did not fit; with room again the rest follows.
    """
    disk = tmp_path / "disk"
    disk.mkdir()
    with served(long_exchange) as credentials:
        (tmp_path / "keys.json").write_bytes(msgspec.json.encode(credentials))
        done = subprocess.run(
            [
                *("unshare", "-rm", sys.executable, "-c", ON_A_SMALL_DISK),
                *(str(disk), str(tmp_path / "keys.json")),
            ],
            capture_output=True,
            text=True,
            check=False,
            env={"PYTHONPATH": ":".join(sys.path), "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"},
        )
    assert done.returncode == 0, done.stderr
    first, second, reopened, roomy, another = json.loads(done.stdout)
    for told in (first, second):
        assert "full" in told["error"]
        assert "Check the disk" in told["error"]
    for told in (first, second, reopened):
        assert told["cursor"] == told["listed"] == told["read"]
        assert told["cursor"] % 1000 == 0
        assert 0 < told["cursor"] < COUNT
        assert told["acknowledged"] <= told["cursor"]
    assert roomy == dict.fromkeys(("cursor", "listed", "read", "acknowledged"), COUNT) | {
        "error": None
    }
    assert another["error"]
    assert max(long_exchange.acknowledgements) == COUNT


@pytest.mark.skipif(sys.platform == "win32", reason="this system does not limit files")
def test_sync_when_a_file_cannot_grow(store: Store, long_exchange: InMemoryExchange) -> None:
    """
    The same where it is not the disk that is full but the file that may not grow.
    """
    with served(long_exchange) as credentials:
        store.save_credentials(credentials)
        done = subprocess.run(
            [sys.executable, "-c", WITH_SMALL_FILES, str(store.folder)],
            capture_output=True,
            text=True,
            check=False,
            env={"PYTHONPATH": ":".join(sys.path)},
        )
    assert (done.returncode, done.stderr) == (0, "")
    assert "Check the disk" in done.stdout
    assert 0 <= store.cursor < COUNT
    assert store.cursor % 1000 == 0
    assert len(store.read().entries) == store.listed == store.cursor
    with long_exchange.client() as client:
        assert sync(store, client).listed == COUNT
    assert len(Matcher(store).match_hash(PdqHash.from_hex(hash_text(COUNT - 1)))) == 1
