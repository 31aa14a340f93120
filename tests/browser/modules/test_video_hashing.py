"""
Videos in a real browser: their frames are those that a platform's software finds.
"""

import hashlib
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page

from browser.modules.videos import SET_UP, bits_apart, frames_by_python, furthest, hash_video
from testing.clips import even_times, make_clip, padded, scene, turned

pytestmark = pytest.mark.browser

SIX_SECONDS = even_times(6)

# Of a player only what it has drawn is seen, as colours. A wrong frame is 100 bits away.
CLOSE = 8

Made = Callable[..., Path]


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """
    Makes a clip of six seconds: its name, and what `make_clip` takes.
    """

    def make(name: str, times: list[int] = SIX_SECONDS, **options: Any) -> Path:
        return make_clip(tmp_path / name, times, **options)

    return make


@pytest.fixture
def video_page(page: Page) -> Page:
    """
    A page that hashes videos.
    """
    page.evaluate(SET_UP, {})
    return page


KINDS = {
    "H.264 in MP4": ("clip.mp4", {}),
    "H.264 in MOV": ("clip.mov", {}),
    "H.264 in MKV": ("clip.mkv", {}),
    "H.264 in a transport stream": ("clip.ts", {}),
    "H.264 in fragments": ("clip.mp4", {"file_options": {"movflags": "frag_keyframe+empty_moov"}}),
    "H.264 in full range": ("clip.mp4", {"pixels": "yuvj420p", "full_range": True}),
    "H.264 with a rim": ("clip.mp4", {"size": (322, 246)}),
    "VP8": ("clip.webm", {"codec": "libvpx"}),
    "VP9": ("clip.webm", {"codec": "libvpx-vp9"}),
    "VP9 with transparency": ("clip.webm", {"codec": "libvpx-vp9", "pixels": "yuva420p"}),
    "AV1": ("clip.mp4", {"codec": "libsvtav1"}),
    "AV1 of ten bits": ("clip.mp4", {"codec": "libsvtav1", "pixels": "yuv420p10le"}),
}


@pytest.mark.parametrize(("name", "options"), KINDS.values(), ids=KINDS)
def test_each_kind_has_the_frames_of_python(
    video_page: Page, made: Made, name: str, options: dict[str, Any]
) -> None:
    """
    Every kind that the browser decodes gives the very hashes that a platform computes.
    """
    path = made(name, **options)
    answer = hash_video(video_page, path)
    expected = frames_by_python(path)
    assert [frame["at_ms"] for frame in expected] == [0, 1000, 2000, 3000, 4000, 5000]
    assert answer["frames"] == expected
    assert answer["reason"] is None
    assert answer["md5"] == hashlib.md5(path.read_bytes()).hexdigest()
    assert answer["duration_ms"] == 6000


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_rotation_in_the_file_is_applied(
    video_page: Page, made: Made, tmp_path: Path, quarters: int
) -> None:
    """
    A video that a phone filmed upright and stored sideways is hashed as people see it.
    """
    plain = made("plain.mp4")
    path = tmp_path / "turned.mp4"
    path.write_bytes(turned(plain.read_bytes(), quarters))
    frames = hash_video(video_page, path)["frames"]
    assert frames == frames_by_python(path)
    assert bits_apart(frames[0]["hash"], frames_by_python(plain)[0]["hash"]) > CLOSE


def test_uneven_times_give_what_is_on_display(video_page: Page, made: Made) -> None:
    """
    Where frames come unevenly, as phones film, each second has the frame that was shown then.
    """
    path = made("uneven.mp4", [0, 300, 990, 1000, 1001, 2999, 3100, 6400, 9000, 9001])
    answer = hash_video(video_page, path)
    assert answer["frames"] == frames_by_python(path)
    # At 2 s that of 1,001 ms, like the one before; from 4 s that of 3,100 ms, which stays.
    assert [frame["at_ms"] for frame in answer["frames"]] == [0, 1000, 3000, 4000, 7000, 9000]


@pytest.mark.parametrize(("name", "kind"), [("moving.gif", "GIF"), ("moving.webp", "WEBP")])
def test_animation_is_a_video(video_page: Page, tmp_path: Path, name: str, kind: str) -> None:
    """
    An animated GIF or WebP has frames with times, as a video has.
    """
    pictures = [scene(at_ms, (200, 150)) for at_ms in range(0, 5000, 250)]
    path = tmp_path / name
    pictures[0].save(path, kind, save_all=True, append_images=pictures[1:], duration=250)
    answer = hash_video(video_page, path)
    assert answer["reason"] is None
    assert len(answer["frames"]) == 5
    assert furthest(answer["frames"], frames_by_python(path)) <= CLOSE


def test_one_frame_is_a_video(video_page: Page, made: Made) -> None:
    """
    A video of one frame has one hash.
    """
    path = made("one.mp4", [0])
    assert hash_video(video_page, path)["frames"] == frames_by_python(path)


def test_hevc_when_not_decoded_still_has_its_md5(video_page: Page, made: Made) -> None:
    """
    What the browser cannot decode is told so plainly, and has its MD5.
    """
    path = made("clip.mov", codec="libx265", options={"x265-params": "log-level=none"})
    answer = hash_video(video_page, path)
    assert (answer["frames"], answer["reason"]) == (None, "unknown-codec")
    assert answer["md5"] == hashlib.md5(path.read_bytes()).hexdigest()
    assert answer["progress"][-1] == 1


@pytest.mark.parametrize("name", ["clip.mp4", "clip.webm"])
def test_player_when_there_is_no_decoder(page: Page, made: Made, name: str) -> None:
    """
    A browser that gives pages no decoder shows frames in its player: the same, but for rounding.
    """
    page.evaluate(SET_UP, {"workerUrl": "/test/no-decoder-worker.mjs"})
    path = made(name, codec="libvpx-vp9" if name.endswith("webm") else "libx264")
    answer = hash_video(page, path)
    assert answer["reason"] is None
    assert furthest(answer["frames"], frames_by_python(path)) <= CLOSE


def test_player_when_the_file_asks_to_be_turned(page: Page, made: Made, tmp_path: Path) -> None:
    """
    What the player draws is upright.
    """
    page.evaluate(SET_UP, {"workerUrl": "/test/no-decoder-worker.mjs"})
    path = tmp_path / "turned.mp4"
    path.write_bytes(turned(made("plain.mp4").read_bytes(), 1))
    assert furthest(hash_video(page, path)["frames"], frames_by_python(path)) <= CLOSE


def test_player_when_cancelled_stops(page: Page, made: Made) -> None:
    """
    The person can stop the player too.
    """
    page.evaluate(SET_UP, {"workerUrl": "/test/no-decoder-worker.mjs"})
    path = made("long.mp4", even_times(60, rate=2))
    answer = hash_video(page, path, stop_after=4)
    assert answer["refusal"] == "cancelled"
    assert len(hash_video(page, made("next.mp4"))["frames"]) == 6


def test_progress_grows_to_the_end(video_page: Page, made: Made) -> None:
    """
    Progress goes from 0 to 1, only grows, and is told often enough to be believed.
    """
    answer = hash_video(video_page, made("long.mp4", even_times(60), size=(960, 540)))
    progress = answer["progress"]
    assert progress == sorted(progress)
    assert (progress[0], progress[-1]) == (0, 1)
    assert len(progress) > 5


def test_cancel_stops_soon_and_the_next_one_works(video_page: Page, made: Made) -> None:
    """
    A video that the person stops ends soon without a new worker: the next needs no network.
    """
    path = made("long.mp4", even_times(60), size=(960, 540))
    assert video_page.evaluate("() => videos.prepare()")
    video_page.context.set_offline(True)
    whole = hash_video(video_page, path)
    answer = hash_video(video_page, path, stop_after=3)
    assert answer["refusal"] == "cancelled"
    assert answer["took_ms"] < min(2000, whole["took_ms"])
    assert hash_video(video_page, path)["frames"] == whole["frames"]


def test_network_when_cut_after_preparing_is_not_missed(video_page: Page, made: Made) -> None:
    """
    Once prepared, videos are hashed with the network cut; and nothing is sent in any case.
    """
    requests: list[str] = []
    assert video_page.evaluate("() => videos.prepare()")
    video_page.on("request", lambda request: requests.append(request.method + " " + request.url))
    video_page.context.set_offline(True)
    path = made("clip.mp4")
    assert hash_video(video_page, path)["frames"] == frames_by_python(path)
    assert requests == []


def test_nothing_is_fetched_before_the_first_video(video_page: Page, made: Made) -> None:
    """
    A person who comes with pictures does not load what videos need; nobody sends anything.
    """
    requests: list[str] = []
    video_page.on("request", lambda request: requests.append(request.method + " " + request.url))
    video_page.wait_for_timeout(200)
    assert requests == []
    hash_video(video_page, made("clip.mp4"))
    assert any(request.endswith("/vendor/mediabunny.mjs") for request in requests)
    assert all(request.startswith("GET ") and "/static/" in request for request in requests)


def test_two_gigabytes_take_no_more_memory_than_a_small_file(
    video_page: Page, made: Made, tmp_path: Path
) -> None:
    """
    Neither the frames nor the MD5 of a file of 2 GB need it in memory.
    """
    small = made("small.mp4")
    assert hash_video(video_page, small)["reason"] is None
    before = _renderer_mib()
    large = padded(small, tmp_path / "large.mp4", 2 * 1024**3 + 4096)
    answer = hash_video(video_page, large)
    assert answer["frames"] == frames_by_python(small)
    assert answer["reason"] is None
    with large.open("rb") as file:
        assert answer["md5"] == hashlib.file_digest(file, "md5").hexdigest()
    assert _renderer_mib() - before < 100


def _renderer_mib() -> int:
    """
    How much the largest page of the browser holds in memory, at most until now.
    """
    listed = subprocess.run(
        ["ps", "-eo", "pid,args"], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    pages = [line.split()[0] for line in listed if "--type=renderer" in line]
    status = [Path(f"/proc/{pid}/status").read_text() for pid in pages]
    peaks = [line for text in status for line in text.splitlines() if line.startswith("VmHWM")]
    return max(int(line.split()[1]) for line in peaks) // 1024


def test_720p_is_read_at_eight_times_playing_time(video_page: Page, made: Made) -> None:
    """
    Half a minute of 720p H.264 takes less than an eighth of that.
    """
    path = made("hd.mp4", even_times(30), size=(1280, 720), options={"preset": "veryfast"})
    fastest = min(hash_video(video_page, path)["took_ms"] for _ in range(2))
    assert fastest < 30_000 / 8


def test_shared_videos_have_the_frames_of_python(video_page: Page, shared_data: Path) -> None:
    """
    Real videos, too, give the very hashes that a platform computes.
    """
    videos = sorted((shared_data / "videos").glob("*.mp4"))
    assert videos
    for path in videos:
        assert hash_video(video_page, path)["frames"] == frames_by_python(path), path.name


def test_black_video_is_too_poor(video_page: Page, made: Made) -> None:
    """
    A video with nothing to see has no frames.
    """

    def black(_at_ms: int, size: tuple[int, int]) -> Image.Image:
        return Image.new("RGB", size)

    answer = hash_video(video_page, made("black.mp4", picture=black))
    assert (answer["frames"], answer["reason"]) == (None, "too-poor")


def test_worker_that_hangs_is_ended_and_replaced(page: Page, made: Made) -> None:
    """
    A decoder that falls silent costs the frames, not the MD5, and the next video is tried again.
    """
    page.evaluate(SET_UP, {"workerUrl": "/test/silent-worker.mjs", "silenceMs": 1000})
    path = made("clip.mp4")
    for _ in range(2):
        started = time.monotonic()
        answer = hash_video(page, path)
        assert (answer["frames"], answer["reason"]) == (None, "too-slow")
        assert answer["md5"] == hashlib.md5(path.read_bytes()).hexdigest()
        assert time.monotonic() - started < 10


def test_worker_that_ignores_a_cancel_is_ended(page: Page, made: Made) -> None:
    """
    Cancelling works also when the worker hangs.
    """
    page.evaluate(SET_UP, {"workerUrl": "/test/silent-worker.mjs"})
    answer = hash_video(page, made("clip.mp4"), stop_after=1)
    assert answer["refusal"] == "cancelled"
    assert answer["took_ms"] < 5000


def test_md5_without_a_reusing_reader_is_the_same(page: Page, made: Made) -> None:
    """
    A browser whose files have no reader that reuses memory is served with slices.
    """
    page.evaluate(SET_UP, {"md5WorkerUrl": "/test/slicing-worker.mjs"})
    path = made("clip.mp4", even_times(60, rate=5), size=(960, 540), options={"qp": "12"})
    assert path.stat().st_size > 2 * 1024**2
    assert hash_video(page, path)["md5"] == hashlib.md5(path.read_bytes()).hexdigest()


def test_page_that_closes_its_hasher_is_left_alone(page: Page, made: Made) -> None:
    """
    Once closed, the video at hand and every later one are cancelled.
    """
    page.evaluate(SET_UP, {"workerUrl": "/test/silent-worker.mjs"})
    page.set_input_files("#file", made("clip.mp4"))
    script = """
    async () => {
      const answers = Promise.all([hashVideo(null), hashVideo(null)]);
      setTimeout(() => videos.close(), 300);
      return (await answers).map((answer) => answer.refusal);
    }
    """
    assert page.evaluate(script) == ["cancelled", "cancelled"]
