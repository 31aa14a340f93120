"""
What is on display in a video, second by second.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from enum import Enum
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from tegenbeeld.errors import (
    DamagedVideo,
    EmptyFile,
    MediaError,
    VideoTooLarge,
)
from tegenbeeld.media.sources import open_file
from tegenbeeld.media.video.animations import AnimationFrames
from tegenbeeld.media.video.containers import HEAD_BYTES, container_of
from tegenbeeld.media.video.decoder import DecodedFrames
from tegenbeeld.media.video.limits import MAX_VIDEO_BYTES, VideoLimits
from tegenbeeld.media.video.planes import luma_of
from tegenbeeld.media.video.sampling import on_display

DEFAULT_LIMITS = VideoLimits()

A_SECOND_MS = 1000


class Sample(NamedTuple):
    """
    What is on display at one instant.

    Attributes:
        at_ms: In milliseconds after the first frame.
        luma: uint8[height, width], brightness, upright. The same array as that of the sample before
            where the same frame is still on display.
    """

    at_ms: int
    luma: NDArray[np.uint8]


class Ending(Enum):
    """
    Why there are no more samples.
    """

    COMPLETE = "complete"
    # Part of the file is missing or cannot be decoded.
    DAMAGED = "damaged"
    # The video is longer than is looked at.
    TOO_LONG = "too_long"
    # Decoding took all the time that it may.
    OUT_OF_TIME = "out_of_time"


class VideoSamples(AbstractContextManager["VideoSamples"]):
    """
    The samples of one video, one after another. Use it in a `with` block, and once.

    Memory does not grow with the video: one frame is held, and what its decoder needs.

    Attributes:
        ending: Why there are no more; None while there may be.
    """

    def __init__(
        self,
        source: Path | bytes | BinaryIO,
        *,
        every_ms: int = A_SECOND_MS,
        limits: VideoLimits = DEFAULT_LIMITS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.ending: Ending | None = None
        self._every_ms = every_ms
        self._limits = limits
        self._clock = clock
        self._held = ExitStack()
        with ExitStack() as opening:
            self._frames = opening.enter_context(_opened_frames(source))
            self._held = opening.pop_all()

    def __iter__(self) -> Iterator[Sample]:
        """
        Give the samples.

        Raises:
            DamagedVideo: Not one frame can be decoded.
            VideoTooLarge: A frame has more pixels than the limit.
        """
        held: Any = None
        luma: NDArray[np.uint8] | None = None
        end_ms = self._limits.seconds * A_SECOND_MS
        shown = on_display(self._limited(), every_ms=self._every_ms, end_ms=end_ms)
        for at_ms, frame in shown:
            if luma is None or frame is not held:
                held, luma = frame, _as_luma(frame)
            yield Sample(at_ms, luma)
        if luma is None:
            raise DamagedVideo(
                "Not one frame of this video can be read. It is damaged, or protected against "
                "copying. Copy or download it again, or choose another copy."
            )
        if self.ending is None:
            self.ending = Ending.TOO_LONG
        self.close()

    def _limited(self) -> Iterator[tuple[int, Any]]:
        """
        Pass frames on until a limit is met, and note why there are no more.
        """
        work_s = self._limits.work_s
        started = self._clock()
        try:
            for count, frame in enumerate(self._frames):
                if count >= self._limits.frames:
                    self.ending = Ending.TOO_LONG
                    return
                if work_s is not None and self._clock() - started > work_s:
                    self.ending = Ending.OUT_OF_TIME
                    return
                yield frame
        except (MediaError, MemoryError):
            raise
        except Exception:  # noqa: BLE001 - as in pictures.py: parsers raise whatever came of it
            self.ending = Ending.DAMAGED
            return
        damaged = isinstance(self._frames, DecodedFrames) and self._frames.is_damaged
        self.ending = Ending.DAMAGED if damaged else Ending.COMPLETE

    def close(self) -> None:
        """
        Free the decoder, and the file if it was given as a path.
        """
        self._held.close()

    def __enter__(self) -> Self:
        """
        Use it in a `with` block, which closes it.
        """
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """
        Close it.
        """
        self.close()


def read_video(
    source: Path | bytes | BinaryIO,
    *,
    every_ms: int = A_SECOND_MS,
    limits: VideoLimits = DEFAULT_LIMITS,
) -> VideoSamples:
    """
    Look at a video at even intervals.

    A file that is cut off gives what can be read of it; `ending` then says so, as it does of a
    video that is longer than is looked at.

    Args:
        source: A path, the bytes of the file, or the file, open for reading bytes and seekable.
        every_ms: How far apart the samples are.
        limits: Where to stop.

    Raises:
        UnreadableFile: There is no such file, it is a folder, or it may not be read.
        EmptyFile: The file holds no bytes.
        NotAVideo: It is of no kind that is read here, has only sound, or is a still picture.
        LockedVideo: It is encrypted against copying.
        VideoTooLarge: More bytes or pixels than the limits.
        DamagedVideo: Its header cannot be read.
        VideoSupportMissing: The extra `video` is not installed. GIF and WebP do without it.

    Source:
        spec/video.md §2.
    """
    return VideoSamples(source, every_ms=every_ms, limits=limits)


def glimpse_video(source: Path | bytes | BinaryIO, *, most: int = 12) -> list[NDArray[np.uint8]]:
    """
    Look at a few frames from all over a video, without decoding what is between them.

    Which ones is not laid down: this is for what makes no difference to a hash on a list.

    Args:
        source: As for `read_video`.
        most: How many frames, at most.

    Returns:
        uint8[height, width] each. Empty where none can be had in this way.

    Raises:
        MediaError: As for `read_video`.
    """
    with _opened_frames(source) as frames:
        try:
            return [_as_luma(frame) for frame in frames.glimpses(most)]
        except (MediaError, MemoryError):
            raise
        except Exception:  # noqa: BLE001 - as above; what is wrong shows when all is read
            return []


@contextmanager
def _opened_frames(
    source: Path | bytes | BinaryIO,
) -> Iterator[DecodedFrames | AnimationFrames]:
    if isinstance(source, Path):
        with open_file(source) as file, closing(_frames_of(file)) as frames:
            yield frames
        return
    with closing(_frames_of(BytesIO(source) if isinstance(source, bytes) else source)) as frames:
        yield frames


def _frames_of(file: BinaryIO) -> DecodedFrames | AnimationFrames:
    size = file.seek(0, 2)
    file.seek(0)
    if size == 0:
        raise EmptyFile("The file is empty. Choose another file, or copy this one again.")
    if size > MAX_VIDEO_BYTES:
        raise VideoTooLarge(
            f"The file is larger than {MAX_VIDEO_BYTES // (1024 * 1024)} MB. "
            "Make a smaller copy of the video, and use that."
        )
    container = container_of(file.read(HEAD_BYTES))
    file.seek(0)
    if not container.is_animation:
        return DecodedFrames(file, container)
    try:
        return AnimationFrames(file, container)
    except (MediaError, MemoryError):
        raise
    except Exception as error:
        raise DamagedVideo(
            "The animation is damaged: it cannot be read. Copy or download it again."
        ) from error


def _as_luma(frame: Any) -> NDArray[np.uint8]:
    return frame if isinstance(frame, np.ndarray) else luma_of(frame)
