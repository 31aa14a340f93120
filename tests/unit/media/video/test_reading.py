"""
Videos of every kind, whole and spoiled.
"""

import builtins
import io
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tegenbeeld.errors import (
    DamagedVideo,
    EmptyFile,
    LockedVideo,
    MediaError,
    NotAVideo,
    UnreadableFile,
    VideoSupportMissing,
    VideoTooLarge,
)
from tegenbeeld.media.video import Ending, VideoLimits, VideoSamples, glimpse_video, read_video
from testing.video_files import claiming, moving, scene, sound, turned, video

SECRET = "00112233445566778899aabbccddeeff"


def seen(content: Any, **options: Any) -> tuple[list[int], list[np.ndarray], Ending | None]:
    """
    Read all of a video: times, brightness, and why it ended.
    """
    with read_video(content, **options) as samples:
        pairs = list(samples)
    return [at for at, _ in pairs], [luma for _, luma in pairs], samples.ending


def apart(one: np.ndarray, other: np.ndarray) -> float:
    """
    The mean difference in brightness.
    """
    return float(np.abs(one.astype(int) - other.astype(int)).mean())


@pytest.mark.parametrize(
    ("codec", "container"),
    [
        ("libx264", "mp4"),
        ("libx264", "mov"),
        ("libx264", "matroska"),
        ("libx264", "mpegts"),
        ("libx265", "mp4"),
        ("libvpx", "webm"),
        ("libvpx-vp9", "webm"),
        ("mpeg4", "avi"),
        ("mjpeg", "avi"),
    ],
)
def test_each_kind_of_file_gives_the_frames_at_whole_seconds(codec: str, container: str) -> None:
    """
    Each is told from its first bytes, and shows what was put in.
    """
    frames = moving(3.5)
    content = video(frames, codec=codec, container=container)
    times, lumas, ending = seen(content)
    assert times == [0, 1000, 2000, 3000]
    assert ending is Ending.COMPLETE
    for second, luma in enumerate(lumas):
        differences = [apart(luma, frame) for frame in frames]
        assert int(np.argmin(differences)) == 10 * second


def test_frames_are_those_on_display_when_the_rate_varies() -> None:
    """
    Times count, not numbers: a frame that stays is shown at each second that it stays for.
    """
    lumas = [scene(number) for number in range(4)]
    content = video(lumas, times=[0, 40, 330, 410], container="matroska")
    times, shown, _ = seen(content)
    assert times == [0, 1000, 2000, 3000, 4000]
    nearest = [int(np.argmin([apart(luma, one) for one in lumas])) for luma in shown]
    assert nearest == [0, 1, 1, 1, 2]
    assert shown[1] is shown[2]


def test_times_are_counted_from_the_first_frame() -> None:
    """
    A file may begin in the middle of things.
    """
    content = video([scene(1), scene(2)], times=[1000, 1150], container="matroska")
    assert seen(content)[0] == [0, 1000]


def test_limited_range_is_expanded() -> None:
    """
    Black is 0 and white is 255, though the file says 16 and 235.
    """
    content = video([np.where(scene(1) > 128, 255, 0).astype(np.uint8)] * 3, codec="libx264")
    luma = seen(content)[1][0]
    assert np.percentile(luma, 20) < 4
    assert np.percentile(luma, 80) > 251


def test_a_video_is_turned_as_it_asks() -> None:
    """
    Phones film lying down and note it.
    """
    content = video(moving(1.2))
    plain, upright = seen(content)[1][0], seen(turned(content))[1][0]
    assert upright.shape == (160, 120)
    assert apart(upright, np.rot90(plain, 3)) == 0


def test_a_path_and_an_open_file_give_the_same(tmp_path: Path) -> None:
    """
    Where the bytes come from makes no difference.
    """
    content = video(moving(2.2))
    path = tmp_path / "a.mp4"
    path.write_bytes(content)
    lumas = [seen(source)[1] for source in (content, path, io.BytesIO(content))]
    assert all(np.array_equal(lumas[0], other) for other in lumas[1:])


@pytest.mark.parametrize("kind", ["GIF", "WEBP"])
def test_an_animation_is_a_video(kind: str) -> None:
    """
    Its frames appear after the durations of those before.
    """
    pictures = [Image.fromarray(scene(number)) for number in range(3)]
    file = io.BytesIO()
    pictures[0].save(
        file, kind, save_all=True, append_images=pictures[1:], duration=[700, 900, 500]
    )
    times, lumas, ending = seen(file.getvalue())
    assert (times, ending) == ([0, 1000], Ending.COMPLETE)
    assert apart(lumas[1], scene(1)) < 8


@pytest.mark.parametrize("kind", ["GIF", "WEBP"])
def test_an_animation_that_does_not_move_is_no_video(kind: str) -> None:
    """
    It is a picture, and is matched as one.
    """
    file = io.BytesIO()
    Image.fromarray(scene(1)).save(file, kind)
    with pytest.raises(NotAVideo):
        read_video(file.getvalue())


def test_one_frame_is_a_video() -> None:
    """
    It gives that frame.
    """
    times, _, ending = seen(video([scene(1)]))
    assert (times, ending) == ([0], Ending.COMPLETE)


@pytest.mark.parametrize("with_cover", [False, True])
def test_sound_alone_is_no_video(*, with_cover: bool) -> None:
    """
    Nor is a song with a cover.
    """
    with pytest.raises(NotAVideo):
        read_video(sound(with_cover=with_cover))


def test_a_file_that_is_cut_off_gives_what_can_be_read_and_says_so() -> None:
    """
    Half a video is worth half a match.
    """
    content = video(moving(8), movflags="faststart")
    times, _, ending = seen(content[: len(content) // 2])
    assert 1000 in times
    assert 7000 not in times
    assert ending is Ending.DAMAGED


def test_a_file_without_its_index_is_damaged() -> None:
    """
    Phones write it last; without it nothing can be found.
    """
    content = video(moving(4))
    with pytest.raises(DamagedVideo):
        seen(content[: len(content) // 2])


def test_frames_that_are_claimed_are_not_believed() -> None:
    """
    A billion frames in a few kilobytes are a plain error, at once.
    """
    content = video(moving(2), movflags="faststart")
    for frames in (10**6, 10**9):
        with pytest.raises(MediaError):
            seen(claiming(content, frames))


def test_an_encrypted_video_is_refused() -> None:
    """
    Decoding it gives noise, whose hash would be listed.
    """
    content = video(
        moving(2),
        encryption_scheme="cenc-aes-ctr",
        encryption_key=SECRET,
        encryption_kid=SECRET,
    )
    with pytest.raises(LockedVideo):
        read_video(content)


def test_only_the_first_part_of_a_long_video_is_looked_at() -> None:
    """
    Ten hours give two, and say so.
    """
    content = video([scene(1), scene(2), scene(3)], times=[0, 100, 3_600_000], container="matroska")
    times, _, ending = seen(content)
    assert (len(times), times[-1]) == (7_200, 7_199_000)
    assert ending is Ending.TOO_LONG


def test_no_more_frames_are_decoded_than_the_limit() -> None:
    """
    What came before counts.
    """
    times, _, ending = seen(video(moving(4)), limits=VideoLimits(frames=25))
    assert (times, ending) == ([0, 1000, 2000], Ending.TOO_LONG)


def test_decoding_ends_when_its_time_is_over() -> None:
    """
    The clock moves a second with each frame.
    """
    ticks = iter(range(1000))
    limits = VideoLimits(work_s=20)
    with VideoSamples(video(moving(4)), limits=limits, clock=lambda: next(ticks)) as samples:
        assert [at for at, _ in samples] == [0, 1000]
    assert samples.ending is Ending.OUT_OF_TIME


def test_frames_beyond_the_limit_of_pixels_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Before one is decoded.
    """
    monkeypatch.setattr("tegenbeeld.media.video.limits.MAX_FRAME_PIXELS", 160 * 120 - 1)
    with pytest.raises(VideoTooLarge):
        read_video(video(moving(1)))


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", EmptyFile),
        (b"no video at all", NotAVideo),
        (b"#EXTM3U\n#EXTINF:10,\nhttp://127.0.0.1/a.ts\n", NotAVideo),
        (b"ffconcat version 1.0\nfile /etc/passwd\n", NotAVideo),
        (b"\x00\x00\x00\x18ftypheic" + bytes(200), NotAVideo),
        (b"\x00\x00\x00\x18ftypisom" + bytes(2000), DamagedVideo),
        (b"\x1aE\xdf\xa3" + bytes(2000), DamagedVideo),
        (b"RIFF\x00\x01\x00\x00AVI " + bytes(2000), MediaError),
        (b"GIF89a" + bytes(50), MediaError),
        ((b"G" + bytes(187)) * 20, MediaError),
    ],
)
def test_what_is_no_video_is_refused_in_plain_words(
    content: bytes, error: type[MediaError], capfd: pytest.CaptureFixture[str]
) -> None:
    """
    Playlists too: they name other files. Nothing is written to the terminal.
    """
    with pytest.raises(error) as caught:
        seen(content)
    assert len(caught.value.message) > 20
    assert capfd.readouterr() == ("", "")


def test_a_missing_file_is_unreadable(tmp_path: Path) -> None:
    """
    As is a folder.
    """
    for path in (tmp_path, tmp_path / "none.mp4"):
        with pytest.raises(UnreadableFile):
            read_video(path)


def test_without_the_extra_the_error_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """
    The base installation does without PyAV.
    """
    content = video(moving(1))
    real = builtins.__import__

    def without(name: str, *others: Any, **named: Any) -> Any:
        if name.partition(".")[0] == "av":
            raise ImportError(name)
        return real(name, *others, **named)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(VideoSupportMissing, match=r"tegenbeeld\[video\]"):
        read_video(content)


@pytest.mark.parametrize("step", [37, 211])
def test_a_spoiled_file_never_raises_anything_else(step: int) -> None:
    """
    Bytes changed all over give frames or a plain error.
    """
    content = video(moving(2), movflags="faststart")
    for place in range(0, len(content), max(step, len(content) // 40)):
        spoiled = bytearray(content)
        spoiled[place : place + 4] = b"\xff\xff\xff\xff"
        try:
            seen(bytes(spoiled))
            glimpse_video(bytes(spoiled))
        except MediaError:
            continue


def test_glimpses_are_from_all_over_the_video() -> None:
    """
    Of a short one, too, in which only the first frame can be decoded by itself.
    """
    frames = glimpse_video(video(moving(8)), most=8)
    assert len(frames) == 8
    assert min(apart(one, other) for one, other in pairwise(frames)) > 20
