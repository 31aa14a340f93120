"""
Questions with one video, as a body or in a form.
"""

import io
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from tegenbeeld.errors import SandboxUnavailable, VideoSupportMissing
from tegenbeeld.sidecar import limits
from testing.listed import listed_photo, listed_video, smaller
from testing.small_sidecar import Sidecar, entry, hash_text
from testing.video_files import moving, scene, video

CLIP = moving(8)
Picture = Callable[..., bytes]


@pytest.fixture(scope="module")
def copy() -> bytes:
    """
    The listed clip, smaller and encoded anew.
    """
    return video(smaller(CLIP), codec="mpeg4")


@pytest.fixture
def listed() -> Sidecar:
    """
    A sidecar that lists a video, a photo and the hash 8.
    """
    return Sidecar(
        [
            listed_video(video(CLIP), 1),
            listed_photo(scene(77), 2),
            entry(8, hash_text(8)),
        ]
    )


def form(content: bytes) -> tuple[bytes, str]:
    """
    A form with one file, and its content type.
    """
    head = b'--edge\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\n'
    return head + content + b"\r\n--edge--\r\n", "multipart/form-data; boundary=edge"


def test_match_when_it_is_a_copy(listed: Sidecar, copy: bytes) -> None:
    """
    As a body, under a wrong type, and in a form; an unrelated video matches nothing.
    """
    answer = listed.ask(body=copy, CONTENT_TYPE="video/mp4")
    (match,) = answer.json["matches"]
    assert (match["id"], match["found"]) == (f"{1:032x}", "video")
    assert 0 < match["agreed"] <= match["compared"]
    assert "at_ms" not in match
    assert answer.json["ending"] == "complete"
    assert listed.ask(body=copy, CONTENT_TYPE="image/jpeg").json == answer.json
    body, content_type = form(copy)
    assert listed.ask(body=body, CONTENT_TYPE=content_type).json == answer.json
    other = listed.ask(body=video(moving(8, seed=3)), CONTENT_TYPE="video/mp4")
    assert other.json == {"matches": [], "ending": "complete"}


def test_match_when_a_form_is_too_large_for_memory(
    listed: Sidecar, copy: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    It goes to the disk, and so does one that does not say how long it is.
    """
    body, content_type = form(copy)
    plain = listed.ask(body=body, CONTENT_TYPE=content_type)
    assert listed.ask(body=body, CONTENT_TYPE=content_type, CONTENT_LENGTH="").json == plain.json
    monkeypatch.setattr(limits, "IN_MEMORY_BYTES", 100)
    assert listed.ask(body=body, CONTENT_TYPE=content_type).json == plain.json


def test_match_when_it_is_a_picture_after_all(listed: Sidecar) -> None:
    """
    The first bytes count, not what it is called; a still of a video is reported as its frame.
    """
    file = io.BytesIO()
    Image.fromarray(CLIP[40]).save(file, "PNG")
    answer = listed.ask(body=file.getvalue(), CONTENT_TYPE="video/mp4")
    (match,) = answer.json["matches"]
    assert (match["found"], match["at_ms"]) == ("frame", 4000)
    assert "quality" in answer.json


def test_match_when_a_hash_is_of_a_frame(listed: Sidecar) -> None:
    """
    The answer names the video and the time.
    """
    hash_ = listed_photo(CLIP[40]).hash.hex()
    answer = listed.ask_hashes(hash_text(3), hash_)
    ((match,),) = answer.json["matches"][1:]
    assert (match["id"], match["found"], match["at_ms"]) == (f"{1:032x}", "frame", 4000)


def test_match_when_it_shows_a_photo(listed: Sidecar) -> None:
    """
    With the time in the upload; the bound counts for it.
    """
    upload = video([*moving(2, seed=5), *[scene(77)] * 10])
    (match,) = listed.ask(body=upload, CONTENT_TYPE="video/webm").json["matches"]
    assert (match["found"], match["id"]) == ("shown", f"{2:032x}")
    assert 2000 <= match["at_ms"] < 3000


@pytest.mark.parametrize(
    ("spoil", "status", "code"),
    [
        (lambda content: content[:600], 422, "invalid_video"),
        (lambda content: content[:16] + bytes(2000), 422, "invalid_video"),
        (lambda _content: b"", 422, "invalid_video"),
    ],
)
def test_match_when_the_video_cannot_be_read(
    listed: Sidecar, copy: bytes, spoil: Callable[[bytes], bytes], status: int, code: str
) -> None:
    """
    Cut off, overwritten, and empty.
    """
    answer = listed.ask(body=spoil(copy), CONTENT_TYPE="video/mp4")
    assert (answer.status, answer.code) == (status, code)


def test_match_when_the_video_is_too_large(
    listed: Sidecar, copy: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    More bytes than the limit are not read, whether the length is told or not.
    """
    length = str(512 * 1024 * 1024 + 1)
    refused = listed.ask(body=b"x", CONTENT_TYPE="video/mp4", CONTENT_LENGTH=length)
    assert (refused.status, refused.code) == (413, "too_large")
    monkeypatch.setattr("tegenbeeld.sidecar.files.MAX_VIDEO_BYTES", 1000)
    assert listed.ask(body=copy, CONTENT_TYPE="video/mp4", CONTENT_LENGTH="").status == 413
    cut = listed.ask(body=b"x", CONTENT_TYPE="video/mp4", CONTENT_LENGTH="2")
    assert (cut.status, cut.code) == (400, "bad_request")


@pytest.mark.parametrize("error", [SandboxUnavailable("closed"), VideoSupportMissing("no PyAV")])
def test_match_when_videos_cannot_be_looked_at(
    listed: Sidecar, copy: bytes, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """
    It says so; pictures and hashes are still answered.
    """

    def fail(_video: object) -> None:
        raise error

    monkeypatch.setattr(listed.video_hasher, "hash_upload", fail)
    answer = listed.ask(body=copy, CONTENT_TYPE="video/mp4")
    assert (answer.status, answer.code) == (503, "no_videos")
    assert listed.ask_hashes(hash_text(8)).json["matches"][0]


def test_match_when_videos_wait(
    listed: Sidecar, copy: bytes, picture: Picture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    With the queue of videos full, the next is refused and pictures are answered as ever.
    """
    may_go_on = threading.Event()
    real = listed.video_hasher.hash_upload

    def slow(content: Path | bytes) -> object:
        may_go_on.wait(30)
        return real(content)

    monkeypatch.setattr(listed.video_hasher, "hash_upload", slow)
    statuses: list[int] = []

    def ask(content_type: str) -> None:
        # An animation under the type of a picture must not keep a picture's place.
        statuses.append(listed.ask(body=copy, CONTENT_TYPE=content_type).status)

    room = 1 + limits.VIDEOS_WAITING
    types = ["image/gif", "video/mp4"] * room
    threads = [threading.Thread(target=ask, args=(name,)) for name in types[:room]]
    for thread in threads:
        thread.start()
    while listed.application._videos._all._left:
        threading.Event().wait(0.01)
    for content_type in ("video/mp4", "image/gif"):
        answer = listed.ask(body=copy, CONTENT_TYPE=content_type)
        assert (answer.status, answer.code) == (429, "busy")
    assert listed.ask(body=picture(1), CONTENT_TYPE="image/png").status == 200
    assert listed.application._pictures._all._left == 1 + limits.PICTURES_WAITING
    may_go_on.set()
    for thread in threads:
        thread.join()
    assert statuses == [200] * room


def test_metrics_when_videos_were_asked(listed: Sidecar, copy: bytes) -> None:
    """
    They are counted as videos.
    """
    listed.ask(body=copy, CONTENT_TYPE="image/png")
    text = listed.metrics.text().decode()
    assert 'tegenbeeld_queries_total{kind="video"} 1.0' in text
    assert 'tegenbeeld_matched_queries_total{kind="video"} 1.0' in text
    assert 'tegenbeeld_queries_total{kind="picture"} 0.0' in text
