"""
The background thread: keeps the list up to date and sends feedback.
"""

import logging
import sqlite3
import threading

from uploads import Uploads

from tegenbeeld.kit import Exchange, Store, TegenbeeldError, sync

PAUSE_S = 2.0
"""Between two looks at the node, in seconds. Short, to show the loop; minutes are usual."""

log = logging.getLogger("demonstration")


class Worker(threading.Thread):
    """
    Syncs and sends until it is stopped or the process ends.

    Attributes:
        trouble: Why the last round failed, in words to show; None when all is well.
    """

    def __init__(self, store: Store, exchange: Exchange, uploads: Uploads) -> None:
        super().__init__(name="exchange", daemon=True)
        self.trouble: str | None = None
        self._store = store
        self._exchange = exchange
        self._uploads = uploads
        self._woken = threading.Event()
        self._is_stopped = False

    @property
    def listed(self) -> int:
        """
        How many hashes are on the list.
        """
        return self._store.listed

    def run(self) -> None:
        """
        Go round and round. What fails is tried again in the next round: nothing is lost.
        """
        while not self._is_stopped:
            try:
                self.go_round()
                self.trouble = None
            except (TegenbeeldError, sqlite3.Error) as error:
                self.trouble = str(error)
                log.warning("%s", error)
            self._woken.wait(PAUSE_S)
            self._woken.clear()

    def go_round(self) -> None:
        """
        Send what waits in the outbox, then bring the list up to date.
        """
        last, feedback = self._uploads.unsent()
        if feedback:
            # An entry that was withdrawn in the meantime comes back as unknown; that is fine.
            self._exchange.send_feedback(feedback)
            self._uploads.mark_sent(last)
        sync(self._store, self._exchange)

    def wake(self) -> None:
        """
        Start the next round now: there is feedback to send.
        """
        self._woken.set()

    def stop(self) -> None:
        """
        End after the round that is going on.
        """
        self._is_stopped = True
        self._woken.set()
