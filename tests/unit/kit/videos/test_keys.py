"""
The keys of photos and frames in one index.
"""

import numpy as np

from tegenbeeld.kit.videos import NO_VIDEO, Signal, frame_keys, places
from tegenbeeld.kit.videos.keys import FIRST_FRAME, entries
from tegenbeeld.wire.video import MAX_FRAMES, decode_frames
from testing.videos import random_frames

LARGEST_ENTRY = (1 << 50) - 1


def test_keys_of_frames_say_what_they_stand_for() -> None:
    """
    Also the last frame of the longest video with the largest key that fits.
    """
    for video in (1, 2, LARGEST_ENTRY):
        keys = frame_keys(video, MAX_FRAMES)
        assert keys.dtype == np.uint64
        assert (keys >= FIRST_FRAME).all()
        found = places(keys)
        assert set(found.video.tolist()) == {video}
        assert found.frame.tolist() == list(range(MAX_FRAMES))
        assert set(entries(keys).tolist()) == {video}


def test_keys_of_photos_are_those_of_their_entries() -> None:
    """
    Beside those of a frame.
    """
    keys = np.array([0, 7, LARGEST_ENTRY, frame_keys(7, 3)[2]], np.uint64)
    found = places(keys)
    assert found.video.tolist() == [NO_VIDEO, NO_VIDEO, NO_VIDEO, 7]
    assert found.frame.tolist() == [0, 0, 0, 2]
    assert entries(keys).tolist() == [0, 7, LARGEST_ENTRY, 7]


def test_frames_read_at_once_are_those_read_one_by_one() -> None:
    """
    The fast way and the one that checks.
    """
    text = random_frames(50)
    fast, checked = Signal.read(text), Signal.of(decode_frames(text))
    assert np.array_equal(fast.words, checked.words)
    assert np.array_equal(fast.at_ms, checked.at_ms)
