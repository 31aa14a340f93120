"""
What the command line loads, and what it says of itself.
"""

import subprocess
import sys

import pytest

from tegenbeeld import __version__, cli, kit, pdq
from tegenbeeld.kit.commands import match

SLOW_TO_LOAD = {"numpy", "PIL", "httpx2", "django"}


@pytest.mark.parametrize("words", [["--help"], ["match", "--help"], ["--version"]])
def test_help_when_asked_loads_nothing_slow(words: list[str]) -> None:
    """
    Help and version come without loading arrays, pictures, HTTP or the server.
    """
    program = (
        "import sys\n"
        "from tegenbeeld.cli import main\n"
        "try: main(sys.argv[1:])\n"
        "except SystemExit: pass\n"
        "print(*sys.modules, file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *words],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": ":".join(sys.path)},
    )
    assert done.stdout
    assert not SLOW_TO_LOAD & set(done.stderr.split())


def test_version_when_asked(capsys: pytest.CaptureFixture[str]) -> None:
    """
    `--version` prints the version of the package.
    """
    with pytest.raises(SystemExit) as ended:
        cli.main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"tegenbeeld {__version__}\n"


def test_node_when_the_server_is_not_installed() -> None:
    """
    A platform that types `tegenbeeld node` is told what to install.
    """
    program = (
        "import sys\n"
        "sys.modules['django'] = None\n"
        "from tegenbeeld.cli import main\n"
        "sys.exit(main(['node', 'init']))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": ":".join(sys.path)},
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "pip install 'tegenbeeld[server]'" in done.stderr
    assert "Traceback" not in done.stderr


def test_kit_when_a_public_name_is_asked_for() -> None:
    """
    Every name that the kit promises is there, and `sync` is the function, not the module.
    """
    assert all(getattr(kit, name) is not None for name in kit.__all__)
    assert callable(kit.sync)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        kit.nothing  # noqa: B018


def test_largest_distance_when_compared() -> None:
    """
    The bound that the command line repeats is that of the hash.
    """
    assert match.LARGEST_DISTANCE == pdq.MAX_DISTANCE
