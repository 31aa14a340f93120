"""
Animated GIF and WebP as videos: Pillow's frames with their times.
"""

from collections.abc import Iterator
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL.GifImagePlugin import GifImageFile
from PIL.Image import Image
from PIL.ImageFile import ImageFile
from PIL.WebPImagePlugin import WebPImageFile

from tegenbeeld.errors import NotAVideo
from tegenbeeld.media.colours import to_rgb
from tegenbeeld.media.video.containers import Container
from tegenbeeld.media.video.limits import check_frame

# Browsers show a frame that asks for 10 ms or less for 100 ms. Source: Chromium, Firefox, WebKit.
_SHORTEST_MS = 10
_INSTEAD_MS = 100


class AnimationFrames:
    """
    The frames of an animation, one after another.
    """

    def __init__(self, file: BinaryIO, container: Container) -> None:
        """
        Read the header.

        Raises:
            NotAVideo: It is a still picture.
            VideoTooLarge: It has more pixels than the limit.
        """
        reader = GifImageFile if container is Container.GIF else WebPImageFile
        self._image: ImageFile = reader(file)
        check_frame(*self._image.size)
        if not getattr(self._image, "is_animated", False):
            raise NotAVideo("This is a picture that does not move. Use it as a picture.")

    def __iter__(self) -> Iterator[tuple[int, NDArray[np.uint8]]]:
        """
        Give when each frame appears, in milliseconds, and its brightness, uint8[height, width].
        """
        at_ms = 0
        for place in _counting():
            try:
                self._image.seek(place)
            except EOFError:
                return
            self._image.load()
            yield at_ms, np.asarray(to_rgb(self._image).convert("L"))
            at_ms += _shown_ms(self._image.info.get("duration", 0))

    def glimpses(self, most: int) -> Iterator[NDArray[np.uint8]]:
        """
        Give the first frames.

        Args:
            most: How many, at most.
        """
        for _, (_, frame) in zip(range(most), self, strict=False):
            yield frame

    def close(self) -> None:
        """
        Free what Pillow holds. The file stays open: it is the caller's.
        """
        Image.close(self._image)


def _counting() -> Iterator[int]:
    place = 0
    while True:
        yield place
        place += 1


def _shown_ms(duration: object) -> int:
    shown = int(duration) if isinstance(duration, int | float) else 0
    return shown if shown > _SHORTEST_MS else _INSTEAD_MS
