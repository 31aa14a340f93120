"""
`tegenbeeld hash PATH...`: the hashes of each picture and video, one JSON object per line.
"""

import argparse
from pathlib import Path
from typing import Any

from tegenbeeld.errors import MediaError
from tegenbeeld.kit.commands.output import print_line
from tegenbeeld.kit.commands.subparsers import Subparsers


def add_parser(commands: Subparsers) -> None:
    """
    Describe the command.
    """
    parser = commands.add_parser(
        "hash",
        help="hash pictures and videos",
        description=(
            "Print one JSON object per file: path, media, algorithm, hash and quality; of a video "
            "also the MD5 of the file and all its frames, and hash is that of the frame with the "
            "highest quality. A file that cannot be hashed gives path and error; the others are "
            "still hashed, and the exit code is 1."
        ),
    )
    parser.add_argument(
        "--exact",
        action="store_true",
        help="decode every picture at full size, as the person's browser does. Without it a large "
        "one is decoded smaller, many times faster, and its hash may be a few bits from that",
    )
    parser.add_argument("paths", nargs="+", metavar="PATH", help="a picture or a video")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """
    Hash each file in turn.

    Returns:
        0, or 1 if a file could not be hashed.
    """
    exit_code = 0
    for path in arguments.paths:
        try:
            line = _hash(Path(path), exact=arguments.exact)
        except MediaError as error:
            line = {"error": error.message}
            exit_code = 1
        print_line({"path": path, **line})
    return exit_code


def _hash(path: Path, *, exact: bool) -> dict[str, Any]:
    from tegenbeeld.kit.kinds import is_video

    return _hash_video(path) if is_video(path) else _hash_picture(path, exact=exact)


def _hash_picture(path: Path, *, exact: bool) -> dict[str, Any]:
    from tegenbeeld.kit.pictures import hash_file

    hashed = hash_file(path, exact=exact)
    return {
        "media": "image",
        "algorithm": "pdq",
        "hash": hashed.hash.hex(),
        "quality": hashed.quality,
    }


def _hash_video(path: Path) -> dict[str, Any]:
    from tegenbeeld.kit.videos.hasher import shared_video_hasher
    from tegenbeeld.media.video import Ending

    video = shared_video_hasher().hash(path)
    # The first of those that are equally good.
    best = max(video.frames, key=lambda frame: frame.quality)
    line = {
        "media": "video",
        "algorithm": "vpdq",
        "hash": best.hash.hex(),
        "quality": best.quality,
        "md5": video.md5,
        "frames": [
            {"hash": frame.hash.hex(), "quality": frame.quality, "at_ms": frame.at_ms}
            for frame in video.frames
        ],
    }
    if video.ending is not Ending.COMPLETE:
        line["ending"] = video.ending.value
    return line
