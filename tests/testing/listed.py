"""
Entries of a list, made from videos and photos that the test makes itself.
"""

import numpy as np
from PIL import Image

from tegenbeeld import pdq
from tegenbeeld.kit import Entry, Provenance, SignalType
from tegenbeeld.kit.videos import hash_video
from tegenbeeld.wire.video import encode_frames


def listed_video(content: bytes, number: int = 1) -> Entry:
    """
    An entry whose id is a number.
    """
    hashed = hash_video(content)
    return Entry(
        f"{number:032x}",
        SignalType.VPDQ,
        bytes.fromhex(hashed.md5),
        Provenance.SELF,
        encode_frames(hashed.frames),
    )


def listed_photo(luma: np.ndarray, number: int = 1) -> Entry:
    """
    The same of a photo: uint8[height, width].
    """
    hash_ = pdq.hash_rgb(luma).hash.value
    return Entry(f"{number:032x}", SignalType.PDQ, hash_, Provenance.SELF)


def smaller(frames: list[np.ndarray]) -> list[np.ndarray]:
    """
    The frames of a copy at three quarters of the size.
    """
    height, width = frames[0].shape
    size = (width * 3 // 4 // 2 * 2, height * 3 // 4 // 2 * 2)
    return [np.asarray(Image.fromarray(frame).resize(size)) for frame in frames]
