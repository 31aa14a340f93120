"""
A sidecar and pictures for its tests.
"""

import io
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from testing.small_sidecar import Sidecar, entry, hash_text


@pytest.fixture
def sidecar() -> Sidecar:
    """
    A sidecar with five entries: the hashes 0 to 4.
    """
    return Sidecar([entry(number, hash_text(number)) for number in range(5)])


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
