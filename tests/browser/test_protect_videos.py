"""
Videos at the step where files are chosen: read, stopped, read in part, refused.
"""

import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from testing.clips import even_times, make_clip, make_sound
from testing.portal_pages import FollowPage, ProtectPage
from testing.running_node import RunningNode
from testing.video_files import animation, moving, video

pytestmark = [pytest.mark.browser, pytest.mark.service]


@pytest.fixture
def protecting(page: Page, shared_node: RunningNode) -> ProtectPage:
    """
    The step at which files are chosen.
    """
    opened = ProtectPage(page, shared_node)
    opened.go_to_pictures()
    return opened


def row(protecting: ProtectPage, name: str) -> Locator:
    """
    What is shown of one file.
    """
    return protecting.step("pictures").locator(".picture").filter(has_text=name)


def test_kind_is_told_by_what_is_in_the_file(
    protecting: ProtectPage, photo: Path, tmp_path: Path
) -> None:
    """
    A video named like a photo is a video, an animation is one, and a GIF that stands still is none.
    """
    clip = make_clip(tmp_path / "clip.mp4", even_times(3)).rename(tmp_path / "photo.jpg")
    gif = tmp_path / "moving.gif"
    gif.write_bytes(animation("GIF"))
    still = tmp_path / "still.gif"
    still.write_bytes(animation("GIF", 1))
    named = Path(shutil.copy(photo, tmp_path / "video.mp4"))
    protecting.choose(clip, gif, still, named)
    titles = [
        row(protecting, path.name).locator(".picture-title").inner_text()
        for path in (clip, gif, still, named)
    ]
    assert [title.split()[0] for title in titles] == ["Video", "Video", "Picture", "Picture"]
    protecting.submit("pictures")
    heading = protecting.step("confirm").locator("h1")
    expect(heading).to_have_text("4 pictures and videos will be protected")


def test_progress_of_a_long_video_is_shown_and_it_can_be_stopped(
    protecting: ProtectPage, photo: Path, tmp_path: Path
) -> None:
    """
    Meanwhile one cannot go on; removed, it is read no more, and the rest is ready.
    """
    long = make_clip(tmp_path / "long.mp4", even_times(60), size=(960, 540))
    protecting.choose(photo)
    protecting.page.locator("#files").set_input_files(long)
    shown = row(protecting, long.name)
    expect(shown.locator("progress")).to_be_visible()
    protecting.page.wait_for_function(
        "() => [...document.querySelectorAll('progress')].some(({ value }) => value > 0.05)"
    )
    expect(shown.locator(".picture-state")).to_have_text("Reading…")
    protecting.submit("pictures")
    expect(protecting.step("pictures")).to_contain_text("Wait until everything has been read.")

    shown.get_by_role("button", name="Remove long.mp4").click()
    expect(shown).to_have_count(0)
    short = make_clip(tmp_path / "short.mp4", even_times(2))
    protecting.choose(short)
    protecting.submit("pictures")
    protecting.arrive("confirm")
    assert protecting.confirmed_names() == [photo.name, short.name]


def test_video_that_cannot_be_decoded_is_protected_by_its_file(
    page: Page, shared_node: RunningNode, protecting: ProtectPage, tmp_path: Path
) -> None:
    """
    The page says what that means and what to do, sends the MD5, and later says that it is a video.
    """
    film = tmp_path / "film.avi"
    film.write_bytes(video(moving(2), codec="mpeg4", container="avi"))
    protecting.choose(film)
    state = row(protecting, film.name).locator(".picture-state")
    expect(state).to_have_class(re.compile("ready partly"))
    expect(state).to_contain_text("Protected in part: platforms can only recognise exactly this")
    expect(state).to_contain_text("save it as MP4")
    protecting.submit("pictures")
    protecting.submit("confirm")
    with page.expect_request("**/case/protect") as sent:
        words = protecting.keep_code()
        protecting.arrive("done")
    (item,) = sent.value.post_data_json["protections"]
    assert set(item) == {"token_digest", "signal_type", "hash", "note"}
    assert item["signal_type"] == "video_md5"
    FollowPage(page, shared_node).open_case(words)
    expect(page.locator(".followed h2")).to_have_text("Video 1")


REFUSED = {
    "sound.mp4": "There is only sound in this file.",
    "black.mp4": "There is too little to see in it",
    "cut.mp4": "The file is damaged.",
}


def test_what_cannot_be_used_says_why(protecting: ProtectPage, tmp_path: Path) -> None:
    """
    In plain words; only sound cannot be protected at all.
    """
    make_sound(tmp_path / "sound.mp4")
    whole = video([frame * 0 for frame in moving(2)])
    (tmp_path / "black.mp4").write_bytes(whole)
    (tmp_path / "cut.mp4").write_bytes(video(moving(2))[:2000])
    protecting.choose(*(tmp_path / name for name in REFUSED))
    for name, reason in REFUSED.items():
        expect(row(protecting, name).locator(".picture-state")).to_contain_text(reason)
    expect(row(protecting, "sound.mp4").locator(".picture-title")).to_have_text("Cannot be used")


def test_label_is_kept_within_what_a_note_holds(protecting: ProtectPage, photo: Path) -> None:
    """
    Letters that need several bytes are counted as such; what is too long is not taken.
    """
    protecting.choose(photo)
    label = protecting.page.get_by_label("Your own word for it")
    label.fill("ë" * 40)
    assert label.input_value() == "ë" * 32
