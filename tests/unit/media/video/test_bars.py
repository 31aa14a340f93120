"""
Bars and marks are found in frames that move.
"""

import numpy as np

from tegenbeeld.media.video import Box, boxes, patch
from testing.video_files import scene


def framed(number: int, box: Box, shape: tuple[int, int], colour: int = 0) -> np.ndarray:
    """
    A scene inside bars.
    """
    frame = np.full(shape, colour, np.uint8)
    frame[box.top : box.bottom, box.left : box.right] = scene(
        number, width=box.right - box.left, height=box.bottom - box.top
    )
    return frame


def test_bars_are_cut_off_first() -> None:
    """
    The likeliest box is what is inside them, to the pixel.
    """
    box = Box(30, 150, 40, 200)
    assert boxes(framed(n, box, (180, 240), 255) for n in range(6))[0] == box


def test_bars_that_the_video_had_itself_are_tried_too() -> None:
    """
    It was 2 to 3 with black at its sides; more black was added to the left.
    """
    original = Box(0, 180, 80, 200)
    picture = Box(0, 180, 95, 185)
    found = boxes(framed(n, picture, (180, 240)) for n in range(6))
    assert picture in found
    assert original in found


def test_a_frame_of_pictures_that_never_moves_is_cut_off() -> None:
    """
    It is not of one colour.
    """
    box = Box(24, 144, 32, 192)
    frames = []
    for number in range(6):
        frame = scene(99, width=224, height=168).copy()
        frame[box.top : box.bottom, box.left : box.right] = scene(number)
        frames.append(frame)
    found = boxes(frames)[0]
    assert max(abs(a - b) for a, b in zip(found, box, strict=True)) <= 3


def test_without_bars_there_are_no_boxes() -> None:
    """
    Nor where there are too few frames, or nothing but one colour.
    """
    assert not boxes(scene(n) for n in range(6))
    assert not boxes([scene(1)])
    assert not boxes([np.zeros((90, 160), np.uint8)] * 6)


def test_a_mark_is_painted_over_and_the_rest_stays() -> None:
    """
    What is left of it disturbs less than it did.
    """
    marked = [scene(n).copy() for n in range(12)]
    for frame in marked:
        frame[10:30, 10:40] = np.tile([0, 255], (20, 15))
    found = patch(marked)
    assert found is not None
    painted = found.over(marked[3])
    assert np.array_equal(painted[60:], scene(3)[60:])
    before = np.abs(marked[3][10:30, 10:40].astype(int) - scene(3)[10:30, 10:40]).mean()
    after = np.abs(painted[10:30, 10:40].astype(int) - scene(3)[10:30, 10:40]).mean()
    assert after < before / 2


def test_a_scene_in_which_nothing_moves_has_no_mark() -> None:
    """
    Nor has one in which all does.
    """
    assert patch([scene(1)] * 12) is None
    assert patch([scene(n) for n in range(12)]) is None
