"""
Hashing videos in a page, and the frames that a platform's software finds in them.
"""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tegenbeeld.media.video import read_video
from tegenbeeld.pdq import PdqHash, distance, hash_rgb, is_usable

SET_UP = """
async (options) => {
  const { VideoHasher } = await import("/static/video/hasher.mjs");
  globalThis.videos = new VideoHasher(options);
  const $file = Object.assign(document.createElement("input"), { id: "file", type: "file" });
  document.body.replaceChildren($file);
  globalThis.hashVideo = async (stopAfter) => {
    const file = document.getElementById("file").files[0];
    const progress = [];
    const stop = new AbortController();
    const onProgress = (share) => {
      progress.push(share);
      if (progress.length === stopAfter) stop.abort();
    };
    const start = performance.now();
    const wanted = stopAfter === null ? { onProgress } : { onProgress, signal: stop.signal };
    const answer = await videos.hash(file, wanted).catch((error) => ({
      refusal: error.reason ?? String(error),
    }));
    return { ...answer, progress, took_ms: performance.now() - start };
  };
}
"""

SAME_BITS = 4


def hash_video(page: Page, path: Path, *, stop_after: int | None = None) -> dict[str, Any]:
    """
    Hash a file that the person picked: what the hasher answers, or `refusal`.

    Args:
        page: Set up with `SET_UP`.
        path: The file.
        stop_after: Cancel at this many words on the progress.
    """
    page.set_input_files("#file", path)
    answer: dict[str, Any] = page.evaluate("(stopAfter) => hashVideo(stopAfter)", stop_after)
    return answer


def frames_by_python(path: Path) -> list[dict[str, Any]]:
    """
    Hash the same file as a platform's software does.
    """
    kept: list[dict[str, Any]] = []
    for at_ms, luma in read_video(path):
        hashed = hash_rgb(luma)
        if not is_usable(hashed):
            continue
        if kept and bits_apart(kept[-1]["hash"], hashed.hash.hex()) <= SAME_BITS:
            continue
        kept.append({"hash": hashed.hash.hex(), "quality": hashed.quality, "at_ms": at_ms})
    return kept


def bits_apart(one: str, other: str) -> int:
    """
    Count the bits in which two hashes differ.
    """
    return distance(PdqHash.from_hex(one), PdqHash.from_hex(other))


def furthest(frames: list[dict[str, Any]], expected: list[dict[str, Any]]) -> int:
    """
    Compare two lists of frames with the same times: most bits between two of the same time.
    """
    assert [frame["at_ms"] for frame in frames] == [frame["at_ms"] for frame in expected]
    pairs = zip(frames, expected, strict=True)
    return max(bits_apart(one["hash"], other["hash"]) for one, other in pairs)
