"""
A real sidecar in a process of its own, on a free port.
"""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2

from testing.described import check_answer
from testing.running_node import free_port, wait_until


class RunningSidecar:
    """
    `tegenbeeld serve`, started and stopped by a test. Answers are held against the description.

    Attributes:
        process: The process.
        url: Where it answers.
    """

    def __init__(self, *words: str, host: str = "127.0.0.1") -> None:
        self.port = free_port()
        shown = f"[{host}]" if ":" in host else host
        self.url = f"http://{shown}:{self.port}"
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "tegenbeeld", "serve"),
                *("--port", str(self.port), "--host", host, *words),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={"PYTHONPATH": ":".join(sys.path), "PATH": os.environ["PATH"]},
            start_new_session=True,
        )
        self.client = httpx2.Client(base_url=self.url, trust_env=False, timeout=30)
        self._lines: list[str] = []
        self._reading = threading.Thread(target=self._read)
        self._reading.start()

    def wait_until_ready(self) -> None:
        """
        Wait until the list is open.
        """

        def is_ready() -> bool:
            assert self.process.poll() is None, self._lines
            try:
                return self.client.get("/readyz").status_code == httpx2.codes.OK
            except httpx2.TransportError:
                return False

        wait_until(is_ready)

    def post(self, body: bytes, content_type: str, **more: Any) -> httpx2.Response:
        """
        Ask a question.
        """
        headers = {"Content-Type": content_type, **more.pop("headers", {})}
        return self.request("POST", "/v1/match", content=body, headers=headers, **more)

    def ask(self, *hashes: str) -> list[list[str]]:
        """
        The ids that each hash matches.
        """
        answer = self.post(json.dumps({"hashes": hashes}).encode(), "application/json")
        assert answer.status_code == httpx2.codes.OK, answer.text
        return [[match["id"] for match in some] for some in answer.json()["matches"]]

    def request(self, method: str, path: str, **more: Any) -> httpx2.Response:
        """
        Send a request, and check that its answer is as described.
        """
        answer = self.client.request(method, path, **more)
        content_type = answer.headers["content-type"]
        check_answer(path, method, answer.status_code, content_type, answer.content)
        return answer

    def log(self) -> list[dict[str, Any]]:
        """
        What it has written down so far.
        """
        return [json.loads(line) for line in list(self._lines)]

    def stop(self) -> int:
        """
        End it as a service manager does; its exit code.
        """
        self.process.terminate()
        return self._ended()

    def kill(self) -> None:
        """
        End it and its worker at once, as a power cut would.
        """
        os.killpg(self.process.pid, signal.SIGKILL)
        self._ended()

    def _ended(self) -> int:
        code = self.process.wait(timeout=30)
        self._reading.join(timeout=30)
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        self.process.stdout.close()
        self.process.stderr.close()
        self.client.close()
        return code

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self._lines.append(line)


@contextmanager
def running_sidecar(store: Path, *words: str, **more: Any) -> Iterator[RunningSidecar]:
    """
    A sidecar on *store* that is ready, as long as the `with` block lasts.
    """
    sidecar = RunningSidecar("--store", str(store), *words, **more)
    try:
        sidecar.wait_until_ready()
        yield sidecar
    finally:
        if sidecar.process.poll() is None:
            sidecar.stop()
