"""
The published test hashes are those of the published test pictures.
"""

import json
from pathlib import Path

from tegenbeeld.media import read_pixels
from tegenbeeld.pdq import hash_rgb
from tegenbeeld.wire.published import TEST_HASHES

VECTORS = Path(__file__).parents[2] / "spec" / "vectors"


def test_test_hashes_are_those_of_the_pictures() -> None:
    """
    Whoever uploads one of the three pictures finds it on every list.
    """
    listed = json.loads((VECTORS / "test-pictures.json").read_text())
    hashes = [
        hash_rgb(read_pixels(VECTORS / "test-pictures" / item["file"])).hash.hex()
        for item in listed
    ]
    assert tuple(hashes) == tuple(item["hash"] for item in listed) == TEST_HASHES
