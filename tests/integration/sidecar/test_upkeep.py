"""
What goes on beside the answers: opening, following, keeping the index.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tegenbeeld.kit import PdqHash, Store, index_keeper, sync
from tegenbeeld.kit.testing import InMemoryExchange, served
from tegenbeeld.sidecar import upkeep
from tegenbeeld.sidecar.metrics import Metrics
from tegenbeeld.sidecar.settings import Settings
from tegenbeeld.sidecar.upkeep import Upkeep
from testing.running_node import wait_until
from testing.small_sidecar import hash_text


class Beside:
    """
    An upkeep with what it needs.
    """

    def __init__(self, folder: Path, *, sync_every_s: float | None) -> None:
        self.metrics = Metrics()
        self.upkeep = Upkeep(
            Settings(
                store=folder,
                host="127.0.0.1",
                port=1,
                token=None,
                sync_every_s=sync_every_s,
                hash_threads=1,
                picture_threads=1,
                video_threads=1,
            ),
            self.metrics,
        )

    def matches(self, number: int) -> bool:
        """
        Whether a hash is matched.
        """
        matcher = self.upkeep.matcher
        return matcher is not None and bool(matcher.match_hash(PdqHash.from_hex(hash_text(number))))


@pytest.fixture
def exchange() -> InMemoryExchange:
    """
    An exchange with one entry.
    """
    made = InMemoryExchange()
    made.add(hash_text(0))
    return made


@pytest.fixture
def folder(tmp_path: Path, exchange: InMemoryExchange) -> Iterator[Path]:
    """
    A list that was synced once, and whose exchange is served.
    """
    with served(exchange) as credentials:
        with Store.create(tmp_path / "list") as store, exchange.client() as client:
            store.save_credentials(credentials)
            sync(store, client)
        yield tmp_path / "list"


def test_start_when_the_list_cannot_be_opened_yet(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    It is not ready, says why, and becomes ready by itself.
    """
    moved = folder.with_name("elsewhere")
    shutil.move(folder, moved)
    beside = Beside(folder, sync_every_s=None)
    beside.upkeep.start()
    try:
        wait_until(lambda: "There is no list" in capsys.readouterr().err)
        assert beside.upkeep.matcher is None
        assert b"tegenbeeld_ready 0.0" in beside.metrics.text()
        shutil.move(moved, folder)
        wait_until(lambda: beside.matches(0))
        wait_until(lambda: b"tegenbeeld_ready 1.0" in beside.metrics.text())
    finally:
        beside.upkeep.stop()


def test_keep_when_enough_has_changed(
    folder: Path, exchange: InMemoryExchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    The index is written beside the syncs, and the matcher goes over to it without missing.
    """
    monkeypatch.setattr(index_keeper, "CHANGES_IN_MEMORY", 3)
    monkeypatch.setattr(upkeep, "KEEP_EVERY_S", 0.02)
    beside = Beside(folder, sync_every_s=0.02)
    beside.upkeep.start()
    try:
        wait_until(lambda: beside.matches(0))
        for number in range(1, 10):
            exchange.add(hash_text(number))
        wait_until(lambda: beside.matches(9))
        with Store(folder) as reader:
            wait_until(lambda: reader.progress().index_cursor == 10)
            exchange.withdraw(f"{1:032x}")
            wait_until(lambda: not beside.matches(0))
            wait_until(lambda: reader.progress().waiting_withdrawn == 0)
        assert beside.matches(9)
    finally:
        beside.upkeep.stop()


def test_keep_when_a_file_is_damaged_while_it_serves(
    folder: Path, exchange: InMemoryExchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Files that are damaged before the start are done without, and made anew by the keeper.
    """
    with Store(folder) as reader:
        name = reader.progress().index_name
        for path in (reader.index_folder / name).iterdir():
            path.write_bytes(b"")
    monkeypatch.setattr(upkeep, "KEEP_EVERY_S", 0.02)
    beside = Beside(folder, sync_every_s=0.02)
    beside.upkeep.start()
    try:
        wait_until(lambda: beside.matches(0))
        with Store(folder) as reader:
            wait_until(lambda: reader.progress().index_name != name)
        exchange.add(hash_text(1))
        wait_until(lambda: beside.matches(1))
    finally:
        beside.upkeep.stop()


def test_stop_when_it_never_opened(tmp_path: Path) -> None:
    """
    It ends although there is nothing.
    """
    beside = Beside(tmp_path / "nowhere", sync_every_s=0.1)
    beside.upkeep.start()
    beside.upkeep.stop()
    assert beside.upkeep.matcher is None
