"""
A real node in a process of its own, on a free port, over a folder of its own.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx2

from tegenbeeld.wire import native
from testing.people import Person

START_LIMIT_SECONDS = 60


class RunningNode:
    """
    `tegenbeeld node serve`, started and stopped by a test.
    """

    def __init__(self, data: Path, **environment: str) -> None:
        self.data = data
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = data.with_suffix(".log")
        self._environment = os.environ | {
            "DATA": str(data),
            "PORT": str(self.port),
            "PUBLISH_EVERY_SECONDS": "0.2",
            **environment,
        }
        self._process: subprocess.Popen[bytes] | None = None

    def command(self, *words: str) -> str:
        """
        Run `tegenbeeld node WORDS` on this node's folder; what it prints.
        """
        return subprocess.run(
            [sys.executable, "-m", "tegenbeeld", "node", *words],
            env=self._environment,
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    def inside(self, code: str) -> None:
        """
        Run Python on this node's folder, beside whatever serves it.
        """
        subprocess.run(
            [sys.executable, "-c", f"import django; django.setup()\n{code}"],
            env=self._environment | {"DJANGO_SETTINGS_MODULE": "tegenbeeld.server.conf.settings"},
            check=True,
        )

    def start(self) -> None:
        """
        Set up what is missing and serve.
        """
        self.command("init")
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tegenbeeld", "node", "serve"],
                env=self._environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + START_LIMIT_SECONDS
        while time.monotonic() < deadline:
            try:
                if httpx2.get(f"{self.url}/readyz").status_code == httpx2.codes.OK:
                    return
            except httpx2.TransportError:
                time.sleep(0.1)
        raise TimeoutError(f"The node did not start within {START_LIMIT_SECONDS} s.")

    def stop(self) -> None:
        """
        End it as an operator does.
        """
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=30)

    def kill(self) -> None:
        """
        End it and its workers at once, as a power cut would.
        """
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(timeout=30)

    def add_partner(self, name: str) -> native.Credentials:
        """
        A platform that takes part.
        """
        printed = self.command("partner", "add", name, "--json")
        return native.decode(printed.encode(), native.Credentials)


class RemotePerson(Person):
    """
    A person whose browser talks to a running node.
    """

    def __init__(self, node: RunningNode) -> None:
        super().__init__()
        self._node = node

    def post(self, move: str, message: object) -> Any:
        """
        One of the three requests.
        """
        return httpx2.post(
            f"{self._node.url}/case/{move}",
            content=json.dumps(message),
            headers={"Content-Type": "application/json"},
        )


def free_port() -> int:
    """
    A port that nobody listens on just now.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number


def wait_until(condition: Any, *, seconds: float = 20) -> Any:
    """
    What *condition* returns once it is true.
    """
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        time.sleep(0.1)
    raise TimeoutError(f"Still not so after {seconds} s.")
