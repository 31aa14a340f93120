"""
From the bytes of an upload to what it matches, with a real index.
"""

import hashlib

import numpy as np
import pytest

from tegenbeeld import pdq
from tegenbeeld.errors import VideoTooPoor
from tegenbeeld.kit import videos
from tegenbeeld.wire.video import decode_frames, encode_frames
from testing.video_files import moving, scene, video


def listed(*contents: bytes, photos: pdq.Words | None = None) -> videos.FixedVideos:
    """
    Make a list of videos, as they come from the wire.
    """
    frames = [decode_frames(encode_frames(videos.hash_video(one).frames)) for one in contents]
    return videos.FixedVideos([videos.Signal.of(one) for one in frames], photos=photos)


def found(list_: videos.FixedVideos, content: bytes) -> videos.VideoFindings:
    """
    Look an upload up.
    """
    return videos.match_upload(list_, videos.hash_upload(content).upload)


@pytest.fixture(scope="module")
def original() -> list[np.ndarray]:
    """
    Twelve scenes.
    """
    return moving(12)


@pytest.fixture(scope="module")
def known(original: list[np.ndarray]) -> videos.FixedVideos:
    """
    A list with that video as its second.
    """
    return listed(video(moving(12, seed=7)), video(original))


def test_a_copy_is_found_with_how_it_differs(
    known: videos.FixedVideos, original: list[np.ndarray]
) -> None:
    """
    Mirrored, in worse quality, and from 2.7 s on.
    """
    copy = video([np.fliplr(frame) for frame in original[27:]], codec="libvpx", container="webm")
    match = found(known, copy).videos[0]
    assert (match.video, match.orientation, match.without_bars) == (1, "flip_y", False)
    assert abs(match.shift_ms + 2700) <= 300
    assert match.agreed / match.compared >= 0.8


def test_a_copy_inside_bars_is_found(known: videos.FixedVideos, original: list[np.ndarray]) -> None:
    """
    What is inside them is looked up too.
    """
    copy = video([np.pad(frame, ((0, 0), (60, 60))) for frame in original])
    match = found(known, copy).videos[0]
    assert (match.video, match.without_bars) == (1, True)


def test_a_copy_at_another_speed_inside_others_is_found(
    known: videos.FixedVideos, original: list[np.ndarray]
) -> None:
    """
    A tenth slower, after five seconds of something else.
    """
    slower = [original[int(place / 1.1)] for place in range(int(len(original) * 1.1))]
    match = found(known, video(moving(5, seed=3) + slower + moving(6, seed=4))).videos[0]
    assert match.video == 1
    assert abs(match.speed - 1.1) < 0.02
    assert abs(match.shift_ms - 5000) <= 400


def test_what_two_videos_share_does_not_make_them_copies(
    known: videos.FixedVideos, original: list[np.ndarray]
) -> None:
    """
    The same first three scenes, and black around both.
    """
    black = [np.zeros_like(original[0])] * 20
    other = video([*black, *original[:30], *moving(10, seed=5), *black])
    assert found(known, other).videos == []
    assert found(listed(video([*black, *original, *black])), other).videos == []


def test_a_still_of_a_video_is_reported_as_its_frame(known: videos.FixedVideos) -> None:
    """
    Shown by a video in which nothing moves.
    """
    findings = found(known, video([moving(12)[40]] * 30))
    assert findings.videos == []
    assert [(one.video, one.at_ms) for one in findings.frames] == [(1, 4000)]


def test_a_listed_photo_in_a_video_is_reported_with_its_time() -> None:
    """
    Shown in the third second.
    """
    photos = pdq.pack([pdq.hash_rgb(scene(77)).hash])
    upload = video([*moving(2), *[scene(77)] * 10, *moving(2, seed=2)])
    findings = found(listed(video(moving(3, seed=9)), photos=photos), upload)
    assert findings.videos == []
    assert [(one.key, one.orientation) for one in findings.photos] == [(0, "original")]
    assert 2000 <= findings.photos[0].at_ms < 3000


def test_a_withdrawn_video_is_not_reported(
    known: videos.FixedVideos, original: list[np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Its frames may still lie in the index for a moment.
    """
    monkeypatch.setattr(known, "signal", lambda _: None)
    findings = found(known, video(original))
    assert (findings.videos, findings.frames) == ([], [])


def test_an_upload_without_detail_matches_nothing(known: videos.FixedVideos) -> None:
    """
    And cannot be listed.
    """
    black = video([np.zeros((120, 160), np.uint8)] * 20)
    assert found(known, black) == videos.VideoFindings([], [], [])
    with pytest.raises(VideoTooPoor):
        videos.hash_video(black)


def test_the_md5_is_that_of_the_file(original: list[np.ndarray]) -> None:
    """
    Whatever was read of it.
    """
    content = video(original[:20])
    assert videos.hash_video(content).md5 == hashlib.md5(content).hexdigest()


def test_a_video_that_never_changes_is_looked_up_in_bounded_memory() -> None:
    """
    Each of its samples is near each listed frame, which are millions of pairs.
    """
    rng = np.random.default_rng(1)
    base = rng.integers(0, 2**64, 4, dtype=np.uint64)
    noise = np.uint64(1) << rng.integers(0, 64, (7200, 4), dtype=np.uint64)
    words = base ^ noise
    list_ = videos.FixedVideos([videos.Signal(words, np.arange(7200) * 1000)])
    views = rng.integers(0, 2**64, (8, 28_800, 4), dtype=np.uint64)
    views[0] = base ^ (np.uint64(1) << rng.integers(0, 64, (28_800, 4), dtype=np.uint64))
    at_ms = np.arange(28_800) * videos.EVERY_MS
    upload = videos.Upload(at_ms, views, np.ones((8, 28_800), np.bool_))
    assert [match.video for match in videos.match_upload(list_, upload).videos] == [0]


def test_a_long_video_at_another_speed_is_found() -> None:
    """
    After ten minutes a copy that is 5 % slower is half a minute behind.
    """
    rng = np.random.default_rng(2)
    words = rng.integers(0, 2**64, (600, 4), dtype=np.uint64)
    at_ms = np.arange(2_520) * videos.EVERY_MS
    views = rng.integers(0, 2**64, (8, len(at_ms), 4), dtype=np.uint64)
    views[0] = words[(at_ms / 1.05 / 1000).astype(int)]
    upload = videos.Upload(at_ms, views, np.ones(views.shape[:2], np.bool_))
    match = videos.match_upload(
        videos.FixedVideos([videos.Signal(words, np.arange(600) * 1000)]), upload
    ).videos[0]
    assert abs(match.speed - 1.05) < 0.001
    assert match.agreed == 600
