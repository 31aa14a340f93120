"""
Videos on the demonstration platform: checked in the background, held when they are copies.
"""

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tegenbeeld.errors import SandboxUnavailable
from testing.listed import smaller
from testing.video_files import moving, scene, sound, video

Picture = Callable[..., bytes]
Site = Any

CLIP = moving(8)


@pytest.fixture(scope="module")
def clip() -> bytes:
    """
    A video of eight scenes.
    """
    return video(CLIP)


@pytest.fixture(scope="module")
def copy() -> bytes:
    """
    It, smaller and encoded anew.
    """
    return video(smaller(CLIP), codec="mpeg4")


def share(site: Site, content: bytes) -> str:
    """
    Upload a video; the address of its page.
    """
    response = site.share(content, "clip.mp4")
    assert response.status_code == 303, response.text
    return str(response.location)


def heading(site: Site, address: str) -> str:
    """
    The heading of a page.
    """
    page = site.visitor.get(address).text
    return str(page.split("<h1>")[1].split("</h1>")[0])


def review_of(site: Site) -> dict[str, str]:
    """
    What moderators are told of the one upload that is held.
    """
    page = site.visitor.get("/review").text
    found = re.findall("<dt>(.*?)</dt><dd>(?:<code>)?(.*?)(?:</code>)?</dd>", page)
    return dict(found)


def test_share_when_it_is_a_copy_holds_and_tells(site: Site, clip: bytes, copy: bytes) -> None:
    """
    A copy that was encoded anew is held, moderators see why, and their answer goes to the node.
    """
    entry = site.protect_video(clip)
    page = share(site, copy)
    assert heading(site, page) == "Being checked"
    (waiting,) = site.uploads.waiting()
    assert site.visitor.get(f"/pictures/{waiting.id}").status_code == 404
    assert waiting.id not in site.visitor.get("/").text
    site.video_checks.go_round()
    assert heading(site, page) == "Held for review"
    assert entry not in site.visitor.get(page).text
    told = review_of(site)
    assert told["Found"] == "a copy of a listed video"
    assert told["Listed entry"] == entry
    assert re.fullmatch(r"\d+ of \d+ agree", told["Frames"])
    assert "<video" in site.visitor.get("/review").text
    served = site.visitor.get(f"/review/pictures/{waiting.id}", buffered=True)
    assert (served.data, served.headers["Content-Type"]) == (copy, "video/mp4")
    site.worker.go_round()
    site.decide(waiting.id, "intimate")
    site.worker.go_round()
    assert site.said() == ["pending_review", "blocked"]
    assert heading(site, page) == "Blocked"
    assert not site.uploads.path(waiting.id).exists()


def test_share_when_it_is_another_video_publishes(site: Site, clip: bytes) -> None:
    """
    It is in the gallery, and browsers may ask for parts of it.
    """
    site.protect_video(clip)
    other = video(moving(8, seed=4))
    page = share(site, other)
    site.video_checks.go_round()
    assert heading(site, page) == "Published"
    (published,) = site.uploads.published()
    address = f"/pictures/{published.id}"
    assert f'src="{address}"' in site.visitor.get(page).text
    assert published.id in site.visitor.get("/").text
    part = site.visitor.get(address, headers={"Range": "bytes=10-19"}, buffered=True)
    assert (part.status_code, part.data) == (206, other[10:20])
    assert "sandbox" in part.headers["Content-Security-Policy"]
    assert site.said() == []


def test_share_when_a_picture_is_out_of_a_video_says_when(site: Site, clip: bytes) -> None:
    """
    Moderators are told which moment of the listed video it is.
    """
    site.protect_video(clip)
    file = io.BytesIO()
    Image.fromarray(CLIP[40]).save(file, "PNG")
    assert site.outcome(file.getvalue()) == "Held for review"
    told = review_of(site)
    assert told["Found"] == "a picture out of a listed video"
    assert told["When"] == "0:04 after the start of the listed video"


def test_share_when_a_video_shows_a_photo_says_when(site: Site) -> None:
    """
    Moderators are told at which moment of the upload.
    """
    file = io.BytesIO()
    Image.fromarray(np.asarray(scene(77))).save(file, "PNG")
    site.protect(file.getvalue())
    share(site, video([*moving(2, seed=5), *[scene(77)] * 10]))
    site.video_checks.go_round()
    told = review_of(site)
    assert told["Found"] == "a video that shows a listed photo"
    assert told["When"] == "0:02 after the start of the upload"


@pytest.mark.parametrize("content", [sound(), video(CLIP[:5])[:500]])
def test_share_when_it_cannot_be_read_says_so(site: Site, content: bytes) -> None:
    """
    Sound only, and cut off: it is not published, deleted, and the page says why.
    """
    page = share(site, content)
    site.video_checks.go_round()
    assert heading(site, page) == "Not published"
    problem = site.visitor.get(page).text.split('class="problem">')[1].split("</p>")[0]
    assert len(problem) > 15
    assert list(site.uploads.path("x").parent.iterdir()) == []


def test_share_when_videos_cannot_be_looked_at_waits(
    site: Site, clip: bytes, copy: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Nothing is published that was not looked at; after a restart it is looked at.
    """
    site.protect_video(clip)
    page = share(site, copy)

    def fail(_video: Path) -> None:
        raise SandboxUnavailable("closed")

    with monkeypatch.context() as patch:
        patch.setattr(site.video_checks._checks, "video_matches", fail)
        with pytest.raises(SandboxUnavailable):
            site.video_checks.go_round()
    assert heading(site, page) == "Being checked"
    type(site.uploads)(site.store.folder)
    site.video_checks.go_round()
    assert heading(site, page) == "Held for review"


def test_share_when_withdrawn_passes(site: Site, clip: bytes, copy: bytes) -> None:
    """
    A video that is no longer listed is no longer stopped.
    """
    site.exchange.withdraw(site.protect_video(clip))
    site.worker.go_round()
    page = share(site, copy)
    site.video_checks.go_round()
    assert heading(site, page) == "Published"
