"""
From a video file to hashes: for the list, and for an upload that is looked up.
"""

import hashlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tegenbeeld import pdq
from tegenbeeld.errors import VideoTooPoor
from tegenbeeld.kit.videos.frames import FrameKeeper
from tegenbeeld.kit.videos.upload import EVERY_MS, Upload, UploadBuilder
from tegenbeeld.media.video import (
    Ending,
    VideoLimits,
    boxes,
    glimpse_video,
    patch,
    read_video,
)
from tegenbeeld.media.video.reading import DEFAULT_LIMITS
from tegenbeeld.wire.video import Frame

# Frames from all over a video, to see what in it never moves.
_GLIMPSES = 16

_CHUNK_BYTES = 1024 * 1024


class HashedVideo(NamedTuple):
    """
    What is shared of a video.

    Attributes:
        frames: Its signal.
        md5: Of the file, 32 lower-case hexadecimal digits.
        ending: Whether that is all of the video.
    """

    frames: list[Frame]
    md5: str
    ending: Ending


class HashedUpload(NamedTuple):
    """
    By what an uploaded video is looked up.

    Attributes:
        upload: Its hashes.
        md5: Of the file, 32 lower-case hexadecimal digits.
        ending: Whether that is all of the video.
    """

    upload: Upload
    md5: str
    ending: Ending


def hash_video(
    source: Path | bytes | BinaryIO, *, limits: VideoLimits = DEFAULT_LIMITS
) -> HashedVideo:
    """
    Hash a video for a list, as the person's browser does.

    Raises:
        MediaError: It cannot be read; as `VideoTooPoor`, no frame has enough detail.

    Source:
        spec/video.md §2 and §3.
    """
    keeper = FrameKeeper()
    seen: tuple[object, pdq.HashedPicture] | None = None
    with read_video(source, limits=limits) as samples:
        for at_ms, luma in samples:
            if seen is None or seen[0] is not luma:
                seen = luma, pdq.hash_rgb(luma)
            keeper.add(seen[1], at_ms=at_ms)
    if not keeper.frames:
        raise VideoTooPoor(
            "No frame of this video has enough detail: its hashes would also match other videos. "
            "Choose a sharper or brighter copy of it."
        )
    return HashedVideo(keeper.frames, md5_of(source), samples.ending or Ending.COMPLETE)


def hash_upload(
    source: Path | bytes | BinaryIO, *, limits: VideoLimits = DEFAULT_LIMITS
) -> HashedUpload:
    """
    Hash a video that is looked up: more often, turned and mirrored, and without bars.

    Raises:
        MediaError: It cannot be read.

    Source:
        spec/video.md §6.
    """
    views = _Views(glimpse_video(source, most=_GLIMPSES))
    builder = UploadBuilder(cuts=views.count - 1)
    held: object = None
    turned: list[pdq.OrientedHashes] = []
    with read_video(source, every_ms=EVERY_MS, limits=limits) as samples:
        for at_ms, luma in samples:
            if held is not luma:
                turned = [pdq.hash_orientations(view) for view in views.of(luma)]
                held = luma
            builder.add(turned, at_ms=at_ms)
    return HashedUpload(builder.upload(), md5_of(source), samples.ending or Ending.COMPLETE)


class _Views:
    """
    The whole picture, without bars, and with marks painted over.
    """

    def __init__(self, glimpses: list[NDArray[np.uint8]]) -> None:
        self._boxes = boxes(glimpses)
        self._patch = patch(glimpses)
        self._shape = glimpses[0].shape if glimpses else None
        self.count = 1 + len(self._boxes) + (self._patch is not None)

    def of(self, luma: NDArray[np.uint8]) -> Iterator[NDArray[np.uint8]]:
        yield luma
        # Where a video changes its size, boxes and marks are elsewhere.
        is_known = luma.shape == self._shape
        for box in self._boxes:
            yield np.ascontiguousarray(box.of(luma)) if is_known else luma
        if self._patch is not None:
            yield self._patch.over(luma) if is_known else luma


def md5_of(source: Path | bytes | BinaryIO) -> str:
    """
    Compute the MD5 of a file, a piece at a time: 32 lower-case hexadecimal digits.
    """
    digest = hashlib.md5(usedforsecurity=False)
    for chunk in _chunks(source):
        digest.update(chunk)
    return digest.hexdigest()


def _chunks(source: Path | bytes | BinaryIO) -> Iterator[bytes]:
    if isinstance(source, Path):
        with source.open("rb") as file:
            yield from _chunks(file)
        return
    opened = BytesIO(source) if isinstance(source, bytes) else source
    opened.seek(0)
    while chunk := opened.read(_CHUNK_BYTES):
        yield chunk
