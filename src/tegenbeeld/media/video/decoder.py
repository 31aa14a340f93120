"""
The frames of a video file, decoded by FFmpeg through PyAV: the extra `video`.

What comes here may have been made to do harm. The reader is named, not guessed; nothing but the
file that was given can be opened; decoders are on a list; all work is done in one thread; sound and
subtitles are never decoded.
"""

import contextlib
from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any, BinaryIO

from tegenbeeld.errors import DamagedVideo, LockedVideo, NotAVideo, VideoSupportMissing
from tegenbeeld.media.video.containers import Container
from tegenbeeld.media.video.limits import MAX_FRAME_PIXELS, check_frame
from tegenbeeld.media.video.locks import is_locked
from tegenbeeld.media.video.sampling import milliseconds

if TYPE_CHECKING:
    from av import VideoFrame
    from av.container import InputContainer
    from av.video.stream import VideoStream

# FFmpeg's names of the decoders that may run.
_DECODERS = (
    *("h264", "hevc", "vp8", "vp9", "libdav1d", "av1"),
    *("mpeg4", "h263", "mpeg2video", "mjpeg"),
)

_CONTAINER_OPTIONS = {
    # The file is handed over open. No other file and no address may be.
    "protocol_whitelist": "none",
    "format_whitelist": "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts",
    # Also while the library looks for what is in the file.
    "codec_whitelist": ",".join(_DECODERS),
    "probesize": str(5 * 1024 * 1024),
    "analyzeduration": str(5 * 1_000_000),
}

# Where a file says nothing of when a frame appears or of how many there are in a second.
_SUPPOSED_RATE = Fraction(25)

_TICKS_A_SECOND = 1_000_000

# Up to here, a video is decoded as a whole for a few glimpses of it.
_SHORT_MS = 60_000

# What may be missing at the end before a file counts as cut off: the last frame's own time, and
# what different programs round.
_SLACK_MS = 2_000


class DecodedFrames:
    """
    The frames of the first video stream, in the order in which they are shown.

    Attributes:
        is_damaged: Something of what has been read so far could not be decoded.
    """

    def __init__(self, file: BinaryIO, container: Container) -> None:
        """
        Read the header.

        Args:
            file: Open, at its start, seekable. Stays open.
            container: What kind of file it is.

        Raises:
            VideoSupportMissing: PyAV is not installed.
            NotAVideo: There is no video stream, or none that can be decoded here.
            DamagedVideo: The header cannot be read.
            LockedVideo: The file is encrypted.
            VideoTooLarge: Frames have more pixels than the limit, or too few.
        """
        self._av = _library()
        self.is_damaged = False
        self._read_ms = 0
        self._untimed = -1
        if container is Container.MP4 and is_locked(file):
            raise LockedVideo(
                "This video is protected against copying and cannot be read. "
                "Use a file without such protection, such as the one from the camera."
            )
        self._file = self._open(file, container)
        try:
            self._stream = self._first_video()
        except BaseException:
            self._file.close()
            raise

    def _open(self, file: BinaryIO, container: Container) -> "InputContainer":
        try:
            opened: InputContainer = self._av.open(
                file,
                "r",
                format=container.value,
                container_options=_CONTAINER_OPTIONS,
                metadata_errors="ignore",
            )
        except (self._av.FFmpegError, ValueError, OverflowError) as error:
            raise _damaged() from error
        return opened

    def _first_video(self) -> "VideoStream":
        pictures = self._av.stream.Disposition.attached_pic
        # The cover of a song is a video stream to the library.
        streams = [one for one in self._file.streams.video if not one.disposition & pictures]
        if not streams:
            raise NotAVideo("This file has no moving pictures in it, only sound. Choose a video.")
        stream = streams[0]
        # Without a decoder there is no context, whatever the library's types say.
        context: Any = stream.codec_context
        if context is None or context.codec.name not in _DECODERS:
            raise NotAVideo(
                "This video is of a kind that cannot be read here. "
                "Save it as MP4 (H.264), and use that."
            )
        if context.width and context.height:
            check_frame(context.width, context.height)
        context.thread_type = "NONE"
        context.thread_count = 1
        context.options = {"max_pixels": str(MAX_FRAME_PIXELS)}
        return stream

    def __iter__(self) -> Iterator[tuple[int, "VideoFrame"]]:
        """
        Give when each frame appears, in milliseconds after the first, and the frame.

        What cannot be decoded is left out, and noted.
        """
        first: int | None = None
        for frame in self._decoded():
            check_frame(frame.width, frame.height)
            ticks, base = self._appears(frame)
            first = ticks if first is None else first
            self._read_ms = max(self._read_ms, milliseconds(ticks - first, base))
            yield milliseconds(ticks - first, base), frame
        if self._read_ms + _SLACK_MS < self._claimed_ms():
            self.is_damaged = True

    def glimpses(self, most: int) -> Iterator["VideoFrame"]:
        """
        Give frames from all over the video, cheaply: those that can be decoded by themselves.

        Args:
            most: How many, at most. Fewer where the file cannot be entered in the middle.
        """
        if self._claimed_ms() <= _SHORT_MS:
            yield from self._spread(most)
            return
        for place in range(most):
            try:
                self._file.seek(self._length_ticks() * place // most, stream=self._stream)
                frame = next(self._decoded(), None)
            except self._av.FFmpegError:
                return
            if frame is None:
                return
            check_frame(frame.width, frame.height)
            yield frame

    def _spread(self, most: int) -> Iterator["VideoFrame"]:
        """
        Give frames of a short video, in which too few can be decoded by themselves.
        """
        step_ms = max(1, min(self._claimed_ms() or _SHORT_MS, _SHORT_MS) // most)
        wanted_ms, given = 0, 0
        for at_ms, frame in self:
            if at_ms > _SHORT_MS or given >= most:
                return
            if at_ms >= wanted_ms:
                yield frame
                wanted_ms += step_ms
                given += 1

    def _length_ticks(self) -> int:
        if self._stream.duration:
            return self._stream.duration
        base = self._stream.time_base
        if not self._file.duration or not base:
            return 0
        return int(Fraction(self._file.duration, _TICKS_A_SECOND) / base)

    def close(self) -> None:
        """
        Free what the library holds.
        """
        self._file.close()

    def _decoded(self) -> Iterator["VideoFrame"]:
        packets = self._file.demux(self._stream)
        while True:
            try:
                packet = next(packets, None)
                if packet is None:
                    return
            except self._av.FFmpegError:
                # The rest of the file cannot be read. What the decoder still holds can.
                self.is_damaged = True
                packet = None
            try:
                yield from self._stream.decode(packet)
            except self._av.FFmpegError:
                self.is_damaged = True
            if packet is None:
                return

    def _appears(self, frame: "VideoFrame") -> tuple[int, Fraction]:
        base = frame.time_base or self._stream.time_base or 1 / _SUPPOSED_RATE
        if frame.pts is not None:
            return frame.pts, base
        if frame.dts is not None:
            return frame.dts, base
        rate = self._stream.average_rate or _SUPPOSED_RATE
        self._untimed += 1
        return self._untimed, 1 / rate

    def _claimed_ms(self) -> int:
        base = self._stream.time_base
        return milliseconds(self._length_ticks(), base) if base else 0


def prepare() -> None:
    """
    Import all that decoding needs, where it is installed: in the sandbox that is done beforehand.
    """
    with contextlib.suppress(VideoSupportMissing):
        _library()


def _library() -> Any:
    """
    Import PyAV when it is needed: platforms that match no videos do without it.
    """
    try:
        import av
        import av.stream

        # What the library itself imports when it meets a file; in the sandbox that is too late.
        import av.subtitles.stream
    except ImportError as error:
        raise VideoSupportMissing(
            "Videos cannot be read yet. Install what is missing: pip install 'tegenbeeld[video]'."
        ) from error
    return av


def _damaged() -> DamagedVideo:
    return DamagedVideo(
        "The video is damaged: its header cannot be read. "
        "Copy or download it again, or choose another copy."
    )
