"""
The demonstration platform as `make run` starts it.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx2
import msgspec
import numpy as np
import pytest
from PIL import Image

from tegenbeeld import pdq
from tegenbeeld.kit.testing import InMemoryExchange, served
from testing.running_node import free_port, wait_until

pytestmark = pytest.mark.service

ROOT = Path(__file__).resolve().parents[3]


def start(data: Path, port: int) -> "subprocess.Popen[str]":
    """
    Run `python examples/platform/serve.py`.
    """
    return subprocess.Popen(
        [sys.executable, "examples/platform/serve.py"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"DATA": str(data), "DEMO_PORT": str(port)},
    )


def is_up(address: str) -> bool:
    """
    Whether the platform answers.
    """
    try:
        return httpx2.get(f"{address}/healthz").is_success
    except httpx2.TransportError:
        return False


def test_serve_when_there_are_no_credentials(tmp_path: Path) -> None:
    """
    Without credentials it says how to get them.
    """
    process = start(tmp_path, free_port())
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 2
    assert "node partner add" in errors
    assert "Traceback" not in errors


def test_serve_when_a_copy_is_uploaded(tmp_path: Path, picture: Callable[..., bytes]) -> None:
    """
    It fetches the list by itself, holds a copy, tells the node, and ends when asked to.
    """
    exchange = InMemoryExchange()
    (tmp_path / "original.png").write_bytes(picture(1))
    pixels = np.asarray(Image.open(tmp_path / "original.png"))
    exchange.add(pdq.hash_rgb(pixels).hash.hex())
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with served(exchange) as credentials:
        (tmp_path / "demo").mkdir()
        (tmp_path / "demo" / "credentials.json").write_bytes(msgspec.json.encode(credentials))
        process = start(tmp_path, port)
        try:
            wait_until(lambda: is_up(address))
            wait_until(lambda: exchange.acknowledgements)
            copy = {"picture": ("copy.jpg", picture(1, size=220, format_="JPEG"))}
            page = httpx2.post(f"{address}/uploads", files=copy, follow_redirects=True)
            assert "Held for review" in page.text
            wait_until(lambda: exchange.feedback)
            strange = httpx2.get(address, headers={"Host": "other.example"})
            assert strange.status_code == 400
        finally:
            process.terminate()
            _, errors = process.communicate(timeout=30)
    assert (process.returncode, errors) == (0, "")
