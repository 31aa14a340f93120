"""
Video files made by the test itself, with PyAV, and ways to spoil them.
"""

import io
import struct
import tempfile
from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import count
from pathlib import Path
from typing import Any

import av
import numpy as np
from PIL import Image


def scene(number: int, *, width: int = 160, height: int = 120) -> np.ndarray:
    """
    A picture with enough detail: uint8[height, width]. The same number gives the same picture.
    """
    noise = np.random.default_rng(number).integers(0, 256, (12, 12), dtype=np.uint8)
    grown = Image.fromarray(noise).resize((width, height), Image.Resampling.BICUBIC)
    return np.asarray(grown)


def moving(seconds: float, *, rate: int = 10, seed: int = 1) -> list[np.ndarray]:
    """
    A new scene each second, which drifts.
    """
    frames = []
    for number in range(int(seconds * rate)):
        second, place = divmod(number, rate)
        wide = scene(1000 * seed + second, width=200)
        frames.append(np.ascontiguousarray(wide[:, place : place + 160]))
    return frames


def video(
    frames: Iterable[np.ndarray],
    *,
    times: Iterable[int] | None = None,
    rate: int = 10,
    codec: str = "libx264",
    container: str = "mp4",
    **options: str,
) -> bytes:
    """
    Encode brightness, uint8[height, width], as a video file.

    Args:
        frames: All of the same size, with even sides.
        times: When each appears, in hundredths of a second; evenly by *rate* without.
        rate: Frames in a second.
        codec: FFmpeg's name of the encoder.
        container: FFmpeg's name of the writer.
        options: Of the writer.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "video"
        with av.open(str(path), "w", format=container, options=options) as file:
            stream: Any = file.add_stream(codec, rate=rate)
            stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
            stream.time_base = stream.codec_context.time_base = Fraction(1, 100)
            spaced = times if times is not None else _even(rate)
            for luma, at in zip(frames, spaced, strict=False):
                if not stream.codec_context.is_open:
                    stream.height, stream.width = luma.shape
                if codec != "mjpeg":
                    # Limited range, as nearly all videos are.
                    luma = np.round(16 + luma * (219 / 255)).astype(np.uint8)  # noqa: PLW2901
                grey = np.full((luma.shape[0] // 2, luma.shape[1]), 128, np.uint8)
                frame = av.VideoFrame.from_ndarray(np.vstack([luma, grey]), format="yuv420p")
                frame.pts, frame.time_base = at, Fraction(1, 100)
                file.mux(stream.encode(frame))
            file.mux(stream.encode(None))
        return path.read_bytes()


def animation(format_: str, frames: int = 3) -> bytes:
    """
    An animated GIF or WebP that shows each frame for a second.
    """
    pictures = [Image.fromarray(scene(number)) for number in range(frames)]
    file = io.BytesIO()
    pictures[0].save(file, format_, save_all=True, append_images=pictures[1:], duration=1000)
    return file.getvalue()


def _even(rate: int) -> Iterator[int]:
    return (100 * number // rate for number in count())


def sound(*, with_cover: bool = False) -> bytes:
    """
    A second of silence, as MP4; with a cover picture on request.
    """
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as opened:
        stream: Any = opened.add_stream("aac", rate=44_100)
        stream.layout = "mono"
        cover: Any = None
        if with_cover:
            cover = opened.add_stream("mjpeg", rate=1)
            cover.width, cover.height, cover.pix_fmt = 160, 120, "yuvj420p"
            cover.disposition = av.stream.Disposition.attached_pic
            frame = av.VideoFrame.from_ndarray(np.stack([scene(1)] * 3, axis=2), format="rgb24")
            opened.mux(cover.encode(frame))
        for place in range(40):
            silence = av.AudioFrame.from_ndarray(
                np.zeros((1, 1024), np.float32), format="fltp", layout="mono"
            )
            silence.sample_rate, silence.pts = 44_100, place * 1024
            opened.mux(stream.encode(silence))
        opened.mux(stream.encode(None))
    return file.getvalue()


def turned(content: bytes) -> bytes:
    """
    Ask for a quarter turn, in the header of an MP4 file's track.
    """
    # Version, flags, times, number, length (24), reserved, layer, group, volume (16), the matrix.
    place = content.index(b"tkhd") + 4 + 24 + 16
    matrix = struct.pack(">9i", 0, 1 << 16, 0, -(1 << 16), 0, 0, 120 << 16, 0, 1 << 30)
    return content[:place] + matrix + content[place + len(matrix) :]


def claiming(content: bytes, frames: int) -> bytes:
    """
    Let an MP4 file say that it has so many frames, of a byte each.
    """
    changed = bytearray(content)
    sizes = content.index(b"stsz") + 8
    changed[sizes : sizes + 8] = struct.pack(">II", 1, frames)
    times = content.index(b"stts") + 8
    changed[times + 4 : times + 8] = struct.pack(">I", frames)
    chunks = content.index(b"stsc") + 12
    changed[chunks : chunks + 12] = struct.pack(">III", 1, frames, 1)
    return bytes(changed)
