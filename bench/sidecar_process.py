"""
The process that bench/sidecar.py measures: the real `tegenbeeld serve`, on one core.
"""

import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

SYNC_EVERY_S = 0.5


class Sidecar:
    """
    The process that is measured, on the first core.
    """

    def __init__(self, store: Path, threads: int) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        command = [
            *(sys.executable, "-m", "tegenbeeld", "serve", "--store", str(store)),
            *("--port", str(self.port), "--sync-every", str(SYNC_EVERY_S)),
            *("--threads", str(threads)),
        ]
        self._process = subprocess.Popen(
            pinned(command, core=0), stderr=subprocess.DEVNULL, start_new_session=True
        )
        started = time.monotonic()
        while not self._is_ready():
            if time.monotonic() - started > 120:
                raise TimeoutError("The sidecar is not ready after two minutes.")
            time.sleep(0.01)
        self.ready_after_s = time.monotonic() - started

    def stop(self) -> None:
        """
        End it.
        """
        os.killpg(self._process.pid, signal.SIGTERM)
        self._process.wait(60)

    def figure(self, name: str) -> float:
        """
        Read one of its own figures.
        """
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", "/metrics")
        text = connection.getresponse().read().decode()
        connection.close()
        found = re.search(rf"^{name} (\S+)$", text, re.MULTILINE)
        return float(found[1]) if found else float("nan")

    def is_matched(self, connection: http.client.HTTPConnection, hash_: str) -> bool:
        """
        Ask for one hash.
        """
        body = json.dumps({"hashes": [hash_]})
        connection.request("POST", "/v1/match", body, {"Content-Type": "application/json"})
        return bool(json.loads(connection.getresponse().read())["matches"][0])

    def _is_ready(self) -> bool:
        if self._process.poll() is not None:
            raise RuntimeError("The sidecar did not start.")
        try:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except OSError:
            return False


def pinned(command: list[str], *, core: int) -> list[str]:
    """
    Run a command on one core, where that can be said.
    """
    if shutil.which("taskset") and (os.cpu_count() or 1) > 1:
        return ["taskset", "-c", str(core), *command]
    return command
