"""
The hashing of videos as a job of the sandbox.

The answer comes from a process that has read somebody's file. It is checked like that file.
"""

import struct
from io import BytesIO
from typing import Annotated, BinaryIO

import msgspec
import numpy as np
from PIL import Image

from tegenbeeld.errors import DecoderCrashed, ShapeError, WireError
from tegenbeeld.kit.videos.hashing import HashedUpload, HashedVideo, hash_upload, hash_video
from tegenbeeld.kit.videos.upload import EVERY_MS, Upload
from tegenbeeld.media.video import MAX_SECONDS, Ending, VideoLimits
from tegenbeeld.media.video import prepare as _prepare
from tegenbeeld.media.video.bars import MOST_BOXES
from tegenbeeld.pdq import ORIENTATIONS
from tegenbeeld.pdq.distance import WORDS_PER_HASH
from tegenbeeld.wire.video import decode_frames, encode_frames

JOB = f"{__name__}:look"

# Views and samples.
_HEAD = struct.Struct("<II")
_MOST_SAMPLES = MAX_SECONDS * 1000 // EVERY_MS
# The whole, boxes, and with marks painted over.
_MOST_VIEWS = (1 + MOST_BOXES + 1) * len(ORIENTATIONS)
_HASH_BYTES = 8 * WORDS_PER_HASH
_MD5_BYTES = 16

MOST_ANSWERED = _HEAD.size + _MOST_VIEWS * _MOST_SAMPLES * (1 + _HASH_BYTES) + 1024
"""Longest answer of `look`, in bytes: an upload of two hours, and what stands around it."""


class Task(msgspec.Struct):
    """
    What a worker is asked for.

    Attributes:
        is_upload: Hash the video to look it up, rather than for a list.
        work_s: How long decoding may take, in seconds.
    """

    is_upload: bool
    work_s: float


class _Answer(msgspec.Struct, array_like=True):
    ending: Ending
    md5: Annotated[bytes, msgspec.Meta(min_length=_MD5_BYTES, max_length=_MD5_BYTES)]
    hashes: bytes


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(_Answer).decode
_decode_task = msgspec.msgpack.Decoder(Task).decode


def prepare() -> None:
    """
    Import what is needed before the sandbox closes, and what is imported with the first video.
    """
    _prepare()
    for task in (task_for(is_upload=False, work_s=60), task_for(is_upload=True, work_s=60)):
        for format_ in ("GIF", "WEBP"):
            look(BytesIO(_animation(format_)), task)


def _animation(format_: str) -> bytes:
    rng = np.random.default_rng(1)
    noise = [rng.integers(0, 255, (12, 12, 3), np.uint8) for _ in range(3)]
    frames = [Image.fromarray(one).resize((96, 96), Image.Resampling.BICUBIC) for one in noise]
    file = BytesIO()
    frames[0].save(file, format_, save_all=True, append_images=frames[1:], duration=600)
    return file.getvalue()


def task_for(*, is_upload: bool, work_s: float) -> bytes:
    """
    Write a `Task` as the options of `look`.
    """
    return _encode(Task(is_upload, work_s))


def look(file: BinaryIO, options: bytes) -> bytes:
    """
    Hash one video; runs in a worker.

    Args:
        file: Open for reading.
        options: As `task_for` writes them.

    Raises:
        MediaError: It cannot be read, or has too little detail.
    """
    task = _decode_task(options)
    limits = VideoLimits(work_s=task.work_s)
    if task.is_upload:
        upload = hash_upload(file, limits=limits)
        return _encode(_Answer(upload.ending, bytes.fromhex(upload.md5), packed(upload.upload)))
    video = hash_video(file, limits=limits)
    text = encode_frames(video.frames).encode()
    return _encode(_Answer(video.ending, bytes.fromhex(video.md5), text))


def read_video_answer(answer: bytes) -> HashedVideo:
    """
    Read what `look` answered of a video for a list.

    Raises:
        DecoderCrashed: It is no such answer.
    """
    try:
        seen = _decode(answer)
        frames = decode_frames(seen.hashes.decode("ascii"))
    except (msgspec.DecodeError, UnicodeDecodeError, WireError) as error:
        raise _nonsense() from error
    return HashedVideo(list(frames), seen.md5.hex(), seen.ending)


def read_upload_answer(answer: bytes) -> HashedUpload:
    """
    Read what `look` answered of an upload.

    Raises:
        DecoderCrashed: It is no such answer.
    """
    try:
        seen = _decode(answer)
        upload = unpacked(seen.hashes)
    except (msgspec.DecodeError, ShapeError) as error:
        raise _nonsense() from error
    return HashedUpload(upload, seen.md5.hex(), seen.ending)


def _nonsense() -> DecoderCrashed:
    return DecoderCrashed(
        "This video made the program that reads videos answer nonsense. It was made to do harm; "
        "do not use it."
    )


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
