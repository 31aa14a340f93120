"""
The examples of docs/how-to/be-a-partner.md, run as they stand.
"""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tegenbeeld.kit import Store, hash_file
from tegenbeeld.kit.testing import InMemoryExchange, served

GUIDE = Path(__file__).resolve().parents[3] / "docs" / "how-to" / "be-a-partner.md"


def blocks(language: str) -> list[str]:
    """
    The code blocks of one language.
    """
    return re.findall(rf"```{language}\n(.*?)```", GUIDE.read_text(), re.DOTALL)


@pytest.mark.parametrize("number", range(len(blocks("python"))))
def test_guide_when_its_python_is_run(
    tmp_path: Path, exchange: InMemoryExchange, picture: Callable[..., bytes], number: int
) -> None:
    """
    Each Python example runs in a folder with a list and an upload that matches.
    """
    (tmp_path / "upload.jpg").write_bytes(picture(1, format_="JPEG"))
    entry = exchange.add(hash_file(tmp_path / "upload.jpg").hash.hex())
    with served(exchange) as credentials:
        with Store.create(tmp_path / "list") as store:
            store.save_credentials(credentials)
        done = subprocess.run(
            [sys.executable, "-c", blocks("python")[number]],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            env={"PYTHONPATH": ":".join(sys.path)},
        )
    assert done.returncode == 0, done.stderr
    if "upload.jpg" in blocks("python")[number]:
        assert entry in done.stdout
        assert [item.value.value for item in exchange.feedback] == ["pending_review"]


def test_guide_when_its_commands_are_read() -> None:
    """
    Each command of the guide is one that the program knows.
    """
    commands = re.findall(r"tegenbeeld (\w+)(?= )", "\n".join(blocks("sh")))
    assert set(commands) == {"node", "sync", "match", "feedback"}
