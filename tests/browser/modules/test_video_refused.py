"""
Files that give no frames, or not all: each has a clear reason, within the limits.
"""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from browser.modules.videos import SET_UP, frames_by_python, hash_video
from testing.clips import box_at, boxes, even_times, make_clip, make_sound, scene

pytestmark = pytest.mark.browser

SIX_SECONDS = even_times(6)
FAST_START = {"movflags": "+faststart"}
FRAGMENTS = {"movflags": "frag_keyframe+empty_moov"}


@pytest.fixture
def video_page(page: Page) -> Page:
    """
    A page that hashes videos, and waits three seconds at most for a decoder.
    """
    page.evaluate(SET_UP, {"silenceMs": 3000})
    return page


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """
    The files of this module, by what is wrong with them.
    """
    folder = tmp_path_factory.mktemp("refused")
    plain = make_clip(folder / "plain.mp4", SIX_SECONDS).read_bytes()
    fast = make_clip(folder / "fast.mp4", SIX_SECONDS, file_options=FAST_START).read_bytes()
    fragments = make_clip(folder / "frag.mp4", SIX_SECONDS, file_options=FRAGMENTS).read_bytes()
    pictures = [scene(at_ms, (200, 150)) for at_ms in range(0, 5000, 250)]
    pictures[0].save(folder / "still.gif")
    pictures[0].save(folder / "still.webp")
    pictures[0].save(folder / "photo.jpg")
    pictures[0].save(folder / "moving.gif", save_all=True, append_images=pictures[1:], duration=250)
    gif = (folder / "moving.gif").read_bytes()
    contents = {
        "empty": b"",
        "a text": b"This is not a video. " * 50,
        "cut off before its index": plain[: len(plain) // 2],
        "cut off inside its index": fast[: fast.index(b"moov") + 200],
        "cut off inside its frames": fast[: len(fast) // 2],
        "a GIF cut off": gif[: len(gif) // 2],
        "only its first bytes": plain[:40],
        "noise for frames": _without_frames(fast),
        "encrypted": plain.replace(b"avc1" + bytes(7) + b"\1", b"encv" + bytes(7) + b"\1"),
        "a billion frames": _claiming(_claiming(plain, b"stts", 1), b"stsz", 4),
        "a billion times": _claiming(plain, b"stts", 1),
        "a billion frames in a fragment": _claiming(fragments, b"trun", 0, flags=b"\0\0\0\1"),
        "frames of a billion pixels": _enormous(plain),
        "an AVI": make_clip(folder / "clip.avi", SIX_SECONDS, codec="mpeg4").read_bytes(),
    }
    paths = {name: folder / f"{place}.bin" for place, name in enumerate(contents)}
    for name, path in paths.items():
        path.write_bytes(contents[name])
    stills = {name: folder / name for name in ("still.gif", "still.webp", "photo.jpg")}
    return {**paths, **stills, "only sound": make_sound(folder / "sound.mp4")}


def _without_frames(content: bytes) -> bytes:
    start = box_at(content, b"mdat")
    noise = bytes((7 * place + place // 256) % 256 for place in range(len(content) - start))
    return content[:start] + noise


def _claiming(content: bytes, name: bytes, word: int, *, flags: bytes = bytes(4)) -> bytes:
    """
    Make a table of an MP4 file claim a billion, in one of the words after its version and flags.
    """
    start = box_at(content, name)
    place = start + 4 + 4 * word
    changed = content[:start] + flags + content[start + 4 : place] + (10**9).to_bytes(4)
    rest = changed + content[place + 4 :]
    if name == b"stts":
        return rest[: start + 4] + (1).to_bytes(4) + rest[start + 8 :]
    return rest


def _enormous(content: bytes) -> bytes:
    # Width and height of the sample entry. Source: ISO/IEC 14496-12 §12.1.3.
    place = box_at(content, b"avc1", content.index(b"stsd")) + 24
    return content[:place] + b"\x7d\0\x7d\0" + content[place + 4 :]


REFUSED = {
    "empty": "empty",
    "a text": "not-a-video",
    "still.gif": "still-picture",
    "still.webp": "not-a-video",
    "photo.jpg": "not-a-video",
    "only sound": "no-picture",
}


@pytest.mark.parametrize(("name", "reason"), REFUSED.items(), ids=REFUSED)
def test_file_that_is_no_video_is_refused(
    video_page: Page, files: dict[str, Path], name: str, reason: str
) -> None:
    """
    What is no video has no MD5 either, and its own reason.
    """
    answer = hash_video(video_page, files[name])
    assert answer["refusal"] == reason
    assert "md5" not in answer


WITHOUT_FRAMES = {
    "cut off before its index": "damaged",
    "cut off inside its index": "damaged",
    "only its first bytes": "damaged",
    "noise for frames": "damaged",
    "encrypted": "protected",
    "a billion frames": "damaged",
    "a billion times": "damaged",
    "a billion frames in a fragment": "damaged",
    "frames of a billion pixels": "too-many-pixels",
    "an AVI": "unknown-kind",
}


@pytest.mark.parametrize(("name", "reason"), WITHOUT_FRAMES.items(), ids=WITHOUT_FRAMES)
def test_video_without_frames_has_its_md5_and_a_reason(
    video_page: Page, files: dict[str, Path], name: str, reason: str
) -> None:
    """
    What cannot be decoded still has its MD5, and the reason comes soon.
    """
    answer = hash_video(video_page, files[name])
    assert (answer["frames"], answer["reason"]) == (None, reason)
    assert len(answer["md5"]) == 32
    assert answer["took_ms"] < 3000


@pytest.mark.parametrize("name", ["cut off inside its frames", "a GIF cut off"])
def test_video_that_is_cut_off_has_the_frames_until_there(
    video_page: Page, files: dict[str, Path], name: str
) -> None:
    """
    What can be seen of a file that is cut off is hashed, as platforms do, and told to be a part.
    """
    answer = hash_video(video_page, files[name])
    expected = frames_by_python(files[name])
    assert answer["reason"] == "cut-off"
    assert 1 < len(expected) < 6
    assert [frame["at_ms"] for frame in answer["frames"]] == [one["at_ms"] for one in expected]


def test_ten_hours_give_the_first_two(video_page: Page, tmp_path: Path) -> None:
    """
    Of a video that is too long the first two hours are hashed, and it is told.
    """
    times = list(range(0, 36_000_000, 20_000))
    path = make_clip(tmp_path / "long.mp4", times, size=(160, 120))
    answer = hash_video(video_page, path)
    assert (answer["reason"], answer["duration_ms"]) == ("too-long", 7_200_000)
    assert answer["frames"] == frames_by_python(path)
    assert answer["frames"][-1]["at_ms"] == 7_180_000


def test_start_that_was_trimmed_away_is_not_looked_at(video_page: Page, tmp_path: Path) -> None:
    """
    A phone that trims a video leaves what it cut away in the file: it is not hashed.
    """
    content = make_clip(tmp_path / "whole.mp4", SIX_SECONDS).read_bytes()
    place = box_at(content, b"elst") + 12
    scale_at = box_at(content, b"mdhd") + 12
    scale = int.from_bytes(content[scale_at : scale_at + 4])
    start = int.from_bytes(content[place : place + 4]) + 2 * scale
    path = tmp_path / "trimmed.mp4"
    path.write_bytes(content[:place] + start.to_bytes(4) + content[place + 4 :])
    answer = hash_video(video_page, path)
    assert answer["frames"] == frames_by_python(path)
    assert [frame["at_ms"] for frame in answer["frames"]] == [0, 1000, 2000, 3000]


def test_file_that_changed_is_unreadable(video_page: Page, tmp_path: Path) -> None:
    """
    A file that was changed after the person picked it is told to be unreadable.
    """
    path = make_clip(tmp_path / "clip.mp4", SIX_SECONDS)
    video_page.set_input_files("#file", path)
    path.write_bytes(path.read_bytes() + b"more")
    assert video_page.evaluate("() => hashVideo(null)")["refusal"] == "unreadable"


def test_index_stands_at_the_end_unless_asked(files: dict[str, Path]) -> None:
    """
    The files of this module are what their names say.
    """
    names = [name for name, _start, _end in boxes(files["cut off inside its frames"].read_bytes())]
    assert names[:2] == [b"ftyp", b"moov"]
