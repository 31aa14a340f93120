"""
How well copies of videos are recognised, and how fast.

    python bench/video.py --videos DIR [--quick] [--json]

DIR holds `chair-orig-22-sd-bar.mp4` and its copies. Recall is that of edits made here of the
original and of two clips made here, for MD5, for the published vPDQ rule (one frame a second, 80 %
of the upload's frames at most 31 bits from some frame of the listed one) and for ours. False
matches are counted between all pairs of clips that share no scene. Edits are kept in a folder for
the next time. With `--json` the last line is one JSON object.

`chair-19` is told apart from the rest: from 3.7 s on the original shows what it shows, frame by
frame (median 2 bits), so it is a copy whose start is missing.
"""

import argparse
import json
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import video_clips as clips

from tegenbeeld import pdq
from tegenbeeld.kit import videos
from tegenbeeld.media.video import read_video
from tegenbeeld.wire.video import encode_frames

ORIGINAL = "chair-orig-22-sd-bar"
TRIMMED = "chair-19-sd-bar"
PUBLISHED_SHARE = 0.8
HOUR_S = 3_600


class Hashed(NamedTuple):
    """
    A video in the forms that the rules compare.
    """

    signal: videos.Signal
    upload: videos.Upload
    md5: str


def hashed(path: Path) -> Hashed:
    video = videos.hash_video(path)
    return Hashed(videos.Signal.of(video.frames), videos.hash_upload(path).upload, video.md5)


def by_published_rule(listed: Hashed, upload: Hashed) -> bool:
    ours, theirs = upload.signal.words, listed.signal.words
    nearest = np.bitwise_count(ours[:, None] ^ theirs).sum(axis=2).min(axis=1)
    return bool((nearest <= pdq.MAX_DISTANCE).mean() >= PUBLISHED_SHARE)


def by_our_rule(listed: videos.FixedVideos, upload: Hashed) -> set[int]:
    return {match.video for match in videos.match_upload(listed, upload.upload).videos}


def recall(folder: Path, sources: dict[str, clips.Clip], originals: dict[str, Hashed]) -> Any:
    found: dict[str, dict[str, list[bool]]] = {}
    for name, edit in clips.edits().items():
        row = found[name] = {"md5": [], "published": [], "ours": []}
        for source, clip in sources.items():
            path = clips.write(edit.change(clip), folder / f"{source}-{name}.mp4", crf=edit.crf)
            copy, original = hashed(path), originals[source]
            row["md5"].append(copy.md5 == original.md5)
            row["published"].append(by_published_rule(original, copy))
            row["ours"].append(0 in by_our_rule(videos.FixedVideos([original.signal]), copy))
        print(f"{name:24}", *(f"{rule} {sum(hits)}/{len(hits)}" for rule, hits in row.items()))
    return {
        rule: {name: statistics.mean(map(float, row[rule])) for name, row in found.items()}
        for rule in ("md5", "published", "ours")
    }


def copies(paths: dict[str, Path], original: Hashed) -> Any:
    listed = videos.FixedVideos([original.signal])
    counts = dict.fromkeys(("copies", "md5", "published", "ours"), 0)
    for name, path in paths.items():
        copy = hashed(path)
        ours = 0 in by_our_rule(listed, copy)
        if name == TRIMMED:
            counts["chair_19_found"] = int(ours)
            continue
        counts["copies"] += 1
        counts["md5"] += copy.md5 == original.md5
        counts["published"] += by_published_rule(original, copy)
        counts["ours"] += ours
    return counts


def false_matches(strangers: dict[str, Hashed]) -> Any:
    names = list(strangers)
    listed = videos.FixedVideos([one.signal for one in strangers.values()])
    pairs = []
    published = 0
    for place, (name, one) in enumerate(strangers.items()):
        wrong = by_our_rule(listed, one) - {place}
        pairs += [f"{name} / {names[other]}" for other in wrong]
        published += sum(
            by_published_rule(other, one) for key, other in strangers.items() if key != name
        )
    for pair in pairs:
        print("false match:", pair)
    return {"pairs": len(names) * (len(names) - 1), "ours": len(pairs), "published": published}


def speed(folder: Path) -> Any:
    """
    Measure how much faster than it plays a 720p video is hashed, in one thread.
    """
    clip = clips.mapped(lambda p: p.resize((1280, 720)))(clips.scenes(5, seconds=20))
    path = clips.write(clip, folder / "speed-720p.mp4")

    def times(action: Any) -> float:
        start = time.process_time()
        action()
        return round(clip.seconds / (time.process_time() - start), 1)

    return {
        "hash_for_list_x": times(lambda: videos.hash_video(path)),
        "hash_upload_x": times(lambda: videos.hash_upload(path)),
        "decode_x": times(lambda: sum(1 for _ in read_video(path))),
    }


def hour() -> Any:
    """
    Measure an hour in which each frame is new: bytes on the wire, and a look at a million frames.
    """
    rng = np.random.default_rng(3)
    count = HOUR_S * 1000 // videos.EVERY_MS
    words = rng.integers(0, 2**64, (8, count, 4), dtype=np.uint64)
    at_ms = np.arange(count) * videos.EVERY_MS
    upload = videos.Upload(at_ms, words, np.ones((8, count), np.bool_))
    own = videos.Signal(words[0, ::4].copy(), at_ms[::4])
    listed = [
        videos.Signal(rng.integers(0, 2**64, (500, 4), dtype=np.uint64), np.arange(500) * 1000)
        for _ in range(2_000)
    ]

    def look_ms(list_: videos.FixedVideos) -> float:
        taken = []
        for _ in range(7):
            start = time.perf_counter()
            videos.match_upload(list_, upload)
            taken.append((time.perf_counter() - start) * 1000)
        return round(statistics.median(taken), 1)

    hashes = [pdq.PdqHash(row.astype(">u8").tobytes()) for row in own.words]
    frames = videos.kept_frames(
        (at, pdq.HashedPicture(hash_, 100))
        for at, hash_ in zip(own.at_ms.tolist(), hashes, strict=True)
    )
    strangers, with_own = videos.FixedVideos(listed), videos.FixedVideos([*listed, own])
    return {
        "wire_bytes": len(encode_frames(frames)),
        "lookup_unknown_ms": look_ms(strangers),
        "lookup_listed_ms": look_ms(with_own),
    }


def measured(arguments: argparse.Namespace) -> dict[str, Any]:
    folder = Path(tempfile.gettempdir()) / "tegenbeeld-bench-video"
    folder.mkdir(exist_ok=True)
    paths = {path.stem: path for path in sorted(arguments.videos.glob("chair-*.mp4"))}
    original = hashed(paths.pop(ORIGINAL))
    strangers = {
        name: hashed(clips.write(clip, folder / f"{name}.mp4"))
        for name, clip in clips.strangers().items()
    }
    sources = {"chair": clips.read(arguments.videos / f"{ORIGINAL}.mp4")}
    originals = {"chair": original}
    if not arguments.quick:
        for name in ("scenes_1", "room_1_take_1"):
            sources[name] = clips.read(folder / f"{name}.mp4")
            originals[name] = strangers[name]
    figures: dict[str, Any] = {"copies": copies(paths, original)}
    figures["false_matches"] = false_matches({"chair": original, **strangers})
    figures["recall"] = recall(folder, sources, originals)
    figures["recall_overall"] = {
        rule: round(statistics.mean(by_edit.values()), 4)
        for rule, by_edit in figures["recall"].items()
    }
    return figures | {"speed": speed(folder), "hour": hour()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--videos", type=Path, required=True)
    parser.add_argument("--quick", action="store_true", help="only edits of the original")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    start = time.perf_counter()
    figures = measured(arguments)
    figures["bench_s"] = round(time.perf_counter() - start)
    for name in ("copies", "false_matches", "recall_overall", "speed", "hour", "bench_s"):
        print(f"{name:16}", json.dumps(figures[name]))
    if arguments.json:
        print(json.dumps(figures))


if __name__ == "__main__":
    main()
