"""
A node that other people's software talks to.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from testing.running_node import RunningNode


@pytest.fixture
def running_node(tmp_path: Path) -> Iterator[RunningNode]:
    """
    A fresh node, serving.
    """
    node = RunningNode(tmp_path / "node")
    node.start()
    yield node
    node.stop()
