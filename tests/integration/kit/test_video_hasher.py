"""
Videos that strangers send, through the sandbox: what comes out, and what each kind of file costs.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tegenbeeld.errors import (
    DamagedVideo,
    DecoderTooSlow,
    EmptyFile,
    LockedVideo,
    MediaError,
    NotAVideo,
    UnreadableFile,
    VideoTooLarge,
    VideoTooPoor,
)
from tegenbeeld.kit import videos
from tegenbeeld.kit.videos.hasher import VideoHasher
from tegenbeeld.media.sandbox import Limits
from tegenbeeld.media.video import MAX_SECONDS, MAX_VIDEO_BYTES, Ending
from testing.clips import even_times, make_clip, padded
from testing.video_files import animation, claiming, moving, scene, sound, turned, video


@pytest.fixture(scope="module")
def hasher() -> Iterator[VideoHasher]:
    """
    One hasher with the limits of a platform.
    """
    with VideoHasher(workers=1) as one:
        yield one


@pytest.mark.parametrize(
    ("codec", "container"),
    [
        ("libx264", "mp4"),
        ("libx265", "mov"),
        ("libvpx-vp9", "webm"),
        ("libx264", "matroska"),
        ("mpeg4", "avi"),
        ("mpeg2video", "mpegts"),
        ("gif", "gif"),
    ],
)
def test_hashes_are_those_made_without_a_sandbox(
    hasher: VideoHasher, tmp_path: Path, codec: str, container: str
) -> None:
    """
    For each kind of file, from a path and from bytes, for a list and for an upload.
    """
    if container == "gif":
        content = animation("GIF")
    else:
        content = video(moving(3), codec=codec, container=container)
    path = tmp_path / "video"
    path.write_bytes(content)
    expected = videos.hash_video(content)
    assert hasher.hash(path) == hasher.hash(content) == expected
    upload, made = hasher.hash_upload(path), videos.hash_upload(content)
    assert upload.md5 == expected.md5
    assert upload.ending is Ending.COMPLETE
    for mine, other in zip(upload.upload, made.upload, strict=True):
        assert np.array_equal(mine, other)


def locked() -> bytes:
    """
    Make a file that says that it is encrypted.
    """
    return video(moving(1)).replace(b"avc1", b"encv")


REFUSED = {
    "nothing": (b"", EmptyFile),
    "text": (b"WEBVTT\n\n00:00 --> 00:01\nhello", NotAVideo),
    "a playlist": (b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n", NotAVideo),
    "sound": (sound(), NotAVideo),
    "sound with a cover": (sound(with_cover=True), NotAVideo),
    "a still GIF": (animation("GIF", 1), NotAVideo),
    "a header alone": (video(moving(1))[:400], DamagedVideo),
    "an index alone": (video(moving(1), movflags="faststart")[:1500], DamagedVideo),
    "encrypted": (locked(), LockedVideo),
    "no frames": (b"\0\0\0\x18ftypisom" + bytes(12), MediaError),
    "black": (video([np.zeros((120, 160), np.uint8)] * 20), VideoTooPoor),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_hashed_is_refused_in_plain_words(hasher: VideoHasher, name: str) -> None:
    """
    With what to do about it, and never with words about pictures' file kinds.
    """
    content, error = REFUSED[name]
    with pytest.raises(error) as caught:
        hasher.hash(content)
    assert caught.value.message.endswith(".")
    assert "JPEG" not in caught.value.message


def test_a_path_that_is_no_file_is_unreadable(hasher: VideoHasher, tmp_path: Path) -> None:
    """
    A folder, or nothing at all.
    """
    for path in (tmp_path, tmp_path / "none.mp4"):
        with pytest.raises(UnreadableFile):
            hasher.hash(path)


def test_what_is_claimed_is_not_believed(hasher: VideoHasher) -> None:
    """
    A thousand million frames are those that are there, in little time and memory.
    """
    content = video(moving(2))
    for frames in (10**9, 2**32 - 1):
        try:
            hashed = hasher.hash(claiming(content, frames))
        except MediaError:
            continue
        assert hashed.ending is Ending.DAMAGED
        assert len(hashed.frames) <= len(videos.hash_video(content).frames)


def test_part_of_a_file_gives_part_and_says_so(hasher: VideoHasher) -> None:
    """
    A download that broke off.
    """
    content = video(moving(8), movflags="faststart")
    hashed = hasher.hash(content[: len(content) * 2 // 3])
    assert hashed.ending is Ending.DAMAGED
    whole = hasher.hash(content).frames
    assert 0 < len(hashed.frames) < len(whole)
    assert hashed.frames == whole[: len(hashed.frames)]


def test_unusual_videos_are_read(hasher: VideoHasher) -> None:
    """
    One frame; frames at odd times; a file that asks to be turned.
    """
    one = hasher.hash(video([scene(1)]))
    assert [frame.at_ms for frame in one.frames] == [0]
    odd = hasher.hash(video([scene(n) for n in range(4)], times=[0, 7, 250, 251]))
    assert [frame.at_ms for frame in odd.frames] == [0, 1000]
    upright = video(moving(2))
    assert hasher.hash(turned(upright)).frames == videos.hash_video(turned(upright)).frames
    assert hasher.hash(turned(upright)).frames != hasher.hash(upright).frames


def test_the_largest_frames_fit(hasher: VideoHasher) -> None:
    """
    8K is read within the memory of a worker; more is refused.
    """
    large = [scene(n, width=7680, height=4320) for n in range(2)]
    content = video(large, times=[0, 100], preset="ultrafast")
    assert len(hasher.hash(content).frames) == 2
    wide = video([scene(1, width=16384, height=2304)], codec="mjpeg", container="matroska")
    with pytest.raises(VideoTooLarge, match="16384"):
        hasher.hash(wide)


def test_ten_hours_end_after_two(hasher: VideoHasher) -> None:
    """
    The rest is left out, and that is said.
    """
    times = [100 * second for second in range(0, 36_000, 60)]
    frames = (scene(number) for number in range(len(times)))
    hashed = hasher.hash(video(frames, times=times))
    assert hashed.ending is Ending.TOO_LONG
    assert max(frame.at_ms for frame in hashed.frames) < MAX_SECONDS * 1000


def test_a_large_file_takes_no_memory_and_a_larger_one_is_refused(
    hasher: VideoHasher, tmp_path: Path
) -> None:
    """
    It is read where it lies: the limit is higher than what a worker would have room for twice.
    """
    clip = make_clip(tmp_path / "clip.mp4", even_times(2))
    large = padded(clip, tmp_path / "large.mp4", MAX_VIDEO_BYTES)
    assert hasher.hash(large).frames == hasher.hash(clip).frames
    with pytest.raises(VideoTooLarge, match="512 MB"):
        hasher.hash(padded(clip, tmp_path / "larger.mp4", MAX_VIDEO_BYTES + 1))


def test_when_time_is_up_what_was_seen_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    And a file that does not even get there is ended.
    """
    content = video((scene(number) for number in range(4000)), rate=10)
    monkeypatch.setattr("tegenbeeld.kit.videos.hasher._DECODING_PART", 0.002)
    with VideoHasher(workers=1, limits=Limits(seconds=30, files=1)) as short:
        hashed = short.hash(content)
        assert hashed.ending is Ending.OUT_OF_TIME
        assert 0 < len(hashed.frames) < 400
    monkeypatch.undo()
    with (
        VideoHasher(workers=1, limits=Limits(seconds=60, cpu_seconds=0.4, files=1)) as shorter,
        pytest.raises(DecoderTooSlow, match="video"),
    ):
        shorter.hash(content)


def test_nothing_is_left_in_the_folder_for_temporary_files(
    hasher: VideoHasher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Neither of a video that is read nor of one that is refused.
    """
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    hasher.hash(video(moving(1)))
    with pytest.raises(NotAVideo):
        hasher.hash(b"text")
    assert not list(tmp_path.iterdir())
