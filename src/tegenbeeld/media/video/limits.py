"""
How large and how long a video may be.

What a header claims is checked where it matters and otherwise never believed: nothing is set aside
for frames that have not been decoded.
"""

from dataclasses import dataclass

from tegenbeeld.errors import VideoTooLarge

MAX_VIDEO_BYTES = 512 * 1024 * 1024
"""
Largest file that a platform decodes, in bytes; inclusive.
"""

MAX_SECONDS = 7_200
"""
How much of a video is looked at, in seconds from its first frame. The rest is left out.

Source: spec/video.md §4.
"""

MAX_FRAME_PIXELS = 8_192 * 4_352
"""
Most pixels of a frame, width times height; inclusive. The largest phones film 7680 x 4320.
"""

MAX_DECODED_FRAMES = 1_000_000
"""
Most frames that are decoded: two hours of 120 a second, and some.
"""

MIN_FRAME_SIDE = 5
"""
Shortest side, in pixels, that PDQ works with; inclusive.

Source: spec/pdq.md §2.
"""


@dataclass(frozen=True, slots=True)
class VideoLimits:
    """
    The limits of one reading.

    Attributes:
        seconds: How much of the video is looked at.
        frames: Most frames that are decoded.
        work_s: Longest time that decoding may take, in seconds; None for no end.
    """

    seconds: int = MAX_SECONDS
    frames: int = MAX_DECODED_FRAMES
    work_s: float | None = None


def check_frame(width: int, height: int) -> None:
    """
    Refuse frames that are too large or too small.

    Raises:
        VideoTooLarge: More than `MAX_FRAME_PIXELS`, or a side below `MIN_FRAME_SIDE`.
    """
    if width * height > MAX_FRAME_PIXELS:
        raise VideoTooLarge(
            f"The video is too large: {width} by {height} pixels. "
            "Make a smaller copy of it, for instance 1920 by 1080, and use that."
        )
    if min(width, height) < MIN_FRAME_SIDE:
        raise VideoTooLarge(
            f"The video is too small: {width} by {height} pixels. Each side needs at least "
            f"{MIN_FRAME_SIDE}. Use the original, or a larger copy."
        )
