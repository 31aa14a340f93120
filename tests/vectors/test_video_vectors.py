"""
The frames of videos against the shared cases of `spec/vectors/video.json`.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tegenbeeld import pdq
from tegenbeeld.kit import videos
from tegenbeeld.media.video.sampling import on_display
from tegenbeeld.pdq import PdqHash
from tegenbeeld.wire.video import Frame, decode_frames, encode_frames

VECTORS = Path(__file__).resolve().parents[2] / "spec" / "vectors"
CONTENT = json.loads((VECTORS / "video.json").read_text(encoding="utf-8"))


def words(texts: list[str]) -> pdq.Words:
    """
    Read hashes.
    """
    return pdq.pack(PdqHash.from_hex(text) for text in texts)


@pytest.mark.parametrize("case", CONTENT["sampling"], ids=lambda case: case["about"])
def test_what_is_on_display_at_each_second(case: dict[str, Any]) -> None:
    """
    The frame of each second is as listed.
    """
    frames = [(at_ms, number) for number, at_ms in enumerate(case["appear_ms"])]
    shown = on_display(frames, every_ms=1000, end_ms=7_200_000)
    assert [{"at_ms": at_ms, "frame": frame} for at_ms, frame in shown] == case["shown"]


def test_which_hashes_are_kept() -> None:
    """
    Those of low quality, degenerate ones, and those near the one kept last fall away.
    """
    case = CONTENT["reduction"]
    kept = videos.kept_frames(
        (row["at_ms"], pdq.HashedPicture(PdqHash.from_hex(row["hash"]), row["quality"]))
        for row in case["hashes"]
    )
    assert [frame.at_ms for frame in kept] == case["kept_at_ms"]


@pytest.mark.parametrize("case", CONTENT["wire"], ids=lambda case: f"{len(case['frames'])} frames")
def test_frames_are_written_and_read(case: dict[str, Any]) -> None:
    """
    Both ways, as listed.
    """
    frames = [
        Frame(PdqHash.from_hex(row["hash"]), row["quality"], row["at_ms"]) for row in case["frames"]
    ]
    assert encode_frames(frames) == case["text"]
    assert list(decode_frames(case["text"])) == frames


@pytest.mark.parametrize("case", CONTENT["matching"], ids=lambda case: case["about"])
def test_what_is_a_copy(case: dict[str, Any]) -> None:
    """
    The rule says of each upload what is listed; the listed video has a frame each second.
    """
    listed, shown = words(case["listed"]), words(case["upload"])
    # All views but the first show something else.
    views = np.random.default_rng(1).integers(0, 2**64, (8, *shown.shape), dtype=np.uint64)
    views[0] = shown
    at_ms = np.arange(len(shown)) * CONTENT["upload_every_ms"]
    upload = videos.Upload(at_ms, views, np.ones(views.shape[:2], np.bool_))
    signal = videos.Signal(listed, np.arange(len(listed)) * 1000)
    found = videos.match_upload(videos.FixedVideos([signal]), upload)
    assert bool(found.videos) is case["is_match"]
