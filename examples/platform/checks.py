"""
Does an upload match something on the list?
"""

from pathlib import Path

from tegenbeeld.kit import Match, Matcher, PictureTooPoor, PictureTooSmall, Store

# What browsers show, told from the first bytes. Moving pictures are left out to keep this small:
# the kit takes GIF and WebP for videos, and of a moving PNG looks at a few frames only.
CONTENT_TYPES = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\x1a\x45\xdf\xa3": "video/webm",
}

# Files of the family of MP4 that hold still pictures, such as HEIC.
STILL_BRANDS = (b"he", b"mi", b"ms", b"av")


class Checks:
    """
    The list, ready to be asked.
    """

    def __init__(self, store: Store) -> None:
        # One matcher for all threads. It notices by itself when the list has changed.
        self._matcher = Matcher(store)

    def matches(self, picture: bytes) -> list[Match]:
        """
        Say which listed pictures this one is a copy of, nearest first.

        Raises:
            MediaError: The bytes cannot be read as a picture; the message can be shown.
        """
        try:
            return self._matcher.match_picture(picture)
        except (PictureTooSmall, PictureTooPoor):
            # Too small or too plain to be recognised: a hash of it would also match other
            # pictures. Each platform decides for itself; this one lets such pictures through.
            return []

    def video_matches(self, video: Path) -> list[Match]:
        """
        Say which listed videos this one is a copy of, and which listed photos it shows.

        Raises:
            MediaError: The file cannot be read as a video; the message can be shown.
            SandboxError: It cannot be looked at just now.
        """
        return self._matcher.match_video(video)


def content_type(picture: bytes) -> str | None:
    """
    The type to serve a picture or video as, or None for a kind that is not taken here.

    Never what the browser that uploaded them claims: it may claim anything.
    """
    if is_moving(picture):
        return None
    for start, name in CONTENT_TYPES.items():
        if picture.startswith(start):
            return name
    if picture[:4] == b"RIFF" and picture[8:12] == b"WEBP":
        return "image/webp"
    if picture[4:8] == b"ftyp" and not picture[8:12].startswith(STILL_BRANDS):
        return "video/mp4"
    return None


def is_moving(picture: bytes) -> bool:
    """
    Whether a PNG or WebP says of itself that it has more than one frame.
    """
    if picture[12:16] == b"VP8X":
        return bool(picture[20:21] > b"" and picture[20] & 0x02)
    pixels = picture.find(b"IDAT")
    return pixels > 0 and b"acTL" in picture[:pixels]
