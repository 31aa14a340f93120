"""
What somebody gets who installs the package instead of a checkout.
"""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

ASK = """
import django, os
os.environ["DJANGO_SETTINGS_MODULE"] = "tegenbeeld.server.conf.settings"
django.setup()
from django.conf import settings
from django.test import Client
settings.ALLOWED_HOSTS.append("testserver")
for path in ("/nl/help/", "/static/vendor/libheif.mjs", "/static/pdq/worker.mjs"):
    response = Client().get(path)
    assert response.status_code == 200, path
    text = b"".join(response).decode()
    print(path, settings.WEB_ROOT, "hulp" in text.lower())
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """
    The content of the wheel that is built from the source package, in a folder.
    """
    folder = tmp_path_factory.mktemp("wheel")
    # From a copy: what an earlier build left behind must not find its way into this one.
    copy = folder / "copy"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".*", "node_modules", "var", "build"))
    ask = "from setuptools.build_meta import build_sdist as b; b('..')"
    subprocess.run([sys.executable, "-c", ask], check=True, cwd=copy, capture_output=True)
    (source,) = folder.glob("*.tar.gz")
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*build, "--wheel-dir", str(folder), str(source)], check=True, cwd=folder)
    (wheel,) = folder.glob("*.whl")
    target = folder / "installed"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(target)
    return target


def test_wheel_serves_pages_and_browser_code(installed: Path, tmp_path: Path) -> None:
    """
    A node runs from the installed package alone: pages, translations, browser libraries.
    """
    environment = os.environ | {"PYTHONPATH": str(installed), "DATA": str(tmp_path / "node")}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    subprocess.run(
        [sys.executable, "-m", "tegenbeeld", "node", "init"],
        env=environment,
        cwd=tmp_path,
        check=True,
    )
    printed = subprocess.run(
        [sys.executable, "-c", ASK],
        env=environment,
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert str(installed / "tegenbeeld" / "web") in printed
    assert "/nl/help/" in printed
    assert "True" in printed.splitlines()[0]


def test_wheel_holds_no_tests_and_no_tools(installed: Path) -> None:
    """
    Nothing but the package.
    """
    tops = {path.name for path in installed.iterdir()}
    assert {name for name in tops if not name.endswith(".dist-info")} == {"tegenbeeld"}
