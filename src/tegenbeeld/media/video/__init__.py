"""
Videos to frames: what is on display at each second, as brightness, upright.

Knows nothing of hashes. MP4, MOV, WebM, MKV, AVI and MPEG-TS need the extra `video`; animated GIF
and WebP do not.
"""

from tegenbeeld.media.video.bars import Box, boxes
from tegenbeeld.media.video.containers import HEAD_BYTES, Container, container_of, is_video
from tegenbeeld.media.video.decoder import prepare
from tegenbeeld.media.video.gif import is_moving_gif
from tegenbeeld.media.video.limits import (
    MAX_FRAME_PIXELS,
    MAX_SECONDS,
    MAX_VIDEO_BYTES,
    VideoLimits,
)
from tegenbeeld.media.video.marks import Patch, patch
from tegenbeeld.media.video.reading import Ending, Sample, VideoSamples, glimpse_video, read_video

__all__ = [
    "HEAD_BYTES",
    "MAX_FRAME_PIXELS",
    "MAX_SECONDS",
    "MAX_VIDEO_BYTES",
    "Box",
    "Container",
    "Ending",
    "Patch",
    "Sample",
    "VideoLimits",
    "VideoSamples",
    "boxes",
    "container_of",
    "glimpse_video",
    "is_moving_gif",
    "is_video",
    "patch",
    "prepare",
    "read_video",
]
