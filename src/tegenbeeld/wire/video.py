"""
The frames of a video on the wire.

One text holds all of them: base64 of a version and, for each frame, how long after the frame before
it appears, its quality and its hash.

Source: spec/video.md §5.
"""

import base64
import binascii
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tegenbeeld.errors import WireError
from tegenbeeld.pdq import MIN_QUALITY, PdqHash

VERSION = 1

MAX_QUALITY = 100

MAX_FRAMES = 7_200
"""
Most frames of a video: one a second for two hours; inclusive.
"""

MAX_AT_MS = 7_200_000
"""
Where the time that is looked at ends, in milliseconds after the first frame; exclusive.
"""

_AFTER_BYTES = 3
FRAME_BYTES = _AFTER_BYTES + 1 + 32
"""
One frame: how long after the one before, quality, hash.
"""

MAX_TEXT = 4 * -(-(1 + MAX_FRAMES * FRAME_BYTES) // 3)
"""
Longest text, in characters; inclusive. An hour with a new picture each second is 173,000.

The same as `native.MAX_FRAMES_TEXT`: this module brings numpy, which not everybody needs.
"""


class Frame(NamedTuple):
    """
    One frame of a video.

    Attributes:
        hash: PDQ.
        quality: `MIN_QUALITY` to 100, inclusive.
        at_ms: When it appears, in milliseconds after the first frame; 0 to `MAX_AT_MS`, exclusive.
    """

    hash: PdqHash
    quality: int
    at_ms: int


def encode_frames(frames: Sequence[Frame]) -> str:
    """
    Write frames.

    Args:
        frames: 1 to `MAX_FRAMES`, each later than the one before.

    Raises:
        WireError: They break the rules that `decode_frames` checks.
    """
    _check(frames)
    parts = [bytes([VERSION])]
    before = 0
    for frame in frames:
        after = (frame.at_ms - before).to_bytes(_AFTER_BYTES, "big")
        parts += [after, bytes([frame.quality]), frame.hash.value]
        before = frame.at_ms
    return base64.b64encode(b"".join(parts)).decode()


def decode_frames(text: str) -> tuple[Frame, ...]:
    """
    Read frames.

    Raises:
        WireError: It is not written as it should be, or a frame breaks the rules: too many, out of
            order, too late, of low quality, or degenerate.
    """
    if len(text) > MAX_TEXT:
        raise WireError(f"The frames of a video are at most {MAX_TEXT} characters long.")
    try:
        raw = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise WireError("The frames of a video must be written in base64.") from error
    if base64.b64encode(raw).decode() != text:
        raise WireError("The frames of a video must be written in base64, in its one usual form.")
    if raw[:1] != bytes([VERSION]):
        raise WireError(
            "The frames of this video are written in a version that is not known here. "
            "Use a newer version of this software."
        )
    if (len(raw) - 1) % FRAME_BYTES:
        raise WireError("The frames of a video are cut off.")
    frames = tuple(_frames(raw))
    _check(frames)
    return frames


def _frames(raw: bytes) -> Iterator[Frame]:
    at_ms = 0
    for start in range(1, len(raw), FRAME_BYTES):
        part = raw[start : start + FRAME_BYTES]
        at_ms += int.from_bytes(part[:_AFTER_BYTES], "big")
        yield Frame(PdqHash(part[_AFTER_BYTES + 1 :]), part[_AFTER_BYTES], at_ms)


def _check(frames: Sequence[Frame]) -> None:
    if not 1 <= len(frames) <= MAX_FRAMES:
        raise WireError(f"A video has 1 to {MAX_FRAMES} frames, not {len(frames)}.")
    before = -1
    for place, frame in enumerate(frames):
        if not before < frame.at_ms < MAX_AT_MS:
            raise WireError(f"frames[{place}] is not later than the one before, or too late.")
        if not MIN_QUALITY <= frame.quality <= MAX_QUALITY:
            raise WireError(
                f"frames[{place}] has the quality {frame.quality}, "
                f"not {MIN_QUALITY} to {MAX_QUALITY}."
            )
        if frame.hash.is_degenerate():
            raise WireError(f"frames[{place}] is almost one flat colour, which means nothing.")
        before = frame.at_ms
