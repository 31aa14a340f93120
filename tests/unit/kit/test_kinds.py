"""
Pictures and videos are told apart by what is in them.
"""

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tegenbeeld.errors import EmptyFile, UnreadableFile
from tegenbeeld.kit.kinds import is_video
from testing.video_files import moving, sound, video


def animation(format_: str, frames: int, **options: object) -> bytes:
    """
    Make a GIF or WebP of so many frames.
    """
    rng = np.random.default_rng(7)
    noise = [Image.fromarray(rng.integers(0, 255, (40, 60, 3), np.uint8)) for _ in range(frames)]
    file = BytesIO()
    noise[0].save(file, format_, save_all=True, append_images=noise[1:], **options)
    return file.getvalue()


@pytest.mark.parametrize("format_", ["GIF", "WEBP"])
def test_an_animation_is_a_video_and_a_still_one_is_not(format_: str) -> None:
    """
    However many frames it has, with a comment and without.
    """
    assert is_video(animation(format_, 2))
    assert is_video(animation(format_, 5, comment=b"c" * 700, loop=0))
    assert not is_video(animation(format_, 1))
    assert not is_video(animation(format_, 1, comment=b"c" * 700))


def test_a_gif_that_is_cut_off_is_told_by_what_is_there() -> None:
    """
    Cut anywhere, it is told without an error, and moves only once a second frame has begun.
    """
    whole = animation("GIF", 2)
    told = [is_video(whole[:end]) for end in range(6, len(whole))]
    first = told.index(True)
    assert first > len(animation("GIF", 1)) - 100
    assert not any(told[:first])
    assert all(told[first:])


def test_videos_and_pictures_are_told_from_a_path_and_from_bytes(tmp_path: Path) -> None:
    """
    The name says nothing.
    """
    clip, photo = video(moving(1)), animation("PNG", 1)
    for content, expected in ((clip, True), (photo, False), (b"text", False), (sound(), True)):
        named = tmp_path / "photo.jpg"
        named.write_bytes(content)
        assert is_video(named) is is_video(content) is expected


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    """
    With the reason.
    """
    with pytest.raises(EmptyFile):
        is_video(b"")
    with pytest.raises(UnreadableFile, match="folder"):
        is_video(tmp_path)
    with pytest.raises(UnreadableFile, match="no file"):
        is_video(tmp_path / "none.mp4")
