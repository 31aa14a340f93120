"""
A bound on one whole exchange with a node, from the first byte to the last.

The HTTP client bounds only each wait for the next piece. A node that sends one byte now and then,
also of the headers, would hold it for ever. So a clock runs beside it, and when that has run out,
the connections are shut down, which ends every wait on them.
"""

import socket
import threading
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any


class TookTooLong(Exception):
    """
    The time ran out. Nothing of what was received is to be used.
    """


class Connections:
    """
    The open connections of one HTTP client, so that they can be cut off.
    """

    def __init__(self) -> None:
        self._sockets: weakref.WeakSet[socket.socket] = weakref.WeakSet()
        self._lock = threading.Lock()

    def note(self, event: str, details: Mapping[str, Any]) -> None:
        """
        Take note of a new connection. The `trace` extension of a request calls this.
        """
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            found = details["return_value"].get_extra_info("socket")
            if isinstance(found, socket.socket):
                with self._lock:
                    self._sockets.add(found)

    @contextmanager
    def limited(self, limit: timedelta) -> Iterator[None]:
        """
        Cut everything off if the `with` block takes longer than *limit*.

        What other threads have going on breaks too. They try again.

        Raises:
            TookTooLong: It did. Also where the block ended well: an answer without a length looks
                whole when it is cut off.
        """
        ran_out = threading.Event()
        timer = threading.Timer(limit.total_seconds(), self._cut_off, args=(ran_out,))
        timer.daemon = True
        timer.start()
        try:
            yield
        except Exception as error:
            if ran_out.is_set():
                raise TookTooLong from error
            raise
        finally:
            timer.cancel()
        if ran_out.is_set():
            raise TookTooLong

    def _cut_off(self, ran_out: threading.Event) -> None:
        ran_out.set()
        with self._lock:
            sockets = list(self._sockets)
        for one in sockets:
            with suppress(OSError):
                # Not the method of a TLS socket, which would let a read under way go on in the
                # clear.
                socket.socket.shutdown(one, socket.SHUT_RDWR)
