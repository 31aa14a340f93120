"""
One decoded frame as brightness, upright.
"""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from av import VideoFrame

# Formats whose first plane is brightness, 8 bits or more. Source: FFmpeg, libavutil/pixfmt.h.
_PLANAR = ("yuv", "nv12", "nv21", "nv16", "nv24", "p010", "p210", "p410", "gray")
# Of these the ten bits are the upper ones of sixteen.
_UPPER_BITS = ("p010", "p210", "p410")

# Source: FFmpeg, AVCOL_RANGE_JPEG in libavutil/pixfmt.h.
_FULL_RANGE = 2


def luma_of(frame: "VideoFrame") -> NDArray[np.uint8]:
    """
    Take the brightness of a frame, in full range and turned as the file asks.

    Args:
        frame: As decoded.

    Returns:
        uint8[height, width], C-contiguous, 0 to 255.

    Source:
        spec/video.md §2.
    """
    name = frame.format.name
    if not name.startswith(_PLANAR):
        # Red, green and blue, a palette, or stranger. The library weighs the colours.
        luma = frame.to_ndarray(format="gray")
        return _upright(np.asarray(luma, np.uint8), frame.rotation)
    luma = _first_plane(frame)
    if frame.color_range != _FULL_RANGE and not name.startswith(("yuvj", "gray")):
        luma = _EXPANDED[luma]
    return _upright(luma, frame.rotation)


def _first_plane(frame: "VideoFrame") -> NDArray[np.uint8]:
    plane = frame.planes[0]
    bits = frame.format.components[0].bits
    wide = bits > 8  # noqa: PLR2004 - more than a byte
    data = memoryview(plane)
    if not wide:
        return np.frombuffer(data, np.uint8).reshape(-1, plane.line_size)[
            : frame.height, : frame.width
        ]
    rows = np.frombuffer(data, "<u2").reshape(-1, plane.line_size // 2)
    shift = 8 if frame.format.name.startswith(_UPPER_BITS) else bits - 8
    narrow: NDArray[np.uint8] = (rows[: frame.height, : frame.width] >> shift).astype(np.uint8)
    return narrow


def _expansion() -> NDArray[np.uint8]:
    """
    What each value of limited range, 16 to 235, is in full range. Source: ITU-R BT.601 §2.5.3.
    """
    values = (np.arange(256) - 16) * (255 / 219)
    expanded: NDArray[np.uint8] = np.clip(np.floor(values + 0.5), 0, 255).astype(np.uint8)
    return expanded


_EXPANDED = _expansion()


def _upright(luma: NDArray[np.uint8], degrees: int) -> NDArray[np.uint8]:
    """
    Turn counter-clockwise by what the file asks for, to the nearest quarter.
    """
    return np.ascontiguousarray(np.rot90(luma, round(degrees / 90) % 4))
