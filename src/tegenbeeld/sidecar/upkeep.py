"""
What goes on beside the answers: opening the list, keeping it up to date, writing its index.

Two threads. One asks the node and lets the matcher take over each page; the other writes the index
and puts its files together, which may take seconds, so that news never waits for it.
"""

import threading
import time
from typing import NamedTuple

from tegenbeeld.errors import TegenbeeldError
from tegenbeeld.kit import Exchange, Matcher, Store, sync
from tegenbeeld.kit.index_keeper import IndexKeeper
from tegenbeeld.kit.store import Applied
from tegenbeeld.sidecar import logs
from tegenbeeld.sidecar.metrics import Metrics
from tegenbeeld.sidecar.settings import Settings

FOLLOW_EVERY_S = 0.25
"""How often to look whether another process has synced, in seconds."""

KEEP_EVERY_S = 1.0
"""How often to look whether the index should be written, in seconds."""

STOP_WITHIN_S = 10.0
"""How long to wait for a thread to end, in seconds. Whatever it was at is safe to cut off."""


class _Open(NamedTuple):
    store: Store
    matcher: Matcher


class Upkeep:
    """
    The list of the sidecar, opened in the background and kept up to date.
    """

    def __init__(self, settings: Settings, metrics: Metrics) -> None:
        self._settings = settings
        self._metrics = metrics
        self._stopping = threading.Event()
        self._open: _Open | None = None
        self._threads = [threading.Thread(target=self._run, name="list", daemon=True)]

    @property
    def matcher(self) -> Matcher | None:
        """
        None until the list is open.
        """
        return None if self._open is None else self._open.matcher

    def start(self) -> None:
        """
        Begin.
        """
        self._threads[0].start()

    def stop(self) -> None:
        """
        End, and let go of the list.
        """
        self._stopping.set()
        for thread in self._threads:
            thread.join(STOP_WITHIN_S)
        if self._open is not None and not any(thread.is_alive() for thread in self._threads):
            self._open.store.close()
        logs.write("stopped")

    def _run(self) -> None:
        opened = self._opened()
        if opened is None:
            return
        if self._settings.sync_every_s is None:
            self._follow(opened)
        else:
            keeping = threading.Thread(target=self._keep, args=(opened,), name="index", daemon=True)
            self._threads.append(keeping)
            keeping.start()
            self._sync(opened, every_s=self._settings.sync_every_s)

    def _opened(self) -> _Open | None:
        """
        Open the list, however often that has to be tried.
        """
        started = time.monotonic()
        while not self._stopping.is_set():
            try:
                store = Store(self._settings.store)
                matcher = Matcher(store, follows=False)
            except Exception as error:  # noqa: BLE001 - a sidecar that cannot open says so and tries on
                self._tell(error)
                self._stopping.wait(KEEP_EVERY_S)
            else:
                self._open = _Open(store, matcher)
                self._note_state(store)
                seconds = round(time.monotonic() - started, 3)
                logs.write("ready", listed=store.listed, cursor=store.cursor, seconds=seconds)
                return self._open
        return None

    def _sync(self, opened: _Open, *, every_s: float) -> None:
        while not self._stopping.is_set():
            try:
                with Exchange(opened.store.credentials()) as exchange:
                    self._sync_with(exchange, opened, every_s=every_s)
            except Exception as error:  # noqa: BLE001 - serving goes on with the list that is there
                # Whoever put new credentials beside the list has them used in the next round.
                self._tell(error)
                self._stopping.wait(every_s)

    def _sync_with(self, exchange: Exchange, opened: _Open, *, every_s: float) -> None:
        store, matcher = opened

        def take_over(_applied: Applied) -> None:
            matcher.catch_up()
            self._note_state(store)

        while not self._stopping.is_set():
            report = sync(store, exchange, after_page=take_over, keeps_index=False)
            self._metrics.synced_at = time.time()
            if report.added or report.withdrawn or report.refused:
                self._metrics.changes.labels("added").inc(report.added)
                self._metrics.changes.labels("withdrawn").inc(report.withdrawn)
                self._metrics.changes.labels("refused").inc(report.refused)
                logs.write("synced", **report._asdict())
            self._stopping.wait(every_s)

    def _follow(self, opened: _Open) -> None:
        store, matcher = opened
        matcher.verify()
        while not self._stopping.wait(FOLLOW_EVERY_S):
            try:
                if matcher.catch_up():
                    self._note_state(store)
            except Exception as error:  # noqa: BLE001 - serving goes on with the list that is there
                self._tell(error)

    def _keep(self, opened: _Open) -> None:
        store, matcher = opened
        keeper = IndexKeeper(store)
        matcher.verify()
        while not self._stopping.wait(KEEP_EVERY_S):
            now = time.time()
            try:
                if keeper.is_due(at=now):
                    keeper.keep(at=now)
                    matcher.catch_up()
            except Exception as error:  # noqa: BLE001 - matching goes on without the files
                self._tell(error)
                self._stopping.wait(60 * KEEP_EVERY_S)

    def _note_state(self, store: Store) -> None:
        self._metrics.list_state = (store.listed, store.cursor)

    def _tell(self, error: Exception) -> None:
        """
        Count what went wrong and write it down: our own errors with their words, others without.
        """
        self._metrics.sync_failures.labels(type(error).__name__).inc()
        if isinstance(error, TegenbeeldError):
            logs.write("trouble", kind=type(error).__name__, message=error.message)
        else:
            logs.write_failure("trouble", error)
