"""
The hashing of uploads as a job of the sandbox: bytes in, bytes out.

The answer comes from a process that has read somebody's file. It is checked like that file.
"""

import struct

import numpy as np

from tegenbeeld.errors import ShapeError
from tegenbeeld.kit.videos.hashing import hash_upload
from tegenbeeld.kit.videos.upload import EVERY_MS, Upload
from tegenbeeld.media.video import MAX_SECONDS, VideoLimits
from tegenbeeld.media.video import prepare as _prepare
from tegenbeeld.media.video.bars import MOST_BOXES
from tegenbeeld.pdq import ORIENTATIONS
from tegenbeeld.pdq.distance import WORDS_PER_HASH

# Views and samples.
_HEAD = struct.Struct("<II")
_MOST_SAMPLES = MAX_SECONDS * 1000 // EVERY_MS
# The whole, boxes, and with marks painted over.
_MOST_VIEWS = (1 + MOST_BOXES + 1) * len(ORIENTATIONS)
_HASH_BYTES = 8 * WORDS_PER_HASH


def prepare() -> None:
    """
    Import what is needed before the sandbox closes.
    """
    _prepare()


def upload_job(content: bytes, options: bytes) -> bytes:
    """
    Hash an upload.

    Args:
        content: The file.
        options: How long decoding may take in seconds, as text; empty for no end.

    Raises:
        MediaError: It cannot be read.
    """
    work_s = float(options) if options else None
    return packed(hash_upload(content, limits=VideoLimits(work_s=work_s)))


def packed(upload: Upload) -> bytes:
    """
    Write an upload's hashes.
    """
    views, samples = upload.usable.shape
    head = _HEAD.pack(views, samples)
    return head + upload.usable.tobytes() + upload.words.astype("<u8").tobytes()


def unpacked(answer: bytes) -> Upload:
    """
    Read an upload's hashes.

    Raises:
        ShapeError: The answer is not as `packed` writes it.
    """
    views, samples = _HEAD.unpack_from(answer.ljust(_HEAD.size, b"\0"))
    pairs = views * samples
    fits = 0 < views <= _MOST_VIEWS and views % len(ORIENTATIONS) == 0
    fits = fits and 0 < samples <= _MOST_SAMPLES
    if not fits or len(answer) != _HEAD.size + pairs * (1 + _HASH_BYTES):
        raise ShapeError("The hashes of a video came back in another form than they should.")
    usable = np.frombuffer(answer, np.uint8, pairs, _HEAD.size) != 0
    words = np.frombuffer(answer, "<u8", pairs * WORDS_PER_HASH, _HEAD.size + pairs)
    return Upload(
        np.arange(samples) * EVERY_MS,
        words.astype(np.uint64).reshape(views, samples, WORDS_PER_HASH),
        usable.reshape(views, samples),
    )
