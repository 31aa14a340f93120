"""
Videos: the frames that are shared of one, and the rule by which a copy is recognised.

Pure but for `hashing`, which takes the bytes of a file. Source: spec/video.md.
"""

from tegenbeeld.kit.videos.frames import FrameKeeper, Signal, kept_frames
from tegenbeeld.kit.videos.hashing import HashedVideo, hash_upload, hash_video, md5_of
from tegenbeeld.kit.videos.listed import NO_VIDEO, FixedVideos, Listed, Places
from tegenbeeld.kit.videos.matching import (
    FrameMatch,
    PhotoMatch,
    VideoFindings,
    VideoMatch,
    match_picture,
    match_upload,
)
from tegenbeeld.kit.videos.upload import EVERY_MS, Upload, UploadBuilder

__all__ = [
    "EVERY_MS",
    "NO_VIDEO",
    "FixedVideos",
    "FrameKeeper",
    "FrameMatch",
    "HashedVideo",
    "Listed",
    "PhotoMatch",
    "Places",
    "Signal",
    "Upload",
    "UploadBuilder",
    "VideoFindings",
    "VideoMatch",
    "hash_upload",
    "hash_video",
    "kept_frames",
    "match_picture",
    "match_upload",
    "md5_of",
]
