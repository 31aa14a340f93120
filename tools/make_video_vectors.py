"""
Write spec/vectors/video.json: what every program must say of the frames of a video.

    python tools/make_video_vectors.py

The hashes are drawn, not taken from any picture: half of their bits are ones, as those of pictures.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

from tegenbeeld import pdq
from tegenbeeld.kit import videos
from tegenbeeld.media.video.sampling import on_display
from tegenbeeld.pdq import PdqHash
from tegenbeeld.wire.video import Frame, encode_frames

TARGET = Path(__file__).resolve().parents[1] / "spec" / "vectors" / "video.json"
RNG = np.random.default_rng(5)


def drawn() -> np.ndarray:
    """
    A hash as bool[256], half of it ones.
    """
    bits = np.zeros(256, np.bool_)
    bits[RNG.choice(256, 128, replace=False)] = True
    return bits


def turned(bits: np.ndarray, count: int) -> np.ndarray:
    """
    The same with so many bits turned: as many ones as zeros, where that can be.
    """
    changed = bits.copy()
    ones = RNG.choice(np.flatnonzero(bits), count // 2, replace=False)
    zeros = RNG.choice(np.flatnonzero(~bits), count - count // 2, replace=False)
    changed[ones], changed[zeros] = False, True
    return changed


def text(bits: np.ndarray) -> str:
    """
    Write 256 bits as a hash.
    """
    return np.packbits(bits).tobytes().hex()


def sampling() -> list[dict[str, Any]]:
    """
    Which frame is on display at each second.
    """
    cases = {
        "one frame": [0],
        "25 a second for a second and a bit": [40 * n for n in range(28)],
        "exactly at the second": [0, 999, 1000, 1001, 2000],
        "a long hold in the middle": [0, 400, 4_300, 4_900],
        "one that is earlier than the one before": [0, 1_500, 900, 2_100],
        "nothing at the last second": [0, 1_001, 1_999],
    }
    return [
        {
            "about": about,
            "appear_ms": times,
            "shown": [
                {"at_ms": at_ms, "frame": frame}
                for at_ms, frame in on_display(
                    [(at, number) for number, at in enumerate(times)], every_ms=1000, end_ms=10**7
                )
            ],
        }
        for about, times in cases.items()
    ]


def reduction() -> dict[str, Any]:
    """
    Which hashes are kept.
    """
    first = drawn()
    near, far = turned(first, 4), turned(first, 5)
    drift = [first]
    for _ in range(3):
        drift.append(turned(drift[-1], 2))
    flat = np.zeros(256, np.bool_)
    flat[:31] = True
    rows = [
        *[(bits, 100) for bits in (first, near, far, first)],
        (drawn(), 49),
        (drawn(), 50),
        (flat, 100),
        *[(bits, 90) for bits in drift],
    ]
    hashes = [
        {"hash": text(bits), "quality": quality, "at_ms": 1000 * second}
        for second, (bits, quality) in enumerate(rows)
    ]
    kept = videos.kept_frames(
        (1000 * second, pdq.HashedPicture(PdqHash.from_hex(text(bits)), quality))
        for second, (bits, quality) in enumerate(rows)
    )
    return {"hashes": hashes, "kept_at_ms": [frame.at_ms for frame in kept]}


def wire() -> list[dict[str, Any]]:
    """
    Frames as they are written.
    """
    cases = []
    for times in ([0], [0, 1_000, 65_000], [2_000, 7_199_000]):
        frames = [Frame(PdqHash.from_hex(text(drawn())), 50 + n, at) for n, at in enumerate(times)]
        listed = [
            {"hash": frame.hash.hex(), "quality": frame.quality, "at_ms": frame.at_ms}
            for frame in frames
        ]
        cases.append({"frames": listed, "text": encode_frames(frames)})
    return cases


def case(about: str, listed: list[np.ndarray], shown: list[np.ndarray]) -> dict[str, Any]:
    """
    One listed video with a new picture each second, and the upload's samples.
    """
    words = [pdq.pack([PdqHash.from_hex(text(bits)) for bits in some]) for some in (listed, shown)]
    signal = videos.Signal(words[0], np.arange(len(listed)) * 1000)
    at_ms = np.arange(len(shown)) * videos.EVERY_MS
    views = np.repeat(words[1][None], 8, axis=0)
    views[1:] = ~views[1:] ^ np.arange(1, 8, dtype=np.uint64)[:, None, None]
    upload = videos.Upload(at_ms, views, np.ones(views.shape[:2], np.bool_))
    found = videos.match_upload(videos.FixedVideos([signal]), upload)
    return {
        "about": about,
        "listed": [text(bits) for bits in listed],
        "upload": [text(bits) for bits in shown],
        "is_match": bool(found.videos),
    }


def four_each(frames: list[np.ndarray], bits: int = 0) -> list[np.ndarray]:
    """
    Show each for a second, with some bits turned anew in each sample.
    """
    return [turned(frame, bits) for frame in frames for _ in range(4)]


def matching() -> list[dict[str, Any]]:
    """
    What is a copy and what is not.
    """
    own, other = ([drawn() for _ in range(12)] for _ in range(2))
    long, still = [drawn() for _ in range(40)], drawn()
    return [
        case("the same", own, four_each(own)),
        case("re-encoded: 10 bits", own, four_each(own, 10)),
        case(
            "a large logo: 50 bits, three frames 30",
            own,
            four_each(own[:3], 30) + four_each(own[3:], 50),
        ),
        case(
            "a large logo in which no frame is near: nothing to find it by", own, four_each(own, 50)
        ),
        case("the start is cut off, a quarter into a second", own, four_each(own, 8)[17:]),
        case("inside a longer one", own, four_each(other) + four_each(own, 6) + four_each(other)),
        case("a part in the middle is cut out", own, four_each(own[:5], 6) + four_each(own[7:], 6)),
        case("faster by a tenth", own, [turned(own[int(n * 0.275)], 6) for n in range(43)]),
        case("another video", own, four_each(other)),
        case("the same first three seconds", own, four_each(own[:3] + other)),
        case("the same last second as its first", own, four_each([*other, own[0]])),
        case("the same frames in another order", own, four_each(own[::-1])),
        case(
            "the last three seconds of one are the first three of the other",
            own,
            four_each(own[-3:] + other),
        ),
        case(
            "a long one, slower by a tenth",
            long,
            [turned(long[int(n * 0.25 / 1.1)], 6) for n in range(176)],
        ),
        case("nothing moves in both", [still], four_each([still] * 5, 12)),
        case(
            "nothing moves in both, but the pictures differ more",
            [still],
            four_each([still] * 5, 28),
        ),
        case("two seconds of it", own, four_each(own[4:6], 10)),
        case("one second of it", own, four_each(own[4:5], 10)),
    ]


def document() -> str:
    """
    The content of the file.
    """
    vectors: dict[str, Any] = {
        "about": "Frames of videos: which are taken, kept, written, and what matches. "
        "spec/video.md",
        "sampling": sampling(),
        "reduction": reduction(),
        "wire": wire(),
        "upload_every_ms": videos.EVERY_MS,
        "matching": matching(),
    }
    return json.dumps(vectors, indent=1) + "\n"


def main(arguments: list[str] | None = None) -> int:
    """
    Write the file, or with --check compare it.
    """
    parser = argparse.ArgumentParser(description="Makes spec/vectors/video.json.")
    parser.add_argument("--check", action="store_true", help="compare, change nothing")
    is_check = parser.parse_args(arguments).check
    wanted = document()
    if is_check:
        if not TARGET.is_file() or TARGET.read_text(encoding="utf-8") != wanted:
            print(f"{TARGET} differs: run `python tools/make_video_vectors.py`.", file=sys.stderr)
            return 1
        return 0
    TARGET.write_text(wanted, encoding="utf-8")
    print(f"{TARGET} written.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
