"""
`tegenbeeld node …` in processes of its own, on a folder of its own.
"""

import json
import os
import socket
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

Result = subprocess.CompletedProcess[str]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """
    A folder that a node has not been set up in yet.
    """
    return tmp_path / "node"


def node(data: Path, *words: str, **settings: str) -> Result:
    """
    Run one command of the node.
    """
    return subprocess.run(
        [sys.executable, "-m", "tegenbeeld", "node", *words],
        env=os.environ | {"DATA": str(data), "DJANGO_SETTINGS_MODULE": ""} | settings,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_init_makes_a_folder_for_its_owner_alone(data: Path) -> None:
    """
    The key file is readable by nobody else, and a second init keeps it.
    """
    assert node(data, "init").returncode == 0
    key_file = data / "keys" / "node.key"
    key = key_file.read_text()
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    assert stat.S_IMODE((data / "node.sqlite3").stat().st_mode) == 0o600
    assert [path.name for path in key_file.parent.iterdir()] == ["node.key"]
    assert node(data, "init").returncode == 0
    assert key_file.read_text() == key


@pytest.mark.parametrize("words", [("serve",), ("seed", "1"), ("partner", "add", "A")])
def test_command_when_not_set_up_says_how(data: Path, words: tuple[str, ...]) -> None:
    """
    Before `node init` every command names it, and makes nothing.
    """
    result = node(data, *words)
    assert result.returncode == 2
    assert "tegenbeeld node init" in result.stderr
    assert "Traceback" not in result.stderr
    assert not data.exists()


def test_init_when_key_is_lost_refuses_to_make_another(data: Path) -> None:
    """
    A new key could not read the old hashes, so none is made beside an old database.
    """
    node(data, "init")
    (data / "keys" / "node.key").unlink()
    result = node(data, "init")
    assert result.returncode == 2
    assert "backup" in result.stderr
    assert not (data / "keys" / "node.key").exists()


def test_partner_add_prints_every_key_once(data: Path) -> None:
    """
    The JSON holds what both doors need, and the same name is refused.
    """
    node(data, "init")
    added = json.loads(node(data, "partner", "add", "Platform A", "--json").stdout)
    assert added["partner"] == "Platform A"
    assert added["state"] == "live"
    stopncii = added["stopncii"]
    assert set(stopncii["function_keys"]) == {"FetchHashes", "SubmitHashes", "SubmitFeedback"}
    keys = [added["key"], stopncii["subscription_key"], *stopncii["function_keys"].values()]
    assert len(set(keys)) == 5
    again = node(data, "partner", "add", "Platform A")
    assert again.returncode == 2
    assert "already" in again.stderr


@pytest.mark.parametrize("name", ["", "  ", "x" * 81, "a\nb"])
def test_partner_add_when_name_is_no_name_is_refused(data: Path, name: str) -> None:
    """
    A name is 1 to 80 printable characters.
    """
    node(data, "init")
    result = node(data, "partner", "add", name)
    assert result.returncode == 2
    assert "name" in result.stderr


def test_partner_suspend_and_resume_need_a_known_name(data: Path) -> None:
    """
    A platform can be shut out and let in again; a misspelt name says so.
    """
    node(data, "init")
    node(data, "partner", "add", "Platform A")
    assert node(data, "partner", "suspend", "Platform A").returncode == 0
    assert node(data, "partner", "resume", "Platform A").returncode == 0
    result = node(data, "partner", "suspend", "Platform B")
    assert result.returncode == 2
    assert "Platform B" in result.stderr


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("PORT", "abc"),
        ("PORT", "99999"),
        ("PUBLISH_EVERY_SECONDS", "x"),
        ("PUBLISH_EVERY_SECONDS", "0"),
        ("PUBLIC_URL", "help.example.org"),
    ],
)
def test_setting_when_it_makes_no_sense_is_named(data: Path, setting: str, value: str) -> None:
    """
    One sentence that names the setting, and nothing is made.
    """
    result = node(data, "init", **{setting: value})
    assert result.returncode == 2
    assert setting in result.stderr
    assert "Traceback" not in result.stderr
    assert not data.exists()


def test_serve_when_port_is_taken_says_so(data: Path) -> None:
    """
    Another server on the port is never shared with, nor crashed into.
    """
    node(data, "init")
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        result = node(data, "serve", PORT=str(port))
    assert result.returncode == 2
    assert str(port) in result.stderr
    assert "Traceback" not in result.stderr


def test_seed_fills_an_empty_node_and_may_be_repeated(data: Path) -> None:
    """
    Synthetic protections are on the list at once.
    """
    node(data, "init")
    assert node(data, "seed", "1234").returncode == 0
    assert node(data, "seed", "6").returncode == 0
    with sqlite3.connect(data / "node.sqlite3") as database:
        (count,) = database.execute(
            "select count(*) from records_protection "
            "where provenance = 'synthetic' and state = 'listed'"
        ).fetchone()
        (head,) = database.execute("select seq from records_loghead").fetchone()
        (changes,) = database.execute("select count(*) from records_change").fetchone()
    assert count == 1240
    assert head == changes


@pytest.mark.parametrize("count", ["0", "-1", "x", "1.5", "100000001"])
def test_seed_when_count_is_no_count_is_refused(data: Path, count: str) -> None:
    """
    A count is a whole number from 1 up.
    """
    node(data, "init")
    result = node(data, "seed", count)
    assert result.returncode == 2
    assert "whole number" in result.stderr
