"""
The size limits, each at its bound and one beyond.
"""

import pytest

from tegenbeeld.errors import PictureTooLarge, PictureTooSmall
from tegenbeeld.media import MAX_PIXELS, MAX_SIDE, MIN_SIDE
from tegenbeeld.media.limits import check_size


@pytest.mark.parametrize(
    ("width", "height"),
    [(MIN_SIDE, MIN_SIDE), (MAX_SIDE, 3200), (3200, MAX_SIDE), (8000, MAX_PIXELS // 8000)],
)
def test_check_size_accepts_when_size_is_at_the_limit(width: int, height: int) -> None:
    """
    All bounds are inclusive.
    """
    check_size(width, height)


@pytest.mark.parametrize(
    ("width", "height"), [(MAX_SIDE + 1, 10), (10, MAX_SIDE + 1), (8000, 8001), (8001, 8000)]
)
def test_check_size_refuses_when_picture_is_too_large(width: int, height: int) -> None:
    """
    The message gives the limit and a way out.
    """
    with pytest.raises(PictureTooLarge, match=r"64 million pixels .* smaller copy"):
        check_size(width, height)


@pytest.mark.parametrize(("width", "height"), [(1, 1), (4, 500), (500, 4), (0, 0)])
def test_check_size_refuses_when_picture_is_too_small(width: int, height: int) -> None:
    """
    The message gives the limit and a way out.
    """
    with pytest.raises(PictureTooSmall, match="at least 5"):
        check_size(width, height)
