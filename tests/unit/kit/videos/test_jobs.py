"""
The job of the sandbox, and what comes out of it.
"""

from io import BytesIO

import numpy as np
import pytest

from tegenbeeld.errors import DecoderCrashed, ShapeError
from tegenbeeld.kit import videos
from tegenbeeld.kit.videos import jobs
from tegenbeeld.kit.videos.jobs import packed, read_upload_answer, read_video_answer, unpacked
from testing.video_files import moving, video


def look(content: bytes, *, is_upload: bool) -> bytes:
    """
    Do the job, in this process.
    """
    return jobs.look(BytesIO(content), jobs.task_for(is_upload=is_upload, work_s=30))


def test_the_answer_holds_the_upload() -> None:
    """
    As it is made without a sandbox.
    """
    content = video(moving(2))
    answer = read_upload_answer(look(content, is_upload=True))
    made = videos.hash_upload(content)
    assert (answer.md5, answer.ending) == (made.md5, made.ending)
    for mine, other in zip(answer.upload, made.upload, strict=True):
        assert np.array_equal(mine, other)


def test_the_answer_holds_the_frames() -> None:
    """
    As they are made without a sandbox.
    """
    content = video(moving(2))
    assert read_video_answer(look(content, is_upload=False)) == videos.hash_video(content)


def test_an_answer_of_another_form_is_refused() -> None:
    """
    Whoever broke the decoder may answer anything.
    """
    content = video(moving(1))
    upload, frames = look(content, is_upload=True), look(content, is_upload=False)
    for answer in (b"", b"\xc0", upload[:-1], frames + b"x", bytes(8), b"\xff" * 8, frames):
        with pytest.raises(DecoderCrashed):
            read_upload_answer(answer)
    for answer in (b"", frames[:-1], frames.replace(b"AQAAA", b"AgAAA", 1), b"\xff" * 8, upload):
        with pytest.raises(DecoderCrashed):
            read_video_answer(answer)


def test_hashes_of_another_form_are_refused() -> None:
    """
    Their number must be what the head says, and be possible.
    """
    answer = packed(videos.hash_upload(video(moving(1))).upload)
    spoiled = [b"", answer[:7], answer[:-1], answer + b"x", bytes(8), b"\xff" * 8]
    for one in [*spoiled, b"\x07" + answer[1:]]:
        with pytest.raises(ShapeError):
            unpacked(one)
