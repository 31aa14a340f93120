"""
Looking pictures and videos up on a list of photos and videos.
"""

import hashlib
import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tegenbeeld import pdq
from tegenbeeld.errors import MediaError
from tegenbeeld.kit import Entry, Matcher, SignalType
from tegenbeeld.wire.video import Frame, encode_frames
from testing.listed import listed_photo, listed_video, smaller
from testing.near_hashes import random_words, with_bits
from testing.video_files import moving, scene, video

CLIP = moving(12)


@pytest.fixture(scope="module")
def clip() -> bytes:
    """
    A video of twelve scenes.
    """
    return video(CLIP)


@pytest.fixture
def matcher(clip: bytes) -> Matcher:
    """
    A list of a photo, that video, and another video.
    """
    others = [listed_photo(scene(77), 1), listed_video(video(moving(6, seed=9)), 3)]
    return Matcher([*others[:1], listed_video(clip, 2), *others[1:]])


def number(id_: str) -> int:
    """
    The number that an entry of these tests was made with.
    """
    return int(id_, 16)


def png(luma: np.ndarray) -> bytes:
    """
    A picture as a file.
    """
    file = io.BytesIO()
    Image.fromarray(luma).save(file, "PNG")
    return file.getvalue()


def test_match_video_when_it_is_a_copy(matcher: Matcher, tmp_path: Path) -> None:
    """
    Smaller and encoded anew, the video is found as a whole; an unrelated one finds nothing.
    """
    copy = video(smaller(CLIP), codec="mpeg4")
    (match,) = matcher.match_video(copy)
    assert (number(match.id), match.found, match.view) == (2, "video", "whole")
    assert match.agreed is not None
    assert match.compared is not None
    assert 0.6 * match.compared <= match.agreed <= match.compared
    assert (match.at_ms, match.provenance) == (None, "self")
    path = tmp_path / "copy"
    path.write_bytes(copy)
    assert matcher.match_file(path) == [match]
    assert matcher.match_file(video(moving(12, seed=4))) == []


def test_match_video_when_turned_says_how(matcher: Matcher) -> None:
    """
    A mirrored copy matches with the orientation that undoes it.
    """
    (match,) = matcher.match_video(video([np.ascontiguousarray(one[:, ::-1]) for one in CLIP]))
    assert (match.found, match.orientation) == ("video", "flip_y")


def test_match_video_when_it_is_the_file(matcher: Matcher, clip: bytes) -> None:
    """
    The same bytes are reported once, as the file.
    """
    (match,) = matcher.match_video(clip)
    assert (number(match.id), match.found, match.distance) == (2, "file", 0)
    assert match.hash == hashlib.md5(clip, usedforsecurity=False).hexdigest()
    assert (match.agreed, match.compared) == (None, None)


def test_match_video_when_it_cannot_be_read() -> None:
    """
    Its file is found all the same; one that is not listed is refused.
    """
    broken = video(CLIP)[:600]
    md5 = hashlib.md5(broken, usedforsecurity=False).digest()
    matcher = Matcher([Entry("one", SignalType.VIDEO_MD5, md5, None)])
    looked_at = matcher.look_at_video(broken)
    assert [match.found for match in looked_at.matches] == ["file"]
    assert looked_at.ending is None
    with pytest.raises(MediaError):
        matcher.match_video(broken[:-1])


def test_match_picture_when_it_is_out_of_a_video(matcher: Matcher) -> None:
    """
    A still is reported with its video and when that shows it, also turned, and by its hash alone.
    """
    still = CLIP[40]
    (match,) = matcher.match_file(png(np.rot90(still)))
    assert (number(match.id), match.found, match.at_ms) == (2, "frame", 4000)
    assert match.orientation != "original"
    (match,) = matcher.match_hash(pdq.hash_rgb(still).hash)
    assert (number(match.id), match.found, match.at_ms) == (2, "frame", 4000)


def test_match_video_when_it_shows_one_frame_only(matcher: Matcher) -> None:
    """
    A video in which nothing moves is reported as that frame.
    """
    (match,) = matcher.match_video(video([CLIP[40]] * 30))
    assert (number(match.id), match.found, match.at_ms) == (2, "frame", 4000)


def test_match_video_when_it_shows_a_photo(matcher: Matcher) -> None:
    """
    A listed photo in a video is reported with the time in the upload; a lower bound leaves it out.
    """
    upload = video([*moving(2, seed=5), *[scene(77)] * 10, *moving(2, seed=6)])
    (match,) = matcher.match_video(upload)
    assert (number(match.id), match.found) == (1, "shown")
    assert match.at_ms is not None
    assert 2000 <= match.at_ms < 3000
    if match.distance:
        lower = matcher.look_at_video(upload, max_distance=match.distance - 1)
        assert lower.matches == []


def test_match_video_when_several_match(clip: bytes) -> None:
    """
    Two entries with the same frames are both found; copies come before what is only shown.
    """
    listed = [listed_photo(CLIP[60], 1), listed_video(clip, 2), listed_video(clip, 3)]
    found = Matcher(listed).match_video(video(smaller(CLIP), codec="mpeg4"))
    assert [(number(match.id), match.found) for match in found] == [
        (2, "video"),
        (3, "video"),
        (1, "shown"),
    ]


def test_match_hash_when_many_frames_are_near() -> None:
    """
    A video with hundreds of near frames takes no room from other entries.
    """
    (base,) = random_words(1, seed=1)
    frames = [
        Frame(to_hash(with_bits(base, np.arange(place, place + 5))), 90, 1000 * place)
        for place in range(240)
    ]
    still = Entry("still", SignalType.VPDQ, bytes(16), None, encode_frames(frames))
    photos = [
        Entry(
            f"photo {bits}", SignalType.PDQ, to_hash(with_bits(base, np.arange(bits))).value, None
        )
        for bits in (20, 25, 30)
    ]
    matcher = Matcher([still, *photos])
    names = [match.id for match in matcher.match_hash(to_hash(base))]
    assert names == ["still", "photo 20", "photo 25", "photo 30"]
    words = np.stack([base, random_words(1, seed=2)[0], base])
    found = matcher.match_words(words, most=3)
    assert found.query.tolist() == [0, 0, 0, 2, 2, 2]
    assert found.distance.tolist() == [5, 20, 25] * 2
    places = matcher.look_up(found.key.tolist())
    assert sorted((one.entry.id, one.at_ms) for one in places.values()) == [
        ("photo 20", None),
        ("photo 25", None),
        ("still", 0),
    ]


def to_hash(words: np.ndarray) -> pdq.PdqHash:
    """
    A hash from uint64[4].
    """
    return pdq.PdqHash(words.astype(">u8").tobytes())
