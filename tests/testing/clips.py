"""
Small videos, made by the test that needs them.
"""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image

MILLISECONDS = Fraction(1, 1000)

# A clip changes to another scene after this long, and moves in between.
SCENE_MS = 1300

Picture = Callable[[int, tuple[int, int]], Image.Image]


def even_times(seconds: float, rate: int = 25) -> list[int]:
    """
    When each frame of a clip appears, in milliseconds.
    """
    return [round(1000 * place / rate) for place in range(round(seconds * rate))]


def scene(at_ms: int, size: tuple[int, int]) -> Image.Image:
    """
    Make what a clip shows at an instant: detail that drifts, another scene from time to time.
    """
    width, height = size
    rng = np.random.default_rng(at_ms // SCENE_MS)
    coarse = rng.integers(0, 256, (9, 12, 3), dtype=np.uint8)
    wide = Image.fromarray(coarse).resize((width * 5 // 4, height), Image.Resampling.BICUBIC)
    left = (at_ms % SCENE_MS) * (width // 4) // SCENE_MS
    return wide.crop((left, 0, left + width, height))


def make_clip(  # noqa: PLR0913 - all but two are rarely given
    path: Path,
    times_ms: Sequence[int],
    *,
    codec: str = "libx264",
    size: tuple[int, int] = (320, 240),
    pixels: str = "yuv420p",
    full_range: bool = False,
    picture: Picture = scene,
    options: dict[str, str] | None = None,
    file_options: dict[str, str] | None = None,
) -> Path:
    """
    Write a clip; the name's ending tells which kind of file.

    Args:
        path: Where to.
        times_ms: When each frame appears.
        codec: FFmpeg's name of the encoder.
        size: Width and height.
        pixels: FFmpeg's name of the pixel format.
        full_range: Whether brightness goes from 0 to 255 instead of 16 to 235.
        picture: What is shown when.
        options: For the encoder.
        file_options: For the writer of the file.
    """
    with av.open(str(path), "w", options=file_options or {}) as file:
        stream: Any = file.add_stream(codec, rate=25, options=options or {})
        stream.width, stream.height = size
        stream.pix_fmt = pixels
        stream.codec_context.time_base = MILLISECONDS
        if full_range:
            stream.codec_context.color_range = 2
        for at_ms in times_ms:
            frame = _frame(
                np.asarray(picture(at_ms, size).convert("RGB")), pixels, full_range=full_range
            )
            frame.pts = at_ms
            frame.time_base = MILLISECONDS
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return path


def _frame(rgb: NDArray[np.uint8], pixels: str, *, full_range: bool) -> Any:
    frame = av.VideoFrame.from_ndarray(rgb, format="rgb24")
    converted = frame.reformat(format=pixels, dst_color_range=2 if full_range else 1)
    if full_range:
        converted.color_range = 2
    return converted


def make_sound(path: Path, seconds: int = 2) -> Path:
    """
    Write a file with sound and no pictures.
    """
    with av.open(str(path), "w") as file:
        stream: Any = file.add_stream("aac", rate=44_100)
        stream.layout = "mono"
        samples = np.sin(np.arange(44_100 * seconds, dtype=np.float32) / 20)[None, :]
        for at in range(0, samples.shape[1], 1024):
            frame = av.AudioFrame.from_ndarray(samples[:, at : at + 1024], "fltp", "mono")
            frame.sample_rate = 44_100
            frame.pts = at
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return path


def box_at(content: bytes, name: bytes, start: int = 0) -> int:
    """
    Find where the content of a box of an MP4 file begins.
    """
    return content.index(name, start) + 4


def turned(content: bytes, quarters: int) -> bytes:
    """
    Make an MP4 file ask for its frames to be turned clockwise.
    """
    one = 0x10000
    a, b = [(one, 0), (0, one), (-one, 0), (0, -one)][quarters % 4]
    matrix = [a, b, 0, -b, a, 0, 0, 0, 0x40000000]
    # Version 0. Source: ISO/IEC 14496-12 §8.3.2.
    place = box_at(content, b"tkhd") + 4 + 20 + 16
    words = b"".join(value.to_bytes(4, "big", signed=True) for value in matrix)
    return content[:place] + words + content[place + 36 :]


def padded(source: Path, target: Path, size: int) -> Path:
    """
    Copy an MP4 file with its index at the end, and make it *size* bytes by a hole in the middle.

    The hole takes no room on disk.
    """
    content = source.read_bytes()
    index = content.index(b"moov") - 4
    hole = size - len(content)
    with target.open("wb") as file:
        file.write(content[:index])
        file.write((1).to_bytes(4) + b"free" + hole.to_bytes(8))
        file.seek(index + hole)
        file.write(content[index:])
    return target


def boxes(content: bytes) -> Iterator[tuple[bytes, int, int]]:
    """
    Give the name, start and end of each box at the top of an MP4 file.
    """
    start = 0
    while start + 8 <= len(content):
        size = int.from_bytes(content[start : start + 4])
        yield content[start + 4 : start + 8], start, start + size
        start += size
