"""
Fixtures that every folder of tests may use.
"""

import io
import os
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings
from PIL import Image

from testing.running_node import RunningNode

# How long an example takes depends on what else the machine does; no test is about time.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """
    Where everything must run, a skipped browser or service test is a failed one.
    """
    report = yield
    must_run = item.get_closest_marker("browser") or item.get_closest_marker("service")
    if report.skipped and must_run and os.environ.get("TEGENBEELD_REQUIRE_ALL") == "1":
        report.outcome = "failed"
    return report


@pytest.fixture
def running_node(tmp_path: Path) -> Iterator[RunningNode]:
    """
    A fresh node, serving, in a process of its own.
    """
    node = RunningNode(tmp_path / "node")
    node.start()
    yield node
    node.stop()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """
    Give the folder of real pictures beside the repository; skip the test where there is none.
    """
    folder = Path(__file__).resolve().parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"real pictures are not here: no folder {folder}")
    return folder


@pytest.fixture
def picture() -> Callable[..., bytes]:
    """
    Makes pictures with enough detail: the same number gives the same picture.
    """

    def make(number: int = 1, *, size: int = 320, format_: str = "PNG") -> bytes:
        noise = np.random.default_rng(number).integers(0, 256, (12, 12, 3), dtype=np.uint8)
        image = Image.fromarray(noise).resize((size, size), Image.Resampling.BICUBIC)
        file = io.BytesIO()
        image.save(file, format_)
        return file.getvalue()

    return make
