"""
A sidecar and pictures for its tests.
"""

import pytest

from testing.small_sidecar import Sidecar, entry, hash_text


@pytest.fixture
def sidecar() -> Sidecar:
    """
    A sidecar with five entries: the hashes 0 to 4.
    """
    return Sidecar([entry(number, hash_text(number)) for number in range(5)])
