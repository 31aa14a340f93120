"""
Which kinds of video file are read, told from the first bytes and never from a file's name.

The reader is then named to the library. Left to guess, it would try kinds of file that name other
files and addresses, such as playlists.
"""

from enum import Enum

from tegenbeeld.errors import NotAVideo

HEAD_BYTES = 1024
"""
How many bytes from the start tell the kind.
"""


class Container(Enum):
    """
    A kind of video file; the value is the name of FFmpeg's reader for it.
    """

    MP4 = "mov"
    MATROSKA = "matroska"
    AVI = "avi"
    MPEG_TS = "mpegts"
    GIF = "gif"
    WEBP = "webp"

    @property
    def is_animation(self) -> bool:
        """
        Tell whether Pillow reads it: a picture that moves.
        """
        return self in (Container.GIF, Container.WEBP)


# A box that an MP4 or MOV file may begin with. Source: ISO/IEC 14496-12; QuickTime File Format.
_MP4_BOXES = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")
# A file of the same family that holds still pictures. Source: spec/pdq.md §2.
_PICTURE_BRANDS = (
    *(b"avif", b"avis", b"heic", b"heix", b"heim", b"heis"),
    *(b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"),
)
# Source: RFC 8794 §11.2.1 for Matroska and WebM.
_STARTS = {
    b"\x1a\x45\xdf\xa3": Container.MATROSKA,
    b"GIF87a": Container.GIF,
    b"GIF89a": Container.GIF,
}
# Source: ISO/IEC 13818-1 §2.4.3. Discs and cameras put four bytes of time before each packet.
_TS_SYNC = 0x47
_TS_LAYOUTS = ((0, 188), (4, 192))
_TS_PACKETS = 3
# Source: WebP container specification, "Extended File Format": bit 1 of the flags is animation.
_WEBP_ANIMATED = 0x02


def container_of(head: bytes) -> Container:
    """
    Tell the kind of a file.

    Args:
        head: Its first `HEAD_BYTES` bytes, or all of a shorter one.

    Raises:
        NotAVideo: The bytes start like none of the kinds.
    """
    found = _container_of(head)
    if found is None:
        raise NotAVideo(
            "This is not a video that can be read here. Use an MP4, MOV, WebM or MKV file."
        )
    return found


def is_video(head: bytes) -> bool:
    """
    Tell whether a file is to be read as a video rather than as a picture.

    A GIF counts as one: whether it moves shows only when it is read.
    """
    return _container_of(head) is not None


def _container_of(head: bytes) -> Container | None:
    if head[4:8] in _MP4_BOXES:
        is_picture = head[4:8] == b"ftyp" and head[8:12] in _PICTURE_BRANDS
        return None if is_picture else Container.MP4
    for start, container in _STARTS.items():
        if head.startswith(start):
            return container
    if head[:4] == b"RIFF":
        return _riff_kind(head)
    if any(_is_transport_stream(head, *layout) for layout in _TS_LAYOUTS):
        return Container.MPEG_TS
    return None


def _riff_kind(head: bytes) -> Container | None:
    if head[8:12] == b"AVI ":
        return Container.AVI
    is_animated = head[8:16] == b"WEBPVP8X" and bool(head[20:21]) and head[20] & _WEBP_ANIMATED
    return Container.WEBP if is_animated else None


def _is_transport_stream(head: bytes, first: int, step: int) -> bool:
    marks = head[first : first + step * _TS_PACKETS : step]
    return len(marks) == _TS_PACKETS and set(marks) == {_TS_SYNC}
