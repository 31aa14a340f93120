"""
Fixtures that every folder of tests may use.
"""

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """
    Give the folder of real pictures beside the repository; skip the test where there is none.
    """
    folder = Path(__file__).resolve().parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"real pictures are not here: no folder {folder}")
    return folder
