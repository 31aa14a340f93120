"""
Videos: the frames that are shared of one, and the rule by which a copy is recognised.

Pure but for `hashing`, which takes the bytes of a file. Source: spec/video.md.
"""

from tegenbeeld.kit.videos.frames import FrameKeeper, Signal, kept_frames
from tegenbeeld.kit.videos.hashing import HashedUpload, HashedVideo, hash_upload, hash_video, md5_of
from tegenbeeld.kit.videos.keys import NO_VIDEO, Places, frame_keys, places
from tegenbeeld.kit.videos.listed import FixedVideos, Listed, add_frames
from tegenbeeld.kit.videos.matching import (
    FrameMatch,
    PhotoMatch,
    VideoFindings,
    VideoMatch,
    match_upload,
)
from tegenbeeld.kit.videos.upload import EVERY_MS, Upload, UploadBuilder

__all__ = [
    "EVERY_MS",
    "NO_VIDEO",
    "FixedVideos",
    "FrameKeeper",
    "FrameMatch",
    "HashedUpload",
    "HashedVideo",
    "Listed",
    "PhotoMatch",
    "Places",
    "Signal",
    "Upload",
    "UploadBuilder",
    "VideoFindings",
    "VideoMatch",
    "add_frames",
    "frame_keys",
    "hash_upload",
    "hash_video",
    "kept_frames",
    "match_upload",
    "md5_of",
    "places",
]
