"""
The job of the sandbox, and what comes out of it.
"""

import numpy as np
import pytest

from tegenbeeld.errors import ShapeError
from tegenbeeld.kit import videos
from tegenbeeld.kit.videos.jobs import packed, unpacked, upload_job
from testing.video_files import moving, video


def test_the_answer_holds_the_upload() -> None:
    """
    As it is made without a sandbox.
    """
    content = video(moving(2))
    upload = unpacked(upload_job(content, b"30"))
    for mine, other in zip(upload, videos.hash_upload(content), strict=True):
        assert np.array_equal(mine, other)


def test_an_answer_of_another_form_is_refused() -> None:
    """
    Whoever broke the decoder may answer anything.
    """
    answer = packed(videos.hash_upload(video(moving(1))))
    spoiled = [b"", answer[:7], answer[:-1], answer + b"x", bytes(8), b"\xff" * 8]
    for one in [*spoiled, b"\x07" + answer[1:]]:
        with pytest.raises(ShapeError):
            unpacked(one)
